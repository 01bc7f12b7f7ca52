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

std::string missing_text(const RuleInfo &rule, const Missing &missing) {
  std::string text = "'" + rule.name + "' reads the " + (missing.signal.post ? "postsynaptic" : "presynaptic") +
                     " signal '" + missing.signal.name + "', which " + missing.owner + " does not offer";
  for (std::size_t k = 0; k < missing.dynamics.size(); ++k)
    text += (k == 0 ? "; these do: " : ", ") + missing.dynamics[k];
  return text;
}

std::vector<std::string> reasons_against(const std::string &word, std::vector<std::string> &place, Model &model,
                                         const Vocabulary &vocabulary) {
  const auto rules_before = model.rules;
  const auto place_before = place;
  auto rule = std::find_if(model.rules.begin(), model.rules.end(), [&](const Rule &r) { return r.plugin == word; });
  if (rule == model.rules.end()) {
    Rule new_rule;
    new_rule.name = new_rule.plugin = word;
    new_rule.optimizer = read_typed(nullptr, vocabulary.optimizers);
    new_rule.schedule = read_typed(nullptr, vocabulary.schedules);
    new_rule.pointer = input::below("/learning/rules", word);
    // Another rule of the model may bear that name.
    std::erase_if(model.rules, [&](const Rule &r) { return r.name == word; });
    rule = model.rules.insert(model.rules.end(), std::move(new_rule));
  }
  place = {rule->name};
  std::vector<std::string> reasons;
  try {
    const input::Places nowhere;
    input::Problems problems(nowhere);
    check_all(model, vocabulary, 0, problems);
    problems.raise();
  } catch (const input::InputError &error) {
    for (const auto &problem : error.problems()) reasons.push_back(problem.message);
  }
  model.rules = rules_before;
  place = place_before;
  return reasons;
}

} // namespace engram::model
