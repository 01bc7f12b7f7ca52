// This reads all that a file gives, for files that may be damaged. Nothing but DataError may come out.
#pragma once

#include "data/array.hpp"
#include "data/describe_file.hpp"
#include "data/mat.hpp"
#include "data/nwb.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>

namespace engram::data::testing {

/// Runs `read`; counts it when it was refused.
template <class F> void allow_refusal(std::size_t &refused, F read) {
  try {
    read();
  } catch (const DataError &) {
    ++refused;
  }
}

/// All that an open NWB file gives; returns how much of it was refused.
inline std::size_t read_all(const NwbFile &file) {
  std::size_t refused = 0;
  allow_refusal(refused, [&] { file.session(); });
  for (const NwbSeries &series : file.series()) {
    const std::size_t some = std::min<std::size_t>(series.samples, 1000);
    if (series.channels > 1000) continue;
    allow_refusal(refused, [&] { file.read_series(series.path, 0, some); });
    allow_refusal(refused, [&] { file.read_series(series.path, series.samples - some, some); });
    allow_refusal(refused, [&] { file.read_times(series.path, 0, some); });
  }
  if (file.has_units()) allow_refusal(refused, [&] { file.units(); });
  for (const NwbTable &table : file.tables()) {
    allow_refusal(refused, [&] { file.read_ids(table); });
    for (const NwbColumn &column : table.columns)
      allow_refusal(refused, [&] { file.read_column(table, column.name, 0, std::min<std::size_t>(table.rows, 1000)); });
  }
  for (const NwbImage &image : file.images()) allow_refusal(refused, [&] { file.read_image(image); });
  return refused;
}

/// Returns how much of it was refused; more than of any open file when it does not open.
inline std::size_t read_all_of_nwb(const std::string &path) {
  std::size_t refused = 0;
  try {
    refused = read_all(NwbFile(path));
  } catch (const DataError &) {
    refused = std::numeric_limits<std::size_t>::max();
  }
  return refused;
}

inline std::size_t read_all_of_mat(const std::string &path) {
  std::size_t refused = 0;
  for (const char *key : {"cube", "Models.RDM"}) allow_refusal(refused, [&] { read_mat(path, key); });
  allow_refusal(refused, [&] { read_mat_texts(path, "Models.name"); });
  allow_refusal(refused, [&] { read_mat_texts(path, "cells{3}"); });
  return refused;
}

} // namespace engram::data::testing
