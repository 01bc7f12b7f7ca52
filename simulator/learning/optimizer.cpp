#include "learning/optimizer.hpp"

#include "input/entries.hpp"

namespace engram::learning {

template <class T> Optimizer<T> optimizer_of(const model::Rule &rule) {
  const auto &entry = input::entry_named(rule.optimizer.type, optimizer_entries(), "optimizer");
  return {static_cast<T>(rule.rate),
          static_cast<T>(rule.weight_decay),
          static_cast<T>(rule.clip_norm.value_or(0)),
          static_cast<T>(rule.clip_value.value_or(0)),
          entry.words.adds_change,
          entry.make.of<T>()(rule.optimizer)};
}

template <class T> void update(Optimizer<T> &o, const Matrix<T> &change, T scale, Matrix<T> &weights) {
  if (o.weight_decay != T(0)) weights *= 1 - o.rate * o.weight_decay;
  o.steps->take(change, scale, o.rate, weights);
}

void add_optimizer_words(model::Vocabulary &vocabulary) {
  for (const auto &entry : optimizer_entries()) vocabulary.optimizers.push_back(entry.words);
}

template Optimizer<float> optimizer_of(const model::Rule &);
template Optimizer<double> optimizer_of(const model::Rule &);
template void update(Optimizer<float> &, const Matrix<float> &, float, Matrix<float> &);
template void update(Optimizer<double> &, const Matrix<double> &, double, Matrix<double> &);

} // namespace engram::learning
