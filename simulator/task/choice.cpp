#include "task/choice.hpp"

#include <algorithm>
#include <cmath>

namespace engram::task {

std::vector<model::Parameter> choice_parameters() {
  model::Parameter temperature;
  temperature.name = "temperature";
  temperature.initial = 1;
  temperature.minimum = 0;
  temperature.above_minimum = true;
  temperature.help = "of the softmax by which is chosen";
  model::Parameter exploration;
  exploration.name = "exploration";
  exploration.initial = 1;
  exploration.minimum = 0;
  exploration.maximum = 1;
  exploration.help = "share of the trials in which the choice is drawn; in others the highest rate";
  return {temperature, exploration};
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
