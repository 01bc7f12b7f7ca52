// Armadillo vectors as states of Boost.Odeint, and a Stepper of an explicit Odeint method. Only the files of
// integrators/ include this.
#pragma once

#include "dynamics/stepper.hpp"
#include "numeric/finite.hpp"

#include <boost/numeric/odeint/algebra/vector_space_algebra.hpp>
#include <boost/numeric/odeint/util/is_resizeable.hpp>
#include <boost/numeric/odeint/util/resize.hpp>
#include <boost/numeric/odeint/util/same_size.hpp>

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

/// One call of an Odeint stepper that can be told the derivative at the start.
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

} // namespace engram::dynamics
