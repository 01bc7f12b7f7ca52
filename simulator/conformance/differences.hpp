// Gradients are compared with finite differences by these functions.
#pragma once

#include "conformance/child.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

namespace engram::conformance {

inline double dot(const std::vector<double> &a, const std::vector<double> &b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

inline std::vector<double> moved_by(const std::vector<double> &x, double by, const std::vector<double> &way) {
  auto out = x;
  for (std::size_t k = 0; k < x.size(); ++k) out[k] += by * way[k];
  return out;
}

/// Directions in which functions are differentiated: each entry lies between -1 and 1.
class Directions {
public:
  explicit Directions(unsigned seed) : generator_(seed) {}
  std::vector<double> operator()(std::size_t size) {
    std::vector<double> way(size);
    for (double &x : way) x = draw_(generator_);
    return way;
  }

private:
  std::mt19937 generator_;
  std::uniform_real_distribution<double> draw_{-1, 1};
};

/// The derivative of f at 0, by differences of fourth order, and how far two lengths of the difference disagree.
template <class F> std::pair<double, double> difference(F f) {
  const auto slope = [&](double h) { return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h); };
  const double fine = slope(1e-4), coarse = slope(2e-4);
  return {fine, std::abs(fine - coarse)};
}

/// Throws Failure unless `exact` is what was seen. `worst` receives the greatest error so far. Returns whether anything
/// could be said: where the function has a kink within the difference, the two lengths disagree, and nothing is.
inline bool expect_slope(double exact, const std::pair<double, double> &seen, double size, const char *what,
                         double &worst) {
  const double error = std::abs(exact - seen.first), scale = std::max(size, std::abs(exact));
  if (seen.second > 1e-6 * scale) return false;
  worst = std::max(worst, error / scale);
  if (!(error <= 1e-6 * scale))
    throw Failure{
        fmt::format("the gradient of {} is {:.9g} by derivatives and {:.9g} by differences", what, exact, seen.first)};
  return true;
}

} // namespace engram::conformance
