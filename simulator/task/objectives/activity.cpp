// A cost of activity: ½ Σ_i (r̄_i − rate)², r̄ the mean over the steps of the trial.
#include "model/parameters.hpp"
#include "task/objective_entry.hpp"

namespace engram::task {

namespace {

template <class T> struct ActivityCost {
  static T mean(const Gathered<T> &gathered, std::size_t k) { return gathered.sum[k] / static_cast<T>(gathered.steps); }
  static void gather(const Objective &, const Matrix<T> &signal, const Matrix<T> &, Gathered<T> &gathered) {
    gathered.sum += signal;
  }
  static void loss(const Objective &o, const Gathered<T> &gathered, Matrix<T> &out) {
    const std::size_t n = gathered.sum.n_rows;
    const T wanted = static_cast<T>(o.values[0]);
    for (std::size_t k = 0; k < gathered.sum.n_elem; ++k)
      out[k / n] += (mean(gathered, k) - wanted) * (mean(gathered, k) - wanted) / 2;
  }
  static void add_gradient(const Objective &o, Gathered<T> &gathered, std::size_t, const Matrix<T> &, T scale,
                           Matrix<T> &out) {
    const T each = scale / static_cast<T>(gathered.steps), wanted = static_cast<T>(o.values[0]);
    for (std::size_t k = 0; k < out.n_elem; ++k) out[k] += each * (mean(gathered, k) - wanted);
  }
};

} // namespace

ObjectiveEntry activity_objective() {
  using namespace model;
  return {.words = {.name = "activity",
                    .help =
                        "half of the squared distance of each neuron's mean over the trial from a rate, summed over "
                        "the neurons: what activity costs",
                    .reference = "",
                    .parameters = {number("rate", "", 0, "the mean that costs nothing")},
                    .compared = Compared::nothing,
                    .quadratic = true,
                    .of_trial = [](const std::map<std::string, Quantity> &) { return true; }},
          .place = 70,
          .of_trial = trial_functions<ActivityCost>()};
}

} // namespace engram::task
