// These texts with columns are written as pandas and R write them: with the rows' index, missing values, and names.
#include "catch.hpp"
#include "command.hpp"
#include "data/describe_file.hpp"
#include "data/parse.hpp"
#include "data/spike_times.hpp"
#include "fixtures.hpp"

#include <cmath>

using namespace engram::data;
using namespace engram::data::testing;

namespace {

Table csv_table(const std::string &text, const std::string &key = "") {
  return parse_csv_table(as_bytes(text), "t.csv", key);
}

std::vector<double> csv_values(const Table &t) { return std::get<std::vector<double>>(t.array.values); }

std::string csv_complaint(const std::string &text, const std::string &key = "") {
  try {
    csv_table(text, key);
  } catch (const DataError &error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("the rows' index that pandas and R write is left out, and told", "[data]") {
  struct Case {
    const char *written_by, *text;
    std::vector<std::string> columns;
  };
  // Each holds the rows 0.5, 1.5 and 2.5, 3.5.
  const std::vector<Case> cases = {
      {"DataFrame(x, columns=['a', 'b']).to_csv()", ",a,b\n0,0.5,1.5\n1,2.5,3.5\n", {"a", "b"}},
      {"DataFrame(x).to_csv()", ",0,1\n0,0.5,1.5\n1,2.5,3.5\n", {"0", "1"}},
      {"the same, read without index_col and written again", "Unnamed: 0,a,b\n0,0.5,1.5\n1,2.5,3.5\n", {"a", "b"}},
      {"DataFrame with words for an index", ",a,b\nx,0.5,1.5\ny,2.5,3.5\n", {"a", "b"}},
      {"write.csv(d)", "\"\",\"a\",\"b\"\n\"1\",0.5,1.5\n\"2\",2.5,3.5\n", {"a", "b"}},
      {"write.table(d)", "\"a\" \"b\"\n\"1\" 0.5 1.5\n\"2\" 2.5 3.5\n", {"a", "b"}},
  };
  for (const auto &one : cases) {
    INFO(one.written_by);
    const auto t = csv_table(one.text);
    CHECK(t.array.shape == std::vector<std::size_t>{2, 2});
    CHECK(csv_values(t) == std::vector<double>{0.5, 1.5, 2.5, 3.5});
    CHECK(t.columns == one.columns);
    REQUIRE(t.notes.size() == 1);
    CHECK_THAT(t.notes[0], ContainsSubstring("t.csv: the first column has no name"));
  }
}

TEST_CASE("columns that are picked are those of the file, its index counted", "[data]") {
  const std::string text = ",a,b\n7,0.5,1.5\n8,2.5,3.5\n";
  CHECK(csv_values(csv_table(text, "0")) == std::vector<double>{7, 8});
  CHECK(csv_values(csv_table(text, "b")) == std::vector<double>{1.5, 3.5});
  CHECK(csv_table(text, "b").notes.empty());
}

TEST_CASE("what has a name, or no header, is no index", "[data]") {
  for (const char *text : {"0,0.5\n1,1.5\n", "id,a\n0,0.5\n1,1.5\n"}) {
    INFO(text);
    CHECK(csv_table(text).array.shape == std::vector<std::size_t>{2, 2});
    CHECK(csv_table(text).notes.empty());
  }
}

TEST_CASE("empty cells, NA and their like are missing values, and no words", "[data]") {
  for (const char *cell : {"", "NA", "N/A", "n/a", "<NA>", "NULL", "null", "None", "#N/A", "nan", "NaN"}) {
    INFO(cell);
    const auto t = csv_table("a,b\n1," + std::string(cell) + "\n3,4\n");
    REQUIRE(t.array.shape == std::vector<std::size_t>{2, 2});
    CHECK(std::isnan(csv_values(t)[1]));
    // A first line of missing values is a line of values, not the names of columns.
    const auto first = csv_table("1," + std::string(cell) + "\n3,4\n");
    CHECK(first.columns.empty());
    CHECK(first.array.shape == std::vector<std::size_t>{2, 2});
  }
  CHECK(csv_table("NA,NA\n1,2\n").array.shape == std::vector<std::size_t>{2, 2});
  CHECK(csv_table("Na,K\n1,2\n").columns == std::vector<std::string>{"Na", "K"}); // sodium
}

TEST_CASE("a missing value keeps its place in the line that is described", "[data]") {
  const command::Folder folder;
  const auto file = describe_file(folder.write("uneven.csv", "1,NA,3\n4\n"));
  REQUIRE(file.children.size() == 1);
  const auto &values = file.children[0].values;
  REQUIRE(values.size() == 3);
  CHECK(values[0] == 1);
  CHECK(std::isnan(values[1]));
  CHECK(values[2] == 3);
}

TEST_CASE("numbers beyond a double are told as such, and are no names of columns", "[data]") {
  CHECK(csv_complaint("1e999,2\n") == "t.csv: line 1, column 0: '1e999' is too large for a 64-bit float");
  CHECK(csv_complaint("1e999,-1e999\n1,2\n") == "t.csv: line 1, column 0: '1e999' is too large for a 64-bit float");
}

TEST_CASE("lines that end with a carriage return alone are lines", "[data]") {
  const auto t = csv_table("a,b\r1,2\r3,4\r");
  CHECK(t.array.shape == std::vector<std::size_t>{2, 2});
  CHECK(csv_values(t) == std::vector<double>{1, 2, 3, 4});
  CHECK(csv_complaint("1,2\r3,x\r") == "t.csv: line 2, column 1: 'x' is not a number");
}

TEST_CASE("spikes are taken by the names of the columns", "[data]") {
  const command::Folder folder;
  const auto trains = [&](const std::string &text, std::vector<std::string> *notes = nullptr) {
    std::vector<std::string> outside;
    return read_spike_times(folder.write("s.csv", text), "", outside, notes);
  };
  const std::vector<std::vector<double>> expected{{2.5, 7}, {}, {4}};
  CHECK(trains("neuron,ms\n0,2.5\n2,4\n0,7\n") == expected);
  CHECK(trains("ms,neuron\n2.5,0\n4,2\n7,0\n") == expected);
  CHECK(trains("# ms,neuron\n2.5,0\n4,2\n7,0\n") == expected); // numpy.savetxt(header="ms,neuron")
  CHECK(trains("# 2.5 ms after the tone\n0,2.5\n2,4\n0,7\n") == expected);
  CHECK(trains("# spikes, of V1\n0,2.5\n2,4\n0,7\n") == expected);
  CHECK(trains(",ms,neuron\n0,2.5,0\n1,4,2\n2,7,0\n") == expected);
  CHECK(trains("Time_s,Unit\n0.0025,0\n0.004,2\n0.007,0\n") == expected);
  CHECK(trains("0,2.5\n2,4\n0,7\n") == expected); // without names: neuron, ms
  std::vector<std::string> notes;
  CHECK(trains("t,i\n2.5,0\n4,2\n7,0\n", &notes) == expected);
  REQUIRE(notes.size() == 1);
  CHECK_THAT(notes[0], ContainsSubstring("'t' was taken for ms"));
  const auto refused = [&](const std::string &text, const std::string &because) {
    CHECK_THROWS_WITH(trains(text), ContainsSubstring(because));
  };
  refused("nueron,ms\n0,1\n", "unknown column 'nueron'; did you mean 'neuron'?");
  refused("neuron,unit\n0,1\n", "are both 'neuron'");
  refused("neuron\n0\n", "the column 'ms' is missing");
  refused("neuron,ms\n0,NA\n", "row 1");
  refused("neuron,ms\n999999999,1\n", "row 1"); // a time in ns, or an id: no 24 GB of empty trains
}

TEST_CASE("a first line that counts the columns is told", "[data]") {
  // DataFrame(x).to_csv(index=False): one row more than there are.
  for (const char *text : {"0,1,2\n5,6,7\n", "0,1\n0.5,1.5\n"}) {
    INFO(text);
    const auto t = csv_table(text);
    CHECK(t.array.shape[0] == 2);
    REQUIRE(t.notes.size() == 1);
    CHECK_THAT(t.notes[0], ContainsSubstring("t.csv: the first line is 0, 1, 2"));
  }
  for (const char *text : {"0,1\n1,2\n", "0,1,3\n4,5,6\n", "0,1,2\n", "0\n1\n"}) CHECK(csv_table(text).notes.empty());
}

TEST_CASE("labels that are words and numbers are refused by the first of the rarer kind", "[data]") {
  const auto complaint = [](const std::string &text) {
    try {
      parse_csv_words(as_bytes(text), "t.csv", "");
    } catch (const DataError &error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  CHECK(complaint("0\n1\n2\nx\n1\n") == "t.csv: row 4 (line 4): the label 'x' is not a number, and others are");
  CHECK(complaint("label\n\n0\nNA\nx\n1e999\ny\n1\n") ==
        "t.csv: row 3 (line 5): the label 'x' is not a number, and others are");
  CHECK(complaint("label\ncat\n3\ndog\n4\ncat\n") ==
        "t.csv: row 2 (line 3): the label '3' is a number, and others are words");
  CHECK(complaint("label\ncat\nNA\ndog\n") == "none");
  CHECK(complaint("label\n1\nNA\n2\n") == "none");
}

TEST_CASE("words of two parts are no rows' names, and a label that is nan is missing", "[data]") {
  CHECK_THAT(csv_complaint("label\nred car\nblue car\n"), ContainsSubstring("2 columns, the lines above have 1"));
  CHECK(csv_table("\"a\"\n\"x\" 0.5\n\"y\" 1.5\n").notes.size() == 1);
  CHECK(csv_table("a\n1 0.5\n2 1.5\n").notes.size() == 1); // write.table(quote = FALSE)
  for (const char *cell : {"nan", "NaN", "-nan"}) {
    const std::string text = "label\ncat\n" + std::string(cell) + "\ndog\n";
    CHECK(parse_csv_words(as_bytes(text), "t.csv", "") == std::vector<std::string>{"cat", "", "dog"});
  }
}
