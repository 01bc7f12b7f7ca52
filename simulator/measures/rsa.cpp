#include "measures/rsa.hpp"

#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

void check_lengths(const arma::vec &a, const arma::vec &b) {
  if (a.n_elem != b.n_elem)
    throw std::invalid_argument("RDMs of " + std::to_string(a.n_elem) + " and " + std::to_string(b.n_elem) + " pairs");
}

// Calls compare(a, b) with the pairs that both have.
template <class Compare> double of_shared_pairs(const arma::vec &a, const arma::vec &b, Compare &&compare) {
  check_lengths(a, b);
  if (!a.has_nan() && !b.has_nan()) return a.n_elem < 2 ? unknown : compare(a, b);
  std::vector<arma::uword> shared;
  for (std::size_t k = 0; k < a.n_elem; ++k)
    if (!std::isnan(a[k]) && !std::isnan(b[k])) shared.push_back(k);
  if (shared.size() < 2) return unknown;
  const arma::uvec kept(shared);
  return compare(arma::vec(a(kept)), arma::vec(b(kept)));
}

// The distance to the first entry is exactly 0 in a constant vector, and so is what is left after its mean.
arma::vec centred(const arma::vec &x) {
  const arma::vec off = x - x[0];
  return off - arma::mean(off);
}

double cosine_of(const arma::vec &a, const arma::vec &b) {
  const double lengths = arma::norm(a) * arma::norm(b);
  return lengths > 0 ? std::clamp(arma::dot(a, b) / lengths, -1.0, 1.0) : unknown;
}

std::int64_t pairs_of(std::int64_t n) { return n * (n - 1) / 2; }

// Pairs of equal neighbours in a sorted range.
template <class T, class Equal> std::int64_t ties(const std::vector<T> &sorted, Equal &&equal) {
  std::int64_t count = 0;
  std::size_t first = 0;
  for (std::size_t k = 1; k <= sorted.size(); ++k)
    if (k == sorted.size() || !equal(sorted[first], sorted[k])) {
      count += pairs_of(static_cast<std::int64_t>(k - first));
      first = k;
    }
  return count;
}

// Sorts x by merging, and counts the pairs that stood in descending order.
std::int64_t inversions(std::vector<double> &x) {
  std::vector<double> merged(x.size());
  std::int64_t count = 0;
  for (std::size_t width = 1; width < x.size(); width *= 2) {
    for (std::size_t first = 0; first < x.size(); first += 2 * width) {
      const std::size_t middle = std::min(first + width, x.size()), last = std::min(first + 2 * width, x.size());
      std::size_t left = first, right = middle;
      for (std::size_t k = first; k < last; ++k)
        if (right == last || (left < middle && x[left] <= x[right])) {
          merged[k] = x[left++];
        } else {
          merged[k] = x[right++];
          count += static_cast<std::int64_t>(middle - left);
        }
    }
    x.swap(merged);
  }
  return count;
}

struct Kendall {
  double difference = 0;                      // concordant − discordant pairs
  double all = 0, untied_a = 0, untied_b = 0; // pairs
};

Kendall kendall(const arma::vec &a, const arma::vec &b) {
  std::vector<std::pair<double, double>> sorted(a.n_elem);
  for (std::size_t k = 0; k < a.n_elem; ++k) sorted[k] = {a[k], b[k]};
  std::sort(sorted.begin(), sorted.end());
  using Pair = std::pair<double, double>;
  const auto all = pairs_of(static_cast<std::int64_t>(a.n_elem));
  const auto tied_a = ties(sorted, [](const Pair &x, const Pair &y) { return x.first == y.first; });
  const auto tied_both = ties(sorted, [](const Pair &x, const Pair &y) { return x == y; });
  std::vector<double> second(a.n_elem);
  for (std::size_t k = 0; k < a.n_elem; ++k) second[k] = sorted[k].second;
  const auto discordant = inversions(second);
  const auto tied_b = ties(second, [](double x, double y) { return x == y; });
  Kendall out;
  out.difference = static_cast<double>(all - tied_a - tied_b + tied_both - 2 * discordant);
  out.all = static_cast<double>(all);
  out.untied_a = static_cast<double>(all - tied_a);
  out.untied_b = static_cast<double>(all - tied_b);
  return out;
}

double inner(const arma::vec &a, const arma::vec &b) { // of the pairs that both have
  double sum = 0;
  for (std::size_t k = 0; k < a.n_elem; ++k)
    if (!std::isnan(a[k]) && !std::isnan(b[k])) sum += a[k] * b[k];
  return sum;
}

arma::vec z_scored(arma::vec x) {
  double mean = 0, square = 0, count = 0;
  for (const double v : x)
    if (!std::isnan(v)) {
      mean += v;
      ++count;
    }
  mean /= count;
  for (const double v : x)
    if (!std::isnan(v)) square += (v - mean) * (v - mean);
  return (x - mean) / std::sqrt(square / count);
}

// Ranks, spread over as many as there are pairs where some are missing. Those of all pairs are halves of whole numbers,
// so that means over subjects which are equal stay equal to the bit: ranked again, they share a rank.
arma::vec even_ranks(const arma::vec &x) {
  const arma::vec ranks = average_ranks(x);
  const auto all = static_cast<double>(x.n_elem),
             there = all - static_cast<double>(arma::uvec(arma::find_nan(x)).n_elem);
  if (there == all) return ranks;
  return (ranks - 0.5) * (all / there) + 0.5;
}

arma::vec on_one_scale(const arma::vec &x, const RdmSimilarity &how) {
  switch (how.comparison) {
  case RdmComparison::pearson:
    return z_scored(x);
  case RdmComparison::spearman:
  case RdmComparison::kendall_tau_a:
  case RdmComparison::kendall_tau_b:
    return even_ranks(x);
  case RdmComparison::cosine: {
    const auto count = static_cast<double>(x.n_elem - arma::uvec(arma::find_nan(x)).n_elem);
    return x / std::sqrt(inner(x, x) / count);
  }
  case RdmComparison::whitened_cosine:
    return x / std::sqrt(inner(x, how.whitening(x)));
  case RdmComparison::whitened_pearson: {
    const arma::vec off = x - arma::mean(x(arma::find_finite(x)));
    return off / std::sqrt(inner(off, how.whitening(off)));
  }
  }
  throw std::invalid_argument("unknown comparison of RDMs");
}

// Mean over the columns that are not `left_out`, of each row over the columns that have it.
arma::vec mean_of_columns(const arma::mat &x, std::size_t left_out) {
  arma::vec sum(x.n_rows, arma::fill::zeros), count(x.n_rows, arma::fill::zeros);
  for (std::size_t s = 0; s < x.n_cols; ++s) {
    if (s == left_out) continue;
    for (std::size_t k = 0; k < x.n_rows; ++k)
      if (!std::isnan(x.at(k, s))) {
        sum[k] += x.at(k, s);
        ++count[k];
      }
  }
  return sum / count; // 0 / 0 is NaN
}

arma::mat all_on_one_scale(const arma::mat &subjects, const RdmSimilarity &how) {
  arma::mat scaled(arma::size(subjects));
  for (std::size_t s = 0; s < subjects.n_cols; ++s) scaled.col(s) = on_one_scale(subjects.col(s), how);
  return scaled;
}

} // namespace

double pearson(const arma::vec &a, const arma::vec &b) {
  return of_shared_pairs(a, b,
                         [](const arma::vec &x, const arma::vec &y) { return cosine_of(centred(x), centred(y)); });
}

double spearman(const arma::vec &a, const arma::vec &b) {
  return of_shared_pairs(a, b, [](const arma::vec &x, const arma::vec &y) {
    return cosine_of(centred(average_ranks(x)), centred(average_ranks(y)));
  });
}

double kendall_tau_a(const arma::vec &a, const arma::vec &b) {
  return of_shared_pairs(a, b, [](const arma::vec &x, const arma::vec &y) {
    const auto k = kendall(x, y);
    return k.untied_a > 0 && k.untied_b > 0 ? k.difference / k.all : unknown;
  });
}

double kendall_tau_b(const arma::vec &a, const arma::vec &b) {
  return of_shared_pairs(a, b, [](const arma::vec &x, const arma::vec &y) {
    const auto k = kendall(x, y);
    const bool spread = k.untied_a > 0 && k.untied_b > 0;
    return spread ? std::clamp(k.difference / std::sqrt(k.untied_a) / std::sqrt(k.untied_b), -1.0, 1.0) : unknown;
  });
}

double cosine_similarity(const arma::vec &a, const arma::vec &b) {
  return of_shared_pairs(a, b, [](const arma::vec &x, const arma::vec &y) { return cosine_of(x, y); });
}

double whitened_cosine(const arma::vec &a, const arma::vec &b, const RdmWhitening &whitening) {
  check_lengths(a, b);
  arma::vec x = a, y = b;
  std::size_t left = 0;
  for (std::size_t k = 0; k < x.n_elem; ++k)
    if (std::isnan(x[k]) || std::isnan(y[k]))
      x[k] = y[k] = unknown;
    else
      ++left;
  const arma::vec wx = whitening(x), wy = whitening(y);
  const double lengths = std::sqrt(inner(x, wx)) * std::sqrt(inner(y, wy));
  return left >= 2 && lengths > 0 ? std::clamp(inner(x, wy) / lengths, -1.0, 1.0) : unknown;
}

double whitened_pearson(const arma::vec &a, const arma::vec &b, const RdmWhitening &whitening) {
  check_lengths(a, b);
  arma::vec x = a, y = b;
  const arma::uvec there = arma::find_finite(a + b);
  if (there.n_elem < 2) return unknown;
  x -= arma::mean(x(there));
  y -= arma::mean(y(there));
  return whitened_cosine(x, y, whitening);
}

double rdm_similarity(const arma::vec &a, const arma::vec &b, const RdmSimilarity &how) {
  switch (how.comparison) {
  case RdmComparison::pearson:
    return pearson(a, b);
  case RdmComparison::spearman:
    return spearman(a, b);
  case RdmComparison::kendall_tau_a:
    return kendall_tau_a(a, b);
  case RdmComparison::kendall_tau_b:
    return kendall_tau_b(a, b);
  case RdmComparison::cosine:
    return cosine_similarity(a, b);
  case RdmComparison::whitened_cosine:
    return whitened_cosine(a, b, how.whitening);
  case RdmComparison::whitened_pearson:
    return whitened_pearson(a, b, how.whitening);
  }
  throw std::invalid_argument("unknown comparison of RDMs");
}

arma::vec average_ranks(const arma::vec &x) {
  std::vector<std::pair<double, std::size_t>> sorted;
  sorted.reserve(x.n_elem);
  for (std::size_t k = 0; k < x.n_elem; ++k)
    if (!std::isnan(x[k])) sorted.emplace_back(x[k], k);
  std::sort(sorted.begin(), sorted.end());
  arma::vec ranks(x.n_elem);
  ranks.fill(unknown);
  for (std::size_t first = 0, last = 0; first < sorted.size(); first = last) {
    while (last < sorted.size() && sorted[last].first == sorted[first].first) ++last;
    const double rank = 0.5 * static_cast<double>(first + 1 + last);
    for (std::size_t k = first; k < last; ++k) ranks[sorted[k].second] = rank;
  }
  return ranks;
}

arma::vec pooled_rdm(const arma::mat &subjects, const RdmSimilarity &how) {
  return mean_of_columns(all_on_one_scale(subjects, how), subjects.n_cols);
}

NoiseCeiling noise_ceiling(const arma::mat &subjects, const RdmSimilarity &how) {
  if (subjects.n_cols < 2)
    throw NotApplicable("noise ceiling: " + std::to_string(subjects.n_cols) + " subjects, at least 2 are needed");
  const arma::mat scaled = all_on_one_scale(subjects, how);
  const arma::vec all = mean_of_columns(scaled, subjects.n_cols);
  NoiseCeiling ceiling;
  for (std::size_t s = 0; s < subjects.n_cols; ++s) {
    ceiling.lower += rdm_similarity(mean_of_columns(scaled, s), subjects.col(s), how);
    ceiling.upper += rdm_similarity(all, subjects.col(s), how);
  }
  ceiling.lower /= static_cast<double>(subjects.n_cols);
  ceiling.upper /= static_cast<double>(subjects.n_cols);
  return ceiling;
}

} // namespace engram::measures
