// engram/dynamics.hpp is the C++20 face of engram/dynamics.h. It is header only, and the dynamics of a neuron needs
// nothing else.
//
//   struct Leaky {
//     static constexpr engram::Neuron about{.name = "my_leaky", .summary = "tau u' = -u + I, rate = tanh(u)",
//     .reference = "…"}; static constexpr engram_variable states[] = {engram::state("u", "", 0, "the potential")};
//     static constexpr engram_parameter parameters[] = {{"tau", "ms", 10, 0.01, 1e6, "time constant", nullptr}};
//     template <class T> struct State { T u; }; template <class T> struct Constants { T tau; }; static void
//     derivative(const auto &x, const auto &p, const auto &in, auto &slope) { slope.u = (in.soma - x.u) / p.tau; }
//     static auto rate(const auto &x, const auto &p) { return tanh(x.u); }
//   };
//   ENGRAM_DYNAMICS(Leaky)
//
// The members of State stand in the order of `states`, those of Constants in the order of `parameters`, and after them
// constants that `prepare` makes of them. The host runs the same functions on numbers that carry derivatives
// (engram/dual.hpp): so the gradient through a neuron is exact, and no author writes one.
//
// Optional members:
//   parameters, Constants        a neuron may have none
//   prepare(p)                   sets the members of Constants that follow those of `parameters`
//   begin(x, p)                  sets states as a trial begins; on entry they are what `states` and the model say
//   potential(x, p)              the signal `potential`; else the first state
//   steady(soma, p, x)           the state to which a constant current into the soma leads, in closed form
//   Neuron::settles              … or that there is one such state: the host finds it by Newton's method
//   Neuron::activation           in the place of `rate`: the rate is this activation of the first state, or the one
//   that
//                                the model names
//   threshold(x, p)              in the place of `rate`: a neuron that spikes when its first state, the potential,
//   reaches it.
//                                in.soma is then the current (pA) of receptors, projections and noise
//   reset(x, p)                  what a spike does to the states; without it a spike is a crossing upwards, and resets
//   nothing Neuron::refractory           the parameter for which (ms) the potential is held after a spike
#ifndef ENGRAM_DYNAMICS_HPP
#define ENGRAM_DYNAMICS_HPP

#include <engram/dual.hpp>
#include <engram/dynamics.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <iterator>
#include <stdexcept>
#include <string_view>

// All that the function calls is made part of it, so that its loops become vector code.
#if defined(__GNUC__)
#define ENGRAM_WHOLE __attribute__((flatten))
#else
#define ENGRAM_WHOLE
#endif
#if defined(__clang__)
#define ENGRAM_EACH_NEURON _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define ENGRAM_EACH_NEURON _Pragma("GCC ivdep")
#else
#define ENGRAM_EACH_NEURON
#endif

namespace engram {

/// The description that a dynamics gives of itself.
struct Neuron {
  const char *name;
  const char *summary;
  const char *reference;
  const char *integrator = "runge_kutta4"; ///< that moves the states unless a model names one
  const char *activation = nullptr;        ///< see above
  bool apical = false;                     ///< the derivative reads in.apical
  bool settles = false;                    ///< every constant current leads to one state
  const char *refractory = nullptr;        ///< of neurons that spike: the parameter that is their refractory time
};

/// A state that begins at a number, or at the value of a parameter.
constexpr engram_variable state(const char *name, const char *unit, double initial, const char *help) {
  return {name, unit, initial, nullptr, help};
}
constexpr engram_variable state_at(const char *name, const char *unit, const char *parameter, const char *help) {
  return {name, unit, 0, parameter, help};
}
/// A number that the user may set, for all neurons or neuron by neuron. The range holds its ends.
constexpr engram_parameter parameter(const char *name, const char *unit, double initial, double minimum, double maximum,
                                     const char *help) {
  return {name, unit, initial, minimum, maximum, help, nullptr};
}

/// The currents into a neuron; noise is part of that into the soma.
template <class T> struct Currents { T soma, apical; };

namespace neurons {

template <class N, class T> struct ConstantsOf {
  struct None {};
  static auto pick() {
    if constexpr (requires { typename N::template Constants<T>; })
      return std::type_identity<typename N::template Constants<T>>();
    else
      return std::type_identity<None>();
  }
  using type = typename decltype(pick())::type;
};

/// The functions of a dynamics N over whole arrays of T, float or double.
template <class N, class T> struct Loops {
  template <class S> using State = typename N::template State<S>;
  using Constants = typename ConstantsOf<N, Scalar<T>>::type;
  static constexpr std::size_t K = sizeof(State<char>);
  static constexpr std::size_t M = std::is_empty_v<Constants> ? 0 : sizeof(Constants) / sizeof(Scalar<T>);
  static constexpr std::size_t inputs = N::about.apical ? 2 : 1;
  static constexpr std::size_t D = K + inputs;
  using S = Scalar<T>;
  using Places = std::make_index_sequence<K>;

  // A struct of K (or M) equal members, member by member.
  template <std::size_t k, class Value, class Struct> static Value &member(Struct &all) {
    return reinterpret_cast<Value *>(&all)[k];
  }
  template <std::size_t k, class Value, class Struct> static const Value &member(const Struct &all) {
    return reinterpret_cast<const Value *>(&all)[k];
  }

  using Columns = std::array<const T *, K>; // by state: its neurons in one trial
  using Places_of_constants = std::array<const T *, M + 1>;

  static Columns columns(const engram_population &all, const void *state, std::size_t b, std::size_t first) {
    Columns out;
    for (std::size_t k = 0; k < K; ++k) out[k] = static_cast<const T *>(state) + (k + b * K) * all.neurons + first;
    return out;
  }
  static std::array<T *, K> columns(const engram_population &all, void *state, std::size_t b, std::size_t first) {
    std::array<T *, K> out;
    for (std::size_t k = 0; k < K; ++k) out[k] = static_cast<T *>(state) + (k + b * K) * all.neurons + first;
    return out;
  }
  static Places_of_constants constants(const engram_population &all, std::size_t first) {
    Places_of_constants out{};
    for (std::size_t m = 0; m < M; ++m)
      out[m] = static_cast<const T *>(all.constants[m]) + (all.per_neuron[m] != 0 ? first : 0);
    return out;
  }
  static Constants constants_at(const Places_of_constants &p, std::size_t i) {
    return [&]<std::size_t... m>(std::index_sequence<m...>) { return Constants{S(p[m][i])...}; }
    (std::make_index_sequence<M>());
  }
  static State<S> at(const Columns &x, std::size_t i) {
    return [&]<std::size_t... k>(std::index_sequence<k...>) { return State<S>{S(x[k][i])...}; }
    (Places());
  }
  /// The states as numbers with `parts` derivatives: state k has the derivative 1 by itself.
  template <std::size_t parts> static State<Dual<S, parts>> seeded(const Columns &x, std::size_t i) {
    return [&]<std::size_t... k>(std::index_sequence<k...>) {
      return State<Dual<S, parts>>{seed<S, parts>(S(x[k][i]), k)...};
    }
    (Places());
  }
  template <class V, std::size_t parts> static Dual<V, parts> seed(const V &value, std::size_t by) {
    return {value, Dual<V, parts>::parts([&](std::size_t k) { return V(k == by ? 1 : 0); })};
  }

  /// f(trial, first, count) for all neurons, at most ENGRAM_BLOCK at once.
  template <class F> static void blocks(const engram_population &all, F f) {
    for (std::size_t b = 0; b < all.trials; ++b)
      for (std::size_t first = 0; first < all.neurons; first += ENGRAM_BLOCK)
        f(b, first, all.neurons - first < ENGRAM_BLOCK ? all.neurons - first : std::size_t{ENGRAM_BLOCK});
  }
  static const T *signal(const engram_population &all, const void *values, std::size_t b, std::size_t first) {
    return values == nullptr ? nullptr : static_cast<const T *>(values) + b * all.neurons + first;
  }
  static T *signal(const engram_population &all, void *values, std::size_t b, std::size_t first) {
    return values == nullptr ? nullptr : static_cast<T *>(values) + b * all.neurons + first;
  }

  static engram_status prepare(const engram_population *all, std::size_t count, void *const *derived,
                               engram_message *message) {
    return guarded(message, [&] {
      constexpr std::size_t given = parameter_count();
      for (std::size_t i = 0; i < count; ++i) {
        Constants p{};
        [&]<std::size_t... m>(std::index_sequence<m...>) {
          ((member<m, S>(p) = S(static_cast<const T *>(all->constants[m])[all->per_neuron[m] != 0 ? i : 0])), ...);
        }
        (std::make_index_sequence<given>());
        N::prepare(p);
        [&]<std::size_t... m>(std::index_sequence<m...>) {
          ((static_cast<T *>(derived[m])[i] = member<given + m, S>(p).value), ...);
        }
        (std::make_index_sequence<M - given>());
      }
    });
  }

  static engram_status begin(const engram_population *all, void *state, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        for (std::size_t i = 0; i < count; ++i) {
          State<S> now = at(columns(*all, static_cast<const void *>(state), b, first), i);
          N::begin(now, constants_at(p, i));
          store(now, x, i);
        }
      });
    });
  }
  static void store(const State<S> &values, const std::array<T *, K> &to, std::size_t i) {
    [&]<std::size_t... k>(std::index_sequence<k...>) { ((to[k][i] = member<k, S>(values).value), ...); }
    (Places());
  }

  ENGRAM_WHOLE static engram_status derivative(const engram_population *all, const void *state, const void *soma,
                                               const void *apical, void *slope, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, slope, b, first);
        const T *I = signal(*all, soma, b, first), *a = signal(*all, apical, b, first);
        where_apical(a, [&](auto there) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) {
            const Currents<S> in{S(I[i]), there() ? S(a[i]) : S(0)};
            State<S> out{};
            N::derivative(at(x, i), constants_at(p, i), in, out);
            store(out, to, i);
          }
        });
      });
    });
  }

  /// f(std::true_type) where a current reaches the apical compartment, and is read; else f(std::false_type).
  template <class F> static void where_apical(const T *apical, F f) {
    if constexpr (N::about.apical)
      if (apical != nullptr) return f(std::true_type());
    f(std::false_type());
  }

  /// The slopes of one neuron with their derivatives by its states and currents.
  static State<Dual<S, D>> slopes(const Columns &x, const Constants &p, T soma, T apical, std::size_t i) {
    using X = Dual<S, D>;
    const Currents<X> in{seed<S, D>(S(soma), K), N::about.apical ? seed<S, D>(S(apical), K + 1) : X(0)};
    State<X> out{};
    N::derivative(seeded<D>(x, i), p, in, out);
    return out;
  }

  ENGRAM_WHOLE static engram_status derivative_vjp(const engram_population *all, const void *state, const void *soma,
                                                   const void *apical, const void *dslope, void *dstate, void *dsoma,
                                                   void *dapical, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first), from = columns(*all, dslope, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, dstate, b, first);
        const T *I = signal(*all, soma, b, first), *a = signal(*all, apical, b, first);
        T *dI = signal(*all, dsoma, b, first), *da = signal(*all, dapical, b, first);
        where_apical(a, [&](auto there) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) {
            const auto slope = slopes(x, constants_at(p, i), I[i], there() ? a[i] : T(0), i);
            // Σ_k dL/d(slope k) · d(slope k)/d(number `by`)
            const auto sum = [&](std::size_t by) {
              return [&]<std::size_t... k>(std::index_sequence<k...>) {
                return (... + (from[k][i] * member<k, Dual<S, D>>(slope).part[by].value));
              }
              (Places());
            };
            [&]<std::size_t... k>(std::index_sequence<k...>) { ((to[k][i] += sum(k)), ...); }
            (Places());
            dI[i] += sum(K);
            if constexpr (there()) da[i] += sum(K + 1);
          }
        });
      });
    });
  }

  static engram_status relaxation(const engram_population *all, const void *state, const void *soma, const void *apical,
                                  void *rate, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const T *I = signal(*all, soma, b, first), *a = signal(*all, apical, b, first);
        T *to = signal(*all, rate, b, first);
        for (std::size_t i = 0; i < count; ++i) {
          const auto slope = slopes(x, constants_at(p, i), I[i], N::about.apical && a != nullptr ? a[i] : T(0), i);
          T most = 0;
          [&]<std::size_t... k>(std::index_sequence<k...>) {
            ((most = std::max(most, -member<k, Dual<S, D>>(slope).part[k].value)), ...);
          }
          (Places());
          to[i] = most;
        }
      });
    });
  }

  static auto potential_of(const auto &x, const auto &p) {
    if constexpr (requires { N::potential(x, p); })
      return N::potential(x, p);
    else
      return member<0, std::remove_cvref_t<decltype(member_type(x))>>(x);
  }
  template <class V> static V member_type(const State<V> &);

  ENGRAM_WHOLE static engram_status readout(const engram_population *all, const void *state, void *rate,
                                            void *potential, void *gain, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        T *r = signal(*all, rate, b, first), *u = signal(*all, potential, b, first), *g = signal(*all, gain, b, first);
        if (r != nullptr) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) r[i] = S(N::rate(at(x, i), constants_at(p, i))).value;
        }
        if (u != nullptr) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) u[i] = S(potential_of(at(x, i), constants_at(p, i))).value;
        }
        if (g != nullptr) {
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i)
            g[i] = Dual<S, 1>(N::rate(by_first(at(x, i)), constants_at(p, i))).part[0].value;
        }
      });
    });
  }

  /// The same states; the first has the derivative 1 by itself, the others none.
  template <class V> static State<Dual<V, 1>> by_first(const State<V> &x) {
    return [&]<std::size_t... k>(std::index_sequence<k...>) {
      return State<Dual<V, 1>>{Dual<V, 1>{member<k, V>(x), {V(k == 0 ? 1 : 0)}}...};
    }
    (Places());
  }

  ENGRAM_WHOLE static engram_status readout_vjp(const engram_population *all, const void *state, const void *drate,
                                                const void *dpotential, const void *dgain, void *dstate,
                                                engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        using X = Dual<S, K>;
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, dstate, b, first);
        const auto add = [&](const T *d, auto f) {
          if (d == nullptr) return;
          ENGRAM_EACH_NEURON
          for (std::size_t i = 0; i < count; ++i) {
            const X value = f(seeded<K>(x, i), constants_at(p, i));
            [&]<std::size_t... k>(std::index_sequence<k...>) { ((to[k][i] += d[i] * value.part[k].value), ...); }
            (Places());
          }
        };
        add(signal(*all, drate, b, first), [](const auto &y, const auto &q) { return X(N::rate(y, q)); });
        add(signal(*all, dpotential, b, first), [](const auto &y, const auto &q) { return X(potential_of(y, q)); });
        add(signal(*all, dgain, b, first),
            [](const auto &y, const auto &q) { return Dual<X, 1>(N::rate(by_first(y), q)).part[0]; });
      });
    });
  }

  /// jacobian[k][j] = d(slope of k)/d(state j), and its last column d(slope of k)/d(soma), of one neuron.
  using Rows = std::array<std::array<T, K + 1>, K>;

  /// Solves A x = b for the K columns of `rows` and its last one; with partial pivoting. Errors: no solution.
  static std::array<T, K> solved(Rows rows) {
    for (std::size_t c = 0; c < K; ++c) {
      std::size_t best = c;
      for (std::size_t r = c + 1; r < K; ++r)
        if (std::abs(rows[r][c]) > std::abs(rows[best][c])) best = r;
      std::swap(rows[c], rows[best]);
      if (!(std::abs(rows[c][c]) > T(0))) throw std::runtime_error("its steady state is not one point");
      for (std::size_t r = c + 1; r < K; ++r) {
        const T factor = rows[r][c] / rows[c][c];
        for (std::size_t j = c; j <= K; ++j) rows[r][j] -= factor * rows[c][j];
      }
    }
    std::array<T, K> x;
    for (std::size_t c = K; c-- > 0;) {
      T sum = rows[c][K];
      for (std::size_t j = c + 1; j < K; ++j) sum -= rows[c][j] * x[j];
      x[c] = sum / rows[c][c];
    }
    return x;
  }

  static void settle_one(const Constants &p, T soma, State<S> &x, const std::array<T *, K> &to, std::size_t i) {
    if constexpr (requires { N::steady(S(soma), p, x); }) {
      N::steady(S(soma), p, x);
      store(x, to, i);
    } else {
      // Newton's method from the state as a trial begins, in steps that are halved while they lead further away.
      store(x, to, i);
      const auto length = [](const Rows &rows) {
        T sum = 0;
        for (std::size_t k = 0; k < K; ++k) sum += rows[k][K] * rows[k][K];
        return sum;
      };
      const auto look = [&] { // the Jacobian, and minus the slopes
        Columns from;
        for (std::size_t k = 0; k < K; ++k) from[k] = to[k];
        const auto slope = slopes(from, p, soma, T(0), i);
        Rows rows;
        [&]<std::size_t... k>(std::index_sequence<k...>) {
          (([&] {
             for (std::size_t j = 0; j < K; ++j) rows[k][j] = member<k, Dual<S, D>>(slope).part[j].value;
             rows[k][K] = -member<k, Dual<S, D>>(slope).value.value;
           }()),
           ...);
        }
        (Places());
        return rows;
      };
      Rows rows = look();
      for (int round = 0; round < 100; ++round) {
        const T before = length(rows);
        if (before == T(0)) return;
        const auto way = solved(rows);
        std::array<T, K> start;
        T size = 0, reach = 0;
        for (std::size_t k = 0; k < K; ++k) {
          start[k] = to[k][i];
          size = std::max(size, std::abs(start[k]));
          reach = std::max(reach, std::abs(way[k]));
        }
        T part = 1;
        for (int half = 0; half < 40; ++half, part /= 2) {
          for (std::size_t k = 0; k < K; ++k) to[k][i] = start[k] + part * way[k];
          rows = look();
          if (length(rows) < before) break;
        }
        if (reach <= 8 * std::numeric_limits<T>::epsilon() * (1 + size)) return;
        if (!(length(rows) < before)) break;
      }
      const T near = std::numeric_limits<T>::epsilon();
      if (!(length(rows) < near)) throw std::runtime_error("no steady state was found for one of the currents");
    }
  }

  static engram_status settle(const engram_population *all, const void *soma, void *state, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto p = constants(*all, first);
        const auto to = columns(*all, state, b, first);
        const T *I = signal(*all, soma, b, first);
        for (std::size_t i = 0; i < count; ++i) {
          State<S> x{};
          [&]<std::size_t... k>(std::index_sequence<k...>) { ((member<k, S>(x) = S(N::states[k].initial)), ...); }
          (Places());
          settle_one(constants_at(p, i), I[i], x, to, i);
        }
      });
    });
  }

  // f(x, I) = 0: with Jᵀ y = dL/dx, dL/dI = −(∂f/∂I)ᵀ y.
  static engram_status settle_vjp(const engram_population *all, const void *soma, const void *state, const void *dstate,
                                  void *dsoma, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto p = constants(*all, first);
        const auto x = columns(*all, state, b, first), from = columns(*all, dstate, b, first);
        const T *I = signal(*all, soma, b, first);
        T *to = signal(*all, dsoma, b, first);
        for (std::size_t i = 0; i < count; ++i) {
          const auto slope = slopes(x, constants_at(p, i), I[i], T(0), i);
          Rows rows;
          std::array<T, K> by_soma;
          [&]<std::size_t... k>(std::index_sequence<k...>) {
            (([&] {
               for (std::size_t j = 0; j < K; ++j) rows[j][k] = member<k, Dual<S, D>>(slope).part[j].value;
               rows[k][K] = from[k][i];
               by_soma[k] = member<k, Dual<S, D>>(slope).part[K].value;
             }()),
             ...);
          }
          (Places());
          const auto y = solved(rows);
          for (std::size_t k = 0; k < K; ++k) to[i] -= by_soma[k] * y[k];
        }
      });
    });
  }

  /// Runs f; turns an exception into a status and a message.
  template <class F> static engram_status guarded(engram_message *message, F &&f) noexcept {
    try {
      f();
      return ENGRAM_OK;
    } catch (const std::exception &error) {
      std::strncpy(message->text, error.what(), message->capacity - 1);
    } catch (...) {
      std::strncpy(message->text, "unknown exception", message->capacity - 1);
    }
    message->text[message->capacity - 1] = '\0';
    return ENGRAM_FAILED;
  }

  static constexpr std::size_t parameter_count() {
    if constexpr (requires { N::parameters; })
      return std::size(N::parameters);
    else
      return 0;
  }
  static constexpr bool closed = requires(const Scalar<T> &I, const Constants &p, State<S> &x) { N::steady(I, p, x); };

  static constexpr bool spikes = requires(const State<S> &x, const Constants &p) { N::threshold(x, p); };
  static constexpr bool resets = requires(State<S> & x, const Constants &p) { N::reset(x, p); };

  /// A neuron that has reached its threshold within a step is taken to be there to its end.
  ENGRAM_WHOLE static engram_status spiking_derivative(const engram_population *all, const void *state,
                                                       const engram_spiking_input *in, void *slope,
                                                       engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const auto to = columns(*all, slope, b, first);
        const T *drive = signal(*all, in->drive, b, first), *open = signal(*all, in->conductance, b, first),
                *held = signal(*all, in->held, b, first);
        T *passed = signal(*all, in->passed, b, first);
        const T beyond = static_cast<T>(in->beyond);
        ENGRAM_EACH_NEURON
        for (std::size_t i = 0; i < count; ++i) {
          const Constants own = constants_at(p, i);
          State<S> now = at(x, i);
          S &v = member<0, S>(now);
          T factor = 1;
          if constexpr (resets) {
            const T top = S(N::threshold(now, own)).value;
            const T over = v.value >= top ? T(1) : passed[i];
            passed[i] = over;
            v = S(over != T(0) ? top : v.value);
            factor = over != T(0) ? beyond : T(1);
          }
          const Currents<S> current{S(drive[i] - open[i] * v.value), S(0)};
          State<S> out{};
          N::derivative(now, own, current, out);
          S &dv = member<0, S>(out);
          dv = S(held[i] != T(0) ? T(0) : factor * dv.value);
          store(out, to, i);
        }
      });
    });
  }

  static engram_status spiking_relaxation(const engram_population *all, const void *state, const void *drive,
                                          const void *conductance, void *rate, engram_message *message) {
    return guarded(message, [&] {
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        using X = Dual<S, K>;
        const auto x = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const T *I = signal(*all, drive, b, first), *open = signal(*all, conductance, b, first);
        T *to = signal(*all, rate, b, first);
        for (std::size_t i = 0; i < count; ++i) {
          const auto now = seeded<K>(x, i);
          const Currents<X> in{S(I[i]) - S(open[i]) * member<0, X>(now), X(0)};
          State<X> slope{};
          N::derivative(now, constants_at(p, i), in, slope);
          T most = 0;
          [&]<std::size_t... k>(std::index_sequence<k...>) {
            ((most = std::max(most, -member<k, X>(slope).part[k].value)), ...);
          }
          (Places());
          to[i] = most;
        }
      });
    });
  }

  static engram_status fire(const engram_population *all, void *state, const engram_spiking_step *step,
                            std::uint32_t *spiked, std::size_t *counts, engram_message *message) {
    return guarded(message, [&] {
      for (std::size_t b = 0; b < all->trials; ++b) counts[b] = 0;
      blocks(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const auto x = columns(*all, static_cast<const void *>(state), b, first);
        const auto to = columns(*all, state, b, first);
        const auto p = constants(*all, first);
        const T *held = signal(*all, step->held, b, first), *passed = signal(*all, step->passed, b, first),
                *before = signal(*all, step->before, b, first), *highest = signal(*all, step->highest, b, first);
        for (std::size_t i = 0; i < count; ++i) {
          const Constants own = constants_at(p, i);
          State<S> now = at(x, i);
          const T v = x[0][i], top = S(N::threshold(now, own)).value;
          const bool within = resets ? passed != nullptr && passed[i] != T(0) : highest != nullptr && highest[i] >= top;
          if (held[i] != T(0) || !(v >= top || within) || (!resets && before[i] >= top)) continue;
          spiked[b * all->neurons + counts[b]++] = static_cast<std::uint32_t>(first + i);
          if constexpr (resets) {
            N::reset(now, own);
            store(now, to, i);
          }
        }
      });
    });
  }

  static constexpr engram_neuron_callbacks callbacks() {
    engram_neuron_callbacks calls{};
    if constexpr (M > parameter_count()) calls.prepare = prepare;
    if constexpr (requires(State<S> & x, const Constants &p) { N::begin(x, p); }) calls.begin = begin;
    calls.derivative = derivative;
    calls.derivative_vjp = derivative_vjp;
    calls.relaxation = relaxation;
    if constexpr (spikes) {
      calls.relaxation = spiking_relaxation;
      calls.spiking_derivative = spiking_derivative;
      calls.fire = fire;
    } else if constexpr (N::about.activation == nullptr) {
      calls.readout = readout;
      calls.readout_vjp = readout_vjp;
    }
    if constexpr (N::about.settles || closed) {
      calls.settle = settle;
      calls.settle_vjp = settle_vjp;
    }
    return calls;
  }
};

/// Copies: static data of N itself could be that of a struct of the same name in another library.
template <class N> inline constexpr auto states_of = std::to_array(N::states);
template <class N> inline constexpr auto parameters_of = std::to_array(N::parameters);

template <class N> constexpr engram_dynamics make_table() {
  using In = Loops<N, double>;
  static_assert(In::K == std::size(N::states), "State has one member for each of `states`, in their order");
  static_assert(sizeof(typename N::template State<double>) == In::K * sizeof(double), "all members of State are T");
  static_assert(In::M >= In::parameter_count(),
                "Constants begins with one member for each of `parameters`, in their order");
  static_assert(
      In::M == In::parameter_count() || requires(typename In::Constants & p) { N::prepare(p); },
      "members of Constants beyond the parameters are set by prepare(auto &p)");
  engram_dynamics table{};
  table.table_size = sizeof(engram_dynamics);
  table.abi_version = ENGRAM_DYNAMICS_ABI_VERSION;
  table.name = N::about.name;
  table.summary = N::about.summary;
  table.reference = N::about.reference;
  table.integrator = N::about.integrator;
  table.activation = N::about.activation;
  table.reads_apical = N::about.apical;
  static_assert(!In::spikes || (N::about.activation == nullptr && !N::about.apical && !N::about.settles),
                "neurons that spike have a threshold, and no activation, apical compartment or steady state");
  table.spikes = In::spikes;
  table.upward = In::spikes && !In::resets;
  if constexpr (N::about.refractory != nullptr) {
    for (std::size_t k = 0; k < In::parameter_count(); ++k)
      if (std::string_view(N::about.refractory) == N::parameters[k].name)
        table.refractory = static_cast<std::uint32_t>(k + 1);
  }
  table.states = states_of<N>.data();
  table.state_count = std::size(N::states);
  if constexpr (requires { N::parameters; }) {
    table.parameters = parameters_of<N>.data();
    table.parameter_count = std::size(N::parameters);
  }
  table.derived_count = In::M - In::parameter_count();
  table.callbacks[ENGRAM_SINGLE] = Loops<N, float>::callbacks();
  table.callbacks[ENGRAM_DOUBLE] = In::callbacks();
  return table;
}

template <class N> const engram_dynamics &table_of() {
  static constexpr engram_dynamics table = make_table<N>();
  return table;
}

} // namespace neurons
} // namespace engram

/// Exports the dynamics. Stands once in a shared library, outside any namespace.
#define ENGRAM_DYNAMICS(Dynamics)                                                                                      \
  namespace {                                                                                                          \
  struct EngramDynamicsOfThisLibrary : Dynamics {}; /* so that no other library has a name of this table */            \
  }                                                                                                                    \
  extern "C" ENGRAM_EXPORT const engram_dynamics *engram_dynamics_table(void) {                                        \
    return &engram::neurons::table_of<EngramDynamicsOfThisLibrary>();                                                  \
  }

#endif
