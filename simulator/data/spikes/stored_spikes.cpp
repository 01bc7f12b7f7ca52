#include "data/spikes/stored_spikes.hpp"

#include "data/array.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace engram::data {

namespace {

void require_finite(const std::vector<double> &times, const std::string &unit, const std::string &file) {
  for (std::size_t k = 0; k < times.size(); ++k)
    if (!std::isfinite(times[k]))
      throw DataError(file + ": spike " + std::to_string(k + 1) + " of unit " + unit + " has no finite time");
}

/// Rows of a matrix; NaN at the end of a row is left out.
std::vector<std::vector<double>> rows_of_array(const Array &array) {
  std::vector<std::vector<double>> rows(array.rows());
  const std::size_t width = array.row_size();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::size_t end = width;
    while (end > 0 && std::isnan(array.at(r * width + end - 1))) --end;
    for (std::size_t k = 0; k < end; ++k) rows[r].push_back(array.at(r * width + k));
  }
  return rows;
}

std::vector<double> all_values(const Array &array) {
  std::vector<double> values(array.size());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = array.at(k);
  return values;
}

bool is_whole(double value) { return std::isfinite(value) && value == std::floor(value); }

StoredSpikes pairs_of_rows(const Array &array, const std::string &file) {
  std::vector<double> units, times;
  for (std::size_t r = 0; r < array.rows(); ++r) {
    units.push_back(array.at(2 * r));
    times.push_back(array.at(2 * r + 1));
  }
  return spikes_of_pairs(units, times, file);
}

std::string extents_text(const Array &array) {
  std::string text;
  for (const std::size_t extent : array.shape) text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text;
}

double in_ms(double time, const std::string &unit, double rate_hz) {
  if (unit == "s") return time * 1000;
  if (unit == "us") return time / 1000;
  return unit == "samples" ? time / rate_hz * 1000 : time;
}

} // namespace

std::string time_unit_of(const std::string &word) {
  if (is_among(word, {"s", "sec", "secs", "second", "seconds"})) return "s";
  if (is_among(word, {"ms", "msec", "msecs", "millisecond", "milliseconds"})) return "ms";
  if (is_among(word, {"us", "usec", "µs", "μs", "microsecond", "microseconds"})) return "us";
  return is_among(word, {"sample", "samples"}) ? "samples" : "";
}

StoredSpikes spikes_of_lists(std::vector<std::vector<double>> lists, const std::string &file) {
  StoredSpikes spikes;
  spikes.times = std::move(lists);
  for (std::size_t u = 0; u < spikes.times.size(); ++u) {
    spikes.units.push_back(std::to_string(u + 1));
    require_finite(spikes.times[u], spikes.units[u], file);
  }
  return spikes;
}

StoredSpikes spikes_of_pairs(const std::vector<double> &units, const std::vector<double> &times,
                             const std::string &file) {
  if (units.size() != times.size())
    throw DataError(file + ": " + std::to_string(times.size()) + " spike times, and the units of " +
                    std::to_string(units.size()));
  constexpr double largest = 9007199254740992; // 2^53, up to which doubles count one by one
  std::map<std::int64_t, std::vector<double>> by_unit;
  for (std::size_t k = 0; k < units.size(); ++k) {
    if (!is_whole(units[k]) || std::abs(units[k]) > largest)
      throw DataError(file + ": the unit of spike " + std::to_string(k + 1) + " is no whole number");
    by_unit[static_cast<std::int64_t>(units[k])].push_back(times[k]);
  }
  StoredSpikes spikes;
  for (auto &[unit, list] : by_unit) {
    spikes.units.push_back(std::to_string(unit));
    require_finite(list, spikes.units.back(), file);
    spikes.times.push_back(std::move(list));
  }
  return spikes;
}

StoredSpikes spikes_of_array(const Array &array, const SpikeSource &source, std::vector<std::string> &notes) {
  const std::string &file = source.file;
  if (source.layout == "column") return spikes_of_lists({all_values(array)}, file);
  const auto long_axes =
      std::count_if(array.shape.begin(), array.shape.end(), [](std::size_t extent) { return extent != 1; });
  if (array.shape.size() == 1 || (source.layout.empty() && long_axes < 2)) {
    if (!source.layout.empty())
      throw DataError(file + ": holds one list of numbers, which has no \"" + source.layout + "\"");
    return spikes_of_lists({all_values(array)}, file);
  }
  if (array.shape.size() != 2)
    throw DataError(file + ": is " + extents_text(array) + "; spike times are one list, rows, or pairs");
  if (source.layout == "rows") return spikes_of_lists(rows_of_array(array), file);
  const bool two = array.shape[1] == 2;
  if (source.layout == "pairs") {
    if (!two) throw DataError(file + ": is " + extents_text(array) + ", not rows of a unit and a time");
    return pairs_of_rows(array, file);
  }
  bool whole = two;
  for (std::size_t r = 0; whole && r < array.rows(); ++r) whole = is_whole(array.at(2 * r));
  if (!whole)
    throw DataError(file + ": is " + extents_text(array) +
                    "; say what that means: \"layout\": \"rows\" (a train in each), \"pairs\" (unit and time), or "
                    "\"column\" (one train)");
  notes.push_back(file + ": two columns are taken as unit and time");
  return pairs_of_rows(array, file);
}

SpikeTrains in_ms(StoredSpikes stored, const SpikeSource &source) {
  const std::string &file = source.file;
  if (!source.unit.empty() && !stored.time_unit.empty() && source.unit != stored.time_unit)
    throw DataError(file + ": its times are in " + stored.time_unit + ", and \"unit\" says " + source.unit);
  const std::string unit = source.unit.empty() ? stored.time_unit : source.unit;
  if (unit.empty())
    throw DataError(file + ": the unit of its spike times is not said: give \"unit\": \"s\", \"ms\", \"us\", or "
                           "\"samples\" with their \"rate\" in Hz");
  const double rate = source.rate_hz > 0 ? source.rate_hz : stored.rate_hz;
  if (unit == "samples" && !(rate > 0 && std::isfinite(rate)))
    throw DataError(file + ": its spike times are in samples: give their \"rate\" in Hz");
  if (unit != "samples" && source.rate_hz > 0)
    throw DataError(file + ": \"rate\" is of times in samples, and these are in " + unit);
  if (source.rate_hz > 0 && stored.rate_hz > 0 && source.rate_hz != stored.rate_hz)
    throw DataError(file + ": its rate is " + std::to_string(stored.rate_hz) + " Hz, and \"rate\" says " +
                    std::to_string(source.rate_hz));
  SpikeTrains trains;
  trains.population = std::move(stored.population);
  trains.units = std::move(stored.units);
  trains.times_ms = std::move(stored.times);
  for (auto &train : trains.times_ms) {
    for (double &time : train) time = in_ms(time, unit, rate);
    std::sort(train.begin(), train.end());
  }
  return trains;
}

} // namespace engram::data
