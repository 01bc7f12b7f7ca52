// correlations are signal and noise correlations of pairs of neurons.
#include "measures/not_applicable.hpp"
#include "measures/reliability.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

namespace engram::recordings {

namespace {

// Of neurons that vary, within conditions and from one to the other.
std::vector<Result> correlate_neurons(const Call &call, const Area &area) {
  const auto &config = call.config;
  constexpr std::size_t most = 500;
  const arma::cube all = repeats_of(area);
  const auto which = drawn(config, all.n_cols, most);
  if (which.size() < all.n_cols)
    call.found.notes.push_back(fmt::format("{}: {} of {} neurons are drawn (seed {}), whose pairs are measured",
                                           area.name, which.size(), all.n_cols, config.seed));
  arma::cube repeats(all.n_rows, which.size(), all.n_slices);
  for (std::size_t k = 0; k < which.size(); ++k) repeats.col(k) = all.col(which[k]);
  std::vector<std::string> names;
  for (const std::size_t n : which) names.push_back(neuron_name(responses_of(area), n));
  std::vector<Result> out;
  for (const bool signal : {true, false}) {
    const arma::mat r = signal ? measures::signal_correlation(repeats)
                               : measures::noise_correlation(repeats, measures::NoisePooling::residuals);
    const arma::uvec varies = arma::find_finite(r.diag());
    if (varies.n_elem < 2) throw measures::NotApplicable(area.name + " has no two neurons that vary");
    const std::string name = signal ? "correlations.signal" : "correlations.noise";
    call.found.matrices.push_back(pair_table(name, area, "neuron", names, r));
    const arma::mat kept = r.submat(varies, varies);
    tell_without_value(name + " " + area.name, r.diag(), call.found.notes);
    const auto absent_pairs = arma::uvec(arma::find_nonfinite(kept)).n_elem / 2;
    if (absent_pairs > 0)
      call.found.notes.push_back(fmt::format(
          "{} {}: {} are left out: the neurons share fewer than three {}", name, area.name,
          some_of(absent_pairs, varies.n_elem * (varies.n_elem - 1) / 2, "pair"), signal ? "conditions" : "trials"));
    out.push_back(mean_over_pairs(config, name, kept));
  }
  return out;
}

} // namespace

MethodEntry correlations_method() {
  return {.words = {.name = "correlations",
                    .help = "signal and noise correlation of the neurons: the mean over pairs",
                    .reference = "Cohen & Kohn 2011",
                    .interval = "bootstrap over neurons",
                    .parameters = {}},
          .place = 130,
          .describe = correlate_neurons};
}

} // namespace engram::recordings
