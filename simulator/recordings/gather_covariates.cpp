// find_covariates() finds the stimulus and the animal's position that belong to the spikes of an NWB file.
#include "data/nwb.hpp"
#include "data/pictures/pictures.hpp"
#include "data/table.hpp"
#include "input/nearest.hpp"
#include "measures/not_applicable.hpp"
#include "recordings/array_values.hpp"
#include "recordings/gather.hpp"
#include "recordings/uniform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

namespace engram::recordings {

namespace {

constexpr std::size_t most_values = std::size_t(1) << 27; // 1 GiB
constexpr std::size_t block_values = std::size_t(1) << 22;

bool has_values(const data::NwbSeries &series) {
  const bool timed = series.timestamps > 0 || series.rate_hz > 0;
  return series.channels > 0 && series.samples > 1 && series.stored != "text" && timed;
}

// Numbers that pictures go by are no pictures.
bool is_stimulus(const data::NwbSeries &series) {
  return has_values(series) && series.path.starts_with("stimulus/presentation/") && series.type != "IndexSeries";
}

bool is_place(const data::NwbSeries &series) {
  return has_values(series) && series.type == "SpatialSeries" && series.channels >= 2;
}

// The series of this name, or the only one of its kind.
struct Choice {
  std::string path; // "" where there is none
  std::string lack; // why
  bool obvious = false;
};

Choice choose(const Source &source, const data::NwbFile &file, const std::string &key, const std::string &name,
              bool (*fits)(const data::NwbSeries &), const std::string &kind) {
  Choice out;
  std::vector<std::string> all, fitting, named;
  for (const auto &series : file.series()) {
    all.push_back(series.path);
    if (fits(series)) fitting.push_back(series.path);
    if (series.path == name) named.insert(named.begin(), series.path); // before those that only end so
    if (!name.empty() && series.path.ends_with("/" + name)) named.push_back(series.path);
  }
  if (name.empty()) {
    out.obvious = fitting.size() == 1;
    if (out.obvious)
      out.path = fitting.front();
    else if (fitting.empty())
      out.lack = fmt::format("{} has no {}; name one ('{}')", source.file, kind, key);
    else
      out.lack = fmt::format("{} has {} series that could be the {}, as {}; name one ('{}')", source.file,
                             fitting.size(), key, fitting.front(), key);
    return out;
  }
  if (named.empty()) refuse(source, key + "/series", input::unknown("time series", name, all));
  if (named.size() > 1 && named.front() != name)
    refuse(source, key + "/series", fmt::format("'{}' is {} or {}", name, named[0], named[1]));
  out.path = named.front();
  if (!has_values(file.find_series(out.path)))
    refuse(source, key + "/series", "'" + name + "' has no numbers, or no times, in the file");
  return out;
}

std::vector<double> times_of(const data::NwbFile &file, const data::NwbSeries &series) {
  auto times = file.read_times(series.path, 0, series.samples);
  for (double &time : times) time *= ms;
  return times;
}

void require_room(const std::string &name, std::size_t samples, std::size_t values) {
  if (values > 0 && samples > most_values / values)
    throw measures::NotApplicable(fmt::format("{} has {} samples of {} values; {} numbers are the most that are read "
                                              "(average pixels or leave some out)",
                                              name, samples, values, most_values));
}

void shape_pictures(const Source &source, const std::vector<std::size_t> &shape, Stimulus &out) {
  out.height = source.stimulus.height;
  out.width = source.stimulus.width;
  if (out.height == 0 && shape.size() == 3) {
    out.height = shape[1];
    out.width = shape[2];
  }
  if (out.height * out.width != 0 && out.height * out.width != out.values.n_cols)
    refuse(source, "stimulus/image",
           fmt::format("{} x {} is not {}, the values of a sample", out.height, out.width, out.values.n_cols));
}

Stimulus read_series(const Source &source, const Choice &choice, std::vector<std::string> &notes) {
  const data::NwbFile file(source.file);
  const auto &series = file.find_series(choice.path);
  require_room(series.path, series.samples, series.channels);
  Stimulus out;
  out.name = series.path.substr(series.path.rfind('/') + 1);
  out.unit = series.unit;
  out.values.set_size(series.samples, series.channels);
  const std::size_t block = std::max<std::size_t>(1, block_values / series.channels);
  for (std::size_t first = 0; first < series.samples; first += block) {
    const std::size_t count = std::min(block, series.samples - first);
    out.values.rows(first, first + count - 1) = file.read_series(series.path, first, count);
  }
  shape_pictures(source, series.shape, out);
  if (choice.obvious) notes.push_back(fmt::format("{}: the stimulus is {}, the only one", source.file, series.path));
  if (series.timestamps == 0) {
    out.start = std::isnan(series.starting_time_s) ? 0 : series.starting_time_s * ms;
    out.step = ms / series.rate_hz;
    return out;
  }
  const auto uniform = make_uniform(out.values, times_of(file, series));
  out.start = uniform.start;
  out.step = uniform.step;
  if (uniform.held)
    notes.push_back(
        fmt::format("{}: the times of {} are not uniform: each sample is held until the next, in steps of {:.4g} ms",
                    source.file, series.path, out.step));
  return out;
}

// cm; NaN for a unit that is none of length.
double centimetres(const std::string &unit) {
  static const std::map<std::string, double> known{
      {"m", 100},  {"meter", 100},      {"meters", 100},      {"metre", 100},      {"metres", 100},
      {"cm", 1},   {"centimeter", 1},   {"centimeters", 1},   {"centimetre", 1},   {"centimetres", 1},
      {"mm", 0.1}, {"millimeter", 0.1}, {"millimeters", 0.1}, {"millimetre", 0.1}, {"millimetres", 0.1}};
  const auto found = known.find(unit);
  return found == known.end() ? std::nan("") : found->second;
}

Position read_position(const Source &source, const Choice &choice, std::vector<std::string> &notes) {
  const data::NwbFile file(source.file);
  const auto &series = file.find_series(choice.path);
  if (series.channels < 2) throw measures::NotApplicable(series.path + " has one coordinate; rate maps are over two");
  require_room(series.path, series.samples, series.channels);
  double scale = centimetres(series.unit);
  if (std::isnan(scale)) {
    scale = 1;
    notes.push_back(fmt::format("{}: the unit of {} is '{}': taken as cm", source.file, series.path, series.unit));
  }
  if (choice.obvious) notes.push_back(fmt::format("{}: the position is {}, the only one", source.file, series.path));
  const arma::mat place = file.read_series(series.path) * scale;
  return {series.path.substr(series.path.rfind('/') + 1),
          {arma::vec(times_of(file, series)), place.col(0), place.col(1)},
          {},
          2,
          source.position.arena};
}

// Read once, by whoever asks first.
template <class T, class Read> std::function<const T &(std::vector<std::string> &)> once(Read read) {
  return [read, kept = std::make_shared<std::optional<T>>()](std::vector<std::string> &notes) -> const T & {
    if (!*kept) *kept = read(notes);
    return **kept;
  };
}

} // namespace

Stimulus read_stimulus_array(const Source &source, std::vector<std::string> &notes) {
  const auto &from = source.stimulus.array;
  auto table = with_place(source, "stimulus", [&] { return data::read_table(from.file, from.key); });
  if (table.missing_line > 0)
    refuse(source, "stimulus", fmt::format("{}: line {}: a value is missing", from.file, table.missing_line));
  notes.insert(notes.end(), table.notes.begin(), table.notes.end());
  if (data::is_pictures(from.file)) table.array = grey_of(from.file, std::move(table.array), notes);
  const auto &array = table.array;
  if (array.shape.empty() || array.shape.size() > 3 || array.size() == 0)
    refuse(source, "stimulus", from.file + ": a stimulus is samples x values, or samples x height x width");
  // Of samples, rows and columns: how many, and how far apart in the array.
  std::size_t count[3] = {1, 1, 1}, stride[3] = {0, 0, 0};
  const auto &axes = source.stimulus.axes;
  if (!axes.empty() && axes.size() != array.shape.size())
    refuse(source, "stimulus/axes", fmt::format("names {} axes of {}", axes.size(), array.shape.size()));
  std::size_t apart = array.size();
  for (std::size_t k = 0; k < array.shape.size(); ++k) {
    apart /= array.shape[k];
    const std::size_t which = axes.empty() ? k : axes[k] == "sample" ? 0 : axes[k] == "row" ? 1 : 2;
    count[which] = array.shape[k];
    stride[which] = apart;
  }
  require_room(from.file, count[0], count[1] * count[2]);
  Stimulus out;
  out.name = from.key.empty() ? from.file.substr(from.file.rfind('/') + 1) : from.key;
  out.values.set_size(count[0], count[1] * count[2]);
  for (std::size_t i = 0; i < count[1]; ++i)
    for (std::size_t j = 0; j < count[2]; ++j)
      for (std::size_t k = 0; k < count[0]; ++k)
        out.values(k, i * count[2] + j) = array.at(k * stride[0] + i * stride[1] + j * stride[2]);
  shape_pictures(source, array.shape.size() == 3 ? std::vector<std::size_t>{count[0], count[1], count[2]} : array.shape,
                 out);
  if (!source.stimulus.pieces.empty()) {
    out.pieces = values_of(from.file, source.stimulus.pieces);
    if (out.pieces.n_elem != out.values.n_rows)
      refuse(source, "stimulus/pieces",
             fmt::format("has {} values for {} samples", out.pieces.n_elem, out.values.n_rows));
  }
  out.start = source.stimulus.start;
  out.step = ms / source.stimulus.rate;
  return out;
}

Covariates find_covariates(const Source &source, const data::NwbFile &file) {
  Covariates out;
  const bool array = !source.stimulus.array.file.empty();
  const auto stimulus = array ? Choice{}
                              : choose(source, file, "stimulus", source.stimulus.series, is_stimulus,
                                       "time series under stimulus/presentation");
  out.stimulus = once<Stimulus>([source, array, stimulus](std::vector<std::string> &notes) {
    if (!stimulus.lack.empty()) throw measures::NotApplicable(stimulus.lack);
    return array ? read_stimulus_array(source, notes) : read_series(source, stimulus, notes);
  });
  const auto position =
      choose(source, file, "position", source.position.series, is_place, "SpatialSeries of two coordinates");
  out.position = once<Position>([source, position](std::vector<std::string> &notes) {
    if (!position.lack.empty()) throw measures::NotApplicable(position.lack);
    return read_position(source, position, notes);
  });
  return out;
}

} // namespace engram::recordings
