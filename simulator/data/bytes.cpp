#include "data/bytes.hpp"

#include "data/array.hpp"
#include "data/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace engram::data {

void require_file(const std::string &path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) throw DataError(path + ": no such file");
  if (error) throw DataError(path + ": " + error.message());
  if (std::filesystem::is_directory(status)) {
    for (const char *mark : {".zgroup", ".zarray", ".zattrs", "zarr.json"})
      if (std::filesystem::exists(std::filesystem::path(path) / mark, error))
        throw DataError(path + ": is a Zarr store, which is not read: export it as HDF5 (of NWB, hdmf-zarr does)");
    throw DataError(path + ": is a folder, not a file");
  }
  if (!std::filesystem::is_regular_file(status)) throw DataError(path + ": is not a regular file");
}

Bytes read_bytes(const std::string &path) {
  require_file(path);
  std::error_code error;
  const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) throw DataError(path + ": " + std::strerror(errno));
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw DataError(path + ": " + error.message());
  Bytes bytes(static_cast<std::size_t>(size));
  const std::size_t got = bytes.empty() ? 0 : std::fread(bytes.data(), 1, bytes.size(), file.get());
  if (std::ferror(file.get())) throw DataError(path + ": " + std::strerror(errno));
  bytes.resize(got);
  return bytes;
}

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

Bytes inflate_gzip(std::span<const std::byte> bytes, const std::string &name, std::size_t limit) {
  const ByteSource source = gunzip_source(memory_source(bytes), name);
  Bytes out;
  std::size_t made = 0, got = 0;
  do {
    out.resize(std::min(limit, std::max<std::size_t>(2 * made, std::size_t{1} << 16)));
    got = source(std::span(out).subspan(made));
    made += got;
  } while (got != 0 && made == out.size() && made < limit);
  out.resize(made);
  return out;
}

} // namespace engram::data
