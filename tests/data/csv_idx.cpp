// These tests read text with columns against NumPy's own arrays, and IDX files of every type.
#include "catch.hpp"
#include "data/array.hpp"
#include "data/parse.hpp"
#include "data/read.hpp"
#include "fixtures.hpp"

using namespace engram::data;
using namespace engram::data::testing;

namespace {

Array csv(const std::string &text, const std::string &key = "") { return parse_csv(as_bytes(text), "t.csv", key); }

std::string complaint(const std::string &text, const std::string &key = "") {
  try {
    csv(text, key);
  } catch (const DataError &error) {
    return error.what();
  }
  return "none";
}

} // namespace

TEST_CASE("tables by numpy.savetxt are read to the last bit", "[data]") {
  const Array table = read_npy(fixture("table.npy"));
  for (const char *name : {"table.csv", "table.txt", "table.tsv", "table.csv.gz"}) {
    INFO(name);
    const Array text = read_array(fixture(name), "");
    REQUIRE(text.shape == table.shape);
    REQUIRE(text.values == table.values);
  }
  const Array label = read_csv(fixture("table.csv"), "label"), some = read_csv(fixture("table.csv"), "3,0:2");
  REQUIRE(label.shape == std::vector<std::size_t>{20});
  REQUIRE(some.shape == std::vector<std::size_t>{20, 3});
  for (std::size_t r = 0; r < 20; ++r) {
    REQUIRE(label.at(r) == table.at(4 * r + 3));
    REQUIRE(some.at(3 * r) == table.at(4 * r + 3));
    REQUIRE(some.at(3 * r + 2) == table.at(4 * r + 1));
  }
}

TEST_CASE("csv: quotes, comments, line ends and text columns that are not picked", "[data]") {
  const Array a =
      csv("\xef\xbb\xbf# made by hand\r\nname,\"rate, Hz\",n\r\n\r\n\"a,b\",+1.5 ,2\r\nc, -2e3,\"4\"", "1:3");
  REQUIRE(a.shape == std::vector<std::size_t>{2, 2});
  REQUIRE(std::get<std::vector<double>>(a.values) == std::vector<double>{1.5, 2, -2000, 4});
  REQUIRE(csv("x 1 2\ny 3 4\n", "2").at(1) == 4);
  REQUIRE(csv("1e-400\n-0\n").at(0) == 0);
}

TEST_CASE("csv errors name the file, the line and the column", "[data]") {
  REQUIRE(complaint("1,2\n3,x\n") == "t.csv: line 2, column 1: 'x' is not a number");
  REQUIRE(complaint("# c\na,b\n1,2\n3,x\n") == "t.csv: line 4, column 'b': 'x' is not a number");
  REQUIRE(complaint("1,2\n3\n") == "t.csv: line 2: 1 columns, the lines above have 2");
  REQUIRE(complaint("1,b\n3,4\n") == "t.csv: line 1: column 1: 'b' is not a number, and other columns are");
  REQUIRE(complaint("1,1e999\n", "0:2") == "t.csv: line 1, column 1: '1e999' is too large for a 64-bit float");
  REQUIRE(complaint("1,2\n", "c") == "t.csv: no column 'c', the file does not name its columns");
  REQUIRE(complaint("a,b\n1,2\n", "c") == "t.csv: no column 'c', there are: a, b");
  REQUIRE(complaint("1,2\n", "1:3") == "t.csv: no columns '1:3', the file has 2 (numbered from 0)");
  REQUIRE(complaint("") == "t.csv: holds no numbers");
  REQUIRE(complaint("a,b\n") == "t.csv: names columns and holds no numbers");
}

TEST_CASE("gzip cut anywhere is refused", "[data]") {
  const auto bytes = bytes_of(fixture("table.csv.gz"));
  for (std::size_t length = 0; length < bytes.size(); length += 7)
    REQUIRE_THROWS_AS(parse_csv(std::span(bytes).first(length), "cut", ""), DataError);
}

TEST_CASE("idx of every type", "[data]") {
  for (const char *name : {"bytes-ubyte", "bytes-ubyte.gz"}) {
    const Array bytes = read_array(fixture(name), "");
    REQUIRE(bytes.shape == std::vector<std::size_t>{3, 2, 2});
    for (std::size_t i = 0; i < 12; ++i) REQUIRE(bytes.at(i) == 20.0 * static_cast<double>(i));
  }
  const std::vector<double> values{1, -2, 3, 4, -5, 100};
  for (const char *name : {"i1.idx", "i2.idx", "i4.idx", "f4.idx", "f8.idx"}) {
    INFO(name);
    const Array array = read_idx(fixture(name));
    REQUIRE(array.shape == std::vector<std::size_t>{2, 3});
    for (std::size_t i = 0; i < 6; ++i) REQUIRE(array.at(i) == values[i]);
  }
  const auto bytes = bytes_of(fixture("f8.idx"));
  for (std::size_t length = 0; length < bytes.size(); ++length)
    REQUIRE_THROWS_AS(parse_idx(std::span(bytes).first(length), "cut"), DataError);
  const std::string moon("\0\0\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16);
  REQUIRE_THROWS_AS(parse_idx(as_bytes(moon), "moon"), DataError);
}

TEST_CASE("what is not a regular file is refused", "[data]") {
  for (const char *path : {"/dev/zero", "/", "/no/such/file"}) REQUIRE_THROWS_AS(read_idx(path), DataError);
  REQUIRE_THROWS_AS(read_array("/dev/zero", ""), DataError);
}
