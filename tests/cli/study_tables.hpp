// A study of small runs, and its tables.
#pragma once

#include "command.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace study_tables {

using Rows = std::vector<std::vector<std::string>>;

// Exclusive or by two rules, each at a rate of its own, two seeds each.
inline void write_study(const command::Folder &folder, const std::string &epochs = "4",
                        const std::string &checkpoint = "auto") {
  folder.write("xor.json", R"({ "extends": ")" + command::model("credit-assignment/xor.json") + "\" }");
  folder.write("s.json", R"({ "name": "small", "model": "xor.json", "rules": ["feedback_alignment", "backprop"],
    "vary": { "/learning/rules/local/rate": { "log_range": { "from": 0.01, "to": 0.1, "count": 2 } } },
    "zip": [["rule", "/learning/rules/local/rate"]], "seeds": [3, 4],
    "runs": { "epochs": )" + epochs +
                             R"(, "checkpoint": ")" + checkpoint + R"(" }, "best": { "by": "training loss" } })");
}

// The fields of each line of a table.
inline Rows rows_of(const command::fs::path &csv) {
  Rows out;
  std::istringstream text(command::slurp(csv));
  for (std::string line; std::getline(text, line);) {
    out.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) out.back().push_back(cell);
  }
  return out;
}

// A table without the wall times.
inline Rows without_seconds(const command::fs::path &csv) {
  auto rows = rows_of(csv);
  const auto at = std::find(rows[0].begin(), rows[0].end(), "seconds") - rows[0].begin();
  for (auto &row : rows) row.erase(row.begin() + at);
  return rows;
}

} // namespace study_tables
