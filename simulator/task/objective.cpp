#include "task/objective.hpp"

#include "task/choice.hpp"
#include "task/entries.hpp"

namespace engram::task {

Objective objective_of(const model::Model &model, const model::Objective &term, const TaskEntries &entries) {
  Objective o;
  o.entry = &objective_named(term.type, entries);
  o.probabilities = term.signal == "rate" && model.regions[term.region].rates == model::Rates::probabilities;
  o.strength = term.strength;
  o.chooses = o.entry->words.chooses;
  o.step = model.time.step;
  o.of_trial = o.entry->words.of_trial && o.entry->words.of_trial(term.parameters);
  for (const auto &parameter : o.entry->words.parameters) {
    const auto given = term.parameters.find(parameter.name);
    o.values.push_back(given == term.parameters.end() ? parameter.initial : given->second.a);
  }
  if (o.chooses) read_choice_parameters(term, o);
  return o;
}

Objective objective_of(const model::Model &model, const model::Objective &term) {
  return objective_of(model, term, task_entries());
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

template <class T>
void add_target_gradient(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target, T scale,
                         Matrix<T> &out) {
  objective.entry->functions.of<T>().add_target_gradient(objective, rate, target, scale, out);
}

template <class T>
void add_target_hessian_product(const Objective &objective, const Matrix<T> &rate, const Matrix<T> &target,
                                const Matrix<T> &v, T scale, Matrix<T> &out) {
  objective.entry->functions.of<T>().add_target_hessian_product(objective, rate, target, v, scale, out);
}

template <class T>
void gather(const Objective &objective, const Matrix<T> &signal, const Matrix<T> &target, Gathered<T> &gathered) {
  if (gathered.steps == 0) {
    gathered.sum.zeros(signal.n_rows, signal.n_cols);
    gathered.square.reset();
  }
  objective.entry->of_trial.of<T>().gather(objective, signal, target, gathered);
  ++gathered.steps;
}

template <class T> void loss(const Objective &objective, const Gathered<T> &gathered, Matrix<T> &out) {
  out.zeros();
  if (gathered.steps > 0) objective.entry->of_trial.of<T>().loss(objective, gathered, out);
}

template <class T>
void add_gradient(const Objective &objective, Gathered<T> &gathered, std::size_t which, const Matrix<T> &signal,
                  T scale, Matrix<T> &out) {
  if (gathered.steps > 0)
    objective.entry->of_trial.of<T>().add_gradient(objective, gathered, which, signal, scale, out);
}

template <class T>
void add_gradient_now(const Objective &objective, Gathered<T> &gathered, const Matrix<T> &signal,
                      const Matrix<T> &target, T scale, Matrix<T> &out) {
  const auto &functions = objective.entry->of_trial.of<T>();
  if (functions.add_gradient_now)
    functions.add_gradient_now(objective, gathered, signal, target, scale, out);
  else
    add_gradient(objective, gathered, gathered.steps, signal, scale * static_cast<T>(gathered.steps), out);
}

void add_objective_words(model::Vocabulary &vocabulary) {
  for (const auto &entry : objective_entries()) vocabulary.objectives.push_back(entry.words);
}

#define INSTANTIATE(T)                                                                                                 \
  template void loss(const Objective &, const Matrix<T> &, const Matrix<T> &, Matrix<T> &);                            \
  template void add_gradient(const Objective &, const Matrix<T> &, const Matrix<T> &, T, Matrix<T> &);                 \
  template void add_hessian_product(const Objective &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, T,     \
                                    Matrix<T> &);                                                                      \
  template void add_target_gradient(const Objective &, const Matrix<T> &, const Matrix<T> &, T, Matrix<T> &);          \
  template void add_target_hessian_product(const Objective &, const Matrix<T> &, const Matrix<T> &, const Matrix<T> &, \
                                           T, Matrix<T> &);                                                            \
  template void gather(const Objective &, const Matrix<T> &, const Matrix<T> &, Gathered<T> &);                        \
  template void loss(const Objective &, const Gathered<T> &, Matrix<T> &);                                             \
  template void add_gradient(const Objective &, Gathered<T> &, std::size_t, const Matrix<T> &, T, Matrix<T> &);        \
  template void add_gradient_now(const Objective &, Gathered<T> &, const Matrix<T> &, const Matrix<T> &, T,            \
                                 Matrix<T> &);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace engram::task
