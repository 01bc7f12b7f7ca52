// These are the checks of a term of the objective, but those that try a plugin's process. Each returns what was seen,
// or throws Failure.
#pragma once

#include <engram/objective.h>

#include <string>

namespace engram::conformance {

std::string term_numbers(const engram_objective &);    ///< finite
std::string term_repeats(const engram_objective &);    ///< the same bits again, from several threads, and after others
std::string term_trials(const engram_objective &);     ///< a trial follows from itself alone, unless the table says so
std::string term_gradient(const engram_objective &);   ///< gradient and second derivatives against finite differences
std::string term_missing(const engram_objective &);    ///< what is missing of a target is left out
std::string term_precisions(const engram_objective &); ///< single and double agree
std::string term_parameters(const engram_objective &); ///< the ends of the ranges give finite losses
std::string term_speed(const engram_objective &);      ///< time per neuron, beside mse

} // namespace engram::conformance
