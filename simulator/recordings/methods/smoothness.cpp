// smoothness asks whether like stimuli have like responses.
#include "measures/neighbours.hpp"
#include "measures/not_applicable.hpp"
#include "measures/summary.hpp"
#include "measures/tuning.hpp"
#include "recordings/completeness.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"
#include "recordings/unit_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace engram::recordings {

namespace {

constexpr std::size_t best_count = 5;

std::vector<double> best_conditions(const arma::vec &response, const arma::uvec &conditions) {
  std::vector<arma::uword> order(response.n_elem);
  std::iota(order.begin(), order.end(), arma::uword{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return response[a] > response[b]; });
  std::vector<double> out(best_count, absent);
  for (std::size_t k = 0; k < std::min<std::size_t>(best_count, order.size()); ++k)
    out[k] = static_cast<double>(conditions[order[k]] + 1);
  return out;
}

std::vector<Result> describe_smoothness(const Call &call, const Area &area) {
  if (!area.covariates.stimulus) throw measures::NotApplicable(area.name + " has no stimulus");
  const Stimulus &stimulus = area.covariates.stimulus(call.found.notes);
  const Means used = complete_means(area, "smoothness", call.found.notes);
  arma::mat means = used.values;
  // Responses that are given to other stimuli show what the correlation is by chance.
  if (const auto by = call.settings.count("moved"); by > 0)
    means = arma::shift(means, static_cast<arma::sword>(by % means.n_rows), 0);
  if (area.condition_count != stimulus.values.n_rows)
    throw measures::NotApplicable(fmt::format("{} has {} conditions, and there are {} stimuli", area.name,
                                              area.condition_count, stimulus.values.n_rows));
  const auto nearest = measures::nearest_stimuli(stimulus.values.rows(used.conditions), call.settings.count("apart"),
                                                 call.progress.threads);
  const arma::vec r = measures::correlation_with(means, nearest);
  TableMaker table("smoothness", area, "neuron",
                   {"r with the nearest", "sparseness", "least", "mean", "greatest", "above half", "best", "second",
                    "third", "fourth", "fifth"});
  for (arma::uword n = 0; n < means.n_cols; ++n) {
    const arma::vec response = means.col(n);
    std::vector<double> row{r[n],           measures::sparseness(response),
                            response.min(), arma::mean(response),
                            response.max(), static_cast<double>(arma::accu(response > response.max() / 2))};
    const auto best = best_conditions(response, used.conditions);
    row.insert(row.end(), best.begin(), best.end());
    table.row(neuron_name(*area.responses, used.neurons[n]), row);
  }
  call.found.tables.push_back(table.made());
  return {median_of(call.config, "smoothness.nearest", r)};
}

} // namespace

MethodEntry smoothness_method() {
  return {
      .words = {.name = "smoothness",
                .help = "correlation of the responses to each stimulus and to the one that is most like it, and how "
                        "sparse responses are; a table by neuron",
                .reference = "",
                .interval = "bootstrap over neurons",
                .parameters = {whole("apart", 0, 0, "places within which stimuli are passed over, as variants of one"),
                               whole("moved", 0, 0,
                                     "places by which responses are moved on, to other stimuli, as a control")}},
      .place = 182,
      .by_name = true,
      .describe = describe_smoothness};
}

} // namespace engram::recordings
