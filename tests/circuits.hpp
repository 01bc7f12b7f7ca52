// These functions build small circuits in code, for tests of the engine.
#pragma once

#include "dynamics/activation_entry.hpp"
#include "model/model.hpp"
#include "network/network.hpp"
#include "numeric/random.hpp"
#include "simulation/simulator.hpp"
#include "task/trials.hpp"

#include <dlfcn.h>
#include <engram/plugin.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace circuits {

using namespace engram;

/// The table of an installed rule, or of one that is built for the tests.
inline const engram_rule *rule(const std::string &name, const std::string &folder = "/plugins/") {
  const std::string path = ENGRAM_BUILD_DIR + folder + name + ".so";
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(dlerror());
  return reinterpret_cast<engram_entry_point>(dlsym(library, ENGRAM_ENTRY_POINT))();
}

inline model::Typed typed(const std::string &type, const std::map<std::string, double> &numbers = {}) {
  model::Typed t{type, {}, {}};
  for (const auto &[name, value] : numbers) t.parameters[name] = model::Quantity::of(value);
  return t;
}

inline model::Typed activation(const std::string &name) {
  if (name == "sigmoid") return typed(name, {{"slope", 1.3}, {"threshold", 0.2}});
  if (name == "power_law") return typed(name, {{"k", 0.5}, {"n", 2}});
  if (name == "divisive_normalization") return typed(name, {{"length", 1.7}, {"semisaturation", 0.6}});
  return typed(name);
}

struct Circuit {
  model::Model model;
  task::Trials trials;
  std::vector<const engram_rule *> rules;

  Circuit() {
    model.seed = 7;
    model.time.step = 1;
    model.time.integrator = typed("runge_kutta4");
    model.task.shuffle = false;
  }
  std::size_t region(const std::string &name, std::size_t size, model::Typed dynamics,
                     const std::string &phi = "tanh") {
    model::Region r;
    r.name = name;
    r.size = size;
    r.dynamics = std::move(dynamics);
    r.activation = activation(phi);
    for (const auto &entry : dynamics::activation_entries())
      if (entry.words.name == phi) r.rates = entry.words.rates;
    r.noise = typed("none");
    model.regions.push_back(r);
    return model.regions.size() - 1;
  }
  std::size_t input(std::size_t size) { return region("input", size, typed("input")); }
  std::size_t leaky(const std::string &name, std::size_t size, const std::string &phi = "tanh", double tau = 5,
                    double coupling = 0) {
    return region(name, size, typed("leaky_rate", {{"tau", tau}, {"apical_coupling", coupling}}), phi);
  }
  std::size_t fixed(const std::string &name, std::size_t size, const std::string &phi = "tanh") {
    return region(name, size, typed("static"), phi);
  }
  std::size_t connect(std::size_t from, std::size_t to, const std::string &learns = "", double delay = 0,
                      const std::string &signal = "rate", const std::string &compartment = "soma", double gain = 1) {
    model::Projection p;
    p.name = model.regions[from].name + "." + signal + "->" + model.regions[to].name + "." + compartment + "@" +
             std::to_string(delay);
    p.from = {from, signal};
    p.to = {to, compartment};
    p.connect = typed("dense");
    p.weights.kind = model::Weights::Kind::gain;
    p.weights.a = gain;
    p.delay = delay;
    if (!learns.empty()) p.rules = {learns};
    model.projections.push_back(p);
    return model.projections.size() - 1;
  }
  /// Carries a signal back through the transposed weights of the projection `forward`, times `gain`.
  std::size_t feed_back(std::size_t from, std::size_t to, std::size_t forward, const std::string &signal = "error",
                        const std::string &compartment = "apical", double gain = 1) {
    const auto p = connect(from, to, "", 0, signal, compartment);
    model.projections[p].weights.kind = model::Weights::Kind::transpose_of;
    model.projections[p].weights.other = forward;
    model.projections[p].weights.a = gain;
    return p;
  }
  /// in → h1 → h2 → out, all of which learn by "rule", the bias of h2 too; errors come back through the transposed
  /// weights, or through random ones.
  void layer(std::size_t in, std::size_t h1, std::size_t h2, std::size_t out, bool transposed = true) {
    connect(in, h1, "rule");
    const auto p12 = connect(h1, h2, "rule"), p23 = connect(h2, out, "rule");
    model.regions[h2].bias = model::Quantity::of(0.2);
    model.regions[h2].bias_rules = {"rule"};
    const auto back = [&](std::size_t from, std::size_t to, std::size_t forward) {
      transposed ? feed_back(from, to, forward) : connect(from, to, "", 0, "error", "apical");
    };
    back(out, h2, p23);
    back(h2, h1, p12);
  }
  void learn(const std::string &name, const std::string &plugin, double rate = 0.1,
             std::map<std::string, double> parameters = {}, const std::string &folder = "/plugins/") {
    model::Rule r;
    r.name = name;
    r.plugin = plugin;
    r.rate = rate;
    r.parameters = std::move(parameters);
    r.optimizer = typed("plain");
    r.schedule = typed("constant");
    model.rules.push_back(r);
    rules.push_back(rule(plugin, folder));
  }
  void phase(double duration, double objective, bool plastic, bool stimulus = true) {
    model::Phase p;
    p.name = "phase" + std::to_string(model.task.trial.size());
    p.duration = duration;
    p.objective = objective;
    p.plastic = plastic;
    if (stimulus) p.stimuli.push_back({0, "inputs"});
    model.task.trial.push_back(p);
  }
  void objective(const std::string &type, std::size_t region) {
    model.objective.type = type;
    model.objective.region = region;
  }
  /// K trials of normal inputs, and targets that fit the objective.
  void data(std::size_t count) {
    const numeric::Random random{model.seed, numeric::Purpose::split, 99};
    const std::size_t n = model.regions[0].size;
    std::vector<double> x(count * n);
    for (std::size_t k = 0; k < x.size(); ++k) x[k] = random.normal(k, 1);
    trials.count = count;
    trials.arrays["inputs"] = data::Array{{count, n}, x};
    if (!model.objective.type.empty()) {
      const std::size_t m = model.regions[model.objective.region].size;
      std::vector<double> y(count * m, 0.0);
      for (std::size_t k = 0; k < count; ++k)
        if (model.objective.type == "mse")
          for (std::size_t i = 0; i < m; ++i) y[k * m + i] = random.normal(k * m + i, 2);
        else
          y[k * m + (k * 7 + 1) % m] = 1;
      trials.targets = data::Array{{count, m}, y};
      trials.has_targets = true;
    }
    for (std::size_t k = 0; k < count; ++k) trials.training.push_back(k);
  }
  template <class T> network::Network<T> build() const { return network::build<T>(model, {}); }
  simulation::Batch all(bool learn) const { return {trials.training, 0, learn}; }
};

/// The stimuli of the trials, a column each.
inline arma::mat inputs(const Circuit &c) {
  arma::mat x(c.model.regions[0].size, c.trials.count);
  c.trials.arrays.at("inputs").gather(c.trials.training, 1.0, x.memptr());
  return x;
}

/// What the rules would change after all trials, for each projection that learns, in their order. Nothing moves.
inline std::vector<arma::mat> changes(const Circuit &c, int threads = 1) {
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, threads);
  simulator.measure(c.all(true));
  std::vector<arma::mat> out;
  for (std::size_t p = 0; p < network.dense.size(); ++p)
    if (!network.dense[p].rules.empty()) out.push_back(simulator.plasticity().change(p));
  return out;
}

/// The angle between two matrices taken as vectors, degrees.
inline double angle(const arma::mat &a, const arma::mat &b) {
  const double cosine = arma::accu(a % b) / (arma::norm(a, "fro") * arma::norm(b, "fro"));
  return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / M_PI;
}

/// Mean loss over all trials.
template <class T> double mean(const simulation::Outcome &outcome) {
  double sum = 0;
  for (const double l : outcome.losses) sum += l;
  return sum / static_cast<double>(outcome.losses.size());
}

} // namespace circuits
