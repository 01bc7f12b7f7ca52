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

/// The signals that a rule lacks on synapses from `pre` (null: a bias) to `post`.
std::vector<Missing> missing_signals(const RuleInfo &rule, const Region *pre, const Region &post,
                                     const Vocabulary &vocabulary);
/// One sentence about a missing signal.
std::string missing_text(const RuleInfo &rule, const Missing &missing);

/// Says, in the sentences of load(), why a rule cannot be the only one in `place`; empty when it can. `place` is the
/// list of rules of one of the model's projections or biases, and all else stays as the model says. Where the model
/// names the plugin, its settings there count, else the defaults. `word`: the plugin's name, or its path. The model,
/// which has been checked, is changed and set back.
std::vector<std::string> reasons_against(const std::string &word, std::vector<std::string> &place, Model &model,
                                         const Vocabulary &vocabulary);

} // namespace engram::model
