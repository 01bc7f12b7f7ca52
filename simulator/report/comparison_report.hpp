// These functions write the results of a comparison as a table, as JSON and as csv.
#pragma once

#include "recordings/comparison.hpp"

#include <string>

namespace engram::report {

/// For reading in a terminal: results, which of two regions is more like an area, notes.
std::string comparison_table(const recordings::Comparison &comparison);
/// The contract of `engram compare --json`, one line. What does not apply is null.
std::string comparison_json(const recordings::Comparison &comparison);
/// A line for each result, with a line of names.
std::string comparison_csv(const recordings::Comparison &comparison);
/// A line for each number of the tables: method, area, what the row is, its name, the column's name, the value.
std::string tables_csv(const recordings::Comparison &comparison);

} // namespace engram::report
