// Compares all numbers of two run files.
#pragma once

#include "data/hdf5_foreign.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace run_numbers {

using engram::data::hdf5::ForeignFile;

/// Paths of all numeric datasets below `group`, which begins and ends with '/'.
inline void list(const ForeignFile &file, const std::string &group, std::vector<std::string> &paths) {
  for (const auto &name : file.children(group)) {
    const std::string path = group + name;
    const auto about = file.about(path);
    if (about.is_group()) list(file, path + "/", paths);
    if (about.is_dataset() && about.numbers) paths.push_back(path);
  }
}

/// The datasets that are not in both files, or not the same bit for bit (NaN is like NaN), but for the wall time of
/// epochs. Two files without a dataset in common are not alike. Empty: the files are alike.
inline std::vector<std::string> differences(const std::string &a, const std::string &b) {
  const ForeignFile first(a), second(b);
  std::vector<std::string> paths, others, out;
  list(first, "/", paths);
  list(second, "/", others);
  std::sort(paths.begin(), paths.end());
  std::sort(others.begin(), others.end());
  std::set_symmetric_difference(paths.begin(), paths.end(), others.begin(), others.end(), std::back_inserter(out));
  std::size_t compared = 0;
  for (const auto &path : paths) {
    if (path == "/scratch/learning_curve/seconds" || !std::binary_search(others.begin(), others.end(), path)) continue;
    ++compared;
    const auto x = first.numbers<double>(path), y = second.numbers<double>(path);
    const bool same = std::equal(x.begin(), x.end(), y.begin(), y.end(), [](double u, double v) {
      return std::isnan(u) ? std::isnan(v) : u == v && std::signbit(u) == std::signbit(v);
    });
    if (!same || first.about(path).shape != second.about(path).shape) out.push_back(path);
  }
  if (compared == 0) out.emplace_back("no dataset in common");
  return out;
}

} // namespace run_numbers
