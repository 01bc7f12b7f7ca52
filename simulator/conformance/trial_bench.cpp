#include "conformance/trial_bench.hpp"

#include "conformance/child.hpp"
#include "conformance/guarded.hpp"
#include "learning/open_environment.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <memory>

namespace engram::conformance {

namespace {

bool same_double_bits(const std::vector<double> &a, const std::vector<double> &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  });
}

using Numbers = std::unique_ptr<GuardedArray<double>>;

Numbers trial_numbers(const char *name, std::size_t count, double value,
                      Guarded::Access access = Guarded::Access::write) {
  return std::make_unique<GuardedArray<double>>(name, std::vector<double>(count, value), access);
}

// A trial's own memory, each array at the end of a page.
struct OneTrialOfBench {
  Numbers state, columns;
  std::vector<Numbers> sees, shows, targets;
  std::vector<task::EnvironmentTrial::Seen> seen;
  std::vector<task::EnvironmentTrial::Shown> shown, taught;
  task::EnvironmentTrial view;
};

void expect_intact(const OneTrialOfBench &one) {
  const auto expect = [](const Numbers &array) {
    if (array->damaged()) throw Failure{"writes before the array of " + array->name()};
  };
  expect(one.state);
  expect(one.columns);
  for (const auto *arrays : {&one.shows, &one.targets})
    for (const auto &array : *arrays) expect(array);
}

double nothing_known(model::Column::Kind kind) {
  return kind == model::Column::Kind::number    ? std::numeric_limits<double>::quiet_NaN()
         : kind == model::Column::Kind::integer ? -1
                                                : 0;
}

} // namespace

bool TrialSeen::operator==(const TrialSeen &other) const {
  return steps == other.steps && ended == other.ended && same_double_bits(course, other.course) &&
         same_double_bits(columns, other.columns) && same_double_bits(shown, other.shown) &&
         same_double_bits(rewards, other.rewards) && same_double_bits(choices, other.choices);
}

TrialBench::TrialBench(const engram_environment &table)
    : entry_(task::entry_of_plugin(table, learning::environment_info_of(table, ""))) {
  for (std::size_t k = 0; k < table.parameter_count; ++k) parameters_.push_back(table.parameters[k].initial);
}

std::vector<TrialSeen> TrialBench::run(std::size_t count, const std::vector<std::size_t> &order, std::size_t longest,
                                       bool joined, std::uint64_t seed) const {
  std::vector<TrialSeen> out(count);
  const numeric::Random signals{seed, numeric::Purpose::noise, 7};
  const GuardedArray<double> parameters("the parameters", parameters_, Guarded::Access::read);
  for (std::size_t b = 0; b < count; ++b) {
    out[b].course.assign(entry_.course, 0);
    if (entry_.next)
      entry_.next({&entry_, parameters.get(), b, seed}, b == 0 ? nullptr : out[b - 1].course.data(),
                  out[b].course.data());
  }
  std::vector<OneTrialOfBench> batch(count);
  std::vector<Numbers> courses;
  for (std::size_t b = 0; b < count; ++b) {
    auto &one = batch[b];
    const auto &course = courses.emplace_back(
        std::make_unique<GuardedArray<double>>("the course of events", out[b].course, Guarded::Access::read));
    one.state = trial_numbers("the state", entry_.states, 0);
    one.columns = trial_numbers("the columns", entry_.words.columns.size(), 0);
    for (std::size_t k = 0; k < entry_.words.columns.size(); ++k)
      one.columns->get()[k] = nothing_known(entry_.words.columns[k].kind);
    const auto join = [&](const auto &channels, auto &arrays, auto &views, double first = 0) {
      for (const auto &channel : channels) {
        const bool is_joined = joined || !channel.optional;
        arrays.push_back(trial_numbers(channel.name.c_str(), is_joined ? channel.fewest : 0, first));
        views.push_back({is_joined ? arrays.back()->get() : nullptr, is_joined ? channel.fewest : 0});
      }
    };
    join(entry_.words.sees, one.sees, one.seen);
    join(entry_.words.shows, one.shows, one.shown);
    join(entry_.words.targets, one.targets, one.taught, std::numeric_limits<double>::quiet_NaN());
    one.view.entry = &entry_;
    one.view.parameters = parameters.get();
    one.view.step_ms = step_ms;
    one.view.number = one.view.draw = b;
    one.view.course = course->get();
    one.view.sees = one.seen.data();
    one.view.shows = one.shown.data();
    one.view.targets = one.taught.data();
    one.view.state = one.state->get();
    one.view.columns = one.columns->get();
    one.view.seed = seed;
  }
  const auto keep = [&](std::size_t b) {
    for (const auto *channels : {&batch[b].shown, &batch[b].taught})
      for (const auto &shown : *channels)
        out[b].shown.insert(out[b].shown.end(), shown.values, shown.values + shown.neurons);
  };
  for (const std::size_t b : order) {
    entry_.begin(batch[b].view);
    keep(b);
  }
  for (std::size_t step = 0; step < longest; ++step)
    for (const std::size_t b : order) {
      if (out[b].ended) continue;
      auto &one = batch[b];
      std::uint64_t index = 0;
      for (std::size_t k = 0; k < one.sees.size(); ++k)
        for (std::size_t n = 0; n < one.seen[k].neurons; ++n)
          one.sees[k]->get()[n] = signals.normal(index++, step * count + b);
      one.view.step = step;
      const auto now = entry_.step(one.view);
      out[b].steps = step + 1;
      out[b].ended = now.ends;
      out[b].reward += now.reward;
      out[b].rewards.push_back(now.reward);
      out[b].choices.push_back(static_cast<double>(now.choice));
      keep(b);
    }
  for (std::size_t b = 0; b < count; ++b) {
    out[b].columns = batch[b].columns->values();
    expect_intact(batch[b]);
  }
  return out;
}

} // namespace engram::conformance
