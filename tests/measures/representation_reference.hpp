// This reads the expected numbers that reference/representation.py computed. Matrices are lists of rows, and null is
// NaN.
#pragma once

#include <armadillo>
#include <nlohmann/json.hpp>

#include <fstream>
#include <limits>

namespace reference {

inline const nlohmann::json &representation() {
  static const auto values =
      nlohmann::json::parse(std::ifstream(ENGRAM_SOURCE_DIR "/tests/measures/reference/representation.json"));
  return values;
}

inline double number(const nlohmann::json &value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

inline arma::vec vector(const nlohmann::json &values) {
  arma::vec out(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) out[k] = number(values[k]);
  return out;
}

inline arma::mat matrix(const nlohmann::json &rows) {
  arma::mat out(rows.size(), rows[0].size());
  for (std::size_t k = 0; k < rows.size(); ++k) out.row(k) = vector(rows[k]).t();
  return out;
}

/// A slice for each.
inline arma::cube slices(const nlohmann::json &matrices) {
  const arma::mat first = matrix(matrices[0]);
  arma::cube out(first.n_rows, first.n_cols, matrices.size());
  for (std::size_t k = 0; k < matrices.size(); ++k) out.slice(k) = matrix(matrices[k]);
  return out;
}

/// Largest difference of two arrays of one shape; infinite where one of them is NaN.
template <class A, class B> double apart(const A &a, const B &b) {
  const arma::vec off = arma::abs(arma::vectorise(a - b));
  return off.has_nan() ? std::numeric_limits<double>::infinity() : off.max();
}
} // namespace reference
