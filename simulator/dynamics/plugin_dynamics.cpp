#include "dynamics/plugin_dynamics.hpp"

#include "dynamics/exact_steps.hpp"
#include "dynamics/linear_steps.hpp"
#include "dynamics/plugin_neurons.hpp"
#include "dynamics/words.hpp"

#include <algorithm>
#include <cmath>

namespace engram::dynamics {

namespace {

/// The neurons of a plugin. The rate is either what its readout says, or an activation of the first state.
template <class T> class PluginDynamics final : public RegionDynamics<T>, public ExactSteps<T> {
public:
  PluginDynamics(const engram_dynamics &table, const model::Region &region, std::uint64_t seed)
      : neurons_(table, region, seed), table_(table), calls_(neurons_.calls()), count_(region.size),
        has_activation_(table.activation != nullptr),
        readout_(has_activation_ ? activation_of(region.activation) : Activation{}) {}

  bool has_state() const override { return true; }
  std::size_t variables() const override { return table_.state_count; }
  SignalSet needed() const override { return has_activation_ ? readout_.needed() : SignalSet(); }

  numeric::Vector<T> begin(std::size_t, const numeric::Vector<T> *first) const override {
    return neurons_.begin(first);
  }

  void from_state(const Matrix<T> &x, RegionSignals<T> &s, SignalSet wanted) const override {
    if (has_activation_) return readout_.forward(first_of(x), s, wanted);
    const auto all = population(x.n_cols);
    call(calls_.readout, &all, bytes(x), bytes(s[Signal::rate]),
         has(wanted, Signal::potential) ? bytes(s[Signal::potential]) : nullptr,
         has(wanted, Signal::gain) ? bytes(s[Signal::gain]) : nullptr);
  }
  void from_state_vjp(const Matrix<T> &x, const RegionSignals<T> &s, RegionSignals<T> &d, Matrix<T> &dstate,
                      SignalSet wanted) const override {
    if (has_activation_) {
      if (table_.state_count == 1) return readout_.backward(x, s, d, dstate, wanted);
      Matrix<T> dfirst(count_, x.n_cols, arma::fill::zeros);
      readout_.backward(first_of(x), s, d, dfirst, wanted);
      dstate.head_rows(count_) += dfirst;
      return;
    }
    const auto all = population(x.n_cols);
    call(calls_.readout_vjp, &all, bytes(x), bytes(d[Signal::rate]),
         has(wanted, Signal::potential) ? bytes(d[Signal::potential]) : nullptr,
         has(wanted, Signal::gain) ? bytes(d[Signal::gain]) : nullptr, bytes(dstate));
  }

  void error(RegionSignals<T> &s) const override {
    if (has_activation_) return readout_.error(s);
    s[Signal::error] = s[Signal::gain] % s[Signal::apical];
  }
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const override {
    if (has_activation_) return readout_.error_vjp(s, d);
    d[Signal::apical] += s[Signal::gain] % d[Signal::error];
    d[Signal::gain] += s[Signal::apical] % d[Signal::error];
  }

  void derivative(const Matrix<T> &x, const RegionSignals<T> &s, Matrix<T> &dx) const override {
    const auto all = population(x.n_cols);
    call(calls_.derivative, &all, bytes(x), bytes(s.soma), apical(s), bytes(dx));
    fastest_ = {0, T(0)};
    if (calls_made_++ % look_every == 0) note_fastest(x, s);
  }
  std::pair<std::size_t, T> fastest() const override { return fastest_; }
  void derivative_vjp(const Matrix<T> &x, const RegionSignals<T> &s, const Matrix<T> &dotx, RegionSignals<T> &d,
                      Matrix<T> &dstate) const override {
    const auto all = population(x.n_cols);
    call(calls_.derivative_vjp, &all, bytes(x), bytes(s.soma), apical(s), bytes(dotx), bytes(dstate), bytes(d.soma),
         apical(s) ? bytes(d[Signal::apical]) : nullptr);
  }

  bool is_linear() const override { return table_.linear != 0; }
  void prepare_exact(double h) override {
    exact_ = std::make_unique<LinearSteps<T>>(neurons_, neurons_.begin(nullptr), count_, h, false);
  }
  void move_exactly(const Matrix<T> &slope, Matrix<T> &state) const override {
    exact_->move(slope.memptr(), nullptr, state.n_cols, state.memptr());
  }
  void move_exactly_vjp(const Matrix<T> &dstate, Matrix<T> &dslope) const override {
    exact_->back(dstate.memptr(), nullptr, dstate.n_cols, dslope.memptr());
  }

  void steady_state(const RegionSignals<T> &s, Matrix<T> &x) const override {
    const auto all = population(x.n_cols);
    call(calls_.settle, &all, bytes(s.soma), bytes(x));
  }
  void steady_state_vjp(const RegionSignals<T> &s, const Matrix<T> &dstate, RegionSignals<T> &d) const override {
    Matrix<T> x(arma::size(dstate));
    steady_state(s, x);
    const auto all = population(x.n_cols);
    call(calls_.settle_vjp, &all, bytes(s.soma), bytes(x), bytes(dstate), bytes(d.soma));
  }

private:
  // How fast the states relax may follow from the currents. It is looked at now and then, as it costs a few
  // derivatives; the number is prime, so that every stage of a step has its turn.
  static constexpr std::size_t look_every = 61;

  static bool has(SignalSet wanted, Signal s) { return wanted[network::place_of(s)]; }
  static const void *bytes(const Matrix<T> &m) { return m.memptr(); }
  static void *bytes(Matrix<T> &m) { return m.memptr(); }
  // Null where it is not read, or nothing can reach that compartment.
  const void *apical(const RegionSignals<T> &s) const {
    return table_.reads_apical != 0 && !s[Signal::apical].is_empty() ? bytes(s[Signal::apical]) : nullptr;
  }
  Population population(std::size_t trials) const { return neurons_.population(trials); }
  template <class Callback, class... Words> void call(Callback callback, Words... words) const {
    neurons_.call(callback, words...);
  }

  // The first state, N × B: the rows of `x` themselves where it is the only one.
  const Matrix<T> &first_of(const Matrix<T> &x) const {
    if (table_.state_count == 1) return x;
    first_ = x.head_rows(count_);
    return first_;
  }

  void note_fastest(const Matrix<T> &x, const RegionSignals<T> &s) const {
    relaxation_.set_size(count_, x.n_cols);
    const auto all = population(x.n_cols);
    call(calls_.relaxation, &all, bytes(x), bytes(s.soma), apical(s), bytes(relaxation_));
    for (std::size_t k = 0; k < relaxation_.n_elem; ++k)
      if (std::isfinite(relaxation_[k]) && relaxation_[k] > fastest_.second) // else the next state tells
        fastest_ = {k, relaxation_[k]};
  }

  PluginNeurons<T> neurons_;
  const engram_dynamics &table_;
  const engram_neuron_callbacks &calls_;
  std::size_t count_;
  bool has_activation_;
  Readout<T> readout_;
  std::unique_ptr<LinearSteps<T>> exact_; // once they are asked for
  mutable std::pair<std::size_t, T> fastest_{0, T(0)};
  mutable std::size_t calls_made_ = 0;
  mutable Matrix<T> first_, relaxation_; // scratch
};

} // namespace

model::Parameter parameter_of(const engram_parameter &from) {
  model::Parameter to;
  to.name = from.name;
  to.unit = from.unit;
  to.help = from.help;
  to.initial = from.initial;
  to.minimum = from.minimum;
  to.maximum = from.maximum;
  if (from.choices != nullptr) {
    for (auto word = from.choices; *word != nullptr; ++word) to.choices.emplace_back(*word);
    to.minimum = 0;
    to.maximum = static_cast<double>(to.choices.size() - 1);
    to.integer = true;
  }
  return to;
}

bool has_slopes(const engram_dynamics &table) { return table.callbacks[ENGRAM_DOUBLE].fire_vjp != nullptr; }

DynamicsInfo dynamics_info_of(const engram_dynamics &table, const std::string &file) {
  DynamicsInfo info{file, dynamics_words(table.name, table.summary, table.reference)};
  auto &words = info.words;
  for (std::size_t k = 0; k < table.state_count; ++k) {
    const auto &state = table.states[k];
    words.states.push_back({state.name, state.unit, state.help, state.initial, state.from ? state.from : ""});
  }
  for (std::size_t k = 0; k < table.parameter_count; ++k) {
    auto parameter = parameter_of(table.parameters[k]);
    parameter.per_neuron = parameter.choices.empty();
    words.parameters.push_back(std::move(parameter));
  }
  words.linear = table.linear != 0;
  words.activation = words.pooled_activation = table.activation != nullptr;
  if (table.activation) words.default_activation = table.activation;
  if (table.spikes != 0) {
    if (table.refractory > 0) words.parameters[table.refractory - 1].in_steps = true;
    words.spike_slopes = words.conductance_slopes = has_slopes(table);
    if (words.spike_slopes)
      for (auto &parameter : surrogate(table.surrogate_gain, table.surrogate_width))
        words.parameters.push_back(std::move(parameter));
    words.parameters.push_back(trace_tau());
    words.signals = spiking_signals(true, words.spike_slopes);
    const auto is_adaptation = [](const auto &state) { return state.name == "adaptation"; };
    if (words.spike_slopes && std::none_of(words.states.begin(), words.states.end(), is_adaptation))
      words.signals.push_back({"adaptation", "mV",
                               "by how much a spike raises the neuron's threshold of the next step: its own constant, "
                               "as a trial begins",
                               false, false});
    words.compartments = {"soma"};
    if (words.spike_slopes || table.reads_apical != 0) words.compartments.emplace_back("apical");
    if (!words.spike_slopes && table.reads_apical != 0)
      words.signals.push_back({"apical", "pA", "a, the current into the apical compartment", false, true});
    words.spikes = words.receptors = true;
    words.integrator = table.integrator;
    return info;
  }
  words.signals = rate_signals(false, false);
  for (auto &signal : words.signals) {
    if (signal.name != "potential") continue;
    signal.unit = table.states[0].unit;
    signal.help = table.activation ? std::string("the state ") + table.states[0].name : "the potential";
  }
  words.compartments = {"soma", "apical"};
  words.state = table.callbacks[ENGRAM_DOUBLE].settle != nullptr;
  words.integrator = table.integrator;
  return info;
}

DynamicsEntry entry_of_plugin(const engram_dynamics &table, const std::string &name) {
  DynamicsEntry entry;
  entry.carries_gradient = table.spikes == 0 || has_slopes(table);
  entry.words = dynamics_info_of(table, "").words;
  entry.words.name = name;
  if (table.spikes != 0) {
    entry.make_spiking.single = [&table](const model::Model &model, const model::Region &region,
                                         const network::Region &) {
      return make_plugin_spiking<float>(table, model, region);
    };
    entry.make_spiking.twice = [&table](const model::Model &model, const model::Region &region,
                                        const network::Region &) {
      return make_plugin_spiking<double>(table, model, region);
    };
    return entry;
  }
  entry.make.single = [&table](const model::Region &region, std::uint64_t seed) {
    return std::make_unique<PluginDynamics<float>>(table, region, seed);
  };
  entry.make.twice = [&table](const model::Region &region, std::uint64_t seed) {
    return std::make_unique<PluginDynamics<double>>(table, region, seed);
  };
  return entry;
}

} // namespace engram::dynamics
