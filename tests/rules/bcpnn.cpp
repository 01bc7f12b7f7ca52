// These tests compare bcpnn with the equations of its authors' program, written out with loops, and with probabilities
// that are known.
#include "catch.hpp"
#include "spiking.hpp"
#include "trained.hpp"

#include <cmath>

using namespace engram;
using network::Signal;

namespace {

// Three neurons hear two inputs, and each other not; weights and a bias learn, in the second of three phases.
constexpr auto small = R"({ "seed": 3, "time": { "step": 2 }, "architecture": { "regions": {
      "in": { "size": 2, "dynamics": "input" },
      "net": { "size": 3, "dynamics": { "type": "leaky_rate", "tau": 9, "activation": "sigmoid" },
               "bias": [0.3, -0.2, 0.1] } },
    "projections": [ { "from": "in", "to": "net", "weights": { "normal": { "mean": 0.4, "sd": 1 } }, "rule": "b" } ] },
    "learning": { "rules": { "b": { "plugin": "bcpnn", "rate": 1, "apply": "step", "parameters": { "max_rate": 2,
        "tau_z_pre": 10, "tau_z_post": 25, "tau_e": 60, "tau_p": 300, "epsilon": 0.002, "gain": 1.5 } } } },
    "task": { "stimuli": { "inputs": [[1, 0.2], [0.4, 1.7]] }, "batch": 2, "trial": [
        { "phase": "settle", "duration": 40, "stimulus": "in" },
        { "phase": "print now", "duration": 60, "stimulus": "in", "plastic": true },
        { "phase": "hold", "duration": 20 } ] } })";

struct Rates final : simulation::Observer<double> {
  std::vector<arma::mat> pre, post;
  void step(std::size_t, const network::Signals<double> &s) override {
    pre.push_back(s[0][Signal::rate]);
    post.push_back(s[1][Signal::rate]);
  }
};

} // namespace

TEST_CASE("bcpnn is the equations of its authors' program, written out with loops", "[rules][bcpnn]") {
  // bcpnn_connection.h of Tully & Kaplan: z += (y - z + epsilon) dt / tau_z, e += (z - e) dt / tau_e,
  // p += K (e - p) dt / tau_p, and the same for the pair, from z_i z_j; weight = gain log(p_ij / (p_i p_j)).
  spiking::Circuit<> c(small);
  const arma::mat before = c.network.dense[0].weights;
  Rates seen;
  c.simulator->run({{0, 1}, 0, true}, &seen);
  c.simulator->run({{0, 1}, 1, true}, &seen); // p goes on, z and e begin anew
  REQUIRE(seen.pre.size() == 120);
  const double h = 2, start = 0.01;
  const auto traces = [&](const std::vector<arma::mat> &rate, std::size_t i, double tau, std::size_t from,
                          std::size_t b) {
    std::vector<std::array<double, 2>> out; // z, e after each step of the trial
    double z = start, e = start;
    for (std::size_t t = from; t < from + 60; ++t) {
      z += (rate[t](i, b) / 2 - z + 0.002) * h / tau;
      e += (z - e) * h / 60;
      out.push_back({z, e});
    }
    return out;
  };
  double worst = 0;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 2; ++j) {
      double pi = start, pj = start, pij = start * start * std::exp(before(i, j) / 1.5);
      for (const std::size_t from : {0, 60}) {
        double eij[2] = {start * start, start * start};
        std::vector<std::array<double, 2>> pre[2], post[2];
        for (std::size_t b = 0; b < 2; ++b) {
          pre[b] = traces(seen.pre, j, 10, from, b);
          post[b] = traces(seen.post, i, 25, from, b);
        }
        for (std::size_t t = 0; t < 60; ++t) {
          for (std::size_t b = 0; b < 2; ++b) eij[b] += (pre[b][t][0] * post[b][t][0] - eij[b]) * h / 60;
          if (t < 20 || t >= 50) continue; // not plastic: K = 0
          pi += ((post[0][t][1] + post[1][t][1]) / 2 - pi) * h / 300;
          pj += ((pre[0][t][1] + pre[1][t][1]) / 2 - pj) * h / 300;
          pij += ((eij[0] + eij[1]) / 2 - pij) * h / 300;
        }
      }
      worst = std::max(worst, std::abs(c.network.dense[0].weights(i, j) - 1.5 * std::log(pij / (pi * pj))));
    }
  CHECK(arma::abs(c.network.dense[0].weights - before).max() > 0.05);
  CHECK(worst < 1e-11);
}

TEST_CASE("bcpnn begins at the weight that is there", "[rules][bcpnn]") {
  // A memory that hardly moves in a trial: the weights stay near those that the projection begins with.
  std::string text = small;
  const std::string tau = R"("tau_p": 300)";
  text.replace(text.find(tau), tau.size(), R"("tau_p": 1e8)");
  spiking::Circuit<> c(text);
  const arma::mat before = c.network.dense[0].weights;
  c.simulator->run({{0, 1}, 0, true}, nullptr);
  CHECK(arma::abs(c.network.dense[0].weights - before).max() < 1e-3);
  CHECK(arma::abs(c.network.dense[0].weights - before).max() > 0);
}

TEST_CASE("association-bcpnn.json: weights are the logs of the probabilities that its trials have", "[rules][bcpnn]") {
  const command::Folder folder;
  const auto file = command::run_file(folder, "memory/association-bcpnn.json");
  const arma::mat w = file.weights("cues->memory.apical");
  // P_ij = mean of (x_i + epsilon) (x_j + epsilon) over the trials, and so on; epsilon is 0.0001.
  const auto log_ratio = [](double both, double cue, double teacher) {
    const double e = 0.0001;
    return std::log((both + e * (cue + teacher) + e * e) / ((cue + e) * (teacher + e)));
  };
  CHECK(w(0, 0) == Approx(log_ratio(4.0 / 8, 0.5, 0.5)).epsilon(1e-6));
  CHECK(std::abs(w(0, 1) - log_ratio(2.0 / 8, 0.5, 0.5)) < 1e-6);
  CHECK(w(0, 2) == Approx(log_ratio(1.0 / 8, 0.5, 0.5)).epsilon(1e-6));
}

TEST_CASE("a bias that bcpnn learns is the log of the neuron's probability", "[rules][bcpnn]") {
  spiking::Circuit<> c(R"({ "architecture": { "regions": { "in": { "size": 1, "dynamics": "input" },
        "net": { "size": 1, "dynamics": "static", "bias": { "initial": 0, "rule": "b" } } },
      "projections": [ { "from": "in", "to": "net", "weights": 1 } ] },
      "learning": { "rules": { "b": { "plugin": "bcpnn", "rate": 1, "apply": "step", "parameters": { "learns": "bias",
          "tau_z_pre": 0, "tau_z_post": 0, "tau_e": 0, "tau_p": 1, "epsilon": 0.001 } } } },
      "task": { "stimuli": { "inputs": [[0.3]] }, "trial": [ { "phase": "p", "duration": 1, "stimulus": "in", "plastic": true } ] } })");
  c.run(true);
  for (const auto &p : c.network.dense)
    if (p.is_bias()) CHECK(p.weights(0, 0) == Approx(std::log(0.301)).epsilon(1e-12));
}
