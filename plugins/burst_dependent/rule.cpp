// Plasticity by bursts: dw_ij/dt = η [B_i(t) − P̄_i(t) E_i(t)] Ẽ_j(t) (Payeur, Guerguiev, Zenke, Richards & Naud 2021;
// the spiking form of `burst_prop`).
//   E  events of a neuron: spikes that come more than `burst_window` after the one before; B its bursts: of spikes
//   that
//      follow within that time, the first after an event
//   Ẽ_j = Σ e^{−(t − t_event) / τ_pre}      over the events of the presynaptic neuron
//   P̄_i = B̄_i / Ē_i, exponential averages of bursts and events with τ_avg; at most 1, as in the authors' program
// So an event changes a synapse by −P̄_i Ẽ_j and a burst by Ẽ_j: it grows where the neuron turns more of its events
// into bursts than it is used to. The averages know neither the event nor the burst that is weighed by them. As
// learning begins they are `burst_probability` times `event_rate`, and `event_rate`; from trial to trial they go on.
#include <algorithm>
#include <cmath>
#include <engram/rule.hpp>

struct BurstDependent {
  static constexpr engram::About about{
      .name = "burst_dependent",
      .summary = "a synapse grows where its neuron turns more events into bursts than it is used to, and shrinks where "
                 "fewer",
      .reference = "Payeur, Guerguiev, Zenke, Richards & Naud 2021, Nat Neurosci 24:1010-1019",
  };
  static constexpr engram_parameter parameters[] = {
      {"burst_window", "ms", 16, 0, 1e6, "a spike that follows another within this time belongs to a burst", nullptr},
      {"tau_pre", "ms", 50, 1e-3, 1e6, "time constant of the trace of presynaptic events", nullptr},
      {"tau_avg", "ms", 15000, 1e-3, 1e12, "time constant of the averages of events and bursts", nullptr},
      {"event_rate", "Hz", 5, 0, 1e6, "average rate of events as learning begins", nullptr},
      {"burst_probability", "", 0.15, 0, 1, "P, bursts per event, as learning begins", nullptr},
  };
  static constexpr engram_state states[] = {
      {ENGRAM_PRE, "pre_since", "", 1e9, 1, "steps since the neuron's last spike; 1e9: none yet"},
      {ENGRAM_PRE, "trace", "", 0, 1, "trace of presynaptic events"},
      {ENGRAM_POST, "post_since", "", 1e9, 1, "steps since the neuron's last spike; 1e9: none yet"},
      {ENGRAM_POST, "bursting", "", 0, 1, "has the last event become a burst?"},
      {ENGRAM_POST, "events", "", 0, 0, "events, each decaying with tau_avg"},
      {ENGRAM_POST, "bursts", "", 0, 0, "bursts, each decaying with tau_avg"},
      {ENGRAM_POST, "beginning", "", 1, 0, "weight that the averages as they were at first still have"},
  };

  template <class T> static void pre_state(engram::Side<T> &side) {
    step(side.state("pre_since"));
    engram::decay(side.state("trace"), side.now().step, side.parameter("tau_pre"));
  }
  template <class T> static void post_state(engram::Side<T> &side) {
    step(side.state("post_since"));
    for (const char *average : {"events", "bursts", "beginning"})
      engram::decay(side.state(average), side.now().step, side.parameter("tau_avg"));
  }

  template <class T> static void on_post(engram::Row<T> &row) {
    const size_t i = row.neuron();
    T factor = 0;
    if (row.post_state("post_since")(i) > burst_steps<T>(row))
      factor = -expected(row, row.post_state("events")(i), row.post_state("bursts")(i), row.post_state("beginning")(i));
    else if (row.post_state("bursting")(i) == T(0))
      factor = 1;
    const auto trace = row.pre_state("trace");
    for (size_t k = 0; k < row.size(); ++k) row.change(k) = factor * trace(row.other(k));
  }

  template <class T> static void pre_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    const auto since = side.state("pre_since"), trace = side.state("trace");
    const T apart = burst_steps<T>(side);
    for (size_t k = 0; k < count; ++k) {
      if (since(who[k]) > apart) trace(who[k]) += T(1);
      since(who[k]) = 0;
    }
  }
  template <class T> static void post_spike(engram::Side<T> &side, const uint32_t *who, size_t count) {
    const auto since = side.state("post_since"), bursting = side.state("bursting"), events = side.state("events"),
               bursts = side.state("bursts");
    const T apart = burst_steps<T>(side);
    for (size_t k = 0; k < count; ++k) {
      const size_t i = who[k];
      if (since(i) > apart) {
        events(i) += T(1);
        bursting(i) = 0;
      } else if (bursting(i) == T(0)) {
        bursts(i) += T(1);
        bursting(i) = 1;
      }
      since(i) = 0;
    }
  }

private:
  template <class T> static void step(engram::View<T> since) {
    for (size_t n = 0; n < since.rows; ++n) since(n) += T(1);
  }
  template <class T, class Seen> static T burst_steps(const Seen &seen) { // a burst's spikes are at most so far apart
    return static_cast<T>(std::floor(seen.parameter("burst_window") / seen.now().step + 1e-6));
  }
  template <class T> static T expected(const engram::Row<T> &row, T events, T bursts, T beginning) {
    const double p = row.parameter("burst_probability");
    const T first = static_cast<T>(row.parameter("event_rate") / 1000 * row.parameter("tau_avg")) * beginning;
    const T all = events + first;
    return all > T(0) ? std::min(T(1), (bursts + static_cast<T>(p) * first) / all) : static_cast<T>(p);
  }
};

ENGRAM_RULE(BurstDependent)
