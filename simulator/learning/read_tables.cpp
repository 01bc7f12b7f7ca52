#include "learning/read_tables.hpp"

#include "dynamics/plugin_dynamics.hpp"
#include "learning/child_process.hpp"
#include "learning/open_dynamics.hpp"
#include "learning/open_library.hpp"
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
                                   perturbs, single, double_, parameters, signals, modulators)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Signal, name, unit, help, needs_soma, needs_apical)
// What dynamics_info_of() sets.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Dynamics, name, help, reference, parameters, activation, default_activation, signals,
                                   compartments, state, pooled_activation, spikes, receptors, integrator)
} // namespace engram::model
namespace engram::dynamics {
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StateInfo, name, unit, help, initial, from)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DynamicsInfo, file, words, states)
} // namespace engram::dynamics

namespace engram::learning {

namespace {

using Json = nlohmann::json;
constexpr double longest_seconds = 5; // that one file may take

// MessagePack: it keeps infinite numbers, and text that is not UTF-8. A length of 32 bits comes before it.
void send_table(int descriptor, const TableRead &table) {
  Json json{{"is_dynamics", table.is_dynamics}, {"problem", table.problem}};
  if (table.is_dynamics)
    json["info"] = table.dynamics;
  else
    json["info"] = table.info;
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
    table.is_dynamics = json.at("is_dynamics").get<bool>();
    if (table.is_dynamics) {
      table.dynamics = json.at("info").get<dynamics::DynamicsInfo>();
      return table;
    }
    table.info = json.at("info").get<model::RuleInfo>();
    const auto is_word = [](auto value, const auto &words) { return static_cast<std::size_t>(value) < words.size(); };
    const auto &info = table.info;
    if (!is_word(info.form, model::form_words) || !is_word(info.called_at, model::moment_words) ||
        !is_word(info.delivery, model::delivery_words))
      return std::nullopt;
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
    out.is_dynamics = holds_dynamics(object);
    if (out.is_dynamics) {
      const OpenDynamics dynamics(std::move(object), file);
      out.dynamics = dynamics::dynamics_info_of(dynamics.table(), file);
    } else {
      const OpenRule rule(std::move(object), file);
      out.info = rule_info_of(rule.table(), file);
    }
  } catch (const std::exception &error) { // the plugin's code may throw anything
    out.problem = error.what();
  } catch (...) {
    out.problem = file + ": an exception leaves it";
  }
  return out;
}

} // namespace

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
    out.push_back({file,
                   false,
                   {},
                   {},
                   file + ": " + (came.late ? "does not come to an end" : came.how()) + " while it is loaded"});
  }
  return out;
}

} // namespace engram::learning
