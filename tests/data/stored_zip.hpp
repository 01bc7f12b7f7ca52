// stored_zip() makes a zip archive in memory, of files that are stored without compression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>
#include <zlib.h>

namespace engram::data::testing {

/// PKWARE's APPNOTE 4.3: local headers with their files, the central directory, its end. At most 65535 files.
inline std::vector<std::byte> stored_zip(const std::vector<std::pair<std::string, std::string>> &files) {
  std::string out, directory;
  const auto put = [](std::string &to, std::uint64_t value, int bytes) {
    for (int k = 0; k < bytes; ++k) to += static_cast<char>(value >> (8 * k) & 0xffu);
  };
  for (const auto &[name, content] : files) {
    const auto at = static_cast<std::uint32_t>(out.size()), size = static_cast<std::uint32_t>(content.size());
    const auto sum = static_cast<std::uint32_t>(
        ::crc32(0, reinterpret_cast<const Bytef *>(content.data()), static_cast<uInt>(content.size())));
    const auto common = [&, length = name.size()](std::string &to) {
      put(to, 20, 2); // version that is needed
      put(to, 0, 8);  // flags, stored, time, date
      put(to, sum, 4);
      put(to, size, 4);
      put(to, size, 4);
      put(to, static_cast<std::uint32_t>(length), 2);
      put(to, 0, 2); // no extra field
    };
    put(out, 0x04034b50, 4);
    common(out);
    out += name + content;
    put(directory, 0x02014b50, 4);
    put(directory, 20, 2);
    common(directory);
    put(directory, 0, 2);  // no comment
    put(directory, 0, 8);  // disk, attributes
    put(directory, at, 4); // of the local header
    directory += name;
  }
  const auto begin = static_cast<std::uint32_t>(out.size()), size = static_cast<std::uint32_t>(directory.size());
  out += directory;
  put(out, 0x06054b50, 4);
  put(out, 0, 4);
  put(out, static_cast<std::uint32_t>(files.size()), 2);
  put(out, static_cast<std::uint32_t>(files.size()), 2);
  put(out, size, 4);
  put(out, begin, 4);
  put(out, 0, 2);
  const auto *bytes = reinterpret_cast<const std::byte *>(out.data());
  return {bytes, bytes + out.size()};
}

} // namespace engram::data::testing
