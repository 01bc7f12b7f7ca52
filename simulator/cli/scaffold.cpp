#include "cli/scaffold.hpp"

#include <string_view>

namespace engram::cli {
namespace {

constexpr const char *cmake_text = R"(cmake_minimum_required(VERSION 3.25)
project(engram_rule_@NAME@ LANGUAGES CXX)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
find_package(engram REQUIRED)
engram_add_rule(@NAME@ rule.cpp)
)";

constexpr const char *rule_text =
    R"(// @NAME@: change it to your rule. It begins as the delta rule, dW = post.error * pre.rate'.
#include <engram/rule.hpp>

#include <cmath>

struct Rule {
  static constexpr engram::About about{.name = "@NAME@",
                                       .summary = "delta rule: error times presynaptic rate",
                                       .reference = "Widrow & Hoff 1960",
                                       .delivery = ENGRAM_DELIVERY_VECTOR};
  // What the user may set: name, unit, default, minimum, maximum, help, choices.
  static constexpr engram_parameter parameters[] = {
      {"margin", "", 0.0, 0.0, 1e6, "errors smaller than this change nothing", nullptr}};
  // What a synapse senses. A signal that is not named here cannot be read.
  static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("error")};

  // The presynaptic side's factor: one number for each neuron and trial.
  template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }

  // The postsynaptic side's. The host adds post_i * pre_j to the change of the synapse from j to i.
  template <class T> static void post(engram::Side<T> &side) {
    const auto error = side.signal("error");
    const auto margin = static_cast<T>(side.parameter("margin"));
    side.factor(0).fill([&](size_t i, size_t b) { return std::abs(error(i, b)) < margin ? T(0) : error(i, b); });
  }
};
ENGRAM_RULE(Rule)
)";

constexpr const char *readme_text = R"(# @NAME@

A learning rule for engram: `rule.cpp` is the rule, `model.json` a small circuit that learns by it.

    cmake -S . -B build -DCMAKE_PREFIX_PATH=<engram's build folder or install prefix>
    cmake --build build
    engram check-rule build/plugins/@NAME@.so
    engram run model.json

With `ENGRAM_PLUGIN_PATH` set to the folder `build/plugins`, any model finds the rule by its name.
)";

constexpr const char *model_text = R"({
  "name": "digits by @NAME@",
  "seed": 1,
  "architecture": {
    "regions": {
      "retina":   { "size": 64, "dynamics": "input" },
      "decision": { "size": 10, "dynamics": { "type": "static", "activation": "linear" } }
    },
    "projections": [
      { "from": "retina", "to": "decision", "connect": "dense", "weights": { "normal": { "gain": 1.0 } }, "rule": "@NAME@" }
    ]
  },
  "objective": { "type": "cross_entropy", "region": "decision" },
  "learning": { "rules": { "@NAME@": { "plugin": "./build/plugins/@NAME@.so", "rate": 0.1 } } },
  "task": {
    "stimuli": { "dataset": "digits" },
    "batch": 32, "epochs": 10,
    "trial": [ { "phase": "stimulus", "duration": 1, "stimulus": "retina", "objective": true, "plastic": true } ]
  }
}
)";

std::string named(std::string text, const std::string &name) {
  static constexpr std::string_view mark = "@NAME@";
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + name.size()))
    text.replace(at, mark.size(), name);
  return text;
}

} // namespace

std::vector<ScaffoldFile> scaffold(const std::string &name) {
  return {{"CMakeLists.txt", named(cmake_text, name)},
          {"rule.cpp", named(rule_text, name)},
          {"README.md", named(readme_text, name)},
          {"model.json", named(model_text, name)}};
}

} // namespace engram::cli
