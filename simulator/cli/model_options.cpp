#include "cli/model_options.hpp"

#include "cli/number_option.hpp"

#include <CLI/CLI.hpp>

namespace engram::cli {

void add_model_options(CLI::App &command, ModelOptions &options) {
  command.add_option("MODEL", options.file, "a model file (JSON)")->required();
  command
      .add_option("--set", options.load.settings,
                  "replaces a value of MODEL, as in --set /time/step=0.5; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
}

void add_simulation_options(CLI::App &command, ModelOptions &model, SimulationOptions &options) {
  add_whole_number(command, "--seed", model.load.seed, 0, largest_seed, "replaces the seed of the file");
  add_whole_number(command, "--threads", options.threads, 1, 1024,
                   "threads (all cores unless given); results do not depend on it");
  command.add_flag("--json", options.json, "prints the results as one JSON object on the last line");
  command.add_flag("--quiet", options.quiet, "shows no progress");
}

} // namespace engram::cli
