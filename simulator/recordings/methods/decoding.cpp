// decoding asks how well single trials tell the condition.
#include "measures/decoding.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace engram::recordings {

namespace {

// Of conditions with different numbers of trials the share of all is not the mean over conditions.
void tell_unequal(const Area &area, const measures::Decoding &found, std::vector<std::string> &notes) {
  const arma::uvec trials = arma::sum(found.confusion, 1);
  if (trials.min() < trials.max())
    notes.push_back(fmt::format("decoding {}: conditions have {} to {} trials; the most frequent is {:.3g} of all, and "
                                "the mean over conditions of what is decoded rightly is {:.3g}",
                                area.name, trials.min(), trials.max(), found.chance, found.balanced));
}

std::vector<Result> decode_conditions(const Call &call, const Area &area) {
  const auto &config = call.config;
  const auto trials = complete_trials(repeats_of(area), area.name, "decoding", call.found.notes);
  const arma::uvec conditions = arma::unique(trials.condition);
  arma::uword most = 0;
  for (const auto c : conditions) most = std::max<arma::uword>(most, arma::accu(trials.condition == c));
  measures::DecodingOptions options;
  options.folds = std::min<std::size_t>(call.settings.count("folds"), most);
  options.permutations = config.permutations;
  options.seed = config.seed;
  options.threads = call.progress.threads;
  const auto found = measures::decode(trials.responses, trials.condition, options);
  tell_unequal(area, found, call.found.notes);
  if (found.singular)
    call.found.notes.push_back("decoding " + area.name +
                               ": some neurons do not vary within conditions, or repeat others: "
                               "a millionth of the variance over all trials is added to theirs");
  Result result;
  result.method = "decoding";
  result.value = found.accuracy;
  if (config.bootstrap > 0) // over the trials that were held out, each once
    result.ci = measures::bootstrap_mean(arma::conv_to<arma::vec>::from(found.decoded == trials.condition),
                                         {config.bootstrap, config.confidence, config.seed})
                    .ci;
  result.p = config.permutations > 0 ? found.p : absent;
  result.conditions = conditions.n_elem;
  result.neurons = trials.responses.n_cols;
  return {result};
}

} // namespace

MethodEntry decoding_method() {
  return {.words = {.name = "decoding",
                    .help = "cross-validated accuracy with which single trials tell the condition",
                    .reference = "",
                    .interval = "bootstrap over trials",
                    .parameters = {whole("folds", 2, 10, "of the cross-validation, or as many as there are repeats")}},
          .place = 170,
          .describe = decode_conditions};
}

} // namespace engram::recordings
