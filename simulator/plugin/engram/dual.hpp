// The numbers that a dynamics is computed with: Scalar, and Dual, which carries derivatives along. engram/dynamics.hpp
// includes this file.
//
// An author writes each equation once, and the functions below are found by the type of their arguments: exp(x),
// tanh(x), max(x, 0), select(x > 0, a, b). Literals take the precision of the run.
#ifndef ENGRAM_DUAL_HPP
#define ENGRAM_DUAL_HPP

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

namespace engram {

/// A plain number of the run's precision, float or double.
template <class T> struct Scalar {
  T value{};
  constexpr Scalar() = default;
  template <class A>
  requires std::is_arithmetic_v<A>
  constexpr Scalar(A a) : value(static_cast<T>(a)) {} // NOLINT: literals are numbers like others
  constexpr Scalar operator-() const { return Scalar(-value); }
  friend constexpr Scalar operator+(Scalar a, Scalar b) { return Scalar(a.value + b.value); }
  friend constexpr Scalar operator-(Scalar a, Scalar b) { return Scalar(a.value - b.value); }
  friend constexpr Scalar operator*(Scalar a, Scalar b) { return Scalar(a.value * b.value); }
  friend constexpr Scalar operator/(Scalar a, Scalar b) { return Scalar(a.value / b.value); }
  friend constexpr bool operator<(Scalar a, Scalar b) { return a.value < b.value; }
  friend constexpr bool operator>(Scalar a, Scalar b) { return a.value > b.value; }
  friend constexpr bool operator<=(Scalar a, Scalar b) { return a.value <= b.value; }
  friend constexpr bool operator>=(Scalar a, Scalar b) { return a.value >= b.value; }
  friend constexpr bool operator==(Scalar a, Scalar b) { return a.value == b.value; }
};

template <class X> struct is_scalar : std::false_type {};
template <class T> struct is_scalar<Scalar<T>> : std::true_type {};
/// What has no derivative: a literal, a parameter.
template <class A>
concept Plain = std::is_arithmetic_v<A> || is_scalar<A>::value;

/// A number with its D partial derivatives. `T` is a Scalar, or a Dual: then the derivatives have derivatives.
template <class T, std::size_t D> struct Dual {
  T value{};
  std::array<T, D> part{};
  constexpr Dual() = default;
  template <Plain A> constexpr Dual(A a) : value(a) {} // NOLINT: constants are numbers like others
  constexpr Dual(const T &v, const std::array<T, D> &p) : value(v), part(p) {}
  constexpr explicit Dual(const T &v) requires(!is_scalar<T>::value) : value(v) {}

  /// f(k) for each part.
  template <class F> static constexpr std::array<T, D> parts(F f) {
    return [&]<std::size_t... k>(std::index_sequence<k...>) { return std::array<T, D>{f(k)...}; }
    (std::make_index_sequence<D>());
  }
  /// The chain rule: a function's value here, and its slope.
  static constexpr Dual chain(const Dual &x, const T &value, const T &slope) {
    return {value, parts([&](std::size_t k) { return slope * x.part[k]; })};
  }

  constexpr Dual operator-() const {
    return {-value, parts([&](std::size_t k) { return -part[k]; })};
  }
  friend constexpr Dual operator+(const Dual &a, const Dual &b) {
    return {a.value + b.value, parts([&](std::size_t k) { return a.part[k] + b.part[k]; })};
  }
  friend constexpr Dual operator-(const Dual &a, const Dual &b) {
    return {a.value - b.value, parts([&](std::size_t k) { return a.part[k] - b.part[k]; })};
  }
  friend constexpr Dual operator*(const Dual &a, const Dual &b) {
    return {a.value * b.value, parts([&](std::size_t k) { return a.part[k] * b.value + a.value * b.part[k]; })};
  }
  friend constexpr Dual operator/(const Dual &a, const Dual &b) {
    const T quotient = a.value / b.value;
    return {quotient, parts([&](std::size_t k) { return (a.part[k] - quotient * b.part[k]) / b.value; })};
  }
  template <Plain A> friend constexpr Dual operator+(const Dual &a, A b) { return {a.value + b, a.part}; }
  template <Plain A> friend constexpr Dual operator+(A a, const Dual &b) { return {a + b.value, b.part}; }
  template <Plain A> friend constexpr Dual operator-(const Dual &a, A b) { return {a.value - b, a.part}; }
  template <Plain A> friend constexpr Dual operator-(A a, const Dual &b) {
    return {a - b.value, parts([&](std::size_t k) { return -b.part[k]; })};
  }
  template <Plain A> friend constexpr Dual operator*(const Dual &a, A b) {
    return {a.value * b, parts([&](std::size_t k) { return a.part[k] * b; })};
  }
  template <Plain A> friend constexpr Dual operator*(A a, const Dual &b) { return b * a; }
  template <Plain A> friend constexpr Dual operator/(const Dual &a, A b) {
    return {a.value / b, parts([&](std::size_t k) { return a.part[k] / b; })};
  }
  template <Plain A> friend constexpr Dual operator/(A a, const Dual &b) {
    const T quotient = a / b.value;
    return {quotient, parts([&](std::size_t k) { return -quotient * b.part[k] / b.value; })};
  }
  // Comparisons are those of the values.
  friend constexpr bool operator<(const Dual &a, const Dual &b) { return a.value < b.value; }
  friend constexpr bool operator>(const Dual &a, const Dual &b) { return a.value > b.value; }
  friend constexpr bool operator<=(const Dual &a, const Dual &b) { return a.value <= b.value; }
  friend constexpr bool operator>=(const Dual &a, const Dual &b) { return a.value >= b.value; }
  friend constexpr bool operator==(const Dual &a, const Dual &b) { return a.value == b.value; }
};

template <class X> struct is_dual : std::false_type {};
template <class T, std::size_t D> struct is_dual<Dual<T, D>> : std::true_type {};
template <class X>
concept Number = is_scalar<X>::value || is_dual<X>::value;

template <Number X, class Y>
requires std::is_convertible_v<Y, X>
constexpr X &operator+=(X &x, const Y &y) { return x = x + y; }
template <Number X, class Y>
requires std::is_convertible_v<Y, X>
constexpr X &operator-=(X &x, const Y &y) { return x = x - y; }
template <Number X, class Y>
requires std::is_convertible_v<Y, X>
constexpr X &operator*=(X &x, const Y &y) { return x = x * y; }
template <Number X, class Y>
requires std::is_convertible_v<Y, X>
constexpr X &operator/=(X &x, const Y &y) { return x = x / y; }

namespace detail {

// exp, log and tanh are written out, without a branch or a table. So the compiler makes vector code of them, and a
// neuron has the same bits wherever it stands in a region. Their greatest errors are in tests/dynamics/dual.cpp.
template <class T> struct ExpTraits;
template <> struct ExpTraits<double> {
  using Bits = std::uint64_t;
  static constexpr int mantissa = 52;
  static constexpr Bits bias = 1022; // of half the power of 2
  static constexpr double magic = 6755399441055744.0, lowest = -708, highest = 709.79,
                          high = 6.93147180369123816490e-01, low = 1.90821492927058770002e-10, saturated = 20;
  static constexpr int degree = 13, atanh_terms = 11;
};
template <> struct ExpTraits<float> {
  using Bits = std::uint32_t;
  static constexpr int mantissa = 23;
  static constexpr Bits bias = 126;
  static constexpr float magic = 12582912.0f, lowest = -87, highest = 88.73f, high = 6.9314575195e-01f,
                         low = 1.4286067653e-06f, saturated = 10;
  static constexpr int degree = 7, atanh_terms = 6;
};

/// 1 / n!
template <class T> constexpr T inverse_factorial(int n) {
  double out = 1;
  for (int k = 2; k <= n; ++k) out *= k;
  return T(1 / out);
}

/// exp(x) = 2 half (1 + rest), with |ln(1 + rest)| ≤ ln(2) / 2 and half a power of 2.
template <class T> struct ExpParts { T half, rest; };
template <class T> inline ExpParts<T> exp_parts(T x) {
  using E = ExpTraits<T>;
  const T turns = x * T(1.4426950408889634074) + E::magic; // the nearest integer n stands in its last bits
  const T n = turns - E::magic;
  const T r = (x - n * E::high) - n * E::low;
  // e^r − 1 = r (1 + r/2! + r²/3! + …), without a loop within the loop over neurons
  const T sum = [&]<int... k>(std::integer_sequence<int, k...>) {
    T inner = inverse_factorial<T>(E::degree);
    ((inner = inverse_factorial<T>(E::degree - 1 - k) + inner * r), ...);
    return inner;
  }
  (std::make_integer_sequence<int, E::degree - 1>());
  const auto bits = (std::bit_cast<typename E::Bits>(turns) << E::mantissa) + (E::bias << E::mantissa);
  return {std::bit_cast<T>(bits), sum * r};
}
template <class T> inline T exp_of(T x) {
  using E = ExpTraits<T>;
  const T capped = x > E::highest ? E::highest : x;
  const T kept = capped < E::lowest ? E::lowest : capped;
  const auto [half, rest] = exp_parts(kept);
  const T out = half * (1 + rest) * 2;
  return x < E::lowest ? T(0) : x > E::highest ? std::numeric_limits<T>::infinity() : out;
}
/// tanh a = m / (m + 2), m = e^2a − 1.
template <class T> inline T tanh_of(T x) {
  const T size = x < 0 ? -x : x;
  const T a = size > ExpTraits<T>::saturated ? ExpTraits<T>::saturated : size;
  const auto [half, rest] = exp_parts(2 * a);
  const T power = 2 * half, m = power * rest + (power - 1), out = m / (m + 2);
  return x < 0 ? -out : out;
}

/// log x = e ln(2) + 2 atanh(s), x = 2^e m with m from √½ to √2, s = (m − 1) / (m + 1). Denormal numbers count as 0.
template <class T> inline T log_of(T x) {
  using E = ExpTraits<T>;
  using Bits = typename E::Bits;
  constexpr Bits ones = (Bits{1} << E::mantissa) - 1, one = std::bit_cast<Bits>(T(1));
  constexpr T shift =
      std::bit_cast<T>((Bits{E::mantissa} << E::mantissa) + one); // 2^mantissa: an integer's bits below it
  const Bits bits = std::bit_cast<Bits>(x);
  const T whole = std::bit_cast<T>((bits & ones) | one); // from 1 to 2
  const bool upper = whole > T(1.41421356237309504880);
  const T m = upper ? whole / 2 : whole;
  const T biased = std::bit_cast<T>((bits >> E::mantissa) | std::bit_cast<Bits>(shift)) - shift;
  const T e = biased - (upper ? T(E::bias) : T(E::bias + 1));
  const T s = (m - 1) / (m + 1), square = s * s;
  // 1 + s²/3 + s⁴/5 + …
  const T sum = [&]<int... k>(std::integer_sequence<int, k...>) {
    T inner = 0;
    ((inner = T(1) / T(2 * (E::atanh_terms - k) - 1) + square * inner), ...);
    return inner;
  }
  (std::make_integer_sequence<int, E::atanh_terms>());
  const T out = e * E::high + (2 * s * sum + e * E::low);
  const T small = x < 0 ? std::numeric_limits<T>::quiet_NaN() : -std::numeric_limits<T>::infinity();
  const T ordinary = x < std::numeric_limits<T>::min() ? small : out;
  return x < std::numeric_limits<T>::infinity() ? ordinary : x; // infinite, or no number
}

} // namespace detail

// Of plain numbers.
template <class T> inline Scalar<T> exp(Scalar<T> x) { return detail::exp_of(x.value); }
template <class T> inline Scalar<T> tanh(Scalar<T> x) { return detail::tanh_of(x.value); }
template <class T> inline Scalar<T> log(Scalar<T> x) { return detail::log_of(x.value); }
template <class T> inline Scalar<T> sqrt(Scalar<T> x) { return std::sqrt(x.value); }
template <class T> inline Scalar<T> sin(Scalar<T> x) { return std::sin(x.value); }
template <class T> inline Scalar<T> cos(Scalar<T> x) { return std::cos(x.value); }
template <class T> inline Scalar<T> pow(Scalar<T> x, Scalar<T> y) { return std::pow(x.value, y.value); }
template <class T> inline Scalar<T> abs(Scalar<T> x) { return x.value < 0 ? -x.value : x.value; }
/// a where `yes`, else b. Both are computed, so loops stay vector code.
template <class T> inline Scalar<T> select(bool yes, Scalar<T> a, Scalar<T> b) { return yes ? a.value : b.value; }

// Of numbers with derivatives.
template <class T, std::size_t D> inline Dual<T, D> exp(const Dual<T, D> &x) {
  const T e = exp(x.value);
  return Dual<T, D>::chain(x, e, e);
}
template <class T, std::size_t D> inline Dual<T, D> tanh(const Dual<T, D> &x) {
  const T t = tanh(x.value);
  return Dual<T, D>::chain(x, t, 1 - t * t);
}
template <class T, std::size_t D> inline Dual<T, D> log(const Dual<T, D> &x) {
  return Dual<T, D>::chain(x, log(x.value), 1 / x.value);
}
template <class T, std::size_t D> inline Dual<T, D> sqrt(const Dual<T, D> &x) {
  const T root = sqrt(x.value);
  return Dual<T, D>::chain(x, root, 0.5 / root);
}
template <class T, std::size_t D> inline Dual<T, D> sin(const Dual<T, D> &x) {
  return Dual<T, D>::chain(x, sin(x.value), cos(x.value));
}
template <class T, std::size_t D> inline Dual<T, D> cos(const Dual<T, D> &x) {
  return Dual<T, D>::chain(x, cos(x.value), -sin(x.value));
}
/// x to a power that is a constant.
template <class T, std::size_t D, Plain A> inline Dual<T, D> pow(const Dual<T, D> &x, A power) {
  return Dual<T, D>::chain(x, pow(x.value, power), pow(x.value, power - 1) * power);
}
template <class T, std::size_t D> inline Dual<T, D> select(bool yes, const Dual<T, D> &a, const Dual<T, D> &b) {
  return {select(yes, a.value, b.value),
          Dual<T, D>::parts([&](std::size_t k) { return select(yes, a.part[k], b.part[k]); })};
}
template <class T, std::size_t D> inline Dual<T, D> abs(const Dual<T, D> &x) { return select(x < 0, -x, x); }

// Of either.
template <Number X, Plain A>
requires(!std::is_same_v<X, A>) inline X select(bool yes, const X &a, A b) { return select(yes, a, X(b)); }
template <Number X, Plain A>
requires(!std::is_same_v<X, A>) inline X select(bool yes, A a, const X &b) { return select(yes, X(a), b); }
template <class T, class A>
requires std::is_arithmetic_v<A>
inline Scalar<T> pow(Scalar<T> x, A power) { return pow(x, Scalar<T>(power)); }
/// The greater and the lesser. Where both are equal the derivative is that of the first.
template <Number X, class Y>
requires std::is_convertible_v<Y, X>
inline X max(const X &a, const Y &b) { return select(a < X(b), X(b), a); }
template <Number X, class Y>
requires std::is_convertible_v<Y, X>
inline X min(const X &a, const Y &b) { return select(a > X(b), X(b), a); }
template <Number X, class A>
requires std::is_arithmetic_v<A>
inline X max(A a, const X &b) { return select(X(a) < b, b, X(a)); }
template <Number X, class A>
requires std::is_arithmetic_v<A>
inline X min(A a, const X &b) { return select(X(a) > b, b, X(a)); }
/// 1 / (1 + e^−x)
template <Number X> inline X sigmoid(const X &x) { return 1 / (1 + exp(-x)); }
/// log(1 + e^x)
template <Number X> inline X softplus(const X &x) { return max(x, 0) + log(1 + exp(-abs(x))); }
/// x / (e^x − 1), which is 1 at 0: rates of channels have this form.
template <Number X> inline X relative_exp(const X &x) {
  const X away = select(abs(x) < 1e-4, X(1), x);
  return select(abs(x) < 1e-4, 1 - x / 2, away / (exp(away) - 1));
}

} // namespace engram
#endif
