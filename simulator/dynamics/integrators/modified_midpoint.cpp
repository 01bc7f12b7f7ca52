// modified_midpoint is Gragg's with two substeps: x1 = x + h/2 k1, x2 = x + h k2, result (x1 + x2 + h/2 f(x2)) / 2
// (Gragg 1965).
#include "dynamics/integrator_entry.hpp"
#include "dynamics/odeint.hpp"

#include <boost/numeric/odeint/stepper/modified_midpoint.hpp>

namespace engram::dynamics {

namespace {

template <class T> std::unique_ptr<Stepper<T>> make_modified_midpoint(const model::Typed & /*entry*/) {
  return std::make_unique<Explicit<T, ode::modified_midpoint<Vector<T>, T, Vector<T>, T, ode::vector_space_algebra>>>();
}

} // namespace

IntegratorEntry modified_midpoint_integrator() {
  return {.words = {.name = "modified_midpoint",
                    .help = "Gragg's modified midpoint with two substeps, order 2",
                    .reference = "Gragg 1965",
                    .parameters = {},
                    .stable_to = 3.087},
          .place = 20,
          .tableau = {{{}, {0.5}, {0, 1}}, {0.25, 0.5, 0.25}},
          .make = {make_modified_midpoint<float>, make_modified_midpoint<double>}};
}

} // namespace engram::dynamics
