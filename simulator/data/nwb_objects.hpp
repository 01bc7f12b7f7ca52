// These functions tell whether an HDF5 object is a time series, a table or an image of NWB, and read its attributes.
// Errors as in hdf5.hpp.
#pragma once

#include "data/nwb.hpp"

#include <new>
#include <optional>
#include <stdexcept>
#include <string>

namespace engram::data::nwb {

/// A group's `data` or `timestamps`, also where that leads to another series instead of its dataset; empty when the
/// group has none.
hdf5::Handle series_values(hid_t group, const std::string &name);

/// Nothing when the object is not of that kind.
std::optional<NwbSeries> as_series(hid_t object, const std::string &path);
std::optional<NwbTable> as_table(hid_t object, const std::string &path);
std::optional<NwbImage> as_image(hid_t object, const std::string &path);

/// Runs `read`. What HDF5 refuses, and what does not fit into memory, becomes a DataError that begins with `file`.
template <class F> auto as_data_error(const std::string &file, F read) {
  try {
    return read();
  } catch (const std::bad_alloc &) {
    throw DataError(file + ": does not fit into memory");
  } catch (const std::length_error &) { // of a vector that no memory can hold
    throw DataError(file + ": does not fit into memory");
  } catch (const hdf5::Failure &error) {
    const std::string what = error.what();
    throw DataError(what.starts_with(file) ? what : file + ": " + what);
  }
}

} // namespace engram::data::nwb
