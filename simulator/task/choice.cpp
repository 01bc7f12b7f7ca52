#include "task/choice.hpp"

#include "model/parameters.hpp"

#include <algorithm>
#include <cmath>

namespace engram::task {

std::vector<model::Parameter> choice_parameters() {
  return {model::positive("temperature", "", 1, "of the softmax by which is chosen"),
          model::between("exploration", 1, 0, 1,
                         "share of the trials in which the choice is drawn; in others the highest rate")};
}

void read_choice_parameters(const model::Objective &given, Objective &objective) {
  objective.temperature = given.parameters.at("temperature").a;
  objective.exploration = given.parameters.at("exploration").a;
}

template <class T>
void choose(const Objective &objective, const Matrix<T> &rate, bool explore, const numeric::Random &random,
            const std::vector<std::uint64_t> &trials, Choice<T> &choice) {
  const std::size_t n = rate.n_rows;
  choice.neuron.resize(rate.n_cols);
  choice.probability.resize(rate.n_cols);
  const double epsilon = explore ? objective.exploration : 0;
  for (std::size_t b = 0; b < rate.n_cols; ++b) {
    const T *r = rate.colptr(b);
    const auto best = static_cast<std::size_t>(std::max_element(r, r + n) - r);
    const auto weight = [&](std::size_t i) {
      return std::exp((static_cast<double>(r[i]) - static_cast<double>(r[best])) / objective.temperature);
    };
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += weight(i);
    std::size_t chosen = best;
    if (explore && random.uniform(0, trials[b]) < epsilon) {
      double left = random.uniform(1, trials[b]) * sum;
      for (chosen = 0; chosen + 1 < n; ++chosen) {
        left -= weight(chosen);
        if (left < 0) break;
      }
    }
    choice.neuron[b] = chosen;
    choice.probability[b] = static_cast<T>(epsilon * weight(chosen) / sum + (chosen == best ? 1 - epsilon : 0));
  }
}

template void choose(const Objective &, const Matrix<float> &, bool, const numeric::Random &,
                     const std::vector<std::uint64_t> &, Choice<float> &);
template void choose(const Objective &, const Matrix<double> &, bool, const numeric::Random &,
                     const std::vector<std::uint64_t> &, Choice<double> &);

} // namespace engram::task
