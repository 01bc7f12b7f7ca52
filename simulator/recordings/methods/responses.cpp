// responses is the mean response to each condition, over trials and neurons.
#include "measures/not_applicable.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

// Of the values that are numbers.
double mean_of_known(const arma::rowvec &values) {
  const arma::uvec there = arma::find_finite(values);
  return there.is_empty() ? absent : arma::mean(values(there));
}

std::vector<Result> describe_responses(const Call &call, const Area &area) {
  const auto &responses = responses_of(area);
  const auto bins = responses.values.size();
  std::vector<std::string> columns{"trials"};
  for (std::size_t t = 0; t < bins; ++t)
    columns.push_back(bins == 1                 ? "mean"
                      : responses.times.empty() ? fmt::format("bin {}", t + 1)
                                                : fmt::format("{:g} ms", responses.times[t]));
  std::vector<arma::mat> means; // by bin: C × N
  for (const auto &cube : responses.values) means.push_back(over_repeats(cube));
  TableMaker table("responses", area, "condition", columns);
  for (std::size_t c = 0; c < responses.condition_count(); ++c) {
    // Of the neuron that has most.
    double trials = 0;
    for (std::size_t n = 0; n < responses.neuron_count(); ++n) {
      double count = 0;
      for (std::size_t r = 0; r < responses.values[0].n_slices; ++r) count += !std::isnan(responses.values[0](c, n, r));
      trials = std::max(trials, count);
    }
    std::vector<double> row{trials};
    for (const auto &mean : means) row.push_back(mean_of_known(mean.row(c)));
    table.row(responses.conditions[c], row);
  }
  call.found.tables.push_back(table.made());
  return {result_of("responses.mean", mean_of_known(arma::vectorise(mean_response(responses)).t()),
                    responses.neuron_count())};
}

} // namespace

MethodEntry responses_method() {
  return {.words = {.name = "responses",
                    .help = "mean response to each condition, over trials and then over neurons, in each time bin",
                    .reference = "",
                    .parameters = {}},
          .place = 190,
          .by_name = true,
          .describe = describe_responses};
}

} // namespace engram::recordings
