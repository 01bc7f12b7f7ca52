#include "learning/open_dynamics.hpp"

#include "dynamics/activation_entry.hpp"
#include "dynamics/integrator_entry.hpp"
#include "input/nearest.hpp"
#include "learning/open_library.hpp"
#include "learning/table_check.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace engram::learning {

namespace {

template <class Entries> std::vector<std::string> names_of(const Entries &entries) {
  std::vector<std::string> out;
  for (const auto &entry : entries) out.push_back(entry.words.name);
  return out;
}

// Reads a table and complains about the first thing that is wrong.
class DynamicsCheck : TableCheck {
public:
  DynamicsCheck(const engram_dynamics &table, const std::string &file) : TableCheck(file), table_(table) {}

  void all() const {
    text(table_.name, "the name", ENGRAM_MAX_NAME);
    require(is_name(table_.name), "'{}' is no name: letters, digits, '_' and '-' make one", table_.name);
    text(table_.summary, "the summary");
    text(table_.reference, "the reference");
    text(table_.integrator, "the integrator", ENGRAM_MAX_NAME);
    known(table_.integrator, "integrator", names_of(dynamics::integrator_entries()));
    if (table_.activation != nullptr) {
      text(table_.activation, "the activation", ENGRAM_MAX_NAME);
      known(table_.activation, "activation", names_of(dynamics::activation_entries()));
    }
    require(table_.spikes <= 1 && table_.upward <= 1, "spikes and upward are {} and {}, not 0 or 1", table_.spikes,
            table_.upward);
    require(table_.spikes == 1 || (table_.upward == 0 && table_.refractory == 0),
            "only neurons that spike are held after a spike, or cross a threshold");
    require(table_.spikes == 0 || table_.activation == nullptr, "neurons that spike have no activation");
    require(table_.linear <= 1, "linear is {}, not 0 or 1", table_.linear);
    require(table_.spikes == 0 || (is_positive(table_.surrogate_gain) && is_positive(table_.surrogate_width)),
            "the surrogate slope of a spike is {} at the threshold, and {} wide: both are to be above 0",
            table_.surrogate_gain, table_.surrogate_width);
    require(table_.refractory <= table_.parameter_count, "its refractory time is parameter {}, which it has not",
            table_.refractory);
    require(table_.reads_apical <= 1, "reads_apical is {}, not 0 or 1", table_.reads_apical);
    parameters(table_.parameters, table_.parameter_count);
    for (std::size_t k = 0; k < table_.parameter_count; ++k)
      for (const std::string taken :
           {"type", "activation", "trace_tau", "reset_slope", "surrogate", "surrogate_gain", "surrogate_width"})
        require(table_.parameters[k].name != taken, "a parameter named '{}' would hide that key of a model file",
                taken);
    require(table_.derived_count <= ENGRAM_MAX_DERIVED, "{} derived constants are more than {}", table_.derived_count,
            ENGRAM_MAX_DERIVED);
    states();
    for (const int precision : {ENGRAM_SINGLE, ENGRAM_DOUBLE}) callbacks(precision);
    const auto settles = [&](int precision) { return table_.callbacks[precision].settle != nullptr; };
    require(settles(ENGRAM_SINGLE) == settles(ENGRAM_DOUBLE), "one precision has a callback settle, the other none");
    const auto back = [&](int precision) { return table_.callbacks[precision].fire_vjp != nullptr; };
    require(back(ENGRAM_SINGLE) == back(ENGRAM_DOUBLE), "one precision has a callback fire_vjp, the other none");
  }

private:
  static bool is_positive(double x) { return std::isfinite(x) && x > 0; }

  void known(const char *name, const char *kind, const std::vector<std::string> &names) const {
    require(std::find(names.begin(), names.end(), name) != names.end(), "{}", input::unknown(kind, name, names));
  }

  void states() const {
    array(table_.states, table_.state_count, ENGRAM_MAX_VARIABLES, "states");
    require(table_.state_count > 0, "neurons without a state need no dynamics");
    std::set<std::string> names;
    for (std::size_t k = 0; k < table_.state_count; ++k) {
      const auto &state = table_.states[k];
      entry_name(state.name, "state", k, names);
      text(state.unit, fmt::format("the unit of state '{}'", state.name));
      text(state.help, fmt::format("the help of state '{}'", state.name));
      require(std::isfinite(state.initial), "state '{}' begins at {}", state.name, state.initial);
      if (state.from == nullptr) continue;
      text(state.from, fmt::format("the parameter that state '{}' begins at", state.name), ENGRAM_MAX_NAME);
      std::vector<std::string> all;
      for (std::size_t p = 0; p < table_.parameter_count; ++p) all.emplace_back(table_.parameters[p].name);
      require(std::find(all.begin(), all.end(), state.from) != all.end(), "state '{}' begins at an {}", state.name,
              input::unknown("parameter", state.from, all));
    }
  }

  void callbacks(int precision) const {
    const auto &calls = table_.callbacks[precision];
    const char *word = precision == ENGRAM_SINGLE ? "single" : "double";
    const auto needs = [&](bool there, const char *name) {
      require(there, "in {} precision there is no callback {}", word, name);
    };
    needs(calls.derivative != nullptr, "derivative");
    needs(calls.derivative_vjp != nullptr, "derivative_vjp");
    needs(calls.relaxation != nullptr, "relaxation");
    needs(table_.derived_count == 0 || calls.prepare != nullptr, "prepare, and constants are derived");
    const int back =
        (calls.beyond != nullptr) + (calls.spiking_derivative_vjp != nullptr) + (calls.fire_vjp != nullptr);
    require(back == (calls.fire_vjp != nullptr && table_.spikes != 0 ? 3 : 0),
            "in {} precision there are {} of beyond, spiking_derivative_vjp and fire_vjp: all three of neurons that "
            "spike, or "
            "none",
            word, back);
    needs(table_.spikes == 0 || (calls.spiking_derivative != nullptr && calls.fire != nullptr),
          "spiking_derivative or fire, and its neurons spike");
    const bool reads_out = table_.activation == nullptr && table_.spikes == 0;
    needs(!reads_out || calls.readout != nullptr, "readout, and no activation");
    needs(!reads_out || calls.readout_vjp != nullptr, "readout_vjp, and no activation");
    needs(calls.settle == nullptr || calls.settle_vjp != nullptr, "settle_vjp, and there is a settle");
  }

  const engram_dynamics &table_;
};

} // namespace

void check_table(const engram_dynamics *table, const std::string &file) {
  if (table == nullptr) throw PluginError(file + ": " ENGRAM_DYNAMICS_ENTRY_POINT " returned NULL");
  check_version(table->abi_version, table->table_size, ENGRAM_DYNAMICS_ABI_VERSION, sizeof(engram_dynamics),
                "dynamics.h", file);
  DynamicsCheck(*table, file).all();
}

OpenDynamics::OpenDynamics(const std::string &file) : OpenDynamics(open_library(file), file) {}

OpenDynamics::OpenDynamics(SharedObject object, const std::string &file) : object_(std::move(object)) {
  table_ = static_cast<const engram_dynamics *>(
      table_of_library(object_, ENGRAM_DYNAMICS_ENTRY_POINT, model::PluginKind::dynamics, "ENGRAM_DYNAMICS", file));
  check_table(table_, file);
  std::vector<const void *> own{table_, table_->parameters, table_->states};
  for (std::size_t k = 0; k < table_->parameter_count; ++k) own.push_back(table_->parameters[k].choices);
  check_own(object_, ENGRAM_DYNAMICS_ENTRY_POINT, own, file);
}

} // namespace engram::learning
