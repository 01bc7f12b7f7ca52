#include "recordings/prediction.hpp"

#include "measures/not_applicable.hpp"
#include "measures/pls.hpp"
#include "numeric/random.hpp"

#include <algorithm>

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

// features: C × P; target: C × N × R, complete.
Result predicted(const Call &call, const Fitting &asked, const arma::mat &features, const arma::cube &target) {
  const auto &config = call.config;
  const std::size_t conditions = features.n_rows;
  if (!features.is_finite() || target.n_slices == 0)
    throw measures::NotApplicable("some neurons have no response to some conditions");
  const std::size_t folds = std::min(call.settings.count("folds"), conditions / fewest_in_fold);
  if (folds < 2) throw measures::NotApplicable("prediction needs at least six conditions");
  const std::size_t training = conditions - (conditions + folds - 1) / folds;
  const Fitting fitting{asked.regression, std::min({asked.components, training - 1, std::size_t(features.n_cols)})};
  if (target.n_slices < 2) return of_one_repeat(call, fitting, features, target.slice(0), folds);
  measures::PredictivityOptions options;
  options.regression = fitting.regression;
  options.components = fitting.components;
  options.folds = folds;
  options.bootstrap = {std::max<std::size_t>(config.bootstrap, 1), config.confidence, config.seed};
  options.permutations = config.permutations;
  options.seed = config.seed;
  options.threads = call.progress.threads;
  const auto found = measures::predictivity(measures::one_repeat(features), target, options);
  Result result;
  result.value = found.corrected_median;
  if (config.bootstrap > 0) result.ci = found.over_neurons;
  result.ceiling = {1, 1}; // what the noise allows has been divided out
  result.p = config.permutations > 0 ? found.p : absent;
  result.neurons = found.kept.n_elem;
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
    out.push_back(predicted(call, fitting, mean_response(from), complete_repeats(over_time(to))));
  } else {
    const bool same = from.values.size() == to.values.size();
    for (std::size_t t = 0; t < to.values.size() && (!progress.go_on || progress.go_on()); ++t) {
      out.push_back(predicted(call, fitting, same ? over_repeats(from.values[t]) : mean_response(from),
                              complete_repeats(to.values[t])));
      out.back().time = to.times.empty() ? static_cast<double>(t + 1) : to.times[t];
    }
  }
  for (auto &result : out) {
    result.method = name;
    result.region = region.name;
    result.area = area.name;
    result.conditions = area.condition_count;
  }
  return out;
}

} // namespace engram::recordings
