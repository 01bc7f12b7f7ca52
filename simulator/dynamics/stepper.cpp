#include "dynamics/stepper.hpp"

#include "dynamics/integrator_entry.hpp"
#include "error/error.hpp"

#include <algorithm>

namespace engram::dynamics {

namespace {

const IntegratorEntry &integrator_named(const std::string &name) {
  const auto &entries = integrator_entries();
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto &one) { return one.words.name == name; });
  if (found == entries.end()) throw Broken("no integrator is made for the type '" + name + "'");
  return *found;
}

} // namespace

template <class T> std::unique_ptr<Stepper<T>> stepper_of(const model::Typed &integrator) {
  return integrator_named(integrator.type).make.of<T>()(integrator);
}
template std::unique_ptr<Stepper<float>> stepper_of(const model::Typed &);
template std::unique_ptr<Stepper<double>> stepper_of(const model::Typed &);

double stable_to(const std::string &integrator) { return integrator_named(integrator).words.stable_to; }

Tableau tableau_of(const std::string &integrator) { return integrator_named(integrator).tableau; }

} // namespace engram::dynamics
