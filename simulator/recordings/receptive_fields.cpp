#include "recordings/receptive_fields.hpp"

#include "measures/not_applicable.hpp"
#include "measures/receptive_field.hpp"
#include "measures/unknown.hpp"
#include "numeric/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

using measures::unknown;

std::size_t lag_count(const Stimulus &stimulus, double before) {
  constexpr double usual = 250; // ms
  constexpr double most_usual = 200;
  const double samples = std::floor((before > 0 ? before : usual) / stimulus.step + 1e-9) + 1;
  if (before > 0 && samples > static_cast<double>(stimulus.values.n_rows))
    throw measures::NotApplicable(fmt::format("the stimulus {} is shorter than {:g} ms", stimulus.name, before));
  return static_cast<std::size_t>(
      std::min(before > 0 ? samples : std::min(samples, most_usual), static_cast<double>(stimulus.values.n_rows)));
}

// The mean of each group of samples, and the sum of their spikes.
struct Coarse {
  arma::mat stimulus;
  std::size_t group = 1, lags = 0; ///< lags 0: too many values at once
};

Coarse coarse_stimulus(const arma::mat &stimulus, std::size_t lags) {
  Coarse out;
  if (stimulus.n_cols > most_axes) return out;
  const std::size_t fit = most_axes / stimulus.n_cols; // lags
  out.group = (lags + fit - 1) / fit;
  out.lags = (lags + out.group - 1) / out.group;
  out.stimulus.set_size(stimulus.n_rows / out.group, stimulus.n_cols);
  for (arma::uword k = 0; k < out.stimulus.n_rows; ++k)
    out.stimulus.row(k) = arma::mean(stimulus.rows(k * out.group, (k + 1) * out.group - 1), 0);
  return out;
}

double significant_axes(const Coarse &coarse, const arma::vec &spikes, std::uint64_t seed) {
  if (coarse.lags == 0 || 2 * coarse.lags > coarse.stimulus.n_rows) return unknown;
  arma::vec grouped(coarse.stimulus.n_rows, arma::fill::zeros);
  for (arma::uword k = 0; k < grouped.n_elem * coarse.group; ++k) grouped[k / coarse.group] += spikes[k];
  if (arma::accu(grouped.tail(grouped.n_elem - coarse.lags + 1)) < 2) return unknown;
  measures::CovarianceOptions options;
  options.seed = seed;
  options.remove_average = measures::average_is_significant(coarse.stimulus, grouped, coarse.lags, seed);
  return static_cast<double>(
      measures::spike_triggered_covariance(coarse.stimulus, grouped, coarse.lags, options).significant.n_elem);
}

std::optional<measures::Gabor> gabor_of(const Stimulus &stimulus, const arma::rowvec &values) {
  if (stimulus.height < 3 || stimulus.width < 3 || !(arma::abs(values).max() > 0)) return std::nullopt;
  return measures::fit_gabor(arma::reshape(values, stimulus.width, stimulus.height).t());
}

ReceptiveField field_of(const Stimulus &stimulus, const arma::vec &spikes, std::size_t lags) {
  const auto average = measures::spike_triggered_average(stimulus.values, spikes, lags);
  ReceptiveField out;
  out.spikes = average.spikes;
  out.field = average.average.each_row() - average.mean;
  out.peak = out.lag = out.separability = unknown;
  if (!(average.spikes > 0)) return out;
  const arma::uword place = arma::abs(out.field).index_max();
  out.best = place % lags;
  out.peak = out.field(place);
  out.lag = static_cast<double>(out.best) * stimulus.step;
  out.separability = measures::separability(out.field).index;
  out.gabor = gabor_of(stimulus, out.field.row(out.best));
  return out;
}

} // namespace

ReceptiveFields receptive_fields(const Area &area, const FieldOptions &options, std::vector<std::string> &notes) {
  require_spikes(area);
  if (!area.covariates.stimulus) throw measures::NotApplicable(area.name + " has no stimulus");
  const Stimulus &stimulus = area.covariates.stimulus(notes);
  const std::size_t lags = lag_count(stimulus, options.before);
  ReceptiveFields out{area.name, stimulus.name, stimulus.unit, stimulus.step, stimulus.height, stimulus.width, {}};
  const auto coarse = coarse_stimulus(stimulus.values, lags);
  if (coarse.lags == 0)
    notes.push_back(fmt::format("receptive_field: {} has {} values at once; significant axes are sought of {} at most",
                                stimulus.name, stimulus.values.n_cols, most_axes));
  const numeric::WatchedLoop loop(area.trains.size());
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    loop.done(u);
    if (options.go_on && !options.go_on()) break;
    const auto spikes =
        measures::spikes_by_sample(area.trains[u], stimulus.values.n_rows, stimulus.start, stimulus.step);
    out.units.push_back(field_of(stimulus, spikes, lags));
    out.units.back().unit = area.units[u];
    out.units.back().axes = significant_axes(coarse, spikes, options.seed);
    if (u >= kept_fields) out.units.back().field.reset();
  }
  if (!out.units.empty() &&
      std::none_of(out.units.begin(), out.units.end(), [](const auto &unit) { return unit.spikes > 0; }))
    throw measures::NotApplicable(fmt::format("no spike of {} has {:.4g} ms of {} before it", area.name,
                                              static_cast<double>(lags - 1) * stimulus.step, stimulus.name));
  return out;
}

} // namespace engram::recordings
