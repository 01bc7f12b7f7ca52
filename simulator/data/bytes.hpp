// These functions read a file as bytes, and unpack gzip.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace engram::data {

using Bytes = std::vector<std::byte>;

/// A pipe or a device may never end, and a folder opens without complaint. Errors: DataError, "PATH: …", unless the
/// path leads to a regular file.
void require_file(const std::string &path);

/// All of a regular file. Errors: DataError that begins with the path.
Bytes read_bytes(const std::string &path);

bool is_gzip(std::span<const std::byte> bytes);

/// Text and numbers shrink 3- to 20-fold, and deflate can do 1032-fold: what unpacks to more than `always_unpacked`
/// bytes and to more than `largest_growth` times what was unpacked so far is taken for an attack on memory.
inline constexpr std::size_t always_unpacked = std::size_t{256} << 20, largest_growth = 100;

/// The content of one or more gzip members, at most `limit` bytes of it. Memory grows with what is really there.
/// Errors: DataError that begins with `name` when the stream is damaged, ends early, or unpacks to far more than its
/// size.
Bytes inflate_gzip(std::span<const std::byte> bytes, const std::string &name,
                   std::size_t limit = std::numeric_limits<std::size_t>::max());

} // namespace engram::data
