// A Session is a model that is open and ready to run. A program that embeds engram begins with it.
//
//     auto session = session::open("models/digits.json", {.settings = {"/task/epochs=100"}}, folders);
#pragma once

#include "network/network.hpp"
#include "ranks/ranks.hpp"
#include "session/open_model.hpp"
#include "task/trials.hpp"

#include <string>
#include <variant>
#include <vector>

namespace engram::session {

/// A model, its plugins, its trials and its network. Move-only; stays where it is while something runs it.
struct Session : LoadedModel {
  task::Trials trials;
  std::vector<std::string> label_names; ///< of the classes 0, 1, …, where labels are words
  /// In the model's precision: float where model.single. Its weights are those at hand: initial, later learned.
  std::variant<network::Network<float>, network::Network<double>> network;
  /// What was assumed, and what may not be meant, for the user to see, beside model.warnings.
  std::vector<std::string> lines;
  ranks::Ranks *ranks = nullptr; ///< that share out its spiking neurons; null: this process has them all
};

/// Reads, checks and builds all that `file` names. `overrides` replace values of it, as --set and --seed do.
/// Errors: input::InputError where the model or a file that it names is wrong, learning::PluginError where a plugin
/// cannot be used.
Session open(const std::string &file, const model::LoadOptions &overrides, const Folders &folders,
             const Listener &listener = {});

/// The second half of that, for a model that is loaded. `ranks`: where they are several, they share out its spiking
/// neurons; all make this call, and must outlive the session. Errors: input::InputError.
Session open(LoadedModel loaded, const Folders &folders, ranks::Ranks *ranks = nullptr);

/// `asked` threads, or one for each core, as far as they can be started (numeric/threads.hpp), when it is 0.
int threads_or_all(int asked);

} // namespace engram::session
