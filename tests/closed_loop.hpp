// A Loop runs a model with an environment, batch by batch, and keeps what came of its trials.
#pragma once

#include "spiking.hpp"
#include "task/entries.hpp"

#include <armadillo>

#include <algorithm>

namespace closed_loop {

using namespace engram;

struct Loop {
  model::Model model;
  task::Trials trials;
  std::vector<const engram_rule *> rules;
  network::Network<double> network;
  std::unique_ptr<simulation::Simulator<double>> simulator;
  std::vector<simulation::Outcome> outcomes; ///< by batch
  const task::TaskEntries &entries;

  explicit Loop(model::Model read, int threads = 1, const task::TaskEntries &of = task::task_entries())
      : model(std::move(read)), entries(of) {
    for (const auto &rule : model.rules) rules.push_back(&spiking::library().load(rule.plugin));
    network = network::build<double>(model, {});
    trials = task::load_trials(model, {});
    simulator = std::make_unique<simulation::Simulator<double>>(model, network, trials, rules,
                                                                std::vector<dynamics::SignalSet>{}, threads,
                                                                dynamics::dynamics_entries(), entries);
  }
  explicit Loop(const std::string &text, int threads = 1)
      : Loop(model::load_text(text, "m.json", spiking::vocabulary()), threads) {}
  Loop(const Loop &) = delete; // the simulator refers to what stands here
  Loop &operator=(const Loop &) = delete;
  /// A model file that ships, with settings.
  static Loop shipped(const std::string &name, const std::vector<std::string> &settings = {}, int threads = 1) {
    model::LoadOptions options;
    options.settings = settings;
    return Loop(model::load(std::string(ENGRAM_SOURCE_DIR) + "/models/" + name, spiking::vocabulary(), options),
                threads);
  }

  /// One epoch.
  Loop &run(bool learn = true, std::size_t epoch = 0) {
    for (const auto &rows : task::batches(trials.training, model.task.batch, false, model.seed, epoch))
      outcomes.push_back(simulator->run({rows, epoch, learn}));
    return *this;
  }
  /// Trial by trial: a column of the environment, by its name; NaN, −1, … where it is absent.
  arma::vec column(const std::string &name) const {
    const auto &columns = task::environment_named(model.task.environment.kind.type, entries).words.columns;
    const auto at = static_cast<std::size_t>(
        std::find_if(columns.begin(), columns.end(), [&](const auto &c) { return c.name == name; }) - columns.begin());
    return each([&](const simulation::Outcome &o, std::size_t b) { return o.columns.at(b).at(at); });
  }
  arma::vec rewards() const {
    return each([](const simulation::Outcome &o, std::size_t b) { return o.rewards.at(b); });
  }
  arma::vec lasted() const { // steps
    return each([](const simulation::Outcome &o, std::size_t b) { return static_cast<double>(o.lasted.at(b)); });
  }
  const arma::mat &weights(std::size_t projection) const { return network.dense_at(projection)->weights; }

private:
  template <class F> arma::vec each(F value) const {
    std::vector<double> out;
    for (const auto &o : outcomes)
      for (std::size_t b = 0; b < o.rewards.size(); ++b) out.push_back(value(o, b));
    return out;
  }
};

} // namespace closed_loop
