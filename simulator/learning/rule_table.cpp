#include "learning/rule_table.hpp"

#include "dynamics/plugin_dynamics.hpp"
#include "learning/plugin_error.hpp"
#include "learning/table_check.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace engram::learning {
namespace {

const char *place_name(std::uint32_t place) {
  return place == ENGRAM_PRE ? "presynaptic" : place == ENGRAM_POST ? "postsynaptic" : "synaptic";
}

// Reads a table and complains about the first thing that is wrong.
class Check : TableCheck {
public:
  Check(const engram_rule &table, const std::string &file) : TableCheck(file), table_(table) {}

  void all() const {
    text(table_.name, "the rule's name", ENGRAM_MAX_NAME);
    require(is_name(table_.name), "'{}' is no rule's name: letters, digits, '_' and '-' make one", table_.name);
    text(table_.summary, "the summary");
    text(table_.reference, "the reference");
    require(table_.form >= ENGRAM_FACTORED && table_.form <= ENGRAM_SPIKING, "unknown form {}", table_.form);
    require(table_.moment >= ENGRAM_EACH_STEP && table_.moment <= ENGRAM_END_OF_TRIAL, "unknown moment {}",
            table_.moment);
    require(table_.delivery <= ENGRAM_DELIVERY_ATTENTION, "unknown delivery {}", table_.delivery);
    require(table_.local <= 1, "'local' is {}, not 0 or 1", table_.local);
    require(table_.form != ENGRAM_GLOBAL || table_.local == 0, "a global rule is not local, and says that it is");
    require(table_.spike_times <= (table_.form == ENGRAM_GLOBAL ? 1u : 0u),
            "'spike_times' is {}: it is 0 or 1, and 1 only of a global rule", table_.spike_times);
    factors();
    callbacks();
    parameters(table_.parameters, table_.parameter_count);
    signals();
    modulators();
    states();
    require(table_.perturbation <= table_.parameter_count, "its perturbation is of parameter {}, which it has not",
            table_.perturbation);
    require(table_.perturbation == 0 || table_.form == ENGRAM_SYNAPTIC, "only a synaptic rule perturbs its synapses");
    require(table_.sweep_every <= table_.parameter_count, "its sweeps are timed by parameter {}, which it has not",
            table_.sweep_every);
    late();
    from_weight();
  }

private:
  void factors() const {
    require(table_.pre_gain <= 1 && table_.post_gain <= 1, "a gain is asked for by 0 or 1, not by {} and {}",
            table_.pre_gain, table_.post_gain);
    if (table_.form == ENGRAM_FACTORED) {
      require(table_.factors <= ENGRAM_MAX_FACTORS, "{} factors are more than {}", table_.factors, ENGRAM_MAX_FACTORS);
      require(table_.factors > 0 || table_.pre_gain != 0 || table_.post_gain != 0,
              "a factored rule with neither factors nor gains changes nothing");
    } else {
      require(table_.factors == 0 && table_.pre_gain == 0 && table_.post_gain == 0,
              "only a factored rule has factors and gains");
    }
  }

  void callbacks() const {
    bool offered[2] = {false, false};
    for (const int precision : {ENGRAM_SINGLE, ENGRAM_DOUBLE}) {
      const auto &calls = table_.callbacks[precision];
      const char *word = precision == ENGRAM_SINGLE ? "single" : "double";
      if (table_.form == ENGRAM_FACTORED) {
        const bool pre = calls.pre_factors != nullptr, post = calls.post_factors != nullptr;
        require(pre == post, "a factored rule needs pre_factors and post_factors; in {} precision it has one of them",
                word);
        offered[precision] = pre;
      } else if (table_.form == ENGRAM_SYNAPTIC) {
        offered[precision] = calls.synapses != nullptr;
        require(offered[precision] || (calls.pre_state == nullptr && calls.post_state == nullptr),
                "a synaptic rule needs the callback synapses; in {} precision it has but those of one side", word);
      } else if (table_.form == ENGRAM_SPIKING) {
        const auto &spiking = table_.spiking[precision];
        offered[precision] = spiking.on_pre != nullptr || spiking.on_post != nullptr;
        require(table_.sweep_every == 0 || !offered[precision] || spiking.sweep != nullptr,
                "its sweeps are timed, and in {} precision there is no callback sweep", word);
      } else {
        offered[precision] = calls.global != nullptr;
      }
    }
    const char *needs = table_.form == ENGRAM_FACTORED   ? "pre_factors and post_factors"
                        : table_.form == ENGRAM_SYNAPTIC ? "synapses"
                        : table_.form == ENGRAM_SPIKING  ? "on_pre or on_post"
                                                         : "global";
    require(offered[ENGRAM_SINGLE] || offered[ENGRAM_DOUBLE], "no callbacks: a rule of its form needs {}", needs);
  }

  void signals() const {
    array(table_.signals, table_.signal_count, 2 * ENGRAM_MAX_SIGNALS, "signals");
    std::set<std::string> known;
    for (std::size_t k = 0; k < table_.signal_count; ++k) {
      const auto &signal = table_.signals[k];
      require(signal.place == ENGRAM_PRE || signal.place == ENGRAM_POST, "signal {} has the unknown place {}", k,
              signal.place);
      entry_name(signal.name, signal.place == ENGRAM_PRE ? "presynaptic signal" : "postsynaptic signal", k, known,
                 place_name(signal.place));
    }
    for (const std::uint32_t side : {ENGRAM_PRE, ENGRAM_POST}) {
      const auto count = std::count_if(table_.signals, table_.signals + table_.signal_count,
                                       [&](const engram_signal &signal) { return signal.place == side; });
      require(count <= ENGRAM_MAX_SIGNALS, "{} {} signals are more than {}", count, place_name(side),
              ENGRAM_MAX_SIGNALS);
    }
  }

  void modulators() const {
    array(table_.modulators, table_.modulator_count, ENGRAM_MAX_MODULATORS, "modulators");
    require(table_.form != ENGRAM_GLOBAL || table_.modulator_count == 0,
            "a global rule has no modulator that it is handed");
    std::set<std::string> known;
    for (std::size_t k = 0; k < table_.modulator_count; ++k) entry_name(table_.modulators[k], "modulator", k, known);
  }

  void states() const {
    array(table_.states, table_.state_count, 3 * ENGRAM_MAX_STATES, "states");
    require(table_.form != ENGRAM_GLOBAL || table_.state_count == 0, "a global rule has no state that it is handed");
    std::set<std::string> known;
    for (std::size_t k = 0; k < table_.state_count; ++k) {
      const auto &state = table_.states[k];
      require(state.place <= ENGRAM_PRE_PAIRS, "state {} has the unknown place {}", k, state.place);
      entry_name(state.name, "state", k, known, place_name(state.place));
      require(state.place != ENGRAM_SYNAPSE || table_.form == ENGRAM_SYNAPTIC || table_.form == ENGRAM_SPIKING,
              "state '{}' is kept for each synapse, which only a synaptic or spiking rule may ask for", state.name);
      require(state.place != ENGRAM_PRE_PAIRS || (table_.local == 0 && table_.form == ENGRAM_FACTORED),
              "state '{}' is kept for pairs of neurons, which only a factored rule that is not local may ask for",
              state.name);
      text(state.unit, fmt::format("the unit of state '{}'", state.name));
      text(state.help, fmt::format("the help of state '{}'", state.name));
      require(state.per_trial <= 1, "state '{}' has per_trial {}, not 0 or 1", state.name, state.per_trial);
      require(std::isfinite(state.initial), "state '{}' begins at {}", state.name, state.initial);
    }
    for (const std::uint32_t place : {ENGRAM_PRE, ENGRAM_POST, ENGRAM_SYNAPSE}) {
      const auto count =
          std::count_if(table_.states, table_.states + table_.state_count, [&](const engram_state &state) {
            return state.place == place || (place == ENGRAM_PRE && state.place == ENGRAM_PRE_PAIRS);
          });
      require(count <= ENGRAM_MAX_STATES, "{} {} states are more than {}", count, place_name(place), ENGRAM_MAX_STATES);
    }
  }

  void late() const {
    if (table_.state_late == nullptr) return;
    require(table_.form == ENGRAM_SPIKING, "only a spiking rule has states that are late");
    for (std::size_t k = 0; k < table_.state_count; ++k) {
      const auto by = table_.state_late[k];
      require(by <= table_.parameter_count, "state '{}' is late by parameter {}, which it has not",
              table_.states[k].name, by);
      require(by == 0 || table_.states[k].place == ENGRAM_PRE || table_.states[k].place == ENGRAM_POST,
              "state '{}' is kept for each synapse, and cannot be late", table_.states[k].name);
    }
  }

  void from_weight() const {
    if (table_.state_from_weight == nullptr) return;
    for (std::size_t k = 0; k < table_.state_count; ++k) {
      const auto from = table_.state_from_weight[k];
      const auto &state = table_.states[k];
      require(from <= 1, "state '{}' has state_from_weight {}, not 0 or 1", state.name, from);
      require(from == 0 || state.place == ENGRAM_SYNAPSE, "state '{}' is of no synapse, and cannot begin as a weight",
              state.name);
      require(from == 0 || state.initial == 0, "state '{}' begins as the weight, and not at {} as well", state.name,
              state.initial);
    }
  }

  const engram_rule &table_;
};

} // namespace

void check_table(const engram_rule *table, const std::string &file) {
  if (table == nullptr) throw PluginError(file + ": " ENGRAM_ENTRY_POINT " returned NULL");
  check_version(table->abi_version, table->table_size, ENGRAM_ABI_VERSION, sizeof(engram_rule), "plugin.h", file);
  Check(*table, file).all();
}

model::RuleInfo rule_info_of(const engram_rule &table, const std::string &file) {
  // The values of plugin.h, in whose order those of RuleInfo stand.
  using Info = model::RuleInfo;
  using Delivery = model::Objective::Delivery;
  static_assert(ENGRAM_SPIKING - ENGRAM_FACTORED == static_cast<int>(Info::Form::spiking));
  static_assert(ENGRAM_END_OF_TRIAL - ENGRAM_EACH_STEP == static_cast<int>(Info::CalledAt::end_of_trial));
  static_assert(ENGRAM_DELIVERY_ATTENTION - ENGRAM_DELIVERY_VECTOR == static_cast<int>(Delivery::attention));
  Info info;
  info.name = table.name;
  info.file = file;
  info.summary = table.summary;
  info.reference = table.reference;
  info.form = static_cast<Info::Form>(table.form - ENGRAM_FACTORED);
  info.called_at = static_cast<Info::CalledAt>(table.moment - ENGRAM_EACH_STEP);
  info.taught = table.delivery != ENGRAM_DELIVERY_NONE;
  if (info.taught) info.delivery = static_cast<Delivery>(table.delivery - ENGRAM_DELIVERY_VECTOR);
  info.local = table.local != 0;
  info.spike_times = table.spike_times != 0;
  info.perturbs = table.perturbation != 0;
  const auto offered = [&](engram_precision precision) {
    const auto &calls = table.callbacks[precision];
    const auto &spiking = table.spiking[precision];
    return calls.pre_factors != nullptr || calls.synapses != nullptr || calls.global != nullptr ||
           spiking.on_pre != nullptr || spiking.on_post != nullptr;
  };
  info.single = offered(ENGRAM_SINGLE);
  info.double_ = offered(ENGRAM_DOUBLE);
  for (std::size_t k = 0; k < table.parameter_count; ++k)
    info.parameters.push_back(dynamics::parameter_of(table.parameters[k]));
  if (table.sweep_every > 0) info.parameters[table.sweep_every - 1].in_steps = true;
  for (std::size_t k = 0; table.state_late != nullptr && k < table.state_count; ++k)
    if (table.state_late[k] > 0) info.parameters[table.state_late[k] - 1].in_steps = true;
  for (std::size_t k = 0; k < table.signal_count; ++k)
    info.signals.push_back({table.signals[k].place == ENGRAM_POST, table.signals[k].name});
  for (std::size_t k = 0; k < table.modulator_count; ++k) info.modulators.emplace_back(table.modulators[k]);
  return info;
}

} // namespace engram::learning
