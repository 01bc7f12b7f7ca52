// How a cell fires in sweeps that step its current: the f-I curve.
#include "measures/current_step.hpp"
#include "measures/not_applicable.hpp"
#include "measures/spike_train.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

measures::CurrentStep step_of(const Call &call, const Area &area) {
  const auto &sweeps = *area.sweeps;
  if (!call.settings.given("from")) {
    const auto found = measures::find_step(sweeps.current);
    call.found.notes.push_back(fmt::format("current_clamp {}: the current steps from {:.6g} to {:.6g} ms of each "
                                           "sweep: the rectangle that fits best, {:.3g} "
                                           "% of the current's variance ('from', 'to')",
                                           area.name, static_cast<double>(found.first) * sweeps.step,
                                           static_cast<double>(found.last) * sweeps.step, 100 * found.explained));
    return found;
  }
  const auto sample = [&](const char *name) {
    return static_cast<std::size_t>(std::lround(call.settings.number(name) / sweeps.step));
  };
  const measures::CurrentStep asked{sample("from"), sample("to"), 0};
  if (asked.first == 0 || asked.last > sweeps.current.n_rows)
    throw measures::NotApplicable(fmt::format("a step from {:g} to {:g} ms is not within a sweep, which lasts {:g} ms "
                                              "and begins before it",
                                              call.settings.number("from"), call.settings.number("to"),
                                              static_cast<double>(sweeps.current.n_rows) * sweeps.step));
  return asked;
}

// Hz per pA: least squares of the rate on the current, from the least current that makes spikes to that of the greatest
// rate; absent of fewer than two.
double gain_of(const arma::vec &current, const arma::vec &rate) {
  const arma::uvec order = arma::sort_index(current);
  const arma::vec x = current(order), y = rate(order);
  const arma::uvec fire = arma::find(y > 0, 1);
  if (fire.is_empty()) return absent;
  const arma::uword first = fire[0], last = y.index_max();
  if (last <= first) return absent;
  const arma::vec dx = x.subvec(first, last) - arma::mean(x.subvec(first, last));
  const double scale = arma::dot(dx, dx);
  return scale > 0 ? arma::dot(dx, y.subvec(first, last)) / scale : absent;
}

std::vector<Result> describe_clamp(const Call &call, const Area &area) {
  if (!area.sweeps) throw measures::NotApplicable(area.name + " has no sweeps of one cell ('sweeps')");
  const auto &sweeps = *area.sweeps;
  const auto step = step_of(call, area);
  const arma::vec current = measures::step_heights(sweeps.current, step);
  arma::vec rate(area.trains.size());
  TableMaker table("current_clamp", area, "sweep",
                   {"current pA", "holding pA", "spikes", "Hz", "latency ms", "first ISI ms", "last ISI ms"});
  std::size_t outside = 0;
  for (std::size_t k = 0; k < area.trains.size(); ++k) {
    const double from = sweeps.start[k] + static_cast<double>(step.first) * sweeps.step,
                 to = sweeps.start[k] + static_cast<double>(step.last) * sweeps.step;
    measures::SpikeTrain within;
    std::copy_if(area.trains[k].begin(), area.trains[k].end(), std::back_inserter(within),
                 [&](double time) { return time >= from && time < to; });
    outside += area.trains[k].size() - within.size();
    const auto intervals = measures::intervals(within);
    rate[k] = 1000 * static_cast<double>(within.size()) / (to - from);
    table.row(area.units[k],
              {current[k], arma::median(arma::vec(sweeps.current.col(k)).head(step.first)),
               static_cast<double>(within.size()), rate[k], within.empty() ? absent : within.front() - from,
               intervals.empty() ? absent : intervals.front(), intervals.empty() ? absent : intervals.back()});
  }
  call.found.tables.push_back(table.made());
  if (outside > 0)
    call.found.notes.push_back(
        fmt::format("current_clamp {}: {} spikes outside of the step are not counted", area.name, outside));
  const arma::vec firing = current(arma::find(rate > 0));
  return {result_of("current_clamp.rheobase_pa", firing.is_empty() ? absent : firing.min(), area.trains.size()),
          result_of("current_clamp.greatest_hz", rate.max(), area.trains.size()),
          result_of("current_clamp.gain_hz_per_pa", gain_of(current, rate), area.trains.size())};
}

std::vector<Conflict> wrong_step(const Settings &settings) {
  if (settings.given("from") != settings.given("to"))
    return {{settings.given("from") ? "from" : "to", "is one of a pair: say from when to when"}};
  if (settings.given("from") && !(settings.number("from") < settings.number("to")))
    return {{"to", "must come after 'from'"}};
  return {};
}

} // namespace

MethodEntry current_clamp_method() {
  return {
      .words = {.name = "current_clamp",
                .help = "of sweeps of one cell whose current is stepped ('sweeps'): the step, spikes, rate, latency "
                        "and intervals by sweep; the least current that makes spikes, and the gain from there to "
                        "the greatest rate",
                .reference = "",
                .parameters = {number_from("from", "ms", 0, 0,
                                           "of the step, from the beginning of a sweep (default: the rectangle that "
                                           "fits the currents best)"),
                               number_from("to", "ms", 0, 0, "its end")}},
      .place = 88,
      .takes = Takes::spikes,
      .by_name = true,
      .describe = describe_clamp,
      .check = wrong_step};
}

} // namespace engram::recordings
