#include "recordings/array_places.hpp"

#include "recordings/gather.hpp"

#include <fmt/format.h>

#include <utility>

namespace engram::recordings {

AxisPlaces places_in(const Source &source, const std::vector<std::string> &axes,
                     const std::vector<std::size_t> &shape) {
  if (axes.size() != shape.size())
    refuse(source, "axes", fmt::format("has {} axes, not the {} that are named", shape.size(), axes.size()));
  AxisPlaces out;
  out.condition = out.neuron = out.repeat = out.time = out.trial = {0};
  std::size_t all = 1;
  for (const std::size_t n : shape) all *= n;
  if (all == 0) refuse(source, "file", "is empty");
  std::size_t stride = all;
  for (std::size_t k = 0; k < axes.size(); ++k) {
    stride /= shape[k];
    if (const auto fixed = source.arrays.at.find(axes[k]); fixed != source.arrays.at.end()) {
      if (fixed->second > shape[k])
        refuse(source, "at/" + axes[k], fmt::format("{} is beyond the {} that there are", fixed->second, shape[k]));
      out.first += (fixed->second - 1) * stride;
      continue;
    }
    auto &list = axes[k] == "condition" ? out.condition
                 : axes[k] == "neuron"  ? out.neuron
                 : axes[k] == "repeat"  ? out.repeat
                 : axes[k] == "time"    ? out.time
                                        : out.trial;
    std::vector<std::size_t> longer;
    for (const std::size_t place : list)
      for (std::size_t i = 0; i < shape[k]; ++i) longer.push_back(place + i * stride);
    list = std::move(longer);
  }
  return out;
}

} // namespace engram::recordings
