// mse is half the squared error: ½ Σ_i (r_i − y_i)².
#include "task/squared_error.hpp"

namespace engram::task {

ObjectiveEntry mse_objective() {
  return {.words = {.name = "mse",
                    .help = "half of the squared distance between rates and targets, mean over trials",
                    .reference = "",
                    .parameters = {},
                    .quadratic = true},
          .place = 10,
          .functions = objective_functions<SquaredError>(),
          .masks = true};
}

} // namespace engram::task
