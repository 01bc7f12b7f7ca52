// The spiking form. x_j and y_i are traces of presynaptic and postsynaptic spikes, which decay with tau.
//   at a presynaptic spike  Δw_ij = −a y_i,   at a postsynaptic spike  Δw_ij = a x_j.
#include <engram/rule.hpp>

struct MyStdp {
  static constexpr engram::About about{.name = "my_stdp",
                                       .summary = "a synapse grows when its presynaptic spike comes first",
                                       .reference = "Song, Miller & Abbott 2000, Nat Neurosci 3:919-926"};
  static constexpr engram_parameter parameters[] = {
      {"tau", "ms", 20, 1e-3, 1e6, "time constant of both traces", nullptr},
      {"a", "", 0.01, 0, 1e6, "change by a pair without delay", nullptr}};
  static constexpr engram_state states[] = {{ENGRAM_PRE, "x", "", 0, 1, "trace of presynaptic spikes"},
                                            {ENGRAM_POST, "y", "", 0, 1, "trace of postsynaptic spikes"}};

  // 1. Each step: the traces decay.
  template <class T> static void pre_state(engram::Side<T> &side) {
    engram::decay(side.state("x"), side.now().step, side.parameter("tau"));
  }
  template <class T> static void post_state(engram::Side<T> &side) {
    engram::decay(side.state("y"), side.now().step, side.parameter("tau"));
  }
  // 2. A spike that reaches its synapses reads the trace of the other side.
  template <class T> static void on_pre(engram::Row<T> &row) {
    const auto y = row.post_state("y");
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = -static_cast<T>(row.parameter("a")) * y(row.other(k));
  }
  template <class T> static void on_post(engram::Row<T> &row) {
    const auto x = row.pre_state("x");
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = static_cast<T>(row.parameter("a")) * x(row.other(k));
  }
  // 3. Then the neurons that spike add to their own trace.
  template <class T> static void pre_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    engram::add_spikes(side.state("x"), who, count);
  }
  template <class T> static void post_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    engram::add_spikes(side.state("y"), who, count);
  }
};
ENGRAM_RULE(MyStdp)
