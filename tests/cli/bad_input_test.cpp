// Model files with something wrong in them: exit 2, a line for each problem, nothing written.
#include "catch.hpp"
#include "cli/command.hpp"

#include <regex>
#include <sstream>

using command::Folder;
using command::run;

namespace {

// A model whose parts a test can replace.
std::string circuit(const std::string &region, const std::string &projections = "", const std::string &more = "") {
  return "{\n  \"name\": \"m\",\n  \"architecture\": {\n    \"regions\": {\n      \"in\": { \"size\": 2, \"dynamics\": "
         "\"input\" },\n      \"a\": " +
         region +
         ",\n      \"b\": { \"size\": 2, \"dynamics\": { \"type\": \"static\", \"activation\": \"tanh\" } }\n" +
         "    },\n    \"projections\": [" + projections + "]\n  },\n" + more +
         "  \"task\": { \"stimuli\": { \"inputs\": [[1, 2]] }, \"trial\": [ { \"phase\": \"p\", \"duration\": 2, "
         "\"stimulus\": \"in\" } ] }\n}\n";
}

const std::string leaky = R"({ "size": 2, "dynamics": { "type": "leaky_rate", "tau": 10 } })";
const std::string fixed = R"({ "size": 2, "dynamics": { "type": "static", "activation": "tanh" } })";

std::vector<std::string> lines(const std::string &text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

void check_refused(const std::string &text, const std::vector<std::string> &said) {
  const Folder folder;
  folder.file("m.json", text);
  for (const char *name : {"validate", "run"}) {
    const auto r = run(folder, {name, "m.json"});
    INFO(name << "\n" << r.err);
    CHECK(r.exit == 2);
    CHECK(r.out.empty());
    const auto errors = lines(r.err);
    CHECK(errors.size() == said.size());
    for (const auto &line : errors) {
      INFO(line);
      CHECK(std::regex_match(line, std::regex(R"(.*m\.json:[0-9]+: (/[^ ]*: )?.+)")));
    }
    for (const auto &word : said) {
      INFO(word);
      CHECK(r.err.find(word) != std::string::npos);
    }
    CHECK(folder.list() == std::vector<std::string>{"m.json"});
  }
}

} // namespace

TEST_CASE("the model that the tests below break is valid", "[cli]") {
  const Folder folder;
  folder.file("m.json", circuit(leaky, R"({ "from": "in", "to": "a" }, { "from": "a", "to": "b" })"));
  const auto r = run(folder, {"validate", "m.json"});
  INFO(r.err);
  CHECK(r.exit == 0);
  CHECK(r.err.empty());
}

TEST_CASE("what is wrong with a model is said with its place", "[cli]") {
  SECTION("unknown key") {
    check_refused(circuit(R"({ "size": 2, "sice": 2, "dynamics": { "type": "leaky_rate", "tau": 10 } })"), {"sice"});
  }
  SECTION("unknown region") {
    check_refused(circuit(leaky, R"({ "from": "in", "to": "nowhere" })"), {"/architecture/projections/0/to"});
  }
  SECTION("not a number") {
    check_refused(circuit(R"({ "size": 2, "dynamics": { "type": "leaky_rate", "tau": NaN } })"), {"m.json:6"});
  }
  SECTION("more than a double holds") {
    check_refused(circuit(R"({ "size": 2, "dynamics": { "type": "leaky_rate", "tau": 1e999 } })"), {"m.json:6"});
  }
  SECTION("negative time constant") {
    check_refused(circuit(R"({ "size": 2, "dynamics": { "type": "leaky_rate", "tau": -10 } })"),
                  {"/architecture/regions/a/dynamics/tau"});
  }
  SECTION("a size that no machine has memory for") {
    check_refused(circuit(R"({ "size": 1000000000000000, "dynamics": { "type": "leaky_rate", "tau": 10 } })"),
                  {"/architecture/regions/a"});
  }
  SECTION("static regions in a circle") {
    check_refused(circuit(fixed, R"({ "from": "a", "to": "b" }, { "from": "b", "to": "a" })"), {"/architecture"});
  }
  SECTION("not JSON") { check_refused("{ \"name\": \"m\",\n  \"architecture\": [ }\n", {"m.json:2"}); }
  SECTION("several at once") {
    check_refused(circuit(R"({ "size": 2, "dynamics": { "type": "leaky_rate", "tau": -10 } })",
                          R"({ "from": "in", "to": "a", "delay": -1 })", "  \"presicion\": \"single\",\n"),
                  {"/architecture/regions/a/dynamics/tau", "/architecture/projections/0/delay", "presicion"});
  }
}

TEST_CASE("a file that is not there is said in one line", "[cli]") {
  const Folder folder;
  for (const char *name : {"validate", "run", "show"}) {
    const auto r = run(folder, {name, "absent.json"});
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(r.err.find("absent.json") != std::string::npos);
    CHECK(lines(r.err).size() == 1);
    CHECK(folder.list().empty());
  }
}

TEST_CASE("words that the command line does not know are refused", "[cli]") {
  const Folder folder;
  CHECK(run(folder, {"rum", "m.json"}).exit == 2);
  CHECK(run(folder, {"run"}).exit == 2);
  CHECK(run(folder, {"run", command::model("xor.json"), "--threads", "0"}).exit == 2);
  CHECK(run(folder, {"run", command::model("xor.json"), "--sede", "1"}).exit == 2);
  CHECK(folder.list().empty());
}
