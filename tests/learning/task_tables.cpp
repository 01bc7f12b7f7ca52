// The tables of terms and environments are checked before anything else reads them, and their layout is that of their
// version.
#include "catch.hpp"
#include "learning/plugin_error.hpp"
#include "task_plugins.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <string>

using namespace engram;

namespace {

// Why a sound table is refused once `change` has changed it; "" when it is taken.
template <class Table> std::string refusal_once(Table table, const std::function<void(Table &)> &change) {
  change(table);
  try {
    learning::check_table(&table, "x.so");
  } catch (const learning::PluginError &error) {
    return error.what();
  }
  return "";
}

template <class Table>
void expect_refusals(const Table &sound,
                     const std::vector<std::pair<std::function<void(Table &)>, std::string>> &cases) {
  CHECK(refusal_once<Table>(sound, [](Table &) {}).empty());
  for (const auto &[change, words] : cases) {
    const auto text = refusal_once<Table>(sound, change);
    INFO(text);
    CHECK(text.starts_with("x.so: "));
    CHECK_THAT(text, ContainsSubstring(words));
    CHECK(text.find('\n') == std::string::npos);
  }
}

} // namespace

TEST_CASE("each fault of a term's table is refused with its own message", "[learning][plugins]") {
  const auto &sound = task_plugins::library().load_objective("huber");
  std::vector<engram_parameter> parameters(sound.parameters, sound.parameters + sound.parameter_count);
  expect_refusals<engram_objective>(
      sound,
      {{[](auto &t) { t.abi_version = 7; }, "made for version 7 of the plugin interface; this engram has version 2"},
       {[](auto &t) { t.table_size = 8; }, "its table has 8 bytes; this engram's has 120"},
       {[](auto &t) { t.abi_version = 1; }, "its table has 120 bytes; this engram's has 112"},
       {[](auto &t) { t.over = static_cast<engram_over>(3); }, "it looks over 3, which names nothing"},
       {[](auto &t) { t.over = ENGRAM_OVER_MEAN; },
        "it looks at the trial as a whole, and so is compared with nothing"},
       {[](auto &t) { t.name = "a b"; }, "'a b' is no name"},
       {[](auto &t) { t.reference = nullptr; }, "the reference is NULL"},
       {[](auto &t) { t.target = static_cast<engram_target>(7); }, "its target is 7, which names none"},
       {[](auto &t) { t.masks = 2; }, "masks, counts and across_trials are 2, 0 and 0"},
       {[&](auto &t) {
          parameters[0].name = "weight";
          t.parameters = parameters.data();
        },
        "a parameter named 'weight' would hide that key"},
       {[&](auto &t) {
          parameters[0].name = "width";
          parameters[0].initial = std::numeric_limits<double>::quiet_NaN();
          t.parameters = parameters.data();
        },
        "the default of parameter 'width', nan, is outside its range"},
       {[](auto &t) { t.callbacks[ENGRAM_SINGLE].loss = nullptr; }, "in single precision there is no callback loss"},
       {[](auto &t) { t.callbacks[ENGRAM_DOUBLE].hessian_product = nullptr; },
        "in double precision there is no callback hessian_product"}});
}

TEST_CASE("each fault of an environment's table is refused with its own message", "[learning][plugins]") {
  const auto &sound = task_plugins::library().load_environment("bandit_again");
  std::vector<engram_parameter> parameters(sound.parameters, sound.parameters + sound.parameter_count);
  std::vector<engram_channel> sees(sound.sees, sound.sees + sound.sees_count);
  std::vector<engram_column> columns(sound.columns, sound.columns + sound.column_count);
  std::vector<std::uint32_t> in_steps(sound.parameter_count);
  expect_refusals<engram_environment>(
      sound,
      {{[](auto &t) { t.abi_version = 0; }, "made for version 0 of the plugin interface; this engram has version 2"},
       {[](auto &t) { t.table_size = 8; }, "its table has 8 bytes; this engram's has 168"},
       {[](auto &t) { t.abi_version = 1; }, "its table has 168 bytes; this engram's has 152"},
       {[](auto &t) { t.chooses = 2; }, "chooses is 2, not 0 or 1"},
       {[](auto &t) { t.sees_count = 0; }, "sees nothing of a circuit"},
       {[](auto &t) { t.shows_count = 17; }, "17 channels that it shows are more than 16"},
       {[](auto &t) { t.state_count = 1u << 20; }, "1048576 numbers of a trial are more than 65536"},
       {[&](auto &t) {
          sees[0].fewest = 3;
          t.sees = sees.data();
        },
        "channel 'choice' takes 3 to 2 neurons, which are none"},
       {[&](auto &t) {
          columns[0].kind = ENGRAM_COLUMN_NUMBER;
          t.columns = columns.data();
        },
        "column 'choice' holds integers in every table of trials"},
       {[&](auto &t) {
          columns[0] = {"reward", "", ENGRAM_COLUMN_NUMBER};
          t.columns = columns.data();
        },
        "a column named 'reward' stands in the table of trials already"},
       {[&](auto &t) {
          columns[0] = {"other", "", ENGRAM_COLUMN_NUMBER};
          columns[1] = {"label", "", ENGRAM_COLUMN_INTEGER};
          t.columns = columns.data();
          t.chooses = 0;
        },
        "its column 'label' is the right choice, and there is no choice"},
       {[&](auto &t) {
          parameters[0].name = "trials";
          t.parameters = parameters.data();
        },
        "a parameter named 'trials' would hide that key"},
       {[&](auto &t) {
          in_steps[0] = 2;
          t.in_steps = in_steps.data();
        },
        "in_steps of parameter 'temperature' is 2, not 0 or 1"},
       {[](auto &t) { t.callbacks.step = nullptr; }, "there is no callback step"},
       {[](auto &t) { t.callbacks.next = nullptr; }, "there is no callback next, and it has a course of events"}});
}

TEST_CASE("the layouts of the interfaces of terms and environments are those of version 2", "[learning][plugins]") {
  // On 64-bit Linux. Whoever adds to one raises its version, and only then writes the new numbers here. What stood in
  // version 1 stays where it was: its tables are read.
  if (sizeof(void *) != 8) return;
  REQUIRE(ENGRAM_OBJECTIVE_ABI_VERSION == 2u);
  CHECK(offsetof(engram_compared, steps) == 64);
  CHECK(sizeof(engram_compared) == 80);
  CHECK(sizeof(engram_objective_callbacks) == 24);
  CHECK(offsetof(engram_objective, target) == 32);
  CHECK(offsetof(engram_objective, callbacks) == 64);
  CHECK(offsetof(engram_objective, over) == 112);
  CHECK(sizeof(engram_objective) == 120);
  REQUIRE(ENGRAM_ENVIRONMENT_ABI_VERSION == 2u);
  CHECK(sizeof(engram_channel) == 40);
  CHECK(sizeof(engram_column) == 24);
  CHECK(sizeof(engram_draw) == 24);
  CHECK(offsetof(engram_trial, targets) == 104);
  CHECK(sizeof(engram_trial) == 112);
  CHECK(sizeof(engram_happening) == 32);
  CHECK(sizeof(engram_events) == 48);
  CHECK(offsetof(engram_environment, targets) == 152);
  CHECK(sizeof(engram_environment) == 168);
}
