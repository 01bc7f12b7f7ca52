#include "measures/reliability.hpp"

#include "measures/correlation.hpp"
#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

void require_repeats(const arma::cube &responses) {
  if (responses.n_rows < 2 || responses.n_slices < 2)
    throw NotApplicable("reliability needs two conditions and two repeats");
  if (!responses.is_finite()) throw NotApplicable("responses that are not finite");
}

void require_prediction(const arma::cube &responses, const arma::mat &predicted) {
  if (predicted.n_rows != responses.n_rows || predicted.n_cols != responses.n_cols)
    throw std::invalid_argument("a prediction of another shape than the responses");
  if (!predicted.is_finite()) throw NotApplicable("a prediction that is not finite");
}

// Variance over conditions of each column.
arma::vec variance(const arma::mat &x) { return arma::var(x, 0, 0).t(); }

using Split = std::vector<std::size_t>; // the first half, then the second

// The ways to split an even number of repeats in two, in lexicographic order: the first half always holds repeat 0.
std::vector<Split> all_splits(std::size_t repeats) {
  const std::size_t half = repeats / 2;
  std::vector<Split> out;
  Split first(half); // rising
  std::iota(first.begin(), first.end(), std::size_t{0});
  while (true) {
    Split split = first;
    for (std::size_t r = 0; r < repeats; ++r)
      if (!std::binary_search(first.begin(), first.end(), r)) split.push_back(r);
    out.push_back(std::move(split));
    // The last place that can rise does, and those after it follow on.
    std::size_t place = half - 1;
    while (place > 0 && first[place] == repeats - half + place) --place;
    if (place == 0) return out;
    std::iota(first.begin() + static_cast<std::ptrdiff_t>(place), first.end(), first[place] + 1);
  }
}

// R! / ((h!)² 2 (R − 2h)!) with h = ⌊R/2⌋: how many ways there are.
double count_of_splits(std::size_t repeats) {
  const auto r = static_cast<double>(repeats), half = std::floor(r / 2);
  return std::round(std::exp(std::lgamma(r + 1) - 2 * std::lgamma(half + 1) - std::lgamma(r - 2 * half + 1)) / 2);
}

std::vector<Split> splits_of(std::size_t repeats, std::size_t splits, std::uint64_t seed) {
  std::vector<Split> out;
  if (count_of_splits(repeats) > static_cast<double>(splits)) {
    const numeric::Random random{seed, numeric::Purpose::resample, numeric::name_key("halves")};
    for (std::size_t k = 0; k < splits; ++k) out.push_back(numeric::permutation(random, repeats, k));
    return out;
  }
  if (repeats % 2 == 0) return all_splits(repeats);
  for (std::size_t without = 0; without < repeats; ++without)
    for (auto split : all_splits(repeats - 1)) {
      for (auto &r : split) r += r >= without ? 1 : 0;
      out.push_back(split);
    }
  return out;
}

} // namespace

arma::mat mean_response(const arma::cube &responses) { return arma::mean(responses, 2); }

double spearman_brown(double r, double length) {
  const double divisor = 1 + (length - 1) * r;
  return divisor > 0 ? length * r / divisor : unknown;
}

arma::vec split_half_reliability(const arma::cube &responses, std::size_t splits, std::uint64_t seed) {
  require_repeats(responses);
  if (splits == 0) throw std::invalid_argument("split-half reliability needs one split at least");
  const std::size_t repeats = responses.n_slices, half = repeats / 2;
  const auto ways = splits_of(repeats, splits, seed);
  arma::vec sum(responses.n_cols, arma::fill::zeros);
  for (const auto &split : ways) {
    arma::mat first = responses.slice(split[0]), second = responses.slice(split[half]);
    for (std::size_t k = 1; k < half; ++k) {
      first += responses.slice(split[k]);
      second += responses.slice(split[half + k]);
    }
    sum += column_correlations(first, second);
  }
  sum /= static_cast<double>(ways.size());
  const double length = static_cast<double>(repeats) / static_cast<double>(half);
  return sum.transform([&](double r) { return spearman_brown(r, length); });
}

ResponsePower response_power(const arma::cube &responses) {
  require_repeats(responses);
  const auto repeats = static_cast<double>(responses.n_slices);
  arma::vec total(responses.n_cols, arma::fill::zeros);
  for (arma::uword r = 0; r < responses.n_slices; ++r) total += variance(responses.slice(r));
  total /= repeats;
  ResponsePower out;
  out.signal = (repeats * variance(mean_response(responses)) - total) / (repeats - 1);
  out.noise = total - out.signal;
  out.explainable = out.signal / total;
  return out;
}

arma::vec explained_of_explainable(const arma::cube &responses, const arma::mat &predicted) {
  require_repeats(responses);
  require_prediction(responses, predicted);
  const arma::uword neurons = responses.n_cols;
  const auto conditions = static_cast<double>(responses.n_rows), repeats = static_cast<double>(responses.n_slices);
  const arma::mat mean = mean_response(responses);
  const arma::rowvec middle = arma::mean(mean, 0);
  arma::rowvec within(neurons, arma::fill::zeros), total = within, error = within;
  for (arma::uword r = 0; r < responses.n_slices; ++r) {
    const arma::mat &trial = responses.slice(r);
    within += arma::sum(arma::square(trial - mean), 0);
    total += arma::sum(arma::square(trial.each_row() - middle), 0);
    error += arma::sum(arma::square(trial - predicted), 0);
  }
  const arma::rowvec noise = within / (conditions * (repeats - 1));
  const arma::rowvec explainable = total / (conditions * repeats) - noise;
  arma::vec out = (1 - (error / (conditions * repeats) - noise) / explainable).t();
  for (arma::uword n = 0; n < neurons; ++n)
    if (!(explainable[n] > 0)) out[n] = unknown;
  return out;
}

NormalizedCorrelation normalized_correlation(const arma::cube &responses, const arma::mat &predicted) {
  require_prediction(responses, predicted);
  const auto power = response_power(responses);
  const arma::mat mean = mean_response(responses);
  NormalizedCorrelation out;
  out.absolute = column_correlations(mean, predicted);
  out.maximum = power.signal / variance(mean);
  out.maximum.transform([](double share) { return share > 0 ? std::sqrt(share) : unknown; });
  out.normalized = out.absolute / out.maximum;
  return out;
}

arma::vec psth_correlation(const arma::cube &a, const arma::cube &b) {
  if (a.n_rows < 2 || a.n_slices < 1 || b.n_slices < 1)
    throw NotApplicable("a correlation of histograms needs two time bins and one repeat");
  if (!a.is_finite() || !b.is_finite()) throw NotApplicable("responses that are not finite");
  return column_correlations(mean_response(a), mean_response(b));
}

arma::mat signal_correlation(const arma::cube &responses) {
  require_repeats(responses);
  return correlation_matrix(mean_response(responses));
}

arma::mat noise_correlation(const arma::cube &responses, NoisePooling pooling) {
  require_repeats(responses);
  const arma::uword conditions = responses.n_rows, neurons = responses.n_cols, repeats = responses.n_slices;
  arma::mat trials(conditions * repeats, neurons);
  for (arma::uword n = 0; n < neurons; ++n) {
    arma::mat left(repeats, conditions);
    for (arma::uword r = 0; r < repeats; ++r) left.row(r) = responses.slice(r).col(n).t();
    left = centred_columns(left); // exactly 0 where the response is constant
    if (pooling == NoisePooling::z_scored) left = arma::normalise(left);
    trials.col(n) = arma::vectorise(left);
  }
  return correlation_matrix(trials);
}

} // namespace engram::measures
