#include "dynamics/stepper.hpp"

#include "dynamics/integrator_entry.hpp"
#include "input/entries.hpp"

#include <vector>

namespace engram::dynamics {

namespace {

const IntegratorEntry &integrator_named(const std::string &name) {
  return input::entry_named(name, integrator_entries(), "integrator");
}

} // namespace

template <class T> std::unique_ptr<Stepper<T>> stepper_of(const model::Typed &integrator) {
  return integrator_named(integrator.type).make.of<T>()(integrator);
}
template std::unique_ptr<Stepper<float>> stepper_of(const model::Typed &);
template std::unique_ptr<Stepper<double>> stepper_of(const model::Typed &);

double stable_to(const std::string &integrator) { return integrator_named(integrator).words.stable_to; }

bool adapts_step(const std::string &integrator) { return integrator_named(integrator).words.adapts_step; }

std::string those_that_adapt() {
  std::vector<model::Named> words;
  for (const auto &entry : integrator_entries()) words.push_back(entry.words);
  return model::those_that(&model::Named::adapts_step, words);
}

bool is_exponential(const std::string &integrator) {
  return !integrator.empty() && integrator_named(integrator).exponential;
}

Tableau tableau_of(const std::string &integrator) { return integrator_named(integrator).tableau; }

} // namespace engram::dynamics
