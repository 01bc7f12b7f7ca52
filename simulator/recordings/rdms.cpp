#include "recordings/rdms.hpp"

#include "measures/noise_covariance.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"

namespace engram::recordings {

arma::cube rdms_of(const Area &area, const std::string &kind, int threads) {
  if (!area.rdms.is_empty()) return area.rdms;
  arma::cube out(area.condition_count, area.condition_count, 1);
  const arma::cube repeats = over_time(responses_of(area));
  if (kind == "crossnobis" || kind == "mahalanobis") {
    const arma::cube complete = complete_repeats(repeats);
    if (complete.n_slices < 2) throw measures::NotApplicable(area.name + " has no two repeats of each condition");
    const arma::mat precision = measures::noise_precision(measures::noise_covariance(complete).covariance);
    out.slice(0) = kind == "crossnobis" ? measures::crossnobis_rdm(complete, precision, threads)
                                        : measures::mahalanobis_rdm(over_repeats(repeats), precision, threads);
  } else {
    const arma::mat means = over_repeats(repeats);
    out.slice(0) =
        kind == "euclidean" ? measures::euclidean_rdm(means, threads) : measures::correlation_rdm(means, threads);
  }
  return out;
}

} // namespace engram::recordings
