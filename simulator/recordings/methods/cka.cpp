// cka is the centred kernel alignment of mean responses.
#include "measures/cka.hpp"
#include "recordings/alignment.hpp"

namespace engram::recordings {

namespace {

std::vector<Result> compare_kernels(const Call &call, const Area &region, const Area &area) {
  const bool linear = call.settings.word("form") == "linear";
  const int threads = call.progress.threads;
  return alignment(call, linear ? "cka_linear" : "cka", region, area, [=](const arma::mat &x, const arma::mat &y) {
    return linear ? measures::linear_cka(x, y, threads) : measures::debiased_linear_cka(x, y, threads);
  });
}

} // namespace

MethodEntry cka_method() {
  return {.words = {.name = "cka",
                    .help = "centred kernel alignment, linear, debiased unless asked for without",
                    .reference = "Kornblith et al. 2019; Song et al. 2012",
                    .interval = "jackknife over conditions",
                    .parameters = {word("form", {"debiased", "linear"}, "debiased",
                                        "linear: without the correction for the bias of few conditions")}},
          .place = 20,
          .compare = compare_kernels};
}

} // namespace engram::recordings
