// Few neurons are to be active: Σ_i |r_i|, ½ Σ_i r_i², or the divergence of the mean rate ρ_i, over the steps and
// trials of a batch, from a rate ρ: Σ_i ρ log(ρ / ρ_i) + (1 − ρ) log((1 − ρ) / (1 − ρ_i)).
#include "model/parameters.hpp"
#include "task/objective_entry.hpp"

namespace engram::task {

namespace {

constexpr double l1 = 0, divergence = 2; // of the choice "measure"

template <class T> struct Sparsity {
  static T loss(const Objective &o, const OneTrial<T> &t) {
    T sum = 0;
    for (std::size_t i = 0; i < t.n; ++i) sum += o.values[0] == l1 ? std::abs(t.r[i]) : t.r[i] * t.r[i] / 2;
    return sum;
  }
  static void add_gradient(const Objective &o, const OneTrial<T> &t, T scale, T *out) {
    for (std::size_t i = 0; i < t.n; ++i)
      out[i] += scale * (o.values[0] != l1 ? t.r[i] : static_cast<T>((t.r[i] > 0) - (t.r[i] < 0)));
  }
  static void add_hessian_product(const Objective &o, const OneTrial<T> &t, const T *v, T scale, T *out) {
    if (o.values[0] == l1) return;
    for (std::size_t i = 0; i < t.n; ++i) out[i] += scale * v[i];
  }
};

// Of the batch as a whole: each of its trials has the same loss.
template <class T> struct Divergence {
  static T mean(const Gathered<T> &gathered, std::size_t i) {
    T sum = 0;
    for (std::size_t b = 0; b < gathered.sum.n_cols; ++b) sum += gathered.sum(i, b);
    return sum / static_cast<T>(gathered.steps * gathered.sum.n_cols);
  }
  static void gather(const Objective &, const Matrix<T> &signal, const Matrix<T> &, Gathered<T> &gathered) {
    gathered.sum += signal;
  }
  static void loss(const Objective &o, const Gathered<T> &gathered, Matrix<T> &out) {
    const T wanted = static_cast<T>(o.values[1]);
    T sum = 0;
    for (std::size_t i = 0; i < gathered.sum.n_rows; ++i) {
      const T rate = mean(gathered, i);
      sum += wanted * std::log(wanted / rate) + (1 - wanted) * std::log((1 - wanted) / (1 - rate));
    }
    out += sum;
  }
  static void add_gradient(const Objective &o, Gathered<T> &gathered, std::size_t, const Matrix<T> &, T scale,
                           Matrix<T> &out) {
    const T wanted = static_cast<T>(o.values[1]), each = scale / static_cast<T>(gathered.steps);
    for (std::size_t i = 0; i < out.n_rows; ++i) {
      const T rate = mean(gathered, i), slope = (1 - wanted) / (1 - rate) - wanted / rate;
      for (std::size_t b = 0; b < out.n_cols; ++b) out(i, b) += each * slope;
    }
  }
};

} // namespace

ObjectiveEntry sparsity_objective() {
  using namespace model;
  auto rate = between("rate", 0.05, 0, 1, "of \"kl\": the mean rate that is wanted");
  rate.above_minimum = true;
  rate.maximum = 0.999999;
  return {
      .words = {.name = "sparsity",
                .help = "few neurons are to be active: the sum of the absolute values of their signal (l1), half "
                        "that of its squares (l2), or the divergence of their mean rate over the batch, between 0 "
                        "and 1, from one that is wanted (kl)",
                .reference = "Olshausen & Field 1996, Nature 381:607-609",
                .parameters = {choice("measure", {"l1", "l2", "kl"}, "what is summed over the neurons"), rate},
                .compared = Compared::nothing,
                .of_trial = [](const std::map<std::string, Quantity> &p) { return p.at("measure").a == divergence; }},
      .place = 60,
      .functions = objective_functions<Sparsity>(),
      .of_trial = trial_functions<Divergence>(),
      .finite_where = "\"kl\" takes mean rates above 0 and below 1"};
}

} // namespace engram::task
