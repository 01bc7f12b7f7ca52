#include "data/spike_times.hpp"

#include "data/nwb.hpp"
#include "data/table.hpp"

#include <algorithm>
#include <cmath>

namespace engram::data {

namespace {

constexpr double most_neurons = 1e7; // whose spikes a table lists: more would fill the memory with empty trains

const std::vector<std::string> neuron_names{"neuron",   "neurons",   "unit", "units",  "id",      "ids",
                                            "i",        "index",     "cell", "sender", "senders", "node_id",
                                            "node_ids", "neuron_id", "gid",  "gids"},
    ms_names{"ms", "time_ms", "times_ms", "t_ms", "spike_time_ms", "time (ms)", "t (ms)"},
    second_names{"s", "time_s", "times_s", "t_s", "sec", "seconds", "spike_time_s", "time (s)", "t (s)"},
    time_names{"time", "times", "t", "timestamps", "timestamp", "spike_time", "spike_times"};

// Rows of neuron and time, and the factor that takes the times to ms.
Table neuron_and_time(const std::string &file, const std::string &key, double &to_ms) {
  auto table = read_table(file, key);
  std::vector<std::string> times = ms_names;
  times.insert(times.end(), second_names.begin(), second_names.end());
  times.insert(times.end(), time_names.begin(), time_names.end());
  table = in_order(std::move(table), file, {neuron_names, times}, 0);
  if (table.columns.size() != 2) return table;
  const auto &time = table.columns[1];
  if (is_among(time, second_names)) to_ms = 1000;
  if (is_among(time, time_names)) table.notes.push_back(file + ": the column '" + time + "' was taken for ms");
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
