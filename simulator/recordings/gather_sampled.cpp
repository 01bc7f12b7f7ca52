// gather_sampled() takes an array of samples at equal steps as the time series that it is.
#include "data/table.hpp"
#include "recordings/array_places.hpp"
#include "recordings/gather.hpp"
#include "recordings/signal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace engram::recordings {

namespace {

// Unless they are said: one axis is time, of two it is the first. Axes of one place, as MATLAB gives to vectors, are
// none.
std::vector<std::string> axes_of_series(const Source &source, const std::vector<std::size_t> &shape,
                                        std::vector<std::string> &notes) {
  if (!source.axes.empty()) return source.axes;
  std::vector<std::size_t> longer; // axes of more than one place
  for (std::size_t k = 0; k < shape.size(); ++k)
    if (shape[k] > 1) longer.push_back(k);
  if (longer.empty() && !shape.empty()) longer.push_back(0);
  if (longer.empty() || longer.size() > 2)
    refuse(source, "series",
           fmt::format("has {} axes: 'axes' says which is 'time', and what the others are", longer.size()));
  const std::size_t samples = shape[longer[0]], channels = longer.size() == 2 ? shape[longer[1]] : 1;
  if (channels > samples)
    refuse(source, "series",
           fmt::format("has {} rows and {} columns, more channels than samples: 'axes' says which axis is 'time', and "
                       "which 'neuron'",
                       samples, channels));
  std::vector<std::string> out(shape.size(), "neuron");
  out[longer[0]] = "time";
  if (longer.size() == 2)
    notes.push_back(fmt::format("{}: axes are taken as {} samples x {} channels ('axes' in a comparison file says "
                                "otherwise)",
                                name_of_array(source), samples, channels));
  return out;
}

// Where each stretch of samples begins in the array.
std::vector<std::size_t> lanes_of(const AxisPlaces &at) {
  std::vector<std::size_t> out;
  for (const std::size_t condition : at.condition)
    for (const std::size_t repeat : at.repeat)
      for (const std::size_t trial : at.trial) out.push_back(at.first + condition + repeat + trial);
  return out;
}

Signal signal_of_array(const Source &source, std::shared_ptr<const data::Array> array, const AxisPlaces &at) {
  const auto lanes = lanes_of(at);
  const std::size_t samples = at.time.size();
  Signal out;
  out.name = name_of_array(source);
  out.file = source.file;
  out.unit = source.series.unit;
  out.channels = at.neuron.size();
  out.step = ms / source.series.rate;
  out.clocked = lanes.size() == 1;
  for (std::size_t k = 0; k < lanes.size(); ++k)
    out.stretches.push_back({k * samples, samples, source.series.start + static_cast<double>(k * samples) * out.step});
  out.open = [array = std::move(array), lanes, time = at.time, neuron = at.neuron]() -> Signal::Read {
    return [array, lanes, time, neuron](std::size_t first, std::size_t count) {
      arma::mat values(count, neuron.size());
      for (std::size_t n = 0; n < neuron.size(); ++n)
        for (std::size_t k = 0; k < count; ++k)
          values(k, n) = array->at(lanes[(first + k) / time.size()] + time[(first + k) % time.size()] + neuron[n]);
      return values;
    };
  };
  return out;
}

// Its responses are those of the same array without a sampling rate, at the times that the rate gives.
Area area_with_responses(const Source &source, const std::vector<std::string> &axes, std::vector<std::string> &notes) {
  Source responses = source;
  responses.axes = axes;
  Area out = needs_gather_axes(responses) ? gather_axes(responses, notes) : gather_array(responses, notes);
  const double step = ms / source.series.rate;
  for (std::size_t t = 0; t < out.responses->values.size(); ++t)
    out.responses->times.push_back(source.series.start + (static_cast<double>(t) + 0.5) * step);
  out.responses->unit = source.series.unit;
  return out;
}

} // namespace

Area gather_sampled(const Source &source, std::vector<std::string> &notes) {
  const std::string place = source.key.empty() ? "file" : "key";
  auto table = with_place(source, place, [&] { return data::read_table(source.file, source.key); });
  const auto array = std::make_shared<const data::Array>(std::move(table.array));
  const auto axes = axes_of_series(source, array->shape, notes);
  if (std::find(axes.begin(), axes.end(), "time") == axes.end())
    refuse(source, "series", "has no axis 'time', along which samples follow each other");
  const auto at = places_in(source, axes, array->shape);
  const bool conditions =
      std::any_of(axes.begin(), axes.end(), [](const auto &axis) { return axis == "condition" || axis == "trial"; });
  Area out;
  if (conditions) {
    out = area_with_responses(source, axes, notes);
  } else {
    out.name = name_of_array(source);
    out.file = source.file;
    out.lack = "it is a time series without conditions or trials";
    notes.insert(notes.end(), table.notes.begin(), table.notes.end());
  }
  out.signal = std::make_shared<const Signal>(signal_of_array(source, array, at));
  return out;
}

} // namespace engram::recordings
