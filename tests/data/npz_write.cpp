// These tests read back the npz archives that engram writes.
#include "data/npz_write.hpp"

#include "catch.hpp"
#include "data/parse.hpp"

#include <stdexcept>

using namespace engram::data;

namespace {

std::span<const std::byte> as_span(const std::string &bytes) {
  return {reinterpret_cast<const std::byte *>(bytes.data()), bytes.size()};
}

} // namespace

TEST_CASE("an npz archive that is written is read", "[data]") {
  const std::vector<NamedArray> arrays{{"a/x", {2, 3}, std::vector<double>{1, 2, 3, 4, 5, 6}},
                                       {"empty", {0, 4}, std::vector<double>{}},
                                       {"words", {2}, std::vector<std::string>{"ab", "µV 1"}}};
  const std::string bytes = npz_of(arrays);
  const auto x = parse_npz(as_span(bytes), "it", "a/x");
  CHECK(x.shape == std::vector<std::size_t>{2, 3});
  CHECK(x.at(4) == 5);
  CHECK(parse_npz(as_span(bytes), "it", "empty").shape == std::vector<std::size_t>{0, 4});
  // NumPy's str is UTF-32: each text of four code points here.
  const std::string micro("\xb5\x00\x00\x00V\x00\x00\x00", 8);
  CHECK(bytes.find("'descr': '<U4'") != std::string::npos);
  CHECK(bytes.find(micro) != std::string::npos);
  CHECK(npz_of(arrays) == bytes);
  CHECK_THROWS_AS(npz_of({arrays[0], arrays[0]}), std::invalid_argument);
  CHECK_THROWS_AS(npz_of({{"x", {3}, std::vector<double>{1}}}), std::invalid_argument);
}
