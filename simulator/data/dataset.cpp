#include "data/dataset.hpp"

#include "data/mnist.hpp"
#include "data/read.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

namespace engram::data {

namespace {

std::string variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

std::vector<std::string> places(const std::string &name, const DatasetFolders &folders) {
  std::vector<std::string> bases = folders.extra;
  bases.insert(bases.end(), {folders.shipped, variable("ENGRAM_DATA"), cache_folder()});
  std::vector<std::string> out;
  for (const std::string &base : bases) {
    if (base.empty()) continue;
    out.push_back(base);
    out.push_back((std::filesystem::path(base) / name).string());
  }
  return out;
}

std::string looked_in(const std::vector<std::string> &folders) {
  std::string text = " (looked in ";
  for (std::size_t i = 0; i < folders.size(); ++i) text += (i ? ", " : "") + folders[i];
  return text + ")";
}

/// Column 64 of the file, checked to be digits. They are kept as integers: a label is a name, not a quantity.
Array class_numbers(const Array &column, std::size_t classes, const std::string &path) {
  std::vector<std::int64_t> labels(column.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double label = column.at(i);
    if (!(label >= 0 && label < static_cast<double>(classes)) || label != static_cast<double>(static_cast<int>(label)))
      throw DataError(path + ": row " + std::to_string(i) + " (from 0): the label is not a class number");
    labels[i] = static_cast<std::int64_t>(label);
  }
  return Array{column.shape, std::move(labels)};
}

Dataset load_digits(const std::string &path) {
  Dataset set;
  set.classes = 10;
  set.scale = 1.0 / 16.0;
  set.inputs = read_csv(path, "0:64");
  set.labels = class_numbers(read_csv(path, "64"), set.classes, path);
  return set;
}

std::optional<Dataset> digits_in(const std::string &folder) {
  for (const char *file : {"digits.csv.gz", "digits.csv"}) {
    const auto path = std::filesystem::path(folder) / file;
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return load_digits(path.string());
  }
  return std::nullopt;
}

std::optional<Dataset> mnist_in(const std::string &folder) {
  if (!has_mnist(folder)) return std::nullopt;
  return load_mnist(folder);
}

/// A data set, and how it is read.
struct KnownDataset {
  DatasetInfo info;
  std::optional<Dataset> (*read)(const std::string &folder); ///< nothing where it is not in the folder
  std::string absence, remedy;                               ///< for the message where it is in none
};

const std::vector<KnownDataset> &known_datasets() {
  static const std::vector<KnownDataset> all{
      {{"digits", "1797 handwritten digits, 8 × 8 pixels, 10 classes; comes with engram",
        "Alpaydin & Kaynak 1998, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository"},
       digits_in,
       "is missing from this installation",
       ""},
      {{"mnist", "70000 handwritten digits (the last 10000 for testing), 28 × 28 pixels, 10 classes; engram data mnist",
        "LeCun, Bottou, Bengio & Haffner 1998, Proc IEEE 86:2278-2324"},
       mnist_in,
       "is not on this machine",
       "; get it with: engram data mnist"},
  };
  return all;
}

} // namespace

std::vector<DatasetInfo> datasets() {
  std::vector<DatasetInfo> out;
  for (const auto &set : known_datasets()) out.push_back(set.info);
  return out;
}

std::string cache_folder() {
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty())
    return (std::filesystem::path(cache) / "engram").string();
  if (const std::string home = variable("HOME"); !home.empty())
    return (std::filesystem::path(home) / ".cache" / "engram").string();
  return {};
}

Dataset load_dataset(const std::string &name, const DatasetFolders &folders) {
  for (const auto &set : known_datasets()) {
    if (set.info.name != name) continue;
    const auto candidates = places(name, folders);
    for (const std::string &folder : candidates)
      if (auto found = set.read(folder)) return std::move(*found);
    throw DataError("data set '" + name + "' " + set.absence + looked_in(candidates) + set.remedy);
  }
  std::string known;
  for (const DatasetInfo &info : datasets()) known += (known.empty() ? "" : ", ") + info.name;
  throw DataError("no data set '" + name + "'; there are: " + known);
}

} // namespace engram::data
