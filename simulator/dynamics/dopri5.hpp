// Two integrators use this method, of Dormand & Prince: one takes steps of the given length, the other controls them.
#pragma once

#include "dynamics/odeint.hpp"

#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

namespace engram::dynamics {

template <class T> using Dopri5 = ode::runge_kutta_dopri5<Vector<T>, T, Vector<T>, T, ode::vector_space_algebra>;

/// Dormand & Prince 1980, table 2; the seventh stage serves the error estimate alone.
inline Tableau dopri5_tableau() {
  return {{{},
           {1. / 5},
           {3. / 40, 9. / 40},
           {44. / 45, -56. / 15, 32. / 9},
           {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
           {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656}},
          {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84}};
}

} // namespace engram::dynamics
