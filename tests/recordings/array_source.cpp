// These tests read tables of trials, labels, spike times and positions from small files, and check what is refused.
#include "catch.hpp"
#include "data/array.hpp"
#include "fixtures.hpp"
#include "input/input_error.hpp"
#include "recordings/comparison.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

using namespace engram;
using data::testing::TemporaryFolder;

namespace {

struct Files : TemporaryFolder {
  void write(const std::string &name, const std::string &text) const { std::ofstream(path / name) << text; }

  recordings::Config config(const std::string &source, const std::string &methods = "[\"values\"]") const {
    write("c.json", R"({ "circuits": [ )" + source + R"( ], "methods": )" + methods + R"(, "bootstrap": 0 })");
    return recordings::load_config((path / "c.json").string());
  }

  std::vector<recordings::Area> areas(const std::string &source) const {
    notes.clear();
    return recordings::gather(config(source).circuits.at(0), notes);
  }

  recordings::Comparison compared(const std::string &source, const std::string &methods) const {
    const auto wanted = config(source, methods);
    notes.clear();
    return recordings::compare(wanted, recordings::gather(wanted.circuits.at(0), notes), {}, notes, {});
  }

  mutable std::vector<std::string> notes;
};

double cell_of(const recordings::Comparison &found, const std::string &row, const std::string &column) {
  const auto &table = found.tables.at(0);
  for (std::size_t r = 0; r < table.rows.size(); ++r)
    for (std::size_t k = 0; k < table.columns.size(); ++k)
      if (table.rows[r] == row && table.columns[k] == column) return table.values(r, k);
  FAIL("no " << row << ", " << column);
  return 0;
}

} // namespace

TEST_CASE("a table of trials is filtered and grouped by its columns", "[recordings]") {
  const Files files;
  files.write("t.csv",
              "who,level,right,rt,word\n1,0.2,1,0.5,b\n1,0.2,0,0.7,a\n1,0.4,1,0.4,b\n2,0.4,1,9,a\n1,0.4,,0.6,c\n");
  const auto source =
      R"({ "file": "t.csv", "columns": { "level": "level", "right": "right", "rt": "rt", "word": "word" },
                           "where": [ { "key": "who", "is": 1 } ] })";
  const auto found = files.compared(source, R"([ { "type": "psychometric", "levels": "level", "correct": "right",
                                                   "time": "rt" } ])");
  REQUIRE(found.tables.size() == 1);
  CHECK(cell_of(found, "0.2", "trials") == 2);
  CHECK(cell_of(found, "0.2", "correct") == 0.5);
  CHECK(cell_of(found, "0.2", "mean rt") == Approx(0.6));
  CHECK(cell_of(found, "0.4", "trials") == 2);
  CHECK(cell_of(found, "0.4", "correct") == 1); // of the one that is known
  CHECK(cell_of(found, "0.4", "mean rt") == Approx(0.5));
  CHECK(found.results.at(0).value == Approx(2.0 / 3));
  // Words are levels too, in alphabetical order.
  const auto words = files.compared(source, R"([ { "type": "psychometric", "levels": "word+level", "time": "rt" } ])");
  CHECK(words.tables.at(0).rows == std::vector<std::string>{"a, 0.2", "b, 0.2", "b, 0.4", "c, 0.4"});
  const auto lacks = files.compared(source, R"([ { "type": "psychometric", "levels": "levle", "time": "rt" } ])").lacks;
  REQUIRE(lacks.size() == 1);
  CHECK_THAT(lacks[0], ContainsSubstring("did you mean 'level'"));
}

TEST_CASE("a choice is right by the sign of the level", "[recordings]") {
  const Files files;
  files.write("t.csv", "c,choice\n-0.5,0\n0.5,1\n0.5,0\n-0.5,0\n0,1\n");
  const auto found = files.compared(R"({ "file": "t.csv", "columns": { "c": "c", "choice": "choice" } })",
                                    R"([ { "type": "psychometric", "levels": "c", "choice": "choice" } ])");
  CHECK(found.tables.at(0).rows == std::vector<std::string>{"0", "0.5"});
  CHECK(cell_of(found, "0.5", "correct") == 0.75);
  CHECK(cell_of(found, "0.5", "trials") == 4);
  CHECK(std::isnan(cell_of(found, "0", "correct")));
  files.write("t.csv", "c,choice\n-0.5,0\n0.5,1\n0.5,1\n-0.5,0\n"); // no mistakes: a step, and no curve
  const auto step = files.compared(R"({ "file": "t.csv", "columns": { "c": "c", "choice": "choice" } })",
                                   R"([ { "type": "psychometric", "levels": "c", "choice": "choice" } ])");
  CHECK(step.results.size() == 1);
  REQUIRE(step.notes.size() == 1);
  CHECK_THAT(step.notes[0], ContainsSubstring("no logistic curve"));
  // Odds of 1 to 3 at -0.5, and of 3 to 1 at 0.5, are a line of slope ln 9 without a bias.
  files.write("t.csv", "c,choice\n-0.5,1\n-0.5,0\n-0.5,0\n-0.5,0\n0.5,1\n0.5,1\n0.5,1\n0.5,0\n");
  const auto curve = files.compared(R"({ "file": "t.csv", "columns": { "c": "c", "choice": "choice" } })",
                                    R"([ { "type": "psychometric", "levels": "c", "choice": "choice" } ])");
  for (const auto &result : curve.results) {
    if (result.method == "psychometric.slope") CHECK(result.value == Approx(std::log(9)));
    if (result.method == "psychometric.bias") CHECK(result.value == Approx(0).margin(1e-9));
  }
  CHECK(curve.results.size() == 3);
}

TEST_CASE("filters are of values, of shares, and alternatives", "[recordings]") {
  const Files files;
  files.write("t.csv", "a,b\n1,2\n4,2\n3,1\n,1\n8,8\n");
  const auto kept = [&](const std::string &where) {
    const auto areas = files.areas(R"({ "file": "t.csv", "columns": { "a": "a" }, "where": )" + where + " }");
    return areas.at(0).table->columns.at(0).values;
  };
  CHECK(arma::approx_equal(kept(R"([ { "key": "a", "over": "b", "above": 1 } ])"), arma::vec{4, 3}, "absdiff", 0));
  CHECK(arma::approx_equal(kept(R"([ { "key": "a", "from": 3, "below": 8 } ])"), arma::vec{4, 3}, "absdiff", 0));
  CHECK(arma::approx_equal(kept(R"([ { "key": "b", "is": [2, 8] }, { "key": "a", "to": 4 } ])"), arma::vec{1, 4},
                           "absdiff", 0));
  CHECK(arma::approx_equal(
      kept(R"([ [ { "key": "a", "is": 8 }, { "key": "b", "is": 1 } ], { "key": "a", "above": 0 } ])"), arma::vec{3, 8},
      "absdiff", 0));
  CHECK_THROWS_AS(kept(R"([ { "key": "a" } ])"), input::InputError);
}

TEST_CASE("filters are of words too", "[recordings]") {
  const Files files;
  files.write("t.csv", "a,side\n1,left\n2,right\n3,both\n4,left\n");
  const auto kept = [&](const std::string &filter) {
    const auto areas =
        files.areas(R"({ "file": "t.csv", "columns": { "a": "a" }, "where": [ { "key": )" + filter + " } ] }");
    return areas.at(0).table->columns.at(0).values;
  };
  CHECK(arma::approx_equal(kept(R"("side", "is": "left")"), arma::vec{1, 4}, "absdiff", 0));
  CHECK(arma::approx_equal(kept(R"("side", "is": ["right", "both"])"), arma::vec{2, 3}, "absdiff", 0));
  const auto refused = [&](const std::string &filter) {
    try {
      kept(filter);
    } catch (const input::InputError &error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(refused(R"("a", "is": "left")"), ContainsSubstring("'a' holds numbers, and is compared with words"));
  CHECK_THAT(refused(R"("side", "is": "left", "from": 1)"), ContainsSubstring("is of numbers, and 'is' of words"));
}

TEST_CASE("trials with labels become conditions and repeats", "[recordings]") {
  const Files files;
  // Two neurons, five trials; the last has no label.
  files.write("x.csv", "1,2,3,4,9\n10,20,30,40,90\n");
  files.write("both.csv", "n1,n2,label,seconds\n1,10,90,1\n2,20,0,2\n3,30,90,1\n4,40,0,1\n9,90,,1\n");
  const auto areas = files.areas(
      R"({ "file": "both.csv", "key": "n1,n2", "axes": ["trial", "neuron"], "labels": "label", "over": "seconds" })");
  REQUIRE(areas.size() == 1);
  CHECK(areas[0].conditions == std::vector<std::string>{"0", "90"});
  const auto &cube = areas[0].responses->values.at(0);
  REQUIRE(arma::size(cube) == arma::SizeCube(2, 2, 2));
  CHECK(cube(0, 0, 0) == 1); // 2 spikes in 2 s
  CHECK(cube(0, 1, 1) == 40);
  CHECK(cube(1, 0, 1) == 3);
  REQUIRE(files.notes.size() == 1);
  CHECK_THAT(files.notes[0], ContainsSubstring("1 trials have no label"));
  const auto blank = files.areas(R"({ "file": "both.csv", "key": "n1", "axes": ["trial"], "labels": "label",
                                      "missing": "blank", "where": [ { "key": "n1", "above": 2 } ] })");
  CHECK(blank[0].conditions == std::vector<std::string>{"0", "90", "blank"});
  CHECK(blank[0].responses->values[0](2, 0, 0) == 9);
  CHECK(blank[0].responses->values[0].n_slices == 1);
  CHECK_THROWS_AS(files.areas(R"({ "file": "x.csv", "axes": ["neuron", "trial"], "labels": "0" })"), input::InputError);
}

TEST_CASE("axes may stand twice, be left out, or be held at a place", "[recordings]") {
  const Files files;
  files.write("x.csv", "1,2,3\n4,5,6\n");
  const auto pixels = files.areas(R"({ "file": "x.csv", "axes": ["condition", "condition"] })");
  CHECK(pixels[0].condition_count == 6);
  CHECK(pixels[0].responses->values[0](4, 0, 0) == 5);
  const auto second = files.areas(R"({ "file": "x.csv", "axes": ["day", "condition"], "at": { "day": 2 } })");
  CHECK(second[0].condition_count == 3);
  CHECK(second[0].responses->values[0](0, 0, 0) == 4);
  const auto repeats = files.areas(R"({ "file": "x.csv", "axes": ["repeat", "condition"] })");
  CHECK(repeats[0].responses->values[0].n_slices == 2);
  const auto timed = files.areas(R"({ "file": "x.csv", "axes": ["neuron", "time"], "bin": 20 })");
  CHECK(timed[0].responses->times == std::vector<double>{10, 30, 50});
  CHECK(timed[0].responses->values[2](0, 1, 0) == 6);
  CHECK_THROWS_AS(files.areas(R"({ "file": "x.csv", "axes": ["day", "condition"], "at": { "day": 3 } })"),
                  input::InputError);
  CHECK_THROWS_AS(files.areas(R"({ "file": "x.csv", "axes": ["dya", "condition"], "at": { "day": 1 } })"),
                  input::InputError);
  CHECK_THROWS_AS(files.areas(R"({ "file": "x.csv", "axes": ["condition", "trial"] })"), input::InputError);
}

TEST_CASE("pictures whose pixels are neurons are averaged to a size", "[recordings]") {
  const Files files;
  // Two pictures of 2 x 4 pixels, as 4 rows.
  files.write("p.csv", "1,2,3,4\n5,6,7,8\n10,20,30,40\n50,60,70,80\n");
  const std::string axes = R"("axes": ["neuron", "neuron"])";
  auto areas = files.areas(R"({ "file": "p.csv", )" + axes + R"(, "size": [2, 2] })");
  REQUIRE(areas.size() == 1);
  const auto &values = areas[0].responses->values[0];
  REQUIRE(values.n_cols == 4);
  CHECK(areas[0].responses->neurons.size() == 4);
  CHECK(values(0, 0, 0) == Approx((1 + 2 + 5 + 6) / 4.0));
  CHECK(values(0, 1, 0) == Approx((3 + 4 + 7 + 8) / 4.0));
  CHECK(values(0, 2, 0) == Approx((10 + 20 + 50 + 60) / 4.0));
  CHECK(values(0, 3, 0) == Approx((30 + 40 + 70 + 80) / 4.0));
  CHECK_THROWS_WITH(files.areas(R"({ "file": "p.csv", )" + axes + R"(, "size": [3, 2] })"),
                    ContainsSubstring("/circuits/0/size") &&
                        ContainsSubstring("4 rows are no whole number of times 3"));
  CHECK_THROWS_WITH(files.config(R"({ "file": "p.csv", "axes": ["condition", "neuron"], "size": [2, 2] })"),
                    ContainsSubstring("two axes 'neuron'"));
}

// Counts at the middles 1/2 and 2 of bins from 1/4 to 1 and from 1 to 4: of rows 4 and 2, of columns 3 and 3.
TEST_CASE("counts in bins give means, a correlation, and who is in a higher bin", "[recordings]") {
  const Files files;
  files.write("n.csv", "low,high,a,b\n0.25,1,3,1\n1,4,0,2\n");
  const std::string source = R"({ "file": "n.csv", "columns": { "low": "low", "high": "high", "a": "a", "b": "b" } })";
  const auto found = files.compared(source, R"([ { "type": "binned", "low": "low", "high": "high" } ])");
  REQUIRE(found.tables.size() == 1);
  CHECK(cell_of(found, "n", "count") == 6);
  CHECK(cell_of(found, "n", "geometric mean of rows") == Approx(std::pow(2, (-4 + 2) / 6.0)));
  CHECK(cell_of(found, "n", "geometric mean of columns") == Approx(1));
  CHECK(cell_of(found, "n", "r of logarithms") == Approx(1 / std::sqrt(2))); // phi: (3 · 2 − 1 · 0) / √(4 · 2 · 3 · 3)
  CHECK(cell_of(found, "n", "in a higher bin of columns") == 1);
  CHECK(cell_of(found, "n", "in the same") == 5);
  CHECK(cell_of(found, "n", "in a lower one") == 0);
  const auto lack = files.compared(source, R"([ { "type": "binned", "low": "low", "high": "tall" } ])");
  CHECK_THAT(lack.lacks.at(0), ContainsSubstring("has no column 'tall'"));
  CHECK_THROWS_AS(files.config(source, R"([ "binned" ])"), input::InputError);
}

TEST_CASE("spike times and a path in arrays make rate maps along a track", "[recordings]") {
  const Files files;
  files.write("spikes.txt", "100\n250\n320\n390\n");
  files.write("path.csv", "x,d\n0.05,0\n0.15,90\n0.25,90\n0.35,180\n");
  // A sample lasts 100 ms; the clock has 1000 ticks a second; places are in metres.
  const std::string source =
      R"({ "file": "spikes.txt", "spikes": { "unit": "ms", "layout": "column", "observed": [0, 400] },
    "position": { "file": "path.csv", "key": "x", "direction": "d", "rate": 10, "per_metre": 1 } })";
  const auto found = files.compared(source, R"([ { "type": "track", "bin": 10, "from": 0 } ])");
  CHECK(found.lacks.empty());
  const std::string unit = found.tables.at(0).rows.at(0);
  CHECK(cell_of(found, unit, "Hz at 5 cm") == Approx(0).margin(1e-12));
  CHECK(cell_of(found, unit, "Hz at 15 cm") == Approx(10));
  CHECK(cell_of(found, unit, "Hz at 35 cm") == Approx(20)); // the last sample holds as long as the others
  const auto turned = files.compared(source, R"([ { "type": "head_direction", "bins": 4 } ])");
  CHECK(cell_of(turned, unit, "Hz at 135") == Approx(10));
  CHECK(cell_of(turned, unit, "Hz at 225") == Approx(20));
  const auto flat = files.compared(source, R"([ "rate_maps" ])").lacks;
  REQUIRE(flat.size() == 1);
  CHECK_THAT(flat[0], ContainsSubstring("has one coordinate"));
}

TEST_CASE("settings of another method are refused, and so is half a source", "[recordings]") {
  const Files files;
  files.write("x.csv", "1,2,3\n4,5,6\n");
  const auto refused = [&](const std::string &source, const std::string &methods, const std::string &why) {
    INFO(source << methods);
    try {
      files.config(source, methods);
    } catch (const input::InputError &error) {
      CHECK_THAT(error.what(), ContainsSubstring(why));
      return;
    }
    FAIL_CHECK("is not refused");
  };
  const std::string plain = R"({ "file": "x.csv" })";
  refused(plain, R"([ { "type": "values", "shuffles": 3 } ])", "shuffles");
  refused(plain, R"([ { "type": "grid", "shufles": 3 } ])", "shuffles");
  refused(R"({ "file": "x.csv", "where": [ { "key": "1", "is": 2 } ] })", R"(["values"])", "is of trials");
  refused(R"({ "file": "x.csv", "trial_spikes": { "key": "1", "clock": 3 } })", R"(["values"])", "needs 'labels'");
  refused(plain, R"([ { "type": "psychometric", "levels": "1" } ])", "needs a column beside it");
  refused(plain, R"([ { "type": "pictures", "frequencies": "4+2" } ])", "a higher one");
  refused(plain, R"([ { "type": "track", "model": true, "history": "2+1" } ])", "that increase");
  refused(R"({ "file": "x.csv", "position": { "key": "1" } })", R"(["values"])", "needs either 'times' or a 'rate'");
  refused(R"({ "file": "x.csv", "labels": "1" })", R"(["values"])", "is of an axis 'trial'");
}
