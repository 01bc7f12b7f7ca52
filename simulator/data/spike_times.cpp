#include "data/spike_times.hpp"

#include "data/nwb.hpp"
#include "data/read.hpp"

#include <algorithm>
#include <cmath>

namespace engram::data {

std::vector<std::vector<double>> read_spike_times(const std::string &file, const std::string &key,
                                                  std::vector<std::string> &outside) {
  if (file.ends_with(".nwb")) {
    const NwbFile nwb(file);
    outside = nwb.outside();
    auto trains = nwb.units().spike_times_s;
    for (auto &train : trains)
      for (auto &time : train) time *= 1000;
    return trains;
  }
  const auto array = read_array(file, key);
  if (array.rows() > 0 && array.row_size() != 2) throw DataError(file + ": spikes are rows of two numbers: neuron, ms");
  std::vector<std::vector<double>> trains;
  for (std::size_t row = 0; row < array.rows(); ++row) {
    const double neuron = array.at(2 * row), ms = array.at(2 * row + 1);
    if (!(neuron >= 0) || neuron != std::floor(neuron) || neuron > 1e9 || !(ms >= 0) || std::isinf(ms))
      throw DataError(file + ": row " + std::to_string(row + 1) + " is not the number of a neuron and a time in ms");
    trains.resize(std::max(trains.size(), static_cast<std::size_t>(neuron) + 1));
    trains[static_cast<std::size_t>(neuron)].push_back(ms);
  }
  return trains;
}

} // namespace engram::data
