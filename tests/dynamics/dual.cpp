// The functions of engram/dual.hpp that are written out: their errors beside long double, and their ends.
#include "catch.hpp"

#include <engram/dual.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using engram::Dual;
using engram::Scalar;

namespace {

// |a − b| in units of the last place of b.
template <class T> double in_last_places(T a, long double b) {
  const T size = std::abs(static_cast<T>(b)), next = std::nextafter(size, std::numeric_limits<T>::infinity());
  return static_cast<double>(std::abs(static_cast<long double>(a) - b) / static_cast<long double>(next - size));
}

struct Errors {
  double exp = 0, log = 0, tanh = 0;
};

template <class T> Errors errors_of(T largest) {
  std::mt19937_64 generator(1);
  std::uniform_real_distribution<double> wide(-1, 1);
  Errors worst;
  for (int k = 0; k < 200000; ++k) {
    const double scale = k % 3 == 0 ? static_cast<double>(largest) : k % 3 == 1 ? 3 : 1e-4;
    const T x = static_cast<T>(scale * wide(generator)), positive = static_cast<T>(std::exp(scale * wide(generator)));
    worst.exp = std::max(worst.exp, in_last_places(exp(Scalar<T>(x)).value, std::exp(static_cast<long double>(x))));
    worst.tanh = std::max(worst.tanh, in_last_places(tanh(Scalar<T>(x)).value, std::tanh(static_cast<long double>(x))));
    if (positive != T(1))
      worst.log = std::max(
          worst.log, in_last_places(log(Scalar<T>(positive)).value, std::log(static_cast<long double>(positive))));
  }
  return worst;
}

} // namespace

TEST_CASE("exp, log and tanh of plugins are within four units in the last place", "[dynamics][plugins]") {
  const auto twice = errors_of<double>(700);
  CHECK(twice.exp < 2);
  CHECK(twice.log < 4);
  CHECK(twice.tanh < 4);
  const auto single = errors_of<float>(86);
  CHECK(single.exp < 2);
  CHECK(single.log < 4);
  CHECK(single.tanh < 4);
}

TEST_CASE("exp, log and tanh of plugins keep infinity and NaN", "[dynamics][plugins]") {
  using S = Scalar<double>;
  const double infinite = std::numeric_limits<double>::infinity(), none = std::numeric_limits<double>::quiet_NaN();
  CHECK(exp(S(709.7)).value == Approx(std::exp(709.7)).epsilon(1e-14));
  CHECK(exp(S(710)).value == infinite);
  CHECK(exp(S(-710)).value == 0);
  CHECK(exp(S(-infinite)).value == 0);
  CHECK(std::isnan(exp(S(none)).value));
  CHECK(log(S(0)).value == -infinite);
  CHECK(std::isnan(log(S(-1)).value));
  CHECK(log(S(infinite)).value == infinite);
  CHECK(std::isnan(log(S(none)).value));
  CHECK(tanh(S(infinite)).value == 1);
  CHECK(tanh(S(-1e300)).value == -1);
  CHECK(std::isnan(tanh(S(none)).value));
}

TEST_CASE("derivatives of derivatives: the second derivative of a function of all operations", "[dynamics][plugins]") {
  using S = Scalar<double>;
  using Once = Dual<S, 1>;
  using Twice = Dual<Once, 1>;
  const auto f = [](const auto &x) {
    return exp(-x * x / 3) + 2 / (1 + x * x) - softplus(x) * sigmoid(2 * x) + sqrt(x + 3) * log(x + 2) - tanh(x) / 4 +
           relative_exp(x) + pow(x + 2, 1.5) + sin(x) * cos(2 * x) + max(x, -5) + min(0.5 * x, 7);
  };
  const double at = 0.7, h = 1e-3;
  const auto value = [&](double x) { return f(Once(S(x), {S(1)})).value.value; };
  const auto first = [&](double x) { return f(Once(S(x), {S(1)})).part[0].value; };
  const Twice x(Once(S(at), {S(1)}), {Once(S(1), {S(0)})});
  const auto second = f(x).part[0].part[0].value;
  const auto slope = [&](auto g) { return (8 * (g(at + h) - g(at - h)) - (g(at + 2 * h) - g(at - 2 * h))) / (12 * h); };
  CHECK(first(at) == Approx(slope(value)).epsilon(1e-9));
  CHECK(second == Approx(slope(first)).epsilon(1e-9));
}
