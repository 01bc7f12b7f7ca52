// momentum sums changes that fade: v = μ v + g, w += rate · v.
#include "learning/optimizer_entry.hpp"
#include "model/parameters.hpp"

namespace engram::learning {

namespace {

template <class T> class Momentum final : public OptimizerSteps<T> {
public:
  explicit Momentum(const model::Typed &entry) : memory_(static_cast<T>(entry.number("momentum"))) {}
  void take(const Matrix<T> &change, T scale, T rate, Matrix<T> &weights) override {
    if (velocity_.is_empty()) velocity_.zeros(weights.n_rows, weights.n_cols);
    const T *g = change.memptr();
    T *w = weights.memptr(), *v = velocity_.memptr();
    const T memory = memory_;
    for (std::size_t k = 0; k < weights.n_elem; ++k) {
      v[k] = memory * v[k] + scale * g[k];
      w[k] += rate * v[k];
    }
  }
  std::vector<Kept> memory() override { return {{"velocity", &velocity_}}; }

private:
  T memory_;           // μ
  Matrix<T> velocity_; // v
};

} // namespace

OptimizerEntry momentum_optimizer() {
  return {.words = {.name = "momentum",
                    .help = "v = momentum v + change, w += rate * v",
                    .reference = "Polyak 1964",
                    .parameters = {model::between("momentum", 0.9, 0, 1, "memory of v")}},
          .place = 20,
          .make = {make_optimizer<Momentum, float>, make_optimizer<Momentum, double>}};
}

} // namespace engram::learning
