// These tests read the table of trials of a run as that of a recording: what a circuit did in an environment.
#include "catch.hpp"
#include "command.hpp"
#include "data/nwb.hpp"
#include "fixtures.hpp"

#include <armadillo>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace engram;
using namespace command;

namespace {

void run_dots(const Folder &folder) {
  const auto run =
      command::engram("run " + model("closed-loop/random-dots.json") +
                          " --quiet --out r.nwb --set /task/environment/trials=300 --set /task/environment/levels=2",
                      folder.path);
  INFO(run.err);
  REQUIRE(run.exit == 0);
}

std::string behaviour(const std::string &more, const std::string &correct = "correct") {
  return R"({ "circuits": [ { "file": "r.nwb", "name": "circuit", "columns": { "coherence": "coherence",
               "right": ")" +
         correct + R"(", "time": "reaction_time" } )" + more + R"( } ],
             "methods": [ { "type": "psychometric", "levels": "coherence", "correct": "right", "time": "time" } ] })";
}

} // namespace

TEST_CASE("compare reads the behaviour of a circuit as that of an animal", "[cli][recordings]") {
  const Folder folder;
  run_dots(folder);
  const data::NwbFile nwb((folder.path / "r.nwb").string());
  const auto &table = nwb.find_table("intervals/trials");
  const auto column = [&](const char *name) { return arma::vec(nwb.read_column(table, name).numbers); };
  const arma::vec right = column("correct"), time = column("reaction_time"), coherence = column("coherence");
  REQUIRE(right.n_elem == 300);
  const auto value = [&](const std::string &config, const std::string &method) {
    folder.write("c.json", config);
    const auto compared = command::engram("compare --quiet --config c.json --json", folder.path);
    INFO(compared.err);
    REQUIRE(compared.exit == 0);
    const auto said = nlohmann::json::parse(last_line(compared.out));
    for (const auto &result : said.at("results"))
      if (result.at("method") == method) return result.at("value").get<double>();
    return std::nan("");
  };
  CHECK(value(behaviour(""), "psychometric.correct") == Approx(arma::mean(right)));
  CHECK(value(behaviour(""), "psychometric.time") == Approx(arma::mean(time)));
  const arma::uvec rightward = arma::find(coherence > 0);
  CHECK(value(behaviour(R"(, "where": [ { "key": "coherence", "above": 0 } ])"), "psychometric.time") ==
        Approx(arma::mean(arma::vec(time(rightward)))));
}

TEST_CASE("a column or a table that an NWB file does not have is named, with the nearest", "[cli][recordings]") {
  const Folder folder;
  run_dots(folder);
  const auto refused = [&](const std::string &config) {
    folder.write("c.json", config);
    const auto compared = command::engram("compare --quiet --config c.json", folder.path);
    CHECK(compared.exit == 2);
    return compared.err;
  };
  CHECK_THAT(refused(behaviour("", "corect")),
             ContainsSubstring("/circuits/0/columns/right") && ContainsSubstring("did you mean 'correct'?"));
  CHECK_THAT(refused(behaviour(R"(, "where": [ { "key": "monkey", "is": 1 } ])")),
             ContainsSubstring("/circuits/0/where") && ContainsSubstring("'monkey'"));
  CHECK_THAT(refused(behaviour(R"(, "events": "epochs")")), ContainsSubstring("'epochs'"));
  CHECK_THAT(refused(behaviour(R"(, "window": [0, 100])")),
             ContainsSubstring("/circuits/0/window") && ContainsSubstring("is not for a table of trials"));
}

// tables.nwb: trials of the sides left, right, left, of which the first and the third were hits.
TEST_CASE("words filter the trials of an NWB file, and divide nothing", "[cli][recordings]") {
  const Folder folder;
  std::filesystem::copy_file(data::testing::fixture("tables.nwb"), folder.path / "r.nwb");
  const auto compared = [&](const std::string &where) {
    folder.write("c.json", R"({ "circuits": [ { "file": "r.nwb", "columns": { "level": "hit", "right": "hit" },
                                               "where": [ )" +
                               where + R"( ] } ],
                               "methods": [ { "type": "psychometric", "levels": "level", "correct": "right" } ] })");
    return command::engram("compare --quiet --config c.json --json", folder.path);
  };
  for (const auto &[side, share] : {std::pair{"left", 1.0}, {"right", 0.0}}) {
    const auto found = compared(R"({ "key": "side", "is": [")" + std::string(side) + R"("] })");
    INFO(found.err);
    REQUIRE(found.exit == 0);
    const auto said = nlohmann::json::parse(last_line(found.out));
    CHECK(said.at("results").at(0).at("method") == "psychometric.correct");
    CHECK(said.at("results").at(0).at("value").get<double>() == share);
  }
  const auto divided = compared(R"({ "key": "hit", "over": "side", "above": 0 })");
  CHECK(divided.exit == 2);
  CHECK_THAT(divided.err, ContainsSubstring("/circuits/0/where") &&
                              ContainsSubstring("'side' holds words, and nothing is divided by them"));
}
