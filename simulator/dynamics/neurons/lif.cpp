// A `lif` region has leaky integrate-and-fire neurons: here are their words, and how they are made and shown. The file
// is compiled with the vector form of exp, as the others of lif/.
#include "dynamics/vector_math.hpp" // first

#include "dynamics/entry.hpp"
#include "dynamics/neurons/lif/lif.hpp"
#include "dynamics/neurons/lif/pull.hpp"
#include "dynamics/words.hpp"
#include "model/time_grid.hpp"

#include <algorithm>
#include <cmath>

namespace engram::dynamics {

template <class T>
Lif<T>::Lif(const model::Model &model, const model::Region &region)
    : neurons_(region.size), h_(model.time.step), seed_(model.seed),
      initial_key_(numeric::name_key(region.name + ".initial")) {
  Base::receptors_ = receptors_of<T>(region, model.seed, h_);
  const auto of = [&](const char *name) { return PerNeuron<T>(region, name, model.seed); };
  tau_ = of("tau");
  capacitance_ = of("capacitance");
  rest_ = of("rest");
  reset_ = of("reset");
  threshold_ = of("threshold");
  quiet_steps_ = of("refractory").map([&](double ms) { return model::steps_of(std::max(0.0, ms), h_); });
  subtract_ = region.dynamics.number("reset_by") != 0;
  adaptation_ = of("adaptation");
  adapts_ = !adaptation_.same() || adaptation_.value(0) != T(0);
  adaptation_tau_ = of("adaptation_tau");
  adaptation_decay_ = adaptation_tau_.map([&](double tau) { return std::exp(-h_ / tau); });
  through_resets_ = region.dynamics.number("reset_slope") != 0;
  sharp_ = region.dynamics.number("surrogate") != 0;
  surrogate_gain_ = static_cast<T>(region.dynamics.number("surrogate_gain"));
  surrogate_width_ = static_cast<T>(region.dynamics.number("surrogate_width"));
  keep_ = tau_.map([&](double tau) { return std::exp(-h_ / tau); });
  leak_ = tau_.map([](double tau) { return 1 / tau; });
  per_capacitance_ = capacitance_.map([](double c) { return 1 / c; });
  by_current_ = PerNeuron<T>::of([&](double tau, double c) { return constant_pull(tau, c, h_); }, tau_, capacitance_);
  for (const auto &r : Base::receptors_) {
    conducting_ = conducting_ || r.conductance;
    LifPull<T> pull;
    const double tau = r.tau, h = h_;
    if (r.kind != Kind::delta)
      pull.by_g =
          PerNeuron<T>::of([&](double m, double c) { return exponential_pull(m, tau, c, h); }, tau_, capacitance_);
    pull.by_x = pull.by_g;
    if (r.kind == Kind::alpha)
      pull.by_x = PerNeuron<T>::of([&](double m, double c) { return alpha_pull(m, tau, c, h); }, tau_, capacitance_);
    pulls_.push_back(std::move(pull));
  }
  exponential_ = conducting_ && std::all_of(Base::receptors_.begin(), Base::receptors_.end(),
                                            [](const auto &r) { return r.kind == Kind::exponential; });
  initial_ = region.initial.value_or(region.dynamics.at("rest"));
  if (!region.initial) initial_key_ = numeric::name_key(region.name + ".rest");
}

template <class T> void Lif<T>::begin(std::size_t trials, SpikeLists &spikes) {
  const auto v = network::values_of<T>(initial_, neurons_, seed_, initial_key_);
  v_.set_size(neurons_, trials);
  for (std::size_t b = 0; b < trials; ++b) v_.col(b) = v;
  drive_ = v_;
  beyond_.set_size(neurons_, trials);
  beyond_.fill(T(far_below));
  quiet_.zeros(neurons_, trials);
  if (adapts_) a_.zeros(neurons_, trials);
  dynamics::begin(Base::receptors_, neurons_, trials);
  for (auto &list : spikes) list.clear();
  events_.clear();
  found_.resize((neurons_ + block - 1) / block * trials);
}

template <class T> void Lif<T>::show(RegionSignals<T> &s, SignalSet wanted) const {
  if (wanted[static_cast<std::size_t>(Signal::potential)])
    std::copy_n(v_.memptr(), v_.n_elem, s[Signal::potential].memptr());
  if (wanted[static_cast<std::size_t>(Signal::drive)])
    std::copy_n(drive_.memptr(), drive_.n_elem, s[Signal::drive].memptr());
  if (wanted[static_cast<std::size_t>(Signal::adaptation)]) {
    auto &beta = s[Signal::adaptation];
    for (std::size_t b = 0; b < beta.n_cols; ++b)
      for (std::size_t i = 0; i < neurons_; ++i) beta(i, b) = adaptation_.value(i);
  }
  if (wanted[static_cast<std::size_t>(Signal::gain)]) surrogate(s[Signal::gain]);
}

template <class T> void Lif<T>::states(std::vector<NamedState<T>> &out) const {
  out.push_back({"potential", v_.memptr()});
  out.push_back({"adaptation", adapts_ ? a_.memptr() : nullptr});
  out.push_back({"drive", drive_.memptr()});
}

template class Lif<float>;
template class Lif<double>;

namespace {

template <class T>
std::unique_ptr<SpikingRegion<T>> make_lif(const model::Model &model, const model::Region &region,
                                           const network::Region & /*built*/) {
  return std::make_unique<Lif<T>>(model, region);
}

} // namespace

DynamicsEntry lif_dynamics() {
  auto words =
      dynamics_words("lif",
                     "leaky integrate-and-fire: tau v' = -(v - rest) + tau I / capacitance; at the threshold a "
                     "spike and a reset. A step is exact where receptors are currents",
                     "Rotter & Diesmann 1999, Biol Cybern 81:381-402");
  words.parameters = {per_neuron(positive("tau", "ms", 20, "membrane time constant")),
                      per_neuron(positive("capacitance", "pF", 250, "membrane capacitance")),
                      per_neuron(number("rest", "mV", -70, "resting potential")),
                      per_neuron(number("reset", "mV", -70, "potential after a spike")),
                      per_neuron(number("threshold", "mV", -50, "potential of a spike")),
                      refractory(2),
                      choice("reset_by", {"value", "subtraction"},
                             "a spike takes the potential to `reset`, or takes threshold - rest away from it"),
                      per_neuron(at_least_zero("adaptation", "mV", 0, "by which a spike raises the threshold")),
                      per_neuron(positive("adaptation_tau", "ms", 200, "with which the threshold comes back"))};
  const auto through = dynamics::surrogate();
  words.parameters.insert(words.parameters.end() - 2, through.front()); // beside reset_by
  words.parameters.insert(words.parameters.end(), through.begin() + 1, through.end());
  words.parameters.push_back(trace_tau());
  words.signals = spiking_signals(true, true);
  words.signals.push_back(
      {"adaptation", "mV", "by which a spike raises the neuron's threshold: its own constant", false, false});
  words.ordered = {{"reset", "threshold", "reset_by"}};
  words.signals.push_back({"drive", "mV",
                           "what the potential would be, had the neuron never spiked in this trial: neither reset nor "
                           "held",
                           false, false});
  words.states = {state_at("v", "mV", "rest", "the potential"),
                  state("a", "", "spikes of late, each decaying with adaptation_tau")};
  words.compartments = {"soma", "apical"};
  words.spikes = words.receptors = words.spike_slopes = words.spike_times = true;
  return {.words = std::move(words),
          .place = 90,
          .among_ranks = AmongRanks::divided,
          .make_spiking = {make_lif<float>, make_lif<double>}};
}

} // namespace engram::dynamics
