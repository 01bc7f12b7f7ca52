// These checks test how a rule behaves. Each calls the rule on a projection outside any circuit.
#pragma once

#include <engram/plugin.h>

#include <string>

namespace engram::conformance {

// Each returns what was seen, in a line. Errors: Failure.

/// It reads and writes only what it was given.
std::string buffers(const engram_rule &rule);
/// Its changes and states are finite numbers, in silence too.
std::string numbers(const engram_rule &rule);
/// The same input gives the same bits.
std::string repeats(const engram_rule &rule);
/// So it does from several threads at once.
std::string threads(const engram_rule &rule);
/// A synapse senses no neurons but its own two.
std::string neighbours(const engram_rule &rule);
/// A synapse knows no weight or state but its own.
std::string other_synapses(const engram_rule &rule);
/// Neurons in another order change in that order.
std::string order(const engram_rule &rule);
/// A batch is the sum of its trials.
std::string batch_of_trials(const engram_rule &rule);
/// Single and double precision agree.
std::string precisions(const engram_rule &rule);
/// Values outside the ranges of its parameters are refused, and the ends of the ranges work.
std::string parameters(const engram_rule &rule, const std::string &file);

} // namespace engram::conformance
