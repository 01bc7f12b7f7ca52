// Checked runs a comparison of tests/recordings/checks and finds numbers in it.
#pragma once

#include "catch.hpp"
#include "fixtures.hpp"
#include "recordings/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace engram::recordings::testing {

class Checked {
public:
  explicit Checked(const std::string &name) {
    auto config = load_config(std::string(ENGRAM_SOURCE_DIR) + "/tests/recordings/checks/" + name + ".json");
    for (auto *sources : {&config.circuits, &config.recordings})
      for (auto &source : *sources)
        for (std::string *file : {&source.file, &source.stimulus.array.file}) here_ = here_ && find(*file);
    if (!here_) {
      WARN("skipped: no recorded data for " << name);
      return;
    }
    std::vector<std::string> notes;
    std::vector<Area> circuits, recordings;
    for (const auto &source : config.circuits)
      for (auto &area : gather(source, notes)) circuits.push_back(std::move(area));
    for (const auto &source : config.recordings)
      for (auto &area : gather(source, notes)) recordings.push_back(std::move(area));
    found_ = compare(config, circuits, recordings, notes, {});
    for (const auto &lack : found_.lacks) FAIL_CHECK(lack);
  }

  bool here() const { return here_; }

  /// Of a method and an area; of a region and an area as "region/area".
  double value(const std::string &method, const std::string &area, std::size_t nth = 0) const {
    for (const auto &result : found_.results)
      if (result.method == method && names_of(result) == area && nth-- == 0) return result.value;
    FAIL("no result " << method << " of " << area);
    return 0;
  }

  const Result &result(const std::string &method, const std::string &area) const {
    for (const auto &result : found_.results)
      if (result.method == method && names_of(result) == area) return result;
    throw std::runtime_error("no result " + method + " of " + area);
  }

  double cell(const std::string &method, const std::string &area, const std::string &row, const std::string &column,
              std::size_t nth = 0) const {
    const auto &table = table_of(method, area, nth);
    return table.values(place(table.rows, row), place(table.columns, column));
  }

  const Table &table_of(const std::string &method, const std::string &area, std::size_t nth = 0) const {
    for (const auto &table : found_.tables)
      if (table.method == method && table.area == area && nth-- == 0) return table;
    throw std::runtime_error("no table " + method + " of " + area);
  }

private:
  // The folder that stands for ../shared may be elsewhere.
  static bool find(std::string &file) {
    if (file.empty()) return true;
    const std::string normal = std::filesystem::path(file).lexically_normal().string();
    const auto place = normal.rfind("/shared/data/");
    if (place != std::string::npos) file = data::testing::recorded(normal.substr(place + 13));
    return std::filesystem::exists(file);
  }

  static std::string names_of(const Result &result) {
    return result.region.empty() || result.area.empty() ? result.region + result.area
                                                        : result.region + "/" + result.area;
  }

  static arma::uword place(const std::vector<std::string> &names, const std::string &name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) throw std::runtime_error("no row or column " + name);
    return static_cast<arma::uword>(found - names.begin());
  }

  bool here_ = true;
  Comparison found_;
};

/// Does a value have the digits of the text, as "0.4912"? Half a unit of the last digit may be missing.
inline bool has_digits(double value, const std::string &text) {
  const auto point = text.find('.');
  const auto decimals = point == std::string::npos ? 0 : static_cast<double>(text.size() - point - 1);
  return std::abs(value - std::strtod(text.c_str(), nullptr)) <= 0.5 * std::pow(10, -decimals) * (1 + 1e-6);
}

} // namespace engram::recordings::testing

/// CHECK that a value has the digits of a text.
#define DIGITS(value, text)                                                                                            \
  do {                                                                                                                 \
    const double found_value = (value);                                                                                \
    INFO(#value << " is " << found_value << ", and should be " << (text));                                             \
    CHECK(engram::recordings::testing::has_digits(found_value, text));                                                 \
  } while (false)
