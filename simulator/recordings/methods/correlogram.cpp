// Pairs of spikes by lag, of each pair of units.
#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "measures/spike_train.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

#include <cmath>

namespace engram::recordings {

namespace {

// Spikes of each window.
std::vector<double> counts_of(const measures::SpikeTrain &train, const measures::Observation &observed) {
  std::vector<double> out(observed.size(), 0);
  for (const std::size_t window : measures::windows_of(train, observed))
    if (window < out.size()) out[window] += 1;
  return out;
}

// Pairs by lag of independent trains with as many spikes in each window of duration T: n_a n_b / T² times the width of
// a bin, times the time in which a pair of this lag lies within the window, T − |lag|. Of a train with itself n_a (n_a
// − 1).
arma::rowvec expected_pairs(const measures::SpikeTrain &a, const measures::SpikeTrain &b, bool itself,
                            const std::vector<double> &lags, double width, const measures::Observation &observed) {
  const auto of_a = counts_of(a, observed), of_b = counts_of(b, observed);
  arma::rowvec out(lags.size(), arma::fill::zeros);
  for (std::size_t w = 0; w < observed.size(); ++w) {
    if (of_a[w] == 0) continue;
    const double length = observed[w].duration();
    for (std::size_t k = 0; k < lags.size(); ++k)
      out[k] += of_a[w] * (itself ? of_a[w] - 1 : of_b[w]) / (length * length) * width *
                std::max(0.0, length - std::abs(lags[k]));
  }
  return out;
}

std::vector<Result> describe_correlograms(const Call &call, const Area &area) {
  require_spikes(area);
  const double width = call.settings.number("bin"), reach = call.settings.number("reach");
  const bool relative = call.settings.yes("relative");
  if (reach / width > 1e4) throw measures::NotApplicable("more than 10000 bins on each side of lag 0");
  const auto which = drawn_units(call.config, area, most_units, call.found.notes);
  std::vector<measures::Observation> observed;
  for (const std::size_t u : which) observed.push_back(observation_of(area, u));
  if (const auto apart = pairs_apart(observed); apart > 0)
    call.found.notes.push_back(
        fmt::format("correlogram {}: {} of {} pairs of units were never observed at one time, and are left out",
                    area.name, apart, which.size() * (which.size() - 1) / 2));
  const auto lags = measures::cross_correlogram({}, {}, reach, width).lag;
  std::vector<std::string> columns{"first spikes", "second spikes"};
  for (const double lag : lags) columns.push_back(fmt::format("{:g} ms", lag));
  TableMaker table("correlogram", area, "pair", columns);
  arma::mat middle(which.size(), which.size(), arma::fill::value(absent));
  for (std::size_t i = 0; i < which.size(); ++i)
    for (std::size_t j = i; j < which.size(); ++j) {
      if (call.progress.go_on && !call.progress.go_on()) return {};
      const auto both = measures::common(observed[i], observed[j]);
      if (both.empty()) continue;
      const auto &a = area.trains[which[i]], &b = area.trains[which[j]];
      const auto found = i == j ? measures::autocorrelogram(a, reach, width, both)
                                : measures::cross_correlogram(a, b, reach, width, both);
      const arma::rowvec chance = expected_pairs(a, b, i == j, lags, width, both);
      std::vector<double> row;
      for (const auto *train : {&a, &b}) {
        double inside = 0;
        for (const double count : counts_of(*train, both)) inside += count;
        row.push_back(inside);
      }
      for (std::size_t k = 0; k < lags.size(); ++k) {
        const auto count = static_cast<double>(found.count[k]);
        const double share = chance[k] > 0 ? count / chance[k] : absent;
        row.push_back(relative ? share : count);
        if (i != j && k == lags.size() / 2) middle(i, j) = middle(j, i) = share;
      }
      table.row(area.units[which[i]] + (i == j ? " with itself" : " to " + area.units[which[j]]), row);
    }
  call.found.tables.push_back(table.made());
  if (which.size() < 2) return {};
  return {mean_over_pairs(call.config, "correlogram.at_0", middle)};
}

} // namespace

MethodEntry correlogram_method() {
  return {.words = {.name = "correlogram",
                    .help =
                        "pairs of spikes by lag, from the first unit's spike to the second's, of each pair of units "
                        "and of each with itself; the mean over pairs of those at lag 0, relative to chance",
                    .reference = "Perkel et al. 1967",
                    .parameters = {positive("bin", "ms", 2, "of lags"),
                                   positive("reach", "ms", 50, "greatest lag, each way"),
                                   yes_or_no("relative", "over the number that independent trains of the same rates "
                                                         "would have, in the same time of observation")}},
          .place = 106,
          .takes = Takes::spikes,
          .by_name = true,
          .describe = describe_correlograms};
}

} // namespace engram::recordings
