#include "record/recorder.hpp"

#include "input/document.hpp"
#include "model/time_grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

namespace engram::record {

namespace {
constexpr std::size_t buffer_bytes = 8u << 20; // of each series

// Steps [first, last) of the window.
std::pair<std::size_t, std::size_t> window_of(const model::Recorded &recorded, const task::Schedule &schedule) {
  const auto at = [&](double ms) { return static_cast<std::size_t>(model::steps_of(ms, schedule.step)); };
  return {at(recorded.from), recorded.to < 0 ? schedule.steps : std::min(schedule.steps, at(recorded.to))};
}

bool is_tested(const model::Model &model, const task::Trials &trials) {
  return !trials.held_out.empty() && model.task.evaluate != model::Task::Evaluate::never;
}

// Steps that a trial of a batch lasted.
std::size_t steps_of(const simulation::Outcome &outcome, std::size_t trial) {
  return outcome.lasted.empty() || outcome.lasted[trial] == 0 ? outcome.steps : outcome.lasted[trial];
}

// Are trials of this part recorded?
bool wanted(const model::Recorded &recorded, const model::Model &model, const task::Trials &trials, Part part) {
  using Which = model::Recorded::Which;
  if (!recorded.trials.empty()) {
    const auto &rows = part == Part::held_out ? trials.held_out : part == Part::test ? trials.test : trials.training;
    return std::any_of(recorded.trials.begin(), recorded.trials.end(),
                       [&](std::size_t t) { return std::binary_search(rows.begin(), rows.end(), t); });
  }
  switch (recorded.which) {
  case Which::all:
    return true;
  case Which::training:
    return part == Part::training;
  case Which::held_out:
    return part == Part::held_out;
  case Which::test:
    return part == Part::test;
  default:
    return part == (is_tested(model, trials) ? Part::held_out : Part::training);
  }
}

} // namespace

bool is_recorded_of_tests(const model::Recorded &recorded, const model::Model &model, const task::Trials &trials) {
  return wanted(recorded, model, trials, Part::held_out);
}

void check_recorded_epochs(const model::Model &model, const task::Trials &trials) {
  std::vector<input::Problem> problems;
  for (const auto &recorded : model.record) {
    if (!recorded.epochs.given() || wanted(recorded, model, trials, Part::training)) continue;
    const auto pointer = input::below("/record", model.regions[recorded.region].name) + "/epochs";
    if (!wanted(recorded, model, trials, Part::held_out))
      problems.push_back({model.file, 0, pointer, "trials of the test are run once, when all is learned"});
    else if (model.task.evaluate == model::Task::Evaluate::end)
      problems.push_back({model.file, 0, pointer,
                          "held-out trials are tested at the end alone (\"evaluate\": \"end\"): \"epoch\" tests "
                          "them after each, and \"trials\": \"training\" records others"});
  }
  if (!problems.empty()) throw input::InputError(problems);
}

std::vector<input::Problem> never_recorded(const model::Model &model, const task::Trials &trials) {
  std::vector<input::Problem> lines;
  for (const auto &recorded : model.record) {
    const auto pointer = input::below("/record", model.regions[recorded.region].name);
    const auto tell = [&](const std::string &where, const std::string &what) {
      lines.push_back({model.file, 0, pointer + where, what});
    };
    const auto beyond =
        std::find_if(recorded.trials.begin(), recorded.trials.end(), [&](std::size_t t) { return t >= trials.count; });
    if (beyond != recorded.trials.end())
      tell("/trials",
           "there is no trial " + std::to_string(*beyond) + ": they are 0 to " + std::to_string(trials.count - 1));
    else if (recorded.which == model::Recorded::Which::test && trials.test.empty())
      tell("/trials", "no trial is of the test, so nothing is recorded");
    else if (!is_tested(model, trials) && !wanted(recorded, model, trials, Part::training) &&
             !wanted(recorded, model, trials, Part::test))
      tell("/trials", "no trial is tested, so nothing is recorded");
    else if (model.task.stop && !recorded.epochs.given() && wanted(recorded, model, trials, Part::training))
      tell("/trials", "training trials are recorded in the last epoch, " + std::to_string(model.task.epochs) +
                          ": where learning stops before, they are not");
  }
  return lines;
}

std::vector<dynamics::SignalSet> signals_recorded(const model::Model &model) {
  std::vector<dynamics::SignalSet> wanted(model.regions.size());
  for (const auto &recorded : model.record)
    for (const auto &name : recorded.signals)
      if (name != "spike") wanted[recorded.region].set(static_cast<std::size_t>(*network::signal_named(name)));
  for (const auto &recorded : model.record)
    for (const auto &state : recorded.states) wanted[recorded.region].set(dynamics::state_bit(state.at));
  return wanted;
}

template <class T>
Recorder<T>::Recorder(const model::Model &model, const task::Trials &trials, const dynamics::DynamicsEntries &dynamics,
                      RunFile &file, std::vector<std::string> own_columns)
    : model_(model), trials_(trials), file_(file), schedule_(task::schedule_of(model)),
      own_columns_(std::move(own_columns)) {
  training_.recorder = held_out_.recorder = test_.recorder = this;
  held_out_.part = Part::held_out;
  test_.part = Part::test;
  tested_epoch_ = model.task.epochs;
  for (std::size_t k = 0; k < model.record.size(); ++k) {
    const auto &recorded = model.record[k];
    const auto &region = model.regions[recorded.region];
    const auto add = [&](Series s, const std::string &name, const std::string &unit, const char *kind) {
      s.samples = s.last > s.first ? (s.last - s.first + recorded.every - 1) / recorded.every : 0;
      s.number =
          file.add_series({region.name, name, unit,
                           fmt::format("{} '{}' of region '{}' ({})", kind, name, region.name, region.dynamics.type),
                           recorded.neurons.empty() ? region.size : recorded.neurons.size(), std::is_same_v<T, float>,
                           s.samples == 1 ? schedule_.steps : recorded.every, recorded.neurons});
      series_.push_back(std::move(s));
    };
    for (const auto &state : recorded.states) {
      Series s;
      s.entry = k;
      s.state = state.at;
      std::tie(s.first, s.last) = window_of(recorded, schedule_);
      add(std::move(s), state.name, state.unit, "state");
    }
    for (const auto &name : recorded.signals) {
      Series s;
      s.entry = k;
      s.signal = *network::signal_named(name);
      std::tie(s.first, s.last) = window_of(recorded, schedule_);
      if (name == "spike") { // as units, which say more in less room
        Spikes spikes;
        spikes.entry = k;
        spikes.first = s.first;
        spikes.last = s.last;
        auto numbers = recorded.neurons;
        if (numbers.empty()) {
          numbers.resize(region.size);
          std::iota(numbers.begin(), numbers.end(), std::size_t{0});
        }
        spikes.unit = file.add_units(region.name, numbers);
        spikes.unit_of.assign(region.size, network::none);
        for (std::size_t n = 0; n < numbers.size(); ++n) spikes.unit_of[numbers[n]] = spikes.unit + n;
        spikes_.push_back(std::move(spikes));
        continue;
      }
      const auto &signals = dynamics::entry_of(region, dynamics).words.signals;
      const auto offered =
          std::find_if(signals.begin(), signals.end(), [&](const auto &signal) { return signal.name == name; });
      add(std::move(s), name, offered == signals.end() ? "" : offered->unit, "signal");
    }
  }
}

bool records_learning(const model::Model &model) {
  return !model.record_weights.empty() || std::any_of(model.record.begin(), model.record.end(),
                                                      [](const auto &recorded) { return recorded.epochs.given(); });
}

template <class T> bool Recorder<T>::sees(std::size_t epoch) const {
  return std::any_of(model_.record.begin(), model_.record.end(),
                     [&](const auto &recorded) { return recorded.epochs.given() && recorded.epochs.hold(epoch); });
}

template <class T>
bool Recorder<T>::takes(const model::Recorded &recorded, Part part, std::size_t epoch, bool last,
                        std::size_t trial) const {
  if (!wanted(recorded, model_, trials_, part)) return false;
  if (recorded.epochs.given() ? part == Part::test || !recorded.epochs.hold(epoch) : !last) return false;
  return recorded.trials.empty() ||
         std::find(recorded.trials.begin(), recorded.trials.end(), trial) != recorded.trials.end();
}

template <class T>
std::vector<std::size_t> Recorder<T>::columns_of(const model::Recorded &recorded, const simulation::Batch &batch,
                                                 Part part) const {
  std::vector<std::size_t> columns;
  if (apart_ && recorded.epochs.given()) return columns;
  const std::size_t epoch = part == Part::training ? batch.epoch + 1 : tested_epoch_;
  const bool last = part == Part::training ? epoch == model_.task.epochs : last_test_;
  for (std::size_t b = 0; b < batch.rows.size(); ++b)
    if (takes(recorded, part, epoch, last, batch.rows[b])) columns.push_back(b);
  return columns;
}

template <class T> void Recorder<T>::begin(const simulation::Batch &batch, Part part) {
  ended_.assign(batch.rows.size(), false);
  for (auto &s : spikes_) {
    s.columns = columns_of(model_.record[s.entry], batch, part);
    s.trials.resize(s.columns.size());
  }
  for (auto &s : series_) {
    const auto &recorded = model_.record[s.entry];
    s.columns = s.samples == 0 ? std::vector<std::size_t>{} : columns_of(recorded, batch, part);
    s.buffered = s.flushed = 0;
    if (s.columns.empty()) continue;
    const std::size_t neurons =
        recorded.neurons.empty() ? model_.regions[recorded.region].size : recorded.neurons.size();
    const std::size_t fit = std::max<std::size_t>(1, buffer_bytes / (neurons * s.columns.size() * sizeof(T)));
    s.buffer.resize(s.columns.size());
    for (auto &m : s.buffer) m.set_size(neurons, std::min(s.samples, fit));
  }
}

template <class T> void Recorder<T>::save() {
  for (auto &s : series_)
    if (!s.columns.empty()) flush(s);
  for (auto &s : spikes_)
    if (s.columns.size() == 1) write_spikes(s);
}

// Times of samples [first, last) of the k-th column.
template <class T> void Recorder<T>::write_times(const Series &s, std::size_t k, std::size_t first, std::size_t last) {
  const std::size_t start = (trials_seen_ + s.columns[k]) * schedule_.steps;
  const std::size_t every = model_.record[s.entry].every;
  file_.write_times(s.number, (s.trials_written + k) * s.samples + first, start + s.first + first * every,
                    last - first);
}

// Spikes of one trial go to the file as they come; those of trials side by side wait for their turn. The m spikes of a
// neuron in one step are spread evenly over it, t, t + h/m, …: readers refuse two spikes of a unit at one time.
template <class T> void Recorder<T>::write_spikes(Spikes &s) {
  for (std::size_t k = 0; k < s.columns.size(); ++k) {
    const double start = static_cast<double>(trials_seen_ + s.columns[k]) * static_cast<double>(schedule_.steps);
    auto &events = s.trials[k];
    for (std::size_t first = 0, last = 0; first < events.size(); first = last) {
      while (last < events.size() && events[last] == events[first]) ++last;
      const auto [step, neuron] = events[first];
      for (std::size_t n = first; n < last; ++n) {
        const double within = static_cast<double>(n - first) / static_cast<double>(last - first);
        file_.add_spike(s.unit_of[neuron], (start + static_cast<double>(step) + within) * schedule_.step / 1000);
      }
    }
    events.clear();
  }
}

template <class T> void Recorder<T>::step(std::size_t step, const network::Signals<T> &signals) {
  for (auto &s : spikes_) {
    if (s.columns.empty() || step < s.first || step >= s.last) continue;
    const auto &lists = *signals[model_.record[s.entry].region].spikes;
    for (std::size_t k = 0; k < s.columns.size(); ++k) {
      if (ended_[s.columns[k]]) continue;
      for (const auto neuron : lists[s.columns[k]])
        if (s.unit_of[neuron] != network::none) s.trials[k].emplace_back(static_cast<std::uint32_t>(step), neuron);
    }
    if (s.columns.size() == 1 && s.trials[0].size() > 65536) write_spikes(s);
  }
  for (auto &s : series_) {
    const auto &recorded = model_.record[s.entry];
    if (s.columns.empty() || step < s.first || step >= s.last || (step - s.first) % recorded.every != 0) continue;
    const auto &region = signals[recorded.region];
    const auto &now = s.state == network::none ? region[s.signal] : region.states[s.state];
    for (std::size_t k = 0; k < s.columns.size(); ++k)
      if (ended_[s.columns[k]])
        s.buffer[k].col(s.buffered).fill(std::numeric_limits<T>::quiet_NaN());
      else if (recorded.neurons.empty())
        std::copy_n(now.colptr(s.columns[k]), now.n_rows, s.buffer[k].colptr(s.buffered));
      else
        for (std::size_t n = 0; n < recorded.neurons.size(); ++n)
          s.buffer[k](n, s.buffered) = now(recorded.neurons[n], s.columns[k]);
    if (++s.buffered == s.buffer[0].n_cols) flush(s);
  }
}

template <class T> void Recorder<T>::trial_ended(std::size_t trial) { ended_[trial] = true; }

template <class T> void Recorder<T>::flush(Series &s) {
  if (s.buffered == 0) return;
  for (std::size_t k = 0; k < s.columns.size(); ++k) {
    const arma::Mat<T> filled(s.buffer[k].memptr(), s.buffer[k].n_rows, s.buffered, false, true); // no copy
    file_.write(s.number, (s.trials_written + k) * s.samples + s.flushed, filled);
    write_times(s, k, s.flushed, s.flushed + s.buffered);
  }
  s.flushed += s.buffered;
  s.buffered = 0;
}

template <class T>
void Recorder<T>::end(const simulation::Batch &batch, const simulation::Outcome &outcome, Part part) {
  for (auto &s : series_) {
    if (s.columns.empty()) continue;
    flush(s);
    // Of trials that were cut short, those before the last leave a gap, which reads as NaN.
    // So do all that an environment ended before their time: the next trial comes at its own.
    const std::size_t gaps = !outcome.lasted.empty() && !outcome.interrupted ? s.columns.size()
                             : s.flushed > 0                                 ? s.columns.size() - 1
                                                                             : 0;
    for (std::size_t k = 0; k < gaps; ++k) write_times(s, k, s.flushed, s.samples);
    if (gaps == s.columns.size() && s.flushed < s.samples) { // its last sample makes the series as long as its times
      const std::size_t neurons = s.buffer.back().n_rows;
      const arma::Mat<T> last(neurons, 1, arma::fill::value(std::numeric_limits<T>::quiet_NaN()));
      file_.write(s.number, (s.trials_written + s.columns.size()) * s.samples - 1, last);
    }
    s.trials_written += s.columns.size();
  }
  for (auto &s : spikes_) {
    if (s.columns.empty()) continue;
    write_spikes(s);
    for (const std::size_t column : s.columns) {
      const double start = static_cast<double>(trials_seen_ + column) * static_cast<double>(schedule_.steps);
      const std::size_t steps = steps_of(outcome, column);
      if (steps > s.first)
        file_.observe(s.unit, (start + static_cast<double>(s.first)) * schedule_.step / 1000,
                      (start + static_cast<double>(std::min(s.last, steps))) * schedule_.step / 1000);
    }
  }
  const double length = static_cast<double>(schedule_.steps) * schedule_.step / 1000;
  for (std::size_t b = 0; b < batch.rows.size(); ++b) {
    TrialRow row;
    row.start_s = static_cast<double>(trials_seen_ + b) * length;
    row.stop_s = row.start_s + static_cast<double>(steps_of(outcome, b)) * schedule_.step / 1000;
    row.trial = static_cast<std::int64_t>(batch.rows[b]);
    if (!trials_.labels.empty()) row.label = trials_.labels[batch.rows[b]];
    row.choice = outcome.choices[b];
    if (!outcome.rewards.empty()) {
      row.label = outcome.labels[b];
      row.reward = outcome.rewards[b];
      row.columns = outcome.columns[b];
    }
    if (!outcome.losses.empty()) row.loss = outcome.losses[b];
    for (const auto &term : outcome.terms)
      row.terms.push_back(term.empty() ? std::numeric_limits<double>::quiet_NaN() : term[b]);
    row.held_out = part != Part::training;
    row.test = part == Part::test;
    row.epoch = static_cast<std::int64_t>(row.held_out ? tested_epoch_ : batch.epoch + 1);
    file_.add_trial(row);
  }
  trials_seen_ += batch.rows.size();
}

template class Recorder<float>;
template class Recorder<double>;

} // namespace engram::record
