#include "conformance/neuron_bench.hpp"

#include <cmath>
#include <cstring>
#include <type_traits>

namespace engram::conformance {

template <class T> std::vector<std::pair<const char *, const std::vector<T> *>> NeuronOutput<T>::all() const {
  return {{"begin", &begin},
          {"derivative", &slope},
          {"the rate", &rate},
          {"the potential", &potential},
          {"the gain", &gain},
          {"the steady state", &steady},
          {"dL/d(state)", &dstate},
          {"dL/d(soma)", &dsoma},
          {"dL/d(apical)", &dapical},
          {"dL/d(state) by the readout", &dstate_by_readout},
          {"the relaxation", &relaxation},
          {"derivative of a step", &spiking_slope},
          {"the state after a spike", &after},
          {"who spikes", &spikes},
          {"the distance from the threshold", &beyond},
          {"dL/d(state) of a step", &dspiking},
          {"dL/d(drive)", &ddrive},
          {"dL/d(conductance)", &dconductance},
          {"dL/d(apical) of a step", &dspiking_apical},
          {"dL/d(state) of a spike", &dfire}};
}

namespace {

// The parameter that a state begins at, or parameter_count.
std::size_t begins_at(const engram_dynamics &table, std::size_t state) {
  for (std::size_t k = 0; k < table.parameter_count; ++k)
    if (table.states[state].from != nullptr && std::strcmp(table.states[state].from, table.parameters[k].name) == 0)
      return k;
  return table.parameter_count;
}

} // namespace

template <class T> std::vector<T> firsts_of(const std::vector<T> &values, std::size_t neurons, std::size_t states) {
  std::vector<T> out;
  for (std::size_t at = 0; at < values.size(); at += neurons * states)
    out.insert(out.end(), values.begin() + static_cast<std::ptrdiff_t>(at),
               values.begin() + static_cast<std::ptrdiff_t>(at + neurons));
  return out;
}

template <class T>
NeuronInput<T> draw_neurons(const engram_dynamics &table, std::size_t neurons, std::size_t trials, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> draw(-1, 1);
  NeuronInput<T> in{neurons, trials, {}, {}, {}, {}};
  for (std::size_t k = 0; k < table.parameter_count; ++k)
    in.parameters.emplace_back(neurons, static_cast<T>(table.parameters[k].initial));
  const NeuronBench<T> bench(table, in);
  const auto first = bench.begin();
  for (std::size_t b = 0; b < trials; ++b)
    for (const T x : first) in.state.push_back(x + static_cast<T>(0.2 * draw(generator)));
  for (std::size_t k = 0; k < neurons * trials; ++k) {
    in.soma.push_back(static_cast<T>(draw(generator)));
    in.apical.push_back(static_cast<T>(draw(generator)));
  }
  return in;
}

template <class T> std::vector<T> cotangents_of(const NeuronInput<T> &in) {
  std::mt19937 generator(5);
  std::uniform_real_distribution<double> draw(-1, 1);
  std::vector<T> out(in.state.size());
  for (T &x : out) x = static_cast<T>(draw(generator));
  return out;
}

template <class T>
NeuronBench<T>::NeuronBench(const engram_dynamics &table, const NeuronInput<T> &in)
    : table_(table), calls_(table.callbacks[std::is_same_v<T, double> ? ENGRAM_DOUBLE : ENGRAM_SINGLE]), in_(in),
      constants_(in.parameters) {
  constants_.resize(table.parameter_count + table.derived_count, std::vector<T>(in.neurons));
  std::vector<void *> derived;
  for (std::size_t k = 0; k < constants_.size(); ++k) {
    places_.push_back(constants_[k].data());
    per_neuron_.push_back(1);
    if (k >= table.parameter_count) derived.push_back(constants_[k].data());
  }
  if (derived.empty()) return;
  const auto all = population(1);
  call(calls_.prepare, &all, in.neurons, derived.data());
}

template <class T> dynamics::Population NeuronBench<T>::population(std::size_t trials) const {
  return {{sizeof(engram_population), in_.neurons, trials, places_.data(), per_neuron_.data()},
          dynamics::own_of(table_)};
}

template <class T> std::vector<T> NeuronBench<T>::begin() const {
  std::vector<T> state(in_.neurons * table_.state_count);
  for (std::size_t k = 0; k < table_.state_count; ++k) {
    const std::size_t from = begins_at(table_, k);
    for (std::size_t i = 0; i < in_.neurons; ++i)
      state[i + k * in_.neurons] =
          from == table_.parameter_count ? static_cast<T>(table_.states[k].initial) : in_.parameters[from][i];
  }
  const auto all = population(1);
  if (calls_.begin) call(calls_.begin, &all, static_cast<void *>(state.data()));
  return state;
}

template <class T>
std::vector<T> NeuronBench<T>::slope(const std::vector<T> &state, const std::vector<T> &soma,
                                     const std::vector<T> &apical) const {
  std::vector<T> out(state.size());
  const auto all = population(soma.size() / in_.neurons);
  const void *const reaches = table_.reads_apical != 0 ? apical.data() : nullptr;
  call(calls_.derivative, &all, static_cast<const void *>(state.data()), static_cast<const void *>(soma.data()),
       reaches, static_cast<void *>(out.data()));
  return out;
}

template <class T>
std::vector<T> NeuronBench<T>::relaxation(const std::vector<T> &state, const std::vector<T> &soma,
                                          const std::vector<T> &apical) const {
  std::vector<T> out(soma.size()), none(soma.size(), T(0));
  const auto all = population(soma.size() / in_.neurons);
  // Of neurons that spike the second current is a conductance.
  const void *const second = table_.spikes != 0 ? none.data() : table_.reads_apical != 0 ? apical.data() : nullptr;
  call(calls_.relaxation, &all, static_cast<const void *>(state.data()), static_cast<const void *>(soma.data()), second,
       static_cast<void *>(out.data()));
  return out;
}

template <class T> NeuronOutput<T> NeuronBench<T>::all(const std::vector<T> &cotangents) const {
  NeuronOutput<T> out;
  const auto all = population(in_.trials);
  const std::size_t signals = in_.neurons * in_.trials;
  const auto given = [](const std::vector<T> &values) { return static_cast<const void *>(values.data()); };
  const auto to = [](std::vector<T> &values) { return static_cast<void *>(values.data()); };
  out.begin = begin();
  out.slope = slope(in_.state, in_.soma, in_.apical);
  out.dstate.resize(in_.state.size());
  out.dsoma.resize(signals);
  out.dapical.resize(table_.reads_apical != 0 ? signals : 0);
  const bool reads = table_.reads_apical != 0;
  call(calls_.derivative_vjp, &all, given(in_.state), given(in_.soma), reads ? given(in_.apical) : nullptr,
       given(cotangents), to(out.dstate), to(out.dsoma), reads ? to(out.dapical) : nullptr);
  if (calls_.readout) {
    for (auto *one : {&out.rate, &out.potential, &out.gain}) one->resize(signals);
    call(calls_.readout, &all, given(in_.state), to(out.rate), to(out.potential), to(out.gain));
    out.dstate_by_readout.resize(in_.state.size());
    const auto of_signals = firsts_of(cotangents, in_.neurons, table_.state_count);
    const void *d = given(of_signals);
    call(calls_.readout_vjp, &all, given(in_.state), d, d, d, to(out.dstate_by_readout));
  }
  out.relaxation = relaxation(in_.state, in_.soma, in_.apical);
  if (calls_.fire) {
    // Every second neuron is far above any threshold, as after a step in which it rose; and some are held.
    std::vector<T> conductance(signals), held(signals, T(0)), passed(signals, T(0)), highest(signals);
    out.after = in_.state;
    for (std::size_t k = 0; k < signals; ++k) {
      const std::size_t i = k % in_.neurons, b = k / in_.neurons;
      conductance[k] = in_.apical[k] * in_.apical[k];
      T &v = out.after[i + b * table_.state_count * in_.neurons];
      const bool high = v - std::floor(v * 16) / 16 < T(1) / 32; // by its own number, wherever it stands
      if (high) v += T(1000);
      highest[k] = v;
      held[k] = in_.soma[k] > T(0.9) ? T(2) : T(0);
    }
    out.spiking_slope.resize(in_.state.size());
    const engram_spiking_input input{sizeof(engram_spiking_input),
                                     in_.soma.data(),
                                     conductance.data(),
                                     reads ? in_.apical.data() : nullptr,
                                     held.data(),
                                     passed.data(),
                                     1};
    call(calls_.spiking_derivative, &all, given(in_.state), &input, to(out.spiking_slope));
    if (calls_.fire_vjp) {
      for (auto *one : {&out.beyond, &out.ddrive, &out.dconductance}) one->resize(signals);
      out.dspiking.resize(in_.state.size());
      out.dspiking_apical.resize(reads ? signals : 0);
      const engram_spiking_cotangents back{sizeof(engram_spiking_cotangents), out.ddrive.data(),
                                           out.dconductance.data(), reads ? out.dspiking_apical.data() : nullptr};
      call(calls_.spiking_derivative_vjp, &all, given(in_.state), &input, given(cotangents), to(out.dspiking), &back);
      call(calls_.beyond, &all, given(in_.state), to(out.beyond));
    }
    const std::vector<T> reached = out.after;
    std::vector<T> before(signals);
    for (std::size_t k = 0; k < signals; ++k)
      before[k] = in_.state[k % in_.neurons + k / in_.neurons * table_.state_count * in_.neurons];
    const engram_spiking_step step{sizeof(engram_spiking_step), held.data(), passed.data(), before.data(),
                                   table_.upward != 0 ? highest.data() : nullptr};
    std::vector<std::uint32_t> spiked(signals);
    std::vector<std::size_t> counts(in_.trials);
    call(calls_.fire, &all, to(out.after), &step, spiked.data(), counts.data());
    out.spikes.assign(signals, T(0));
    for (std::size_t b = 0; b < in_.trials; ++b)
      for (std::size_t k = 0; k < counts[b]; ++k) {
        const std::size_t who = spiked[k + b * in_.neurons];
        if (counts[b] > in_.neurons || who >= in_.neurons || (k > 0 && who <= spiked[k - 1 + b * in_.neurons]))
          throw Failure{"fire lists neurons that are not there, or not in their order"};
        out.spikes[who + b * in_.neurons] = T(1);
      }
    if (calls_.fire_vjp) {
      out.dfire = cotangents;
      const engram_spike_cotangents back{sizeof(engram_spike_cotangents), out.spikes.data(), conductance.data(),
                                         in_.soma.data(), 1};
      call(calls_.fire_vjp, &all, given(reached), &back, to(out.dfire));
    }
  }
  if (calls_.settle) {
    out.steady.resize(in_.state.size());
    call(calls_.settle, &all, given(in_.soma), to(out.steady));
  }
  return out;
}

#define INSTANTIATE(T)                                                                                                 \
  template struct NeuronOutput<T>;                                                                                     \
  template std::vector<T> firsts_of(const std::vector<T> &, std::size_t, std::size_t);                                 \
  template std::vector<T> cotangents_of(const NeuronInput<T> &);                                                       \
  template class NeuronBench<T>;                                                                                       \
  template NeuronInput<T> draw_neurons(const engram_dynamics &, std::size_t, std::size_t, unsigned);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace engram::conformance
