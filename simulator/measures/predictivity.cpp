#include "measures/predictivity.hpp"

#include "measures/correlation.hpp"
#include "measures/not_applicable.hpp"
#include "measures/pls.hpp"
#include "measures/reliability.hpp"
#include "measures/unknown.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

numeric::Random random_for(std::uint64_t seed, const char *what) {
  return {seed, numeric::Purpose::resample, numeric::name_key(what)};
}

void check(const arma::cube &features, const arma::cube &responses, const std::vector<Fold> &folds,
           const PredictivityOptions &options) {
  if (features.n_rows != responses.n_rows)
    throw std::invalid_argument("predictivity of features and responses of different numbers of conditions");
  if (features.is_empty() || responses.n_cols == 0 || responses.n_slices < 2)
    throw NotApplicable("predictivity needs a feature, a neuron and two repeats of its responses");
  if (!features.is_finite() || responses.has_inf()) throw NotApplicable("predictivity of values that are not finite");
  if (mean_response(responses).has_nan()) throw NotApplicable("a neuron has no response to a condition");
  require_partition(folds, responses.n_rows);
  for (const auto &fold : folds)
    if (fold.held_out.n_elem < 3) throw NotApplicable("predictivity needs three held-out conditions in each fold");
  if (!(options.least_reliability > 0)) throw std::invalid_argument("the reliability that a neuron needs lies above 0");
}

// The way from responses to predictions, with what depends on the features alone done once.
struct Predictor {
  const PredictivityOptions &options;
  arma::mat features; // C × P: means over repeats
  std::vector<Fold> folds;
  arma::vec penalties;
  RidgeFolds ridge;

  Predictor(const arma::cube &repeated, const std::vector<Fold> &parts, const PredictivityOptions &wanted)
      : options(wanted), features(mean_response(repeated)), folds(parts) {
    if (options.regression != Regression::ridge) return;
    penalties = options.penalties.is_empty() ? ridge_penalties(features) : options.penalties;
    ridge = ridge_folds(features, folds, options.threads);
  }

  // Of partial least squares without penalties.
  RidgePrediction held_out(const arma::mat &y, int threads) const {
    if (options.regression == Regression::ridge) return ridge_predict(ridge, y, penalties, options.choice, threads);
    RidgePrediction out;
    out.predicted.set_size(arma::size(y));
    for_each_part(threads, folds.size(), [&](std::size_t k) {
      const auto &f = folds[k];
      out.predicted.rows(f.held_out) = predict(map(y, f), features.rows(f.held_out));
    });
    return out;
  }

  LinearMap map(const arma::mat &y, const Fold &fold) const {
    const arma::mat x_training = features.rows(fold.training), y_training = y.rows(fold.training);
    return options.regression == Regression::ridge ? ridge_fit(x_training, y_training, penalties, options.choice).map
                                                   : pls_fit(x_training, y_training, options.components).map;
  }
};

// Reliability of held-out predictions over the repeats of the features: C × N × R_m, each fold about its own mean.
arma::vec prediction_reliability(const Predictor &predictor, const arma::cube &features, const arma::mat &y) {
  const auto &options = predictor.options;
  arma::cube predicted(y.n_rows, y.n_cols, features.n_slices);
  for_each_part(options.threads, predictor.folds.size(), [&](std::size_t k) {
    const auto &fold = predictor.folds[k];
    const auto map = predictor.map(y, fold);
    for (arma::uword r = 0; r < features.n_slices; ++r) {
      arma::mat part = predict(map, features.slice(r).rows(fold.held_out));
      part.each_row() -= arma::rowvec(arma::mean(part, 0));
      predicted.slice(r).rows(fold.held_out) = part;
    }
  });
  return split_half_reliability(predicted, options.splits, options.seed);
}

arma::vec correlations_within(const arma::mat &predicted, const arma::mat &measured) {
  arma::vec r = column_correlations(predicted, measured);
  const arma::mat x = centred_columns(predicted), y = centred_columns(measured);
  for (arma::uword n = 0; n < r.n_elem; ++n)
    if (!x.col(n).has_nan() && x.col(n).is_zero() && !y.col(n).is_zero()) r[n] = 0;
  return r;
}

// Mean of the values that are not NaN, by row.
arma::vec mean_of_known(const arma::mat &values) {
  arma::vec out(values.n_rows);
  for (arma::uword n = 0; n < values.n_rows; ++n) {
    const arma::rowvec row = values.row(n), known = row.elem(arma::find_finite(row)).t();
    out[n] = known.is_empty() ? unknown : arma::mean(known);
  }
  return out;
}

// Columns of mean 0 and variance 1; constant ones are 0.
arma::mat standardised(const arma::mat &x) {
  return arma::normalise(centred_columns(x)) * std::sqrt(static_cast<double>(x.n_rows));
}

// How often each of `count` conditions is drawn: draws × count.
arma::mat multiplicities(const numeric::Random &random, std::size_t draws, std::size_t count, std::size_t fold) {
  arma::mat out(draws, count, arma::fill::zeros);
  for (std::size_t d = 0; d < draws; ++d)
    for (std::size_t k = 0; k < count; ++k) {
      const double at = random.uniform(k, d + draws * fold) * static_cast<double>(count);
      out(d, static_cast<arma::uword>(at)) += 1;
    }
  return out;
}

// Median of the corrected r over neurons, for each draw of the held-out conditions; `scale` turns raw into corrected. A
// neuron whose response varies in no fold of a draw says nothing there; NaN where this is so of all.
arma::vec draws_over_conditions(const arma::mat &predicted, const arma::mat &measured, const std::vector<Fold> &folds,
                                const arma::vec &scale, const PredictivityOptions &options) {
  const auto random = random_for(options.bootstrap.seed, "conditions");
  const std::size_t draws = options.bootstrap.draws;
  arma::mat sum(draws, predicted.n_cols, arma::fill::zeros), known = sum;
  for (std::size_t f = 0; f < folds.size(); ++f) {
    const auto &held = folds[f].held_out;
    const arma::mat w = multiplicities(random, draws, held.n_elem, f) / static_cast<double>(held.n_elem);
    const arma::mat x = standardised(predicted.rows(held)), y = standardised(measured.rows(held));
    const arma::mat mx = w * x, my = w * y; // draws × N: weighted moments of all draws at once
    const arma::mat vx = w * arma::square(x) - arma::square(mx), vy = w * arma::square(y) - arma::square(my);
    const arma::mat covariance = w * (x % y) - mx % my;
    for (arma::uword k = 0; k < covariance.n_elem; ++k) {
      const bool says = vy[k] > 1e-12; // the response varies in the draw
      known[k] += says ? 1 : 0;
      if (says && vx[k] > 1e-12) sum[k] += std::clamp(covariance[k] / std::sqrt(vx[k] * vy[k]), -1.0, 1.0);
    }
  }
  arma::vec out(draws);
  for (std::size_t d = 0; d < draws; ++d) {
    const arma::vec corrected = (sum.row(d) / known.row(d)).t() % scale,
                    says = corrected.elem(arma::find_finite(corrected));
    out[d] = says.is_empty() ? unknown : median(says);
  }
  return out;
}

arma::vec null_medians(const Predictor &predictor, const arma::mat &y, const arma::uvec &kept) {
  const auto &options = predictor.options;
  const auto random = random_for(options.seed, "pairing");
  // Neurons that are left out matter where a fit is shared.
  const bool apart = options.regression == Regression::ridge && options.choice == PenaltyChoice::per_response;
  const arma::mat fitted = apart ? arma::mat(y.cols(kept)) : y;
  arma::vec out(options.permutations);
  for_each_part(options.threads, options.permutations, [&](std::size_t k) {
    const auto order = numeric::permutation(random, y.n_rows, k);
    const arma::mat shuffled = fitted.rows(arma::conv_to<arma::uvec>::from(order));
    const arma::vec r = held_out_correlation(predictor.held_out(shuffled, 1).predicted, shuffled, predictor.folds);
    const arma::vec of_kept = apart ? r : arma::vec(r.elem(kept));
    out[k] = median(arma::vec(of_kept(arma::find_finite(of_kept)))); // others are constant in what a fold was dealt
  });
  return out;
}

} // namespace

arma::vec held_out_correlation(const arma::mat &predicted, const arma::mat &measured, const std::vector<Fold> &folds) {
  if (arma::size(predicted) != arma::size(measured))
    throw std::invalid_argument("predictions of another shape than the responses");
  require_partition(folds, measured.n_rows);
  arma::mat r(predicted.n_cols, folds.size());
  for (std::size_t k = 0; k < folds.size(); ++k)
    r.col(k) = correlations_within(predicted.rows(folds[k].held_out), measured.rows(folds[k].held_out));
  return mean_of_known(r);
}

Predictivity predictivity(const arma::cube &features, const arma::cube &responses, const std::vector<Fold> &folds,
                          const PredictivityOptions &options) {
  check(features, responses, folds, options);
  const arma::mat y = mean_response(responses);
  const Predictor predictor(features, folds, options);
  Predictivity out;
  auto held = predictor.held_out(y, options.threads);
  out.predicted = std::move(held.predicted);
  out.penalty = std::move(held.penalty);
  out.raw = held_out_correlation(out.predicted, y, predictor.folds);
  out.reliability = split_half_reliability(responses, options.splits, options.seed);
  out.model_reliability =
      features.n_slices > 1 ? prediction_reliability(predictor, features, y) : arma::vec(y.n_cols, arma::fill::ones);
  const auto sufficient = [&](double reliability) { return reliability >= options.least_reliability; };
  std::vector<arma::uword> kept;
  out.corrected.set_size(y.n_cols);
  out.corrected.fill(unknown);
  for (arma::uword n = 0; n < y.n_cols; ++n) {
    if (!sufficient(out.reliability[n]) || !sufficient(out.model_reliability[n]) || std::isnan(out.raw[n])) continue;
    kept.push_back(n);
    out.corrected[n] = out.raw[n] / std::sqrt(out.reliability[n] * out.model_reliability[n]);
  }
  out.kept = arma::uvec(kept);
  out.left_out = y.n_cols - kept.size();
  const arma::vec raw = out.raw.elem(out.kept), corrected = out.corrected.elem(out.kept);
  out.raw_median = median(raw);
  const auto over_neurons = bootstrap_median(corrected, options.bootstrap);
  out.corrected_median = over_neurons.value;
  out.over_neurons = over_neurons.ci;
  out.over_conditions = {unknown, unknown};
  out.p = unknown;
  if (kept.empty()) return out;
  arma::vec scale = out.reliability.elem(out.kept) % out.model_reliability.elem(out.kept);
  scale.transform([](double reliability) { return 1 / std::sqrt(reliability); });
  out.over_conditions = finite_percentile_interval(
      draws_over_conditions(out.predicted.cols(out.kept), y.cols(out.kept), predictor.folds, scale, options),
      options.bootstrap.level);
  if (options.permutations == 0) return out;
  out.null = null_medians(predictor, y, out.kept);
  const auto as_great = static_cast<double>(out.null.n_elem - arma::accu(out.null < out.raw_median)); // or unknown
  out.p = (1 + as_great) / (1 + static_cast<double>(options.permutations));
  return out;
}

Predictivity predictivity(const arma::cube &features, const arma::cube &responses, const PredictivityOptions &options) {
  return predictivity(features, responses, make_folds(responses.n_rows, options.folds, options.seed), options);
}

arma::cube one_repeat(const arma::mat &features) {
  arma::cube out(features.n_rows, features.n_cols, 1);
  out.slice(0) = features;
  return out;
}

} // namespace engram::measures
