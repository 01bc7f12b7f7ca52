#include "dynamics/short_term_entry.hpp"

#include "input/entries.hpp"

namespace engram::dynamics {

template <class T>
std::unique_ptr<ShortTermPlasticity<T>> short_term_of(const model::Typed &model, std::size_t pres,
                                                      std::size_t longest_delay, double step_ms) {
  const MakeShortTerm<T> make =
      input::entry_named(model.type, short_term_entries(), "short-term plasticity").make.of<T>();
  return make ? make(model, pres, longest_delay, step_ms) : nullptr;
}

template std::unique_ptr<ShortTermPlasticity<float>> short_term_of(const model::Typed &, std::size_t, std::size_t,
                                                                   double);
template std::unique_ptr<ShortTermPlasticity<double>> short_term_of(const model::Typed &, std::size_t, std::size_t,
                                                                    double);

} // namespace engram::dynamics
