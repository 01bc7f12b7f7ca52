// The change of a batch is clipped as Pascanu, Mikolov & Bengio 2013 say: g becomes c g / |g| where |g| > c, with g the
// change of all weights of a rule as one vector.
#include "catch.hpp"
#include "command.hpp"
#include "session/session_run.hpp"

#include <armadillo>
#include <map>
#include <string>
#include <variant>
#include <vector>

using namespace engram;

namespace {

const session::Folders clipping_folders{{ENGRAM_BUILD_DIR "/plugins"}, {ENGRAM_SOURCE_DIR "/models/data", {}}};
constexpr double clipped_rate = 0.3; // of credit-assignment/xor.json

using ClipSettings = std::vector<std::string>;

session::Session open_clipped(const std::string &name, const ClipSettings &settings) {
  model::LoadOptions options;
  options.settings = settings;
  return session::open(command::model(name), options, clipping_folders);
}

// By projection, what one batch adds to the weights, over the learning rate.
std::map<std::string, arma::mat> changes(ClipSettings settings) {
  settings.insert(settings.end(), {"/task/epochs=1", "/precision=double"});
  auto opened = open_clipped("credit-assignment/xor.json", settings);
  auto &network = std::get<network::Network<double>>(opened.network);
  const auto before = network;
  session::Run(opened, 1).simulate();
  std::map<std::string, arma::mat> out;
  for (std::size_t k = 0; k < network.dense.size(); ++k) {
    const auto &p = network.dense[k];
    if (!p.rules.empty()) out[p.name] = (p.weights - before.dense[k].weights) / clipped_rate;
  }
  return out;
}

double norm_of(const std::map<std::string, arma::mat> &changes) {
  double sum = 0;
  for (const auto &[name, change] : changes) sum += arma::accu(change % change);
  return std::sqrt(sum);
}

std::string clip_norm(double most, const std::string &rule = "local") {
  return "/learning/rules/" + rule + "/clip_norm=" + std::to_string(most);
}

void check_scaled(const std::map<std::string, arma::mat> &clipped, const std::map<std::string, arma::mat> &free,
                  double factor) {
  REQUIRE(clipped.size() == free.size());
  for (const auto &[name, change] : free) {
    CAPTURE(name);
    CHECK(arma::abs(clipped.at(name) - factor * change).max() < 1e-14);
  }
}

} // namespace

TEST_CASE("clip_norm scales the change of all projections and biases of a rule by one factor", "[learning]") {
  const auto free = changes({});
  REQUIRE(free.size() == 4); // two projections and two biases
  const double norm = norm_of(free);
  REQUIRE(norm > 0.2);
  check_scaled(changes({clip_norm(0.125)}), free, 0.125 / norm);
  check_scaled(changes({clip_norm(0.03125)}), free, 0.03125 / norm);
  check_scaled(changes({clip_norm(64)}), free, 1); // as it is

  SECTION("what decays is not part of it") {
    auto decayed = changes({clip_norm(0.125), "/learning/rules/local/weight_decay=0.5"});
    auto opened = open_clipped("credit-assignment/xor.json", {"/precision=double"});
    for (const auto &p : std::get<network::Network<double>>(opened.network).dense)
      if (!p.rules.empty()) decayed.at(p.name) += 0.5 * p.weights; // w −= rate · decay · w comes first
    check_scaled(decayed, free, 0.125 / norm);
  }
  SECTION("the first step of momentum is the change") {
    check_scaled(changes({clip_norm(0.125), "/learning/rules/local/optimizer=momentum"}), free, 0.125 / norm);
  }
  SECTION("adam takes the clipped change: its first step is g / (|g| + epsilon)") {
    const double epsilon = 0.5;
    const auto adam =
        changes({clip_norm(0.125), R"(/learning/rules/local/optimizer={"type": "adam", "epsilon": 0.5})"});
    for (const auto &[name, change] : free) {
      const arma::mat g = 0.125 / norm * change;
      CHECK(arma::abs(adam.at(name) - g / (arma::abs(g) + epsilon)).max() < 1e-12);
    }
  }
  SECTION("of a global rule too") {
    const std::string backprop = "/learning/rules/local/plugin=backprop";
    const auto gradient = changes({backprop});
    check_scaled(changes({backprop, clip_norm(0.125)}), gradient, 0.125 / norm_of(gradient));
  }
}

TEST_CASE("each rule has a norm of its own", "[learning]") {
  const ClipSettings two{R"(/learning/rules/other={"plugin": "feedback_alignment", "rate": 0.3})",
                         "/architecture/projections/0/rule=other"};
  const auto free = changes(two);
  auto settings = two;
  settings.push_back(clip_norm(0.03125, "other"));
  const auto clipped = changes(settings);
  const std::string other = "in->hidden";
  const double norm = arma::norm(free.at(other), "fro");
  REQUIRE(norm > 0.03125);
  for (const auto &[name, change] : free)
    CHECK(arma::abs(clipped.at(name) - (name == other ? 0.03125 / norm : 1) * change).max() < 1e-14);
}

TEST_CASE("the norm counts synapses that are there, and a shared weight once", "[learning]") {
  SECTION("fixed_indegree") {
    const auto clipped = changes({clip_norm(0.0625), R"(/architecture/projections/1/connect=)"
                                                     R"({"type": "fixed_indegree", "indegree": 3})"});
    CHECK(arma::accu(clipped.at("hidden->out") != 0) <= 6);
    CHECK(norm_of(clipped) == Approx(0.0625).epsilon(1e-12));
  }
  SECTION("convolution") {
    const ClipSettings shared{R"(/architecture/projections/1/connect={"type": "convolution", "kernel": 2})",
                              "/architecture/regions/hidden/size=9",
                              "/architecture/regions/out/size=4",
                              "/learning/feedback=null",
                              "/learning/rules/local/plugin=backprop",
                              clip_norm(0.0625)};
    auto clipped = changes(shared);
    auto &change = clipped.at("hidden->out");
    const arma::vec own = arma::unique(arma::vec(change.elem(arma::find(change))));
    REQUIRE(own.n_elem == 4); // a kernel of 2 × 2, in four places
    REQUIRE(arma::accu(change != 0) == 16);
    change.zeros();
    change.submat(0, 0, 0, 3) = own.t();
    CHECK(norm_of(clipped) == Approx(0.0625).epsilon(1e-12));
  }
}

TEST_CASE("the norm is over synapses that carry spikes, too", "[learning]") {
  auto opened = open_clipped("spiking/digits-eventprop.json",
                             {"/precision=double", "/task/epochs=1", "/task/evaluate=never", "/task/held_out=1790",
                              "/task/batch=10", "/architecture/projections/2/rule=learn", "/learning/rules/read=null",
                              "/learning/rules/learn/optimizer=plain", "/learning/rules/learn/rate=1",
                              clip_norm(0.015625, "learn")});
  auto &network = std::get<network::Network<double>>(opened.network);
  const auto before = network;
  session::Run(opened, 2).simulate();
  double dense = 0, sparse = 0;
  for (std::size_t k = 0; k < network.dense.size(); ++k)
    dense += arma::accu(arma::square(network.dense[k].weights - before.dense[k].weights));
  for (std::size_t k = 0; k < network.sparse.size(); ++k) {
    const auto &now = *network.sparse[k].synapses.weights, &then = *before.sparse[k].synapses.weights;
    for (std::size_t n = 0; n < now.size(); ++n) sparse += (now[n] - then[n]) * (now[n] - then[n]);
  }
  CHECK(dense > 0);
  CHECK(sparse > 0);
  CHECK(std::sqrt(dense + sparse) == Approx(0.015625).epsilon(1e-9));
}

TEST_CASE("clip_value holds the change of each weight by itself", "[learning]") {
  const auto free = changes({});
  const auto clipped = changes({"/learning/rules/local/clip_value=0.0625"});
  std::size_t held = 0;
  for (const auto &[name, change] : free) {
    CHECK(arma::abs(clipped.at(name) - arma::clamp(change, -0.0625, 0.0625)).max() < 1e-14);
    held += arma::accu(arma::abs(change) > 0.0625);
  }
  CHECK(held > 0);
}

TEST_CASE("clipped changes have the same bits at any number of threads", "[learning][determinism]") {
  std::vector<network::Network<float>> learned;
  for (const int threads : {1, 3}) {
    auto opened = open_clipped(
        "digits.json", {"/task/epochs=1", "/task/evaluate=never", "/learning/rules/error_gated/clip_norm=0.01"});
    session::Run(opened, threads).simulate();
    learned.push_back(std::get<network::Network<float>>(opened.network));
  }
  for (std::size_t k = 0; k < learned[0].dense.size(); ++k)
    CHECK(arma::approx_equal(learned[0].dense[k].weights, learned[1].dense[k].weights, "absdiff", 0.0F));
}

TEST_CASE("what measures a rule sees its change before it is clipped", "[learning]") {
  std::vector<arma::mat> measured;
  for (const auto &settings : {ClipSettings{}, ClipSettings{clip_norm(0.03125)}}) {
    auto opened = open_clipped("credit-assignment/xor.json", settings);
    simulation::Simulator<double> simulator(opened.model, std::get<network::Network<double>>(opened.network),
                                            opened.trials, opened.rules, {}, 1, opened.dynamics, opened.task);
    simulator.measure({{0, 1, 2, 3}, 0, true});
    measured.push_back(simulator.change(0));
  }
  REQUIRE(arma::norm(measured[0], "fro") > 0.03125);
  CHECK(arma::approx_equal(measured[0], measured[1], "absdiff", 0));
}

TEST_CASE("clipping that cannot be meant is refused", "[learning][validate]") {
  const auto refused = [](const std::string &name, const ClipSettings &settings, const std::string &message) {
    CHECK_THROWS_WITH(open_clipped(name, settings), Catch::Contains(message));
  };
  const std::string xor_model = "credit-assignment/xor.json", local = "/learning/rules/local/";
  refused(xor_model, {local + "clip_norm=0"}, local + "clip_norm: must be above 0");
  refused(xor_model, {local + "clip_value=-1"}, local + "clip_value: must be above 0");
  refused(xor_model, {local + "clip_norm=1", local + "clip_value=1"}, "do not go together");
  refused(xor_model, {local + "clip=1"}, "did you mean 'clip_norm'?");
  refused("spiking/dopamine.json", {"/learning/rules/credit/clip_norm=1"}, "there is no change of a batch to clip");
}

// The least normal number is 1.18e-38 in single precision and 2.23e-308 in double (IEEE 754).
TEST_CASE("a limit that counts as zero is refused, and the least one clips", "[learning]") {
  for (const std::string key : {"clip_norm", "clip_value"}) {
    const std::string setting = "/learning/rules/local/" + key + "=";
    CHECK_THROWS_WITH(open_clipped("credit-assignment/xor.json", {"/precision=single", setting + "1e-39"}),
                      Catch::Contains("1e-39 counts as 0 in single precision"));
    CHECK_THROWS_WITH(open_clipped("credit-assignment/xor.json", {"/precision=double", setting + "1e-310"}),
                      Catch::Contains("counts as 0 in double precision"));
    for (const auto &[name, change] : changes({setting + "1e-39"})) { // in double precision
      CAPTURE(key, name);
      CHECK(arma::abs(change).max() < 1e-30); // it limits: weights of size 1 stay
      CHECK(change.is_finite());
    }
  }
}
