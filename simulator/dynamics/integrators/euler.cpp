// euler is the forward Euler method.
#include "dynamics/integrator_entry.hpp"
#include "dynamics/odeint.hpp"

#include <boost/numeric/odeint/stepper/euler.hpp>

namespace engram::dynamics {

namespace {

template <class T> std::unique_ptr<Stepper<T>> make_euler(const model::Typed & /*entry*/) {
  return std::make_unique<Explicit<T, ode::euler<Vector<T>, T, Vector<T>, T, ode::vector_space_algebra>>>();
}

} // namespace

IntegratorEntry euler_integrator() {
  return {.words = {.name = "euler",
                    .help = "forward Euler, order 1",
                    .reference = "",
                    .parameters = {},
                    .is_default = true,
                    .stable_to = 2},
          .place = 10,
          .tableau = {{{}}, {1}},
          .make = {make_euler<float>, make_euler<double>}};
}

} // namespace engram::dynamics
