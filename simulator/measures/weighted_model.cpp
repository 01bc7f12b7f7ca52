#include "measures/weighted_model.hpp"

#include "measures/model_performance.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace engram::measures {

namespace {

constexpr arma::uword fewest_held_out = 3; // conditions: two pairs have a correlation of 1 or −1

// The unconstrained least squares of the columns that are free; 0 for the others.
arma::vec solved_for(const arma::mat &gram, const arma::vec &target, const arma::uvec &free) {
  arma::vec out(target.n_elem, arma::fill::zeros);
  const arma::mat of_free = gram(free, free);
  const arma::vec wanted = target(free);
  arma::vec found;
  // Columns that repeat each other share their weight: the shortest solution.
  if (!arma::solve(found, of_free, wanted, arma::solve_opts::likely_sympd + arma::solve_opts::no_approx))
    found = arma::pinv(of_free) * wanted;
  out(free) = found;
  return out;
}

// Of the pairs of an RDM of so many conditions, those both of whose conditions are among these.
arma::uvec pairs_among(const arma::uvec &conditions, std::size_t count) {
  std::vector<bool> in(count, false);
  for (const auto c : conditions) in[c] = true;
  std::vector<arma::uword> out;
  arma::uword pair = 0;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = i + 1; j < count; ++j, ++pair)
      if (in[i] && in[j]) out.push_back(pair);
  return out;
}

double mean_of(const std::vector<double> &values) { return values.empty() ? unknown : arma::mean(arma::vec(values)); }

} // namespace

arma::vec nonnegative_least_squares(const arma::mat &A, const arma::vec &b) {
  if (A.n_rows != b.n_elem) throw std::invalid_argument("least squares of another number of equations");
  if (!A.is_finite() || !b.is_finite()) throw NotApplicable("least squares of values that are not finite");
  const arma::uword n = A.n_cols;
  arma::vec w(n, arma::fill::zeros);
  arma::rowvec length = arma::sqrt(arma::sum(arma::square(A), 0));
  length.transform([](double x) { return x > 0 ? x : 1; });
  const arma::mat unit = A.each_row() / length;
  const arma::mat gram = unit.t() * unit;
  const arma::vec target = unit.t() * b;
  const double nothing = 1e-12 * std::max(arma::norm(b), std::numeric_limits<double>::min());
  std::vector<bool> free(n, false);
  const auto frees = [&] {
    std::vector<arma::uword> out;
    for (arma::uword k = 0; k < n; ++k)
      if (free[k]) out.push_back(k);
    return arma::uvec(out);
  };
  for (arma::uword round = 0; round < 3 * n; ++round) { // rounding could have it go around
    const arma::vec slope = target - gram * w;
    arma::uword best = n;
    for (arma::uword k = 0; k < n; ++k)
      if (!free[k] && slope[k] > nothing && (best == n || slope[k] > slope[best])) best = k;
    if (best == n) break;
    free[best] = true;
    arma::vec next = solved_for(gram, target, frees());
    while (true) {
      // As far as the first weight that would fall below 0, which then is 0.
      double step = 1;
      for (arma::uword k = 0; k < n; ++k)
        if (free[k] && !(next[k] > 0)) step = std::min(step, w[k] / (w[k] - next[k]));
      if (!(step < 1)) break;
      w += step * (next - w);
      for (arma::uword k = 0; k < n; ++k)
        if (free[k] && !(w[k] > 1e-14 * w.max())) {
          free[k] = false;
          w[k] = 0;
        }
      next = solved_for(gram, target, frees());
    }
    if (!free[best]) break; // it was no descent but for rounding
    w = next;
  }
  return w / length.t();
}

arma::vec weights_of_parts(const arma::mat &parts, const arma::vec &rdm, RdmComparison how) {
  if (how != RdmComparison::pearson && how != RdmComparison::cosine)
    throw std::invalid_argument("weights are fitted for Pearson's correlation or the cosine");
  const arma::uvec known = arma::find_finite(arma::sum(parts, 1) + rdm);
  if (known.n_elem < 2) return arma::vec(parts.n_cols, arma::fill::zeros);
  arma::mat A = parts.rows(known);
  arma::vec b = rdm(known);
  if (how == RdmComparison::pearson) {
    A.each_row() -= arma::rowvec(arma::mean(A, 0));
    b -= arma::mean(b);
  }
  return nonnegative_least_squares(A, b);
}

WeightedModel cross_validated_model(const arma::mat &parts, const arma::mat &subjects, RdmComparison how,
                                    const std::vector<Fold> &folds, const std::function<bool()> &go_on) {
  const std::size_t conditions = conditions_of(parts, subjects);
  WeightedModel out;
  out.weights.zeros(parts.n_cols, folds.size());
  std::vector<double> weighted, equal, lower, upper;
  for (std::size_t f = 0; f < folds.size() && (!go_on || go_on()); ++f) {
    if (folds[f].held_out.n_elem < fewest_held_out)
      throw NotApplicable("a fold holds out three conditions at least: there are too few of them for so many folds");
    const arma::uvec fitted = pairs_among(folds[f].training, conditions),
                     judged = pairs_among(folds[f].held_out, conditions);
    const arma::vec weights =
        weights_of_parts(parts.rows(fitted), pooled_rdm(arma::mat(subjects.rows(fitted)), how), how);
    out.weights.col(f) = weights;
    const arma::mat held_parts = parts.rows(judged);
    arma::mat held = subjects.rows(judged), models = arma::join_rows(held_parts * weights, pooled_rdm(held_parts, how));
    share_missing_pairs(models, held); // the ceiling is of the same pairs
    const arma::rowvec performance = model_performance(models, held, how);
    if (!performance.is_finite()) {
      ++out.valueless;
      continue;
    }
    weighted.push_back(performance[0]);
    equal.push_back(performance[1]);
    if (subjects.n_cols < 2) continue;
    const auto ceiling = noise_ceiling(held, how);
    lower.push_back(ceiling.lower);
    upper.push_back(ceiling.upper);
  }
  out.weighted = mean_of(weighted);
  out.equal = mean_of(equal);
  out.ceiling = {mean_of(lower), mean_of(upper)};
  return out;
}

} // namespace engram::measures
