// A signal is to be what another, or itself, is later: ½ Σ_i (r_i(t − delay) − y_i(t))².
#include "task/squared_error.hpp"

namespace engram::task {

ObjectiveEntry prediction_objective() {
  return {.words = {.name = "prediction",
                    .help = "half of the squared distance between a signal and its target a delay later: of the same "
                            "signal, of another, or of a later frame",
                    .reference = "",
                    .parameters = {},
                    .compared = model::Compared::later},
          .place = 50,
          .functions = objective_functions<SquaredError>(),
          .masks = true};
}

} // namespace engram::task
