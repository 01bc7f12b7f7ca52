#include "input/input_error.hpp"
#include "learning/rule_inputs.hpp"
#include "session/sharing_out.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace engram::session {
namespace {

using Problems = std::vector<input::Problem>;

// Signals that follow from spikes, which all ranks know of all neurons.
bool is_known_to_all(std::string_view signal) { return signal == "spike" || signal == "trace" || signal == "rate"; }

std::string those_shared(const dynamics::DynamicsEntries &entries) {
  std::string names;
  for (const auto &entry : entries)
    if (entry.words.spikes && entry.among_ranks != dynamics::AmongRanks::not_at_all)
      names += (names.empty() ? "" : ", ") + entry.words.name;
  return names;
}

void check_regions(const LoadedModel &loaded, const auto &tell) {
  for (const auto &region : loaded.model.regions) {
    const auto &entry = dynamics::entry_of(region, loaded.dynamics);
    const bool spikes = entry.words.spikes && entry.among_ranks != dynamics::AmongRanks::not_at_all;
    if (!spikes && !entry.words.stimulus)
      tell(region.pointer + "/dynamics",
           fmt::format("ranks do not share out neurons of '{}'; they do those of {}, beside 'input'",
                       region.dynamics.type, those_shared(loaded.dynamics)));
    if (!region.bias_rules.empty()) tell(region.pointer + "/bias", "ranks do not share out a bias that learns");
  }
}

void check_projections(const LoadedModel &loaded, const auto &tell) {
  const auto &model = loaded.model;
  for (const auto &p : model.projections) {
    const auto &target = model.regions[p.to.region];
    const bool at_receptor = std::any_of(target.receptors.begin(), target.receptors.end(),
                                         [&](const auto &receptor) { return receptor.name == p.to.port; });
    const bool from_input = dynamics::entry_of(model.regions[p.from.region], loaded.dynamics).words.stimulus;
    if (!at_receptor && !from_input)
      tell(p.pointer + "/to", "ranks share out projections that spikes take to a receptor, and those of inputs");
    if (!at_receptor && !p.rules.empty())
      tell(p.pointer + "/rules", "ranks share out what is learned by synapses at a receptor alone");
    for (const auto &name : p.rules)
      for (std::size_t k = 0; k < model.rules.size(); ++k) {
        if (model.rules[k].name != name) continue;
        const auto &rule = *loaded.rules[k];
        if (rule.form == ENGRAM_GLOBAL)
          tell(p.pointer + "/rules", fmt::format("ranks do not share out '{}', which takes a trial back", name));
        for (std::size_t s = 0; s < rule.signal_count; ++s)
          if (rule.signals[s].place == ENGRAM_PRE && !is_known_to_all(rule.signals[s].name))
            tell(p.pointer + "/rules", fmt::format("'{}' reads the '{}' of presynaptic neurons, which other ranks have",
                                                   name, rule.signals[s].name));
      }
  }
}

} // namespace

void require_shareable(const LoadedModel &loaded) {
  Problems problems;
  const auto &model = loaded.model;
  const auto tell = [&](const std::string &pointer, const std::string &what) {
    problems.push_back(input::placed({model.file, 0, pointer, what}, loaded.places));
  };
  const auto spikes = [&](const auto &region) { return dynamics::entry_of(region, loaded.dynamics).words.spikes; };
  if (std::none_of(model.regions.begin(), model.regions.end(), spikes)) {
    tell("/architecture/regions", "ranks share out spiking neurons, and there are none: run it as one process");
    throw input::InputError(problems);
  }
  check_regions(loaded, tell);
  check_projections(loaded, tell);
  if (!model.objective.type.empty()) tell("/objective", "ranks do not share out an objective");
  if (model.task.environment.given()) tell("/task/environment", "ranks do not share out an environment");
  if (model.task.stop) tell("/task/stop", "ranks do not share out a run that stops by itself");
  if (model.task.keep_best) tell("/task/keep", "ranks do not share out a run that keeps its best epoch");
  for (const auto &recorded : model.record)
    if (recorded.epochs.given())
      tell("/record/" + model.regions[recorded.region].name + "/epochs",
           "ranks record the last epoch and the last test alone");
  for (const auto &weights : model.record_weights)
    tell(weights.pointer, "ranks do not record weights while they learn; the run file has the last");
  if (!model.initial_run.empty()) tell("/initial/run", "ranks do not share out the weights of a run file");
  if (!problems.empty()) throw input::InputError(problems);
}

} // namespace engram::session
