#include "task/plugin_objective.hpp"

#include "numeric/call_plugin.hpp"
#include "numeric/finite.hpp"

#include <fmt/format.h>

#include <map>
#include <type_traits>
#include <vector>

namespace engram::task {

namespace {

template <class T> struct PluginTerm {
  static const engram_objective &table(const Objective &o) { return *o.entry->table; }
  static const engram_objective_callbacks &calls(const Objective &o) {
    return table(o).callbacks[std::is_same_v<T, double> ? ENGRAM_DOUBLE : ENGRAM_SINGLE];
  }
  static PluginCode code(const Objective &o) { return {"objective", table(o).name}; }
  static engram_compared compared(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target) {
    const bool any = table(o).target != ENGRAM_TARGET_NOTHING && !target.is_empty();
    return {sizeof(engram_compared),
            signal.n_rows,
            signal.n_cols,
            any ? target.n_rows : 0,
            o.values.data(),
            o.step,
            signal.memptr(),
            any ? target.memptr() : nullptr,
            1,
            0};
  }
  /// Where a function of the plugin writes, before it is scaled and added.
  static Matrix<T> &scratch(const Matrix<T> &like) {
    thread_local Matrix<T> memory; // its size stays from step to step
    memory.set_size(like.n_rows, like.n_cols);
    return memory;
  }
  static void add(const Matrix<T> &from, T scale, Matrix<T> &to) {
    for (std::size_t k = 0; k < from.n_elem; ++k) to[k] += scale * from[k];
  }
  /// Errors: PluginFailure where the term has no derivative though the signal is finite.
  static void add_derivative(const Objective &o, const Matrix<T> &signal, const Matrix<T> &slope, T scale,
                             Matrix<T> &out) {
    if (const auto at = numeric::first_not_finite(slope.memptr(), slope.n_elem);
        at < slope.n_elem && numeric::all_finite(signal.memptr(), signal.n_elem))
      throw PluginFailure(code(o),
                          fmt::format("its derivative by neuron {} is no finite number where the signal is {:g}",
                                      at % slope.n_rows, signal[at]));
    add(slope, scale, out);
  }
  static void *nothing() { return nullptr; }

  static void loss(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target, Matrix<T> &out) {
    const auto in = compared(o, signal, target);
    call_plugin(code(o), calls(o).loss, &in, static_cast<void *>(out.memptr()));
  }
  static void add_gradient(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target, T scale,
                           Matrix<T> &out) {
    const auto in = compared(o, signal, target);
    auto &slope = scratch(out);
    call_plugin(code(o), calls(o).gradient, &in, static_cast<void *>(slope.memptr()), nothing());
    add_derivative(o, signal, slope, scale, out);
  }
  static void add_hessian_product(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target,
                                  const Matrix<T> &v, T scale, Matrix<T> &out) {
    const auto in = compared(o, signal, target);
    auto &product = scratch(out);
    call_plugin(code(o), calls(o).hessian_product, &in, static_cast<const void *>(v.memptr()),
                static_cast<void *>(product.memptr()), nothing());
    add(product, scale, out);
  }
  static void add_target_gradient(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target, T scale,
                                  Matrix<T> &out) {
    const auto in = compared(o, signal, target);
    auto &slope = scratch(out);
    call_plugin(code(o), calls(o).gradient, &in, nothing(), static_cast<void *>(slope.memptr()));
    add_derivative(o, signal, slope, scale, out);
  }
  static void add_target_hessian_product(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target,
                                         const Matrix<T> &v, T scale, Matrix<T> &out) {
    const auto in = compared(o, signal, target);
    auto &product = scratch(out);
    call_plugin(code(o), calls(o).hessian_product, &in, static_cast<const void *>(v.memptr()), nothing(),
                static_cast<void *>(product.memptr()));
    add(product, scale, out);
  }
  static ObjectiveFunctions<T> all() {
    return {loss, add_gradient, add_hessian_product, add_target_gradient, add_target_hessian_product};
  }
};

// What the terms of a trial as a whole share.
template <class T> struct PluginTrialTerm {
  using Step = PluginTerm<T>;
  static bool has_target(const Objective &o) { return Step::table(o).target != ENGRAM_TARGET_NOTHING; }
  static bool has_labels(const Objective &o) { return Step::table(o).target == ENGRAM_TARGET_LABELS; }

  static void call_gradient(const Objective &o, const engram_compared &in, std::vector<T> &slope) {
    call_plugin(Step::code(o), Step::calls(o).gradient, &in, static_cast<void *>(slope.data()), Step::nothing());
    const auto *signal = static_cast<const T *>(in.signal);
    const std::size_t block = in.neurons * in.trials;
    const auto at = numeric::first_not_finite(slope.data(), slope.size());
    const std::size_t first = in.from * block; // of a mean 0
    if (at < slope.size() && numeric::all_finite(signal, first + slope.size()))
      throw PluginFailure(Step::code(o),
                          fmt::format("its derivative by neuron {} is no finite number where the signal is {:g}",
                                      at % in.neurons, static_cast<double>(signal[first + at])));
  }
};

// Of the mean over the steps.
template <class T> struct PluginMean : PluginTrialTerm<T> {
  using Base = PluginTrialTerm<T>;
  static void gather(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target, Gathered<T> &gathered) {
    gathered.sum += signal;
    gathered.slope.clear();
    if (!Base::has_target(o)) return;
    if (gathered.steps == 0)
      gathered.target = target;
    else if (!Base::has_labels(o))
      gathered.target += target;
  }
  struct Means {
    Matrix<T> signal, target;
  };
  // `more`: a step that was not gathered; null: none.
  static const Means &means(const Objective &o, const Gathered<T> &gathered, const Matrix<T> *more = nullptr,
                            const Matrix<T> *more_target = nullptr) {
    thread_local Means memory; // its size stays from step to step
    const T steps = static_cast<T>(gathered.steps + (more ? 1 : 0));
    const bool first = gathered.steps == 0;
    memory.signal = first ? *more : gathered.sum;
    if (more && !first) memory.signal += *more;
    memory.signal /= steps;
    if (!Base::has_target(o)) {
      memory.target.reset();
    } else {
      memory.target = first ? *more_target : gathered.target;
      if (Base::has_labels(o)) return memory;
      if (more && !first) memory.target += *more_target;
      memory.target /= steps;
    }
    return memory;
  }
  static engram_compared compared(const Objective &o, const Means &means, std::size_t steps) {
    auto in = Base::Step::compared(o, means.signal, means.target);
    in.steps = steps;
    return in;
  }
  static void loss(const Objective &o, const Gathered<T> &gathered, Matrix<T> &out) {
    const auto in = compared(o, means(o, gathered), gathered.steps);
    call_plugin(Base::Step::code(o), Base::Step::calls(o).loss, &in, static_cast<void *>(out.memptr()));
  }
  static void add_gradient(const Objective &o, Gathered<T> &gathered, std::size_t, const Matrix<T> &, T scale,
                           Matrix<T> &out) {
    if (gathered.slope.empty()) {
      gathered.slope.resize(gathered.sum.n_elem);
      Base::call_gradient(o, compared(o, means(o, gathered), gathered.steps), gathered.slope);
    }
    const T each = scale / static_cast<T>(gathered.steps);
    for (std::size_t k = 0; k < out.n_elem; ++k) out[k] += each * gathered.slope[k];
  }
  static void add_gradient_now(const Objective &o, Gathered<T> &gathered, const Matrix<T> &signal,
                               const Matrix<T> &target, T scale, Matrix<T> &out) {
    thread_local std::vector<T> slope;
    slope.resize(signal.n_elem);
    Base::call_gradient(o, compared(o, means(o, gathered, &signal, &target), gathered.steps + 1), slope);
    for (std::size_t k = 0; k < out.n_elem; ++k) out[k] += scale * slope[k]; // steps · ∂L/∂mean / steps
  }
};

// Of the course, step by step.
template <class T> struct PluginCourse : PluginTrialTerm<T> {
  using Base = PluginTrialTerm<T>;
  static void append(const Matrix<T> &from, std::vector<T> &to) { to.insert(to.end(), from.begin(), from.end()); }
  static void begin(Gathered<T> &gathered) {
    gathered.course.clear();
    gathered.target_course.clear();
  }
  static void add_step(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target, Gathered<T> &gathered) {
    if (gathered.steps == 0) begin(gathered);
    append(signal, gathered.course);
    if (Base::has_target(o) && !(Base::has_labels(o) && gathered.steps > 0)) append(target, gathered.target_course);
  }
  static void gather(const Objective &o, const Matrix<T> &signal, const Matrix<T> &target, Gathered<T> &gathered) {
    gathered.slope.clear();
    add_step(o, signal, target, gathered);
  }
  static engram_compared compared(const Objective &o, const Gathered<T> &gathered, std::size_t neurons,
                                  std::size_t trials, std::size_t steps, std::size_t from) {
    const bool any = Base::has_target(o);
    return {sizeof(engram_compared),
            neurons,
            trials,
            !any                  ? 0
            : Base::has_labels(o) ? 1
                                  : neurons,
            o.values.data(),
            o.step,
            gathered.course.data(),
            any ? gathered.target_course.data() : nullptr,
            steps,
            from};
  }
  static void loss(const Objective &o, const Gathered<T> &gathered, Matrix<T> &out) {
    const auto in = compared(o, gathered, gathered.sum.n_rows, gathered.sum.n_cols, gathered.steps, 0);
    call_plugin(Base::Step::code(o), Base::Step::calls(o).loss, &in, static_cast<void *>(out.memptr()));
  }
  static void add_gradient(const Objective &o, Gathered<T> &gathered, std::size_t which, const Matrix<T> &, T scale,
                           Matrix<T> &out) {
    if (gathered.slope.empty()) {
      gathered.slope.resize(gathered.course.size());
      Base::call_gradient(o, compared(o, gathered, out.n_rows, out.n_cols, gathered.steps, 0), gathered.slope);
    }
    const T *slope = gathered.slope.data() + which * out.n_elem;
    for (std::size_t k = 0; k < out.n_elem; ++k) out[k] += scale * slope[k];
  }
  static void add_gradient_now(const Objective &o, Gathered<T> &gathered, const Matrix<T> &signal,
                               const Matrix<T> &target, T scale, Matrix<T> &out) {
    thread_local std::vector<T> slope;
    slope.resize(signal.n_elem);
    const std::size_t before = gathered.course.size(), targets = gathered.target_course.size();
    add_step(o, signal, target, gathered);
    Base::call_gradient(o, compared(o, gathered, signal.n_rows, signal.n_cols, gathered.steps + 1, gathered.steps),
                        slope);
    if (gathered.steps > 0) { // else the first step to be gathered begins anew
      gathered.course.resize(before);
      gathered.target_course.resize(targets);
    }
    const T all = scale * static_cast<T>(gathered.steps + 1);
    for (std::size_t k = 0; k < out.n_elem; ++k) out[k] += all * slope[k];
  }
};

template <template <class> class Term, class T> TrialFunctions<T> functions_of_trial() {
  return {Term<T>::gather, Term<T>::loss, Term<T>::add_gradient, Term<T>::add_gradient_now};
}

} // namespace

void tell_over(ObjectiveInfo &info) {
  if (info.over != ENGRAM_OVER_STEP)
    info.words.of_trial = [](const std::map<std::string, model::Quantity> &) { return true; };
}

ObjectiveEntry entry_in_words(const ObjectiveInfo &info) {
  ObjectiveEntry entry;
  entry.words = info.words;
  entry.counts = info.counts;
  entry.masks = info.masks;
  entry.finite_where = "it may divide by 0, or have no value there (log, sqrt, a power)";
  return entry;
}

ObjectiveEntry entry_of_plugin(const engram_objective &table, const ObjectiveInfo &info) {
  auto entry = entry_in_words(info);
  entry.table = &table;
  entry.by_course = info.over == ENGRAM_OVER_COURSE;
  if (info.over == ENGRAM_OVER_MEAN)
    entry.of_trial = {functions_of_trial<PluginMean, float>(), functions_of_trial<PluginMean, double>()};
  else if (entry.by_course)
    entry.of_trial = {functions_of_trial<PluginCourse, float>(), functions_of_trial<PluginCourse, double>()};
  else
    entry.functions = {PluginTerm<float>::all(), PluginTerm<double>::all()};
  return entry;
}

} // namespace engram::task
