// These functions check how many values a header claims, before any memory is allocated for them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace engram::data {

inline constexpr std::size_t maximum_axes = 32;

/// Number of values of `shape`, `bytes_each` (at least 1) bytes each. Errors: DataError that begins with `name` for
/// more than `maximum_axes` axes, and for a product that no file can hold.
std::size_t count_values(const std::vector<std::size_t> &shape, std::size_t bytes_each, const std::string &name);

/// Errors: DataError that begins with `name` unless as many bytes are there as the header claims.
void expect_bytes(std::size_t claimed, std::size_t there, const std::string &name);

} // namespace engram::data
