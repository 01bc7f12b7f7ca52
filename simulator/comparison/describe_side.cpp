// What can be said of one side alone.
#include "comparison/describe_parts.hpp"
#include "comparison/method_parts.hpp"
#include "measures/decoding.hpp"
#include "measures/dimensionality.hpp"
#include "measures/reliability.hpp"
#include "measures/tuning.hpp"

#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace engram::comparison {

Result median_of(const Config &config, const std::string &method, const arma::vec &values) {
  const arma::vec there = values(arma::find_finite(values));
  const auto median =
      measures::bootstrap_median(there, {std::max<std::size_t>(config.bootstrap, 1), config.confidence, config.seed});
  Result result;
  result.method = method;
  result.value = median.value;
  if (config.bootstrap > 0) result.ci = median.ci;
  result.neurons = there.n_elem;
  return result;
}

namespace {

arma::cube repeats_of(const Area &area) {
  const arma::cube complete = complete_repeats(over_time(responses_of(area)));
  if (complete.n_slices < 2) throw std::invalid_argument(area.name + " has no two repeats of each condition");
  return complete;
}

arma::mat means_of(const Area &area) {
  const arma::mat means = mean_response(responses_of(area));
  if (!means.is_finite())
    throw std::invalid_argument("some neurons of " + area.name + " have no response to some conditions");
  return means;
}

// Conditions whose names are numbers of degrees.
std::optional<arma::vec> angles_of(const std::vector<std::string> &names) {
  arma::vec angles(names.size());
  for (std::size_t c = 0; c < names.size(); ++c) {
    char *end = nullptr;
    angles[c] = std::strtod(names[c].c_str(), &end);
    if (names[c].empty() || *end != '\0' || !std::isfinite(angles[c])) return std::nullopt;
  }
  return angles;
}

// Of each neuron; the measures are of rates, so of a neuron that goes below 0 they are not known.
template <class F> arma::vec of_rates(const arma::mat &means, F &&measure) {
  arma::vec out(means.n_cols);
  for (std::size_t n = 0; n < means.n_cols; ++n)
    out[n] = means.col(n).min() < 0 ? absent : measure(arma::vec(means.col(n)));
  return out;
}

std::vector<Result> tuning(const Config &config, const Area &area) {
  const arma::mat means = means_of(area);
  if (means.n_rows < 3) throw std::invalid_argument(area.name + " has fewer than three conditions");
  if (means.min() < 0 && arma::all(arma::min(means, 0) < 0))
    throw std::invalid_argument(area.name + " has no neuron whose responses are all at least 0, as rates are");
  std::vector<Result> out{median_of(config, "tuning.sparseness", of_rates(means, measures::sparseness))};
  if (area.conditions.empty()) return out; // they are only numbered
  const auto angles = angles_of(area.conditions);
  if (!angles) return out;
  for (const double period : {180.0, 360.0})
    out.push_back(median_of(config, period == 180 ? "tuning.orientation" : "tuning.direction",
                            of_rates(means, [&](const arma::vec &response) {
                              return measures::vector_selectivity(*angles, response, period);
                            })));
  return out;
}

std::vector<Result> decoding(const Config &config, const Method &method, const Area &area, const Progress &progress) {
  const arma::cube repeats = repeats_of(area);
  arma::mat trials(repeats.n_rows * repeats.n_slices, repeats.n_cols);
  arma::uvec labels(trials.n_rows);
  for (std::size_t r = 0; r < repeats.n_slices; ++r)
    for (std::size_t c = 0; c < repeats.n_rows; ++c) {
      trials.row(r * repeats.n_rows + c) = repeats.slice(r).row(c);
      labels[r * repeats.n_rows + c] = c;
    }
  measures::DecodingOptions options;
  options.folds = std::min<std::size_t>(method.folds, repeats.n_slices);
  options.permutations = config.permutations;
  options.seed = config.seed;
  options.threads = progress.threads;
  const auto found = measures::decode(trials, labels, options);
  Result result;
  result.method = "decoding";
  result.value = found.accuracy;
  result.p = config.permutations > 0 ? found.p : absent;
  result.neurons = repeats.n_cols;
  return {result};
}

} // namespace

std::vector<Result> description(const Config &config, const Method &method, const Area &area, bool of_recording,
                                Comparison &found, const Progress &progress) {
  std::vector<Result> out;
  const bool of_trains = method.type == "spikes" || method.type == "synchrony" || method.type == "distances" ||
                         method.type == "receptive_field" || method.type == "rate_maps";
  if (method.type == "spikes") out = spikes(config, area);
  if (method.type == "synchrony") out = synchrony(area);
  if (method.type == "distances") out = distances(config, method, area);
  if (method.type == "receptive_field") out = receptive_field(config, method, area, found, progress);
  if (method.type == "rate_maps") out = places(config, method, area, found, progress);
  if (method.type == "tuning") out = tuning(config, area);
  if (method.type == "decoding") out = decoding(config, method, area, progress);
  if (method.type == "reliability")
    out = {median_of(config, "reliability", measures::split_half_reliability(repeats_of(area), 100, config.seed))};
  if (method.type == "explainable")
    out = {median_of(config, "explainable", measures::response_power(repeats_of(area)).explainable)};
  if (method.type == "dimensionality") {
    Result result;
    result.method = "dimensionality";
    const arma::mat means = means_of(area);
    result.value = measures::participation_ratio(means);
    result.neurons = means.n_cols;
    out = {result};
  }
  for (auto &result : out) {
    (of_recording ? result.area : result.region) = area.name;
    result.conditions = of_trains ? 0 : area.condition_count;
  }
  return out;
}

} // namespace engram::comparison
