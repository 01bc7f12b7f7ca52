// The words of dynamics, noises, receptors and so on are built with these functions.
#pragma once

#include "model/parameters.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace engram::dynamics {

using model::at_least_zero;
using model::choice;
using model::events;
using model::in_steps;
using model::number;
using model::per_neuron;
using model::positive;

/// The least value that is known before anything is drawn: of normal ones the mean.
inline double least(const model::Quantity &q) {
  return q.kind == model::Quantity::Kind::values ? *std::min_element(q.values.begin(), q.values.end()) : q.a;
}
inline double greatest(const model::Quantity &q) {
  return q.kind == model::Quantity::Kind::values    ? *std::max_element(q.values.begin(), q.values.end())
         : q.kind == model::Quantity::Kind::uniform ? q.b
                                                    : q.a;
}

inline model::Dynamics dynamics_words(std::string name, std::string help, std::string reference) {
  model::Dynamics d;
  d.name = std::move(name);
  d.help = std::move(help);
  d.reference = std::move(reference);
  return d;
}

/// 1/τ of the fastest neuron: states relax with time constants of their own.
double by_tau(const model::Typed &parameters);

/// The signals of neurons with a rate φ. Rate and its relatives follow from the state or from the current into the
/// soma; apical and error follow from the apical current.
std::vector<model::Signal> rate_signals(bool rate_needs_soma, bool gain_needs_soma);

/// The signals of neurons that spike. `potential`: they have one, and spike at most once in a step. `learns`: the
/// gradient goes through their spikes.
std::vector<model::Signal> spiking_signals(bool potential, bool learns);

/// Of neurons with these signals: a state that a signal shows too, or any other.
inline model::State state(std::string name, std::string unit, std::string help, double initial = 0) {
  return {std::move(name), std::move(unit), std::move(help), initial};
}
inline model::State state_at(std::string name, std::string unit, std::string parameter, std::string help) {
  return {std::move(name), std::move(unit), std::move(help), 0, std::move(parameter)};
}

/// What every spiking dynamics has: the time constant of its signals `trace` and `rate`.
model::Parameter trace_tau();

/// The slope of a spike at the threshold (1/mV), and over which distance (mV) it falls, of neurons that name no other.
inline constexpr double surrogate_gain = 0.3, surrogate_width = 20;

/// How the gradient goes through spikes: reset_slope, surrogate, surrogate_gain, surrogate_width.
std::vector<model::Parameter> surrogate(double gain = surrogate_gain, double width = surrogate_width);

/// For how long the potential is held after a spike.
model::Parameter refractory(double initial_ms);

} // namespace engram::dynamics
