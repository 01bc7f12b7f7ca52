// svcca is the singular vector canonical correlation analysis of mean responses.
#include "measures/svcca.hpp"
#include "recordings/alignment.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> compare_components(const Call &call, const Area &region, const Area &area) {
  return alignment(call, "svcca", region, area,
                   [](const arma::mat &x, const arma::mat &y) { return measures::svcca(x, y); });
}

} // namespace

MethodEntry svcca_method() {
  return {.words = {.name = "svcca",
                    .help = "mean canonical correlation of the leading components",
                    .reference = "Raghu et al. 2017",
                    .interval = "jackknife over conditions",
                    .parameters = {}},
          .place = 40,
          .compare = compare_components};
}

} // namespace engram::recordings
