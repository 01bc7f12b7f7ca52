// A number that is not finite ends a run, and the message says where it is.
#include "catch.hpp"
#include "circuits.hpp"
#include "numeric/finite.hpp"
#include "spiking.hpp"

#include <fmt/format.h>
#include <limits>

using namespace engram;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
constexpr double unbounded = std::numeric_limits<double>::infinity();

template <class Run> std::string failure_of(Run run) {
  try {
    run();
  } catch (const simulation::RunFailure &failure) {
    return failure.what();
  }
  return "";
}

void check_parts(const std::string &told, const std::vector<std::string> &parts) {
  INFO(told);
  for (const auto &part : parts) CHECK(told.find(part) != std::string::npos);
}

// Every kind of region, driven by a source whose synapse holds the number that is tried.
std::string driven_cell(const std::string &dynamics, const std::string &more = "") {
  return R"({ "time": { "step": 0.05 }, "architecture": { "regions": {
      "in": { "size": 1, "dynamics": "spike_source", "spikes": [[1]] },
      "cell": { "size": 3, "dynamics": )" +
         dynamics + more + R"( } },
      "projections": [ { "from": "in.spike", "to": "cell", "weights": [[0], [1], [0]] } ] },
      "task": { "trial": [ { "phase": "run", "duration": 3 } ] } })";
}

} // namespace

TEST_CASE("the place of the first number that is not finite is found", "[simulation]") {
  for (const double bad : {no_number, unbounded, -unbounded})
    for (const std::size_t at : {0, 1, 7, 8, 63, 99}) {
      std::vector<double> x(100, -1.5);
      CHECK(numeric::all_finite(x.data(), x.size()));
      CHECK(numeric::first_not_finite(x.data(), x.size()) == x.size());
      x[at] = bad;
      CHECK(!numeric::all_finite(x.data(), x.size()));
      CHECK(numeric::first_not_finite(x.data(), x.size()) == at);
      std::vector<float> y(x.begin(), x.end());
      CHECK(numeric::first_not_finite(y.data(), y.size()) == at);
    }
  CHECK(numeric::all_finite<double>(nullptr, 0));
}

TEST_CASE("a state that is not finite ends the run: rate and spiking regions of every kind", "[simulation][spiking]") {
  for (const std::string dynamics : {"static", "leaky_rate", "wilson_cowan", "supralinear", "predictive_coding",
                                     "dendritic", "burst", "lif", "adex", "izhikevich", "hodgkin_huxley"}) {
    INFO(dynamics);
    spiking::Circuit<> c(driven_cell("\"" + dynamics + "\""));
    c.network.dense[0].weights(1, 0) = no_number; // as no file and no rule may bring it
    check_parts(failure_of([&] { c.run(); }), {"region 'cell', neuron 1: ", "nan", "at 0 ms"}); // 0 times NaN
  }
}

TEST_CASE("of equations that a user wrote the message names the state, and what equations may do",
          "[simulation][spiking]") {
  // NaN has no sign, and 0 / 0 has one on some processors.
  const auto told = [](const std::string &equations) {
    return failure_of([&] { spiking::Circuit<>(driven_cell(R"({ "type": "equations", )" + equations + " }")).run(); });
  };
  const auto rates = told(R"("states": { "v": "log(v - 1) + I" }, "rate": "v")");
  check_parts(rates, {"region 'cell', neuron 0: the state is nan at 0.05 ms: an equation may divide by 0"});
  const auto slope = told(R"("states": { "v": { "slope": "I - v", "initial": 0 }, "w": "v/w" }, "threshold": 5,
      "reset": { "v": "0" })");
  check_parts(slope, {"region 'cell', neuron 0: the slope of 'w' is nan (at 0 ms)"});
  const auto spikes = told(R"json("states": { "v": { "slope": "I - v", "initial": 6 }, "w": "-w" }, "threshold": 5,
      "reset": { "v": "0", "w": "log(w - 1)" })json");
  check_parts(spikes, {"region 'cell', neuron 0: the state 'w' is nan at 0.05 ms: an equation may divide by 0"});
}

TEST_CASE("a receptor whose current is not finite ends the run", "[simulation][spiking]") {
  for (const std::string dynamics : {"lif", "adex", "izhikevich", "hodgkin_huxley"})
    for (const std::string kind : {"exponential", "alpha", "conductance_exponential", "conductance_alpha", "delta"}) {
      INFO(dynamics << " " << kind);
      auto text = driven_cell("\"" + dynamics + "\"", ", \"receptors\": { \"syn\": \"" + kind + "\" }");
      text.replace(text.find("\"to\": \"cell\""), 12, "\"to\": \"cell.syn\"");
      spiking::Circuit<> c(text);
      c.weights(0)[1] = no_number;
      check_parts(failure_of([&] { c.run(); }), {"region 'cell', neuron 1: ", "nan", "at 1 ms"});
    }
}

TEST_CASE("in a large circuit what is not finite is found within 16 steps, and at the end", "[simulation][spiking]") {
  auto text = driven_cell("\"lif\"", ", \"receptors\": { \"syn\": \"exponential\" }");
  text.replace(text.find("\"to\": \"cell\""), 12, "\"to\": \"cell.syn\"");
  text.replace(text.find("\"size\": 3"), 9, "\"size\": 5000");
  text.replace(text.find("[[0], [1], [0]]"), 15, R"({ "uniform": { "low": 1, "high": 2 } })");
  for (const double first : {1.0, 2.9}) { // the last is followed by one step
    auto late = text;
    late.replace(late.find("[[1]]"), 5, "[[" + std::to_string(first) + "]]");
    spiking::Circuit<> c(late);
    c.weights(0)[4321] = no_number;
    check_parts(failure_of([&] { c.run(); }), {"region 'cell', neuron 4321: ", "nan",
                                               first < 2 ? "at 1.6 ms, or in the 15 steps before" : "at 2.95 ms"});
  }
}

TEST_CASE("a loop that grows without bound ends the run with trial and epoch", "[simulation]") {
  circuits::Circuit c;
  const auto in = c.input(2), out = c.leaky("out", 2, "linear", 1);
  c.connect(in, out);
  c.connect(out, out, "", 0, "rate", "soma", 1e6);
  c.model.task.epochs = 3;
  c.phase(2000, 0, false);
  c.data(4);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  check_parts(failure_of([&] {
                simulator.run({{2, 3}, 1, true});
              }),
              {"region 'out', neuron ", " ms, trial ", ", epoch 2"});
}

TEST_CASE("a substep whose error estimate is not a number is never taken", "[simulation][integrator]") {
  // u' = u³ (a loop of gain 1 through a power law, less the leak) reaches infinity in finite time.
  const auto text = [](const std::string &precision) {
    return R"({ "precision": ")" + precision +
           R"(", "time": { "step": 1, "integrator": "controlled_dopri5" }, "architecture": { "regions": {
      "cell": { "size": 2, "initial": [0, 3], "dynamics": { "type": "supralinear", "tau": 1,
        "activation": { "type": "power_law", "k": 1, "n": 3 } } } },
      "projections": [ { "from": "cell", "to": "cell", "connect": "one_to_one", "weights": 1 } ] },
      "task": { "trial": [ { "phase": "run", "duration": 30 } ] } })";
  };
  spiking::Circuit<double> c(text("double"));
  check_parts(failure_of([&] { c.run(); }), {"region 'cell', neuron 1: ", "tolerance", "at 0 ms"});
  spiking::Circuit<float> single(text("single"));
  check_parts(failure_of([&] { single.run(); }), {"region 'cell', neuron 1: ", "tolerance", "at 0 ms"});
}

TEST_CASE("weights that learning takes to infinity are told after the epoch", "[simulation]") {
  circuits::Circuit c;
  const auto in = c.input(2), out = c.fixed("out", 2, "linear");
  c.connect(in, out, "rule");
  c.learn("rule", "hebb", 1e200);
  c.phase(1, 0, true);
  c.data(1); // no further trial would see them
  c.model.task.epochs = 1;
  c.model.task.batch = 1;
  auto network = c.build<double>();
  network.dense[0].weights.fill(1e200);
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  const auto told = failure_of([&] { simulation::run<double>(c.model, c.trials, simulator, {}); });
  check_parts(told, {"the weights of projection 'input.rate->out.soma", "after epoch 1"});
}

TEST_CASE("a Wilson-Cowan population that its input makes faster than the step ends the run", "[simulation]") {
  // τ r' = −r + (1 − ρ r) φ is r' = −(1 + ρ φ) / τ (r − φ / (1 + ρ φ)): by euler stable below 2 τ / (1 + ρ φ).
  const auto population = [](double refractory, const std::string &activation, double bias, double step,
                             const std::string &integrator) {
    return fmt::format(R"({{ "time": {{ "step": {}{} }}, "architecture": {{ "regions": {{ "cell": {{ "size": 1,
        "bias": {}, "dynamics": {{ "type": "wilson_cowan", "refractory": {}, "activation": "{}" }} }} }} }},
        "task": {{ "trial": [ {{ "phase": "run", "duration": 60 }} ] }} }})",
                       step, integrator, bias, refractory, activation);
  };
  const auto refused = [](const std::string &text) { return failure_of([&] { spiking::Circuit<>(text).run(); }); };
  check_parts(refused(population(1, "relu", 100, 1, "")),
              {"region 'cell', neuron 0", "'euler' is stable only in steps below 0.2 ms", "at 0 ms"});
  check_parts(refused(population(5, "sigmoid", 100, 5, "")), {"stable only in steps below 3.3 ms"});
  check_parts(refused(population(1, "sigmoid", 100, 15, "")), {"stable only in steps below 10 ms"});
  CHECK(refused(population(1, "relu", 100, 0.1, "")).empty());
  CHECK(refused(population(1, "sigmoid", 100, 5, "")).empty());
  CHECK(refused(population(1, "relu", 100, 1, R"(, "integrator": "controlled_dopri5")")).empty());
}
