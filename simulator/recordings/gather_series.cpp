// area_of_series() cuts a time series of an NWB file at its events.
#include "data/nwb.hpp"
#include "recordings/event_part.hpp"
#include "recordings/gather.hpp"
#include "recordings/gather_observed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
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
    throw data::DataError(source.file + ": time series are cut at events, and there is no table '" + source.events +
                          "'");
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
  return area;
}

} // namespace engram::recordings
