#include "measures/decoding.hpp"

#include "measures/not_applicable.hpp"
#include "measures/ridge.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

namespace engram::measures {

namespace {

// Labels as indices 0 … L − 1, by trial.
arma::uvec indexed(const arma::uvec &labels, const arma::uvec &distinct) {
  arma::uvec out(labels.n_elem);
  for (arma::uword k = 0; k < labels.n_elem; ++k)
    out[k] = static_cast<arma::uword>(std::lower_bound(distinct.begin(), distinct.end(), labels[k]) - distinct.begin());
  return out;
}

arma::vec counts_of(const arma::uvec &index, arma::uword labels) {
  arma::vec out(labels, arma::fill::zeros);
  for (const auto l : index) out[l] += 1;
  return out;
}

void check(const arma::mat &x, const arma::uvec &labels, const arma::uvec &distinct, const DecodingOptions &options) {
  if (x.n_rows != labels.n_elem) throw std::invalid_argument("decoding needs one label for each trial");
  if (x.n_cols == 0) throw NotApplicable("decoding needs one neuron at least");
  if (!x.is_finite()) throw NotApplicable("decoding from responses that are not finite");
  if (distinct.n_elem < 2 || counts_of(indexed(labels, distinct), distinct.n_elem).min() < 2)
    throw NotApplicable("decoding needs two labels, and two trials of each");
  if (options.shrinkage && !(*options.shrinkage >= 0 && *options.shrinkage <= 1))
    throw std::invalid_argument("a shrinkage lies between 0 and 1");
}

// A class is decoded by the greatest of x slope + offset. A label without training trials has an offset of −∞.
struct Discriminant {
  arma::mat slope;     // N × L
  arma::rowvec offset; // 1 × L
  bool singular = false;
};

struct Classes {
  arma::mat means;    // L × N
  arma::vec counts;   // L: training trials
  arma::mat residual; // n × N: trials less the mean of their label
};

Classes classes_of(const arma::mat &x, const arma::uvec &index, arma::uword labels) {
  Classes out{arma::mat(labels, x.n_cols, arma::fill::zeros), counts_of(index, labels), x};
  for (arma::uword k = 0; k < x.n_rows; ++k) out.means.row(index[k]) += x.row(k);
  for (arma::uword l = 0; l < labels; ++l) out.means.row(l) /= std::max(1.0, out.counts[l]);
  out.residual -= out.means.rows(index);
  return out;
}

// A⁻¹ B of a symmetric positive definite A; absent where it is singular.
std::optional<arma::mat> solve_definite(const arma::mat &a, const arma::mat &b) {
  arma::mat factor;
  if (!arma::chol(factor, a)) return std::nullopt;
  const arma::vec diagonal = factor.diag();
  // Rounding makes a singular matrix's last pivot small, and not always negative.
  if (!(diagonal.min() > 1e-7 * diagonal.max())) return std::nullopt;
  return arma::solve(arma::trimatu(factor), arma::solve(arma::trimatl(factor.t()), b));
}

// Σ⁻¹ B with Σ = (1 − γ) RᵀR / n + (a + own) 1: by the smaller of N × N and n × n (Woodbury).
std::optional<arma::mat> precision_times(const arma::mat &residual, double shrinkage, double own, const arma::mat &b) {
  const auto n = static_cast<double>(residual.n_rows), neurons = static_cast<double>(residual.n_cols);
  const double a = shrinkage * arma::dot(residual, residual) / (n * neurons) + own, weight = (1 - shrinkage) / n;
  if (residual.n_cols <= residual.n_rows || !(a > 0) || weight == 0) {
    arma::mat covariance = weight * (residual.t() * residual);
    covariance.diag() += a;
    return solve_definite(covariance, b);
  }
  arma::mat inner = weight * (residual * residual.t());
  inner.diag() += a;
  const auto solved = solve_definite(inner, residual * b);
  if (!solved) return std::nullopt;
  return (b - residual.t() * (weight * *solved)) / a;
}

// Where no shrinkage is given and the covariance is singular, each neuron gets a millionth of the variance over all
// trials.
Discriminant linear(const arma::mat &x, const arma::uvec &index, arma::uword labels, std::optional<double> shrinkage) {
  const auto c = classes_of(x, index, labels);
  const double gamma = shrinkage ? *shrinkage : ledoit_wolf_shrinkage(c.residual);
  Discriminant out;
  auto slope = precision_times(c.residual, gamma, 0, c.means.t());
  if (!slope && !shrinkage) {
    out.singular = true;
    slope = precision_times(c.residual, gamma, 1e-6 * arma::mean(arma::var(x, 0, 0)), c.means.t());
  }
  if (!slope)
    throw NotApplicable("the covariance of the neurons within conditions is singular: trials are alike, or neurons "
                        "repeat each other");
  out.slope = *slope;
  const arma::rowvec priors = (c.counts / static_cast<double>(x.n_rows)).t();
  out.offset = arma::log(priors) - 0.5 * arma::sum(c.means.t() % out.slope, 0);
  return out;
}

Discriminant centroid(const arma::mat &x, const arma::uvec &index, arma::uword labels) {
  const auto c = classes_of(x, index, labels);
  Discriminant out{c.means.t(), -0.5 * arma::sum(arma::square(c.means), 1).t(), false};
  for (arma::uword l = 0; l < labels; ++l)
    if (c.counts[l] == 0) out.offset[l] = -arma::datum::inf;
  return out;
}

// The greatest of each row; the first of equals.
arma::uvec greatest(const arma::mat &scores) {
  return arma::conv_to<arma::uvec>::from(arma::vectorise(arma::index_max(scores, 1)));
}

arma::uvec decoded_by_ridge(const arma::mat &x, const arma::uvec &index, arma::uword labels,
                            const std::vector<Fold> &folds, const DecodingOptions &options, int threads) {
  arma::mat target(x.n_rows, labels);
  target.fill(-1);
  for (arma::uword k = 0; k < x.n_rows; ++k) target(k, index[k]) = 1;
  const arma::vec penalties = options.penalties.is_empty() ? ridge_penalties(x) : options.penalties;
  const auto prepared = ridge_folds(x, folds, threads);
  return greatest(ridge_predict(prepared, target, penalties, PenaltyChoice::common, threads).predicted);
}

// Index of a label for each trial. `singular`, where it is asked for, says whether any fold's covariance was.
arma::uvec decoded(const arma::mat &x, const arma::uvec &index, arma::uword labels, const std::vector<Fold> &folds,
                   const DecodingOptions &options, int threads, bool *singular = nullptr) {
  if (options.decoder == Decoder::ridge) return decoded_by_ridge(x, index, labels, folds, options, threads);
  arma::uvec out(x.n_rows);
  std::vector<char> degenerate(folds.size());
  for_each_part(threads, folds.size(), [&](std::size_t k) {
    const auto &[training, held_out] = folds[k];
    const arma::mat seen = x.rows(training);
    const arma::uvec known = index.elem(training);
    const auto d = options.decoder == Decoder::linear_discriminant ? linear(seen, known, labels, options.shrinkage)
                                                                   : centroid(seen, known, labels);
    arma::mat scores = x.rows(held_out) * d.slope;
    scores.each_row() += d.offset;
    out.elem(held_out) = greatest(scores);
    degenerate[k] = d.singular;
  });
  if (singular) *singular = std::any_of(degenerate.begin(), degenerate.end(), [](char d) { return d != 0; });
  return out;
}

double share_right(const arma::uvec &found, const arma::uvec &index) {
  return static_cast<double>(arma::accu(found == index)) / static_cast<double>(index.n_elem);
}

} // namespace

double ledoit_wolf_shrinkage(const arma::mat &x) {
  if (x.is_empty() || !x.is_finite()) throw NotApplicable("shrinkage of responses that are not finite, or none");
  const auto n = static_cast<double>(x.n_rows), neurons = static_cast<double>(x.n_cols);
  const arma::vec lengths = arma::sum(arma::square(x), 1);
  const arma::mat gram = x.n_cols < x.n_rows ? arma::mat(x.t() * x) : arma::mat(x * x.t());
  const double square = arma::dot(gram, gram) / (n * n); // ‖S‖², S = XᵀX / n
  const double mean = arma::sum(lengths) / (n * neurons);
  const double distance = square - neurons * mean * mean;              // d²: ‖S − m 1‖²
  const double error = (arma::dot(lengths, lengths) / n - square) / n; // b²: Σ ‖x xᵀ − S‖² / n²
  return distance > 0 ? std::clamp(error / distance, 0.0, 1.0) : 1.0;
}

Decoding decode(const arma::mat &x, const arma::uvec &labels, const std::vector<Fold> &folds,
                const DecodingOptions &options) {
  Decoding out;
  out.labels = arma::unique(labels);
  check(x, labels, out.labels, options);
  require_partition(folds, x.n_rows);
  const arma::uword count = out.labels.n_elem;
  const arma::uvec index = indexed(labels, out.labels);
  const arma::uvec found = decoded(x, index, count, folds, options, options.threads, &out.singular);
  out.decoded = out.labels.elem(found);
  out.accuracy = share_right(found, index);
  out.confusion.zeros(count, count);
  for (arma::uword k = 0; k < found.n_elem; ++k) ++out.confusion(index[k], found[k]);
  const arma::vec trials = counts_of(index, count);
  out.chance = trials.max() / static_cast<double>(x.n_rows);
  out.balanced = arma::mean(arma::conv_to<arma::vec>::from(out.confusion.diag()) / trials);
  out.null.set_size(options.permutations);
  const numeric::Random random{options.seed, numeric::Purpose::resample, numeric::name_key("labels")};
  for_each_part(options.threads, options.permutations, [&](std::size_t k) {
    const auto order = arma::conv_to<arma::uvec>::from(numeric::permutation(random, x.n_rows, k));
    out.null[k] = share_right(decoded(x.rows(order), index, count, folds, options, 1), index);
  });
  const auto as_great = static_cast<double>(arma::accu(out.null >= out.accuracy));
  out.p = options.permutations == 0 ? std::numeric_limits<double>::quiet_NaN()
                                    : (1 + as_great) / (1 + static_cast<double>(options.permutations));
  return out;
}

Decoding decode(const arma::mat &x, const arma::uvec &labels, const DecodingOptions &options) {
  if (x.n_rows != labels.n_elem) throw std::invalid_argument("decoding needs one label for each trial");
  return decode(x, labels, make_folds(labels, options.folds, options.seed), options);
}

} // namespace engram::measures
