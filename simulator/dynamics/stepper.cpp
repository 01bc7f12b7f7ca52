#include "dynamics/stepper.hpp"

#include "error/error.hpp"
#include "numeric/finite.hpp"

#include <boost/numeric/odeint/algebra/vector_space_algebra.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/euler.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/modified_midpoint.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta4_classic.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

// Armadillo vectors as Odeint states: element-wise expressions through the vector-space algebra.
namespace boost::numeric::odeint {
template <class T> struct is_resizeable<arma::Col<T>> : boost::true_type {};
template <class T> struct same_size_impl<arma::Col<T>, arma::Col<T>> {
  static bool same_size(const arma::Col<T> &a, const arma::Col<T> &b) { return a.n_elem == b.n_elem; }
};
template <class T> struct resize_impl<arma::Col<T>, arma::Col<T>> {
  static void resize(arma::Col<T> &a, const arma::Col<T> &b) { a.set_size(b.n_elem); }
};
template <class T> struct vector_space_norm_inf<arma::Col<T>> {
  using result_type = T;
  // Infinite where x holds NaN, which no comparison would refuse. An error estimate is then too large.
  T operator()(const arma::Col<T> &x) const {
    if (!engram::numeric::all_finite(x.memptr(), x.n_elem)) return std::numeric_limits<T>::infinity();
    T most = 0;
    for (const T value : x) most = std::max(most, std::abs(value));
    return most;
  }
};
} // namespace boost::numeric::odeint

namespace engram::dynamics {

namespace ode = boost::numeric::odeint;

namespace {

template <class T> using Algebra = ode::vector_space_algebra;

// One call of an Odeint stepper that can be told the derivative at the start.
template <class T, class Method> class Explicit final : public Stepper<T> {
public:
  void step(const RightHandSide<T> &f, Vector<T> &u, Vector<T> &du, T h, std::vector<T> &substeps) override {
    const auto system = [&f](const Vector<T> &x, Vector<T> &dx, T) {
      dx.set_size(x.n_elem);
      f(x, dx);
    };
    method_.do_step(system, u, du, T(0), h);
    substeps.assign(1, h);
  }

private:
  Method method_;
};

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

} // namespace

template <class T> std::unique_ptr<Stepper<T>> stepper_of(const model::Typed &integrator) {
  using State = Vector<T>;
  using Dopri5 = ode::runge_kutta_dopri5<State, T, State, T, ode::vector_space_algebra>;
  const auto &type = integrator.type;
  if (type == "euler")
    return std::make_unique<Explicit<T, ode::euler<State, T, State, T, ode::vector_space_algebra>>>();
  if (type == "modified_midpoint")
    return std::make_unique<Explicit<T, ode::modified_midpoint<State, T, State, T, ode::vector_space_algebra>>>();
  if (type == "runge_kutta_dopri5") return std::make_unique<Explicit<T, Dopri5>>();
  if (type == "controlled_dopri5")
    return std::make_unique<Controlled<T, Dopri5>>(static_cast<T>(integrator.number("absolute")),
                                                   static_cast<T>(integrator.number("relative")));
  if (type == "runge_kutta4")
    return std::make_unique<Explicit<T, ode::runge_kutta4_classic<State, T, State, T, ode::vector_space_algebra>>>();
  throw Broken("no integrator is made for the type '" + type + "'");
}
template std::unique_ptr<Stepper<float>> stepper_of(const model::Typed &);
template std::unique_ptr<Stepper<double>> stepper_of(const model::Typed &);

double stable_to(const std::string &integrator) {
  // Where |R(−x)| = 1, with R the method's stability function: 1 + z; 1 + z + z²/2 + z³/8; the sums of e^z up to z⁴;
  // and of Dormand & Prince's fifth order (Hairer & Wanner 1996, section IV.2).
  if (integrator == "euler") return 2;
  if (integrator == "modified_midpoint") return 3.087;
  if (integrator == "runge_kutta4") return 2.785;
  if (integrator == "runge_kutta_dopri5") return 3.306;
  return std::numeric_limits<double>::infinity();
}

Tableau tableau_of(const std::string &integrator) {
  if (integrator == "euler") return {{{}}, {1}};
  // Two substeps: x1 = x + h/2 k1, x2 = x + h k2, result (x1 + x2 + h/2 f(x2)) / 2 (Gragg 1965).
  if (integrator == "modified_midpoint") return {{{}, {0.5}, {0, 1}}, {0.25, 0.5, 0.25}};
  if (integrator == "runge_kutta4") return {{{}, {0.5}, {0, 0.5}, {0, 0, 1}}, {1. / 6, 1. / 3, 1. / 3, 1. / 6}};
  // Dormand & Prince 1980, table 2; the seventh stage serves the error estimate alone.
  return {{{},
           {1. / 5},
           {3. / 40, 9. / 40},
           {44. / 45, -56. / 15, 32. / 9},
           {19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
           {9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656}},
          {35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84}};
}

} // namespace engram::dynamics
