#include "measures/weighted_rdms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace engram::measures {

namespace {

// From the distance to the first value that counts, which is exactly 0 where all are alike.
void centre(arma::vec &x, const arma::vec &weights) {
  std::size_t first = 0;
  while (first < x.n_elem && weights[first] == 0) ++first;
  if (first == x.n_elem) return;
  x -= double{x[first]};
  double sum = 0, all = 0;
  for (std::size_t k = 0; k < x.n_elem; ++k) {
    sum += weights[k] * x[k];
    all += weights[k];
  }
  x -= sum / all;
}

// Column k; where there is no pair, an empty one, which Armadillo cannot take a view of.
arma::vec column(const arma::mat &rdms, std::size_t k) {
  return rdms.is_empty() ? arma::vec() : arma::vec(rdms.col(k));
}

} // namespace

bool WeightedRdms::can(RdmComparison how) {
  return how == RdmComparison::pearson || how == RdmComparison::spearman || how == RdmComparison::cosine;
}

WeightedRdms::WeightedRdms(const arma::mat &rdms, RdmComparison how) : rdms_(rdms), how_(how) {
  if (how == RdmComparison::spearman)
    for (std::size_t k = 0; k < rdms.n_cols; ++k) orders_.push_back(order_of(column(rdms, k)));
}

arma::vec WeightedRdms::normalised(std::size_t k, const arma::vec &weights) const {
  arma::vec x = how_ == RdmComparison::spearman ? ranks(orders_[k], weights) : column(rdms_, k);
  if (how_ != RdmComparison::cosine) centre(x, weights);
  double square = 0;
  for (std::size_t i = 0; i < x.n_elem; ++i) square += weights[i] * x[i] * x[i];
  return x * (square > 0 ? 1 / std::sqrt(square) : std::numeric_limits<double>::quiet_NaN());
}

WeightedRdms::Order WeightedRdms::order_of(const arma::vec &x) {
  Order order;
  order.pairs.resize(x.n_elem);
  std::iota(order.pairs.begin(), order.pairs.end(), std::size_t{0});
  std::sort(order.pairs.begin(), order.pairs.end(),
            [&](std::size_t a, std::size_t b) { return std::pair(x[a], a) < std::pair(x[b], b); });
  for (std::size_t k = 1; k <= x.n_elem; ++k)
    if (k == x.n_elem || x[order.pairs[k]] != x[order.pairs[k - 1]]) order.ends.push_back(k);
  return order;
}

arma::vec WeightedRdms::ranks(const Order &order, const arma::vec &weights) {
  arma::vec out(weights.n_elem);
  double before = 0;
  std::size_t first = 0;
  for (const std::size_t end : order.ends) {
    double group = 0;
    for (std::size_t k = first; k < end; ++k) group += weights[order.pairs[k]];
    const double rank = before + (group + 1) / 2;
    for (; first < end; ++first) out[order.pairs[first]] = rank;
    before += group;
  }
  return out;
}

} // namespace engram::measures
