// Recorder::restore() takes over what was recorded of the epochs before a run went on.
#include "data/array.hpp"
#include "record/recorder.hpp"
#include "record/run_read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::record {

namespace {

constexpr std::size_t restored_bytes = 8u << 20; // at once

Part part_of(const TrialRow &row) { return row.test ? Part::test : row.held_out ? Part::held_out : Part::training; }

[[noreturn]] void refuse_recorded(const RunReader &run, const std::string &what) {
  throw data::DataError(run.path() + ": does not hold all that was recorded of " + what);
}

} // namespace

// Trials come epoch by epoch: those that are learned from, then those that are tested.
template <class T> void Recorder<T>::restore(const RunReader &run, std::size_t epochs_done) {
  const bool tested = !trials_.held_out.empty() && model_.task.evaluate == model::Task::Evaluate::epoch;
  std::size_t kept = 0;
  for (std::size_t epoch = 1; epoch <= epochs_done; ++epoch)
    if (sees(epoch)) kept += trials_.training.size() + (tested ? trials_.held_out.size() : 0);
  if (kept == 0) return;
  auto rows = run.trials();
  if (rows.size() < kept) refuse_recorded(run, "trials");
  rows.resize(kept);
  const auto rewards = run.trial_numbers("reward");
  std::vector<std::vector<double>> own;
  for (const auto &name : own_columns_) {
    own.push_back(run.trial_numbers(name));
    if (own.back().size() < kept) refuse_recorded(run, "trials");
  }
  for (std::size_t r = 0; r < kept; ++r) {
    if (r < rewards.size()) rows[r].reward = rewards[r];
    for (const auto &column : own) rows[r].columns.push_back(column[r]);
    file_.add_trial(rows[r]);
  }
  for (auto &s : series_) restore_series(s, run, rows);
  if (!spikes_.empty()) restore_spikes(run, rows);
  trials_seen_ = kept;
}

template <class T>
void Recorder<T>::restore_series(Series &s, const RunReader &run, const std::vector<TrialRow> &rows) {
  const auto &recorded = model_.record[s.entry];
  if (s.samples == 0 || !recorded.epochs.given()) return;
  std::vector<std::size_t> taken; // rows
  for (std::size_t r = 0; r < rows.size(); ++r)
    if (takes(recorded, part_of(rows[r]), static_cast<std::size_t>(rows[r].epoch), false,
              static_cast<std::size_t>(rows[r].trial)))
      taken.push_back(r);
  const auto stored = run.series();
  const std::size_t samples = taken.size() * s.samples;
  if (s.number >= stored.size() || stored[s.number].samples < samples) refuse_recorded(run, "signals");
  const auto &from = stored[s.number];
  const std::size_t block = std::max<std::size_t>(1, restored_bytes / (8 * std::max<std::size_t>(1, from.neurons)));
  for (std::size_t first = 0; first < samples; first += block)
    file_.write(
        s.number, first,
        arma::Mat<T>(arma::conv_to<arma::Mat<T>>::from(run.data(from, first, std::min(block, samples - first)))));
  for (std::size_t k = 0; k < taken.size(); ++k)
    file_.write_times(s.number, k * s.samples, taken[k] * schedule_.steps + s.first, s.samples);
  s.trials_written = taken.size();
}

template <class T> void Recorder<T>::restore_spikes(const RunReader &run, const std::vector<TrialRow> &rows) {
  const double length = static_cast<double>(schedule_.steps) * schedule_.step / 1000;
  const double end = static_cast<double>(rows.size()) * length;
  for (auto &s : spikes_) {
    const auto &recorded = model_.record[s.entry];
    if (!recorded.epochs.given()) continue;
    for (const std::size_t unit : s.unit_of) {
      if (unit == network::none) continue;
      if (unit >= run.units()) refuse_recorded(run, "spikes");
      for (const double seconds : run.spikes(unit))
        if (seconds < end - 1e-6 * schedule_.step) file_.add_spike(unit, seconds);
    }
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (!takes(recorded, part_of(rows[r]), static_cast<std::size_t>(rows[r].epoch), false,
                 static_cast<std::size_t>(rows[r].trial)))
        continue;
      const double start = static_cast<double>(r) * static_cast<double>(schedule_.steps);
      const auto steps =
          static_cast<std::size_t>(std::llround((rows[r].stop_s - rows[r].start_s) * 1000 / schedule_.step));
      if (steps > s.first)
        file_.observe(s.unit, (start + static_cast<double>(s.first)) * schedule_.step / 1000,
                      (start + static_cast<double>(std::min(s.last, steps))) * schedule_.step / 1000);
    }
  }
}

template void Recorder<float>::restore(const RunReader &, std::size_t);
template void Recorder<double>::restore(const RunReader &, std::size_t);

} // namespace engram::record
