// ralston is the Runge-Kutta method of order 2 with the least bound of its error (Ralston 1962, Math Comp 16:431).
#include "dynamics/integrator_entry.hpp"

namespace engram::dynamics {

namespace {

template <class T> class RalstonStepper final : public Stepper<T> {
public:
  void step(const RightHandSide<T> &f, Vector<T> &u, Vector<T> &du, T h, std::vector<T> &substeps) override {
    second_.set_size(u.n_elem);
    f(u + h * T(2) / T(3) * du, second_);
    u += h / 4 * (du + 3 * second_);
    substeps.assign(1, h);
  }

private:
  Vector<T> second_; // f at two thirds of the step
};

template <class T> std::unique_ptr<Stepper<T>> make_ralston(const model::Typed & /*entry*/) {
  return std::make_unique<RalstonStepper<T>>();
}

} // namespace

IntegratorEntry ralston_integrator() {
  return {.words = {.name = "ralston",
                    .help = "Ralston's method, order 2",
                    .reference = "Ralston 1962, Math Comp 16:431",
                    .parameters = {},
                    .stable_to = 2},
          .tableau = {{{}, {2. / 3}}, {0.25, 0.75}},
          .make = {make_ralston<float>, make_ralston<double>}};
}

} // namespace engram::dynamics
