// area_of_series() takes a time series of an NWB file as it was sampled, and cuts it at the file's events.
#include "data/nwb.hpp"
#include "recordings/event_part.hpp"
#include "recordings/gather.hpp"
#include "recordings/gather_observed.hpp"
#include "recordings/signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

namespace engram::recordings {

Responses empty_responses(const Events &events, const Part &part, const std::vector<std::string> &neurons,
                          const std::string &unit) {
  Responses out;
  out.conditions = events.conditions;
  out.neurons = neurons;
  out.unit = unit;
  for (std::size_t t = 0; t < part.bins; ++t) {
    out.times.push_back(part.first + (static_cast<double>(t) + 0.5) * part.bin);
    out.values.emplace_back(events.conditions.size(), neurons.size(), events.repeats);
    out.values.back().fill(std::numeric_limits<double>::quiet_NaN());
  }
  return out;
}

void give_responses(Area &area, const Events &events, Responses responses, const Source &source) {
  const auto names = condition_names(source, responses.conditions.size());
  if (!names.empty()) responses.conditions = names;
  area.column = names.empty() ? events.column : "";
  area.column_assumed = events.assumed;
  area.conditions = responses.conditions;
  area.condition_count = responses.conditions.size();
  area.responses = std::move(responses);
}

namespace {

// A bin is the mean of its samples; an event reads its own samples alone.
Responses responses_of_series(const data::NwbFile &file, const data::NwbSeries &series, const Sampling &sampling,
                              const Events &events, const Part &part) {
  std::vector<std::string> neurons;
  for (std::size_t n = 0; n < series.channels; ++n) neurons.push_back(std::to_string(n + 1));
  auto out = empty_responses(events, part, neurons, series.unit);
  // Rounding must not push a sample that lies on the edge of a bin out of it.
  const auto first_at = [&](double time) -> std::size_t {
    const double second = time / ms, slack = measures::rounding_at(time) / ms;
    const auto &times = sampling.times;
    if (!times.empty())
      return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), second - slack) - times.begin());
    const double start = std::isfinite(series.starting_time_s) ? series.starting_time_s : 0;
    const double place = std::ceil((second - start) * series.rate_hz - 1e-6);
    return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(series.samples)));
  };
  for (std::size_t e = 0; e < events.list.size(); ++e) {
    const Event &event = events.list[e];
    const std::size_t first = first_at(event.start + part.first), last = first_at(event.start + part.last);
    if (last <= first) continue;
    const arma::mat block = file.read_series(series.path, first, last - first); // samples × channels
    for (std::size_t t = 0; t < part.bins; ++t) {
      if (!is_seen(events, part, e, t, sampling.when, sampling.step)) continue;
      const auto bin = part.of_bin(event, t);
      const std::size_t low = first_at(bin.start), high = t + 1 == part.bins ? last : first_at(bin.stop);
      if (high <= low) continue;
      out.values[t].slice(event.repeat).row(event.condition) = arma::mean(block.rows(low - first, high - first - 1), 0);
    }
  }
  return out;
}

// Times of samples, from one to the next, are a step apart where they differ from it by less than half of it.
void find_stretches(const Sampling &sampling, const std::vector<double> &borders, Signal &out) {
  const auto &times = sampling.times;
  double duration = 0, steps = 0, least = out.step, most = out.step;
  auto border = borders.begin();
  for (std::size_t k = 0; k < times.size(); ++k) {
    const double at = times[k] * ms, slack = measures::rounding_at(at);
    bool begins = out.stretches.empty() || !(std::abs(at - times[k - 1] * ms - out.step) < 0.5 * out.step);
    for (; border != borders.end() && *border <= at + slack; ++border) begins = true;
    if (!std::isfinite(at)) continue; // the next one is no step from it
    if (begins) {
      out.stretches.push_back({k, 1, at});
      continue;
    }
    out.stretches.back().count += 1;
    const double step = at - times[k - 1] * ms;
    duration += step;
    steps += 1;
    least = std::min(least, step);
    most = std::max(most, step);
  }
  if (steps == 0) return;
  out.step = duration / steps;
  out.jitter = std::max(most - out.step, out.step - least) / out.step;
}

Signal signal_of(const data::NwbFile &file, const data::NwbSeries &series, const Sampling &sampling) {
  Signal out;
  out.name = series.path;
  out.file = file.path();
  out.unit = series.unit;
  out.channels = series.channels;
  out.step = sampling.step;
  const auto borders = run_borders(file);
  if (!sampling.times.empty()) {
    find_stretches(sampling, borders, out);
  } else if (!sampling.when.empty()) {
    const double start = sampling.when.front().start;
    const auto sample_at = [&](double time) {
      const double place = std::ceil((time - start) / out.step - 1e-6);
      return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(series.samples)));
    };
    for (const auto &window : measures::cut_at(sampling.when, borders)) {
      const std::size_t first = sample_at(window.start), last = sample_at(window.stop);
      if (last > first) out.stretches.push_back({first, last - first, start + static_cast<double>(first) * out.step});
    }
  }
  out.open = [path = file.path(), key = series.path]() -> Signal::Read {
    const auto again = std::make_shared<const data::NwbFile>(path);
    return [again, key](std::size_t first, std::size_t count) { return again->read_series(key, first, count); };
  };
  return out;
}

} // namespace

std::optional<Area> area_of_series(const data::NwbFile &file, const data::NwbSeries &series, const Source &source,
                                   const Events &all, std::vector<std::string> &notes) {
  const auto sampling = sampling_of(file, series);
  Area area;
  area.name = series.path;
  if (source.threshold) {
    area = area_of_voltage(file, series, source);
    area.name = series.path;
    // A sample stands for the time until the next.
    const auto watched = std::make_shared<measures::Observation>(measures::cut_at(sampling.when, run_borders(file)));
    area.watched.assign(area.trains.size(), watched);
    give_spike_responses(area, all, source, notes);
    return area;
  }
  if (all.list.empty()) {
    if (!all.lack.empty()) refuse(source, "condition", all.lack);
    area.signal = std::make_shared<const Signal>(signal_of(file, series, sampling));
    area.lack = "time series are cut at events, and " + source.file + " has no table '" + source.events + "'";
    return area;
  }
  const Seen seen{series.path, {&sampling.when}, sampling.step};
  auto part = part_of(all, source, seen, notes);
  Events events = all;
  if (part) keep_seen(events, *part, source, seen, notes);
  if (!part || events.list.empty()) {
    notes.push_back(fmt::format("{}: {} was not sampled in any event of {}", source.file, series.path, source.events));
    return std::nullopt;
  }
  give_responses(area, events, responses_of_series(file, series, sampling, events, *part), source);
  area.signal = std::make_shared<const Signal>(signal_of(file, series, sampling));
  return area;
}

} // namespace engram::recordings
