// Two implementations say whether a JSON value fits a schema: our sentences, and the validator.
#include "input/diagnose.hpp"
#include "catch.hpp"
#include "model/load.hpp"
#include "model/small_vocabulary.hpp"

using namespace engram;
using namespace engram::model;

TEST_CASE("the diagnosis and the validator agree on what fits the schema", "[model]") {
  // Two implementations of different principle: our sentences, and valijson's word. Values of a valid model are
  // replaced by values of every kind, one place at a time.
  const input::Json rules = schema(small_vocabulary());
  const input::Json valid = input::parse(digits_model, "m.json").value;
  const input::Json flat = valid.flatten();
  const std::vector<input::Json> others = {nullptr,
                                           true,
                                           -1,
                                           0,
                                           0.5,
                                           3,
                                           "",
                                           "tanh",
                                           "x y",
                                           input::Json::array(),
                                           input::Json::array({1, 2}),
                                           input::Json::object(),
                                           {{"type", "gaussian"}},
                                           {{"normal", {{"mean", 0}}}}};
  std::size_t refused = 0, accepted = 0;
  for (const auto &[pointer, value] : flat.items())
    for (const input::Json &other : others) {
      input::Json changed = valid;
      changed[input::Json::json_pointer(pointer)] = other;
      const input::Places nowhere;
      input::Problems problems(nowhere);
      input::diagnose(rules, rules, changed, "", problems);
      INFO(pointer << " = " << other.dump());
      CHECK(problems.empty() == input::validate(rules, changed).empty());
      ++(problems.empty() ? accepted : refused);
    }
  CHECK(refused > 100);
  CHECK(accepted > 20);
}
