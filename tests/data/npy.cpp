// These tests read files that NumPy wrote (fixtures/make.py).
#include "catch.hpp"
#include "data/array.hpp"
#include "data/describe_file.hpp"
#include "data/npy_header.hpp"
#include "data/parse.hpp"
#include "data/read.hpp"
#include "fixtures.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace engram::data;
using namespace engram::data::testing;

TEST_CASE("npy integers of every size and byte order", "[data]") {
  const std::string order = GENERATE("le_", "be_");
  const int bytes = GENERATE(1, 2, 4, 8);
  const double two = 2.0;
  const Array i = read_npy(fixture(order + "i" + std::to_string(bytes) + ".npy"));
  REQUIRE(i.shape == std::vector<std::size_t>{2, 3});
  REQUIRE(i.at(2) == -1);
  REQUIRE(i.at(4) == -100);
  REQUIRE(i.at(5) == -std::pow(two, 8 * bytes - 1));
  const Array u = read_npy(fixture(order + "u" + std::to_string(bytes) + ".npy"));
  REQUIRE(u.at(4) == 200);
  if (bytes < 8)
    REQUIRE(u.at(5) == std::pow(two, 8 * bytes) - 1);
  else
    REQUIRE(std::get<std::vector<std::int64_t>>(u.values)[5] == std::numeric_limits<std::int64_t>::max());
  REQUIRE(std::holds_alternative<std::vector<std::uint8_t>>(u.values) == (bytes == 1));
}

TEST_CASE("npy floats of every size and byte order", "[data]") {
  const std::string order = GENERATE("le_", "be_");
  const Array f2 = read_npy(fixture(order + "f2.npy")), f4 = read_npy(fixture(order + "f4.npy")),
              f8 = read_npy(fixture(order + "f8.npy"));
  REQUIRE(f2.at(0) == 0.0999755859375); // numpy.float16(0.1)
  REQUIRE(f4.at(0) == static_cast<double>(0.1f));
  REQUIRE(f8.at(0) == 0.1);
  for (const Array *a : {&f2, &f4, &f8}) {
    REQUIRE(a->at(1) == -1.5);
    REQUIRE(a->at(2) == std::numeric_limits<double>::infinity());
    REQUIRE(a->at(3) == 65504);
    REQUIRE(std::isnan(a->at(4)));
    REQUIRE(a->at(5) == std::ldexp(1.0, -24));
  }
  REQUIRE(std::holds_alternative<std::vector<float>>(f4.values));
  REQUIRE(std::holds_alternative<std::vector<double>>(f8.values));
}

TEST_CASE("half precision agrees with NumPy bit for bit", "[data]") {
  const Array halves = read_npy(fixture("half_values.npy")), floats = read_npy(fixture("half_values_as_f4.npy"));
  const auto &a = std::get<std::vector<float>>(halves.values);
  const auto &b = std::get<std::vector<float>>(floats.values);
  REQUIRE(a.size() == 9363);
  REQUIRE(b.size() == a.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    different += std::isnan(b[i]) ? !std::isnan(a[i]) : std::memcmp(&a[i], &b[i], sizeof(float)) != 0;
  REQUIRE(different == 0);
}

TEST_CASE("npy orders, versions and odd shapes", "[data]") {
  for (const char *name : {"c_order", "fortran_order", "version1", "version2", "version3"}) {
    INFO(name);
    const Array cube = read_npy(fixture(std::string(name) + ".npy"));
    REQUIRE(cube.shape == std::vector<std::size_t>{2, 3, 4});
    REQUIRE(cube.row_size() == 12);
    for (std::size_t i = 0; i < 24; ++i) REQUIRE(cube.at(i) == static_cast<double>(i));
  }
  const Array flags = read_npy(fixture("bool.npy"));
  REQUIRE(std::get<std::vector<std::uint8_t>>(flags.values) == std::vector<std::uint8_t>{1, 0, 1});
  const Array scalar = read_npy(fixture("scalar.npy"));
  REQUIRE((scalar.shape.empty() && scalar.size() == 1 && scalar.rows() == 0 && scalar.at(0) == 7));
  const Array empty = read_npy(fixture("empty.npy"));
  REQUIRE((empty.shape == std::vector<std::size_t>{0, 5} && empty.size() == 0));
}

TEST_CASE("npy types that are not numbers are refused by name", "[data]") {
  for (const char *name : {"complex", "text", "record", "object", "too_large_u8"}) {
    INFO(name);
    REQUIRE_THROWS_AS(read_npy(fixture(std::string(name) + ".npy")), DataError);
    REQUIRE_THROWS_WITH(read_npy(fixture(std::string(name) + ".npy")),
                        Catch::Matchers::StartsWith(fixture(std::string(name) + ".npy")));
  }
}

TEST_CASE("an npy file cut or lengthened anywhere is refused", "[data]") {
  auto bytes = bytes_of(fixture("be_f4.npy"));
  for (std::size_t length = 0; length < bytes.size(); ++length)
    REQUIRE_THROWS_AS(parse_npy(std::span(bytes).first(length), "cut"), DataError);
  bytes.push_back(std::byte{0});
  REQUIRE_THROWS_AS(parse_npy(bytes, "long"), DataError);
}

TEST_CASE("an npy header that claims the moon allocates nothing", "[data]") {
  for (const char *shape : {"(1099511627776,)", "(4294967296, 4294967296)", "(18446744073709551615, 2)",
                            "(99999999999999999999,)", "(0, 18446744073709551615)", "(-1,)"}) {
    INFO(shape);
    std::string text = std::string("{'descr': '<f8', 'fortran_order': False, 'shape': ") + shape + ", }\n";
    std::string file("\x93NUMPY\x01\x00", 8);
    file += static_cast<char>(text.size());
    file += '\0';
    REQUIRE_THROWS_AS(parse_npy(as_bytes(file + text), "moon"), DataError);
  }
}

TEST_CASE("an npy file is described by its header and its first values", "[data]") {
  for (const char *name : {"c_order", "fortran_order", "scalar", "empty", "be_i2", "le_i8", "bool", "version3"}) {
    INFO(name);
    const auto path = fixture(std::string(name) + ".npy");
    const Array whole = read_npy(path);
    const Node node = describe_file(path).children.at(0);
    CHECK(node.shape == whole.shape);
    CHECK(node.of_values == whole.size());
    REQUIRE(node.values.size() == std::min(whole.size(), shown_values));
    for (std::size_t k = 0; k < node.values.size(); ++k) CHECK(node.values[k] == whole.at(k));
  }
  // Fortran's order: value (i, j, k) of 2 × 3 × 4 stands at i + 2 j + 6 k.
  NpyHeader header;
  header.shape = {2, 3, 4};
  header.count = 24;
  for (std::size_t value = 0; value < 24; ++value) {
    header.fortran_order = true;
    CHECK(npy_place(header, value) == value / 12 + 2 * (value / 4 % 3) + 6 * (value % 4));
    header.fortran_order = false;
    CHECK(npy_place(header, value) == value);
  }
}

TEST_CASE("npz: stored, deflated, by key", "[data]") {
  for (const char *name : {"stored.npz", "deflated.npz"}) {
    const Array x = read_npz(fixture(name), "x");
    REQUIRE(x.shape == std::vector<std::size_t>{2, 3, 4});
    REQUIRE(x.at(23) == 23);
    REQUIRE(read_array(fixture(name), "labels").at(2) == 4);
    REQUIRE_THROWS_WITH(read_npz(fixture(name), ""), ContainsSubstring("x, labels"));
    REQUIRE_THROWS_WITH(read_npz(fixture(name), "y"), ContainsSubstring("no array 'y'"));
  }
  REQUIRE(read_npz(fixture("deflated.npz"), "zeros").size() == 90000);
  REQUIRE(read_npz(fixture("one.npz"), "").at(1) == -2.5);
  auto damaged = bytes_of(fixture("stored.npz"));
  const std::string name = "x.npy";
  damaged[200] ^= std::byte{1}; // within the values of x: only the checksum can tell
  REQUIRE_THROWS_AS(parse_npz(damaged, "damaged", "x"), DataError);
}
