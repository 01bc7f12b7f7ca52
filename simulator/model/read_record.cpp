// read_record() reads what is recorded: signals of regions, and weights of projections.
#include "input/diagnose.hpp"
#include "input/nearest.hpp"
#include "model/reader.hpp"
#include "model/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace engram::model {

namespace {

ChosenEpochs read_epochs(const input::Json &value, const Model &model, std::size_t first, const std::string &pointer,
                         input::Problems &problems) {
  ChosenEpochs out;
  if (value.is_string()) { // "all"
    out.every = 1;
    return out;
  }
  const std::size_t epochs = model.task.epochs;
  const auto check = [&](std::size_t epoch, const std::string &at) {
    if (epoch < first)
      problems.add(at, "the first epoch is 1");
    else if (epoch > epochs)
      problems.add(at, fmt::format("there is no epoch {}: the task has {}", epoch, epochs));
  };
  if (value.is_object()) {
    out.every = value.at("every").get<std::size_t>();
    if (out.every > epochs) check(out.every, pointer + "/every");
    return out;
  }
  out.list = value.get<std::vector<std::size_t>>();
  for (std::size_t k = 0; k < out.list.size(); ++k) {
    const std::string at = input::below(pointer, k);
    check(out.list[k], at);
    if (std::find(out.list.begin(), out.list.begin() + static_cast<std::ptrdiff_t>(k), out.list[k]) !=
        out.list.begin() + static_cast<std::ptrdiff_t>(k))
      problems.add(at, "the epoch stands here a second time");
  }
  std::sort(out.list.begin(), out.list.end());
  return out;
}

void read_neurons(const input::Json &value, Recorded &out, const Model &model, const std::string &pointer,
                  input::Problems &problems) {
  out.neurons = value.get<std::vector<std::size_t>>();
  for (auto each = out.neurons.begin(); each != out.neurons.end(); ++each) {
    const std::string at = input::below(pointer, static_cast<std::size_t>(each - out.neurons.begin()));
    const std::size_t size = out.region == unresolved ? *each + 1 : model.regions[out.region].size;
    if (*each >= size)
      problems.add(
          at, fmt::format("there is no neuron {}: '{}' has {}, from 0", *each, model.regions[out.region].name, size));
    else if (std::find(out.neurons.begin(), each, *each) != each)
      problems.add(at, "the neuron stands here a second time");
  }
}

// Whose weights a run keeps.
std::vector<std::string> names_of_weights(const Model &model) {
  std::vector<std::string> names;
  for (const auto &projection : model.projections) names.push_back(projection.name);
  for (const auto &region : model.regions)
    if (!region.bias_rules.empty() || region.bias.kind != Quantity::Kind::constant || region.bias.a != 0)
      names.push_back(region.name + ".bias");
  return names;
}

void read_recorded_weights(const std::string &name, const input::Json &value, Model &model, input::Problems &problems) {
  RecordedWeights out;
  out.projection = name;
  out.pointer = input::below("/record", name);
  const auto known = names_of_weights(model);
  if (std::find(known.begin(), known.end(), name) == known.end())
    problems.add(out.pointer, input::unknown("projection", input::shown(name), known));
  const input::Json &what = value.at("weights");
  if (what.is_array()) {
    out.what = RecordedWeights::What::synapses;
    for (const auto &pair : what) out.synapses.emplace_back(pair.at(0), pair.at(1));
    auto sorted = out.synapses;
    std::sort(sorted.begin(), sorted.end());
    if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
      problems.add(out.pointer + "/weights",
                   fmt::format("the synapse [{}, {}] stands here twice", twice->first, twice->second));
  } else if (what == "statistics") {
    out.what = RecordedWeights::What::statistics;
    out.quantiles = value.value("quantiles", std::vector<double>{0.05, 0.25, 0.5, 0.75, 0.95});
    auto sorted = out.quantiles;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
      problems.add(out.pointer + "/quantiles", "a quantile stands here twice");
  }
  if (value.contains("quantiles") && what != "statistics")
    problems.add(out.pointer + "/quantiles", "quantiles are kept with \"weights\": \"statistics\"");
  if (value.contains("epochs"))
    out.epochs = read_epochs(value.at("epochs"), model, 0, out.pointer + "/epochs", problems);
  else
    out.epochs.every = 1;
  model.record_weights.push_back(std::move(out));
}

} // namespace

void read_record(const input::Json &record, const Vocabulary &vocabulary, Model &model, input::Problems &problems) {
  for (const auto &[name, value] : record.items()) {
    if (value.is_object() && value.contains("weights")) {
      read_recorded_weights(name, value, model, problems);
      continue;
    }
    const std::string pointer = input::below("/record", name);
    Recorded out;
    out.region = region_index(model, name, pointer, problems);
    const bool is_list = value.is_array();
    const auto names = (is_list ? value : value.at("signals")).get<std::vector<std::string>>();
    if (out.region != unresolved) {
      const auto &dynamics = dynamics_of(model.regions[out.region], vocabulary);
      auto known = signal_names(dynamics);
      for (const auto &state : dynamics.states)
        if (state_named(dynamics, state.name)) known.push_back(state.name);
      for (auto each = names.begin(); each != names.end(); ++each) {
        const std::string at =
            input::below(is_list ? pointer : pointer + "/signals", static_cast<std::size_t>(each - names.begin()));
        if (std::find(known.begin(), known.end(), *each) == known.end())
          problems.add(at, input::unknown("signal", input::shown(*each), known));
        else if (std::find(names.begin(), each, *each) != each)
          problems.add(at, "the signal stands here a second time");
        else if (const auto *state = state_named(dynamics, *each))
          out.states.push_back({*each, state->unit, static_cast<std::size_t>(state - dynamics.states.data())});
        else
          out.signals.push_back(*each);
      }
    }
    if (!is_list) {
      if (value.contains("trials")) {
        const input::Json &trials = value.at("trials");
        if (trials.is_array()) {
          out.trials = trials.get<std::vector<std::size_t>>();
        } else {
          const std::string which = trials.get<std::string>();
          out.which = which == "training"   ? Recorded::Which::training
                      : which == "held_out" ? Recorded::Which::held_out
                      : which == "test"     ? Recorded::Which::test
                                            : Recorded::Which::all;
        }
      }
      out.every = value.value("every", std::size_t{1});
      out.from = value.value("from", 0.0);
      out.to = value.value("to", -1.0);
      if (value.contains("neurons")) read_neurons(value.at("neurons"), out, model, pointer + "/neurons", problems);
      if (value.contains("epochs"))
        out.epochs = read_epochs(value.at("epochs"), model, 1, pointer + "/epochs", problems);
    }
    model.record.push_back(std::move(out));
  }
}

} // namespace engram::model
