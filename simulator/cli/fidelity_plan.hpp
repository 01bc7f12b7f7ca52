// Which circuits `engram fidelity` measures, and which are their references.
#pragma once

#include "cli/context.hpp"
#include "session/open_model.hpp"

#include <string>
#include <vector>

namespace engram::cli {

/// A model file, and how it is changed.
struct Source {
  std::string label, file;
  model::LoadOptions load;
};

struct Candidate {
  Source source;
  std::size_t reference = 0; ///< in FidelityPlan::references
  bool own = false;          ///< the reference is this circuit left alone, at this circuit's weights
};

struct FidelityPlan {
  std::vector<Source> references; ///< the first is MODEL
  std::vector<Candidate> candidates;
};

/// `file`: MODEL. `rules`: take the place of MODEL's own. `models`: "A.json", "A.json=R.json", "A.json=own".
/// Errors: model::InputError, learning::RuleNotFound, learning::PluginError.
FidelityPlan fidelity_plan(const Context &context, const std::string &file, const model::LoadOptions &load,
                           const std::vector<std::string> &rules, const std::vector<std::string> &models);

/// As session::load_model; what is wrong is told of the source.
session::LoadedModel load_source(const Context &context, const Source &source);

} // namespace engram::cli
