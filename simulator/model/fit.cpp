#include "model/fit.hpp"

#include "model/reader.hpp"

#include <algorithm>

namespace engram::model {

std::vector<Missing> missing_signals(const RuleInfo &rule, const Region *pre, const Region &post,
                                     const Vocabulary &vocabulary) {
  std::vector<Missing> out;
  for (const auto &signal : rule.signals) {
    const Region *owner = signal.post ? &post : pre;
    // A bias is a synapse from a neuron that has a rate and nothing else.
    if (owner ? offers(dynamics_of(*owner, vocabulary), signal.name) : signal.name == "rate") continue;
    Missing missing{signal, owner ? "'" + owner->name + "', which is '" + owner->dynamics.type + "'," : "a bias", {}};
    for (const auto &dynamics : vocabulary.dynamics)
      if (owner && offers(dynamics, signal.name)) missing.dynamics.push_back(dynamics.name);
    out.push_back(std::move(missing));
  }
  return out;
}

std::string describe(const RuleInfo &rule, const Missing &missing) {
  std::string text = "'" + rule.name + "' reads the " + (missing.signal.post ? "postsynaptic" : "presynaptic") +
                     " signal '" + missing.signal.name + "', which " + missing.owner + " does not offer";
  for (std::size_t k = 0; k < missing.dynamics.size(); ++k)
    text += (k == 0 ? "; these do: " : ", ") + missing.dynamics[k];
  return text;
}

const char *word(Objective::Delivery delivery) {
  static constexpr const char *words[] = {"vector", "scalar", "clamp", "nudge", "attention"};
  return words[static_cast<std::size_t>(delivery)];
}

} // namespace engram::model
