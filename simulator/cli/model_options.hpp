// Several commands share these options: the model with its settings, and how it is simulated.
#pragma once

#include "model/load.hpp"

#include <string>

namespace CLI {
class App;
}

namespace engram::cli {

/// MODEL and --set: which model, and what is changed in it.
struct ModelOptions {
  std::string file;
  model::LoadOptions load;
};
void add_model_options(CLI::App &command, ModelOptions &options);

/// --seed, --threads, --json, --quiet: how it is simulated and what is said of it.
struct SimulationOptions {
  int threads = 0; ///< 0: all cores
  bool json = false, quiet = false;
};
void add_simulation_options(CLI::App &command, ModelOptions &model, SimulationOptions &options);

} // namespace engram::cli
