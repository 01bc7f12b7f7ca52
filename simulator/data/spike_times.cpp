#include "data/spike_times.hpp"

#include "data/nwb.hpp"
#include "data/spikes/stored_spikes.hpp"
#include "data/table.hpp"

#include <algorithm>
#include <cmath>

namespace engram::data {

namespace {

constexpr double most_neurons = 1e7; // whose spikes a table lists: more would fill the memory with empty trains

// Rows of neuron and time, and the factor that takes the times to ms.
Table neuron_and_time(const std::string &file, const std::string &key, double &to_ms) {
  std::string unit;
  auto table = unit_and_time(read_table(file, key), file, unit);
  if (unit == "s") to_ms = 1000;
  if (unit.empty() && table.columns.size() == 2)
    table.notes.push_back(file + ": the column '" + table.columns[1] + "' was taken for ms");
  return table;
}

} // namespace

std::vector<std::vector<double>> read_spike_times(const std::string &file, const std::string &key,
                                                  std::vector<std::string> &outside, std::vector<std::string> *notes) {
  if (file.ends_with(".nwb")) {
    const NwbFile nwb(file);
    outside = nwb.outside();
    auto trains = nwb.units().spike_times_s;
    for (auto &train : trains)
      for (auto &time : train) time *= 1000;
    return trains;
  }
  double to_ms = 1;
  const auto table = neuron_and_time(file, key, to_ms);
  if (notes) notes->insert(notes->end(), table.notes.begin(), table.notes.end());
  const auto &array = table.array;
  if (array.rows() > 0 && (array.row_size() != 2 || array.shape.size() != 2))
    throw DataError(file + ": spikes are rows of two numbers: neuron, ms");
  std::vector<std::vector<double>> trains;
  for (std::size_t row = 0; row < array.rows(); ++row) {
    const double neuron = array.at(2 * row), ms = to_ms * array.at(2 * row + 1);
    if (!(neuron >= 0) || neuron != std::floor(neuron) || neuron >= most_neurons || !(ms >= 0) || std::isinf(ms))
      throw DataError(file + ": row " + std::to_string(row + 1) + " is not the number of a neuron and a time in ms");
    trains.resize(std::max(trains.size(), static_cast<std::size_t>(neuron) + 1));
    trains[static_cast<std::size_t>(neuron)].push_back(ms);
  }
  return trains;
}

} // namespace engram::data
