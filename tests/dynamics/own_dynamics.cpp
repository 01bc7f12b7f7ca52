// A dynamics is one file with one entry: that of tests/entries/dynamics/neurons/cubic_leak.cpp is not engram's. The
// schema, the checks, the time loop and the gradient take it from its entry.
#include "catch.hpp"
#include "circuits.hpp"
#include "dynamics/entry.hpp"
#include "input/entries.hpp"
#include "input/input_error.hpp"
#include "spiking.hpp"

#include <cmath>
#include <set>

namespace engram::dynamics {
DynamicsEntry cubic_leak_dynamics();
}

using namespace engram;
using dynamics::cubic_leak_dynamics;
using network::Signal;

namespace {

const dynamics::DynamicsEntries &own_entries() {
  static const auto all = [] {
    auto entries = dynamics::dynamics_entries();
    entries.push_back(cubic_leak_dynamics());
    return entries;
  }();
  return all;
}

const model::Vocabulary &own_vocabulary() {
  static const auto words = [] {
    auto all = spiking::vocabulary();
    all.dynamics.push_back(cubic_leak_dynamics().words);
    return all;
  }();
  return words;
}

// Three of these neurons alone, from 0.5, 1 and −2.
std::string alone(const std::string &dynamics, const std::string &step = "0.02",
                  const std::string &more = R"("initial": [0.5, 1, -2])") {
  return R"({ "time": { "step": )" + step + R"(, "integrator": "runge_kutta4" },
    "architecture": { "regions": { "cell": { "size": 3, "dynamics": )" +
         dynamics + ", " + more + R"( } } },
    "task": { "trial": [ { "phase": "run", "duration": 20 } ] } })";
}

std::string refusal_of(const std::string &dynamics, const std::string &step = "0.02") {
  try {
    model::load_text(alone(dynamics, step), "m.json", own_vocabulary());
    return "";
  } catch (const input::InputError &error) {
    return error.what();
  }
}

struct RateLog final : simulation::Observer<double> {
  std::vector<arma::mat> seen;
  void step(std::size_t, const network::Signals<double> &signals) override { seen.push_back(signals[0][Signal::rate]); }
};

} // namespace

TEST_CASE("the schema describes a dynamics by the words of its entry", "[dynamics][own]") {
  const auto text = model::schema(own_vocabulary()).dump();
  CHECK_THAT(text, ContainsSubstring("cubic_leak: tau u' = -u - cubic u^3 + sum W r, rate = u"));
  CHECK_THAT(text, ContainsSubstring("strength of the cubic leak"));
  CHECK(model::schema(spiking::vocabulary()).dump().find("cubic_leak") == std::string::npos);
}

TEST_CASE("a dynamics is checked by the words of its entry", "[dynamics][own]") {
  CHECK(refusal_of(R"({ "type": "cubic_leak", "tau": 5, "cubic": 1 })").empty());
  CHECK_THAT(refusal_of(R"("cubic_leek")"), ContainsSubstring("did you mean 'cubic_leak'?"));
  CHECK_THAT(refusal_of(R"({ "type": "cubic_leak", "cubic": -1 })"),
             ContainsSubstring("/architecture/regions/cell/dynamics/cubic: must be at least 0, not -1"));
  CHECK_THAT(refusal_of(R"({ "type": "cubic_leak", "tau": [1, 2] })"),
             ContainsSubstring("2 numbers for the 3 neurons of 'cell'"));
  CHECK_THAT(refusal_of(R"({ "type": "cubic_leak", "tau": 0.5 })", "2"),
             ContainsSubstring("too long for 'cell' ('cubic_leak')"));
}

TEST_CASE("what a neuron draws is checked by the words of its entry", "[dynamics][own]") {
  const auto model = model::load_text(R"({ "architecture": { "regions": { "cell": { "size": 100,
        "dynamics": { "type": "cubic_leak", "tau": { "normal": { "mean": 5, "sd": 50 } } } } } },
      "task": { "trial": [ { "phase": "run", "duration": 2 } ] } })",
                                      "m.json", own_vocabulary());
  auto network = network::build<double>(model, {});
  const auto trials = task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}});
  CHECK_THROWS_WITH(simulation::Simulator<double>(model, network, trials, {}, {}, 1, own_entries()),
                    ContainsSubstring("/architecture/regions/cell/dynamics/tau: neuron"));
}

TEST_CASE("a dynamics runs by its entry: a cubic leak follows its closed form", "[dynamics][own]") {
  // Bernoulli's equation: with v = u⁻², v' = 2 (v + c) / τ, so that v(t) = (v(0) + c) e^{2t/τ} − c.
  const double tau = 8, c = 0.5;
  const auto model = model::load_text(alone(R"({ "type": "cubic_leak", "tau": 8 })"), "m.json", own_vocabulary());
  auto network = network::build<double>(model, {});
  const auto trials = task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}});
  simulation::Simulator<double> simulator(model, network, trials, {}, {}, 1, own_entries());
  RateLog log;
  simulator.run({{0}, 0, false}, &log);
  REQUIRE(log.seen.size() == 1000);
  double worst = 0;
  for (std::size_t step = 0; step < log.seen.size(); step += 37) {
    const double ms = 0.02 * static_cast<double>(step);
    for (std::size_t n = 0; n < 3; ++n) {
      const double begin = std::vector{0.5, 1.0, -2.0}[n];
      const double v = (1 / (begin * begin) + c) * std::exp(2 * ms / tau) - c;
      worst = std::max(worst, std::abs(log.seen[step](n, 0) - std::copysign(1 / std::sqrt(v), begin)));
    }
  }
  CHECK(worst < 1e-7);
}

TEST_CASE("a dynamics begins at the steady state of its class, and stays there", "[dynamics][own]") {
  // u + c u³ = 1.5 at u = 1 for c = 0.5.
  const auto model = model::load_text(alone(R"("cubic_leak")", "0.5", R"("initial": "feedforward", "bias": 1.5)"),
                                      "m.json", own_vocabulary());
  auto network = network::build<double>(model, {});
  const auto trials = task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}});
  simulation::Simulator<double> simulator(model, network, trials, {}, {}, 1, own_entries());
  RateLog log;
  simulator.run({{0}, 0, false}, &log);
  REQUIRE(log.seen.size() == 40);
  CHECK(arma::abs(log.seen.front() - 1).max() < 1e-12);
  CHECK(arma::abs(log.seen.back() - 1).max() < 1e-12);
}

TEST_CASE("the gradient goes through a dynamics by its entry", "[dynamics][own][gradient]") {
  circuits::Circuit c;
  const auto in = c.input(3), cell = c.region("cell", 4, circuits::typed("cubic_leak", {{"tau", 5}, {"cubic", 0.7}})),
             out = c.fixed("out", 2, "tanh");
  c.learn("exact", "backprop");
  c.connect(in, cell, "exact", 0, "rate", "soma", 2);
  c.connect(cell, cell, "exact", 1, "rate", "soma", 0.5);
  c.connect(cell, out, "exact");
  c.objective("mse", out);
  c.phase(6, true, true);
  c.data(3);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1, own_entries());
  const auto loss = [&] {
    const double mean = circuits::mean<double>(simulator.measure(c.all(true)));
    simulator.plasticity().discard();
    return mean;
  };
  simulator.measure(c.all(true));
  std::vector<arma::mat> gradient(network.dense.size());
  for (std::size_t p = 0; p < gradient.size(); ++p)
    if (!network.dense[p].rules.empty()) gradient[p] = -simulator.plasticity().change(p);
  simulator.plasticity().discard();
  constexpr double h = 1e-5;
  for (std::size_t p = 0; p < gradient.size(); ++p) {
    if (gradient[p].is_empty()) continue;
    INFO("projection " << p);
    const double scale = arma::abs(gradient[p]).max();
    REQUIRE(scale > 1e-5);
    auto &w = network.dense[p].weights;
    for (std::size_t k = 0; k < w.n_elem; ++k) {
      const double before = w[k];
      const auto at = [&](double value) {
        w[k] = value;
        return loss();
      };
      // Fourth-order central difference.
      const double slope =
          (8 * (at(before + h) - at(before - h)) - (at(before + 2 * h) - at(before - 2 * h))) / (12 * h);
      w[k] = before;
      CHECK(std::abs(slope - gradient[p][k]) < 1e-6 * scale);
    }
  }
}

TEST_CASE("entries are listed by place, then by name, whatever the order of files", "[dynamics][own]") {
  std::vector<dynamics::DynamicsEntry> entries(3);
  entries[0].words.name = "zeta";
  entries[1].words.name = "alpha";
  entries[2].words.name = "last by name, first by place";
  entries[2].place = 1;
  const auto sorted = input::in_order(entries);
  CHECK(sorted[0].words.name == entries[2].words.name);
  CHECK(sorted[1].words.name == "alpha");
  CHECK(sorted[2].words.name == "zeta");
}

TEST_CASE("every dynamics is made in both precisions, and its name is its own", "[dynamics][own]") {
  std::set<std::string> names;
  for (const auto &entry : dynamics::dynamics_entries()) {
    INFO(entry.words.name);
    CHECK(names.insert(entry.words.name).second);
    CHECK((entry.words.spikes ? entry.make_spiking.single != nullptr : entry.make.single != nullptr));
    CHECK((entry.words.spikes ? entry.make_spiking.twice != nullptr : entry.make.twice != nullptr));
  }
  CHECK(names.size() >= 14);
}
