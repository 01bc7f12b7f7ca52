// run_items() makes the checks of a plugin one after another, each in a process of its own, until the time is over.
#pragma once

#include "conformance/checks.hpp"
#include "conformance/child.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace engram::conformance {

/// One check: it returns what was seen, or throws Failure.
struct Item {
  const char *name;
  std::function<std::string(const std::string &file)> work;
};

/// The time that all checks of a plugin have together.
class Patience {
public:
  explicit Patience(double seconds) : seconds_(seconds) {}
  double seconds() const { return seconds_; }
  double left() const;

private:
  double seconds_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Adds the check `table` to the report: whether the table could be read, and why not.
bool add_table(const Verdict &table, const std::string &file, Report &report);

/// Adds the others.
void run_items(const std::vector<Item> &items, const std::string &file, const Patience &patience, Report &report);

} // namespace engram::conformance
