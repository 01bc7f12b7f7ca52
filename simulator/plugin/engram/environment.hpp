// engram/environment.hpp is the C++20 face of engram/environment.h. It is header only, and an environment needs nothing
// else.
//
// clang-format off
//   struct Guess {
//     static constexpr engram::Environment about{
//         .name = "guess", .summary = "the neuron of the coin's side pays 1", .reference = "…", .chooses = true};
//     static constexpr engram_channel sees[] = {engram::channel("choice", "the values of the two sides", 2, 2)};
//     static constexpr engram_column columns[] = {engram::integer_column("choice", "the side that was chosen")};
//     static void begin(auto &) {}
//     static void step(auto &trial) {
//       const auto side = engram::highest(trial.sees("choice"));
//       trial.choose(side);
//       trial.pay(side == (trial.uniform(0, 0) < 0.5 ? 0u : 1u) ? 1 : 0);
//       trial.end();
//     }
//   };
//   ENGRAM_ENVIRONMENT(Guess)
// clang-format on
//
// Optional members:
//   parameters, Parameters   what the user may set, and a struct with one double for each, in their order
//   in_steps                 names of parameters that are times (ms) and must be multiples of the time step
//   shows, columns           stimuli that are shown to input regions; columns added to the table of trials. `label`
//                            is the right choice, `choice` the one that was made: unless declared, the
//                            neuron chosen last
//   targets                  what it gives to terms of the objective, which are taught by it: trial.target("NAME")
//   State                    a struct of doubles that a trial remembers; 0 as it begins
//   Course, next(events, before, now)   a struct of doubles that are going to happen in a trial whatever the circuit
//                            does; `before` points to that of the trial before, and is null for the first
#ifndef ENGRAM_ENVIRONMENT_HPP
#define ENGRAM_ENVIRONMENT_HPP

#include <engram/environment.h>
#include <engram/environment/trial.hpp>
#include <engram/shared.hpp>

#include <array>
#include <cstring>
#include <iterator>
#include <string_view>

namespace engram {

/// The description that an environment gives of itself.
struct Environment {
  const char *name;
  const char *summary;
  const char *reference;
  bool chooses = false; ///< one neuron of the first channel that it sees is chosen
};

/// What is seen of a region of `fewest` to `most` neurons, or shown to one. `most` 0: any number.
constexpr engram_channel channel(const char *name, const char *help, std::size_t fewest = 1, std::size_t most = 0) {
  return {name, help, fewest, most, 0};
}
/// The same of one that a model need not join to a region.
constexpr engram_channel optional_channel(const char *name, const char *help, std::size_t fewest = 1,
                                          std::size_t most = 0) {
  return {name, help, fewest, most, 1};
}
/// A column of the table of trials: NaN, −1 or no where nothing is known.
constexpr engram_column number_column(const char *name, const char *help) { return {name, help, ENGRAM_COLUMN_NUMBER}; }
constexpr engram_column integer_column(const char *name, const char *help) {
  return {name, help, ENGRAM_COLUMN_INTEGER};
}
constexpr engram_column truth_column(const char *name, const char *help) { return {name, help, ENGRAM_COLUMN_TRUTH}; }

namespace environments {

/// The functions of an environment E, as the host calls them.
template <class E> struct Calls {
  static engram_status next(const engram_events *events, const double *before, double *now, engram_message *message) {
    return guarded(message, [&] {
      const Events<E> own(*events);
      using Course = typename E::Course;
      E::next(own, reinterpret_cast<const Course *>(before), *reinterpret_cast<Course *>(now));
    });
  }
  static engram_status begin(const engram_trial *trial, engram_message *message) {
    return guarded(message, [&] {
      engram_happening nothing{};
      Trial<E> own(*trial, nothing);
      E::begin(own);
    });
  }
  static engram_status step(const engram_trial *trial, engram_happening *now, engram_message *message) {
    return guarded(message, [&] {
      Trial<E> own(*trial, *now);
      E::step(own);
    });
  }
};

/// Copies: static data of E itself could be that of a struct of the same name in another library.
template <class E> inline constexpr auto parameters_of = std::to_array(E::parameters);
template <class E> inline constexpr auto sees_of = std::to_array(E::sees);
template <class E> inline constexpr auto shows_of = std::to_array(E::shows);
template <class E> inline constexpr auto targets_of = std::to_array(E::targets);
template <class E> inline constexpr auto columns_of = std::to_array(E::columns);

/// By parameter: is it counted in steps?
template <class E> constexpr auto make_in_steps() {
  std::array<std::uint32_t, std::size(E::parameters)> out{};
  for (const char *name : E::in_steps) {
    bool known = false;
    for (std::size_t k = 0; k < out.size(); ++k)
      if (std::string_view(name) == E::parameters[k].name) out[k] = known = true;
    if (!known) throw "in_steps names a parameter that there is not"; // at compile time
  }
  return out;
}
template <class E> inline constexpr auto in_steps_of = make_in_steps<E>();

template <class E> constexpr engram_environment make_table() {
  engram_environment table{};
  table.table_size = sizeof(engram_environment);
  table.abi_version = ENGRAM_ENVIRONMENT_ABI_VERSION;
  table.name = E::about.name;
  table.summary = E::about.summary;
  table.reference = E::about.reference;
  table.chooses = E::about.chooses;
  if constexpr (requires { E::parameters; }) {
    static_assert(doubles_in<typename E::Parameters> == std::size(E::parameters),
                  "Parameters has one double for each of `parameters`, in their order");
    table.parameters = parameters_of<E>.data();
    table.parameter_count = std::size(E::parameters);
    if constexpr (requires { E::in_steps; }) table.in_steps = in_steps_of<E>.data();
  }
  table.sees = sees_of<E>.data();
  table.sees_count = std::size(E::sees);
  if constexpr (requires { E::shows; }) {
    table.shows = shows_of<E>.data();
    table.shows_count = std::size(E::shows);
  }
  if constexpr (requires { E::targets; }) {
    table.targets = targets_of<E>.data();
    table.targets_count = std::size(E::targets);
  }
  if constexpr (requires { E::columns; }) {
    table.columns = columns_of<E>.data();
    table.column_count = std::size(E::columns);
  }
  if constexpr (requires { typename E::State; }) table.state_count = doubles_in<typename E::State>;
  if constexpr (requires { typename E::Course; }) {
    table.course_count = doubles_in<typename E::Course>;
    table.callbacks.next = Calls<E>::next;
  }
  table.callbacks.begin = Calls<E>::begin;
  table.callbacks.step = Calls<E>::step;
  return table;
}

/// In the library's own data, as the host keeps pointers to it.
template <class E> const engram_environment &table_of() {
  static constexpr engram_environment table = make_table<E>();
  return table;
}

} // namespace environments
} // namespace engram

/// Exports an environment; once in each library, outside any namespace.
#define ENGRAM_ENVIRONMENT(Environment)                                                                                \
  namespace {                                                                                                          \
  struct EngramEnvironmentOfThisLibrary : Environment {}; /* so that no other library has a name of this table */      \
  }                                                                                                                    \
  extern "C" ENGRAM_EXPORT const engram_environment *engram_environment_table(void) {                                  \
    return &engram::environments::table_of<EngramEnvironmentOfThisLibrary>();                                          \
  }

#endif
