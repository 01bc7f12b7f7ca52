// A ByteSource gives the bytes of a file, packed or not, a block at a time, so that a file larger than memory can be
// read.
#pragma once

#include "data/bytes.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace engram::data {

/// Fills `to` with the next bytes and returns how many they are; fewer than there is room for only at the end. Copies
/// share one position. Errors: DataError.
using ByteSource = std::function<std::size_t(std::span<std::byte> to)>;

/// All of a regular file. Errors: DataError that begins with the path, here and in reading.
ByteSource file_source(const std::string &path);
/// Of memory, which must outlive the source.
ByteSource memory_source(std::span<const std::byte> bytes);
/// The content of one or more gzip members. Errors: DataError that begins with `name` when the stream is damaged, ends
/// early, or unpacks to far more than its size (bytes.hpp).
ByteSource gunzip_source(ByteSource packed, const std::string &name);
/// All of a regular file, unpacked where it is gzip.
ByteSource content_source(const std::string &path);

/// Reads to the end in blocks, and returns the values at `places` (counted in values of `bytes_each` bytes, each below
/// `count`), one after another. Errors: DataError that begins with `name` unless there are exactly `count` values.
Bytes values_at(const std::vector<std::size_t> &places, const ByteSource &source, std::size_t bytes_each,
                std::size_t count, const std::string &name);

} // namespace engram::data
