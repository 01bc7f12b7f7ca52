// read_spike_cells() reads spike times from MATLAB files: an array, or cells or fields of a struct array with a train
// in each.
#include "data/array.hpp"
#include "data/mat.hpp"
#include "data/spikes/stored_spikes.hpp"

#include <algorithm>

namespace engram::data {

StoredSpikes read_spike_cells(const SpikeSource &source, std::vector<std::string> &notes) {
  const auto arrays = read_mat_arrays(source.file, source.key);
  if (arrays.empty()) throw DataError(source.file + ": holds no spike times");
  if (arrays.size() == 1) return spikes_of_array(arrays.front(), source, notes);
  std::vector<std::vector<double>> lists;
  for (const Array &array : arrays) {
    const auto &shape = array.shape;
    if (std::count_if(shape.begin(), shape.end(), [](std::size_t extent) { return extent > 1; }) > 1)
      throw DataError(source.file + ": element " + std::to_string(lists.size() + 1) +
                      " is a matrix; each is to be the times of one train");
    lists.emplace_back();
    for (std::size_t k = 0; k < array.size(); ++k) lists.back().push_back(array.at(k));
  }
  return spikes_of_lists(std::move(lists), source.file);
}

} // namespace engram::data
