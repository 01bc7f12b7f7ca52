// ExactSteps are those of rate neurons whose slopes are linear in their states, by the integrator exponential_euler.
#pragma once

#include "dynamics/circuit_dynamics.hpp"
#include "dynamics/stepper.hpp"

#include <cmath>
#include <memory>
#include <utility>

namespace engram::dynamics {

/// What a RegionDynamics is too, where its slopes may be f = A x + g(currents). With currents that stay through the
/// step x(t + h) = x + P f(x), P = ∫₀ʰ e^(A s) ds (Hochbruck & Ostermann 2010, Acta Numer 19:209: the exponential Euler
/// method).
template <class T> class ExactSteps {
public:
  virtual ~ExactSteps() = default;
  /// Are the slopes linear, with these parameters?
  virtual bool is_linear() const = 0;
  /// Prepares steps of h ms, of slopes that are linear.
  virtual void prepare_exact(double h) = 0;
  /// state += P slope; N K × B each.
  virtual void move_exactly(const Matrix<T> &slope, Matrix<T> &state) const = 0;
  /// dslope = Pᵀ dstate.
  virtual void move_exactly_vjp(const Matrix<T> &dstate, Matrix<T> &dslope) const = 0;
};

/// Neurons of one state that relaxes: A = −rate.
template <class T> class RelaxingSteps : public ExactSteps<T> {
public:
  /// `rate`: 1/ms, N. `linear`: are the slopes, with these parameters?
  explicit RelaxingSteps(numeric::Vector<T> rate, bool linear = true) : rate_(std::move(rate)), linear_(linear) {}
  bool is_linear() const override { return linear_; }
  void prepare_exact(double h) override {
    pull_ = rate_;
    for (T &p : pull_) { // (1 − e^(−rate h)) / rate
      const auto rate = static_cast<double>(p);
      p = static_cast<T>(rate == 0 ? h : -std::expm1(-rate * h) / rate);
    }
  }
  void move_exactly(const Matrix<T> &slope, Matrix<T> &state) const override {
    for (std::size_t b = 0; b < state.n_cols; ++b)
      for (std::size_t i = 0; i < state.n_rows; ++i) state.at(i, b) += pull_[i] * slope.at(i, b);
  }
  void move_exactly_vjp(const Matrix<T> &dstate, Matrix<T> &dslope) const override {
    for (std::size_t b = 0; b < dstate.n_cols; ++b)
      for (std::size_t i = 0; i < dstate.n_rows; ++i) dslope.at(i, b) = pull_[i] * dstate.at(i, b);
  }

protected:
  numeric::Vector<T> rate_; // 1/ms, N

private:
  numeric::Vector<T> pull_;
  bool linear_;
};

/// Errors: input::InputError where exponential_euler moves the neurons of a region, and they are not linear.
void check_exact_steps(const model::Model &model, const DynamicsEntries &entries);

/// The stepper of a circuit's rate regions, which have been checked. The circuit is to outlive it.
template <class T>
std::unique_ptr<Stepper<T>> circuit_stepper(const model::Model &model, const CircuitDynamics<T> &circuit);

/// Of a circuit that exponential_euler moves: dslope = Pᵀ dstate, region by region.
template <class T> void move_exactly_vjp(const CircuitDynamics<T> &circuit, const Vector<T> &dstate, Vector<T> &dslope);

} // namespace engram::dynamics
