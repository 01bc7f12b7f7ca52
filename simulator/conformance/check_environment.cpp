#include "conformance/check_items.hpp"
#include "conformance/process.hpp"
#include "conformance/trial_bench.hpp"
#include "conformance/tried.hpp"
#include "learning/open_environment.hpp"
#include "learning/rule_library.hpp"
#include "numeric/call_plugin.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <thread>

namespace engram::conformance {

namespace {

constexpr std::size_t trials_tried = 12, steps_tried = 3000;

std::vector<std::size_t> in_turn(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

std::vector<TrialSeen> tried(const TrialBench &bench) {
  return bench.run(trials_tried, in_turn(trials_tried), steps_tried);
}

std::string process_of_trials(const std::string &file) {
  const Printed printed;
  const ProcessState before;
  const learning::OpenEnvironment environment(file);
  if (const auto changed = before.changed(ProcessState()); !changed.empty())
    throw Failure{"as it is loaded, " + changed};
  {
    const Arithmetic arithmetic;
    tried(TrialBench(environment.table()));
    if (const auto changed = arithmetic.changed(Arithmetic()); !changed.empty()) throw Failure{changed};
  }
  if (const auto line = printed.first_line(); !line.empty()) throw Failure{"prints: " + line};
  if (const auto changed = before.changed(ProcessState()); !changed.empty()) throw Failure{changed};
  return "leaves the process as it found it";
}

// Its arrays end at pages that cannot be read; what it gives is looked at in every step.
std::string buffers_of_trials(const engram_environment &table) {
  const TrialBench bench(table);
  tried(bench);
  bench.run(2, in_turn(2), steps_tried, false); // where channels that may be are joined to nothing
  return "reads and writes only what it is given, joined to regions or not";
}

std::string ends_of_trials(const engram_environment &table) {
  const auto seen = tried(TrialBench(table));
  const auto ended = std::count_if(seen.begin(), seen.end(), [](const TrialSeen &one) { return one.ended; });
  const auto least = std::min_element(seen.begin(), seen.end(), [](auto &a, auto &b) { return a.steps < b.steps; });
  const auto most = std::max_element(seen.begin(), seen.end(), [](auto &a, auto &b) { return a.steps < b.steps; });
  double reward = 0;
  for (const auto &one : seen) reward += one.reward / trials_tried;
  return fmt::format(
      "finite; {} of {} trials of random signals end within {} steps, after {} to {}, mean reward {:.3g}", ended,
      trials_tried, steps_tried, least->steps, most->steps, reward);
}

void expect_same_trials(const std::vector<TrialSeen> &a, const std::vector<TrialSeen> &b, const std::string &when) {
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k)
    if (!(a[k] == b[k])) throw Failure{fmt::format("trial {} goes another way {}", k, when)};
}

std::string repeats_of_trials(const engram_environment &table) {
  const TrialBench bench(table);
  const auto first = tried(bench);
  expect_same_trials(first, tried(bench), "when it is run again: the environment remembers something of its own");
  bench.run(5, in_turn(5), 50, true, 99);
  expect_same_trials(first, tried(bench),
                     "after trials of another seed: the environment remembers something of its own");
  std::vector<std::vector<TrialSeen>> seen(4);
  std::vector<std::string> failed(4);
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < seen.size(); ++k)
    threads.emplace_back([&, k] {
      try {
        seen[k] = tried(bench);
      } catch (const Failure &failure) {
        failed[k] = failure.reason;
      } catch (const PluginFailure &failure) {
        failed[k] = failure.what();
      }
    });
  for (auto &thread : threads) thread.join();
  for (std::size_t k = 0; k < seen.size(); ++k) {
    if (!failed[k].empty()) throw Failure{failed[k]};
    expect_same_trials(first, seen[k], "when several threads run it at once");
  }
  return "the same trials again, from several threads too";
}

std::string trials_of_environment(const engram_environment &table) {
  const TrialBench bench(table);
  const auto first = tried(bench);
  auto order = in_turn(trials_tried);
  std::reverse(order.begin(), order.end());
  expect_same_trials(first, bench.run(trials_tried, order, steps_tried),
                     "where the trials of a batch stand in another order: it hangs on the others");
  for (std::size_t b = 0; b < trials_tried; ++b)
    if (!(bench.run(trials_tried, {b}, steps_tried)[b] == first[b]))
      throw Failure{fmt::format("trial {} goes another way where it is alone: it hangs on the others", b)};
  return "each follows from itself alone";
}

std::string parameters_of_trials(const engram_environment &table) {
  for (std::size_t p = 0; p < table.parameter_count; ++p) {
    const auto &parameter = table.parameters[p];
    for (const double value : ends_of(parameter)) {
      TrialBench bench(table);
      bench.parameters()[p] = value;
      try {
        bench.run(3, in_turn(3), 200);
      } catch (const PluginFailure &failure) {
        throw Failure{fmt::format("with '{}' at {:g}, an end of its range: {}", parameter.name, value, failure.what())};
      }
    }
  }
  return "the ends of all ranges work";
}

std::string speed_of_trials(const engram_environment &table) {
  const TrialBench bench(table);
  double least = std::numeric_limits<double>::infinity();
  for (int round = 0; round < 5; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    const auto seen = bench.run(4, in_turn(4), 500);
    double steps = 0;
    for (const auto &one : seen) steps += static_cast<double>(one.steps);
    least = std::min(least, std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count() /
                                steps);
  }
  return fmt::format("a step of a trial takes {:.2g} ns at the most", least);
}

} // namespace

Report check_environment(const std::string &file, double seconds) {
  Report report;
  report.rule = file;
  report.kind = model::PluginKind::environment;
  const Patience patience(seconds);
  const auto table = in_child(patience.left(), [&] {
    const learning::OpenEnvironment environment(file);
    learning::check_name(environment.table().name, file);
    return std::string(environment.table().name);
  });
  if (!add_table(table, file, report)) return report;
  report.rule = table.text;
  const auto loaded = [](std::string (*work)(const engram_environment &)) {
    return [work](const std::string &path) {
      const learning::OpenEnvironment environment(path);
      return work(environment.table());
    };
  };
  run_items({{"process", process_of_trials},
             {"buffers", loaded(buffers_of_trials)},
             {"numbers", loaded(ends_of_trials)},
             {"repeats", loaded(repeats_of_trials)},
             {"trials", loaded(trials_of_environment)},
             {"parameters", loaded(parameters_of_trials)},
             {"speed", loaded(speed_of_trials)}},
            file, patience, report);
  return report;
}

} // namespace engram::conformance
