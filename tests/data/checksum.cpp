// SHA-256 of FIPS 180-4, against the digests of NIST's examples.
#include "data/checksum.hpp"
#include "catch.hpp"

#include <string>

using namespace engram;

TEST_CASE("SHA-256 gives the digests of the standard, in one part or in several", "[data]") {
  const auto bytes = [](const std::string &text) { return std::as_bytes(std::span(text)); };
  // "abc", and the message of two blocks: NIST, Secure Hash Standard examples, SHA-256.
  CHECK(data::sha256({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::string abc = "abc", two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  CHECK(data::sha256(bytes(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (const std::size_t first : {0u, 1u, 55u, 56u}) {
    data::Sha256 sum;
    sum.add(bytes(two_blocks).first(first));
    sum.add(bytes(two_blocks).subspan(first));
    CHECK(sum.text() == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  }
}
