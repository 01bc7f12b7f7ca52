#include "data/describe_file.hpp"

#include "data/array.hpp"
#include "data/byte_source.hpp"
#include "data/describe_parts.hpp"
#include "data/isolated.hpp"
#include "data/pictures/pictures.hpp"
#include "data/spikes/describe_spikes.hpp"
#include "data/spikes/spike_trains.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace engram::data {

namespace {

using Describe = FileDescription (*)(const std::string &);

Describe by_ending(const std::string &path) {
  struct Choice {
    const char *ending;
    Describe describe;
  };
  constexpr Choice choices[] = {
      {".nwb", describe_hdf5},   {".h5", describe_hdf5},   {".hdf5", describe_hdf5},    {".nc", describe_hdf5},
      {".npy", describe_npy},    {".npz", describe_npz},   {".mat", describe_mat},      {".idx", describe_idx},
      {".idx.gz", describe_idx}, {"-ubyte", describe_idx}, {"-ubyte.gz", describe_idx}, {".csv", describe_csv},
      {".csv.gz", describe_csv}, {".tsv", describe_csv},   {".tsv.gz", describe_csv},   {".txt", describe_csv},
      {".txt.gz", describe_csv},
  };
  for (const Choice &choice : choices)
    if (path.ends_with(choice.ending)) return choice.describe;
  return is_pictures(path) ? describe_pictures : nullptr;
}

/// The beginning of the file; of its content where it is gzip.
std::string beginning(const std::string &path) {
  std::string text(1024, '\0');
  text.resize(content_source(path)(std::as_writable_bytes(std::span(text))));
  return text;
}

Describe by_first_bytes(const std::string &path) {
  using namespace std::string_view_literals;
  const std::string text = beginning(path);
  const std::string_view hdf5 = "\x89HDF\r\n\x1a\n"sv, view = text;
  if (view.starts_with("MATLAB"sv)) return describe_mat;
  for (const std::size_t offset : {0u, 512u})
    if (view.size() > offset && view.substr(offset).starts_with(hdf5)) return describe_hdf5;
  if (view.starts_with("\x93NUMPY"sv)) return describe_npy;
  if (view.starts_with("PK\x03\x04"sv)) return describe_npz;
  if (view.size() >= 4 && view.starts_with("\0\0"sv) && view[2] >= 8 && view[2] <= 14) return describe_idx;
  return nullptr;
}

Bytes packed(const FileDescription &file) {
  const auto cbor = nlohmann::json::to_cbor(to_json(file));
  const auto *begin = reinterpret_cast<const std::byte *>(cbor.data());
  return {begin, begin + cbor.size()};
}

} // namespace

FileDescription describe_file(const std::string &path) {
  if (is_phy(path)) return describe_phy(path); // needs no library
  require_file(path);
  Describe describe = by_ending(path);
  if (describe == nullptr) describe = by_first_bytes(path);
  if (describe == nullptr)
    throw DataError(path + ": unknown kind of file; read are NWB and other HDF5, .npy, .npz, .mat, .csv, .tsv, .txt, "
                           ".idx, *-ubyte, .png, .jpg, .tif, .zip of pictures");
  const Bytes bytes = isolated(path, path, [&] { return packed(describe(path)); });
  try {
    const auto *begin = reinterpret_cast<const std::uint8_t *>(bytes.data());
    return from_json(nlohmann::json::from_cbor(begin, begin + bytes.size()));
  } catch (const nlohmann::json::exception &) {
    throw DataError(path + ": is damaged (the library that reads it failed)");
  }
}

} // namespace engram::data
