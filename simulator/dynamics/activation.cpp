#include "dynamics/activation_entry.hpp"

#include "input/entries.hpp"

namespace engram::dynamics {

Activation activation_of(const model::Typed &activation) {
  const auto &entry = input::entry_named(activation.type, activation_entries(), "activation");
  Activation phi{&entry};
  const auto &parameters = entry.words.parameters;
  if (!parameters.empty()) phi.a = activation.number(parameters[0].name);
  if (parameters.size() > 1) phi.b = activation.number(parameters[1].name);
  return phi;
}

template <class T> void activate(const Activation &phi, const Matrix<T> &u, Matrix<T> &rate) {
  phi.entry->functions.of<T>().activate(phi, u, rate);
}

template <class T> void gain(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, Matrix<T> &out) {
  phi.entry->functions.of<T>().gain(phi, u, rate, out);
}

template <class T>
void curvature(const Activation &phi, const Matrix<T> &u, const Matrix<T> &rate, const Matrix<T> &slope,
               Matrix<T> &out) {
  phi.entry->functions.of<T>().curvature(phi, u, rate, slope, out);
}

#define INSTANTIATE(T)                                                                                                 \
  template void activate(const Activation &, const Matrix<T> &, Matrix<T> &);                                          \
  template void gain(const Activation &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);                           \
  template void curvature(const Activation &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace engram::dynamics
