#include "conformance/check_items.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace engram::conformance {

namespace {

std::string without_file(std::string reason, const std::string &file) {
  if (reason.starts_with(file + ": ")) reason.erase(0, file.size() + 2);
  return reason;
}

} // namespace

double Patience::left() const {
  return std::max(0.01, seconds_ - std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count());
}

bool add_table(const Verdict &table, const std::string &file, Report &report) {
  report.checks.push_back(
      {"table", table.passed,
       table.passed ? "complete, and of this version of the interface" : without_file(table.text, file)});
  return table.passed;
}

void run_items(const std::vector<Item> &items, const std::string &file, const Patience &patience, Report &report) {
  for (const auto &item : items) {
    const double left = patience.left();
    const auto verdict = in_child(left, [&] { return item.work(file); });
    report.checks.push_back({item.name, verdict.passed, without_file(verdict.text, file)});
    // A plugin is not to be blamed for what else runs on the machine.
    if (verdict.late && verdict.computed < left / 2)
      report.checks.back().reason = fmt::format("is not done: in {:.2g} s it had a processor for {:.2g} s, so the "
                                                "machine is busy or the rule waits (--seconds gives more)",
                                                left, verdict.computed);
    if (!verdict.late) continue;
    report.checks.back().reason +=
        fmt::format("; the {:g} s for all checks are over, and those after it were not made", patience.seconds());
    break;
  }
}

} // namespace engram::conformance
