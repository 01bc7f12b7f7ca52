// How well a region's neurons predict an area's, by a linear map that did not see the conditions.
#include "comparison/method_parts.hpp"
#include "measures/pls.hpp"
#include "measures/predictivity.hpp"

#include <algorithm>
#include <stdexcept>

namespace engram::comparison {

namespace {

constexpr std::size_t fewest_in_fold = 3; // a correlation of two conditions is 1 or -1

// Each condition by a map from the others.
arma::mat held_out_predictions(const Method &method, const std::vector<measures::Fold> &folds, const arma::mat &x,
                               const arma::mat &y, std::size_t components, int threads) {
  if (method.type == "ridge")
    return measures::ridge_predict(measures::ridge_folds(x, folds, threads), y, measures::ridge_penalties(x),
                                   measures::PenaltyChoice::per_response, threads)
        .predicted;
  arma::mat predicted(arma::size(y));
  for (const auto &fold : folds) {
    const auto fit = measures::pls_fit(x.rows(fold.training), y.rows(fold.training), components);
    predicted.rows(fold.held_out) = measures::predict(fit.map, x.rows(fold.held_out));
  }
  return predicted;
}

} // namespace

Result prediction(const Config &config, const Method &method, const Area &region, const Area &area,
                  const Progress &progress) {
  const arma::cube target = complete_repeats(over_time(responses_of(area)));
  const arma::mat features = mean_response(responses_of(region));
  const std::size_t conditions = features.n_rows;
  if (!features.is_finite() || target.n_slices == 0)
    throw std::invalid_argument("some neurons have no response to some conditions");
  const std::size_t folds = std::min(method.folds, conditions / fewest_in_fold);
  if (folds < 2) throw std::invalid_argument("prediction needs at least six conditions");
  const std::size_t training = conditions - (conditions + folds - 1) / folds;
  const std::size_t components = std::min({method.components, training - 1, std::size_t(features.n_cols)});

  Result result;
  result.method = method.type;
  result.region = region.name;
  result.area = area.name;
  result.conditions = conditions;
  const measures::Resampling bootstrap{std::max<std::size_t>(config.bootstrap, 1), config.confidence, config.seed};
  if (target.n_slices < 2) { // nothing tells the noise: the correlation itself
    const auto parts = measures::make_folds(conditions, folds, config.seed);
    const arma::mat y = target.slice(0);
    const arma::vec r = measures::held_out_correlation(
        held_out_predictions(method, parts, features, y, components, progress.threads), y, parts);
    const arma::vec there = r(arma::find_finite(r));
    const auto median = measures::bootstrap_median(there, bootstrap);
    result.value = median.value;
    if (config.bootstrap > 0) result.ci = median.ci;
    result.neurons = there.n_elem;
    return result;
  }
  measures::PredictivityOptions options;
  options.regression = method.type == "pls" ? measures::Regression::partial_least_squares : measures::Regression::ridge;
  options.components = components;
  options.folds = folds;
  options.bootstrap = bootstrap;
  options.permutations = config.permutations;
  options.seed = config.seed;
  options.threads = progress.threads;
  arma::cube input(features.n_rows, features.n_cols, 1);
  input.slice(0) = features;
  const auto found = measures::predictivity(input, target, options);
  result.value = found.corrected_median;
  if (config.bootstrap > 0) result.ci = found.over_neurons;
  result.ceiling = {1, 1}; // what the noise allows has been divided out
  result.p = config.permutations > 0 ? found.p : absent;
  result.neurons = found.kept.n_elem;
  return result;
}

} // namespace engram::comparison
