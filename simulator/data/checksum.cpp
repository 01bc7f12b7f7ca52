#include "data/checksum.hpp"

#include "data/array.hpp"

#include <array>
#include <openssl/evp.h>

namespace engram::data {

std::string sha256(std::span<const std::byte> bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw DataError("SHA-256 is not available on this machine");
  constexpr char hex[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < length; ++i) {
    text += hex[digest[i] >> 4];
    text += hex[digest[i] & 15u];
  }
  return text;
}

} // namespace engram::data
