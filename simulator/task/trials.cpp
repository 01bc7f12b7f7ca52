#include "task/load_trials.hpp"

#include "data/image.hpp"
#include "data/table.hpp"
#include "input/input_error.hpp"
#include "model/time_grid.hpp"
#include "numeric/random.hpp"
#include "task/check_values.hpp"
#include "task/environment.hpp"
#include "task/labels.hpp"
#include "task/split.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <optional>

namespace engram::task {

namespace {

data::Array array_of(const model::ArraySource &source, std::vector<std::string> &notes) {
  if (source.file.empty()) return {source.shape, source.values};
  auto table = data::read_table(source.file, source.key);
  notes.insert(notes.end(), table.notes.begin(), table.notes.end());
  try {
    return source.height > 0 ? data::luminance(table.array, source.height, source.width) : std::move(table.array);
  } catch (const data::DataError &error) {
    throw data::DataError(source.file + ": " + error.what());
  }
}

Labels labels_from(const model::ArraySource &source) {
  if (source.file.empty()) return labels_of(data::Array{source.shape, source.values}, "/task/stimuli/labels");
  const auto column = data::read_labels(source.file, source.key);
  try {
    auto labels = column.words.empty() ? labels_of(column.numbers.array, source.file, column.numbers.columns)
                                       : labels_of(column.words, source.file);
    labels.notes.insert(labels.notes.begin(), column.numbers.notes.begin(), column.numbers.notes.end());
    return labels;
  } catch (const data::DataError &error) {
    throw data::DataError(source.file + ": " + error.what());
  }
}

// The first label that has no neuron among so many; -1 and below have none.
std::optional<std::int64_t> without_neuron(const std::vector<std::int64_t> &labels, std::size_t neurons) {
  for (const auto label : labels)
    if (label < 0 || static_cast<std::size_t>(label) >= neurons) return label;
  return std::nullopt;
}

} // namespace

Trials load_trials(const model::Model &model, const data::DatasetFolders &folders) {
  Read read;
  return load_trials(model, folders, read);
}

Trials load_trials(const model::Model &model, const data::DatasetFolders &folders, Read &read,
                   const TaskEntries &entries) {
  if (model.task.environment.given()) return environment_trials(model);
  const auto &stimuli = model.task.stimuli;
  Trials trials;
  trials.scale = stimuli.scale;
  std::size_t own_test = 0, classes = 0;
  std::vector<input::Problem> problems;
  const auto problem = [&](const std::string &pointer, const std::string &message) {
    problems.push_back({model.file, 0, pointer, message});
  };
  const auto take_labels = [&](Labels labels) {
    trials.labels = std::move(labels.classes);
    read.label_names = std::move(labels.names);
    read.notes.insert(read.notes.end(), labels.notes.begin(), labels.notes.end());
  };
  const auto rows_of = [&](const std::string &name, std::size_t rows) {
    if (trials.count == 0) trials.count = rows;
    if (rows != trials.count)
      problem("/task/stimuli/" + name,
              "has " + std::to_string(rows) + " rows where others have " + std::to_string(trials.count));
  };
  if (!stimuli.dataset.empty()) {
    try {
      auto set = data::load_dataset(stimuli.dataset, folders);
      trials.scale *= set.scale;
      own_test = set.test;
      classes = set.classes;
      take_labels(labels_of(set.labels, stimuli.dataset));
      trials.count = set.inputs.rows();
      trials.arrays["inputs"] = std::move(set.inputs);
    } catch (const data::DataError &error) {
      throw input::InputError({{model.file, 0, "/task/stimuli/dataset", error.what()}});
    }
  }
  for (const auto &[name, source] : stimuli.arrays) {
    try {
      if (name == "labels") {
        take_labels(labels_from(source));
        rows_of(name, trials.labels.size());
        continue;
      }
      auto array = array_of(source, read.notes);
      refuse_not_finite(array, name, 1, model, may_be_missing(name, model, entries));
      if (const std::size_t missing = count_missing(array))
        read.notes.push_back(
            fmt::format("/task/stimuli/{}: {} of {} values are missing (NaN): the objective leaves them "
                        "out",
                        name, missing, array.size()));
      rows_of(name, array.rows());
      if (name == "targets") {
        trials.targets = std::move(array);
        trials.has_targets = true;
      } else {
        trials.arrays[name] = std::move(array);
      }
    } catch (const data::DataError &error) {
      problem("/task/stimuli/" + name, error.what());
    } catch (const input::InputError &error) {
      problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
  }
  if (!problems.empty()) throw input::InputError(problems);
  if (const auto inputs = trials.arrays.find("inputs"); inputs != trials.arrays.end()) try {
      refuse_not_finite(inputs->second, "inputs", trials.scale, model);
    } catch (const data::DataError &error) {
      throw input::InputError({{model.file, 0, "/task/stimuli/inputs", error.what()}});
    }
  if (trials.count == 0) trials.count = 1; // nothing is shown: one trial

  const auto tell_skipped = [&](const std::string &name, const data::Array &array, const model::Region &region,
                                const model::Phase &phase) {
    const std::size_t count = frames(array, region.size), steps = model::steps_of(phase.duration, model.time.step);
    if (count > steps)
      read.notes.push_back("/task/stimuli/" + name + ": has " + std::to_string(count) + " frames where phase '" +
                           phase.name + "' has " + std::to_string(steps) + (steps == 1 ? " step" : " steps") +
                           ": some are never shown");
  };
  for (std::size_t k = 0; k < model.task.trial.size(); ++k)
    for (const auto &shown : model.task.trial[k].stimuli) {
      const auto &region = model.regions[shown.region];
      const auto found = trials.arrays.find(shown.array);
      const std::string pointer = "/task/trial/" + std::to_string(k) + "/stimulus";
      if (found == trials.arrays.end() && model::follows_from_labels(shown.array) && !trials.labels.empty()) {
        if (const auto label = without_neuron(trials.labels, region.size))
          problem(pointer, "label " + std::to_string(*label) + " has no neuron in region '" + region.name +
                               "' of size " + std::to_string(region.size));
        else if (region.size < 2)
          problem(pointer, "a region of one neuron has no other label than its own");
      } else if (found == trials.arrays.end() && shown.array == "targets" && trials.has_targets) {
        if (trials.targets.row_size() != region.size && frames(trials.targets, region.size) == 1)
          problem(pointer, "shows targets of " + std::to_string(trials.targets.row_size()) + " values to region '" +
                               region.name + "' of " + std::to_string(region.size) + " neurons");
      } else if (found == trials.arrays.end())
        problem(pointer, "shows '" + shown.array + "', which the task's stimuli do not hold");
      else if (found->second.row_size() != region.size && frames(found->second, region.size) == 1)
        problem(pointer, "shows " + std::to_string(found->second.row_size()) + " values to region '" + region.name +
                             "' of " + std::to_string(region.size) + " neurons");
      else
        tell_skipped(shown.array, found->second, region, model.task.trial[k]);
    }
  for (const auto *term : model::terms_of(model)) {
    const auto &region = model.regions[term->region];
    const auto check_values = [&](const std::string &name, const data::Array &array) {
      if (objective_named(term->type, entries).counts && has_negative(array))
        problem("/task/stimuli/" + name, "has a number below 0, where '" + term->name + "' takes counts");
      for (const auto &phase : model.task.trial)
        if (term->phases.empty()
                ? phase.objective != 0
                : std::find(term->phases.begin(), term->phases.end(), phase.name) != term->phases.end())
          tell_skipped(name, array, region, phase);
      if (array.row_size() != region.size && frames(array, region.size) == 1)
        problem("/task/stimuli/" + name, "has " + std::to_string(array.row_size()) + " values a trial where region '" +
                                             region.name + "' has " + std::to_string(region.size) + " neurons");
    };
    const auto &target = term->target;
    if (target.kind == model::Target::Kind::array) {
      if (const auto found = trials.arrays.find(target.array); found != trials.arrays.end())
        check_values(target.array, found->second);
      else
        problem(term->pointer + "/target", "the task's stimuli hold no '" + target.array + "'");
    }
    if (target.kind == model::Target::Kind::classes && trials.labels.empty())
      problem(term->pointer, "'" + term->type + "' compares trials by their labels, and the task has none");
    if (target.kind != model::Target::Kind::task) continue;
    const bool values = trials.has_targets && target.array != "labels";
    if (values) check_values("targets", trials.targets);
    if (!values && trials.labels.empty())
      problem("/task/stimuli",
              target.array == "labels" ? "an objective needs 'labels'" : "an objective needs 'targets' or 'labels'");
    if (values) continue;
    if (const auto label = without_neuron(trials.labels, region.size))
      problem(term->pointer + "/region",
              "label " + std::to_string(*label) + " has no neuron in region '" + region.name + "' of size " +
                  std::to_string(region.size) +
                  (classes ? " (the data set has " + std::to_string(classes) + " classes)" : ""));
  }
  if (!problems.empty()) throw input::InputError(problems);
  divide(model, own_test, trials);
  return trials;
}

std::vector<std::vector<std::size_t>> batches(const std::vector<std::size_t> &rows, std::size_t batch, bool shuffle,
                                              std::uint64_t seed, std::size_t epoch) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (shuffle) order = numeric::permutation({seed, numeric::Purpose::shuffle, 0}, rows.size(), epoch);
  std::vector<std::vector<std::size_t>> out;
  for (std::size_t k = 0; k < order.size(); k += batch) {
    auto &part = out.emplace_back();
    for (std::size_t j = k; j < std::min(order.size(), k + batch); ++j) part.push_back(rows[order[j]]);
  }
  return out;
}

std::size_t frames(const data::Array &array, std::size_t neurons) {
  const bool framed = array.shape.size() == 3 && array.shape[2] == neurons && array.row_size() != neurons;
  return framed ? array.shape[1] : 1;
}

namespace {

// The values of the frame that is shown now.
template <class T>
void gather_frame(const data::Array &source, const BatchFrame &batch_frame, double scale, numeric::Matrix<T> &out) {
  const std::size_t frame = batch_frame.step * frames(source, out.n_rows) / batch_frame.steps;
  source.gather(batch_frame.rows, frame * out.n_rows, out.n_rows, scale, out.memptr());
}

// Another label than the true one, by a uniform number u.
std::size_t wrong_label(std::size_t label, std::size_t classes, double u) {
  const auto others = static_cast<double>(classes - 1);
  return (label + 1 + std::min(classes - 2, static_cast<std::size_t>(u * others))) % classes;
}

// The same, in proportion to the rates of the other labels.
template <class T> std::size_t wrong_label(std::size_t label, std::size_t classes, double u, const T *rate) {
  const auto weight = [&](std::size_t i) { return i == label ? 0.0 : std::max(0.0, static_cast<double>(rate[i])); };
  double sum = 0;
  for (std::size_t i = 0; i < classes; ++i) sum += weight(i);
  if (!(sum > 0)) return wrong_label(label, classes, u);
  double left = u * sum;
  std::size_t last = label;
  for (std::size_t i = 0; i < classes; ++i) {
    if (weight(i) == 0) continue;
    last = i;
    left -= weight(i);
    if (left < 0) break;
  }
  return last;
}

} // namespace

template <class T>
void gather(const Trials &trials, const std::string &array, const BatchFrame &frame, std::uint64_t seed,
            const numeric::Matrix<T> &likely, numeric::Matrix<T> &out) {
  const auto source = trials.arrays.find(array);
  if (source != trials.arrays.end()) {
    gather_frame(source->second, frame, array == "inputs" ? trials.scale : 1.0, out);
    return;
  }
  if (array == "targets" && trials.has_targets) {
    gather_frame(trials.targets, frame, 1.0, out);
    return;
  }
  const std::size_t classes = out.n_rows;
  if (array == "even_targets") {
    out.fill(T(1) / static_cast<T>(classes));
    return;
  }
  const numeric::Random random{seed, numeric::Purpose::label, 0};
  out.zeros();
  for (std::size_t b = 0; b < frame.rows.size(); ++b) {
    auto label = static_cast<std::size_t>(trials.labels[frame.rows[b]]);
    const double u = random.uniform(frame.rows[b], frame.epoch);
    if (array == "wrong_targets") label = wrong_label(label, classes, u);
    if (array == "likely_wrong_targets") label = wrong_label(label, classes, u, likely.colptr(b));
    out(label, b) = 1;
  }
}

template <class T>
void gather_targets(const Trials &trials, const model::Target &target, const BatchFrame &frame, std::size_t neurons,
                    numeric::Matrix<T> &out) {
  if (target.kind == model::Target::Kind::classes) {
    out.set_size(1, frame.rows.size());
    for (std::size_t b = 0; b < frame.rows.size(); ++b) out[b] = static_cast<T>(trials.labels[frame.rows[b]]);
    return;
  }
  out.zeros(neurons, frame.rows.size());
  if (target.kind == model::Target::Kind::array) {
    gather_frame(trials.arrays.at(target.array), frame, target.array == "inputs" ? trials.scale : 1.0, out);
    return;
  }
  if (trials.has_targets && target.array != "labels") {
    gather_frame(trials.targets, frame, 1.0, out);
    return;
  }
  for (std::size_t b = 0; b < frame.rows.size(); ++b)
    out(static_cast<std::size_t>(trials.labels[frame.rows[b]]), b) = 1;
}

std::size_t target_frames(const Trials &trials, const model::Target &target, std::size_t neurons) {
  if (target.kind == model::Target::Kind::array) return frames(trials.arrays.at(target.array), neurons);
  const bool given = target.kind == model::Target::Kind::task && trials.has_targets && target.array != "labels";
  return given ? frames(trials.targets, neurons) : 1;
}

#define INSTANTIATE(T)                                                                                                 \
  template void gather(const Trials &, const std::string &, const BatchFrame &, std::uint64_t,                         \
                       const numeric::Matrix<T> &, numeric::Matrix<T> &);                                              \
  template void gather_targets(const Trials &, const model::Target &, const BatchFrame &, std::size_t,                 \
                               numeric::Matrix<T> &);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace engram::task
