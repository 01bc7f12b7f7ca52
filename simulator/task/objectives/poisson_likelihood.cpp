// The likelihood of counts under Poisson processes: Σ_i μ_i − n_i log μ_i + log n_i!, μ_i = per_rate r_i.
#include "model/parameters.hpp"
#include "task/objective_entry.hpp"

#include <algorithm>

namespace engram::task {

namespace {

template <class T> struct PoissonLikelihood {
  static T per_rate(const Objective &o) { return static_cast<T>(o.values[0]); }
  static T least(const Objective &o) { return static_cast<T>(o.values[1]); }

  static T loss(const Objective &o, const OneTrial<T> &t) {
    T sum = 0;
    for (std::size_t i = 0; i < t.n; ++i) {
      if (std::isnan(t.y[i])) continue;
      const T mean = per_rate(o) * t.r[i];
      sum += mean - t.y[i] * std::log(std::isnan(mean) ? mean : std::max(mean, least(o))) + std::lgamma(t.y[i] + 1);
    }
    return sum;
  }
  static void add_gradient(const Objective &o, const OneTrial<T> &t, T scale, T *out) {
    for (std::size_t i = 0; i < t.n; ++i) {
      if (std::isnan(t.y[i])) continue;
      const T mean = per_rate(o) * t.r[i];
      out[i] += scale * per_rate(o) * (mean < least(o) ? T(1) : 1 - t.y[i] / mean);
    }
  }
  static void add_hessian_product(const Objective &o, const OneTrial<T> &t, const T *v, T scale, T *out) {
    for (std::size_t i = 0; i < t.n; ++i) {
      const T mean = per_rate(o) * t.r[i];
      if (std::isnan(t.y[i]) || mean < least(o)) continue;
      out[i] += scale * per_rate(o) * per_rate(o) * t.y[i] / (mean * mean) * v[i];
    }
  }
};

} // namespace

ObjectiveEntry poisson_likelihood_objective() {
  using namespace model;
  return {
      .words = {.name = "poisson_likelihood",
                .help = "minus the log likelihood of counts (\"target\", frame by frame) under Poisson processes "
                        "of these rates: fits a circuit to recorded spikes",
                .reference = "Truccolo, Eden, Fellows, Donoghue & Brown 2005, J Neurophysiol 93:1074-1089",
                .parameters = {positive("per_rate", "", 1,
                                        "counts that a rate of 1 leads one to expect in a frame: of rates in Hz and "
                                        "frames of 20 ms, 0.02"),
                               positive("least", "", 1e-6,
                                        "expected count below which the logarithm stays as it is there")},
                .compared = Compared::array},
      .place = 100,
      .functions = objective_functions<PoissonLikelihood>(),
      .counts = true,
      .masks = true};
}

} // namespace engram::task
