#include "measures/rdm_incomplete.hpp"

#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "numeric/product.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

using Block = numeric::Block<double>;

// A Bᵀ.
arma::mat outer(const arma::mat &A, const arma::mat &B, int threads) {
  arma::mat out(A.n_rows, B.n_rows);
  numeric::product(1.0, Block(A), Block(B, true), 0.0, out, threads);
  return out;
}

// Neurons that were observed in the same trials.
struct Group {
  std::vector<arma::uword> neurons;
  arma::mat there;  // C × R: 1 where they were observed
  arma::vec count;  // C: repeats
  arma::mat sums;   // C × neurons, over repeats
  arma::mat trials; // C × (neurons R), the neurons of the first repeat first; 0 where they were not observed
};

arma::mat observed(const arma::cube &X, arma::uword neuron) {
  arma::mat there(X.n_rows, X.n_slices);
  for (arma::uword r = 0; r < X.n_slices; ++r)
    for (arma::uword c = 0; c < X.n_rows; ++c) there(c, r) = std::isnan(X(c, neuron, r)) ? 0 : 1;
  return there;
}

std::vector<Group> groups_of(const arma::cube &X) {
  std::vector<Group> out;
  for (arma::uword n = 0; n < X.n_cols; ++n) {
    arma::mat there = observed(X, n);
    const auto known = std::find_if(out.begin(), out.end(), [&](const Group &g) {
      return std::equal(there.begin(), there.end(), g.there.begin());
    });
    if (known != out.end())
      known->neurons.push_back(n);
    else
      out.push_back({{n}, std::move(there), {}, {}, {}});
  }
  for (auto &group : out) {
    const arma::uword size = group.neurons.size();
    group.count = arma::sum(group.there, 1);
    group.sums.zeros(X.n_rows, size);
    group.trials.zeros(X.n_rows, size * X.n_slices);
    for (arma::uword r = 0; r < X.n_slices; ++r)
      for (arma::uword k = 0; k < size; ++k)
        for (arma::uword c = 0; c < X.n_rows; ++c)
          if (group.there(c, r) > 0) group.trials(c, r * size + k) = X(c, group.neurons[k], r);
    for (arma::uword r = 0; r < X.n_slices; ++r) group.sums += group.trials.cols(r * size, (r + 1) * size - 1);
  }
  return out;
}

// Σ_r x_ir P x_jrᵀ of the trials of two groups: the smaller one is taken through P.
arma::mat same_repeat(const Group &g, const Group &h, const arma::mat &P, arma::uword repeats, int threads) {
  if (h.neurons.size() < g.neurons.size()) return same_repeat(h, g, P.t(), repeats, threads).t();
  const arma::uword of_g = g.neurons.size(), of_h = h.neurons.size();
  arma::mat weighed(h.trials.n_rows, of_g * repeats);
  for (arma::uword r = 0; r < repeats; ++r)
    weighed.cols(r * of_g, (r + 1) * of_g - 1) = h.trials.cols(r * of_h, (r + 1) * of_h - 1) * P.t();
  return outer(g.trials, weighed, threads);
}

// s_ij N of the neurons of two groups: products of different repeats, the mean over those that are there.
arma::mat similarities(const Group &g, const Group &h, const arma::mat &P, arma::uword repeats, int threads) {
  const arma::mat sum = outer(arma::mat(g.sums * P), h.sums, threads) - same_repeat(g, h, P, repeats, threads);
  const arma::mat pairs = g.count * h.count.t() - outer(g.there, h.there, threads);
  return sum / pairs; // 0 / 0 is NaN
}

// (s_ii + s_jj − s_ij − s_ji) of each two neurons that have two repeats of both conditions, weighed by their precision.
double of_some_neurons(const arma::cube &X, arma::uword i, arma::uword j, const arma::uvec &which,
                       const arma::mat &precision) {
  const arma::uword neurons = which.n_elem, repeats = X.n_slices;
  arma::mat a(repeats, neurons), b(repeats, neurons);
  for (arma::uword k = 0; k < neurons; ++k)
    for (arma::uword r = 0; r < repeats; ++r) {
      a(r, k) = X(i, which[k], r);
      b(r, k) = X(j, which[k], r);
    }
  const auto between = [](const arma::mat &x, const arma::mat &y) {
    arma::mat value_x = x, value_y = y, there_x(arma::size(x), arma::fill::ones), there_y = there_x;
    for (arma::uword k = 0; k < x.n_elem; ++k) {
      if (std::isnan(x[k])) there_x[k] = value_x[k] = 0;
      if (std::isnan(y[k])) there_y[k] = value_y[k] = 0;
    }
    const arma::mat sum = arma::sum(value_x, 0).t() * arma::sum(value_y, 0) - value_x.t() * value_y;
    const arma::mat pairs = arma::sum(there_x, 0).t() * arma::sum(there_y, 0) - there_x.t() * there_y;
    return arma::mat(sum / pairs);
  };
  const arma::mat across = between(a, b), products = between(a, a) + between(b, b) - across - across.t();
  return arma::dot(precision_of(precision, which), products) / static_cast<double>(neurons);
}

} // namespace

arma::mat precision_of(const arma::mat &precision, const arma::uvec &which) {
  if (which.n_elem == precision.n_rows) return precision;
  std::vector<arma::uword> rest;
  for (arma::uword n = 0, k = 0; n < precision.n_rows; ++n)
    if (k < which.n_elem && which[k] == n)
      ++k;
    else
      rest.push_back(n);
  const arma::uvec out(rest);
  arma::mat solved;
  if (!arma::solve(solved, arma::mat(precision.submat(out, out)), arma::mat(precision.submat(out, which)),
                   arma::solve_opts::likely_sympd))
    throw NotApplicable("noise covariance: singular");
  return precision.submat(which, which) - precision.submat(which, out) * solved;
}

arma::mat incomplete_crossnobis(const arma::cube &X, const arma::mat &precision, int threads) {
  const auto groups = groups_of(X);
  const arma::uword conditions = X.n_rows, repeats = X.n_slices;
  arma::mat kernel(conditions, conditions, arma::fill::zeros);
  for (std::size_t h = 0; h < groups.size(); ++h)
    for (std::size_t g = 0; g <= h; ++g) {
      const arma::mat P = precision.submat(arma::uvec(groups[g].neurons), arma::uvec(groups[h].neurons));
      const arma::mat part = similarities(groups[g], groups[h], P, repeats, threads);
      kernel += part;
      if (g != h) kernel += part.t();
    }
  // Of a condition to which some neurons have no two repeats, the kernel does not serve.
  arma::umat enough(conditions, X.n_cols);
  for (const auto &group : groups)
    for (const auto n : group.neurons) enough.col(n) = group.count >= 2;
  const arma::uvec all = arma::min(enough, 1);
  arma::mat out(conditions, conditions, arma::fill::zeros);
  for_each_part(threads, conditions, [&](std::size_t j) {
    for (std::size_t i = 0; i < j; ++i) {
      if (all[i] && all[j]) {
        out(i, j) = (kernel(i, i) + kernel(j, j) - kernel(i, j) - kernel(j, i)) / static_cast<double>(X.n_cols);
        continue;
      }
      const arma::uvec which = arma::find(arma::urowvec(enough.row(i) % enough.row(j)));
      out(i, j) = which.is_empty() ? arma::datum::nan : of_some_neurons(X, i, j, which, precision);
    }
  });
  return arma::symmatu(out);
}

} // namespace engram::measures
