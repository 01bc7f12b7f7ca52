// These functions say how far a current moves the potential of a leaky membrane in a time h, by h = a step or less.
#pragma once

#include <cmath>
#include <numbers>

namespace engram::dynamics {

/// ∫₀ʰ e^{−(h−s)/τ_m} ds / C: what a constant unit of current does.
inline double constant_pull(double tau_m, double c, double h) { return -std::expm1(-h / tau_m) * tau_m / c; }

/// ∫₀ʰ e^{−(h−s)/τ_m} k(s) ds / C for k = e^{−s/τ}: `x` of exponential, `g` of alpha. The limit as τ → τ_m is taken
/// where the two are close.
inline double exponential_pull(double tau_m, double tau, double c, double h) {
  const double a = 1 / tau - 1 / tau_m; // e^{−h/τ_m} ∫ e^{−a s} ds
  const double integral = std::abs(a * h) < 1e-9 ? h : -std::expm1(-a * h) / a;
  return std::exp(-h / tau_m) * integral / c;
}

/// The same for k = e (s/τ) e^{−s/τ}: `x` of alpha.
inline double alpha_pull(double tau_m, double tau, double c, double h) {
  const double a = 1 / tau - 1 / tau_m, z = a * h;
  // ∫₀ʰ s e^{−a s} ds = h² (1 − (1 + z) e^{−z}) / z², by its series where z is small
  const double integral =
      std::abs(z) < 1e-3 ? h * h * (0.5 - z / 3 + z * z / 8) : h * h * (1 - (1 + z) * std::exp(-z)) / (z * z);
  return std::numbers::e / tau * std::exp(-h / tau_m) * integral / c;
}

} // namespace engram::dynamics
