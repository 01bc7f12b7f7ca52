// These functions give tests the dynamics that are plugins: those that are built for the tests, and those that come
// with engram.
#pragma once

#include "circuits.hpp"
#include "dynamics/plugin_dynamics.hpp"
#include "learning/rule_library.hpp"
#include "spiking.hpp"

#include <string>

namespace neurons {

using namespace engram;

inline learning::RuleLibrary &library() {
  static learning::RuleLibrary plugins({ENGRAM_BUILD_DIR "/tests/plugins", ENGRAM_BUILD_DIR "/plugins"});
  return plugins;
}

inline const engram_dynamics &table(const std::string &name) { return library().load_dynamics(name); }

/// engram's own, and these plugins.
inline const dynamics::DynamicsEntries &entries() {
  static const auto all = [] {
    auto out = dynamics::dynamics_entries();
    for (const char *name :
         {"leaky_again", "coupled_pair", "fitzhugh_nagumo", "morris_lecar", "wang_buzsaki", "pinsky_rinzel",
          "adaptive_rate", "gated_rate", "resonator", "adex_again", "quadratic_integrate_fire", "glif", "lif_again"})
      out.push_back(dynamics::entry_of_plugin(table(name), name));
    return out;
  }();
  return all;
}

/// The words of a model file, with these plugins.
inline const model::Vocabulary &vocabulary() {
  static const auto words = [] {
    auto all = spiking::vocabulary();
    for (const auto &entry : entries()) {
      const auto known = [&](const model::Dynamics &one) { return one.name == entry.words.name; };
      if (std::none_of(all.dynamics.begin(), all.dynamics.end(), known)) all.dynamics.push_back(entry.words);
    }
    return all;
  }();
  return words;
}

/// A dynamics with its default parameters, and some others.
inline model::Typed typed(const std::string &name, const std::map<std::string, double> &others = {}) {
  model::Typed out{name, {}, {}};
  for (const auto &entry : entries())
    if (entry.words.name == name)
      for (const auto &p : entry.words.parameters) out.parameters[p.name] = model::Quantity::of(p.initial);
  for (const auto &[parameter, value] : others) out.parameters.at(parameter) = model::Quantity::of(value);
  return out;
}

/// What is seen of one region: rates and potentials by step.
struct Log final : simulation::Observer<double> {
  explicit Log(std::size_t region) : region_(region) {}
  std::vector<arma::mat> rate, potential;
  void step(std::size_t, const network::Signals<double> &signals) override {
    rate.push_back(signals[region_][network::Signal::rate]);
    potential.push_back(signals[region_][network::Signal::potential]);
  }

private:
  std::size_t region_;
};

/// What is seen of the region `cell` of a model that runs with plugins.
struct CellRun final : simulation::Observer<double> {
  std::vector<arma::mat> rate, potential;
  std::vector<std::pair<std::size_t, std::size_t>> spikes; ///< step, neuron; of the first trial

  explicit CellRun(const std::string &text, std::size_t trials = 1, int threads = 1) {
    const auto model = model::load_text(text, "m.json", vocabulary());
    auto network = network::build<double>(model, {});
    auto data = task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}});
    std::vector<dynamics::SignalSet> wanted(model.regions.size());
    for (std::size_t r = 0; r < model.regions.size(); ++r)
      if (model.regions[r].name == "cell") cell_ = r;
    wanted[cell_].set(static_cast<std::size_t>(network::Signal::potential));
    simulation::Simulator<double> simulator(model, network, data, {}, wanted, threads, entries());
    std::vector<std::size_t> rows;
    for (std::size_t k = 0; k < trials; ++k) rows.push_back(k);
    simulator.run({rows, 0, false}, this);
  }
  void step(std::size_t step, const network::Signals<double> &signals) override {
    const auto &own = signals[cell_];
    rate.push_back(own[network::Signal::rate]);
    potential.push_back(own[network::Signal::potential]);
    if (own.spikes)
      for (const auto n : (*own.spikes)[0]) spikes.emplace_back(step, n);
  }

private:
  std::size_t cell_ = 0;
};

/// Over all steps.
inline double greatest_difference(const std::vector<arma::mat> &a, const std::vector<arma::mat> &b) {
  if (a.size() != b.size() || a.empty()) throw std::runtime_error("not of equally many steps");
  double worst = 0;
  for (std::size_t k = 0; k < a.size(); ++k) worst = std::max(worst, arma::abs(a[k] - b[k]).max());
  return worst;
}

/// A recurrent circuit with delays, in which errors travel as well: in → cell ⇄ cell → out, out.error → cell.apical.
/// give(region): its neurons.
template <class Give> circuits::Circuit recurrent(Give give, const std::string &integrator, bool feedforward = false) {
  circuits::Circuit c;
  c.model.time.integrator = circuits::typed(integrator);
  c.model.time.step = 0.25;
  const auto in = c.input(3), cell = c.region("cell", 4, model::Typed{}), out = c.region("out", 2, model::Typed{});
  for (const auto r : {cell, out}) {
    give(c.model.regions[r]);
    c.model.regions[r].integrator = c.model.time.integrator;
    c.model.regions[r].feedforward = feedforward;
  }
  c.learn("exact", "backprop");
  c.connect(in, cell, "exact", 0, "rate", "soma", 2);
  c.connect(cell, cell, "exact", 1, "rate", "soma", 1.5);
  c.connect(cell, cell, "exact", 0, "potential", "soma", 0.5);
  const auto forward = c.connect(cell, out, "exact", 0.5, "rate", "soma", 2);
  c.feed_back(out, cell, forward);
  c.model.regions[cell].bias = model::Quantity::of(0.2);
  c.model.regions[cell].bias_rules = {"exact"};
  c.objective("mse", out);
  c.phase(2, 0, false);
  c.phase(3, 1, true);
  c.data(3);
  return c;
}

/// 40 cells with currents of their own, which act on each other through three kinds of receptors. `cells`: their
/// "dynamics".
inline std::string spiking_network(const std::string &cells, const std::string &integrator) {
  return R"({ "seed": 3, "time": { "step": 0.1, "integrator": ")" + integrator + R"(" },
    "architecture": { "regions": { "cell": { "size": 40, "bias": { "uniform": { "low": 400, "high": 900 } },
        "dynamics": )" +
         cells + R"(,
        "receptors": { "e": { "type": "conductance_exponential", "tau": 5, "reversal": 0 },
                       "i": { "type": "alpha", "tau": 8 }, "d": { "type": "delta" } } } },
      "projections": [
        { "from": "cell", "to": "cell.e", "connect": { "type": "fixed_probability", "probability": 0.2 }, "weights": 3, "delay": 1.5 },
        { "name": "i", "from": "cell", "to": "cell.i", "connect": { "type": "fixed_probability", "probability": 0.1 }, "weights": -40, "delay": 1 },
        { "name": "d", "from": "cell", "to": "cell.d", "connect": { "type": "fixed_probability", "probability": 0.1 }, "weights": 0.3, "delay": 2 } ] },
    "task": { "trial": [ { "phase": "run", "duration": 300 } ] } })";
}

/// 21 graded neurons, each with a time constant of its own, which read an input and each other, before a static
/// readout. give(region): its neurons, with a parameter `tau`.
template <class Give> circuits::Circuit graded(Give give) {
  circuits::Circuit c;
  const auto in = c.input(3), cell = c.leaky("cell", 21), out = c.fixed("out", 2, "tanh");
  give(c.model.regions[cell]);
  auto &tau = c.model.regions[cell].dynamics.parameters.at("tau");
  tau.kind = model::Quantity::Kind::values;
  for (int k = 0; k < 21; ++k) tau.values.push_back(3 + k);
  c.learn("exact", "backprop");
  c.connect(in, cell, "exact", 0, "rate", "soma", 2);
  c.connect(cell, cell, "exact", 2, "rate", "soma", 1.5);
  c.connect(cell, out, "exact");
  c.objective("mse", out);
  c.phase(20, 1, true);
  c.data(3);
  return c;
}

/// The rates of its neurons in 20 steps, and the changes of the three projections by the gradient.
struct GradedRun {
  std::vector<arma::mat> rate, changes;
  explicit GradedRun(const circuits::Circuit &c) {
    auto network = c.build<double>();
    std::vector<dynamics::SignalSet> wanted(3);
    wanted[1].set(static_cast<std::size_t>(network::Signal::potential));
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, wanted, 1, entries());
    Log log(1);
    simulator.run(c.all(false), &log);
    simulator.measure(c.all(true));
    for (std::size_t p = 0; p < network.dense.size(); ++p)
      if (!network.dense[p].rules.empty()) changes.push_back(simulator.plasticity().change(p));
    rate = log.rate;
  }
};

/// Throws unless both learn; the greatest difference of the changes, as a share of the greatest change of a projection.
inline double changes_apart(const GradedRun &a, const GradedRun &b) {
  if (a.changes.size() != 3 || b.changes.size() != 3) throw std::runtime_error("not three projections learn");
  double worst = 0;
  for (std::size_t p = 0; p < 3; ++p) {
    const double scale = arma::abs(a.changes[p]).max();
    if (!(scale > 1e-6)) throw std::runtime_error("no gradient reaches projection " + std::to_string(p));
    worst = std::max(worst, arma::abs(a.changes[p] - b.changes[p]).max() / scale);
  }
  return worst;
}

/// The greatest difference between the exact gradient and fourth-order differences of the loss, as a share of the
/// greatest gradient of its projection, over all weights that learn.
inline double gradient_error(const circuits::Circuit &c, double h = 1e-5) {
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1, entries());
  simulator.measure(c.all(true));
  std::vector<arma::mat> gradient(network.dense.size());
  for (std::size_t p = 0; p < gradient.size(); ++p)
    if (!network.dense[p].rules.empty()) gradient[p] = -simulator.plasticity().change(p);
  simulator.plasticity().discard();
  const auto loss = [&] {
    const double mean = circuits::mean<double>(simulator.measure(c.all(true)));
    simulator.plasticity().discard();
    return mean;
  };
  double worst = 0;
  for (std::size_t p = 0; p < gradient.size(); ++p) {
    if (gradient[p].is_empty()) continue;
    const double scale = arma::abs(gradient[p]).max();
    if (!(scale > 1e-6)) throw std::runtime_error("no gradient reaches projection " + std::to_string(p));
    auto &w = network.dense[p].weights;
    for (std::size_t k = 0; k < w.n_elem; ++k) {
      const double before = w[k];
      const auto at = [&](double value) {
        w[k] = value;
        return loss();
      };
      const double slope =
          (8 * (at(before + h) - at(before - h)) - (at(before + 2 * h) - at(before - 2 * h))) / (12 * h);
      w[k] = before;
      worst = std::max(worst, std::abs(slope - gradient[p][k]) / scale);
    }
  }
  return worst;
}

} // namespace neurons
