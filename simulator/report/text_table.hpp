// A TextTable shows numbers in columns for people to read.
#pragma once

#include <string>
#include <vector>

namespace engram::report {

/// Columns as wide as what stands in them.
class TextTable {
public:
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  std::string text() const;

private:
  std::vector<std::vector<std::string>> rows_;
};

/// "0.123", for what is tiny or large "1.2e-07", and "-" for what is not finite.
std::string shown(double value);
/// "0.123 [0.1, 0.15]"; the value alone where there is no interval.
std::string shown(double value, double low, double high);

} // namespace engram::report
