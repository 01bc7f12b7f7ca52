// This computes the checksum by which a downloaded file is verified.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace engram::data {

/// SHA-256 in lower-case hexadecimal, as sha256sum prints it.
std::string sha256(std::span<const std::byte> bytes);

} // namespace engram::data
