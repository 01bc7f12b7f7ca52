// These tests read the table of trials of a run as that of a recording: what a circuit did in an environment.
#include "catch.hpp"
#include "command.hpp"
#include "data/nwb.hpp"

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
