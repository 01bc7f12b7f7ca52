#include "conformance/costs.hpp"

#include "conformance/bench.hpp"
#include "conformance/child.hpp"
#include "conformance/precisions.hpp"
#include "conformance/tried.hpp"
#include "numeric/product.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <malloc.h>
#include <vector>

namespace engram::conformance {

std::string leaks(const engram_rule &rule) {
#if defined(__SANITIZE_ADDRESS__)
  if (rule.name) return "not asked: the address sanitizer has an allocator of its own, which tells leaks itself";
#endif
  const auto in = [&] {
    std::vector<std::function<void()>> calls;
    each_precision(rule, [&](auto scalar) {
      using T = decltype(scalar);
      calls.push_back([&rule, given = draw<T>(rule, {7, 9, 2}, 1)] { call(rule, given); });
    });
    return calls;
  }();
  const auto used = [] {
    const auto now = mallinfo2();
    return static_cast<double>(now.uordblks) + static_cast<double>(now.hblkhd);
  };
  const auto run = [&](int times) {
    for (int k = 0; k < times; ++k)
      for (const auto &one : in) one();
  };
  run(20); // what is allocated once, and kept, is no leak
  double least =
      std::numeric_limits<double>::infinity(); // a leak grows in every stretch of calls, a library now and then
  for (int stretch = 0; stretch < 3 && least >= 200; ++stretch) {
    const double before = used();
    run(200);
    least = std::min(least, used() - before);
  }
  if (least >= 200) throw Failure{fmt::format("memory grows by {:.0f} bytes in each call", least / 200)};
  return "memory does not grow";
}

// Time of one update of one synapse in one trial (callbacks and the host's products), beside the time that reading and
// writing its weight takes.
std::string speed(const engram_rule &rule) {
  constexpr Sizes large{1000, 1000, 1};
  using T = double;
  if (!offers(rule, ENGRAM_DOUBLE)) return "not measured: it offers single precision alone";
  for (std::size_t k = 0; k < rule.state_count; ++k)
    if (rule.states[k].place == ENGRAM_PRE_PAIRS) return "not measured: its state grows with the square of the neurons";
  const auto in = draw<T>(rule, large, 1);
  double callbacks = 1e9;
  for (int k = 0; k < 5; ++k) {
    double seconds = 0;
    call(rule, in, Memory::plain, &seconds);
    callbacks = std::min(callbacks, seconds / static_cast<double>(in.calls.size()));
  }
  numeric::use_one_blas_thread();
  numeric::Matrix<T> w(in.weights.data(), large.posts, large.pres), x(large.pres, 1, arma::fill::ones), y = x;
  const double products = shortest(7, [&] {
    for (std::size_t k = 0; k < rule.factors; ++k) numeric::product<T>(1e-9, y, {x, true}, 1, w, 1);
  });
  const double memory = shortest(7, [&] { w *= 0.999; });
  const double synapses = static_cast<double>(in.weights.size());
  if (rule.form == ENGRAM_SPIKING) // half a spike for each neuron, so each synapse is reached once on average
    return fmt::format("{:.2f} ns per synapse and spike that reaches it", callbacks / synapses * 1e9);
  return fmt::format("{:.2f} ns per synapse and update; reading and writing the weights takes {:.2f} ns",
                     (callbacks + products) / synapses * 1e9, memory / synapses * 1e9);
}

} // namespace engram::conformance
