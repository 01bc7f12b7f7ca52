// procrustes is the angle that is left between mean responses after the best rotation.
#include "measures/procrustes.hpp"
#include "recordings/alignment.hpp"

#include <numbers>

namespace engram::recordings {

namespace {

std::vector<Result> compare_shapes(const Call &call, const Area &region, const Area &area) {
  return alignment(call, "procrustes", region, area, [](const arma::mat &x, const arma::mat &y) {
    return 1 - measures::procrustes_angle(x, y) / (std::numbers::pi / 2);
  });
}

} // namespace

MethodEntry procrustes_method() {
  return {.words = {.name = "procrustes",
                    .help = "1 minus the angle left after the best rotation, by half a turn",
                    .reference = "Williams et al. 2021",
                    .interval = "jackknife over conditions",
                    .parameters = {}},
          .place = 30,
          .compare = compare_shapes};
}

} // namespace engram::recordings
