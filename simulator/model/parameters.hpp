// The parameters of a vocabulary's entries are written with these functions.
#pragma once

#include "model/vocabulary.hpp"

#include <string>
#include <utility>
#include <vector>

namespace engram::model {

inline Parameter number(std::string name, std::string unit, double initial, std::string help) {
  Parameter p;
  p.name = std::move(name);
  p.unit = std::move(unit);
  p.initial = initial;
  p.help = std::move(help);
  return p;
}

inline Parameter positive(std::string name, std::string unit, double initial, std::string help) {
  auto p = number(std::move(name), std::move(unit), initial, std::move(help));
  p.minimum = 0;
  p.above_minimum = true;
  return p;
}

inline Parameter at_least_zero(std::string name, std::string unit, double initial, std::string help) {
  auto p = positive(std::move(name), std::move(unit), initial, std::move(help));
  p.above_minimum = false;
  return p;
}

/// A number without a unit, from `minimum` to `maximum`.
inline Parameter between(std::string name, double initial, double minimum, double maximum, std::string help) {
  auto p = number(std::move(name), "", initial, std::move(help));
  p.minimum = minimum;
  p.maximum = maximum;
  return p;
}

inline Parameter choice(std::string name, std::vector<std::string> words, std::string help) {
  auto p = number(std::move(name), "", 0, std::move(help));
  p.choices = std::move(words);
  return p;
}

inline Parameter per_neuron(Parameter p) {
  p.per_neuron = true;
  return p;
}

/// Its minimum is excluded.
inline Parameter above_minimum(Parameter p) {
  p.above_minimum = true;
  return p;
}

/// A time that is counted in steps.
inline Parameter in_steps(Parameter p) {
  p.in_steps = true;
  return p;
}

/// A rate of events, of which a neuron has at most so many in a step.
inline Parameter events(Parameter p, double most_per_step) {
  p.most_per_step = most_per_step;
  return p;
}

} // namespace engram::model
