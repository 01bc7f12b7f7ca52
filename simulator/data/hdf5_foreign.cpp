#include "data/hdf5_foreign.hpp"

#include "data/array.hpp"
#include "data/hdf5_object.hpp"
#include "data/hdf5_outside.hpp"
#include "data/isolated.hpp"

#include <span>

namespace engram::data::hdf5 {

namespace {

/// The most memory that the walk needs: it reads a megabyte at a time, and unpacks a chunk to do so.
constexpr std::size_t most_memory = std::size_t{2} << 30;

Bytes joined_names(const std::vector<std::string> &names) {
  Bytes bytes;
  for (const std::string &name : names) {
    const auto text = std::as_bytes(std::span(name.c_str(), name.size() + 1));
    bytes.insert(bytes.end(), text.begin(), text.end());
  }
  return bytes;
}

std::vector<std::string> parted_names(const Bytes &bytes) {
  std::vector<std::string> names;
  const auto *text = reinterpret_cast<const char *>(bytes.data());
  for (std::size_t at = 0; at < bytes.size(); at += names.back().size() + 1) names.emplace_back(text + at);
  return names;
}

} // namespace

ForeignFile open_foreign(const std::string &path) {
  require_file(path);
  const Bytes names = isolated(
      path, path,
      [&] {
        open_read(path).reset(); // its words for what is no HDF5 file
        const auto outside = outside_files(path);
        probe(path);
        return joined_names(outside);
      },
      most_memory);
  try {
    return {open_read(path), parted_names(names)};
  } catch (const Failure &error) {
    throw DataError(error.what());
  }
}

} // namespace engram::data::hdf5
