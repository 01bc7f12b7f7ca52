// engram/rule.hpp is the C++20 face of engram/plugin.h. It is header only, and a rule needs nothing else.
//
//   struct Hebb {
//     static constexpr engram::About about{.name = "my_hebb", .summary = "…", .reference = "Hebb 1949"};
//     static constexpr engram_signal signals[] = {engram::pre("rate"), engram::post("rate")};
//     template <class T> static void pre(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
//     template <class T> static void post(engram::Side<T> &side) { side.factor(0) = side.signal("rate"); }
//   };
//   ENGRAM_RULE(Hebb)
//
// The form follows from what the struct has: `pre` and `post` make a factored rule, `synapses` a synaptic
// one, `global` a global one, `on_pre` or `on_post` a spiking one. Optional members: `parameters`, `states`,
// `modulators` (arrays), `from_weight` (names of synaptic states that begin as the weight).
#ifndef ENGRAM_RULE_HPP
#define ENGRAM_RULE_HPP

#include <engram/plugin.h>
#include <engram/shared.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace engram {

/// The description that a rule gives of itself.
struct About {
  const char *name;
  const char *summary;
  const char *reference;
  engram_moment moment = ENGRAM_EACH_STEP;
  engram_delivery delivery = ENGRAM_DELIVERY_NONE;
  unsigned factors = 1;   ///< K of a factored rule
  bool pre_gain = false;  ///< the pre side also sets side.gain(j)
  bool post_gain = false; ///< the post side also sets side.gain(i)
  bool local = true;      ///< a global rule is never local, whatever this says
  const char *perturbation =
      nullptr;              ///< of a synaptic rule: the parameter that is the s.d. of a perturbation of weights
  bool spike_times = false; ///< of a global rule: its gradient goes through the times of spikes, not surrogate slopes
  const char *sweep_every = nullptr; ///< of a spiking rule: the parameter that is the time between sweeps, ms
};

/// A state of a spiking rule that reaches its synapses late, by a parameter (ms).
struct Late {
  const char *state, *parameter;
};

constexpr engram_signal pre(const char *name) { return {ENGRAM_PRE, name}; }
constexpr engram_signal post(const char *name) { return {ENGRAM_POST, name}; }

/// A column-major view of N rows (neurons) and B columns (trials).
template <class T> struct View {
  T *data = nullptr;
  size_t rows = 0, columns = 0, stride = 0;
  T &operator()(size_t i, size_t b = 0) const { return data[i + b * stride]; }
};

/// Keeps what a signal is now in a state of the same shape.
template <class T> void copy(View<const T> from, View<T> to) {
  for (size_t b = 0; b < from.columns; ++b)
    for (size_t i = 0; i < from.rows; ++i) to(i, b) = from(i, b);
}

/// Traces of spikes, N x 1: between spikes each decays with `tau` (ms), and a spike adds 1.
template <class T> void decay(View<T> trace, double step, double tau) {
  const T factor = static_cast<T>(std::exp(-step / tau));
  for (size_t i = 0; i < trace.rows; ++i) trace(i) *= factor;
}
template <class T> void add_spikes(View<T> trace, const uint32_t *who, size_t count) {
  for (size_t k = 0; k < count; ++k) trace(who[k]) += T(1);
}
/// A spike sets the trace to 1, whatever came before it.
template <class T> void set_spikes(View<T> trace, const uint32_t *who, size_t count) {
  for (size_t k = 0; k < count; ++k) trace(who[k]) = T(1);
}

namespace detail {
[[noreturn]] inline void undeclared(const char *kind, std::string_view name) {
  throw std::out_of_range(std::string(kind) + " '" + std::string(name) + "' is not declared in the rule's table");
}

inline double parameter(const engram_rule &table, const engram_moment_info &now, std::string_view name) {
  for (size_t k = 0; k < table.parameter_count; ++k)
    if (name == table.parameters[k].name) return now.parameters[k];
  undeclared("parameter", name);
}

template <class T>
View<const T> modulator(const engram_rule &table, const engram_moment_info &now, std::string_view name) {
  for (size_t k = 0; k < table.modulator_count; ++k)
    if (name == table.modulators[k]) return {static_cast<const T *>(now.modulators[k]), 1, now.trials, 1};
  undeclared("modulator", name);
}

template <class T>
View<const T> signal(const engram_rule &table, uint32_t place, const engram_neurons &side, std::string_view name) {
  size_t at = 0;
  for (size_t k = 0; k < table.signal_count; ++k) {
    if (table.signals[k].place != place) continue;
    if (name == table.signals[k].name)
      return {static_cast<const T *>(side.signals[at]), side.neurons, side.trials, side.stride};
    ++at;
  }
  undeclared(place == ENGRAM_PRE ? "presynaptic signal" : "postsynaptic signal", name);
}

template <class T>
View<T> state(const engram_rule &table, uint32_t place, const engram_neurons &side, std::string_view name) {
  size_t at = 0;
  for (size_t k = 0; k < table.state_count; ++k) {
    if (table.states[k].place != place) continue;
    if (name == table.states[k].name)
      return {static_cast<T *>(side.state[at]), side.neurons, table.states[k].per_trial ? side.trials : 1, side.stride};
    ++at;
  }
  undeclared("state", name);
}

template <class T> View<T> pairs(const engram_rule &table, const engram_neurons &side, std::string_view name) {
  size_t at = 0; // they stand behind the states of single neurons
  for (size_t k = 0; k < table.state_count; ++k) at += table.states[k].place == ENGRAM_PRE;
  for (size_t k = 0; k < table.state_count; ++k) {
    if (table.states[k].place != ENGRAM_PRE_PAIRS) continue;
    if (name == table.states[k].name)
      return {static_cast<T *>(side.state[at]), side.neurons, side.neurons, side.neurons};
    ++at;
  }
  undeclared("state", name);
}
} // namespace detail

/// One side of a projection as a rule sees it: its own neurons, and nothing of the other side.
template <class T> class Side {
public:
  Side(const engram_rule &table, uint32_t place, const engram_moment_info &now, const engram_neurons &neurons,
       const void **factors, void *gain)
      : table_(table), place_(place), now_(now), neurons_(neurons), factors_(factors), gain_(static_cast<T *>(gain)) {}

  size_t neurons() const { return neurons_.neurons; }
  size_t trials() const { return neurons_.trials; }
  /// When and why the rule is called.
  const engram_moment_info &now() const { return now_; }
  double parameter(std::string_view name) const { return detail::parameter(table_, now_, name); }
  View<const T> modulator(std::string_view name) const { return detail::modulator<T>(table_, now_, name); }
  View<const T> signal(std::string_view name) const { return detail::signal<T>(table_, place_, neurons_, name); }
  View<T> state(std::string_view name) const { return detail::state<T>(table_, place_, neurons_, name); }
  /// Of a rule that is not local: one value for each pair of presynaptic neurons, N_pre x N_pre.
  View<T> pairs(std::string_view name) const { return detail::pairs<T>(table_, neurons_, name); }
  T &gain(size_t i) const { return gain_[i]; }

  /// The k-th factor: assign a signal to it (no copy), or fill it with a function of (neuron, trial).
  class Factor {
  public:
    Factor(const void *&slot, size_t rows, size_t columns) : slot_(slot), rows_(rows), columns_(columns) {}
    void operator=(View<const T> signal) { slot_ = signal.data; }
    template <class F> void fill(F &&value) const {
      // The slot points at the host's writable buffer until a signal is assigned to it.
      T *out = static_cast<T *>(const_cast<void *>(slot_));
      for (size_t b = 0; b < columns_; ++b)
        for (size_t i = 0; i < rows_; ++i) out[i + b * rows_] = static_cast<T>(value(i, b));
    }

  private:
    const void *&slot_;
    size_t rows_, columns_;
  };
  Factor factor(size_t k) const { return {factors_[k], neurons(), trials()}; }

private:
  const engram_rule &table_;
  uint32_t place_;
  const engram_moment_info &now_;
  const engram_neurons &neurons_;
  const void **factors_;
  T *gain_;
};

/// A tile of synapses as a synaptic rule sees it: every pair of `posts()` and `pres()` neurons.
template <class T> class Synapses {
public:
  Synapses(const engram_rule &table, const engram_moment_info &now, const engram_tile &tile)
      : table_(table), now_(now), tile_(tile) {}

  size_t posts() const { return tile_.post.neurons; }
  size_t pres() const { return tile_.pre.neurons; }
  size_t trials() const { return tile_.pre.trials; }
  const engram_moment_info &now() const { return now_; }
  double parameter(std::string_view name) const { return detail::parameter(table_, now_, name); }
  View<const T> modulator(std::string_view name) const { return detail::modulator<T>(table_, now_, name); }
  View<const T> pre(std::string_view name) const { return detail::signal<T>(table_, ENGRAM_PRE, tile_.pre, name); }
  View<const T> post(std::string_view name) const { return detail::signal<T>(table_, ENGRAM_POST, tile_.post, name); }
  View<T> pre_state(std::string_view name) const { return detail::state<T>(table_, ENGRAM_PRE, tile_.pre, name); }
  View<T> post_state(std::string_view name) const { return detail::state<T>(table_, ENGRAM_POST, tile_.post, name); }
  /// w(i, j): the weight of the synapse from presynaptic neuron j to postsynaptic neuron i.
  View<const T> weights() const { return {static_cast<const T *>(tile_.weights), posts(), pres(), tile_.stride}; }
  /// To be added to: the sum over the trials of the change that the rule wants.
  View<T> change() const { return {static_cast<T *>(tile_.change), posts(), pres(), tile_.stride}; }
  /// The perturbation that was added to each weight for the length of this phase. Empty (rows = 0) in phases without
  /// noise.
  View<const T> perturbation() const {
    if (!tile_.perturbation) return {};
    return {static_cast<const T *>(tile_.perturbation), posts(), pres(), tile_.stride};
  }
  /// Per-synapse state, of trial b when it is kept per trial.
  View<T> state(std::string_view name, size_t b = 0) const {
    size_t at = 0;
    for (size_t k = 0; k < table_.state_count; ++k) {
      if (table_.states[k].place != ENGRAM_SYNAPSE) continue;
      if (name == table_.states[k].name) {
        const size_t offset = table_.states[k].per_trial ? b * tile_.state_trial_stride : 0;
        return {static_cast<T *>(tile_.state[at]) + offset, posts(), pres(), tile_.stride};
      }
      ++at;
    }
    detail::undeclared("synaptic state", name);
  }

private:
  const engram_rule &table_;
  const engram_moment_info &now_;
  const engram_tile &tile_;
};

/// Synapses that a spike reaches, as a spiking rule sees them: those of one neuron.
template <class T> class Row {
public:
  /// A value of each synapse.
  template <class V> struct Values {
    V *data;
    const uint32_t *places;
    V &operator[](size_t k) const { return data[places ? places[k] : k]; }
  };
  Row(const engram_rule &table, const engram_moment_info &now, const engram_row &row)
      : table_(table), now_(now), row_(row) {}
  size_t size() const { return row_.synapses; }
  const engram_moment_info &now() const { return now_; }
  double parameter(std::string_view name) const { return detail::parameter(table_, now_, name); }
  T modulator(std::string_view name) const { return detail::modulator<T>(table_, now_, name)(0, 0); }
  size_t neuron() const { return row_.neuron; }           ///< whose spike it is
  size_t other(size_t k) const { return row_.others[k]; } ///< the neuron at the other end of synapse k
  View<const T> pre(std::string_view name) const { return detail::signal<T>(table_, ENGRAM_PRE, row_.pre, name); }
  View<const T> post(std::string_view name) const { return detail::signal<T>(table_, ENGRAM_POST, row_.post, name); }
  View<T> pre_state(std::string_view name) const { return detail::state<T>(table_, ENGRAM_PRE, row_.pre, name); }
  View<T> post_state(std::string_view name) const { return detail::state<T>(table_, ENGRAM_POST, row_.post, name); }
  Values<const T> weights() const { return {static_cast<const T *>(row_.weights), row_.places}; }
  Values<T> state(std::string_view name) const {
    size_t at = 0;
    for (size_t k = 0; k < table_.state_count; ++k) {
      if (table_.states[k].place != ENGRAM_SYNAPSE) continue;
      if (name == table_.states[k].name) return {static_cast<T *>(row_.state[at]), row_.places};
      ++at;
    }
    detail::undeclared("synaptic state", name);
  }
  /// The change that synapse k wants of its weight; 0 at first.
  T &change(size_t k) const { return static_cast<T *>(row_.change)[k]; }

private:
  const engram_rule &table_;
  const engram_moment_info &now_;
  const engram_row &row_;
};

/// The whole network, for a global rule.
class Network {
public:
  Network(const engram_rule &table, const engram_moment_info &now, const engram_network &network)
      : table_(table), now_(now), network_(network) {}
  size_t steps() const { return network_.steps; }
  double parameter(std::string_view name) const { return detail::parameter(table_, now_, name); }
  void replay(size_t first, size_t last) const {
    char text[ENGRAM_MESSAGE_SIZE] = "";
    engram_message message{text, sizeof text};
    if (network_.replay(network_.host, first, last, &message) != ENGRAM_OK) throw std::runtime_error(text);
  }
  void pull_back(size_t step) const {
    char text[ENGRAM_MESSAGE_SIZE] = "";
    engram_message message{text, sizeof text};
    if (network_.pull_back(network_.host, step, &message) != ENGRAM_OK) throw std::runtime_error(text);
  }

private:
  const engram_rule &table_;
  const engram_moment_info &now_;
  const engram_network &network_;
};

namespace detail {
template <class R, class T> struct Calls {
  static const engram_rule &table();
  static engram_status pre(const engram_moment_info *now, const engram_neurons *side, const void **factors, void *gain,
                           engram_message *message) {
    return guarded(message, [&] {
      Side<T> view(table(), ENGRAM_PRE, *now, *side, factors, gain);
      R::pre(view);
    });
  }
  static engram_status post(const engram_moment_info *now, const engram_neurons *side, const void **factors, void *gain,
                            engram_message *message) {
    return guarded(message, [&] {
      Side<T> view(table(), ENGRAM_POST, *now, *side, factors, gain);
      R::post(view);
    });
  }
  static engram_status pre_state(const engram_moment_info *now, const engram_neurons *side, engram_message *message) {
    return guarded(message, [&] {
      Side<T> view(table(), ENGRAM_PRE, *now, *side, nullptr, nullptr);
      R::pre_state(view);
    });
  }
  static engram_status post_state(const engram_moment_info *now, const engram_neurons *side, engram_message *message) {
    return guarded(message, [&] {
      Side<T> view(table(), ENGRAM_POST, *now, *side, nullptr, nullptr);
      R::post_state(view);
    });
  }
  static engram_status synapses(const engram_moment_info *now, const engram_tile *tile, engram_message *message) {
    return guarded(message, [&] {
      Synapses<T> view(table(), *now, *tile);
      R::synapses(view);
    });
  }
  static engram_status global(const engram_moment_info *now, const engram_network *network, engram_message *message) {
    return guarded(message, [&] {
      Network view(table(), *now, *network);
      R::global(view);
    });
  }

  static engram_status on_pre(const engram_moment_info *now, const engram_row *row, engram_message *message) {
    return guarded(message, [&] {
      Row<T> view(table(), *now, *row);
      R::on_pre(view);
    });
  }
  static engram_status on_post(const engram_moment_info *now, const engram_row *row, engram_message *message) {
    return guarded(message, [&] {
      Row<T> view(table(), *now, *row);
      R::on_post(view);
    });
  }
  static engram_status sweep(const engram_moment_info *now, const engram_row *row, engram_message *message) {
    return guarded(message, [&] {
      Row<T> view(table(), *now, *row);
      R::sweep(view);
    });
  }
  static engram_status pre_spike(const engram_moment_info *now, const engram_neurons *side, const uint32_t *who,
                                 size_t count, engram_message *message) {
    return guarded(message, [&] {
      Side<T> view(table(), ENGRAM_PRE, *now, *side, nullptr, nullptr);
      R::pre_spike(view, who, count);
    });
  }
  static engram_status post_spike(const engram_moment_info *now, const engram_neurons *side, const uint32_t *who,
                                  size_t count, engram_message *message) {
    return guarded(message, [&] {
      Side<T> view(table(), ENGRAM_POST, *now, *side, nullptr, nullptr);
      R::post_spike(view, who, count);
    });
  }

  static constexpr engram_spike_callbacks spike_callbacks() {
    engram_spike_callbacks calls{};
    if constexpr (requires(Side<T> & s) { R::pre_state(s); }) calls.pre_state = pre_state;
    if constexpr (requires(Side<T> & s) { R::post_state(s); }) calls.post_state = post_state;
    if constexpr (requires(Side<T> & s, const uint32_t *w) { R::pre_spike(s, w, size_t{}); })
      calls.pre_spike = pre_spike;
    if constexpr (requires(Side<T> & s, const uint32_t *w) { R::post_spike(s, w, size_t{}); })
      calls.post_spike = post_spike;
    if constexpr (requires(Row<T> & r) { R::on_pre(r); }) calls.on_pre = on_pre;
    if constexpr (requires(Row<T> & r) { R::on_post(r); }) calls.on_post = on_post;
    if constexpr (requires(Row<T> & r) { R::sweep(r); }) calls.sweep = sweep;
    return calls;
  }

  static constexpr engram_callbacks callbacks() {
    engram_callbacks calls{};
    if constexpr (requires(Side<T> & s) { R::pre(s); }) calls.pre_factors = pre;
    if constexpr (requires(Side<T> & s) { R::post(s); }) calls.post_factors = post;
    if constexpr (requires(Side<T> & s) { R::pre_state(s); }) calls.pre_state = pre_state;
    if constexpr (requires(Side<T> & s) { R::post_state(s); }) calls.post_state = post_state;
    if constexpr (requires(Synapses<T> & s) { R::synapses(s); }) calls.synapses = synapses;
    if constexpr (requires(Network & n) { R::global(n); }) calls.global = global;
    return calls;
  }
};

/// By state: 1 + index of the parameter by which it is late; 0: it is not.
template <class R> constexpr auto late_states() {
  std::array<uint32_t, std::size(R::states)> out{};
  for (const auto &late : R::late)
    for (size_t s = 0; s < out.size(); ++s)
      for (size_t p = 0; p < std::size(R::parameters); ++p)
        if (std::string_view(late.state) == R::states[s].name &&
            std::string_view(late.parameter) == R::parameters[p].name)
          out[s] = static_cast<uint32_t>(p + 1);
  return out;
}
template <class R> inline constexpr auto late_of = late_states<R>();

/// By state: 1 where it begins as the weight of its synapse.
template <class R> constexpr auto states_from_weight() {
  std::array<uint32_t, std::size(R::states)> out{};
  for (const auto *name : R::from_weight) {
    size_t s = 0;
    while (s < out.size() && (std::string_view(name) != R::states[s].name || R::states[s].place != ENGRAM_SYNAPSE)) ++s;
    if (s == out.size()) throw std::logic_error("`from_weight` names no state of a synapse"); // this does not compile
    out[s] = 1;
  }
  return out;
}
template <class R> inline constexpr auto from_weight_of = states_from_weight<R>();

/// Copies: static data of R itself could be that of a struct of the same name in another library.
template <class R> inline constexpr auto parameters_of = std::to_array(R::parameters);
template <class R> inline constexpr auto signals_of = std::to_array(R::signals);
template <class R> inline constexpr auto modulators_of = std::to_array(R::modulators);
template <class R> inline constexpr auto states_of = std::to_array(R::states);

template <class R> constexpr engram_rule make_table() {
  engram_rule table{};
  table.table_size = sizeof(engram_rule);
  table.abi_version = ENGRAM_ABI_VERSION;
  table.name = R::about.name;
  table.summary = R::about.summary;
  table.reference = R::about.reference;
  constexpr bool global = requires(Network & n) { R::global(n); };
  constexpr bool synaptic = requires(Synapses<double> & s) { R::synapses(s); };
  constexpr bool factored = requires(Side<double> & s) {
    R::pre(s);
    R::post(s);
  };
  constexpr bool spiking = requires(Row<double> & r) { R::on_pre(r); }
  || requires(Row<double> & r) { R::on_post(r); };
  static_assert(int(global) + int(synaptic) + int(factored) + int(spiking) == 1,
                "a rule has either `pre` and `post`, or `synapses`, or `on_pre` and `on_post`, or `global`");
  table.form = global ? ENGRAM_GLOBAL : synaptic ? ENGRAM_SYNAPTIC : spiking ? ENGRAM_SPIKING : ENGRAM_FACTORED;
  table.moment = R::about.moment;
  table.local = R::about.local && !global;
  table.delivery = R::about.delivery;
  table.spike_times = R::about.spike_times;
  table.factors = factored ? R::about.factors : 0;
  table.pre_gain = R::about.pre_gain;
  table.post_gain = R::about.post_gain;
  if constexpr (requires { R::parameters; }) {
    table.parameters = parameters_of<R>.data();
    table.parameter_count = std::size(R::parameters);
  }
  if constexpr (requires { R::signals; }) {
    table.signals = signals_of<R>.data();
    table.signal_count = std::size(R::signals);
  }
  if constexpr (requires { R::modulators; }) {
    table.modulators = modulators_of<R>.data();
    table.modulator_count = std::size(R::modulators);
  }
  if constexpr (requires { R::states; }) {
    table.states = states_of<R>.data();
    table.state_count = std::size(R::states);
  }
  if constexpr (spiking) {
    table.spiking[ENGRAM_SINGLE] = Calls<R, float>::spike_callbacks();
    table.spiking[ENGRAM_DOUBLE] = Calls<R, double>::spike_callbacks();
  } else {
    table.callbacks[ENGRAM_SINGLE] = Calls<R, float>::callbacks();
    table.callbacks[ENGRAM_DOUBLE] = Calls<R, double>::callbacks();
  }
  if constexpr (requires { R::late; }) table.state_late = late_of<R>.data();
  if constexpr (requires { R::from_weight; }) table.state_from_weight = from_weight_of<R>.data();
  if constexpr (R::about.sweep_every != nullptr) {
    for (size_t k = 0; k < table.parameter_count; ++k)
      if (std::string_view(R::about.sweep_every) == table.parameters[k].name)
        table.sweep_every = static_cast<uint32_t>(k + 1);
  }
  if constexpr (R::about.perturbation != nullptr) {
    for (size_t k = 0; k < table.parameter_count; ++k)
      if (std::string_view(R::about.perturbation) == table.parameters[k].name)
        table.perturbation = static_cast<uint32_t>(k + 1);
  }
  if constexpr (requires(const double *p) { R::keep_every(p, size_t{}); }) table.keep_every = R::keep_every;
  return table;
}

template <class R> const engram_rule &table_of() {
  static constexpr engram_rule table = make_table<R>();
  return table;
}

template <class R, class T> const engram_rule &Calls<R, T>::table() { return table_of<R>(); }
} // namespace detail
} // namespace engram

/// Exports the rule. Stands once in a shared library, outside any namespace.
#define ENGRAM_RULE(Rule)                                                                                              \
  namespace {                                                                                                          \
  struct EngramRuleOfThisLibrary : Rule {}; /* so that no other library has a name of this table */                    \
  }                                                                                                                    \
  extern "C" ENGRAM_EXPORT const engram_rule *engram_rule_table(void) {                                                \
    return &engram::detail::table_of<EngramRuleOfThisLibrary>();                                                       \
  }

#endif
