// How well single trials tell the condition.
#include "measures/decoding.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/summary.hpp"

#include <algorithm>

namespace engram::recordings {

namespace {

std::vector<Result> decode_conditions(const Call &call, const Area &area) {
  const auto &config = call.config;
  const arma::cube repeats = repeats_of(area);
  arma::mat trials(repeats.n_rows * repeats.n_slices, repeats.n_cols);
  arma::uvec labels(trials.n_rows);
  for (std::size_t r = 0; r < repeats.n_slices; ++r)
    for (std::size_t c = 0; c < repeats.n_rows; ++c) {
      trials.row(r * repeats.n_rows + c) = repeats.slice(r).row(c);
      labels[r * repeats.n_rows + c] = c;
    }
  measures::DecodingOptions options;
  options.folds = std::min<std::size_t>(call.settings.count("folds"), repeats.n_slices);
  options.permutations = config.permutations;
  options.seed = config.seed;
  options.threads = call.progress.threads;
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

} // namespace

MethodEntry decoding_method() {
  return {.words = {.name = "decoding",
                    .help = "cross-validated accuracy with which single trials tell the condition",
                    .reference = "",
                    .parameters = {whole("folds", 2, 10, "of the cross-validation, or as many as there are repeats")}},
          .place = 170,
          .describe = decode_conditions};
}

} // namespace engram::recordings
