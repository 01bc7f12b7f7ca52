#include "conformance/term_bench.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace engram::conformance {

template <class T> std::vector<std::pair<const char *, const std::vector<T> *>> TermOutput<T>::all() const {
  return {{"the loss", &loss},
          {"dL/d(signal)", &by_signal},
          {"dL/d(target)", &by_target},
          {"the product with the second derivatives", &product},
          {"the product with the mixed derivatives", &product_by_target}};
}

template <class T>
TermInput<T> draw_term(const engram_objective &table, std::size_t N, std::size_t B, unsigned seed, bool positive) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> draw(-1, 1);
  const bool labels = table.target == ENGRAM_TARGET_LABELS, nothing = table.target == ENGRAM_TARGET_NOTHING;
  constexpr std::size_t some_steps = 7; // no multiple of what derivatives are taken by at a time
  TermInput<T> in{N, B, nothing ? 0 : labels ? 1 : N, {}, {}, {}, {}};
  if (table.over != ENGRAM_OVER_STEP) in.steps = some_steps;
  const std::size_t blocks = table.over == ENGRAM_OVER_COURSE ? in.steps : 1;
  for (std::size_t k = 0; k < table.parameter_count; ++k) in.parameters.push_back(table.parameters[k].initial);
  const auto number = [&] { return positive ? 0.5 + 0.45 * draw(generator) : draw(generator); };
  for (std::size_t k = 0; k < N * B * blocks; ++k) in.signal.push_back(static_cast<T>(number()));
  for (std::size_t k = 0; k < in.target_rows * B * (labels ? 1 : blocks); ++k)
    in.target.push_back(static_cast<T>(labels         ? static_cast<double>(k % 3)
                                       : table.counts ? std::floor(2 + 2 * draw(generator))
                                                      : number()));
  for (std::size_t k = 0; k < in.signal.size(); ++k) in.way.push_back(static_cast<T>(draw(generator)));
  return in;
}

bool takes_positive_alone(const engram_objective &table) {
  for (const bool positive : {false, true}) {
    const auto loss = TermBench<double>(table).loss(draw_term<double>(table, 7, 3, 1, positive));
    if (std::all_of(loss.begin(), loss.end(), [](double x) { return std::isfinite(x); })) return positive;
  }
  throw Failure{"with the default parameters the loss is not finite, neither for signals between -1 and 1 nor for ones "
                "between 0.05 and 0.95"};
}

template <class T> engram_compared TermBench<T>::compared(const TermInput<T> &in) {
  return {sizeof(engram_compared),
          in.neurons,
          in.trials,
          in.target_rows,
          in.parameters.data(),
          1,
          in.signal.data(),
          in.target.empty() ? nullptr : in.target.data(),
          in.steps,
          in.from};
}

template <class T> std::vector<T> TermBench<T>::loss(const TermInput<T> &in) const {
  std::vector<T> out(in.trials);
  const auto given = compared(in);
  call(calls_.loss, &given, static_cast<void *>(out.data()));
  return out;
}

template <class T> TermOutput<T> TermBench<T>::all(const TermInput<T> &in) const {
  TermOutput<T> out;
  const auto given = compared(in);
  const auto to = [](std::vector<T> &values) { return values.empty() ? nullptr : static_cast<void *>(values.data()); };
  out.loss = loss(in);
  out.by_signal.resize(in.signal.size() - in.from * in.neurons * in.trials);
  if (!by_course_) out.by_target.resize(in.target.size());
  call(calls_.gradient, &given, to(out.by_signal), to(out.by_target));
  if (calls_.hessian_product == nullptr) return out;
  out.product.resize(in.signal.size());
  out.product_by_target.resize(in.target.size());
  call(calls_.hessian_product, &given, static_cast<const void *>(in.way.data()), to(out.product),
       to(out.product_by_target));
  return out;
}

template struct TermOutput<float>;
template struct TermOutput<double>;
template TermInput<float> draw_term(const engram_objective &, std::size_t, std::size_t, unsigned, bool);
template TermInput<double> draw_term(const engram_objective &, std::size_t, std::size_t, unsigned, bool);
template class TermBench<float>;
template class TermBench<double>;

} // namespace engram::conformance
