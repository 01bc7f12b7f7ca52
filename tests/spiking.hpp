// These functions make spiking circuits from the text of a model file, and read what their neurons do.
#pragma once

#include "learning/rule_library.hpp"
#include "model/load.hpp"
#include "network/build.hpp"
#include "session/open_model.hpp"
#include "simulation/training.hpp"
#include "task/trials.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace spiking {

using namespace engram;

inline learning::RuleLibrary &library() {
  static learning::RuleLibrary rules({ENGRAM_BUILD_DIR "/plugins"});
  return rules;
}

inline const model::Vocabulary &vocabulary() {
  static const auto words = session::vocabulary(library());
  return words;
}

/// A circuit that runs one trial, and what was seen of it.
template <class T = double> struct Circuit final : simulation::Observer<T> {
  model::Model model;
  task::Trials trials;
  std::vector<const engram_rule *> rules;
  network::Network<T> network;
  std::unique_ptr<simulation::Simulator<T>> simulator;
  std::map<std::string, std::vector<std::pair<double, std::size_t>>> spikes; ///< by region: ms, neuron
  std::map<std::string, std::vector<arma::mat>> potential;                   ///< by region that was asked for, by step

  explicit Circuit(const std::string &text, const std::vector<std::string> &watched = {}, int threads = 1)
      : model(model::load_text(text, "m.json", vocabulary())), watched_(watched) {
    for (const auto &rule : model.rules) rules.push_back(&library().load(rule.plugin));
    network = network::build<T>(model, {});
    trials = task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}});
    std::vector<dynamics::SignalSet> wanted(model.regions.size());
    for (const auto &name : watched) wanted[at(name)].set(static_cast<std::size_t>(network::Signal::potential));
    simulator = std::make_unique<simulation::Simulator<T>>(model, network, trials, rules, wanted, threads);
  }
  Circuit(const Circuit &) = delete;
  Circuit &operator=(const Circuit &) = delete;

  std::size_t at(const std::string &region) const {
    for (std::size_t r = 0; r < model.regions.size(); ++r)
      if (model.regions[r].name == region) return r;
    throw std::runtime_error("no region " + region);
  }
  Circuit &run(bool learn = false, std::size_t epoch = 0) {
    spikes.clear();
    potential.clear();
    simulator->run({{0}, epoch, learn}, this);
    return *this;
  }
  void step(std::size_t step, const network::Signals<T> &signals) override {
    const double ms = static_cast<double>(step) * model.time.step;
    for (std::size_t r = 0; r < model.regions.size(); ++r)
      if (signals[r].spikes)
        for (const auto n : (*signals[r].spikes)[0]) spikes[model.regions[r].name].emplace_back(ms, n);
    for (const auto &name : watched_)
      potential[name].push_back(arma::conv_to<arma::mat>::from(signals[at(name)][network::Signal::potential]));
  }
  /// Times of one neuron's spikes, ms.
  std::vector<double> train(const std::string &region, std::size_t neuron = 0) {
    std::vector<double> times;
    for (const auto &[ms, n] : spikes[region])
      if (n == neuron) times.push_back(ms);
    return times;
  }
  /// By synapse, of a projection that carries spikes. `projection`: in the model.
  std::vector<T> &weights(std::size_t projection) { return *network.sparse_at(projection)->synapses.weights; }

private:
  std::vector<std::string> watched_;
};

} // namespace spiking
