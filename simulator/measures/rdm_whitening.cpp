#include "measures/rdm_whitening.hpp"

#include "error/error.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/unknown.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace engram::measures {

namespace {

constexpr std::size_t most_solved = 4000; // pairs in a system that is solved

struct PairOf {
  arma::uword i = 0, j = 0;
};

// Sum over each condition of the pairs that hold it; NaN count nothing.
arma::vec sums_by_condition(const arma::vec &x, std::size_t conditions) {
  arma::vec sum(conditions, arma::fill::zeros);
  const double *value = x.memptr();
  for (std::size_t i = 0; i < conditions; ++i)
    for (std::size_t j = i + 1; j < conditions; ++j, ++value)
      if (!std::isnan(*value)) {
        sum[i] += *value;
        sum[j] += *value;
      }
  return sum;
}

// (2 + BᵀB)⁻¹ s, where B, pairs × conditions, says which pair of those in x holds which condition.
arma::vec solved_by_condition(const arma::vec &x, const arma::vec &s) {
  const auto conditions = static_cast<double>(s.n_elem);
  if (!x.has_nan()) return (s - arma::accu(s) / (2 * conditions)) / conditions; // BᵀB = C − 2 + 1 1ᵀ
  arma::mat M(s.n_elem, s.n_elem, arma::fill::zeros);
  const double *value = x.memptr();
  for (std::size_t i = 0; i < s.n_elem; ++i)
    for (std::size_t j = i + 1; j < s.n_elem; ++j, ++value)
      if (!std::isnan(*value)) {
        M.at(i, j) = M.at(j, i) = 1;
        ++M.at(i, i);
        ++M.at(j, j);
      }
  M.diag() += 2;
  return arma::solve(M, s, arma::solve_opts::likely_sympd);
}

// V = 2 + B Bᵀ, so that V⁻¹ = (1 − B (2 + BᵀB)⁻¹ Bᵀ) / 2 (Woodbury), and no matrix of pairs × pairs is needed.
arma::vec of_equal_noise(const arma::vec &x) {
  const std::size_t conditions = conditions_of(x.n_elem);
  const arma::vec by_condition = solved_by_condition(x, sums_by_condition(x, conditions));
  arma::vec out = x / 2;
  double *value = out.memptr();
  for (std::size_t i = 0; i < conditions; ++i)
    for (std::size_t j = i + 1; j < conditions; ++j, ++value) *value -= (by_condition[i] + by_condition[j]) / 2;
  return out;
}

// With c_p the contrast of pair p, d_p = c_pᵀ G c_p of second moments G about the mean, which noise gives the
// covariance Σ ⊗ Σ. The map from G to d has an inverse, G = −H D H / 2, so that V⁻¹ d are the pairs of P D P / 2, where
// P inverts HΣH among the contrasts.
arma::vec of_all_pairs(const arma::mat &P, const arma::vec &x) {
  return upper_triangle(arma::mat(P * rdm_of_pairs(x) * P)) / 2;
}

std::vector<PairOf> pairs_of(const arma::uvec &which, std::size_t conditions) {
  std::vector<PairOf> out;
  arma::uword row = 0;
  auto next = which.begin();
  for (arma::uword i = 0; i < conditions && next != which.end(); ++i)
    for (arma::uword j = i + 1; j < conditions && next != which.end(); ++j, ++row)
      if (*next == row) {
        out.push_back({i, j});
        ++next;
      }
  return out;
}

// The part of V, or of V⁻¹, of these pairs.
template <class Entry> arma::mat among(const std::vector<PairOf> &pairs, Entry &&entry) {
  arma::mat out(pairs.size(), pairs.size());
  for (std::size_t q = 0; q < pairs.size(); ++q)
    for (std::size_t p = 0; p <= q; ++p) out.at(p, q) = out.at(q, p) = entry(pairs[p], pairs[q]);
  return out;
}

arma::vec solved(const arma::mat &part, const arma::vec &right) {
  arma::vec out;
  if (!arma::solve(out, part, right, arma::solve_opts::likely_sympd))
    throw NotApplicable("RSA: the covariance of the pairs that are not missing is singular");
  return out;
}

// Of the pairs that are there: V's own part is inverted, or W = V⁻¹ of all pairs is taken, with the missing ones set so
// that W x is 0 there. The smaller of both systems is solved.
arma::vec of_some_pairs(const arma::mat &S, const arma::mat &P, const arma::vec &x) {
  const arma::uvec missing = arma::find_nan(x), there = arma::find_finite(x);
  if (std::min(missing.n_elem, there.n_elem) > most_solved)
    throw NotApplicable("RSA: " + std::to_string(missing.n_elem) + " of " + std::to_string(x.n_elem) +
                        " pairs are missing, too many for a noise covariance that is given");
  arma::vec out(x.n_elem, arma::fill::value(unknown));
  if (there.is_empty()) return out;
  if (there.n_elem < missing.n_elem) {
    const arma::mat V = among(pairs_of(there, S.n_rows), [&](const PairOf &a, const PairOf &b) {
      const double c = S.at(a.i, b.i) - S.at(a.i, b.j) - S.at(a.j, b.i) + S.at(a.j, b.j);
      return c * c;
    });
    out(there) = solved(V, x(there));
    return out;
  }
  const arma::mat W = among(pairs_of(missing, S.n_rows), [&](const PairOf &a, const PairOf &b) {
    return (P.at(a.i, b.i) * P.at(a.j, b.j) + P.at(a.i, b.j) * P.at(a.j, b.i)) / 2;
  });
  arma::vec filled = x;
  filled(missing).zeros();
  const arma::vec left = of_all_pairs(P, filled);
  filled(missing) = -solved(W, left(missing));
  out = of_all_pairs(P, filled);
  out(missing).fill(unknown);
  return out;
}

} // namespace

RdmWhitening::RdmWhitening(const arma::mat &noise) {
  arma::mat inverse;
  if (noise.is_empty() || !noise.is_square() || !noise.is_finite() ||
      !arma::approx_equal(noise, noise.t(), "reldiff", 1e-6) || !arma::inv_sympd(inverse, arma::symmatu(noise)))
    throw NotApplicable("RSA: the covariance of the conditions' noise is not symmetric and positive definite");
  const arma::vec sums = arma::sum(inverse, 1);
  noise_ = std::make_shared<const Noise>(Noise{arma::symmatu(noise), inverse - sums * sums.t() / arma::accu(sums)});
}

arma::vec RdmWhitening::operator()(const arma::vec &x) const {
  if (equal()) return of_equal_noise(x);
  if (conditions_of(x.n_elem) != conditions())
    throw std::invalid_argument("RSA: pairs of " + std::to_string(conditions_of(x.n_elem)) + " conditions, noise of " +
                                std::to_string(conditions()));
  return x.has_nan() ? of_some_pairs(noise_->covariance, noise_->precision, x) : of_all_pairs(noise_->precision, x);
}

RdmWhitening RdmWhitening::drawn(const std::vector<std::size_t> &which) const {
  if (equal()) return {};
  const arma::mat &S = noise_->covariance;
  const arma::vec deviation = arma::sqrt(S.diag());
  arma::vec shares;
  if (!arma::eig_sym(shares, arma::mat(S / (deviation * deviation.t()))))
    throw Failed("the eigenvalues did not converge");
  const double own = shares.min();
  arma::mat out(which.size(), which.size());
  for (std::size_t b = 0; b < which.size(); ++b)
    for (std::size_t a = 0; a < which.size(); ++a)
      out.at(a, b) = S.at(which[a], which[b]) * (a != b && which[a] == which[b] ? 1 - own : 1);
  return RdmWhitening(out);
}

} // namespace engram::measures
