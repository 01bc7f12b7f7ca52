#include "recordings/rdms.hpp"

#include "measures/noise_covariance.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "recordings/completeness.hpp"

#include <fmt/format.h>

#include <utility>

namespace engram::recordings {

namespace {

// Neurons that have a noise variance.
arma::cube with_noise(arma::cube repeats, const Area &area, const std::string &kind, std::vector<std::string> &notes) {
  if (repeats.n_slices < 2) throw measures::NotApplicable(area.name + " has no two repeats of a condition");
  const arma::uvec noisy = measures::noisy_neurons(repeats);
  if (noisy.is_empty()) throw measures::NotApplicable(area.name + " has no neuron that varies over repeats");
  if (noisy.n_elem == repeats.n_cols) return repeats;
  notes.push_back(fmt::format("rsa {}: {} left out: without variance over repeats there is no {} distance", area.name,
                              some_of(repeats.n_cols - noisy.n_elem, repeats.n_cols, "neuron") +
                                  (repeats.n_cols - noisy.n_elem == 1 ? " is" : " are"),
                              kind));
  arma::cube out(repeats.n_rows, noisy.n_elem, repeats.n_slices);
  for (arma::uword k = 0; k < noisy.n_elem; ++k) out.col(k) = repeats.col(noisy[k]);
  return out;
}

} // namespace

arma::cube rdms_of(const Area &area, const std::string &kind, int threads, std::vector<std::string> &notes) {
  if (!area.rdms.is_empty()) return area.rdms;
  arma::cube out(area.condition_count, area.condition_count, 1);
  arma::cube all = over_time(responses_of(area));
  if (kind == "crossnobis" || kind == "mahalanobis") {
    const arma::cube repeats = with_noise(std::move(all), area, kind, notes);
    const arma::mat precision = measures::noise_precision(measures::noise_covariance(repeats).covariance);
    out.slice(0) = kind == "crossnobis" ? measures::crossnobis_rdm(repeats, precision, threads)
                                        : measures::mahalanobis_rdm(over_repeats(repeats), precision, threads);
  } else {
    const arma::mat means = over_repeats(all);
    out.slice(0) =
        kind == "euclidean" ? measures::euclidean_rdm(means, threads) : measures::correlation_rdm(means, threads);
  }
  return out;
}

} // namespace engram::recordings
