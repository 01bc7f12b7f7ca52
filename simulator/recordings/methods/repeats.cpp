// repeats says how responses vary over the repeats of a condition: odd against even repeats, and the Fano factor over
// trials.
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/reliability.hpp"
#include "measures/repeat_variability.hpp"
#include "measures/rsa.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"

#include <cmath>

namespace engram::recordings {

namespace {

// Spearman's correlation of the dissimilarities, 1 - Pearson's r, of the means of odd and of even repeats. NaN where a
// neuron has no response to a condition in one of them, or there is nothing to compare.
double rdm_of_halves(const arma::cube &repeats, int threads) {
  const arma::mat odd = measures::mean_of_half(repeats, true), even = measures::mean_of_half(repeats, false);
  if (odd.n_rows < 3 || odd.n_cols < 2 || !odd.is_finite() || !even.is_finite()) return absent;
  const arma::vec a = measures::upper_triangle(measures::correlation_rdm(odd, threads)),
                  b = measures::upper_triangle(measures::correlation_rdm(even, threads));
  return a.is_finite() && b.is_finite() ? measures::spearman(a, b) : absent;
}

std::vector<Result> describe_repeats(const Call &call, const Area &area) {
  const auto &responses = responses_of(area);
  const arma::cube repeats = over_time(responses);
  if (repeats.n_slices < 2) throw measures::NotApplicable(area.name + " has no two repeats of a condition");
  // A rate is a count over the seconds of a bin, which the mean over bins does not know.
  const double seconds = call.settings.number("seconds");
  arma::vec r = measures::odd_even_correlation(repeats), fano = seconds * measures::fano_over_repeats(repeats),
            longer = r;
  longer.transform([](double half) { return measures::spearman_brown(half, 2); });
  TableMaker table("repeats", area, "neuron", {"mean", "odd and even", "Spearman-Brown", "Fano factor"});
  const arma::mat means = over_repeats(repeats);
  for (arma::uword n = 0; n < r.n_elem; ++n) {
    const arma::vec of_neuron = means.col(n);
    const arma::uvec there = arma::find_finite(of_neuron);
    table.row(neuron_name(responses, n),
              {there.is_empty() ? absent : arma::mean(of_neuron(there)), r[n], longer[n], fano[n]});
  }
  call.found.tables.push_back(table.made());
  std::vector<Result> out{
      median_of(call.config, "repeats.odd_even", r),
      median_reliability(call.config, "repeats.spearman_brown", r, longer, "repeats " + area.name, call.found.notes),
      median_of(call.config, "repeats.fano", fano)};
  if (const double between = rdm_of_halves(repeats, call.progress.threads); !std::isnan(between))
    out.push_back(result_of("repeats.rdm_spearman", between, repeats.n_cols));
  for (std::size_t t = 0; responses.values.size() > 1 && t < responses.values.size(); ++t) {
    auto at = median_of(call.config, "repeats.fano", seconds * measures::fano_over_repeats(responses.values[t]));
    at.time = t < responses.times.size() ? responses.times[t] : static_cast<double>(t);
    out.push_back(at);
  }
  return out;
}

} // namespace

MethodEntry repeats_method() {
  return {
      .words = {.name = "repeats",
                .help = "of each neuron, also where repeats are missing: correlation over conditions of the means of "
                        "odd and even repeats, its extrapolation by Spearman-Brown, and the Fano factor over trials "
                        "in each time bin: the median",
                .reference = "Spearman 1910; Brown 1910",
                .interval = "bootstrap over neurons",
                .parameters = {positive("seconds", "s", 1, "length of a bin, by which rates are counts; 1 of counts")}},
      .place = 145,
      .by_name = true,
      .describe = describe_repeats};
}

} // namespace engram::recordings
