// gather_axes() reads responses from arrays whose axes have any order, stand several times, or are trials with labels.
// gather_trial_spikes() reads the spike times of each trial.
#include "data/mat.hpp"
#include "data/pictures/pictures.hpp"
#include "data/table.hpp"
#include "recordings/array_places.hpp"
#include "recordings/array_values.hpp"
#include "recordings/gather.hpp"
#include "recordings/label_conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace engram::recordings {

namespace {

Responses empty_cubes(std::size_t conditions, std::size_t neurons, std::size_t repeats, std::size_t bins) {
  Responses out;
  for (std::size_t n = 0; n < neurons; ++n) out.neurons.push_back(std::to_string(n + 1));
  for (std::size_t t = 0; t < bins; ++t) {
    out.values.emplace_back(conditions, neurons, repeats, arma::fill::none);
    out.values.back().fill(std::numeric_limits<double>::quiet_NaN());
  }
  return out;
}

// Of frames on a clock whose zero is the first time of the position, ms.
std::vector<double> frame_times(const Source &source, std::size_t frames) {
  const auto &from = source.arrays;
  const auto &place = source.position;
  const arma::vec ticks = values_of(source.file, from.ticks), zero = values_of(source.file, from.zero);
  if (zero.is_empty() || ticks.n_elem == 0 || (frames - 1) * from.every >= ticks.n_elem)
    throw data::DataError(fmt::format("{}:{}: has {} time stamps for {} frames of {}", source.file, from.ticks,
                                      ticks.n_elem, frames, from.every));
  double start = place.start;
  if (!place.times.empty()) {
    const arma::vec times = values_of(place.array.file.empty() ? source.file : place.array.file, place.times);
    if (times.is_empty()) throw data::DataError(source.file + ":" + place.times + ": is empty");
    start = ms * times.front();
  }
  std::vector<double> out;
  for (std::size_t k = 0; k < frames; ++k)
    out.push_back(start + ms * (ticks[k * from.every] - zero.front()) / from.clock);
  return out;
}

Area area_with(const Source &source, Responses responses, const std::vector<std::string> &names) {
  Area out;
  out.name = name_of_array(source);
  out.file = source.file;
  out.condition_count = responses.values.front().n_rows;
  out.conditions = names;
  responses.conditions = names;
  for (std::size_t c = responses.conditions.size(); c < out.condition_count; ++c)
    responses.conditions.push_back(std::to_string(c + 1));
  if (source.bin)
    for (std::size_t t = 0; t < responses.values.size(); ++t)
      responses.times.push_back(source.start.value_or(0) + (static_cast<double>(t) + 0.5) * *source.bin);
  if (!source.arrays.ticks.empty()) responses.times = frame_times(source, responses.values.size());
  out.responses = std::move(responses);
  return out;
}

// Pictures whose pixels are neurons, averaged to the size that is asked for.
void average_pictures(const Source &source, const data::Array &array, Responses &responses) {
  const auto &size = source.arrays.size;
  if (size.empty()) return;
  std::vector<std::size_t> of; // rows and columns that there are
  for (std::size_t k = 0; k < source.axes.size(); ++k)
    if (source.axes[k] == "neuron") of.push_back(array.shape[k]);
  for (std::size_t k = 0; k < 2; ++k)
    if (of[k] % size[k] != 0)
      refuse(source, "size",
             fmt::format("{} {} are no whole number of times {}", of[k], k == 0 ? "rows" : "columns", size[k]));
  const std::size_t height = of[0] / size[0], width = of[1] / size[1]; // of a pixel
  for (auto &values : responses.values) {
    arma::cube means(values.n_rows, size[0] * size[1], values.n_slices, arma::fill::zeros);
    for (std::size_t r = 0; r < values.n_slices; ++r)
      for (std::size_t i = 0; i < of[0]; ++i)
        for (std::size_t j = 0; j < of[1]; ++j)
          means.slice(r).col(i / height * size[1] + j / width) += values.slice(r).col(i * of[1] + j);
    values = means / static_cast<double>(height * width);
  }
  responses.neurons.resize(size[0] * size[1]);
}

Area without_trials(const Source &source, const data::Array &array) {
  const auto at = places_in(source, source.axes, array.shape);
  auto responses = empty_cubes(at.condition.size(), at.neuron.size(), at.repeat.size(), at.time.size());
  for (std::size_t t = 0; t < at.time.size(); ++t)
    for (std::size_t r = 0; r < at.repeat.size(); ++r)
      for (std::size_t n = 0; n < at.neuron.size(); ++n)
        for (std::size_t c = 0; c < at.condition.size(); ++c)
          responses.values[t](c, n, r) =
              array.at(at.first + at.condition[c] + at.neuron[n] + at.repeat[r] + at.time[t]);
  average_pictures(source, array, responses);
  return area_with(source, std::move(responses), condition_names(source, at.condition.size()));
}

Area by_trials(const Source &source, const std::vector<data::Array> &arrays, std::vector<std::string> &notes) {
  std::vector<AxisPlaces> at;
  std::vector<std::size_t> counts;
  for (const auto &array : arrays) {
    at.push_back(places_in(source, source.axes, array.shape));
    counts.push_back(at.back().trial.size());
    if (at.back().time.size() != at.front().time.size())
      throw data::DataError(source.file + ":" + source.key + ": units have different numbers of bins");
    if (arrays.size() > 1 && at.back().neuron.size() > 1)
      refuse(source, "axes", "'neuron' is no axis of cells, each of which is a neuron");
  }
  const auto trials = labelled_trials(source, counts, notes);
  const bool each = arrays.size() > 1; // a neuron
  const std::size_t neurons = each ? arrays.size() : at[0].neuron.size();
  auto responses = empty_cubes(trials.conditions.size(), neurons, trials.repeats, at[0].time.size());
  arma::vec over;
  if (!source.arrays.over.empty()) {
    if (each) refuse(source, "over", "is of the trials of one array, and every unit has trials of its own");
    over = values_of(source.file, source.arrays.over);
    require_count(source, source.arrays.over, over.n_elem, counts[0]);
  }
  for (std::size_t n = 0; n < neurons; ++n) {
    const std::size_t a = each ? n : 0;
    for (std::size_t k = 0; k < counts[a]; ++k) {
      if (!trials.units[a][k]) continue;
      const auto [condition, repeat] = *trials.units[a][k];
      for (std::size_t t = 0; t < at[a].time.size(); ++t)
        responses.values[t](condition, n, repeat) =
            arrays[a].at(at[a].first + at[a].trial[k] + (each ? 0 : at[a].neuron[n]) + at[a].time[t]) /
            (over.is_empty() ? 1 : over[k]);
    }
  }
  return area_with(source, std::move(responses), trials.conditions);
}

} // namespace

bool needs_gather_axes(const Source &source) {
  if (source.axes.empty()) return false;
  const auto has = [&](const char *axis) { return std::count(source.axes.begin(), source.axes.end(), axis); };
  const auto usual = has("condition") + has("neuron") + has("repeat") + has("time");
  return usual != static_cast<std::ptrdiff_t>(source.axes.size()) || has("condition") != 1 || has("neuron") != 1 ||
         has("repeat") > 1 || has("time") > 1;
}

Area gather_axes(const Source &source, std::vector<std::string> &notes) {
  std::vector<data::Array> arrays;
  if (source.file.ends_with(".mat")) {
    arrays = data::read_mat_arrays(source.file, source.key);
  } else {
    auto table = data::read_table(source.file, source.key);
    notes.insert(notes.end(), table.notes.begin(), table.notes.end());
    const bool colours = data::is_pictures(source.file) && table.array.shape.size() == 4 && source.axes.size() == 3;
    arrays.push_back(colours ? grey_of(source.file, std::move(table.array), notes) : std::move(table.array));
  }
  const bool trials = std::find(source.axes.begin(), source.axes.end(), "trial") != source.axes.end();
  if (arrays.size() > 1 && !trials) refuse(source, "axes", "several arrays are units with an axis 'trial'");
  return trials ? by_trials(source, arrays, notes) : without_trials(source, arrays.front());
}

Area gather_trial_spikes(const Source &source, std::vector<std::string> &notes) {
  const auto &from = source.arrays;
  const auto lists = lists_of(source.file, from.trial_spikes);
  const auto trials = labelled_trials(source, {lists.size()}, notes);
  arma::vec event(lists.size(), arma::fill::zeros);
  if (!from.align.empty()) {
    event = values_of(source.file, from.align);
    require_count(source, from.align, event.n_elem, lists.size());
  }
  const double bin = source.bin.value_or(*source.stop - *source.start);
  const auto bins = static_cast<std::size_t>((*source.stop - *source.start) / bin * (1 + 1e-9));
  if (bins == 0) refuse(source, "bin", "is longer than the window");
  auto responses = empty_cubes(trials.conditions.size(), 1, trials.repeats, bins);
  responses.unit = "Hz";
  for (std::size_t k = 0; k < lists.size(); ++k) {
    if (!trials.units[0][k]) continue;
    const auto [condition, repeat] = *trials.units[0][k];
    if (!event.is_finite()) throw data::DataError(source.file + ":" + from.align + ": a trial has no time");
    const arma::vec times = ms * (lists[k] - event[k]) / from.clock;
    for (std::size_t t = 0; t < bins; ++t) {
      const double low = *source.start + static_cast<double>(t) * bin;
      const arma::uvec within = arma::find(times >= low && times < low + bin);
      responses.values[t](condition, 0, repeat) = static_cast<double>(within.n_elem) / (bin / ms);
    }
  }
  Source timed = source;
  timed.bin = bin;
  if (timed.name.empty()) timed.key = from.trial_spikes;
  return area_with(timed, std::move(responses), trials.conditions);
}

} // namespace engram::recordings
