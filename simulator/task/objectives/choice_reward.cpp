// choice_reward is the reward of a choice. The loss is −Σ_i p_i y_i, minus the expected reward, with p = softmax(r /
// T).
#include "task/choice.hpp"
#include "task/objective_entry.hpp"

#include <algorithm>
#include <cmath>

namespace engram::task {

namespace {

// p_i = exp(r_i / T) / Σ_j exp(r_j / T), given where it is wanted.
template <class T> struct Softmax {
  const T *r;
  T top, sum = 0, per_temperature;
  Softmax(const T *rate, std::size_t n, double temperature)
      : r(rate), top(*std::max_element(rate, rate + n)), per_temperature(static_cast<T>(1 / temperature)) {
    for (std::size_t i = 0; i < n; ++i) sum += std::exp((r[i] - top) * per_temperature);
  }
  T operator[](std::size_t i) const { return std::exp((r[i] - top) * per_temperature) / sum; }
};

template <class T> struct ChoiceReward {
  static T loss(const Objective &objective, const OneTrial<T> &t) {
    const Softmax<T> p(t.r, t.n, objective.temperature);
    T sum = 0;
    for (std::size_t i = 0; i < t.n; ++i) sum -= p[i] * t.y[i];
    return sum;
  }
  static void add_gradient(const Objective &objective, const OneTrial<T> &t, T scale, T *out) {
    const Softmax<T> p(t.r, t.n, objective.temperature);
    const T *y = t.y;
    T mean = 0;
    for (std::size_t i = 0; i < t.n; ++i) mean += p[i] * y[i];
    for (std::size_t i = 0; i < t.n; ++i) out[i] -= scale * p.per_temperature * p[i] * (y[i] - mean);
  }
  static void add_hessian_product(const Objective &objective, const OneTrial<T> &t, const T *v, T scale, T *out) {
    const Softmax<T> p(t.r, t.n, objective.temperature);
    const T *y = t.y;
    T mean = 0, pv = 0, pyv = 0;
    for (std::size_t i = 0; i < t.n; ++i) mean += p[i] * y[i];
    for (std::size_t i = 0; i < t.n; ++i) {
      pv += p[i] * v[i];
      pyv += p[i] * (y[i] - mean) * v[i];
    }
    const T square = p.per_temperature * p.per_temperature;
    for (std::size_t i = 0; i < t.n; ++i) out[i] -= scale * square * p[i] * ((y[i] - mean) * (v[i] - pv) - pyv);
  }
};

} // namespace

ObjectiveEntry choice_reward_objective() {
  return {.words = {.name = "choice_reward",
                    .help = "a neuron of the region is chosen, and reward is its target (1 at the label, 0 elsewhere): "
                            "in training by the softmax of the rates, in tests the highest rate. Loss: minus the "
                            "expected reward",
                    .reference = "Roelfsema & van Ooyen 2005, Neural Comput 17:2176-2214",
                    .parameters = choice_parameters(),
                    .chooses = true,
                    .compared = model::Compared::array},
          .place = 30,
          .functions = objective_functions<ChoiceReward>()};
}

} // namespace engram::task
