// runge_kutta4 is the classic Runge-Kutta method.
#include "dynamics/integrator_entry.hpp"
#include "dynamics/odeint.hpp"

#include <boost/numeric/odeint/stepper/runge_kutta4_classic.hpp>

namespace engram::dynamics {

namespace {

template <class T> std::unique_ptr<Stepper<T>> make_runge_kutta4(const model::Typed & /*entry*/) {
  return std::make_unique<
      Explicit<T, ode::runge_kutta4_classic<Vector<T>, T, Vector<T>, T, ode::vector_space_algebra>>>();
}

} // namespace

IntegratorEntry runge_kutta4_integrator() {
  return {.words = {.name = "runge_kutta4",
                    .help = "the classic Runge-Kutta method, order 4",
                    .reference = "Kutta 1901",
                    .parameters = {},
                    .stable_to = classic_stable_to},
          .place = 30,
          .tableau = {{{}, {0.5}, {0, 0.5}, {0, 0, 1}}, {1. / 6, 1. / 3, 1. / 3, 1. / 6}},
          .make = {make_runge_kutta4<float>, make_runge_kutta4<double>}};
}

} // namespace engram::dynamics
