// engram/objective.hpp is the C++20 face of engram/objective.h. It is header only, and a term of the objective needs
// nothing else.
//
// clang-format off
//   struct MyTerm {
//     static constexpr engram::Term about{.name = "my_term", .summary = "log cosh of the error", .reference = "…"};
//     static constexpr engram_parameter parameters[] = {engram::parameter("width", "", 1, 1e-3, 1e3, "of the bowl")};
//     template <class T> struct Constants { T width; };
//     static auto neuron(const auto &x, const auto &y, const auto &p) {
//       const auto far = abs(x - y) / p.width;
//       return far + log(1 + exp(-2 * far)) - 0.6931471805599453;
//     }
//   };
//   ENGRAM_OBJECTIVE(MyTerm)
//
// The loss has one of three forms:
//   neuron(x, y, p)   the loss of one neuron, whose signal is x and whose target is y. That of a trial is the sum over its
//                     neurons. Where a target is missing nothing is added.
//   trial(x, y, p)    the loss of one trial, whose neurons hang together: x[i], y[i], i < x.size(); y.missing(i)
//   batch(x, y, p)    the loss that each trial of a batch has: x(i, b), y(i, b), b < x.trials(); y.missing(i, b)
// clang-format on
// A term may look at the trial as a whole (`over`). ENGRAM_OVER_MEAN: the same three forms, of the mean of the signal,
// and of the target, over the steps in which the term is judged. ENGRAM_OVER_COURSE: these steps
// themselves, k < x.steps(),
//   neuron(x, y, p)   x[k], y[k], k < x.size(); y.missing(k)
//   trial(x, y, p)    x(i, k), y(i, k); y.missing(i, k)
//   batch(x, y, p)    x(i, b, k), y(i, b, k); y.missing(i, b, k)
// and the gradient may be given: neuron_gradient(x, y, p, slope), trial_gradient, batch_gradient, which set slope[k],
// slope(i, k) or slope(i, b, k), the derivative of that loss; what they leave is 0.
//
// Labels are y[0], or y(0, b). Of a term that is compared with nothing y is not to be read. A fourth argument, if there
// is one, is the time step in ms.
//
// The members of Constants stand in the order of `parameters`; without parameters there is none, and p is empty.
//
// The host runs the same function on numbers that carry derivatives (engram/dual.hpp): so the gradient is exact, and no
// author writes one. Of `neuron` it costs a few losses. Of `trial` and `batch` it is taken by a few numbers at a time,
// and costs as many losses as there are numbers (N, or N B), divided by 4; of a course there are T times as many, and
// those of `neuron` T for each neuron.
#ifndef ENGRAM_OBJECTIVE_HPP
#define ENGRAM_OBJECTIVE_HPP

#include <engram/objective.h>
#include <engram/objective/course.hpp>
#include <engram/objective/derivatives.hpp>
#include <engram/shared.hpp>

#include <cstdint>

namespace engram {

/// The description that a term of the objective gives of itself.
struct Term {
  const char *name;
  const char *summary;
  const char *reference;
  engram_target target = ENGRAM_TARGET_GIVEN; ///< what the signal is compared with
  bool masks = false;  ///< trial() or batch() asks y.missing(); neuron() is never called for what is missing
  bool counts = false; ///< targets are counts, which are not negative
  engram_over over = ENGRAM_OVER_STEP; ///< what it looks at: each step, or the trial as a whole
};

namespace terms {

/// The functions of a term O over arrays of T, as the host calls them.
template <class O, class T> constexpr engram_objective_callbacks callbacks() {
  if constexpr (O::about.over == ENGRAM_OVER_COURSE) {
    using D = CourseDerivatives<O, T>;
    return {D::loss, D::gradient, nullptr};
  } else {
    using D = Derivatives<O, T>;
    return {D::loss, D::gradient, D::hessian_product};
  }
}

/// A copy: static data of O itself could be that of a struct of the same name in another library.
template <class O> inline constexpr auto parameters_of = std::to_array(O::parameters);

template <class O> constexpr engram_objective make_table() {
  using In = ConstantsReader<O, double>;
  static_assert(In::M == In::parameter_count(), "Constants has one member for each of `parameters`, in their order");
  engram_objective table{};
  table.table_size = sizeof(engram_objective);
  table.abi_version = ENGRAM_OBJECTIVE_ABI_VERSION;
  table.name = O::about.name;
  table.summary = O::about.summary;
  table.reference = O::about.reference;
  table.target = O::about.target;
  const bool compared = O::about.target != ENGRAM_TARGET_NOTHING && O::about.target != ENGRAM_TARGET_LABELS;
  if constexpr (O::about.over == ENGRAM_OVER_COURSE) {
    table.masks = O::about.masks;
    table.across_trials = CourseDerivatives<O, double>::by_batch;
  } else {
    table.masks = O::about.masks || (compared && Reader<O, double>::by_neuron);
    table.across_trials = Reader<O, double>::by_batch;
  }
  table.counts = O::about.counts;
  table.over = O::about.over;
  if constexpr (requires { O::parameters; }) {
    table.parameters = parameters_of<O>.data();
    table.parameter_count = std::size(O::parameters);
  }
  table.callbacks[ENGRAM_SINGLE] = callbacks<O, float>();
  table.callbacks[ENGRAM_DOUBLE] = callbacks<O, double>();
  return table;
}

/// In the library's own data, as the host keeps pointers to it.
template <class O> const engram_objective &table_of() {
  static constexpr engram_objective table = make_table<O>();
  return table;
}

} // namespace terms
} // namespace engram

/// Exports a term; once in each library, outside any namespace.
#define ENGRAM_OBJECTIVE(Objective)                                                                                    \
  namespace {                                                                                                          \
  struct EngramObjectiveOfThisLibrary : Objective {}; /* so that no other library has a name of this table */          \
  }                                                                                                                    \
  extern "C" ENGRAM_EXPORT const engram_objective *engram_objective_table(void) {                                      \
    return &engram::terms::table_of<EngramObjectiveOfThisLibrary>();                                                   \
  }

#endif
