#include "dynamics/short_term_entry.hpp"

#include "error/error.hpp"

#include <algorithm>
#include <string>

namespace engram::dynamics {

namespace {

const ShortTermEntry &short_term_named(const std::string &name) {
  const auto &entries = short_term_entries();
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto &one) { return one.words.name == name; });
  if (found == entries.end()) throw Broken("no short-term plasticity is made for the type '" + name + "'");
  return *found;
}

} // namespace

template <class T>
std::unique_ptr<ShortTermPlasticity<T>> short_term_of(const model::Typed &model, std::size_t pres,
                                                      std::size_t longest_delay, double step_ms) {
  const MakeShortTerm<T> make = short_term_named(model.type).make.of<T>();
  return make ? make(model, pres, longest_delay, step_ms) : nullptr;
}

template std::unique_ptr<ShortTermPlasticity<float>> short_term_of(const model::Typed &, std::size_t, std::size_t,
                                                                   double);
template std::unique_ptr<ShortTermPlasticity<double>> short_term_of(const model::Typed &, std::size_t, std::size_t,
                                                                    double);

} // namespace engram::dynamics
