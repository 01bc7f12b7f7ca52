#include "measures/reliability.hpp"

#include "measures/correlation.hpp"
#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

constexpr std::size_t fewest_correlated = 3; // over two conditions a correlation is 1 or -1

void require_repeats(const arma::cube &responses) {
  if (responses.n_rows < 2 || responses.n_slices < 2)
    throw NotApplicable("reliability needs two conditions and two repeats");
  if (responses.has_inf()) throw NotApplicable("responses that are not finite");
}

void require_complete(const arma::cube &responses) {
  require_repeats(responses);
  if (responses.has_nan()) throw NotApplicable("responses of which some are missing");
}

// Neurons with and without all of their responses.
struct Completeness {
  std::vector<arma::uword> complete, incomplete;
};

Completeness completeness(const arma::cube &responses) {
  Completeness out;
  for (arma::uword n = 0; n < responses.n_cols; ++n) {
    bool missing = false;
    for (arma::uword r = 0; r < responses.n_slices && !missing; ++r) missing = responses.slice(r).col(n).has_nan();
    (missing ? out.incomplete : out.complete).push_back(n);
  }
  return out;
}

arma::cube of_neurons(const arma::cube &responses, const std::vector<arma::uword> &which) {
  arma::cube out(responses.n_rows, which.size(), responses.n_slices);
  for (std::size_t k = 0; k < which.size(); ++k) out.col(k) = responses.col(which[k]);
  return out;
}

// Of one neuron: the repeats that are there, of the conditions that have two at least. Each with its repeat.
struct Repeated {
  std::vector<std::vector<std::pair<std::size_t, double>>> conditions;
};

Repeated repeated(const arma::cube &responses, arma::uword neuron) {
  Repeated out;
  for (arma::uword c = 0; c < responses.n_rows; ++c) {
    std::vector<std::pair<std::size_t, double>> there;
    for (arma::uword r = 0; r < responses.n_slices; ++r)
      if (const double x = responses(c, neuron, r); !std::isnan(x)) there.emplace_back(r, x);
    if (there.size() >= 2) out.conditions.push_back(std::move(there));
  }
  return out;
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

std::vector<Split> random_orders(std::size_t repeats, std::size_t count, std::uint64_t seed) {
  std::vector<Split> out;
  const numeric::Random random{seed, numeric::Purpose::resample, numeric::name_key("halves")};
  for (std::size_t k = 0; k < count; ++k) out.push_back(numeric::permutation(random, repeats, k));
  return out;
}

std::vector<Split> splits_of(std::size_t repeats, std::size_t splits, std::uint64_t seed) {
  if (count_of_splits(repeats) > static_cast<double>(splits)) return random_orders(repeats, splits, seed);
  std::vector<Split> out;
  if (repeats % 2 == 0) return all_splits(repeats);
  for (std::size_t without = 0; without < repeats; ++without)
    for (auto split : all_splits(repeats - 1)) {
      for (auto &r : split) r += r >= without ? 1 : 0;
      out.push_back(split);
    }
  return out;
}

// Of complete responses: neurons × splits.
arma::mat correlations_of_halves(const arma::cube &responses, const std::vector<Split> &ways) {
  const std::size_t half = responses.n_slices / 2;
  arma::mat out(responses.n_cols, ways.size());
  for (std::size_t way = 0; way < ways.size(); ++way) {
    const auto &split = ways[way];
    arma::mat first = responses.slice(split[0]), second = responses.slice(split[half]);
    for (std::size_t k = 1; k < half; ++k) {
      first += responses.slice(split[k]);
      second += responses.slice(split[half + k]);
    }
    out.col(way) = column_correlations(first, second);
  }
  return out;
}

// The same of one neuron whose conditions have different repeats: each condition's are halved in each of these orders.
arma::vec correlations_of_own_halves(const Repeated &neuron, std::size_t repeats, const std::vector<Split> &orders) {
  const std::size_t conditions = neuron.conditions.size();
  arma::mat first(conditions, orders.size(), arma::fill::zeros), second = first;
  std::vector<std::size_t> place(repeats);
  for (std::size_t k = 0; k < orders.size(); ++k) {
    for (std::size_t at = 0; at < repeats; ++at) place[orders[k][at]] = at;
    for (std::size_t c = 0; c < conditions; ++c) {
      auto there = neuron.conditions[c];
      std::sort(there.begin(), there.end(),
                [&](const auto &a, const auto &b) { return place[a.first] < place[b.first]; });
      const std::size_t half = there.size() / 2;
      for (std::size_t r = 0; r < half; ++r) {
        first(c, k) += there[r].second / static_cast<double>(half);
        second(c, k) += there[half + r].second / static_cast<double>(half);
      }
    }
  }
  return column_correlations(first, second);
}

// Over splits, of which one alone has no spread.
double spread_of(const arma::rowvec &over_splits) {
  return over_splits.n_elem < 2 ? unknown : arma::stddev(over_splits);
}

// How many times as long as a half all repeats are: the ratio of the noise in their means, over conditions.
double length_of(const Repeated &neuron) {
  double of_halves = 0, of_all = 0;
  for (const auto &there : neuron.conditions) {
    of_halves += 1 / static_cast<double>(there.size() / 2);
    of_all += 1 / static_cast<double>(there.size());
  }
  return of_halves / of_all;
}

ResponsePower power_of_complete(const arma::cube &responses) {
  const auto repeats = static_cast<double>(responses.n_slices);
  arma::vec total(responses.n_cols, arma::fill::zeros);
  for (arma::uword r = 0; r < responses.n_slices; ++r) total += variance(responses.slice(r));
  total /= repeats;
  ResponsePower out;
  out.signal = (repeats * variance(mean_response(responses)) - total) / (repeats - 1);
  out.noise = total - out.signal;
  return out;
}

// Signal and noise power of one neuron whose conditions have different repeats.
std::pair<double, double> power_of(const Repeated &neuron) {
  const std::size_t conditions = neuron.conditions.size();
  if (conditions < 2) return {unknown, unknown};
  arma::vec mean(conditions), noise(conditions), in_mean(conditions);
  for (std::size_t c = 0; c < conditions; ++c) {
    const auto &there = neuron.conditions[c];
    arma::vec x(there.size());
    for (std::size_t r = 0; r < there.size(); ++r) x[r] = there[r].second;
    mean[c] = arma::mean(x);
    noise[c] = arma::var(x);
    in_mean[c] = noise[c] / static_cast<double>(there.size());
  }
  return {arma::var(mean) - arma::mean(in_mean), arma::mean(noise)};
}

} // namespace

arma::mat mean_response(const arma::cube &responses) {
  if (!responses.has_nan()) return arma::mean(responses, 2);
  arma::mat sum(responses.n_rows, responses.n_cols, arma::fill::zeros), count = sum;
  for (arma::uword r = 0; r < responses.n_slices; ++r) {
    const arma::mat &trial = responses.slice(r);
    for (arma::uword k = 0; k < trial.n_elem; ++k)
      if (!std::isnan(trial[k])) {
        sum[k] += trial[k];
        count[k] += 1;
      }
  }
  return sum / count; // 0 / 0 is NaN
}

double spearman_brown(double r, double length) { return r >= 0 ? length * r / (1 + (length - 1) * r) : unknown; }

SplitHalf split_half(const arma::cube &responses, std::size_t splits, std::uint64_t seed) {
  require_repeats(responses);
  if (responses.n_rows < fewest_correlated)
    throw NotApplicable("split-half reliability needs three conditions: a correlation over two is 1 or -1");
  if (splits == 0) throw std::invalid_argument("split-half reliability needs one split at least");
  const std::size_t repeats = responses.n_slices;
  const auto neurons = completeness(responses);
  SplitHalf out;
  out.correlation.set_size(responses.n_cols);
  out.spread.set_size(responses.n_cols);
  out.reliability.set_size(responses.n_cols);
  out.conditions.set_size(responses.n_cols);
  if (!neurons.complete.empty()) {
    const arma::uvec which(neurons.complete);
    const arma::mat halves =
        correlations_of_halves(of_neurons(responses, neurons.complete), splits_of(repeats, splits, seed));
    out.correlation(which) = arma::mean(halves, 1);
    for (arma::uword k = 0; k < which.n_elem; ++k) out.spread[which[k]] = spread_of(halves.row(k));
    const double length = static_cast<double>(repeats) / static_cast<double>(repeats / 2);
    for (const auto n : which) out.reliability[n] = spearman_brown(out.correlation[n], length);
    out.conditions(which).fill(responses.n_rows);
  }
  const auto orders = neurons.incomplete.empty() ? std::vector<Split>{} : random_orders(repeats, splits, seed);
  for (const auto n : neurons.incomplete) {
    const auto there = repeated(responses, n);
    out.conditions[n] = there.conditions.size();
    const bool enough = there.conditions.size() >= fewest_correlated;
    const arma::vec halves = enough ? correlations_of_own_halves(there, repeats, orders) : arma::vec{unknown};
    out.correlation[n] = arma::mean(halves);
    out.spread[n] = spread_of(halves.t());
    out.reliability[n] = spearman_brown(out.correlation[n], length_of(there));
  }
  return out;
}

arma::vec split_half_reliability(const arma::cube &responses, std::size_t splits, std::uint64_t seed) {
  return split_half(responses, splits, seed).reliability;
}

ResponsePower response_power(const arma::cube &responses) {
  require_repeats(responses);
  const auto neurons = completeness(responses);
  ResponsePower out;
  out.signal.set_size(responses.n_cols);
  out.noise.set_size(responses.n_cols);
  if (!neurons.complete.empty()) {
    const auto power = power_of_complete(of_neurons(responses, neurons.complete));
    const arma::uvec which(neurons.complete);
    out.signal(which) = power.signal;
    out.noise(which) = power.noise;
  }
  for (const auto n : neurons.incomplete) std::tie(out.signal[n], out.noise[n]) = power_of(repeated(responses, n));
  out.explainable = out.signal / (out.signal + out.noise);
  return out;
}

arma::vec explained_of_explainable(const arma::cube &responses, const arma::mat &predicted) {
  require_complete(responses);
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
  require_complete(responses);
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
  return pairwise_correlation_matrix(mean_response(responses));
}

arma::mat noise_correlation(const arma::cube &responses, NoisePooling pooling) {
  require_repeats(responses);
  const arma::uword conditions = responses.n_rows, neurons = responses.n_cols, repeats = responses.n_slices;
  arma::mat trials(conditions * repeats, neurons);
  for (arma::uword n = 0; n < neurons; ++n) {
    arma::mat left(repeats, conditions);
    for (arma::uword r = 0; r < repeats; ++r) left.row(r) = responses.slice(r).col(n).t();
    for (arma::uword c = 0; c < conditions; ++c) {
      arma::vec all = left.col(c);
      const arma::uvec there = arma::find_finite(all);
      arma::mat own = centred_columns(all(there)); // exactly 0 where the response is constant
      if (pooling == NoisePooling::z_scored) own = arma::normalise(own);
      all(there) = there.n_elem < 2 ? arma::vec(there.n_elem, arma::fill::value(unknown)) : arma::vec(own);
      left.col(c) = all;
    }
    trials.col(n) = arma::vectorise(left);
  }
  return pairwise_correlation_matrix(trials);
}

} // namespace engram::measures
