#include "measures/multiple_comparisons.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

namespace engram::measures {

namespace {

// Places of the p-values that are numbers, the smallest first.
std::vector<std::size_t> rising(const arma::vec &p) {
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < p.n_elem; ++k) {
    if (p[k] < 0 || p[k] > 1) throw std::invalid_argument("p-values lie between 0 and 1");
    if (!std::isnan(p[k])) order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  return order;
}

} // namespace

arma::vec holm(const arma::vec &p) {
  const auto order = rising(p);
  arma::vec adjusted = p;
  double largest = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    largest = std::max(largest, std::min(1.0, static_cast<double>(order.size() - k) * p[order[k]]));
    adjusted[order[k]] = largest;
  }
  return adjusted;
}

arma::vec benjamini_hochberg(const arma::vec &p) {
  const auto order = rising(p);
  arma::vec adjusted = p;
  double smallest = 1;
  for (std::size_t k = order.size(); k-- > 0;) {
    smallest = std::min(smallest, static_cast<double>(order.size()) / static_cast<double>(k + 1) * p[order[k]]);
    adjusted[order[k]] = smallest;
  }
  return adjusted;
}

} // namespace engram::measures
