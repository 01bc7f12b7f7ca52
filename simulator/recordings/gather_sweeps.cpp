// area_of_sweeps() makes one area of the sweeps of a cell in current clamp.
#include "data/nwb.hpp"
#include "measures/observation.hpp"
#include "recordings/gather.hpp"
#include "recordings/gather_observed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace engram::recordings {

namespace {

constexpr std::size_t most_samples = std::size_t(1) << 27; // 1 GiB

// 0 for a unit that is none of current.
double picoamperes(const std::string &unit) {
  static const std::map<std::string, double> known{{"amperes", 1e12}, {"ampere", 1e12}, {"A", 1e12},
                                                   {"nA", 1e3},       {"pA", 1},        {"picoamperes", 1}};
  const auto found = known.find(unit);
  return found == known.end() ? 0 : found->second;
}

std::string series_word(const std::string &path) { return path.substr(path.rfind('/') + 1); }

// "CurrentClampStimulusSeries_03" goes with "CurrentClampSeries_03".
std::string without_stimulus(std::string name) {
  for (const char *word : {"Stimulus", "stimulus"})
    if (const auto at = name.find(word); at != std::string::npos) name.erase(at, std::string(word).size());
  return name;
}

// "data_00010_DA0" goes with "data_00010_AD0".
std::string first_number(const std::string &name) {
  const auto begin = name.find_first_of("0123456789");
  if (begin == std::string::npos) return "";
  return name.substr(begin, name.find_first_not_of("0123456789", begin) - begin);
}

// The current that a sweep received.
const data::NwbSeries &stimulus_of(const data::NwbFile &file, const data::NwbSeries &sweep, const Source &source) {
  std::vector<const data::NwbSeries *> by_name, by_number;
  const std::string name = series_word(sweep.path), number = first_number(name);
  for (const auto &series : file.series()) {
    if (!series.path.starts_with("stimulus/presentation/") || picoamperes(series.unit) == 0) continue;
    const std::string other = series_word(series.path);
    if (without_stimulus(other) == without_stimulus(name)) by_name.push_back(&series);
    if (!number.empty() && first_number(other) == number) by_number.push_back(&series);
  }
  const auto &found = by_name.empty() ? by_number : by_name;
  if (found.empty())
    refuse(source, "sweeps",
           fmt::format("no series of current under stimulus/presentation goes with {}: neither '{}' with 'Stimulus' in "
                       "it, nor one of its number",
                       sweep.path, name));
  if (found.size() > 1)
    refuse(source, "sweeps", fmt::format("{} and {} go with {}", found[0]->path, found[1]->path, sweep.path));
  return *found.front();
}

void require_alike(const Source &source, const data::NwbSeries &one, const data::NwbSeries &other) {
  if (other.timestamps > 0 || !(other.rate_hz > 0))
    refuse(source, "sweeps", other.path + " has no rate: sweeps are sampled at one");
  if (one.samples != other.samples || one.rate_hz != other.rate_hz)
    refuse(source, "sweeps",
           fmt::format("{} has {} samples at {:g} Hz, and {} {} at {:g} Hz: sweeps are sampled alike ('signals' picks "
                       "some)",
                       one.path, one.samples, one.rate_hz, other.path, other.samples, other.rate_hz));
}

} // namespace

Area area_of_sweeps(const data::NwbFile &file, const std::vector<std::string> &signals, const Source &source) {
  Area out;
  auto sweeps = std::make_shared<Sweeps>();
  const data::NwbSeries *first = nullptr;
  for (std::size_t k = 0; k < signals.size(); ++k) {
    const auto &series = with_place(
        source, "signals", [&]() -> const auto & { return file.find_series(signals[k]); });
    auto one = area_of_voltage(file, series, source);
    if (series.channels != 1) refuse(source, "sweeps", series.path + " has several channels, and a sweep one");
    const auto &stimulus = stimulus_of(file, series, source);
    if (!first) {
      first = &series;
      if (series.samples > most_samples / signals.size())
        refuse(source, "sweeps", fmt::format("{} sweeps of {} samples are too many", signals.size(), series.samples));
      sweeps->current.set_size(series.samples, signals.size());
      sweeps->start.set_size(signals.size());
      sweeps->step = ms / series.rate_hz;
      out.observed = one.observed;
    }
    for (const auto *other : {&series, &stimulus}) require_alike(source, *first, *other);
    if (stimulus.channels != 1) refuse(source, "sweeps", stimulus.path + " has several channels, and a sweep one");
    sweeps->current.col(k) = file.read_series(stimulus.path).col(0) * picoamperes(stimulus.unit);
    sweeps->start[k] = std::isfinite(series.starting_time_s) ? series.starting_time_s * ms : 0;
    out.observed.start = std::min(out.observed.start, one.observed.start);
    out.observed.stop = std::max(out.observed.stop, one.observed.stop);
    out.units.push_back(series_word(series.path));
    out.trains.push_back(std::move(one.trains.front()));
    out.watched.push_back(std::make_shared<measures::Observation>(sampling_of(file, series).when));
  }
  out.sweeps = sweeps;
  out.name = source.name.empty() ? "sweeps" : source.name;
  out.file = source.file;
  return out;
}

} // namespace engram::recordings
