// two_waves() draws signals whose spectra and coherence were computed by SciPy (tests/measures/spectrum.cpp).
#pragma once

#include <armadillo>
#include <cmath>

/// sin(0.3 k) and cos(0.3 k), with a saw each; `samples` × 2.
inline arma::mat two_waves(arma::uword samples) {
  arma::mat out(samples, 2);
  for (arma::uword k = 0; k < samples; ++k) {
    const auto t = static_cast<double>(k);
    out(k, 0) = std::sin(0.3 * t) + 0.1 * static_cast<double>(k % 5);
    out(k, 1) = std::cos(0.3 * t) + 0.05 * static_cast<double>(k % 7);
  }
  return out;
}
