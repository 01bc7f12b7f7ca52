// These are the checks of a dynamics, but those that try a plugin's process. Each returns what was seen, or throws
// Failure.
#pragma once

#include <engram/dynamics.h>

#include <string>

namespace engram::conformance {

std::string neuron_numbers(const engram_dynamics &);    ///< finite
std::string neuron_repeats(const engram_dynamics &);    ///< the same bits again, from several threads, and after others
std::string neuron_neighbours(const engram_dynamics &); ///< a neuron and a trial follow from their own numbers alone
std::string neuron_order(const engram_dynamics &);      ///< the same bits in another order, and trial by trial
std::string neuron_gradient(const engram_dynamics &);   ///< products with the Jacobian agree with finite differences
std::string neuron_linear(const engram_dynamics &);     ///< slopes that are said to be linear are
std::string neuron_precisions(const engram_dynamics &); ///< single and double agree
std::string neuron_parameters(const engram_dynamics &); ///< the ends of the ranges give finite slopes
std::string neuron_steps(const engram_dynamics &);      ///< each integrator converges; its order
std::string neuron_speed(const engram_dynamics &);      ///< time per neuron, beside leaky_rate

} // namespace engram::conformance
