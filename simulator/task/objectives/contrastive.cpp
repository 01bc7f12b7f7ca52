// Trials of one condition are to be alike, and those of different conditions apart by a margin. Of two trials whose
// signals are D apart: ½ D² where their labels are the same, else ½ max(0, margin − D)².
#include "model/parameters.hpp"
#include "task/objective_entry.hpp"

#include <algorithm>

namespace engram::task {

namespace {

// The loss of a trial is the mean over the other trials of the batch, so that the mean over the trials is that over the
// pairs. `target`: the labels, 1 × B.
template <class T> struct Contrastive {
  static T apart(const Matrix<T> &signal, std::size_t a, std::size_t b) {
    T sum = 0;
    for (std::size_t i = 0; i < signal.n_rows; ++i)
      sum += (signal(i, a) - signal(i, b)) * (signal(i, a) - signal(i, b));
    return std::sqrt(sum);
  }
  static T margin(const Objective &o) { return static_cast<T>(o.values[0]); }

  static void loss(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target, Matrix<T> &out) {
    out.zeros();
    const std::size_t trials = signal.n_cols;
    for (std::size_t a = 0; a < trials; ++a)
      for (std::size_t b = 0; b < trials; ++b) {
        if (a == b) continue;
        const T distance = apart(signal, a, b);
        // NaN is not hidden by the maximum.
        const T left = target[a] == target[b] || std::isnan(distance) ? distance : std::max(T(0), margin(o) - distance);
        out[a] += left * left / (2 * static_cast<T>(trials - 1));
      }
  }
  static void add_gradient(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target, T scale,
                           Matrix<T> &out) {
    const std::size_t trials = signal.n_cols;
    for (std::size_t a = 0; a < trials; ++a)
      for (std::size_t b = 0; b < trials; ++b) {
        if (a == b) continue;
        const T distance = apart(signal, a, b), each = 2 * scale / static_cast<T>(trials - 1); // a, b and b, a
        T pull = 1;
        if (target[a] != target[b])
          pull = distance > T(0) && distance < margin(o) ? (distance - margin(o)) / distance : T(0);
        for (std::size_t i = 0; i < signal.n_rows; ++i) out(i, a) += each * pull * (signal(i, a) - signal(i, b));
      }
  }
  static ObjectiveFunctions<T> all() {
    ObjectiveFunctions<T> out;
    out.loss = loss;
    out.add_gradient = add_gradient;
    return out;
  }
};

} // namespace

ObjectiveEntry contrastive_objective() {
  using namespace model;
  return {.words = {.name = "contrastive",
                    .help =
                        "trials of one label are to have the same signal, and those of different labels signals that "
                        "are a margin apart; of all pairs of a batch",
                    .reference = "Hadsell, Chopra & LeCun 2006, CVPR 2:1735-1742, eq. 4",
                    .parameters = {positive("margin", "", 1, "distance beyond which other labels do not matter")},
                    .compared = Compared::classes},
          .place = 90,
          .functions = {Contrastive<float>::all(), Contrastive<double>::all()}};
}

} // namespace engram::task
