#include "session/open_circuit.hpp"

#include "data/printable.hpp"
#include "data/spike_times.hpp"
#include "data/table.hpp"
#include "dynamics/check_drawn.hpp"
#include "input/input_error.hpp"
#include "network/build.hpp"
#include "network/given_weights.hpp"
#include "record/recorder.hpp"
#include "record/take_weights.hpp"
#include "record/weight_recorder.hpp"
#include "task/load_trials.hpp"

#include <fmt/format.h>

namespace engram::session {

namespace {

std::vector<double> values_of(const data::Array &array) {
  std::vector<double> values(array.size());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = array.at(k);
  return values;
}

// Reads files for network::build, and keeps what was assumed.
struct FileReaders {
  std::vector<std::string> &lines;

  data::Table table(const std::string &file, const std::string &key) const {
    auto read = data::read_table(file, key);
    keep(read.notes);
    return read;
  }

  void keep(const std::vector<std::string> &notes) const {
    for (const auto &note : notes) lines.push_back("engram: note: " + note);
  }

  std::vector<double> weights(const model::Weights &weights, std::size_t posts, std::size_t pres) const {
    const auto array = table(weights.file, weights.key).array;
    network::check_shape(array.shape, posts, pres, weights.file);
    return values_of(array);
  }

  std::vector<std::vector<double>> spikes(const model::SpikeTimes &spike_times) const {
    std::vector<std::string> outside, notes;
    auto trains = data::read_spike_times(spike_times.file, spike_times.key, outside, &notes);
    if (!outside.empty())
      notes.push_back(spike_times.file + ": takes values also from " + data::printable_list(outside));
    keep(notes);
    return trains;
  }

  // Columns by their names, as the simulators of the field write them; without names in the documented order.
  network::Pairs pairs(const model::Typed &connect) const {
    static const std::vector<std::vector<std::string>> columns{
        {"pre", "presynaptic", "source", "sources", "pre_id", "source_id", "from", "i", "sender"},
        {"post", "postsynaptic", "target", "targets", "post_id", "target_id", "to", "j", "receiver"},
        {"weight", "weights", "w"}};
    const auto read = data::in_order(data::read_table(connect.file, ""), connect.file, columns, 1);
    keep(read.notes);
    const auto &shape = read.array.shape;
    return {connect.file, shape.size() == 2 ? shape[1] : 1, values_of(read.array)};
  }

  network::Readers all() const {
    return {[self = *this](const auto &weights, std::size_t posts, std::size_t pres) {
              return self.weights(weights, posts, pres);
            },
            [self = *this](const auto &spike_times) { return self.spikes(spike_times); },
            [self = *this](const auto &connect) { return self.pairs(connect); }};
  }
};

} // namespace

namespace {

// What hangs on held-out trials. Errors: input::InputError, where there are none.
void require_held_out(const model::Model &model, const task::Trials &trials) {
  if (!trials.held_out.empty()) return;
  std::vector<input::Problem> problems;
  const std::string none = "no trial is held out: /task/held_out says how many are";
  if (model.task.stop) problems.push_back({model.file, 0, "/task/stop", none});
  if (model.task.keep_best) problems.push_back({model.file, 0, "/task/keep", none});
  if (!problems.empty()) throw input::InputError(problems);
}

// The weights of the run file that the model begins with. Errors: input::InputError.
template <class T> void take_initial(const model::Model &model, LoadedCircuit<T> &opened) {
  try {
    const auto taken = record::take_weights(model.initial_run, opened.network);
    opened.lines.push_back(record::is_whole(taken)
                               ? "engram: note: the circuit begins with the weights of " + model.initial_run
                               : record::warning_of(model.initial_run, taken));
  } catch (const data::DataError &error) {
    throw input::InputError({{model.file, 0, "/initial/run", error.what()}});
  }
}

} // namespace

template <class T>
LoadedCircuit<T> open_circuit(const model::Model &model, const input::Places &places,
                              const dynamics::DynamicsEntries &entries, const task::TaskEntries &task_entries,
                              const data::DatasetFolders &data, network::Split split) {
  LoadedCircuit<T> opened;
  std::vector<input::Problem> problems, warnings;
  const auto each = [&](auto &&f) {
    try {
      f();
    } catch (const input::InputError &error) {
      for (const auto &problem : error.problems()) problems.push_back(input::placed(problem, places));
    }
  };
  task::Read read;
  each([&] {
    opened.trials = task::load_trials(model, data, read, task_entries);
    const std::string of_what = model.task.split.kind == model::Split::Kind::grouped
                                    ? "the groups"
                                    : std::to_string(opened.trials.count) + " trials";
    if (model.task.held_out.fraction > 0 && opened.trials.held_out.empty())
      warnings.push_back({model.file, 0, "/task/held_out",
                          fmt::format("{:g} of {} is none: nothing is tested", model.task.held_out.fraction, of_what)});
    if (model.task.test.fraction > 0 && opened.trials.test.empty())
      warnings.push_back({model.file, 0, "/task/test",
                          fmt::format("{:g} of {} is none: there is no test", model.task.test.fraction, of_what)});
    require_held_out(model, opened.trials);
    record::check_recorded_epochs(model, opened.trials);
    const auto unrecorded = record::never_recorded(model, opened.trials);
    warnings.insert(warnings.end(), unrecorded.begin(), unrecorded.end());
  });
  if (model.task.environment.given() && !model.objective.type.empty())
    opened.lines.push_back("engram: note: no gradient goes through the environment '" +
                           data::printable_line(model.task.environment.kind.type) +
                           "': what it shows and teaches counts as given");
  opened.label_names = std::move(read.label_names);
  for (const auto &note : read.notes) opened.lines.push_back("engram: note: " + note);
  each([&] { opened.network = network::build<T>(model, FileReaders{opened.lines}.all(), warnings, split); });
  if (problems.empty()) each([&] { record::check_recorded_weights(model, opened.network); });
  each([&] { dynamics::check_drawn(model, entries); });
  if (problems.empty() && !model.initial_run.empty()) each([&] { take_initial(model, opened); });
  if (!problems.empty()) throw input::InputError(problems);
  opened.lines.insert(opened.lines.end(), opened.network.warnings.begin(), opened.network.warnings.end());
  for (auto &warning : warnings) {
    warning.message = "warning: " + warning.message;
    opened.lines.push_back(input::to_text(input::placed(warning, places)));
  }
  return opened;
}

template LoadedCircuit<float> open_circuit(const model::Model &, const input::Places &,
                                           const dynamics::DynamicsEntries &, const task::TaskEntries &,
                                           const data::DatasetFolders &, network::Split);
template LoadedCircuit<double> open_circuit(const model::Model &, const input::Places &,
                                            const dynamics::DynamicsEntries &, const task::TaskEntries &,
                                            const data::DatasetFolders &, network::Split);

} // namespace engram::session
