#include "cli/model_options.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>

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
  command.add_option_function<std::uint64_t>(
      "--seed", [&model](const std::uint64_t &seed) { model.load.seed = seed; }, "replaces the seed of the file");
  command.add_option("--threads", options.threads, "threads (all cores unless given); results do not depend on it")
      ->check(CLI::Range(1, 1024));
  command.add_flag("--json", options.json, "prints the results as one JSON object on the last line");
  command.add_flag("--quiet", options.quiet, "shows no progress");
}

} // namespace engram::cli
