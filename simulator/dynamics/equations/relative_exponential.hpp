// relative_exponential() is (exp(x) − 1) / x, which is 1 at 0, and its derivatives.
#pragma once

#include <cmath>

namespace engram::dynamics::equations {

/// The n-th derivative of (exp(x) − 1) / x: ∫ sⁿ exp(x s) ds from 0 to 1, n from 0 to 3. Near 0 by its series
/// Σ xᵏ / (k! (k + n + 1)), else by parts: f₀ = (exp(x) − 1) / x, fₙ = (exp(x) − n fₙ₋₁) / x.
template <class T> inline T relative_exponential(T x, int n) {
  if (n == 0) return x == T(0) ? T(1) : std::expm1(x) / x;
  constexpr int terms = 18; // for |x| below 1 the next one is below 1e-17
  T near = 0, power = 1;
  for (int k = 0; k < terms; ++k) {
    near += power / static_cast<T>(k + n + 1);
    power *= x / static_cast<T>(k + 1);
  }
  const T e = std::exp(x);
  T far = std::expm1(x) / x;
  for (int k = 1; k <= n; ++k) far = (e - static_cast<T>(k) * far) / x;
  return std::abs(x) < T(1) ? near : far;
}

} // namespace engram::dynamics::equations
