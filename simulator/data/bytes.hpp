// A file as bytes, and gzip undone.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace engram::data {

using Bytes = std::vector<std::byte>;

/// All of a regular file. Errors: DataError that begins with the path.
Bytes read_bytes(const std::string &path);

bool is_gzip(std::span<const std::byte> bytes);

/// The content of one or more gzip members, at most `limit` bytes of it. Memory grows with what is really there.
/// Errors: DataError that begins with `name` when the stream is damaged or ends early.
Bytes inflate_gzip(std::span<const std::byte> bytes, const std::string &name,
                   std::size_t limit = std::numeric_limits<std::size_t>::max());

} // namespace engram::data
