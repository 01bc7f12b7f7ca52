// A TermBench calls the functions of a term of the objective on numbers of its own.
#pragma once

#include "conformance/child.hpp"

#include <engram/objective.h>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace engram::conformance {

/// What a term is handed.
template <class T> struct TermInput {
  std::size_t neurons = 0, trials = 0, target_rows = 0;
  std::vector<double> parameters;
  std::vector<T> signal, target; ///< N × B, and target_rows × B; of a course for each step, but of labels
  std::vector<T> way;            ///< as large as the signal, for the product with the second derivatives
  std::size_t steps = 1;         ///< of a mean or a course
  std::size_t from = 0;          ///< of a course: of which step on the gradient is asked for
};

/// What it returns.
template <class T> struct TermOutput {
  std::vector<T> loss;                       ///< B
  std::vector<T> by_signal, by_target;       ///< gradients
  std::vector<T> product, product_by_target; ///< with the second derivatives; empty of a term that has none
  /// Each with its name.
  std::vector<std::pair<const char *, const std::vector<T> *>> all() const;
};

/// Draws signals, N × B, of a course over a few steps, and targets that suit the table: counts are integers of 0 and
/// above. With `positive` signals lie between 0.05 and 0.95, else around 0. Parameters are the defaults.
template <class T>
TermInput<T> draw_term(const engram_objective &table, std::size_t N, std::size_t B, unsigned seed, bool positive);

/// Does a term take signals around 0, or only positive ones? Throws Failure where its loss is finite for neither.
bool takes_positive_alone(const engram_objective &table);

template <class T> class TermBench {
public:
  explicit TermBench(const engram_objective &table)
      : calls_(table.callbacks[std::is_same_v<T, double> ? ENGRAM_DOUBLE : ENGRAM_SINGLE]),
        by_course_(table.over == ENGRAM_OVER_COURSE) {}

  const engram_objective_callbacks &calls() const { return calls_; }
  static engram_compared compared(const TermInput<T> &in);
  std::vector<T> loss(const TermInput<T> &in) const;
  TermOutput<T> all(const TermInput<T> &in) const;

  /// Throws Failure where a callback fails.
  template <class Callback, class... Words> static void call(Callback callback, const Words &...words) {
    char text[ENGRAM_MESSAGE_SIZE + 1] = "";
    engram_message message{text, ENGRAM_MESSAGE_SIZE};
    if (callback(words..., &message) != ENGRAM_OK) throw Failure{std::string("a callback fails: ") + text, true};
  }

private:
  const engram_objective_callbacks &calls_;
  bool by_course_; // no gradient is taken by the target
};

} // namespace engram::conformance
