// This gives expected numbers from tests/measures/reference, and spike trains to test with.
#pragma once

#include "numeric/random.hpp"

#include <nlohmann/json.hpp>

#include <armadillo>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace engram::measures::testing {

/// tests/measures/reference/NAME.json, which NAME.py there wrote.
inline nlohmann::json stored(const std::string &name) {
  const std::string path = std::string(ENGRAM_SOURCE_DIR) + "/tests/measures/reference/" + name + ".json";
  std::ifstream in(path);
  if (!in) throw std::runtime_error("no " + path);
  return nlohmann::json::parse(in);
}

inline arma::vec vector_of(const nlohmann::json &values) { return values.get<std::vector<double>>(); }

/// A matrix from rows; null is NaN.
inline arma::mat matrix_of(const nlohmann::json &rows) {
  arma::mat out(rows.size(), rows.at(0).size());
  for (arma::uword i = 0; i < out.n_rows; ++i)
    for (arma::uword j = 0; j < out.n_cols; ++j)
      out(i, j) = rows[i][j].is_null() ? arma::datum::nan : rows[i][j].get<double>();
  return out;
}

inline numeric::Random random_of(std::uint64_t seed) { return {seed, numeric::Purpose::noise, 0}; }

/// Poisson process of a rate (Hz) in [start, stop) ms.
inline std::vector<double> poisson(double hertz, double start, double stop, std::uint64_t seed) {
  const auto random = random_of(seed);
  std::vector<double> out;
  double t = start;
  for (std::uint64_t k = 0;; ++k) {
    t -= 1000 / hertz * std::log(random.uniform(k));
    if (t >= stop) return out;
    out.push_back(t);
  }
}

} // namespace engram::measures::testing
