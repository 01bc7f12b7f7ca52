// Teachers bring the objective to the circuit, as a current into the region that it reads.
#pragma once

#include "dynamics/circuit_dynamics.hpp"
#include "simulation/judge.hpp"
#include "task/objective.hpp"

namespace engram::simulation {

/// Adds −strength · ∂L/∂r to the apical compartment or the soma of the objective's region.
template <class T> struct ObjectiveTeacher final : dynamics::Teacher<T> {
  task::Objective objective;
  const numeric::Matrix<T> *target = nullptr;
  T strength = 1;
  void add(const numeric::Matrix<T> &rate, numeric::Matrix<T> &apical) const override {
    task::add_gradient(objective, rate, *target, -strength, apical);
  }
  void add_vjp(const numeric::Matrix<T> &rate, const numeric::Matrix<T> &dapical,
               numeric::Matrix<T> &drate) const override {
    task::add_hessian_product(objective, rate, *target, dapical, -strength, drate);
  }
};

/// Adds the strength to the apical compartment of the neuron that is chosen.
template <class T> struct AttentionTeacher final : dynamics::Teacher<T> {
  Judge<T> *judge = nullptr;
  T strength = 1;
  void add(const numeric::Matrix<T> &rate, numeric::Matrix<T> &apical) const override {
    const auto &choice = judge->choose(rate);
    for (std::size_t b = 0; b < apical.n_cols; ++b) apical(choice.neuron[b], b) += strength;
  }
  // A choice has no slope.
  void add_vjp(const numeric::Matrix<T> &, const numeric::Matrix<T> &, numeric::Matrix<T> &) const override {}
};

} // namespace engram::simulation
