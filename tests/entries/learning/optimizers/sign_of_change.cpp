// sign_of_change takes of each change its sign alone: w += rate · sign(g).
#include "learning/optimizer_entry.hpp"

namespace engram::learning {

namespace {

template <class T> class SignSteps final : public OptimizerSteps<T> {
public:
  explicit SignSteps(const model::Typed & /*entry*/) {}
  void take(const Matrix<T> &change, T scale, T rate, Matrix<T> &weights) override {
    weights += rate * arma::sign(scale * change);
  }
};

} // namespace

OptimizerEntry sign_of_change_optimizer() {
  return {.words = {.name = "sign_of_change",
                    .help = "w += rate * sign(change)",
                    .reference = "written for the tests",
                    .parameters = {}},
          .make = {make_optimizer<SignSteps, float>, make_optimizer<SignSteps, double>}};
}

} // namespace engram::learning
