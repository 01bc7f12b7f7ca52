// Steppers move the state vector by Boost.Odeint's methods. The gradient needs the coefficients of these methods, so
// they are given here too.
#pragma once

#include "dynamics/step_failure.hpp"
#include "model/model.hpp"
#include "numeric/matrix.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engram::dynamics {

template <class T> using Vector = numeric::Vector<T>;

/// An explicit Runge-Kutta method: k_i = f(x + h Σ_j a_ij k_j), x⁺ = x + h Σ b_i k_i.
struct Tableau {
  std::vector<std::vector<double>> a; ///< row i has i entries
  std::vector<double> b;
};

/// The coefficients of an integrator; of one that chooses its substeps, those of each substep.
Tableau tableau_of(const std::string &integrator);

/// The greatest product of step and rate at which u' = −rate · u decays by this method; infinite where substeps are
/// chosen.
double stable_to(const std::string &integrator);

/// Does it choose substeps by its error?
bool adapts_step(const std::string &integrator);

/// The integrators that do, for messages: "'a'", "'a' or 'b'".
std::string those_that_adapt();

/// That of the classic Runge-Kutta method.
inline constexpr double classic_stable_to = 2.785;

/// du/dt = f(u); inputs are constant within a step, so time does not appear.
template <class T> using RightHandSide = std::function<void(const Vector<T> &u, Vector<T> &du)>;

template <class T> class Stepper {
public:
  virtual ~Stepper() = default;
  /// Moves u by h ms. `du` is f(u) at the start, and is used up. `substeps` receives the lengths of the pieces in
  /// which the step was taken (one, unless the stepper controls its error).
  virtual void step(const RightHandSide<T> &f, Vector<T> &u, Vector<T> &du, T h, std::vector<T> &substeps) = 0;
  /// Where set, called after each piece of a step but the last.
  std::function<void(const Vector<T> &u)> between;
};

/// Errors: StepFailure from step() when a controlled stepper cannot meet its tolerance.
template <class T> std::unique_ptr<Stepper<T>> stepper_of(const model::Typed &integrator);

} // namespace engram::dynamics
