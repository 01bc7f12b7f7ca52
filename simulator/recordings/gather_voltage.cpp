// area_of_voltage() and gather_report() find spikes in membrane potentials.
#include "data/nwb.hpp"
#include "data/spikes/sonata.hpp"
#include "data/spikes/stored_spikes.hpp"
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

Area gather_report(const Source &source, std::vector<std::string> &notes) {
  const auto report = with_place(source, source.key.empty() ? "file" : "key",
                                 [&] { return data::read_sonata_report(source.file, source.key); });
  const double to_mv = millivolts(report.unit);
  if (to_mv == 0)
    refuse(source, "threshold", fmt::format("report {} is no voltage: its unit is '{}'", report.name, report.unit));
  const std::string unit = data::time_unit_of(report.time_unit);
  if (unit.empty())
    notes.push_back(fmt::format("{}: report {} says no unit of its times; SONATA's is ms", source.file, report.name));
  const double to_ms = unit == "s" ? ms : unit == "us" ? 1 / ms : 1;
  const std::size_t samples = report.values.rows(), width = report.elements.size();
  Area out;
  out.name = source.name.empty() ? report.name : source.name;
  out.file = source.file;
  out.units = report.elements;
  std::vector<double> time(samples);
  for (std::size_t k = 0; k < samples; ++k) time[k] = (report.start + static_cast<double>(k) * report.step) * to_ms;
  if (samples < 2) refuse(source, "threshold", fmt::format("report {} has {} samples", report.name, samples));
  out.observed = {time.front(), time.back()};
  arma::vec voltage(samples);
  for (std::size_t e = 0; e < width; ++e) {
    for (std::size_t k = 0; k < samples; ++k) voltage[k] = report.values.at(k * width + e) * to_mv;
    out.trains.push_back(measures::spikes_from_voltage(voltage, time, *source.threshold));
  }
  return out;
}

} // namespace engram::recordings
