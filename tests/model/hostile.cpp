// These tests load model files with wrong values in every place, and mutated ones.
#include "catch.hpp"
#include "input/diagnose.hpp"
#include "model/load.hpp"
#include "small_vocabulary.hpp"

#include <random>

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

TEST_CASE("mutated model files never do more than fail", "[model]") {
  const auto vocabulary = small_vocabulary();
  const std::string valid = digits_model;
  std::mt19937 random(1);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::string bytes = "{}[]\",:0123456789-.eE\\/~ntu\n\x80\xff";
  std::size_t refused = 0;
  for (int run = 0; run < 2000; ++run) {
    std::string text = valid;
    for (std::size_t k = 1 + below(3); k > 0; --k) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
      case 0:
        text[at] = bytes[below(bytes.size())];
        break;
      case 1:
        text.erase(at, 1 + below(20));
        break;
      case 2:
        text.insert(at, 1, bytes[below(bytes.size())]);
        break;
      default:
        text.insert(at, text.substr(below(text.size()), below(40)));
      }
    }
    try {
      load_text(text, "m.json", vocabulary);
    } catch (const input::InputError &error) {
      ++refused;
      REQUIRE(!error.problems().empty());
    }
  }
  CHECK(refused > 1000);
}
