// This is the neuron of Clopath, Büsing, Vasilaki & Gerstner 2010 (Nat Neurosci 13:344), and its solutions of high
// precision.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace clopath {

/// What SciPy gave (tests/rules/reference/voltage.py).
inline nlohmann::json reference() {
  std::ifstream file(ENGRAM_SOURCE_DIR "/tests/rules/reference/voltage.json");
  return nlohmann::json::parse(file);
}

/// The paper's neuron as the authors' program (ModelDB 144566, aEIF.m) has it; other parameters are the defaults.
inline const std::string neuron =
    R"({"type": "adex", "b": 0.0805, "reset": -49.6, "spike_width": 2, "spike_height": 33,
    "after_current": 400, "after_current_tau": 40, "threshold_jump": 20, "threshold_tau": 50, "peak": -20})";

} // namespace clopath
