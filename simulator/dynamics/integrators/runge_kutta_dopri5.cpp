// runge_kutta_dopri5 is the method of Dormand and Prince, of order 5, in steps of the given length.
#include "dynamics/dopri5.hpp"
#include "dynamics/integrator_entry.hpp"

namespace engram::dynamics {

namespace {

template <class T> std::unique_ptr<Stepper<T>> make_runge_kutta_dopri5(const model::Typed & /*entry*/) {
  return std::make_unique<Explicit<T, Dopri5<T>>>();
}

} // namespace

IntegratorEntry runge_kutta_dopri5_integrator() {
  return {.words = {.name = "runge_kutta_dopri5",
                    .help = "Dormand-Prince, order 5",
                    .reference = "Dormand & Prince 1980",
                    .parameters = {},
                    .stable_to = 3.306},
          .place = 40,
          .tableau = dopri5_tableau(),
          .make = {make_runge_kutta_dopri5<float>, make_runge_kutta_dopri5<double>}};
}

} // namespace engram::dynamics
