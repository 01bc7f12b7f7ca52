#include "data/checksum.hpp"

#include "data/array.hpp"

#include <array>
#include <openssl/evp.h>

namespace engram::data {

namespace {

EVP_MD_CTX *context_in(void *pointer) { return static_cast<EVP_MD_CTX *>(pointer); }

void check(int result) {
  if (result != 1) throw DataError("SHA-256 is not available on this machine");
}

} // namespace

void Sha256::Free::operator()(void *context) const { EVP_MD_CTX_free(context_in(context)); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  check(context_ ? EVP_DigestInit_ex(context_in(context_.get()), EVP_sha256(), nullptr) : 0);
}

void Sha256::add(std::span<const std::byte> bytes) {
  check(EVP_DigestUpdate(context_in(context_.get()), bytes.data(), bytes.size()));
}

std::string Sha256::text() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  check(EVP_DigestFinal_ex(context_in(context_.get()), digest.data(), &length));
  constexpr char hex[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < length; ++i) {
    text += hex[digest[i] >> 4];
    text += hex[digest[i] & 15u];
  }
  return text;
}

std::string sha256(std::span<const std::byte> bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.text();
}

} // namespace engram::data
