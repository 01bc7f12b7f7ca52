// These circuits read their synapses from a file. A message explains pairs that do not fit.
#include "catch.hpp"
#include "command.hpp"
#include "record/run_read.hpp"

#include <nlohmann/json.hpp>

using namespace engram;
using namespace command;

namespace {

std::string two_regions(const std::string &connect, const std::string &weights, int pre = 3, int post = 4) {
  return R"({ "seed": 1, "architecture": { "regions": {
  "a": { "size": )" +
         std::to_string(pre) + R"(, "dynamics": "leaky_rate" }, "b": { "size": )" + std::to_string(post) +
         R"(, "dynamics": "leaky_rate" } },
  "projections": [ { "from": "a", "to": "b", "connect": )" +
         connect + R"(, "weights": )" + weights + R"( } ] },
  "task": { "trial": [ { "phase": "p", "duration": 1 } ] } })";
}

Result after_running(const Folder &folder, const std::string &text) {
  folder.write("m.json", text);
  return command::engram("run m.json --quiet --out r.nwb", folder.path);
}

const std::string pairs = R"({ "type": "pairs", "file": "wiring.csv" })";

} // namespace

TEST_CASE("a circuit is wired from a file beside it", "[cli]") {
  const Folder folder;
  folder.write("wiring.csv", "pre,post,weight\n0,1,0.5\n2,3,-2\n0,0,4\n");
  const auto r = after_running(folder, two_regions(pairs, R"({ "listed": 10 })"));
  INFO(r.err);
  REQUIRE(r.exit == 0);
  const auto w = record::RunReader((folder.path / "r.nwb").string()).weights("a->b");
  arma::mat expected(4, 3, arma::fill::zeros);
  expected(1, 0) = 5, expected(3, 2) = -20, expected(0, 0) = 40;
  CHECK(arma::approx_equal(w, expected, "absdiff", 0));
}

TEST_CASE("the header that numpy.savetxt writes names the columns of wiring", "[cli]") {
  const Folder folder;
  folder.write("wiring.csv", "# post pre\n1 0\n3 2\n");
  const auto r = after_running(folder, two_regions(pairs, "1"));
  INFO(r.err);
  REQUIRE(r.exit == 0);
  CHECK(contains(r.err, "the columns have the names of the comment above them: post, pre"));
  const auto w = record::RunReader((folder.path / "r.nwb").string()).weights("a->b");
  arma::mat expected(4, 3, arma::fill::zeros);
  expected(1, 0) = expected(3, 2) = 1;
  CHECK(arma::approx_equal(w, expected, "absdiff", 0));
}

TEST_CASE("wiring that does not fit is refused in a line that says what and where", "[cli]") {
  const Folder folder;
  const auto refused = [&](const std::string &wiring, const std::string &weights, const std::string &because) {
    folder.write("wiring.csv", wiring);
    const auto r = after_running(folder, two_regions(pairs, weights));
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(r.err.find(because) != std::string::npos);
    CHECK_FALSE(fs::exists(folder.path / "r.nwb"));
  };
  refused("pre,post\n0,1\n3,0\n", "1", "wiring.csv: row 2 says 3, and the presynaptic neurons are 0 to 2");
  refused("pre,post\n0,1.5\n", "1", "row 1 says 1.5, and the postsynaptic neurons are 0 to 3");
  refused("pre,post\n0,1\n2,2\n0,1\n", "1", "rows 1 and 3 both join 0 to 1");
  refused("pre,post\n0,1\n", R"({ "listed": 1 })", "takes its weights from a third one");
  refused("a\n0\n", "1", "unknown column 'a'; there are: pre, post, weight");
  refused("0\n", "1", "1 columns");
  const auto says = [&](const std::string &text, const std::string &because) {
    const auto r = after_running(folder, text);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(r.err.find(because) != std::string::npos);
  };
  fs::remove(folder.path / "wiring.csv");
  says(two_regions(pairs, "1"), "wiring.csv");
  says(two_regions(R"("pairs")", "1"), R"(/architecture/projections/0/connect: pairs are read from a file)");
  says(two_regions(R"({ "type": "pairs" })", "1"), "file");
  says(two_regions(R"("dense")", R"({ "listed": 1 })"), "this projection is 'dense'");
}

TEST_CASE("a convolution that does not fit says how many neurons it gives", "[cli]") {
  const Folder folder;
  const auto says = [&](const std::string &connect, int pre, int post, const std::string &because) {
    const auto r = after_running(folder, two_regions(connect, "1", pre, post));
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK(r.err.find(because) != std::string::npos);
  };
  const std::string maps = R"({ "type": "convolution", "kernel": 3, "maps": 2 })";
  says(maps, 35, 32, "the 35 neurons of 'a' are not 1 square map");
  says(maps, 36, 30, "gives 2 × 4 × 4 = 32 neurons, and 'b' has 30");
  says(R"({ "type": "convolution", "kernel": 7 })", 36, 32, "a kernel of 7 × 7 on maps of 6 × 6");
  CHECK(after_running(folder, two_regions(maps, "1", 36, 32)).exit == 0);
}
