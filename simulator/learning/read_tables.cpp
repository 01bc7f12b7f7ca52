#include "learning/read_tables.hpp"

#include "dynamics/plugin_dynamics.hpp"
#include "learning/child_process.hpp"
#include "learning/open_dynamics.hpp"
#include "learning/open_environment.hpp"
#include "learning/open_library.hpp"
#include "learning/open_objective.hpp"
#include "learning/open_rule.hpp"
#include "learning/rule_table.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

// How a table travels from one process to the other.
namespace engram::model {
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RuleSignal, post, name)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Parameter, name, unit, help, initial, minimum, maximum, above_minimum, per_neuron,
                                   integer, choices, file, in_steps, most_per_step)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RuleInfo, name, file, summary, reference, form, called_at, taught, delivery, local,
                                   spike_times, perturbs, single, double_, parameters, signals, modulators)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Signal, name, unit, help, needs_soma, needs_apical)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(State, name, unit, help, initial, from)
// What dynamics_info_of() sets.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Dynamics, name, help, reference, parameters, activation, default_activation, signals,
                                   compartments, state, pooled_activation, spikes, receptors, spike_slopes,
                                   conductance_slopes, linear, states, integrator)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Channel, name, help, fewest, most, optional)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Column, name, help, kind)
// What objective_info_of() and environment_info_of() set.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Named, name, help, reference, parameters, chooses, compared, sees, shows, targets,
                                   columns)
} // namespace engram::model
namespace engram::task {
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ObjectiveInfo, file, words, masks, counts, across_trials, over)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EnvironmentInfo, file, words, states, course)
} // namespace engram::task
namespace engram::dynamics {
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DynamicsInfo, file, words)
} // namespace engram::dynamics

namespace engram::learning {

namespace {

using Json = nlohmann::json;
constexpr double longest_seconds = 5; // that one file may take

// MessagePack: it keeps infinite numbers, and text that is not UTF-8. A length of 32 bits comes before it.
void send_table(int descriptor, const TableRead &table) {
  Json json{{"kind", static_cast<int>(table.kind)}, {"problem", table.problem}};
  switch (table.kind) {
  case model::PluginKind::rule:
    json["info"] = table.info;
    break;
  case model::PluginKind::dynamics:
    json["info"] = table.dynamics;
    break;
  case model::PluginKind::objective:
    json["info"] = table.objective;
    break;
  case model::PluginKind::environment:
    json["info"] = table.environment;
    break;
  }
  const auto bytes = Json::to_msgpack(json);
  const auto size = static_cast<std::uint32_t>(bytes.size());
  send(descriptor, &size, sizeof size);
  send(descriptor, bytes.data(), bytes.size());
}

/// The next one; nothing when it did not come, or not as it was sent.
std::optional<TableRead> receive_table(std::string_view &sent) {
  std::uint32_t size = 0;
  if (sent.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, sent.data(), sizeof size);
  if (sent.size() - sizeof size < size) return std::nullopt;
  const auto bytes = sent.substr(sizeof size, size);
  sent.remove_prefix(sizeof size + size);
  try {
    const auto json = Json::from_msgpack(bytes);
    TableRead table;
    table.problem = json.at("problem").get<std::string>();
    const auto kind = json.at("kind").get<std::size_t>();
    if (kind >= model::plugin_kinds.size()) return std::nullopt;
    table.kind = static_cast<model::PluginKind>(kind);
    const auto &info = json.at("info");
    const auto is_below = [](auto value, std::size_t count) { return static_cast<std::size_t>(value) < count; };
    switch (table.kind) {
    case model::PluginKind::rule:
      table.info = info.get<model::RuleInfo>();
      if (!is_below(table.info.form, model::form_words.size()) ||
          !is_below(table.info.called_at, model::moment_words.size()) ||
          !is_below(table.info.delivery, model::delivery_words.size()))
        return std::nullopt;
      break;
    case model::PluginKind::dynamics:
      table.dynamics = info.get<dynamics::DynamicsInfo>();
      break;
    case model::PluginKind::objective:
      table.objective = info.get<task::ObjectiveInfo>();
      if (!is_below(table.objective.words.compared, ENGRAM_TARGET_BEFORE + 1) ||
          !is_below(table.objective.over, ENGRAM_OVER_COURSE + 1))
        return std::nullopt;
      task::tell_over(table.objective);
      break;
    case model::PluginKind::environment:
      table.environment = info.get<task::EnvironmentInfo>();
      for (const auto &column : table.environment.words.columns)
        if (!is_below(column.kind, ENGRAM_COLUMN_TRUTH + 1)) return std::nullopt;
      break;
    }
    return table;
  } catch (const Json::exception &) { // a plugin may have written into the pipe
    return std::nullopt;
  }
}

TableRead read_table(const std::string &file) {
  TableRead out;
  out.file = file;
  try {
    auto object = open_library(file);
    out.kind = kind_of(object);
    switch (out.kind) {
    case model::PluginKind::rule:
      out.info = rule_info_of(OpenRule(std::move(object), file).table(), file);
      break;
    case model::PluginKind::dynamics:
      out.dynamics = dynamics::dynamics_info_of(OpenDynamics(std::move(object), file).table(), file);
      break;
    case model::PluginKind::objective:
      out.objective = objective_info_of(OpenObjective(std::move(object), file).table(), file);
      break;
    case model::PluginKind::environment:
      out.environment = environment_info_of(OpenEnvironment(std::move(object), file).table(), file);
      break;
    }
  } catch (const std::exception &error) { // the plugin's code may throw anything
    out.problem = error.what();
  } catch (...) {
    out.problem = file + ": an exception leaves it";
  }
  return out;
}

} // namespace

const std::string &TableRead::name() const {
  switch (kind) {
  case model::PluginKind::dynamics:
    return dynamics.words.name;
  case model::PluginKind::objective:
    return objective.words.name;
  case model::PluginKind::environment:
    return environment.words.name;
  case model::PluginKind::rule:
    break;
  }
  return info.name;
}

std::vector<TableRead> read_tables(const std::vector<std::string> &files) {
  std::vector<TableRead> out;
  while (out.size() < files.size()) {
    const auto came = run_in_child({longest_seconds, true}, [&](int descriptor) {
      for (std::size_t k = out.size(); k < files.size(); ++k) send_table(descriptor, read_table(files[k]));
    });
    std::string_view sent = came.sent;
    while (out.size() < files.size()) {
      auto table = receive_table(sent);
      if (!table) break;
      table->file = files[out.size()];
      out.push_back(std::move(*table));
    }
    if (out.size() == files.size()) break;
    // The next file ended the process; those after it are read in another.
    const auto &file = files[out.size()];
    TableRead lost;
    lost.file = file;
    lost.problem = file + ": " + (came.late ? "does not come to an end" : came.how()) + " while it is loaded";
    out.push_back(std::move(lost));
  }
  return out;
}

} // namespace engram::learning
