// A FidelityPlan says which circuits a measurement of fidelity takes, and which are their references.
#pragma once

#include "session/open_model.hpp"

#include <string>
#include <vector>

namespace engram::fidelity {

/// A model file, and how it is changed.
struct Source {
  std::string label, file;
  model::LoadOptions overrides;
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

/// `given`: MODEL, read with `overrides`. `exact`: the global rule by which references learn. `rules`: take the place
/// of MODEL's own. `models`: "A.json", "A.json=R.json", "A.json=own". Errors: input::InputError,
/// learning::RuleNotFound, learning::PluginError.
FidelityPlan fidelity_plan(const model::Model &given, const model::LoadOptions &overrides, const std::string &exact,
                           const std::vector<std::string> &rules, const std::vector<std::string> &models,
                           const session::Folders &folders, const session::Listener &listener);

/// As load_model(). Problems with settings and edits are told of the source: "FILE with LABEL: …".
session::LoadedModel load_source(const Source &source, const session::Folders &folders,
                                 const session::Listener &listener);

} // namespace engram::fidelity
