// linear_filter is the linear temporal receptive field of responses in the samples of a stimulus.
#include "measures/correlation.hpp"
#include "measures/lagged_regression.hpp"
#include "measures/not_applicable.hpp"
#include "measures/receptive_field.hpp"
#include "recordings/method_entry.hpp"
#include "recordings/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

// Samples × neurons: the mean over repeats, in Hz where the values are counts of a sample.
arma::mat responses_by_sample(const Area &area, double factor) {
  const auto &responses = responses_of(area);
  arma::mat out;
  for (const auto &cube : responses.values) out = arma::join_cols(out, over_repeats(cube));
  if (!out.is_finite()) throw measures::NotApplicable(area.name + " has samples without a response");
  return factor * out;
}

std::vector<std::size_t> starts_of(const arma::vec &pieces) {
  std::vector<std::size_t> out{0};
  for (std::size_t t = 1; t < pieces.n_elem; ++t)
    if (pieces[t] != pieces[t - 1]) out.push_back(t);
  return out;
}

// Stimulus and response by sample, and the piece of each; empty: all are one.
struct Samples {
  arma::mat x, y;
  arma::vec pieces;
};

// A control: the response to each piece beside the stimulus of the piece that comes `by` later, around the end, as far
// as the shorter one goes.
Samples moved(const Samples &from, std::size_t by, const Area &area, std::vector<std::string> &notes) {
  if (from.pieces.is_empty())
    throw measures::NotApplicable("a stimulus is moved by pieces, and it has none ('pieces')");
  auto starts = starts_of(from.pieces);
  const std::size_t count = starts.size();
  starts.push_back(from.x.n_rows);
  Samples out;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t other = (k + by) % count;
    const std::size_t length = std::min(starts[k + 1] - starts[k], starts[other + 1] - starts[other]);
    out.x = arma::join_cols(out.x, from.x.rows(starts[other], starts[other] + length - 1));
    out.y = arma::join_cols(out.y, from.y.rows(starts[k], starts[k] + length - 1));
    out.pieces = arma::join_cols(out.pieces, from.pieces.rows(starts[k], starts[k] + length - 1));
  }
  notes.push_back(fmt::format("linear_filter {}: responses stand beside the stimulus of the piece {} later; {} of {} "
                              "samples have one",
                              area.name, by, out.y.n_rows, from.y.n_rows));
  return out;
}

// The pieces that are held out together: those of one number modulo the folds.
std::vector<std::size_t> folds_of(const arma::vec &pieces, std::size_t folds) {
  std::vector<std::size_t> out;
  for (const double piece : pieces) {
    if (piece < 0 || piece != std::floor(piece))
      throw measures::NotApplicable("pieces of the stimulus are no numbers from 0");
    out.push_back(static_cast<std::size_t>(piece) % folds);
  }
  return out;
}

// Shares of the squared weights by lag.
arma::vec power_by_lag(const arma::mat &field) {
  const arma::vec power = arma::sum(arma::square(field), 1);
  return power / arma::accu(power);
}

std::vector<Result> describe_filter(const Call &call, const Area &area) {
  const auto &settings = call.settings;
  if (!area.covariates.stimulus) throw measures::NotApplicable(area.name + " has no stimulus");
  const Stimulus &stimulus = area.covariates.stimulus(call.found.notes);
  const auto lags = settings.count("lags");
  const double penalty = settings.number("penalty"), below = settings.number("range");
  const bool counts = settings.yes("counts");
  arma::mat y = responses_by_sample(area, counts ? 1000 / stimulus.step : 1.0);
  if (y.n_rows != stimulus.values.n_rows)
    throw measures::NotApplicable(fmt::format("{} has {} samples, and the stimulus {}: responses by sample are needed",
                                              area.name, y.n_rows, stimulus.values.n_rows));
  arma::mat x = stimulus.values;
  if (below > 0) x = arma::clamp(x, x.max() - below, x.max());
  if (settings.yes("centred")) x.each_row() -= arma::mean(x, 0);
  arma::vec pieces = stimulus.pieces;
  if (const auto by = settings.count("moved"); by > 0) {
    auto samples = moved({x, y, pieces}, by, area, call.found.notes);
    x = std::move(samples.x);
    y = std::move(samples.y);
    pieces = std::move(samples.pieces);
  }
  const auto starts = starts_of(pieces);
  const auto fit = measures::fit_lagged(x, y, lags, penalty, starts);
  arma::vec held_out(y.n_cols, arma::fill::value(absent));
  if (!pieces.is_empty())
    held_out = measures::column_correlations(
        y, measures::predict_lagged(x, y, lags, penalty, starts, folds_of(pieces, settings.count("folds"))));
  std::vector<std::string> columns{"r squared", "held-out r", "separability", "greatest", "at ms",
                                   "of value",  "least",      "at ms",        "of value"};
  for (std::size_t l = 0; l < lags; ++l)
    columns.push_back(fmt::format("power at {:g} ms", static_cast<double>(l) * stimulus.step));
  for (arma::uword p = 0; p < x.n_cols; ++p) columns.push_back(fmt::format("sum of value {}", p + 1));
  TableMaker table("linear_filter", area, "neuron", columns);
  std::vector<Result> out;
  for (arma::uword n = 0; n < y.n_cols; ++n) {
    const arma::mat &field = fit.weights.slice(n);
    const arma::uword most = field.index_max(), least = field.index_min();
    std::vector<double> row{fit.r_squared[n], held_out[n], measures::separability(field).index};
    for (const arma::uword k : {most, least})
      row.insert(row.end(),
                 {field(k), static_cast<double>(k % lags) * stimulus.step, static_cast<double>(k / lags + 1)});
    const arma::vec power = power_by_lag(field);
    row.insert(row.end(), power.begin(), power.end());
    const arma::rowvec sums = arma::sum(field, 0);
    row.insert(row.end(), sums.begin(), sums.end());
    table.row(neuron_name(responses_of(area), n), row);
  }
  call.found.tables.push_back(table.made());
  const auto median = [&](const std::string &name, const arma::vec &values) {
    const arma::vec there = values(arma::find_finite(values));
    out.push_back(result_of("linear_filter." + name, there.is_empty() ? absent : arma::median(there), there.n_elem));
  };
  median("rate", arma::mean(y, 0).t());
  median("r_squared", fit.r_squared);
  if (!pieces.is_empty()) median("held_out_r", held_out);
  return out;
}

} // namespace

MethodEntry linear_filter_method() {
  return {
      .words = {.name = "linear_filter",
                .help = "linear temporal receptive field by ridge regression of responses in the samples of a "
                        "stimulus: fit, prediction of pieces that are held out, power by lag, separability",
                .reference = "Theunissen et al. 2001; Machens et al. 2004",
                .parameters =
                    {whole("lags", 1, 15, "samples of the stimulus, from the response's own back"),
                     number_from("penalty", "", 0, 0, "of ridge regression; 0: least squares"),
                     whole("folds", 2, 10,
                           "pieces of the stimulus are held out together, those of one number modulo the folds"),
                     yes_or_no("counts", "responses are counts of a sample, and become Hz"),
                     yes_or_no("centred",
                               "each value of the stimulus less its mean, so that it was at its mean before a piece"),
                     number_from("range", "", 0, 0,
                                 "below the greatest value of the stimulus, to which lower ones are raised; 0: none"),
                     whole("moved", 0, 0,
                           "as a control, pieces by which the stimulus of each response is a later one; 0: its own")}},
      .place = 115,
      .by_name = true,
      .describe = describe_filter};
}

} // namespace engram::recordings
