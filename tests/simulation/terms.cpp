// These tests take objectives that are sums of terms through circuits: their gradients, what they deliver, their
// modulators.
#include "catch.hpp"
#include "circuits.hpp"
#include "simulation/gradient_error.hpp"
#include "spiking.hpp"

#include <functional>
#include <limits>

using namespace engram;
using circuits::Circuit;
using gradients::worst_error;

namespace {

using Kind = model::Target::Kind;

model::Objective term(const std::string &type, std::size_t region, const std::string &signal = "rate",
                      const std::map<std::string, double> &parameters = {}) {
  model::Objective out;
  out.type = out.name = type;
  out.region = region;
  out.signal = signal;
  for (const auto &[name, value] : parameters) out.parameters[name] = model::Quantity::of(value);
  out.target.kind = Kind::none;
  return out;
}

model::Objective against(model::Objective term, std::size_t region, const std::string &signal = "rate",
                         double delay = 0) {
  term.target.kind = Kind::signal;
  term.target.from = {region, signal};
  term.delay = delay;
  return term;
}

constexpr std::size_t input_at = 0, hidden_at = 1, out_at = 2, twin_at = 3;

// Input → hidden (recurrent) → out, which comes back after 3 ms; and hidden → twin, of the size of out. `coupling`:
// what arrives at the apical compartments of out and twin moves them.
Circuit looped(const std::string &integrator, const std::string &phi, double coupling = 0) {
  Circuit c;
  c.model.time.integrator = circuits::typed(integrator, {{"absolute", 1e-12}, {"relative", 1e-12}});
  const auto in = c.input(4), hidden = c.leaky("hidden", 5, phi), out = c.leaky("out", 4, phi, 5, coupling),
             twin = c.leaky("twin", 4, "softplus", 4, coupling);
  c.learn("exact", "backprop");
  c.connect(in, hidden, "exact");
  c.connect(hidden, hidden, "exact", 0, "rate", "soma", 0.5);
  c.connect(hidden, out, "exact");
  c.connect(hidden, twin, "exact");
  c.connect(out, hidden, "exact", 3, "rate", "soma", 0.5);
  c.model.regions[hidden].bias = model::Quantity::of(0.3);
  c.model.regions[hidden].bias_rules = {"exact"};
  c.objective("mse", out);
  c.phase(5, 0, false);
  c.phase(6, 1, true);
  c.data(3);
  c.trials.labels = {1, 0, 1};
  std::vector<double> counts;
  for (int k = 0; k < 3 * 2 * 4; ++k) counts.push_back(k % 4); // 2 frames
  counts[5] = std::numeric_limits<double>::quiet_NaN();
  c.trials.arrays["counts"] = data::Array{{3, 2, 4}, counts};
  return c;
}

struct Case {
  std::string name, phi;
  std::function<model::Objective()> term;
};

// Every type of term, and the forms that some take.
std::vector<Case> cases() {
  const auto with = [](model::Objective made, const std::function<void(model::Objective &)> &change) {
    change(made);
    return made;
  };
  return {
      {"mse of the task", "tanh",
       [=] { return with(term("mse", out_at), [](auto &t) { t.target.kind = Kind::task; }); }},
      {"mse of frames, some missing", "tanh",
       [=] {
         return with(term("mse", out_at, "potential"), [](auto &t) {
           t.target.kind = Kind::array;
           t.target.array = "counts";
         });
       }},
      {"mse of frames later", "tanh",
       [=] {
         return with(term("mse", out_at), [](auto &t) {
           t.target.kind = Kind::array;
           t.target.array = "counts";
           t.delay = 2;
         });
       }},
      {"cross_entropy", "tanh",
       [=] { return with(term("cross_entropy", out_at), [](auto &t) { t.target.kind = Kind::task; }); }},
      {"cross_entropy of a signal", "tanh", [] { return against(term("cross_entropy", out_at), twin_at); }},
      {"choice_reward", "tanh",
       [=] {
         return with(term("choice_reward", out_at, "rate", {{"temperature", 0.7}, {"exploration", 1}}),
                     [](auto &t) { t.target.kind = Kind::task; });
       }},
      {"reconstruction of a stimulus", "tanh", [] { return against(term("reconstruction", out_at), input_at); }},
      {"reconstruction of a region", "tanh",
       [] { return against(term("reconstruction", out_at), twin_at, "potential"); }},
      {"prediction of itself", "tanh", [] { return against(term("prediction", hidden_at), hidden_at, "rate", 4); }},
      {"prediction of another", "tanh", [] { return against(term("prediction", out_at), twin_at, "rate", 1); }},
      {"sparsity l1", "tanh",
       [] {
         return term("sparsity", hidden_at, "rate", {{"measure", 0}, {"rate", 0.1}});
       }},
      {"sparsity l2", "tanh",
       [] {
         return term("sparsity", hidden_at, "gain", {{"measure", 1}, {"rate", 0.1}});
       }},
      {"sparsity kl", "sigmoid",
       [] {
         return term("sparsity", hidden_at, "rate", {{"measure", 2}, {"rate", 0.1}});
       }},
      {"activity", "tanh",
       [] {
         return term("activity", hidden_at, "potential", {{"rate", 0.4}});
       }},
      {"decorrelation", "tanh", [] { return term("decorrelation", hidden_at); }},
      {"contrastive", "tanh",
       [=] {
         return with(term("contrastive", hidden_at, "rate", {{"margin", 6}}),
                     [](auto &t) { t.target.kind = Kind::classes; });
       }},
      {"poisson_likelihood", "softplus",
       [=] {
         return with(term("poisson_likelihood", out_at, "rate", {{"per_rate", 0.5}, {"least", 1e-6}}), [](auto &t) {
           t.target.kind = Kind::array;
           t.target.array = "counts";
         });
       }},
      {"smoothness", "tanh",
       [=] { return with(term("smoothness", hidden_at), [](auto &t) { t.target.kind = Kind::itself; }); }},
  };
}

} // namespace

namespace {
// Every `stride`-th term, in a recurrent circuit with delays.
void check_terms(const std::string &integrator, std::size_t stride) {
  const auto all = cases();
  for (std::size_t k = 0; k < all.size(); k += stride) {
    INFO(integrator << ", " << all[k].name);
    if (integrator == "controlled_dopri5" && all[k].name == "sparsity l1") continue; // long differences meet its kink
    auto c = looped(integrator, all[k].phi);
    c.model.objective = all[k].term();
    CHECK(worst_error(c, integrator == "controlled_dopri5" ? 1e-3 : 1e-5) < 1e-6);
  }
}
} // namespace

TEST_CASE("backprop is the gradient of every term, in recurrent circuits with delays, for every stepper",
          "[gradient][objective]") {
  check_terms("euler", 1);
  for (const std::string integrator : {"modified_midpoint", "runge_kutta4", "runge_kutta_dopri5", "controlled_dopri5"})
    check_terms(integrator, 5);
}

TEST_CASE("backprop is the gradient of every term for every stepper, each with each", "[gradient][objective][slow]") {
  for (const std::string integrator : {"modified_midpoint", "runge_kutta4", "runge_kutta_dopri5", "controlled_dopri5"})
    check_terms(integrator, 1);
}

TEST_CASE("backprop is the gradient where states are computed anew, and where nothing has a state",
          "[gradient][objective]") {
  for (const auto &one : cases()) {
    INFO(one.name);
    auto c = looped("euler", one.phi);
    c.model.rules[0].parameters = {{"memory", 1}};
    c.model.objective = one.term();
    CHECK(worst_error(c) < 1e-6);
    for (const auto region : {hidden_at, out_at, twin_at}) c.model.regions[region].dynamics = circuits::typed("static");
    c.model.projections.erase(c.model.projections.begin() + 1); // static neurons have no loop without delay
    CHECK(worst_error(c) < 1e-6);
  }
}

TEST_CASE("backprop is the gradient through what terms deliver", "[gradient][objective]") {
  // What is delivered moves out and twin, whose apical compartments are coupled to the soma.
  for (const auto &one : cases()) {
    auto made = one.term();
    if (made.region == hidden_at || made.type == "choice_reward") continue;
    INFO(one.name);
    auto c = looped("runge_kutta4", one.phi, 0.3);
    c.model.objective = made;
    CHECK(worst_error(c) < 1e-6);
    c.model.objective.strength = 0; // it does move them
    auto network = c.build<double>(), other = c.build<double>();
    simulation::Simulator<double> without(c.model, network, c.trials, c.rules, {}, 1);
    const double left_alone = circuits::mean<double>(without.measure(c.all(true)));
    c.model.objective.strength = 1;
    simulation::Simulator<double> with(c.model, other, c.trials, c.rules, {}, 1);
    CHECK(std::abs(circuits::mean<double>(with.measure(c.all(true))) - left_alone) > 1e-6);
  }
  auto nudged = looped("euler", "tanh");
  nudged.model.objective = against(term("reconstruction", out_at), twin_at);
  nudged.model.objective.delivery = model::Objective::Delivery::nudge;
  nudged.model.objective.strength = 0.3;
  nudged.phase(4, 1, true);
  CHECK(worst_error(nudged) < 1e-6);
}

TEST_CASE("a gradient that is not known is refused", "[gradient][objective]") {
  for (const std::string type : {"decorrelation", "contrastive"}) {
    INFO(type);
    auto c = looped("euler", "tanh", 0.3);
    c.model.objective = term(type, out_at, "rate", {{"margin", 6}});
    if (type == "contrastive") c.model.objective.target.kind = Kind::classes;
    auto network = c.build<double>();
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    CHECK_THROWS_WITH(simulator.measure(c.all(true)),
                      ContainsSubstring("what '" + type + "' delivers moves the circuit, and the gradient through it"));
    c.model.objective.delivery = model::Objective::Delivery::scalar;
    CHECK(worst_error(c) < 1e-6);
  }
}

TEST_CASE("the objective is the weighted sum of its terms, in loss and gradient", "[gradient][objective]") {
  std::vector<arma::mat> sum;
  std::vector<double> losses(3, 0.0);
  const auto all = cases();
  std::vector<model::Objective> terms;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (all[k].phi != "tanh") continue;
    terms.push_back(all[k].term());
    terms.back().name = all[k].name;
    terms.back().weight = 0.3 + 0.1 * static_cast<double>(k);
    auto alone = looped("euler", "tanh");
    alone.model.objective = terms.back();
    const auto change = circuits::changes(alone);
    if (sum.empty()) sum.assign(change.size(), arma::mat());
    for (std::size_t p = 0; p < change.size(); ++p) sum[p] = sum[p].is_empty() ? change[p] : sum[p] + change[p];
    auto network = alone.build<double>();
    simulation::Simulator<double> simulator(alone.model, network, alone.trials, alone.rules, {}, 1);
    const auto outcome = simulator.measure(alone.all(true));
    REQUIRE(outcome.terms.size() == 1);
    for (std::size_t b = 0; b < 3; ++b) {
      losses[b] += outcome.losses[b];
      CHECK(outcome.losses[b] == Approx(terms.back().weight * outcome.terms[0][b]).epsilon(1e-14));
    }
  }
  REQUIRE(terms.size() > 10);
  auto c = looped("euler", "tanh");
  c.model.objective = terms[0];
  c.model.further_terms.assign(terms.begin() + 1, terms.end());
  const auto change = circuits::changes(c);
  for (std::size_t p = 0; p < change.size(); ++p)
    CHECK(arma::abs(change[p] - sum[p]).max() < 1e-12 * arma::abs(sum[p]).max());
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  const auto outcome = simulator.measure(c.all(true));
  for (std::size_t b = 0; b < 3; ++b) CHECK(outcome.losses[b] == Approx(losses[b]).epsilon(1e-12));
}

TEST_CASE("a term is judged in the phases that it names", "[objective]") {
  // Potentials of a static region: 2 in the first phase, 5 in the second. Half of the squares: 2 and 12.5.
  spiking::Circuit<> c(R"({ "architecture": { "regions": { "in": { "size": 1, "dynamics": "input" },
        "out": { "size": 1, "dynamics": "static" } }, "projections": [ { "from": "in", "to": "out", "weights": 1 } ] },
      "objective": [ { "type": "sparsity", "measure": "l2", "region": "out", "phases": ["second"], "weight": 10 },
                     { "type": "sparsity", "measure": "l1", "region": "out", "name": "first" },
                     { "type": "sparsity", "measure": "l1", "region": "out", "name": "both", "phases": ["first", "second"] } ],
      "task": { "stimuli": { "inputs": [[2]], "more": [[5]] }, "trial": [
          { "phase": "first", "duration": 1, "stimulus": { "in": "inputs" }, "objective": true },
          { "phase": "second", "duration": 2, "stimulus": { "in": "more" } } ] } })");
  const auto outcome = c.simulator->run({{0}, 0, false});
  REQUIRE(outcome.terms.size() == 3);
  CHECK(outcome.terms[0][0] == 12.5);
  CHECK(outcome.terms[1][0] == 2);
  CHECK(outcome.terms[2][0] == 4); // mean of 2, 5 and 5
  CHECK(outcome.losses[0] == 125 + 2 + 4);
}

TEST_CASE("terms deliver into their own regions, and their modulators have their names", "[objective]") {
  // Two static regions of one neuron, a = 2 and b = 3. -dL/dr of each term arrives at its own apical compartment.
  const std::string text = R"({ "architecture": { "regions": { "in": { "size": 1, "dynamics": "input" },
        "a": { "size": 1, "dynamics": "static" }, "b": { "size": 1, "dynamics": "static" } },
      "projections": [ { "from": "in", "to": "a", "weights": 2 }, { "from": "in", "to": "b", "weights": 3 },
                       { "name": "by cost", "from": "in", "to": "a.apical", "weights": 0, "rule": "cost" },
                       { "name": "by sum", "from": "in", "to": "b.apical", "weights": 0, "rule": "sum" } ] },
      "objective": [ { "type": "mse", "region": "a" }, { "type": "reconstruction", "region": "b", "target": "a", "weight": 0.5 },
                     { "type": "sparsity", "name": "cost", "measure": "l2", "region": "b", "weight": 4, "strength": 2 },
                     { "type": "sparsity", "name": "silent", "region": "a", "weight": 3, "delivery": "scalar" } ],
      "learning": { "rules": {
          "cost": { "plugin": "three_factor", "rate": 1, "modulators": { "modulator": "cost.loss" } },
          "sum": { "plugin": "three_factor", "rate": 1, "modulators": { "modulator": "loss" } } } },
      "task": { "stimuli": { "inputs": [[1]], "targets": [[7]] }, "trial": [
          { "phase": "p", "duration": 1, "stimulus": "in", "objective": true, "plastic": true } ] } })";
  spiking::Circuit<> c(text);
  struct Apical final : simulation::Observer<double> {
    double a = 0, b = 0;
    void step(std::size_t, const network::Signals<double> &s) override {
      a = s[1][network::Signal::apical](0, 0);
      b = s[2][network::Signal::apical](0, 0);
    }
  } seen;
  const auto outcome = c.simulator->run({{0}, 0, true}, &seen);
  CHECK(seen.a == 7 - 2);
  CHECK(seen.b == 0.5 * (2 - 3) - 4 * 2 * 3);
  // Losses: (2 - 7)² / 2, (3 - 2)² / 2, 3² / 2, 2.
  const double sum = 12.5 + 0.5 * 0.5 + 4 * 4.5 + 3 * 2;
  CHECK(outcome.losses[0] == Approx(sum).epsilon(1e-15));
  // Both eligibilities are tau (1 - exp(-1 / tau)) times the rates 1 and 2, 1 and 3.
  const double trace = 200 * (1 - std::exp(-1.0 / 200));
  const auto weight = [&](const std::string &name) {
    for (const auto &p : c.network.dense)
      if (p.name == name) return p.weights(0, 0);
    throw std::runtime_error(name);
  };
  CHECK(weight("by cost") == Approx(4.5 * trace * 2).epsilon(1e-12));
  CHECK(weight("by sum") == Approx(sum * trace * 3).epsilon(1e-12));
}

TEST_CASE("what a prediction delivers is the error of what was said a delay ago", "[objective]") {
  // A static region shows frames 1, 4, 9, 16, and predicts its own rate of 2 ms later.
  spiking::Circuit<> c(R"({ "architecture": { "regions": { "in": { "size": 1, "dynamics": "input" },
        "out": { "size": 1, "dynamics": "static" } }, "projections": [ { "from": "in", "to": "out", "weights": 1 } ] },
      "objective": { "type": "prediction", "region": "out", "delay": 2 },
      "task": { "stimuli": { "a": [[1]], "b": [[4]], "c": [[9]], "d": [[16]] }, "trial": [
        { "phase": "a", "duration": 1, "stimulus": { "in": "a" }, "objective": true },
        { "phase": "b", "duration": 1, "stimulus": { "in": "b" }, "objective": true },
        { "phase": "c", "duration": 1, "stimulus": { "in": "c" }, "objective": true },
        { "phase": "d", "duration": 1, "stimulus": { "in": "d" }, "objective": true } ] } })");
  struct Apical final : simulation::Observer<double> {
    std::vector<double> apical;
    void step(std::size_t, const network::Signals<double> &s) override {
      apical.push_back(s[1][network::Signal::apical](0, 0));
    }
  } seen;
  const auto outcome = c.simulator->run({{0}, 0, true}, &seen);
  CHECK(seen.apical == std::vector<double>{0, 0, 9 - 1, 16 - 4});
  CHECK(outcome.losses[0] == (8 * 8 + 12 * 12) / 2.0 / 2); // of the two steps in which it is known
}

TEST_CASE("backprop is the gradient of terms of spiking neurons where none spikes", "[gradient][objective]") {
  // Below the threshold a potential is a smooth function of the weights.
  const std::string text = R"({ "architecture": { "regions": { "in": { "size": 3, "dynamics": "input" },
        "net": { "size": 2, "dynamics": { "type": "lif", "tau": 8, "capacitance": 1, "rest": 0, "threshold": 100,
                 "surrogate_width": 1 } } },
      "projections": [ { "from": "in", "to": "net", "weights": { "normal": { "gain": 0.5 } }, "rule": "exact" } ] },
      "objective": [ { "type": "activity", "region": "net", "signal": "potential", "rate": 0.3 },
                     { "type": "prediction", "region": "net", "signal": "potential", "delay": 3, "weight": 0.7 },
                     { "type": "smoothness", "region": "net", "signal": "potential", "weight": 2 } ],
      "learning": { "rules": { "exact": { "plugin": "backprop" } } },
      "task": { "stimuli": { "inputs": [[1, 0.3, -0.6], [0.2, -1, 0.4]] }, "batch": 2, "trial": [
          { "phase": "p", "duration": 12, "stimulus": "in", "objective": true, "plastic": true } ] } })";
  spiking::Circuit<> c(text);
  c.simulator->measure({{0, 1}, 0, true});
  const arma::mat change = c.simulator->change(0);
  c.simulator->discard();
  REQUIRE(arma::abs(change).max() > 0.01);
  for (std::size_t k = 0; k < change.n_elem; ++k) {
    auto &w = c.network.dense[0].weights[k];
    const double before = w;
    const auto at = [&](double d) {
      w = before + d;
      const double loss = circuits::mean<double>(c.simulator->measure({{0, 1}, 0, true}));
      c.simulator->discard();
      return loss;
    };
    const double h = 1e-4, slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    w = before;
    CHECK(change[k] == Approx(-slope).epsilon(1e-8).margin(1e-9));
  }
}
