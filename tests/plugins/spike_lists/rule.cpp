// This rule complains where the signal `spike` is not how often a neuron stands in the list of those that spike.
#include <engram/rule.hpp>

#include <algorithm>
#include <stdexcept>

struct SpikeLists {
  static constexpr engram::About about{
      .name = "spike_lists", .summary = "compares spikes with their signal", .reference = "test"};
  static constexpr engram_signal signals[] = {engram::pre("spike"), engram::post("spike")};

  template <class T> static void compare(engram::Side<T> &side, const uint32_t *who, size_t count) {
    const auto spike = side.signal("spike");
    if (!std::is_sorted(who, who + count)) throw std::runtime_error("the neurons that spike are not ascending");
    for (size_t n = 0; n < side.neurons(); ++n)
      if (spike(n) != static_cast<T>(std::count(who, who + count, n)))
        throw std::runtime_error("the signal 'spike' is not the number of spikes");
  }
  template <class T> static void pre_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    compare(side, who, count);
  }
  template <class T> static void post_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    compare(side, who, count);
  }
  template <class T> static void on_pre(engram::Row<T> &row) { // of every spike one row
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = 1;
  }
};
ENGRAM_RULE(SpikeLists)
