// description() calls the methods that describe one side alone. Decoding and correlations are here too.
#include "recordings/one_sided.hpp"
#include "measures/decoding.hpp"
#include "measures/dimensionality.hpp"
#include "measures/not_applicable.hpp"
#include "measures/reliability.hpp"
#include "recordings/jackknife.hpp"
#include "recordings/method_parts.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

namespace engram::recordings {

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

arma::mat means_of(const Area &area) {
  const arma::mat means = mean_response(responses_of(area));
  if (!means.is_finite())
    throw measures::NotApplicable("some neurons of " + area.name + " have no response to some conditions");
  return means;
}

namespace {

arma::cube repeats_of(const Area &area) {
  const arma::cube complete = complete_repeats(over_time(responses_of(area)));
  if (complete.n_slices < 2) throw measures::NotApplicable(area.name + " has no two repeats of each condition");
  return complete;
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
  if (config.bootstrap > 0) // over the trials that were held out, each once
    result.ci = measures::bootstrap_mean(arma::conv_to<arma::vec>::from(found.decoded == labels),
                                         {config.bootstrap, config.confidence, config.seed})
                    .ci;
  result.p = config.permutations > 0 ? found.p : absent;
  result.neurons = repeats.n_cols;
  return {result};
}

// Of neurons that vary, within conditions and from one to the other.
std::vector<Result> correlations(const Config &config, const Area &area, std::vector<std::string> &notes) {
  constexpr std::size_t most = 500;
  const arma::cube all = repeats_of(area);
  const auto which = drawn(config, all.n_cols, most);
  if (which.size() < all.n_cols)
    notes.push_back(fmt::format("{}: {} of {} neurons are drawn (seed {}), whose pairs are measured", area.name,
                                which.size(), all.n_cols, config.seed));
  arma::cube repeats(all.n_rows, which.size(), all.n_slices);
  for (std::size_t k = 0; k < which.size(); ++k) repeats.col(k) = all.col(which[k]);
  std::vector<Result> out;
  for (const bool signal : {true, false}) {
    const arma::mat r = signal ? measures::signal_correlation(repeats)
                               : measures::noise_correlation(repeats, measures::NoisePooling::residuals);
    const arma::uvec varies = arma::find_finite(r.diag());
    if (varies.n_elem < 2) throw measures::NotApplicable(area.name + " has no two neurons that vary");
    out.push_back(mean_over_pairs(config, signal ? "correlations.signal" : "correlations.noise",
                                  arma::mat(r.submat(varies, varies))));
  }
  return out;
}

} // namespace

std::vector<Result> description(const Config &config, const Method &method, const Area &area, bool of_recording,
                                Comparison &found, const Progress &progress) {
  std::vector<Result> out;
  const bool of_trains = method.type == "spikes" || method.type == "synchrony" || method.type == "distances" ||
                         method.type == "receptive_field" || method.type == "rate_maps";
  if (method.type == "spikes") out = spikes(config, area);
  if (method.type == "synchrony" || method.type == "distances")
    out = pairs_of_units(config, method, area, found, progress);
  if (method.type == "receptive_field") out = receptive_field(config, method, area, found, progress);
  if (method.type == "rate_maps") out = places(config, method, area, found, progress);
  if (method.type == "tuning") out = tuning(config, method, area, found);
  if (method.type == "decoding") out = decoding(config, method, area, progress);
  if (method.type == "correlations") out = correlations(config, area, found.notes);
  if (method.type == "reliability")
    out = {median_of(config, "reliability", measures::split_half_reliability(repeats_of(area), 100, config.seed))};
  if (method.type == "explainable")
    out = {median_of(config, "explainable", measures::response_power(repeats_of(area)).explainable)};
  if (method.type == "dimensionality") {
    Result result;
    result.method = "dimensionality";
    const arma::mat means = means_of(area);
    result.value = measures::participation_ratio(means);
    if (config.bootstrap > 0 && means.n_rows > 5)
      result.ci = jackknife(config, means.n_rows, result.value, progress, [&](const arma::uvec &conditions) {
        return measures::participation_ratio(arma::mat(means.rows(conditions)));
      });
    result.neurons = means.n_cols;
    out = {result};
  }
  for (auto &result : out) {
    (of_recording ? result.area : result.region) = area.name;
    result.conditions = of_trains ? 0 : area.condition_count;
  }
  return out;
}

} // namespace engram::recordings
