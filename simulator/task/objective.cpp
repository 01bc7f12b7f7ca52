#include "task/objective.hpp"

#include "input/entries.hpp"
#include "task/choice.hpp"
#include "task/objective_entry.hpp"

namespace engram::task {

const ObjectiveEntry &objective_named(const std::string &type) {
  return input::entry_named(type, objective_entries(), "objective");
}

Objective objective_of(const model::Model &model) {
  Objective o;
  o.entry = &objective_named(model.objective.type);
  o.probabilities = model.regions[model.objective.region].rates == model::Rates::probabilities;
  o.strength = model.objective.strength;
  o.chooses = o.entry->words.chooses;
  if (o.chooses) read_choice_parameters(model.objective, o);
  return o;
}

template <class T>
void loss(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, Matrix<T> &out) {
  objective.entry->functions.of<T>().loss(objective, rate, target, out);
}

template <class T>
void add_gradient(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale, Matrix<T> &out) {
  objective.entry->functions.of<T>().add_gradient(objective, rate, target, scale, out);
}

template <class T>
void add_hessian_product(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, const Matrix<T> &v,
                         T scale, Matrix<T> &out) {
  objective.entry->functions.of<T>().add_hessian_product(objective, rate, target, v, scale, out);
}

void add_objective_words(model::Vocabulary &vocabulary) {
  for (const auto &entry : objective_entries()) vocabulary.objectives.push_back(entry.words);
}

#define INSTANTIATE(T)                                                                                                 \
  template void loss(const Objective &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);                            \
  template void add_gradient(const Objective &, const Matrix<T> &, const Matrix<T> &, T, Matrix<T> &);                 \
  template void add_hessian_product(const Objective &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, T,     \
                                    Matrix<T> &);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace engram::task
