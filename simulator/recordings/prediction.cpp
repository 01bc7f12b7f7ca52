#include "recordings/prediction.hpp"

#include "measures/not_applicable.hpp"
#include "measures/pls.hpp"
#include "numeric/random.hpp"
#include "recordings/completeness.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

constexpr std::size_t fewest_in_fold = 3; // a correlation of two conditions is 1 or -1

// Each condition by a map from the others.
arma::mat held_out_predictions(const Fitting &fitting, const std::vector<measures::Fold> &folds, const arma::mat &x,
                               const arma::mat &y, int threads) {
  if (fitting.regression == measures::Regression::ridge)
    return measures::ridge_predict(measures::ridge_folds(x, folds, threads), y, measures::ridge_penalties(x),
                                   measures::PenaltyChoice::per_response, threads)
        .predicted;
  arma::mat predicted(arma::size(y));
  for (const auto &fold : folds) {
    const auto fit = measures::pls_fit(x.rows(fold.training), y.rows(fold.training), fitting.components);
    predicted.rows(fold.held_out) = measures::predict(fit.map, x.rows(fold.held_out));
  }
  return predicted;
}

// Repeats tell nothing: the correlation itself.
Result of_one_repeat(const Call &call, const Fitting &fitting, const arma::mat &x, const arma::mat &y,
                     std::size_t folds) {
  const auto &config = call.config;
  const auto &progress = call.progress;
  const auto parts = measures::make_folds(y.n_rows, folds, config.seed);
  const auto correlations = [&](const arma::mat &responses, int threads) {
    const arma::vec r =
        measures::held_out_correlation(held_out_predictions(fitting, parts, x, responses, threads), responses, parts);
    return arma::vec(r(arma::find_finite(r)));
  };
  Result result;
  const arma::vec there = correlations(y, progress.threads);
  const auto median =
      measures::bootstrap_median(there, {std::max<std::size_t>(config.bootstrap, 1), config.confidence, config.seed});
  result.value = median.value;
  if (config.bootstrap > 0) result.ci = median.ci;
  result.neurons = there.n_elem;
  if (config.permutations == 0) return result;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key("pairing")};
  arma::vec null(config.permutations);
  measures::for_each_part(progress.threads, config.permutations, [&](std::size_t k) {
    const auto order = numeric::permutation(random, y.n_rows, k);
    null[k] = measures::median(correlations(y.rows(arma::conv_to<arma::uvec>::from(order)), 1));
  });
  const auto above = static_cast<double>(arma::accu(null >= result.value));
  result.p = (1 + above) / (1 + static_cast<double>(config.permutations));
  return result;
}

// Are there two repeats of anything?
bool has_repeats(const arma::cube &repeats) {
  std::size_t most = 0;
  for (arma::uword n = 0; n < repeats.n_cols; ++n)
    for (arma::uword c = 0; c < repeats.n_rows; ++c) {
      std::size_t there = 0;
      for (arma::uword r = 0; r < repeats.n_slices; ++r) there += std::isnan(repeats(c, n, r)) ? 0 : 1;
      most = std::max(most, there);
    }
  return most > 1;
}

arma::cube part_of(const arma::cube &repeats, const Means &kept) {
  arma::cube out(kept.conditions.n_elem, kept.neurons.n_elem, repeats.n_slices);
  for (arma::uword r = 0; r < repeats.n_slices; ++r)
    out.slice(r) = repeats.slice(r).submat(kept.conditions, kept.neurons);
  return out;
}

// `features`: C × P of a region; `repeats`: C × N × R of an area.
Result predicted(const Call &call, const std::string &name, const Fitting &asked, const Area &region,
                 const arma::mat &features, const Area &area, const arma::cube &repeats) {
  const auto &config = call.config;
  auto &notes = call.found.notes;
  const auto means = complete_means(region, features, area, over_repeats(repeats), name, notes);
  const arma::mat &x = means.region.values, &y = means.area.values;
  const std::size_t conditions = x.n_rows, folds = std::min(call.settings.count("folds"), conditions / fewest_in_fold);
  if (folds < 2) throw measures::NotApplicable("prediction needs at least six conditions");
  const std::size_t training = conditions - (conditions + folds - 1) / folds;
  const Fitting fitting{asked.regression, std::min({asked.components, training - 1, std::size_t(x.n_cols)})};
  Result result;
  if (!has_repeats(repeats)) {
    result = of_one_repeat(call, fitting, x, y, folds);
  } else {
    measures::PredictivityOptions options;
    options.regression = fitting.regression;
    options.components = fitting.components;
    options.folds = folds;
    options.bootstrap = {std::max<std::size_t>(config.bootstrap, 1), config.confidence, config.seed};
    options.permutations = config.permutations;
    options.seed = config.seed;
    options.threads = call.progress.threads;
    const auto found = measures::predictivity(measures::one_repeat(x), part_of(repeats, means.area), options);
    const std::string few = fmt::format("a reliability of {} or an r", options.least_reliability);
    if (found.kept.is_empty()) throw measures::NotApplicable("no neuron of " + area.name + " has " + few);
    if (found.left_out > 0)
      notes.push_back(fmt::format("{} {}: {} left out, without {}", name, area.name,
                                  some_of(found.left_out, y.n_cols, "neuron") + (found.left_out == 1 ? " is" : " are"),
                                  few));
    if (!call.settings.yes("by_time")) { // else there would be one for each bin
      std::vector<std::string> names;
      for (const auto n : means.area.neurons) names.push_back(neuron_name(responses_of(area), n));
      Table table = table_of_each(name, area, "neuron", names,
                                  {{"r", found.raw},
                                   {"reliability", found.reliability},
                                   {"reliability of the prediction", found.model_reliability},
                                   {"corrected", found.corrected}});
      table.area = region.name + ", " + area.name;
      call.found.tables.push_back(std::move(table));
    }
    result.value = found.corrected_median;
    if (config.bootstrap > 0) result.ci = found.over_neurons;
    result.ceiling = {1, 1}; // what the noise allows has been divided out
    result.p = config.permutations > 0 ? found.p : absent;
    result.neurons = found.kept.n_elem;
  }
  result.method = name;
  result.region = region.name;
  result.area = area.name;
  result.conditions = conditions;
  return result;
}

} // namespace

std::vector<Parameter> prediction_parameters() {
  return {whole("folds", 2, 10, "of the cross-validation"),
          yes_or_no("by_time", "a value for each time bin of the area, from the same bin of the region where it has as "
                               "many, else from its mean")};
}

std::vector<Result> prediction(const Call &call, const std::string &name, const Fitting &fitting, const Area &region,
                               const Area &area) {
  const auto &progress = call.progress;
  const auto &from = responses_of(region), &to = responses_of(area);
  std::vector<Result> out;
  if (!call.settings.yes("by_time")) {
    out.push_back(predicted(call, name, fitting, region, mean_response(from), area, over_time(to)));
  } else {
    const bool same = from.values.size() == to.values.size();
    for (std::size_t t = 0; t < to.values.size() && (!progress.go_on || progress.go_on()); ++t) {
      out.push_back(predicted(call, name, fitting, region, same ? over_repeats(from.values[t]) : mean_response(from),
                              area, to.values[t]));
      out.back().time = to.times.empty() ? static_cast<double>(t + 1) : to.times[t];
    }
  }
  return out;
}

} // namespace engram::recordings
