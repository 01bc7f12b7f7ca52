#include "cli/scaffold.hpp"

namespace engram::cli {
namespace {

constexpr const char *cmake_text = R"(cmake_minimum_required(VERSION 3.25)
project(engram_@NAME@ LANGUAGES CXX)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
find_package(engram REQUIRED)
engram_add_plugin(@NAME@ @SOURCE@)
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

@ABOUT@

    cmake -G Ninja -S . -B build -DCMAKE_PREFIX_PATH=<engram's build folder or install prefix>
    cmake --build build
    engram check build/plugins/@NAME@.so
    engram run model.json

With `ENGRAM_PLUGIN_PATH` set to the folder `build/plugins`, any model finds it by its name, and `engram @LIST@ @NAME@`
describes it.
)";

constexpr const char *rule_about =
    "A learning rule for engram: `rule.cpp` is the rule, `model.json` a small circuit that learns by it.";

constexpr const char *neuron_text =
    R"(// @NAME@: change it to your neuron. It begins as a rate that tires:
//   tau u' = -u + I - strength w,   tau_w w' = rate - w,   rate = log(1 + e^u).
#include <engram/dynamics.hpp>

struct MyNeuron {
  static constexpr engram::Neuron about{.name = "@NAME@",
                                        .summary = "tau u' = -u + I - strength w, tau_w w' = rate - w",
                                        .reference = "who described it, and where"};
  // Name, unit, value as a trial begins, help.
  static constexpr engram_variable states[] = {engram::state("u", "", 0, "the potential"),
                                               engram::state("w", "", 0, "what the rate was of late")};
  // What the user may set, for all neurons or neuron by neuron: name, unit, default, minimum, maximum, help.
  static constexpr engram_parameter parameters[] = {
      engram::parameter("tau", "ms", 10, 0.01, 1e6, "time constant of u"),
      engram::parameter("tau_w", "ms", 100, 0.01, 1e6, "time constant of w"),
      engram::parameter("strength", "", 0.5, 0, 1e3, "how much w inhibits u")};

  // One member for each of `states`, and one for each of `parameters`, in their order.
  template <class T> struct State { T u, w; };
  template <class T> struct Constants { T tau, tau_w, strength; };

  // Written once: engram runs it on plain numbers, and on numbers that carry derivatives.
  static void derivative(const auto &x, const auto &p, const auto &in, auto &slope) {
    slope.u = (-x.u + in.soma - p.strength * x.w) / p.tau;
    slope.w = (rate(x, p) - x.w) / p.tau_w;
  }
  static auto rate(const auto &x, const auto &) { return softplus(x.u); }
};
ENGRAM_DYNAMICS(MyNeuron)
)";

constexpr const char *neuron_about = "The dynamics of a neuron for engram: `dynamics.cpp` is the neuron, `model.json` "
                                     "a small circuit of it that learns by "
                                     "the exact\ngradient.";

constexpr const char *neuron_model_text = R"({
  "name": "digits by neurons of @NAME@",
  "seed": 1,
  "time": { "step": 1 },
  "architecture": {
    "regions": {
      "retina":   { "size": 64, "dynamics": "input" },
      "cells":    { "size": 50, "dynamics": { "type": "./build/plugins/@NAME@.so", "tau": 5 } },
      "decision": { "size": 10, "dynamics": { "type": "static", "activation": "linear" } }
    },
    "projections": [
      { "from": "retina", "to": "cells", "rule": "gradient" },
      { "from": "cells", "to": "cells", "delay": 2, "weights": { "normal": { "gain": 0.5 } }, "rule": "gradient" },
      { "from": "cells", "to": "decision", "rule": "gradient" }
    ]
  },
  "objective": { "type": "cross_entropy", "region": "decision" },
  "learning": { "rules": { "gradient": { "plugin": "backprop", "rate": 0.005, "optimizer": "adam" } } },
  "task": {
    "stimuli": { "dataset": "digits" },
    "batch": 32, "epochs": 3,
    "trial": [
      { "phase": "settle", "duration": 10, "stimulus": "retina" },
      { "phase": "answer", "duration": 5, "stimulus": "retina", "objective": true, "plastic": true }
    ]
  }
}
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

} // namespace

std::string replaced(std::string text, std::string_view mark, const std::string &by) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
    text.replace(at, mark.size(), by);
  return text;
}

std::vector<ScaffoldFile> scaffold_of(const ScaffoldKind &kind, const std::string &name) {
  const auto named = [&](const std::string &text) { return replaced(text, "@NAME@", name); };
  const auto readme = replaced(replaced(readme_text, "@ABOUT@", kind.about), "@LIST@", kind.list);
  return {{"CMakeLists.txt", named(replaced(cmake_text, "@SOURCE@", kind.source))},
          {kind.source, named(kind.text)},
          {"README.md", named(readme)},
          {"model.json", named(kind.model)}};
}

std::vector<ScaffoldFile> scaffold(const std::string &name) {
  return scaffold_of({"rule.cpp", rule_text, rule_about, "rules", model_text}, name);
}

std::vector<ScaffoldFile> scaffold_dynamics(const std::string &name) {
  return scaffold_of({"dynamics.cpp", neuron_text, neuron_about, "dynamics", neuron_model_text}, name);
}

} // namespace engram::cli
