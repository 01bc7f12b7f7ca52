// adam is algorithm 1 of Kingma & Ba 2015, with the sign of ascent along g.
#include "learning/optimizer_entry.hpp"
#include "model/parameters.hpp"

#include <cmath>

namespace engram::learning {

namespace {

template <class T> class Adam final : public OptimizerSteps<T> {
public:
  explicit Adam(const model::Typed &entry)
      : beta1_(static_cast<T>(entry.number("beta1"))), beta2_(static_cast<T>(entry.number("beta2"))),
        epsilon_(static_cast<T>(entry.number("epsilon"))) {}
  void take(const Matrix<T> &change, T scale, T rate, Matrix<T> &weights) override {
    if (first_.is_empty()) {
      first_.zeros(weights.n_rows, weights.n_cols);
      second_.zeros(weights.n_rows, weights.n_cols);
    }
    const T *g = change.memptr();
    T *w = weights.memptr(), *m = first_.memptr(), *v = second_.memptr();
    const T beta1 = beta1_, beta2 = beta2_, epsilon = epsilon_;
    const double t = ++steps_;
    const T unbias1 = static_cast<T>(1 / (1 - std::pow(static_cast<double>(beta1), t)));
    const T unbias2 = static_cast<T>(1 / (1 - std::pow(static_cast<double>(beta2), t)));
    for (std::size_t k = 0; k < weights.n_elem; ++k) {
      const T d = scale * g[k];
      m[k] = beta1 * m[k] + (1 - beta1) * d;
      v[k] = beta2 * v[k] + (1 - beta2) * d * d;
      w[k] += rate * (m[k] * unbias1) / (std::sqrt(v[k] * unbias2) + epsilon);
    }
  }
  std::vector<Kept> memory() override { return {{"first", &first_}, {"second", &second_}, {"steps", &steps_}}; }

private:
  T beta1_, beta2_, epsilon_;
  Matrix<T> first_, second_; // m and v: running moments of g
  double steps_ = 0;         // that were taken
};

constexpr double below_one = 1 - 1e-6; // it divides by 1 − β

} // namespace

OptimizerEntry adam_optimizer() {
  return {.words = {.name = "adam",
                    .help = "steps of the size of the rate, by running moments of the change",
                    .reference = "Kingma & Ba 2015, algorithm 1",
                    .parameters = {model::between("beta1", 0.9, 0, below_one, "memory of the first moment"),
                                   model::between("beta2", 0.999, 0, below_one, "memory of the second moment"),
                                   // 0 / 0 where no change was ever wanted
                                   model::above_minimum(
                                       model::between("epsilon", 1e-8, 0, 1, "keeps the denominator above zero"))}},
          .place = 30,
          .make = {make_optimizer<Adam, float>, make_optimizer<Adam, double>}};
}

} // namespace engram::learning
