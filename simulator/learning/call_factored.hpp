// call_factored() calls a factored rule: pre_factors, then post_factors, neither of which sees the other side.
#pragma once

#include "learning/call.hpp"

#include <algorithm>

namespace engram::learning {

/// What one side gives.
struct FactorLists {
  AddressList<const void *, ENGRAM_MAX_FACTORS> buffers;  ///< K, each N × B, to be filled
  std::array<const void *, ENGRAM_MAX_FACTORS> factors{}; ///< after the call: factor k, N × B; its buffer or a signal
  void *gain = nullptr;                                   ///< N; null unless the table asks for it
};

/// Calls one side. False when the callback fails, or points a factor at memory that it was not given.
template <class T, class Calls, class Lists>
bool call_factors(engram_factors callback, const engram_moment_info &now, const NeuronLists &side, std::uint32_t place,
                  FactorLists &out, Calls &calls, Lists &lists) {
  const auto view = neurons_of(side, place, lists);
  const std::size_t count = out.buffers.count;
  out.factors = out.buffers.at;
  const void **slots =
      lists(place == ENGRAM_PRE ? "the presynaptic factors" : "the postsynaptic factors", out.factors.data(), count);
  if (out.gain) std::fill_n(static_cast<T *>(out.gain), side.neurons, T(0));
  if (!calls(callback, &now, &view, slots, out.gain)) return false;
  for (std::size_t k = 0; k < count; ++k) {
    const void *factor = slots[k];
    const auto *signals = side.signals.at.data();
    // A factor is the buffer that was offered, or one of the side's own signals; nothing else can be read safely.
    if (factor != out.buffers.at[k] &&
        std::find(signals, signals + side.signals.count, factor) == signals + side.signals.count)
      return calls.refuse("points a factor at memory that is neither its buffer nor one of its signals");
    out.factors[k] = factor;
  }
  return true;
}

/// Calls both sides. `pre` and `post` hold T.
template <class T, class Calls, class Lists>
bool call_factored(const engram_callbacks &callbacks, const engram_moment_info &now, const NeuronLists &pre,
                   const NeuronLists &post, FactorLists &pre_out, FactorLists &post_out, Calls &calls, Lists &lists) {
  return call_factors<T>(callbacks.pre_factors, now, pre, ENGRAM_PRE, pre_out, calls, lists) &&
         call_factors<T>(callbacks.post_factors, now, post, ENGRAM_POST, post_out, calls, lists);
}

} // namespace engram::learning
