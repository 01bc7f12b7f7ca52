// Weights from files have the shape N_post × N_pre, whatever the format.
#include "catch.hpp"
#include "command.hpp"
#include "data/array.hpp"
#include "network/given_weights.hpp"
#include "record/run_read.hpp"

using namespace engram;
using namespace command;

namespace {

// Two neurons onto three: weights are 3 × 2.
std::string weights_model(const std::string &weights, const std::string &target = "b") {
  return R"({ "architecture": { "regions": { "a": { "size": 2, "dynamics": "poisson" },
    "b": { "size": 3, "dynamics": { "type": "lif" }, "receptors": { "exc": { "type": "exponential", "tau": 5 } } },
    "c": { "size": 3, "dynamics": "leaky_rate" } },
    "projections": [ { "name": "p", "from": ")" +
         std::string(target == "c" ? "a.rate" : "a") + R"(", "to": ")" + target + R"(", "weights": )" + weights +
         R"( } ] }, "task": { "trial": [ { "phase": "p", "duration": 1 } ] } })";
}

} // namespace

TEST_CASE("weights of a file have the shape of the projection", "[cli][weights]") {
  const Folder folder;
  folder.write("right.csv", "1,2\n3,4\n5,6\n");
  folder.write("turned.csv", "1,3,5\n2,4,6\n");
  folder.write("flat.csv", "1,2,3,4,5,6\n");
  folder.write("pandas.csv", ",0,1\n0,1,2\n1,3,4\n2,5,6\n");
  for (const std::string target : {"b.exc", "c"}) {
    INFO(target);
    const auto run = [&](const std::string &file) {
      folder.write("m.json", weights_model(R"({ "file": ")" + file + "\" }", target));
      const auto valid = command::engram("validate m.json", folder.path);
      const auto r = command::engram("run m.json --quiet --out r.nwb", folder.path);
      CHECK(valid.exit == r.exit);
      if (r.exit == 2) CHECK(valid.err == r.err);
      return r;
    };
    const auto refused = [&](const std::string &file, const std::string &because) {
      const auto r = run(file);
      INFO(r.err);
      CHECK(r.exit == 2);
      CHECK_THAT(r.err, ContainsSubstring("/architecture/projections/0/weights") && ContainsSubstring(because));
    };
    refused("turned.csv", "2 × 3, not 3 × 2 (postsynaptic × presynaptic neurons): they are transposed");
    refused("flat.csv", "1 × 6, not 3 × 2");
    refused("absent.csv", "absent.csv");
    for (const std::string file : {"right.csv", "pandas.csv"}) {
      const auto r = run(file);
      INFO(r.err);
      REQUIRE(r.exit == 0);
      CHECK(contains(r.err, "taken for the rows' index") == (file == "pandas.csv"));
      if (target == "b.exc") continue; // synapses that do not learn are not in the run file
      CHECK(arma::approx_equal(record::RunReader((folder.path / "r.nwb").string()).weights("p"),
                               arma::mat{{1, 2}, {3, 4}, {5, 6}}, "absdiff", 0));
    }
  }
}

TEST_CASE("a vector may stand for weights onto, or from, one neuron", "[weights]") {
  using Shape = std::vector<std::size_t>;
  const auto refused = [](const Shape &shape, std::size_t posts, std::size_t pres) {
    try {
      network::check_shape(shape, posts, pres, "w.npy");
    } catch (const data::DataError &error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refused({3, 2}, 3, 2).empty());
  CHECK(refused({5}, 5, 1).empty());
  CHECK(refused({5}, 1, 5).empty());
  CHECK(refused({6}, 3, 2) != "");
  CHECK(refused({3, 2, 1}, 3, 2) != "");
  CHECK(refused({1, 5}, 5, 1) ==
        "w.npy: the weights are 1 × 5, not 5 × 1 (postsynaptic × presynaptic neurons): they are "
        "transposed");
  CHECK(refused({1, 6}, 3, 2) == "w.npy: the weights are 1 × 6, not 3 × 2 (postsynaptic × presynaptic neurons)");
}

TEST_CASE("pairs are wired by the names of their columns", "[cli][wiring]") {
  const Folder folder;
  folder.write("m.json", R"({ "architecture": { "regions": { "a": { "size": 3, "dynamics": "leaky_rate" },
    "b": { "size": 4, "dynamics": "leaky_rate" } }, "projections": [ { "name": "p", "from": "a", "to": "b",
      "connect": { "type": "pairs", "file": "w.csv" }, "weights": { "listed": 1 } } ] },
    "task": { "trial": [ { "phase": "p", "duration": 1 } ] } })");
  arma::mat expected(4, 3, arma::fill::zeros);
  expected(3, 0) = 0.5, expected(1, 2) = -2;
  for (const std::string text : {"pre,post,weight\n0,3,0.5\n2,1,-2\n", "post,pre,weight\n3,0,0.5\n1,2,-2\n",
                                 "weight;target;source\n0.5;3;0\n-2;1;2\n", ",post,pre,weight\n0,3,0,0.5\n1,1,2,-2\n",
                                 "\"i\" \"j\" \"w\"\n\"1\" 0 3 0.5\n\"2\" 2 1 -2\n", "0,3,0.5\n2,1,-2\n"}) {
    INFO(text);
    folder.write("w.csv", text);
    const auto r = command::engram("run m.json --quiet --out r.nwb", folder.path);
    INFO(r.err);
    REQUIRE(r.exit == 0);
    const auto w = record::RunReader((folder.path / "r.nwb").string()).weights("p");
    CHECK(arma::approx_equal(w, expected, "absdiff", 0));
  }
  for (const auto &[text, because] : std::vector<std::pair<std::string, std::string>>{
           {"pre,pos,weight\n0,3,0.5\n", "unknown column 'pos'; did you mean 'post'?"},
           {"pre,weight\n0,0.5\n", "the column 'post' is missing"},
           {"pre,source,weight\n0,3,0.5\n", "are both 'pre'"},
           {"pre,post,weight\n0,NA,0.5\n", "row 1"}}) {
    INFO(text);
    folder.write("w.csv", text);
    const auto r = command::engram("validate m.json", folder.path);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring("m.json:") && ContainsSubstring("/architecture/projections/0/connect") &&
                          ContainsSubstring(because));
  }
}

TEST_CASE("a run that takes some weights of another says which", "[cli][weights]") {
  const Folder folder;
  const std::string head = R"({ "architecture": { "regions": { "a": { "size": 2, "dynamics": "leaky_rate" },
    "b": { "size": 2, "dynamics": "leaky_rate" }, "c": { "size": 2, "dynamics": "leaky_rate" } }, "projections": [ )",
                    tail = R"( ] }, "task": { "trial": [ { "phase": "p", "duration": 1 } ] } })";
  folder.write("one.json", head + R"({ "from": "a", "to": "b" }, { "from": "a", "to": "c" })" + tail);
  folder.write("two.json", head + R"({ "from": "a", "to": "b" }, { "from": "b", "to": "c" })" + tail);
  REQUIRE(command::engram("run one.json --quiet", folder.path).exit == 0);
  const auto same = command::engram("run one.json --quiet --weights one.nwb --out again.nwb", folder.path);
  CHECK(same.exit == 0);
  CHECK(same.err.empty());
  const auto r = command::engram("run two.json --quiet --weights one.nwb", folder.path);
  INFO(r.err);
  CHECK(r.exit == 0);
  CHECK_THAT(r.err, ContainsSubstring("the weights of a->b come from it") && ContainsSubstring("those of b->c") &&
                        ContainsSubstring("a->c is no projection"));
  const auto bound = command::engram("run one.json --quiet --weights one.nwb --out bound.nwb"
                                     " --set /architecture/projections/0/constraints/maximum=-9",
                                     folder.path);
  CHECK_THAT(bound.err, ContainsSubstring("the constraints change those of a->b"));
}

TEST_CASE("what one circuit has learned is where another begins", "[cli][weights]") {
  const Folder folder;
  folder.write("right.csv", "1,2\n3,4\n5,6\n");
  folder.write("first.json", weights_model(R"({ "file": "right.csv" })", "c"));
  REQUIRE(command::engram("run first.json --quiet --out first.nwb", folder.path).exit == 0);
  folder.write("second.json", weights_model(R"({ "file": "first.nwb", "key": "scratch/weights_p" })", "c"));
  const auto r = command::engram("run second.json --quiet --out second.nwb", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  const record::RunReader second((folder.path / "second.nwb").string());
  CHECK(arma::approx_equal(second.weights("p"), arma::mat{{1, 2}, {3, 4}, {5, 6}}, "absdiff", 0.0));
}
