// exponential_euler steps linear neurons by the matrix exponential. What moves them knows it: exact_steps.hpp for rate
// regions, linear_steps.hpp for those that spike.
#include "dynamics/integrator_entry.hpp"
#include "error/error.hpp"

namespace engram::dynamics {

namespace {

template <class T> class Unknowing final : public Stepper<T> {
public:
  void step(const RightHandSide<T> &, Vector<T> &, Vector<T> &, T, std::vector<T> &) override {
    throw Broken("exponential_euler does not step by slopes alone");
  }
};

template <class T> std::unique_ptr<Stepper<T>> make_unknowing(const model::Typed & /*entry*/) {
  return std::make_unique<Unknowing<T>>();
}

} // namespace

IntegratorEntry exponential_euler_integrator() {
  return {.words = {.name = "exponential_euler",
                    .help = "by the matrix exponential, exact where currents stay through the step, order 1 in what "
                            "rates send each other: of neurons whose slopes are linear in their states",
                    .reference = "Rotter & Diesmann 1999, Biol Cybern 81:381-402; Hochbruck & Ostermann 2010, Acta "
                                 "Numer 19:209-286",
                    .parameters = {}},
          .place = 15,
          .tableau = {{{}}, {1}},
          .exponential = true,
          .make = {make_unknowing<float>, make_unknowing<double>}};
}

} // namespace engram::dynamics
