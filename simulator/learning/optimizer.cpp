#include "learning/optimizer.hpp"

#include <cmath>

namespace engram::learning {

template <class T> Optimizer<T> optimizer_of(const model::Rule &rule) {
  Optimizer<T> o;
  o.rate = static_cast<T>(rule.rate);
  o.weight_decay = static_cast<T>(rule.weight_decay);
  if (rule.optimizer.type == "momentum") {
    o.kind = Optimizer<T>::Kind::momentum;
    o.momentum = static_cast<T>(rule.optimizer.number("momentum"));
  } else if (rule.optimizer.type == "adam") {
    o.kind = Optimizer<T>::Kind::adam;
    o.beta1 = static_cast<T>(rule.optimizer.number("beta1"));
    o.beta2 = static_cast<T>(rule.optimizer.number("beta2"));
    o.epsilon = static_cast<T>(rule.optimizer.number("epsilon"));
  }
  return o;
}

template <class T> void update(Optimizer<T> &o, const Matrix<T> &change, T scale, Matrix<T> &weights) {
  const std::size_t count = weights.n_elem;
  const T *g = change.memptr();
  T *w = weights.memptr();
  if (o.weight_decay != T(0)) weights *= 1 - o.rate * o.weight_decay;
  ++o.updates;
  switch (o.kind) {
  case Optimizer<T>::Kind::plain:
    for (std::size_t k = 0; k < count; ++k) w[k] += o.rate * (scale * g[k]);
    return;
  case Optimizer<T>::Kind::momentum: {
    if (o.first.is_empty()) o.first.zeros(weights.n_rows, weights.n_cols);
    T *v = o.first.memptr();
    for (std::size_t k = 0; k < count; ++k) {
      v[k] = o.momentum * v[k] + scale * g[k];
      w[k] += o.rate * v[k];
    }
    return;
  }
  case Optimizer<T>::Kind::adam: {
    if (o.first.is_empty()) {
      o.first.zeros(weights.n_rows, weights.n_cols);
      o.second.zeros(weights.n_rows, weights.n_cols);
    }
    T *m = o.first.memptr(), *v = o.second.memptr();
    const double t = static_cast<double>(o.updates);
    const T unbias1 = static_cast<T>(1 / (1 - std::pow(static_cast<double>(o.beta1), t)));
    const T unbias2 = static_cast<T>(1 / (1 - std::pow(static_cast<double>(o.beta2), t)));
    for (std::size_t k = 0; k < count; ++k) {
      const T d = scale * g[k];
      m[k] = o.beta1 * m[k] + (1 - o.beta1) * d;
      v[k] = o.beta2 * v[k] + (1 - o.beta2) * d * d;
      w[k] += o.rate * (m[k] * unbias1) / (std::sqrt(v[k] * unbias2) + o.epsilon);
    }
    return;
  }
  }
}

void add_optimizer_words(model::Vocabulary &vocabulary) {
  const auto between = [](const char *name, double initial, double high, const char *help) {
    model::Parameter p;
    p.name = name;
    p.initial = initial;
    p.minimum = 0;
    p.maximum = high;
    p.help = help;
    return p;
  };
  constexpr double below_one = 1 - 1e-6; // Adam divides by 1 − β
  auto above_zero = between("epsilon", 1e-8, 1, "keeps the denominator above zero");
  above_zero.above_minimum = true; // 0 / 0 where no change was ever wanted
  vocabulary.optimizers = {
      {"plain", "w += rate * change", "", {}},
      {"momentum",
       "v = momentum v + change, w += rate * v",
       "Polyak 1964",
       {between("momentum", 0.9, 1, "memory of v")}},
      {"adam",
       "steps of the size of the rate, by running moments of the change",
       "Kingma & Ba 2015, algorithm 1",
       {between("beta1", 0.9, below_one, "memory of the first moment"),
        between("beta2", 0.999, below_one, "memory of the second moment"), above_zero}},
  };
}

template Optimizer<float> optimizer_of(const model::Rule &);
template Optimizer<double> optimizer_of(const model::Rule &);
template void update(Optimizer<float> &, const Matrix<float> &, float, Matrix<float> &);
template void update(Optimizer<double> &, const Matrix<double> &, double, Matrix<double> &);

} // namespace engram::learning
