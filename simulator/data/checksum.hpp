// This computes the checksum by which a downloaded file is verified, and by which a run knows its inputs again.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace engram::data {

/// SHA-256 of bytes that come in parts. Errors: DataError where this machine has none.
class Sha256 {
public:
  Sha256();
  void add(std::span<const std::byte> bytes);
  /// Of all that was added, once: in lower-case hexadecimal, as sha256sum prints it.
  std::string text();

private:
  struct Free {
    void operator()(void *context) const;
  };
  std::unique_ptr<void, Free> context_; // an EVP_MD_CTX
};

/// SHA-256 of bytes that are all there.
std::string sha256(std::span<const std::byte> bytes);

} // namespace engram::data
