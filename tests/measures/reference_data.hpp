// This reads the inputs and expected numbers that the scripts of reference/ have written.
#pragma once

#include "measures/folds.hpp"
#include "representation_reference.hpp"

#include <armadillo>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace reference_data {

using nlohmann::json;
using reference::matrix;
using reference::number;
using reference::vector;

inline json load(const std::string &name) {
  return json::parse(std::ifstream(ENGRAM_SOURCE_DIR "/tests/measures/reference/" + name + ".json"));
}

inline arma::uvec indices(const json &j) { return arma::uvec(j.get<std::vector<arma::uword>>()); }

// Rows × columns × slices.
inline arma::cube cube(const json &j) {
  arma::cube out(j.size(), j.at(0).size(), j.at(0).at(0).size());
  for (arma::uword r = 0; r < out.n_rows; ++r)
    for (arma::uword c = 0; c < out.n_cols; ++c)
      for (arma::uword s = 0; s < out.n_slices; ++s) out(r, c, s) = number(j[r][c][s]);
  return out;
}

inline std::vector<engram::measures::Fold> folds(const json &held_out, std::size_t conditions) {
  std::vector<engram::measures::Fold> out;
  for (const auto &part : held_out) {
    const arma::uvec held = arma::sort(indices(part));
    std::vector<arma::uword> rest;
    for (arma::uword c = 0; c < conditions; ++c)
      if (!std::binary_search(held.begin(), held.end(), c)) rest.push_back(c);
    out.push_back({arma::uvec(rest), held});
  }
  return out;
}

// Greatest difference, as a share of the greatest expected value. Not finite for different shapes; NaN agrees with NaN.
inline double off(const arma::mat &found, const arma::mat &expected) {
  if (arma::size(found) != arma::size(expected)) return std::numeric_limits<double>::infinity();
  double difference = 0, size = 0;
  for (arma::uword k = 0; k < found.n_elem; ++k) {
    if (std::isnan(found[k]) && std::isnan(expected[k])) continue;
    if (std::isnan(found[k]) || std::isnan(expected[k])) return std::numeric_limits<double>::infinity();
    difference = std::max(difference, std::abs(found[k] - expected[k]));
    size = std::max(size, std::abs(expected[k]));
  }
  return difference / std::max(size, std::numeric_limits<double>::min());
}

} // namespace reference_data
