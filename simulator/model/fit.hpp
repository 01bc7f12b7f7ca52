// These functions say which rules can learn on which projection.
#pragma once

#include "model/model.hpp"
#include "model/vocabulary.hpp"

#include <string>
#include <vector>

namespace engram::model {

/// A signal that a rule reads and its projection cannot give.
struct Missing {
  RuleSignal signal;
  std::string owner;                 ///< "'V1', which is 'static'," or "a bias"
  std::vector<std::string> dynamics; ///< those that would offer it
};

/// What a rule lacks on synapses from `pre` (null: a bias) to `post`.
std::vector<Missing> missing_signals(const RuleInfo &rule, const Region *pre, const Region &post,
                                     const Vocabulary &vocabulary);
/// One sentence of it.
std::string describe(const RuleInfo &rule, const Missing &missing);

/// Why a rule cannot stand alone in `place`, the rules of one of the model's projections or biases, while all else is
/// as the model says: the sentences of load(). Empty: it can. Where the model names the plugin, its settings there are
/// meant, else their defaults. `word`: the plugin's name, or its path. The model, which has been checked, is changed
/// and set back.
std::vector<std::string> reasons_against(const std::string &word, std::vector<std::string> &place, Model &model,
                                         const Vocabulary &vocabulary);

/// The word of the file for a delivery.
const char *word(Objective::Delivery delivery);

} // namespace engram::model
