#include "task/plugin_objective.hpp"

#include "numeric/call_plugin.hpp"
#include "numeric/finite.hpp"

#include <fmt/format.h>

#include <type_traits>

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
    return {sizeof(engram_compared), signal.n_rows, signal.n_cols,   any ? target.n_rows : 0,
            o.values.data(),         o.step,        signal.memptr(), any ? target.memptr() : nullptr};
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

} // namespace

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
  entry.functions = {PluginTerm<float>::all(), PluginTerm<double>::all()};
  return entry;
}

} // namespace engram::task
