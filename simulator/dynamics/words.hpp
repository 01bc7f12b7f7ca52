// The words of dynamics, noises, receptors and so on are built with these functions.
#pragma once

#include "model/vocabulary.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace engram::dynamics {

inline model::Parameter number(std::string name, std::string unit, double initial, std::string help) {
  model::Parameter p;
  p.name = std::move(name);
  p.unit = std::move(unit);
  p.initial = initial;
  p.help = std::move(help);
  return p;
}

inline model::Parameter positive(std::string name, std::string unit, double initial, std::string help) {
  auto p = number(std::move(name), std::move(unit), initial, std::move(help));
  p.minimum = 0;
  p.above_minimum = true;
  return p;
}

inline model::Parameter at_least_zero(std::string name, std::string unit, double initial, std::string help) {
  auto p = positive(std::move(name), std::move(unit), initial, std::move(help));
  p.above_minimum = false;
  return p;
}

inline model::Parameter choice(std::string name, std::vector<std::string> words, std::string help) {
  auto p = number(std::move(name), "", 0, std::move(help));
  p.choices = std::move(words);
  return p;
}

inline model::Parameter per_neuron(model::Parameter p) {
  p.per_neuron = true;
  return p;
}

/// A time that is counted in steps.
inline model::Parameter in_steps(model::Parameter p) {
  p.in_steps = true;
  return p;
}

/// A rate of events, of which a neuron has at most so many in a step.
inline model::Parameter events(model::Parameter p, double most_per_step) {
  p.most_per_step = most_per_step;
  return p;
}

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

/// The signals of neurons that spike. `potential`: they have one. `learns`: the gradient goes through their spikes.
std::vector<model::Signal> spiking_signals(bool potential, bool learns);

/// What every spiking dynamics has: the time constant of its signals `trace` and `rate`.
model::Parameter trace_tau();

/// For how long the potential is held after a spike.
model::Parameter refractory(double initial_ms);

} // namespace engram::dynamics
