// The steady states of neurons by equations, under constant currents.
#include "dynamics/equations/given.hpp"

#include <engram/neuron/pivots.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace engram::dynamics::equations {

namespace {

template <class T> struct Settling {
  // Solves A x = r for the K columns of K rows of K + 1 and their last one. Errors: no solution.
  static void solve(std::vector<T> &rows, std::size_t K, std::vector<T> &x) {
    neurons::solve_by_pivots(
        K, [&](std::size_t r, std::size_t c) -> T & { return rows[r * (K + 1) + c]; }, x);
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
    return guarded(message, [&] {
      const auto &own = programs_of(*all);
      const std::size_t K = own.states;
      const Given<T> at{all, K, state, soma};
      constexpr int rounds = 100 * Search::most_halvings;
      std::vector<T> rows(K * (K + 1));
      each_block<T>(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        std::vector<Search> searches(count, Search(K));
        for (std::size_t k = 0; k < K; ++k) {
          const T *from =
              own.from[k] == Programs::nowhere ? nullptr : at({Leaf::Kind::constant, own.from[k]}, b, first);
          for (std::size_t i = 0; i < count; ++i)
            column<T>(all, state, k, b, first)[i] = from != nullptr ? from[i] : static_cast<T>(own.initial[k]);
        }
        bool any = true;
        for (int round = 0; any && round < rounds; ++round) {
          any = false;
          const T *const *out = run_block<T>(own.jacobian, scratch<T>(0), at, nowhere<T>, b, first, count);
          T *x = column<T>(all, state, 0, b, first);
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
    return guarded(message, [&] {
      const auto &own = programs_of(*all);
      const std::size_t K = own.states;
      const Given<T> at{all, K, state, soma};
      std::vector<T> rows(K * (K + 1)), y(K);
      each_block<T>(*all, [&](std::size_t b, std::size_t first, std::size_t count) {
        const T *const *jacobian = run_block<T>(own.jacobian, scratch<T>(0), at, nowhere<T>, b, first, count);
        const T *const *by_soma = run_block<T>(own.by_soma, scratch<T>(1), at, nowhere<T>, b, first, count);
        for (std::size_t i = 0; i < count; ++i) {
          for (std::size_t k = 0; k < K; ++k) {
            for (std::size_t j = 0; j < K; ++j) rows[j * (K + 1) + k] = jacobian[k * (K + 1) + j][i];
            rows[k * (K + 1) + K] = at.column(dstate, k, b, first)[i];
          }
          solve(rows, K, y);
          for (std::size_t k = 0; k < K; ++k) signal<T>(all, dsoma, b, first)[i] -= by_soma[k][i] * y[k];
        }
      });
    });
  }
};

} // namespace

template <class T> void add_settling(engram_neuron_callbacks &calls) {
  calls.settle = Settling<T>::settle;
  calls.settle_vjp = Settling<T>::settle_vjp;
}

template void add_settling<float>(engram_neuron_callbacks &);
template void add_settling<double>(engram_neuron_callbacks &);

} // namespace engram::dynamics::equations
