// area_of_voltage() finds spikes in membrane potentials.
#include "data/nwb.hpp"
#include "measures/voltage_spikes.hpp"
#include "recordings/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace engram::recordings {

namespace {

constexpr std::size_t most_at_once = std::size_t(1) << 22;

// 0 for a unit that is none of voltage.
double millivolts(const std::string &unit) {
  static const std::map<std::string, double> known{{"volts", 1000}, {"volt", 1000},    {"V", 1000},
                                                   {"mV", 1},       {"millivolts", 1}, {"millivolt", 1}};
  const auto found = known.find(unit);
  return found == known.end() ? 0 : found->second;
}

} // namespace

bool is_voltage(const data::NwbSeries &series) {
  return millivolts(series.unit) > 0 && series.channels > 0 && series.samples > 1 && series.stored != "text";
}

Area area_of_voltage(const data::NwbFile &file, const data::NwbSeries &series, const Source &source) {
  if (!is_voltage(series))
    refuse(source, "threshold", fmt::format("{} is no voltage: its unit is '{}'", series.path, series.unit));
  Area out;
  std::vector<measures::VoltageSpikes> channels(series.channels, measures::VoltageSpikes(*source.threshold));
  const std::size_t block = std::max<std::size_t>(1, most_at_once / series.channels);
  for (std::size_t first = 0; first < series.samples; first += block) {
    const std::size_t count = std::min(block, series.samples - first);
    const arma::mat voltage = file.read_series(series.path, first, count) * millivolts(series.unit);
    auto time = file.read_times(series.path, first, count);
    for (double &t : time) t *= ms;
    for (std::size_t c = 0; c < series.channels; ++c) channels[c].add(voltage.col(c), time);
    if (first == 0) out.observed.start = time.front();
    out.observed.stop = time.back();
  }
  for (std::size_t c = 0; c < series.channels; ++c) {
    out.units.push_back(std::to_string(c + 1));
    out.trains.push_back(channels[c].spikes());
  }
  return out;
}

} // namespace engram::recordings
