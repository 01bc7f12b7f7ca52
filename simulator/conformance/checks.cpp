#include "conformance/checks.hpp"

#include "conformance/behaviour.hpp"
#include "conformance/bench.hpp"
#include "conformance/check_items.hpp"
#include "conformance/child.hpp"
#include "conformance/costs.hpp"
#include "conformance/forbidden.hpp"
#include "conformance/precisions.hpp"
#include "conformance/process.hpp"
#include "dynamics/circuit_dynamics.hpp"
#include "input/nearest.hpp"
#include "learning/rule_library.hpp"
#include "learning/rule_table.hpp"
#include "model/reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>

namespace engram::conformance {

namespace {

constexpr Sizes watched_sizes{7, 70, 3};

// The rule is loaded under the watch of this one.
std::string process(const std::string &file) {
  const Printed printed;
  const ProcessState before;
  learning::RuleLibrary library({});
  const auto &rule = library.load(file);
  if (const auto changed = before.changed(ProcessState()); !changed.empty())
    throw Failure{"as it is loaded, " + changed};
  std::optional<Arithmetic> at_call; // set before a callback, and looked at after it
  const auto around = [&] {
    if (!at_call) {
      at_call.emplace();
      return;
    }
    const auto changed = at_call->changed(Arithmetic());
    at_call.reset();
    if (!changed.empty()) throw Failure{changed};
  };
  if (rule.form != ENGRAM_GLOBAL)
    each_precision(rule, [&](auto scalar) {
      using T = decltype(scalar);
      for (const bool plastic : {true, false}) {
        auto in = draw<T>(rule, watched_sizes, 1);
        for (auto &one : in.calls) one.plastic = plastic;
        call(rule, in, Memory::plain, nullptr, around);
      }
    });
  if (const auto line = printed.first_line(); !line.empty()) throw Failure{"prints: " + line};
  if (const auto changed = before.changed(ProcessState()); !changed.empty()) throw Failure{changed};
  const std::string good = "leaves the process as it found it";
  return changes_are_forbidden() ? good : good + "; files and programs were not watched: this system offers no seccomp";
}

std::vector<Item> items(bool global) {
  // Each check loads the rule in its own process.
  const auto loaded = [](std::string (*work)(const engram_rule &)) {
    return [work](const std::string &file) {
      learning::RuleLibrary library({});
      return work(library.load(file));
    };
  };
  const auto values = [](const std::string &file) {
    learning::RuleLibrary library({});
    return parameters(library.load(file), file);
  };
  if (global) return {{"process", process}, {"parameters", values}};
  return {{"process", process},
          {"buffers", loaded(buffers)},
          {"numbers", loaded(numbers)},
          {"repeats", loaded(repeats)},
          {"threads", loaded(threads)},
          {"neighbours", loaded(neighbours)},
          {"synapses", loaded(other_synapses)},
          {"order", loaded(order)},
          {"trials", loaded(batch_of_trials)},
          {"precisions", loaded(precisions)},
          {"parameters", values},
          {"memory", loaded(leaks)},
          {"speed", loaded(speed)}};
}

// Checks the table's words against the file and the regions. Its values were checked as it was read.
void check_words(const model::RuleInfo &rule, const std::string &file) {
  learning::check_name(rule.name, file);
  model::Vocabulary words;
  dynamics::add_dynamics_words(words);
  for (const bool post : {false, true}) {
    std::vector<std::string> asked;
    for (const auto &signal : rule.signals)
      if (signal.post == post) asked.push_back(signal.name);
    std::set<std::string> known;
    for (const auto &one : words.dynamics)
      for (const auto &signal : one.signals) known.insert(signal.name);
    const std::string side = post ? "postsynaptic" : "presynaptic";
    for (const auto &name : asked)
      if (!known.contains(name))
        throw Failure{"reads a " + side +
                      " signal that no region offers: " + input::unknown("signal", name, {known.begin(), known.end()})};
    const auto has_all = [&](const model::Dynamics &one) {
      return std::all_of(asked.begin(), asked.end(), [&](const auto &name) { return model::offers(one, name); });
    };
    if (std::none_of(words.dynamics.begin(), words.dynamics.end(), has_all))
      throw Failure{
          fmt::format("reads the {} signals {}, which no region offers together", side, fmt::join(asked, ", "))};
  }
}

} // namespace

bool Report::passed() const {
  return std::all_of(checks.begin(), checks.end(), [](const Check &check) { return check.passed; });
}

Report check_rule(const std::string &file, double seconds) {
  Report report;
  report.rule = file;
  const Patience patience(seconds);
  // The table is read in a child too: loading a library runs its code.
  const auto table = in_child(patience.left(), [&] {
    const learning::OpenRule rule(file);
    check_words(learning::rule_info_of(rule.table(), file), file);
    return fmt::format("{}{}{}", rule.table().local ? 'l' : 'n', rule.table().form == ENGRAM_GLOBAL ? 'g' : '-',
                       rule.table().name);
  });
  if (!add_table(table, file, report)) return report;
  report.local = table.text[0] == 'l';
  report.global = table.text[1] == 'g';
  report.rule = table.text.substr(2);
  run_items(items(report.global), file, patience, report);
  return report;
}

} // namespace engram::conformance
