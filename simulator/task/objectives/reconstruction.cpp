// The signal of another region is to be made anew: ½ Σ_i (r_i − y_i)², y that signal.
#include "task/squared_error.hpp"

namespace engram::task {

ObjectiveEntry reconstruction_objective() {
  return {.words = {.name = "reconstruction",
                    .help = "half of the squared distance between a signal and that of another region (\"target\"), as "
                            "of an autoencoder",
                    .reference = "",
                    .parameters = {},
                    .compared = model::Compared::signal},
          .place = 40,
          .functions = objective_functions<SquaredError>()};
}

} // namespace engram::task
