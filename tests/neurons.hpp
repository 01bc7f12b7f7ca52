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
