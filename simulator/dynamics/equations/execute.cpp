// execute() runs a program. The file is compiled with the vector forms of exp and so on.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/equations/program.hpp"
#include "dynamics/equations/relative_exponential.hpp"

#include <cmath>

namespace engram::dynamics::equations {

namespace {

template <class T, class F> void one(T *to, const T *a, std::size_t count, F f) {
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) to[i] = f(a[i]);
}
template <class T, class F> void two(T *to, const T *a, const T *b, std::size_t count, F f) {
#pragma omp simd
  for (std::size_t i = 0; i < count; ++i) to[i] = f(a[i], b[i]);
}

template <class T> T truth(bool is_so) { return is_so ? T(1) : T(0); }

template <class T> bool execute_one(Op op, int order, T *to, const T *a, std::size_t count) {
  switch (op) {
  case Op::negative:
    one(to, a, count, [](T x) { return -x; });
    return true;
  case Op::absolute:
    one(to, a, count, [](T x) { return std::abs(x); });
    return true;
  case Op::square_root:
    one(to, a, count, [](T x) { return std::sqrt(x); });
    return true;
  case Op::exponential:
    one(to, a, count, [](T x) { return std::exp(x); });
    return true;
  case Op::exponential_minus_one:
    one(to, a, count, [](T x) { return std::expm1(x); });
    return true;
  case Op::logarithm:
    one(to, a, count, [](T x) { return std::log(x); });
    return true;
  case Op::logarithm_of_one_plus:
    one(to, a, count, [](T x) { return std::log1p(x); });
    return true;
  case Op::sine:
    one(to, a, count, [](T x) { return std::sin(x); });
    return true;
  case Op::cosine:
    one(to, a, count, [](T x) { return std::cos(x); });
    return true;
  case Op::tangent:
    one(to, a, count, [](T x) { return std::tan(x); });
    return true;
  case Op::arc_tangent:
    one(to, a, count, [](T x) { return std::atan(x); });
    return true;
  case Op::hyperbolic_sine:
    one(to, a, count, [](T x) { return std::sinh(x); });
    return true;
  case Op::hyperbolic_cosine:
    one(to, a, count, [](T x) { return std::cosh(x); });
    return true;
  case Op::hyperbolic_tangent:
    one(to, a, count, [](T x) { return std::tanh(x); });
    return true;
  case Op::sigmoid:
    one(to, a, count, [](T x) { return 1 / (1 + std::exp(-x)); });
    return true;
  case Op::softplus:
    one(to, a, count, [](T x) { return (x > 0 ? x : x < 0 ? T(0) : x) + std::log1p(std::exp(-std::abs(x))); });
    return true;
  case Op::relative_exponential:
    if (order == 0)
      one(to, a, count, [](T x) { return x == T(0) ? T(1) : std::expm1(x) / x; });
    else
      for (std::size_t i = 0; i < count; ++i) to[i] = relative_exponential(a[i], order);
    return true;
  case Op::is_not:
    one(to, a, count, [](T x) { return truth<T>(x == T(0)); });
    return true;
  default:
    return false;
  }
}

template <class T> void execute_two(Op op, T *to, const T *a, const T *b, std::size_t count) {
  switch (op) {
  case Op::add:
    return two(to, a, b, count, [](T x, T y) { return x + y; });
  case Op::subtract:
    return two(to, a, b, count, [](T x, T y) { return x - y; });
  case Op::multiply:
    return two(to, a, b, count, [](T x, T y) { return x * y; });
  case Op::divide:
    return two(to, a, b, count, [](T x, T y) { return x / y; });
  case Op::multiply_if:
    return two(to, a, b, count, [](T x, T y) { return x == T(0) ? T(0) : x * y; });
  case Op::minimum: // no number in, no number out
    return two(to, a, b, count, [](T x, T y) { return y < x ? y : y != y ? y : x; });
  case Op::maximum:
    return two(to, a, b, count, [](T x, T y) { return y > x ? y : y != y ? y : x; });
  case Op::power:
    return two(to, a, b, count, [](T x, T y) { return std::pow(x, y); });
  case Op::less:
    return two(to, a, b, count, [](T x, T y) { return truth<T>(x < y); });
  case Op::at_most:
    return two(to, a, b, count, [](T x, T y) { return truth<T>(x <= y); });
  case Op::equal:
    return two(to, a, b, count, [](T x, T y) { return truth<T>(x == y); });
  case Op::both:
    return two(to, a, b, count, [](T x, T y) { return truth<T>((x != T(0)) & (y != T(0))); });
  case Op::either:
    return two(to, a, b, count, [](T x, T y) { return truth<T>((x != T(0)) | (y != T(0))); });
  default:
    return;
  }
}

} // namespace

template <class T> void execute(const Program &program, T *const *slots, std::size_t count) {
  for (const auto &step : program.code) {
    T *to = slots[step.to];
    const T *a = slots[step.a], *b = slots[step.b], *c = slots[step.c];
    if (execute_one(step.op, step.order, to, a, count)) continue;
    if (step.op != Op::where) {
      execute_two(step.op, to, a, b, count);
      continue;
    }
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
      const T yes = b[i], no = c[i]; // both are read: a choice of what is read costs more
      to[i] = a[i] != T(0) ? yes : no;
    }
  }
}

template void execute(const Program &, float *const *, std::size_t);
template void execute(const Program &, double *const *, std::size_t);

} // namespace engram::dynamics::equations
