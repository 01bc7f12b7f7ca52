#include "data/nwb_extent.hpp"

#include <algorithm>
#include <cmath>

namespace engram::data {

namespace {

// From the first to the last of some times, s.
struct Span {
  double start = std::numeric_limits<double>::infinity(), stop = -start;
  void add(double from, double to) {
    if (!std::isfinite(from) || !std::isfinite(to) || to < from) return;
    start = std::min(start, from);
    stop = std::max(stop, to);
  }
  bool known() const { return start <= stop; }
  bool meets(const Span &other) const { return other.start <= stop && other.stop >= start; }
};

Span span_of_table(const NwbFile &file, const NwbTable &table) {
  Span out;
  for (const char *column : {"start_time", "stop_time"})
    for (const double time : file.read_column(table, column).numbers) out.add(time, time);
  return out;
}

Span span_of_series(const NwbFile &file, const NwbSeries &series) {
  Span out;
  if (series.samples == 0) return out;
  if (series.timestamps > 0) {
    out.add(file.read_times(series.path, 0, 1).at(0),
            file.read_times(series.path, std::min(series.timestamps, series.samples) - 1, 1).at(0));
  } else if (series.rate_hz > 0) {
    const double start = std::isfinite(series.starting_time_s) ? series.starting_time_s : 0;
    out.add(start, start + static_cast<double>(series.samples) / series.rate_hz);
  }
  return out;
}

bool is_recorded(const NwbSeries &series) {
  return series.path.starts_with("acquisition/") || series.path.starts_with("processing/") ||
         series.path.starts_with("stimulus/presentation/");
}

} // namespace

std::string NwbExtent::source() const {
  if (by.empty()) return "the first and last spike of all units";
  std::string out = "the extent of spikes";
  for (const auto &name : by) out += ", " + name;
  return out;
}

NwbExtent extent_of(const NwbFile &file, const NwbUnits &units) {
  Span all;
  for (const auto &train : units.spike_times_s)
    for (const double time : train) all.add(time, time);
  NwbExtent out;
  for (const auto &table : file.tables()) {
    if (!table.path.starts_with("intervals/") || !table.find("start_time") || !table.find("stop_time")) continue;
    const Span span = span_of_table(file, table);
    if (!span.known()) continue;
    all.add(span.start, span.stop);
    out.by.push_back(table.path.substr(10));
  }
  bool series_too = false;
  for (const auto &series : file.series()) {
    if (!is_recorded(series)) continue;
    const Span span = span_of_series(file, series);
    if (!span.known() || (all.known() && !all.meets(span))) continue;
    all.add(span.start, span.stop);
    series_too = true;
  }
  if (series_too) out.by.emplace_back("time series");
  if (all.known()) {
    out.start_s = all.start;
    out.stop_s = all.stop;
  }
  return out;
}

} // namespace engram::data
