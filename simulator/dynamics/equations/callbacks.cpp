// The functions of neurons by equations, as the host calls those of a plugin (engram/dynamics.h).
#include "dynamics/equations/blocks.hpp"
#include "dynamics/equations/compile.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>
#include <stdexcept>

namespace engram::dynamics::equations {

namespace {

const Programs &programs_of(const engram_population &all) {
  return *static_cast<const Programs *>(static_cast<const Population &>(all).own);
}

// Where leaves are, for neurons from `first` on in trial b.
template <class T> struct Given {
  const engram_population *all;
  std::size_t states; // K
  const void *state = nullptr, *soma = nullptr, *apical = nullptr;
  const engram_spiking_input *spiking = nullptr;
  const void *dstate = nullptr;                                         // cotangents of K states
  const void *drate = nullptr, *dpotential = nullptr, *dgain = nullptr; // or of signals

  const T *signal(const void *values, std::size_t b, std::size_t first) const {
    return values == nullptr ? nullptr : static_cast<const T *>(values) + b * all->neurons + first;
  }
  const T *column(const void *values, std::size_t k, std::size_t b, std::size_t first) const {
    return static_cast<const T *>(values) + (k + b * states) * all->neurons + first;
  }
  const T *operator()(const Leaf &leaf, std::size_t b, std::size_t first) const {
    static const std::vector<T> ones(ENGRAM_BLOCK, T(1));
    switch (leaf.kind) {
    case Leaf::Kind::state:
      return column(state, leaf.index, b, first);
    case Leaf::Kind::constant:
      return static_cast<const T *>(all->constants[leaf.index]) + (all->per_neuron[leaf.index] != 0 ? first : 0);
    case Leaf::Kind::soma:
      return signal(soma, b, first);
    case Leaf::Kind::apical:
      return signal(apical, b, first);
    case Leaf::Kind::drive: // relaxation() has it in the place of soma
      return signal(spiking ? spiking->drive : soma, b, first);
    case Leaf::Kind::conductance:
      return signal(spiking ? spiking->conductance : apical, b, first);
    case Leaf::Kind::held:
      return signal(spiking->held, b, first);
    case Leaf::Kind::passed:
      return signal(spiking->passed, b, first);
    case Leaf::Kind::beyond:
      return spiking->beyond != 0 ? ones.data() : nullptr;
    case Leaf::Kind::cotangent:
      if (dstate != nullptr) return column(dstate, leaf.index, b, first);
      return signal(leaf.index == 0 ? drate : leaf.index == 1 ? dpotential : dgain, b, first);
    }
    return nullptr;
  }
};

template <class F> engram_status told(engram_message *message, F f) noexcept {
  try {
    f();
    return ENGRAM_OK;
  } catch (const std::exception &error) {
    std::strncpy(message->text, error.what(), message->capacity - 1);
    message->text[message->capacity - 1] = '\0';
  }
  return ENGRAM_FAILED;
}

template <class T> struct Functions {
  static T *signal(const engram_population *all, void *values, std::size_t b, std::size_t first) {
    return values == nullptr ? nullptr : static_cast<T *>(values) + b * all->neurons + first;
  }
  static T *column(const engram_population *all, void *values, std::size_t k, std::size_t b, std::size_t first) {
    return static_cast<T *>(values) + (k + b * programs_of(*all).states) * all->neurons + first;
  }

  static engram_status prepare(const engram_population *all, std::size_t count, void *const *derived,
                               engram_message *message) {
    return told(message, [&] {
      engram_population once = *all; // the constants of `count` neurons, or of a block
      once.neurons = count;
      once.trials = 1;
      const Given<T> at{&once, 0};
      write_all<T>(programs_of(*all).prepare, once, at,
                   [&](std::size_t k, std::size_t, std::size_t first) { return static_cast<T *>(derived[k]) + first; });
    });
  }

  static engram_status derivative(const engram_population *all, const void *state, const void *soma, const void *apical,
                                  void *slope, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state, soma, apical};
      write_all<T>(own.derivative, *all, at,
                   [&](std::size_t k, std::size_t b, std::size_t first) { return column(all, slope, k, b, first); });
    });
  }

  static engram_status derivative_vjp(const engram_population *all, const void *state, const void *soma,
                                      const void *apical, const void *dslope, void *dstate, void *dsoma, void *dapical,
                                      engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      Given<T> at{all, own.states, state, soma, apical};
      at.dstate = dslope;
      add_all<T>(own.derivative_vjp, *all, at, [&](std::size_t k, std::size_t b, std::size_t first) {
        if (k < own.states) return column(all, dstate, k, b, first);
        return signal(all, k == own.states ? dsoma : dapical, b, first);
      });
    });
  }

  static engram_status relaxation(const engram_population *all, const void *state, const void *soma, const void *apical,
                                  void *rate, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state, soma, apical};
      write_all<T>(own.relaxation, *all, at,
                   [&](std::size_t, std::size_t b, std::size_t first) { return signal(all, rate, b, first); });
    });
  }

  static engram_status readout(const engram_population *all, const void *state, void *rate, void *potential, void *gain,
                               engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state};
      write_all<T>(own.readout, *all, at, [&](std::size_t k, std::size_t b, std::size_t first) {
        return signal(all, k == 0 ? rate : k == 1 ? potential : gain, b, first);
      });
    });
  }

  static engram_status readout_vjp(const engram_population *all, const void *state, const void *drate,
                                   const void *dpotential, const void *dgain, void *dstate, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      Given<T> at{all, own.states, state};
      at.drate = drate;
      at.dpotential = dpotential;
      at.dgain = dgain;
      add_all<T>(own.readout_vjp, *all, at,
                 [&](std::size_t k, std::size_t b, std::size_t first) { return column(all, dstate, k, b, first); });
    });
  }

  static engram_status spiking_derivative(const engram_population *all, const void *state,
                                          const engram_spiking_input *in, void *slope, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      Given<T> at{all, own.states, state};
      at.spiking = in;
      const auto slopes = [&](std::size_t k, std::size_t b, std::size_t first) {
        return k < own.states ? column(all, slope, k, b, first) : nullptr;
      };
      write_all<T>(
          own.spiking, *all, at,
          [&](std::size_t k, std::size_t b, std::size_t first) {
            return k < own.states ? slopes(k, b, first) : signal(all, in->passed, b, first);
          },
          slopes);
    });
  }

  static engram_status fire(const engram_population *all, void *state, const engram_spiking_step *step,
                            std::uint32_t *spiked, std::size_t *counts, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      const Given<T> at{all, own.states, state};
      for (std::size_t b = 0; b < all->trials; ++b) counts[b] = 0;
      each_block(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const T *top = run_block<T>(own.threshold, scratch<T>(0), at, nowhere<T>, b, first, count)[0];
        const T *v = at.column(state, 0, b, first), *held = at.signal(step->held, b, first),
                *passed = at.signal(step->passed, b, first), *before = at.signal(step->before, b, first),
                *highest = at.signal(step->highest, b, first);
        const T *const *after = nullptr; // of this block, once a neuron of it spikes
        for (std::size_t i = 0; i < count; ++i) {
          const bool within =
              own.resets ? passed != nullptr && passed[i] != T(0) : highest != nullptr && highest[i] >= top[i];
          if (std::isnan(top[i])) throw std::runtime_error("a threshold is not a number");
          if (held[i] != T(0) || !(v[i] >= top[i] || within) || (!own.resets && before[i] >= top[i])) continue;
          spiked[b * all->neurons + counts[b]++] = static_cast<std::uint32_t>(first + i);
          if (!own.resets) continue;
          if (after == nullptr) after = run_block<T>(own.reset, scratch<T>(1), at, nowhere<T>, b, first, count);
        }
        if (after == nullptr) return;
        for (std::size_t n = counts[b]; n-- > 0;) { // those of this block are the last
          const std::size_t neuron = spiked[b * all->neurons + n];
          if (neuron < first) break;
          std::array<T, ENGRAM_MAX_VARIABLES> values; // what is not reset is read where it stands
          for (std::size_t k = 0; k < own.states; ++k) values[k] = after[k][neuron - first];
          for (std::size_t k = 0; k < own.states; ++k) *column(all, state, k, b, neuron) = values[k];
        }
      });
    });
  }

  // Solves A x = r for the K columns of K rows of K + 1 and their last one, with partial pivoting. Errors: no solution.
  static void solve(std::vector<T> &rows, std::size_t K, std::vector<T> &x) {
    const std::size_t width = K + 1;
    const auto at = [&](std::size_t r, std::size_t c) -> T & { return rows[r * width + c]; };
    for (std::size_t c = 0; c < K; ++c) {
      std::size_t best = c;
      for (std::size_t r = c + 1; r < K; ++r)
        if (std::abs(at(r, c)) > std::abs(at(best, c))) best = r;
      for (std::size_t j = 0; j < width; ++j) std::swap(at(c, j), at(best, j));
      if (!(std::abs(at(c, c)) > T(0))) throw std::runtime_error("its steady state is not one point");
      for (std::size_t r = c + 1; r < K; ++r) {
        const T factor = at(r, c) / at(c, c);
        for (std::size_t j = c; j < width; ++j) at(r, j) -= factor * at(c, j);
      }
    }
    for (std::size_t c = K; c-- > 0;) {
      T sum = at(c, K);
      for (std::size_t j = c + 1; j < K; ++j) sum -= at(c, j) * x[j];
      x[c] = sum / at(c, c);
    }
  }

  // Where a neuron is on its way to a steady state.
  struct Search {
    explicit Search(std::size_t states) : start(states), way(states) {}
    static constexpr int most_halvings = 40;
    std::vector<T> start, way;         // the state before the step that is tried, and the whole step
    T before = 0, reach = 0, size = 0; // |slopes|² there, the greatest part of the step, and of the state
    T part = 0;                        // of the step; 0: none was tried yet
    int half = 0;                      // how often it was halved
    bool open = true;
  };

  // Newton's method from the state as a trial begins, in steps that are halved while they lead further away. The
  // neurons of a block go side by side.
  static engram_status settle(const engram_population *all, const void *soma, void *state, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      const std::size_t K = own.states;
      const Given<T> at{all, K, state, soma};
      constexpr int rounds = 100 * Search::most_halvings;
      std::vector<T> rows(K * (K + 1));
      each_block(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        std::vector<Search> searches(count, Search(K));
        for (std::size_t k = 0; k < K; ++k) {
          const T *from =
              own.from[k] == Programs::nowhere ? nullptr : at({Leaf::Kind::constant, own.from[k]}, b, first);
          for (std::size_t i = 0; i < count; ++i)
            column(all, state, k, b, first)[i] = from != nullptr ? from[i] : static_cast<T>(own.initial[k]);
        }
        bool any = true;
        for (int round = 0; any && round < rounds; ++round) {
          any = false;
          const T *const *out = run_block<T>(own.jacobian, scratch<T>(0), at, nowhere<T>, b, first, count);
          T *x = column(all, state, 0, b, first);
          for (std::size_t i = 0; i < count; ++i)
            if (searches[i].open) any = advance(searches[i], out, own, x, all->neurons, i, rows) || any;
        }
        if (any) throw std::runtime_error("no steady state was found for one of the currents");
      });
    });
  }

  // One look at a neuron, whose Jacobian and slopes are `out`, and where to look next. Returns whether it goes on.
  static bool advance(Search &search, const T *const *out, const Programs &own, T *x, std::size_t stride, std::size_t i,
                      std::vector<T> &rows) {
    const std::size_t K = own.states;
    T length = 0;
    for (std::size_t k = 0; k < K; ++k) {
      for (std::size_t j = 0; j < K; ++j) rows[k * (K + 1) + j] = out[k * (K + 1) + j][i];
      const T slope = out[k * (K + 1) + K][i];
      rows[k * (K + 1) + K] = -slope;
      length += slope * slope;
    }
    constexpr T near = std::numeric_limits<T>::epsilon();
    const auto look_at = [&] {
      for (std::size_t k = 0; k < K; ++k) x[i + k * stride] = search.start[k] + search.part * search.way[k];
    };
    if (search.part != T(0)) { // a step was tried
      if (!(length < search.before) && ++search.half < Search::most_halvings) {
        search.part /= 2;
        look_at();
        return true;
      }
      if (search.reach <= 8 * near * (1 + search.size)) return search.open = false;
      if (!(length < search.before)) {
        if (!(length < near)) throw std::runtime_error("no steady state was found for one of the currents");
        return search.open = false;
      }
    }
    if (length == T(0)) return search.open = false;
    solve(rows, K, search.way);
    search.before = length;
    search.reach = search.size = 0;
    for (std::size_t k = 0; k < K; ++k) {
      search.start[k] = x[i + k * stride];
      search.size = std::max(search.size, std::abs(search.start[k]));
      search.reach = std::max(search.reach, std::abs(search.way[k]));
    }
    search.part = 1;
    search.half = 0;
    look_at();
    return true;
  }

  // f(x, I) = 0: with Jᵀ y = dL/dx, dL/dI = −(∂f/∂I)ᵀ y.
  static engram_status settle_vjp(const engram_population *all, const void *soma, const void *state, const void *dstate,
                                  void *dsoma, engram_message *message) {
    return told(message, [&] {
      const auto &own = programs_of(*all);
      const std::size_t K = own.states;
      const Given<T> at{all, K, state, soma};
      std::vector<T> rows(K * (K + 1)), y(K);
      each_block(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const T *const *jacobian = run_block<T>(own.jacobian, scratch<T>(0), at, nowhere<T>, b, first, count);
        const T *const *by_soma = run_block<T>(own.by_soma, scratch<T>(1), at, nowhere<T>, b, first, count);
        for (std::size_t i = 0; i < count; ++i) {
          for (std::size_t k = 0; k < K; ++k) {
            for (std::size_t j = 0; j < K; ++j) rows[j * (K + 1) + k] = jacobian[k * (K + 1) + j][i];
            rows[k * (K + 1) + K] = at.column(dstate, k, b, first)[i];
          }
          solve(rows, K, y);
          for (std::size_t k = 0; k < K; ++k) signal(all, dsoma, b, first)[i] -= by_soma[k][i] * y[k];
        }
      });
    });
  }
};

} // namespace

template <class T> engram_neuron_callbacks callbacks_of(const Definition &definition) {
  using All = Functions<T>;
  engram_neuron_callbacks calls{};
  calls.prepare = All::prepare;
  calls.derivative = All::derivative;
  calls.derivative_vjp = All::derivative_vjp;
  calls.relaxation = All::relaxation;
  if (definition.spikes()) {
    calls.spiking_derivative = All::spiking_derivative;
    calls.fire = All::fire;
  } else if (!definition.activation) {
    calls.readout = All::readout;
    calls.readout_vjp = All::readout_vjp;
  }
  if (definition.settles) {
    calls.settle = All::settle;
    calls.settle_vjp = All::settle_vjp;
  }
  return calls;
}

template engram_neuron_callbacks callbacks_of<float>(const Definition &);
template engram_neuron_callbacks callbacks_of<double>(const Definition &);

} // namespace engram::dynamics::equations
