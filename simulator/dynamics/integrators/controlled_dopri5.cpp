// controlled_dopri5 is the method of Dormand and Prince with substeps, which an estimate of the error chooses within
// each step.
#include "dynamics/dopri5.hpp"
#include "dynamics/integrator_entry.hpp"
#include "dynamics/words.hpp"

#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>

namespace engram::dynamics {

namespace {

template <class T, class Method> class Controlled final : public Stepper<T> {
public:
  Controlled(T absolute, T relative) : method_(ode::make_controlled(absolute, relative, Method())) {}
  void step(const RightHandSide<T> &f, Vector<T> &u, Vector<T> &du, T h, std::vector<T> &substeps) override {
    const auto system = [&f](const Vector<T> &x, Vector<T> &dx, T) {
      dx.set_size(x.n_elem);
      f(x, dx);
    };
    substeps.clear();
    method_.reset(); // weights and inputs may have changed since the last step
    T done = 0, guess = h;
    for (int tries = 0; done < h; ++tries) {
      const T length = std::min(guess, h - done), before = done;
      const bool last = length >= h - done;
      if (tries > 10000 || (!last && !(before + length > before))) fail(f, u, du);
      T proposed = length;
      if (method_.try_step(system, u, done, proposed) != ode::success) {
        guess = proposed;
        continue;
      }
      substeps.push_back(last ? h - before : length);
      if (last)
        done = h;
      else if (this->between)
        this->between(u);
      guess = proposed;
    }
  }

private:
  // Blames the element that moves fastest, or one that is not a number.
  [[noreturn]] void fail(const RightHandSide<T> &f, const Vector<T> &u, Vector<T> &du) const {
    f(u, du);
    std::size_t place = numeric::first_not_finite(du.memptr(), du.n_elem);
    if (place == du.n_elem) place = arma::index_max(arma::abs(du));
    throw StepFailure(place, "the integrator cannot meet its tolerance in steps of any length");
  }
  decltype(ode::make_controlled(T(), T(), Method())) method_;
};

model::Parameter tolerance(const char *name) { return positive(name, "", 1e-6, "error that is allowed in a step"); }

template <class T> std::unique_ptr<Stepper<T>> make_controlled_dopri5(const model::Typed &entry) {
  return std::make_unique<Controlled<T, Dopri5<T>>>(static_cast<T>(entry.number("absolute")),
                                                    static_cast<T>(entry.number("relative")));
}

} // namespace

IntegratorEntry controlled_dopri5_integrator() {
  return {.words = {.name = "controlled_dopri5",
                    .help = "Dormand-Prince with substeps chosen within each step by an error estimate (over the whole "
                            "batch): for stiff "
                            "dynamics",
                    .reference = "Dormand & Prince 1980",
                    .parameters = {tolerance("absolute"), tolerance("relative")},
                    .adapts_step = true},
          .place = 50,
          .tableau = dopri5_tableau(),
          .make = {make_controlled_dopri5<float>, make_controlled_dopri5<double>}};
}

} // namespace engram::dynamics
