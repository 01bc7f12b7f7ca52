// This term was compiled with the objective.h of an earlier day, which is kept here as it was: of version 1. Engram
// reads its table, which lacks what was added since. Without objective.hpp, as that was not kept: ½ (x − y)².
#include "objective.h"

namespace {

template <class T, class Each> void for_each_number(const engram_compared &in, Each each) {
  const auto *x = static_cast<const T *>(in.signal);
  const auto *y = static_cast<const T *>(in.target);
  for (size_t k = 0; k < in.neurons * in.trials; ++k) each(k, x[k] - y[k]);
}

template <class T> struct OlderTerm {
  static engram_status loss(const engram_compared *in, void *loss, engram_message *) {
    T *out = static_cast<T *>(loss);
    for (size_t b = 0; b < in->trials; ++b) out[b] = 0;
    for_each_number<T>(*in, [&](size_t k, T error) { out[k / in->neurons] += error * error / 2; });
    return ENGRAM_OK;
  }
  static engram_status gradient(const engram_compared *in, void *signal, void *target, engram_message *) {
    for_each_number<T>(*in, [&](size_t k, T error) {
      if (signal != nullptr) static_cast<T *>(signal)[k] = error;
      if (target != nullptr) static_cast<T *>(target)[k] = -error;
    });
    return ENGRAM_OK;
  }
  static engram_status hessian_product(const engram_compared *in, const void *v, void *signal, void *target,
                                       engram_message *) {
    const T *way = static_cast<const T *>(v);
    for_each_number<T>(*in, [&](size_t k, T) {
      if (signal != nullptr) static_cast<T *>(signal)[k] = way[k];
      if (target != nullptr) static_cast<T *>(target)[k] = -way[k];
    });
    return ENGRAM_OK;
  }
};

} // namespace

extern "C" ENGRAM_EXPORT const engram_objective *engram_objective_table(void) {
  static engram_objective table{};
  table.table_size = sizeof table;
  table.abi_version = ENGRAM_OBJECTIVE_ABI_VERSION;
  table.name = "older_objective";
  table.summary = table.reference = "for a test";
  table.callbacks[ENGRAM_SINGLE] = {OlderTerm<float>::loss, OlderTerm<float>::gradient,
                                    OlderTerm<float>::hessian_product};
  table.callbacks[ENGRAM_DOUBLE] = {OlderTerm<double>::loss, OlderTerm<double>::gradient,
                                    OlderTerm<double>::hessian_product};
  return &table;
}
