// plain takes the change as it is: w += rate · g.
#include "learning/optimizer_entry.hpp"

namespace engram::learning {

namespace {

template <class T> class Plain final : public OptimizerSteps<T> {
public:
  explicit Plain(const model::Typed & /*entry*/) {}
  void take(const Matrix<T> &change, T scale, T rate, Matrix<T> &weights) override {
    const T *g = change.memptr();
    T *w = weights.memptr();
    for (std::size_t k = 0; k < weights.n_elem; ++k) w[k] += rate * (scale * g[k]);
  }
};

} // namespace

OptimizerEntry plain_optimizer() {
  return {.words = {.name = "plain",
                    .help = "w += rate * change",
                    .reference = "",
                    .parameters = {},
                    .is_default = true,
                    .adds_change = true},
          .place = 10,
          .make = {make_optimizer<Plain, float>, make_optimizer<Plain, double>}};
}

} // namespace engram::learning
