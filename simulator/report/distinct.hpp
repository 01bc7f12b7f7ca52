// distinct() lists the names that occur in rows, each once.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace engram::report {

/// Each value of a member once, in the order of the rows.
template <class Row> std::vector<std::string> distinct(const std::vector<Row> &rows, std::string Row::*what) {
  std::vector<std::string> out;
  for (const auto &row : rows)
    if (std::find(out.begin(), out.end(), row.*what) == out.end()) out.push_back(row.*what);
  return out;
}

} // namespace engram::report
