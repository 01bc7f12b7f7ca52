#include "recordings/gather_observed.hpp"

#include "data/nwb_extent.hpp"
#include "recordings/gather.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

constexpr std::size_t most_named = 5; // units in a note
constexpr double longest_step = 5;    // of samples, by the median step

// Of all units, where nobody says when they were observed.
measures::Observation whole_recording(const data::NwbFile &file, const data::NwbUnits &units, const std::string &who,
                                      std::vector<std::string> &notes) {
  const auto extent = data::extent_of(file, units);
  if (!extent.known()) {
    notes.push_back(
        fmt::format("{}: {} no observation intervals, and nothing says when they were observed", file.path(), who));
    return {};
  }
  const measures::Window window{extent.start_s * ms, extent.stop_s * ms};
  notes.push_back(fmt::format("{}: {} no observation intervals: taken as observed from {:.6g} to {:.6g} ms, {}",
                              file.path(), who, window.start, window.stop, extent.source()));
  return {window};
}

} // namespace

std::vector<Watched> watched_units(const data::NwbFile &file, const data::NwbUnits &units,
                                   const std::vector<double> &borders, std::vector<std::string> &notes) {
  std::vector<Watched> out(units.ids.size());
  const auto &all = units.obs_intervals_s;
  std::size_t without = 0;
  std::vector<std::string> faults;
  for (std::size_t u = 0; u < out.size(); ++u) {
    if (u >= all.size() || all[u].empty()) {
      ++without;
      continue;
    }
    if (u > 0 && all[u] == all[u - 1]) { // a run watches all of its units at once
      out[u] = out[u - 1];
      continue;
    }
    std::vector<measures::Window> windows;
    for (const auto &[start, stop] : all[u]) {
      if (start < stop)
        windows.push_back({start * ms, stop * ms});
      else if (!(start == stop))
        faults.push_back(fmt::format("{:.6g} to {:.6g} s of unit {}", start, stop, units.ids[u]));
    }
    out[u] = std::make_shared<measures::Observation>(measures::cut_at(measures::joined(std::move(windows)), borders));
  }
  if (!faults.empty()) {
    const std::size_t more = faults.size() > most_named ? faults.size() - most_named : 0;
    faults.resize(faults.size() - more);
    notes.push_back(fmt::format("{}: observation intervals that are none are left out: {}{}", file.path(),
                                fmt::join(faults, "; "), more > 0 ? fmt::format(" and {} more", more) : ""));
  }
  if (without == 0) return out;
  const auto who = without == out.size() ? "units have" : fmt::format("{} of {} units have", without, out.size());
  const auto extent =
      std::make_shared<measures::Observation>(measures::cut_at(whole_recording(file, units, who, notes), borders));
  for (auto &watched : out)
    if (!watched) watched = extent;
  return out;
}

measures::SpikeTrain SpikeCheck::kept(const std::string &unit, std::vector<double> times,
                                      const measures::Observation &observed) {
  const auto found = [&](std::vector<Found> &kind, std::size_t count, const std::string &where) {
    if (count > 0) kind.push_back({unit, count, where});
  };
  const auto no_number = [](double time) { return !std::isfinite(time); };
  const auto first = std::find_if(times.begin(), times.end(), no_number) - times.begin();
  const std::size_t no_numbers = std::erase_if(times, no_number);
  found(no_numbers_, no_numbers, fmt::format("spike {} (from 0)", first));
  std::sort(times.begin(), times.end());
  const auto where = measures::windows_of(times, observed);
  measures::SpikeTrain out;
  std::size_t outside = 0, doubled = 0;
  double first_outside = 0, first_doubled = 0;
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (where[k] == observed.size()) {
      if (outside++ == 0) first_outside = times[k];
      continue;
    }
    if (!out.empty() && out.back() == times[k] && doubled++ == 0) first_doubled = times[k];
    const auto &window = observed[where[k]];
    out.push_back(std::clamp(times[k], window.start, window.stop)); // by rounding
  }
  found(outside_, outside, fmt::format("at {:.10g} ms", first_outside));
  found(doubled_, doubled, fmt::format("at {:.10g} ms", first_doubled));
  return out;
}

void SpikeCheck::tell(const std::string &file, std::vector<std::string> &notes) const {
  const auto tell_kind = [&](const std::vector<Found> &kind, const std::string &what) {
    if (kind.empty()) return;
    std::vector<std::string> named;
    for (std::size_t k = 0; k < std::min(kind.size(), most_named); ++k)
      named.push_back(kind[k].count == 1 ? fmt::format("unit {}, {}", kind[k].unit, kind[k].where)
                                         : fmt::format("unit {}, {} of them, the first {}", kind[k].unit, kind[k].count,
                                                       kind[k].where));
    if (kind.size() > most_named) named.push_back(fmt::format("and {} more units", kind.size() - most_named));
    notes.push_back(fmt::format("{}: {}: {}", file, what, fmt::join(named, "; ")));
  };
  tell_kind(no_numbers_, "spike times that are no numbers are left out");
  tell_kind(outside_, "spikes outside of what was observed are left out");
  tell_kind(doubled_, "spikes at the time of another of their unit count as spikes of their own");
}

Sampling sampling_of(const data::NwbFile &file, const data::NwbSeries &series) {
  Sampling out;
  if (series.timestamps == 0) {
    if (!(series.rate_hz > 0)) return out;
    out.step = ms / series.rate_hz;
    const double start = std::isfinite(series.starting_time_s) ? series.starting_time_s * ms : 0;
    out.when = {{start, start + static_cast<double>(series.samples) * out.step}};
    return out;
  }
  out.times = file.read_times(series.path, 0, std::min(series.samples, series.timestamps));
  std::vector<double> steps;
  for (std::size_t k = 1; k < out.times.size(); ++k) steps.push_back((out.times[k] - out.times[k - 1]) * ms);
  std::erase_if(steps, [](double step) { return !(step > 0); });
  if (!steps.empty()) {
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    out.step = *middle;
  }
  for (const double time : out.times) {
    const double at = time * ms;
    if (!out.when.empty() && at - out.when.back().stop <= (longest_step - 1) * out.step)
      out.when.back().stop = std::max(out.when.back().stop, at + out.step);
    else if (std::isfinite(at))
      out.when.push_back({at, at + out.step});
  }
  return out;
}

} // namespace engram::recordings
