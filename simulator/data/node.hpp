// A tree of Nodes describes what a file holds, for a person or a program to read.
#pragma once

#include <cstddef>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

namespace engram::data {

struct Node {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  std::string name;
  std::string kind;               ///< group, series, table, column, array, text, image, struct, cell
  std::string type;               ///< of the values: "float64", "text", …
  std::string object;             ///< of an NWB object: its neurodata_type, "ElectricalSeries"
  std::vector<std::size_t> shape; ///< empty: a single value, or a group
  std::string unit;
  double rate_hz = none, start_s = none, duration_s = none;
  std::vector<std::string> facts; ///< what else is to be said, a few words each
  std::string note;               ///< the file's own description
  std::vector<double> values;     ///< the first ones
  std::vector<std::string> texts; ///< the first ones; of a column of texts, the first of its distinct values
  std::size_t of_values = 0;      ///< how many there are of which `values` or `texts` are the first
  std::vector<Node> children;
};

struct FileDescription {
  std::string path, format, version; ///< "NWB", "2.7.0"
  std::string title;                 ///< the file's own description of itself
  std::string identifier;
  std::vector<std::pair<std::string, std::string>> facts; ///< "subject/species", "Homo sapiens"
  std::vector<Node> children;
};

inline constexpr std::size_t shown_values = 6;         ///< of numbers
inline constexpr std::size_t shown_texts = 12;         ///< of texts
inline constexpr std::size_t described_rows = 100'000; ///< of a column whose distinct values are counted

/// Without what is empty or NaN.
nlohmann::json to_json(const Node &node);
nlohmann::json to_json(const FileDescription &file);
/// The inverse. Errors: nlohmann::json::exception for what to_json does not write.
FileDescription from_json(const nlohmann::json &json);

} // namespace engram::data
