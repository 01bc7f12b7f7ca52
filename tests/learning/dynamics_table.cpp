// The table of a dynamics is checked before anything else reads it, and its layout is that of its version.
#include "catch.hpp"
#include "learning/open_dynamics.hpp"
#include "learning/plugin_error.hpp"
#include "neurons.hpp"

#include <cstddef>
#include <functional>
#include <string>

using namespace engram;

namespace {

// Why a sound table is refused once `change` has changed it; "" when it is taken.
std::string refusal_of_table(const std::function<void(engram_dynamics &)> &change) {
  auto table = neurons::table("coupled_pair");
  change(table);
  try {
    learning::check_table(&table, "x.so");
  } catch (const learning::PluginError &error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("each fault of a dynamics' table is refused with its own message", "[learning][plugins]") {
  CHECK(refusal_of_table([](engram_dynamics &) {}).empty());
  const auto sound = neurons::table("coupled_pair");
  std::vector<engram_variable> states(sound.states, sound.states + sound.state_count);
  std::vector<engram_parameter> parameters(sound.parameters, sound.parameters + sound.parameter_count);
  const auto cases = std::vector<std::pair<std::function<void(engram_dynamics &)>, std::string>>{
      {[](auto &t) { t.abi_version = 7; }, "made for version 7 of the plugin interface; this engram has version 2"},
      {[](auto &t) { t.table_size = 8; }, "its table has 8 bytes; this engram's has 352"},
      {[](auto &t) { t.name = "a b"; }, "'a b' is no name"},
      {[](auto &t) { t.summary = nullptr; }, "the summary is NULL"},
      {[](auto &t) { t.integrator = "runge_kutta5"; }, "did you mean 'runge_kutta4'?"},
      {[](auto &t) { t.activation = "tan"; }, "did you mean 'tanh'?"},
      {[](auto &t) { t.reads_apical = 2; }, "reads_apical is 2, not 0 or 1"},
      {[](auto &t) { t.state_count = 0; }, "neurons without a state need no dynamics"},
      {[](auto &t) { t.state_count = 17; }, "17 states are more than 16"},
      {[&](auto &t) {
         states[1].name = states[0].name;
         t.states = states.data();
       },
       "state 'x' is declared twice"},
      {[&](auto &t) {
         states[1].name = "y";
         states[1].from = "stat";
         t.states = states.data();
       },
       "did you mean 'start'?"},
      {[&](auto &t) {
         parameters[0].name = "type";
         t.parameters = parameters.data();
       },
       "a parameter named 'type' would hide that key"},
      {[&](auto &t) {
         parameters[0].name = "tau";
         parameters[0].initial = -1;
         t.parameters = parameters.data();
       },
       "the default of parameter 'tau', -1, is outside its range"},
      {[](auto &t) { t.callbacks[ENGRAM_SINGLE].derivative_vjp = nullptr; },
       "in single precision there is no callback derivative_vjp"},
      {[](auto &t) { t.callbacks[ENGRAM_DOUBLE].readout = nullptr; }, "no callback readout, and no activation"},
      {[](auto &t) { t.callbacks[ENGRAM_DOUBLE].prepare = nullptr; }, "no callback prepare, and constants are derived"},
      {[](auto &t) { t.callbacks[ENGRAM_SINGLE].settle = nullptr; }, "one precision has a callback settle"},
      {[](auto &t) { t.spikes = 1; }, "the surrogate slope of a spike is 0 at the threshold"},
      {[](auto &t) { t.linear = 2; }, "linear is 2, not 0 or 1"},
      {[](auto &t) {
         t.callbacks[ENGRAM_SINGLE].beyond = [](const engram_population *, const void *, void *, engram_message *) {
           return ENGRAM_OK;
         };
       },
       "in single precision there are 1 of beyond"},
      {[](auto &t) { t.refractory = 1; }, "only neurons that spike are held after a spike"}};
  for (const auto &[change, words] : cases) {
    const auto text = refusal_of_table(change);
    INFO(text);
    CHECK(text.starts_with("x.so: "));
    CHECK_THAT(text, ContainsSubstring(words));
    CHECK(text.find('\n') == std::string::npos);
  }
}

TEST_CASE("the layout of the interface of dynamics is that of version 2", "[learning][plugins]") {
  // On 64-bit Linux. Whoever changes one raises ENGRAM_DYNAMICS_ABI_VERSION, and only then writes the new numbers here.
  if (sizeof(void *) != 8) return;
  REQUIRE(ENGRAM_DYNAMICS_ABI_VERSION == 2u);
  CHECK(sizeof(engram_variable) == 40);
  CHECK(sizeof(engram_population) == 40);
  CHECK(sizeof(engram_spiking_input) == 56);
  CHECK(sizeof(engram_spiking_step) == 40);
  CHECK(sizeof(engram_spiking_cotangents) == 32);
  CHECK(sizeof(engram_spike_cotangents) == 40);
  CHECK(sizeof(engram_neuron_callbacks) == 112);
  CHECK(offsetof(engram_dynamics, states) == 88);
  CHECK(offsetof(engram_dynamics, callbacks) == 128);
  CHECK(sizeof(engram_dynamics) == 352);
}
