#include "dynamics/circuit_dynamics.hpp"

#include "dynamics/check_drawn.hpp"
#include "dynamics/noise_entry.hpp"
#include "error/error.hpp"
#include "network/project.hpp"

#include <algorithm>

namespace engram::dynamics {

namespace {

std::size_t at(Signal s) { return static_cast<std::size_t>(s); }
std::size_t at(Compartment c) { return static_cast<std::size_t>(c); }

const model::Signal *offered(const DynamicsEntry &entry, Signal signal) {
  for (const auto &s : entry.words.signals)
    if (s.name == network::signal_names[at(signal)]) return &s;
  return nullptr;
}

// Kahn's algorithm over nodes; `needs[k]` lists the nodes that k waits for.
std::vector<std::size_t> sorted(const std::vector<std::vector<std::size_t>> &needs) {
  std::vector<std::size_t> order;
  std::vector<bool> done(needs.size(), false);
  while (order.size() < needs.size()) {
    const std::size_t before = order.size();
    for (std::size_t k = 0; k < needs.size(); ++k) {
      if (done[k] || !std::all_of(needs[k].begin(), needs[k].end(), [&](std::size_t n) { return done[n]; })) continue;
      done[k] = true;
      order.push_back(k);
    }
    if (order.size() == before) throw Broken("signals of one step wait for each other");
  }
  return order;
}

} // namespace

template <class T> Matrix<T> CircuitDynamics<T>::block(const Vector<T> &state, std::size_t region) const {
  const std::size_t trials = state.n_elem / std::max<std::size_t>(states, 1);
  return Matrix<T>(const_cast<T *>(state.memptr()) + states_before[region] * trials, states_of(region), trials, false,
                   true);
}

template <class T> std::size_t CircuitDynamics<T>::states_of(std::size_t region) const {
  return network->regions[region].size * regions[region]->variables();
}

template <class T>
CircuitDynamics<T> make_circuit_dynamics(const model::Model &model, const network::Network<T> &network,
                                         std::vector<SignalSet> wanted, int threads, const DynamicsEntries &entries) {
  check_drawn(model, entries);
  const std::size_t count = network.regions.size();
  CircuitDynamics<T> c;
  for (const auto &region : model.regions) c.entries.push_back(&entry_of(region, entries));
  c.network = &network;
  c.threads = threads;
  using Delivery = model::Objective::Delivery;
  const auto terms = model::terms_of(model);
  // Is something of the objective delivered into this compartment of the region?
  const auto delivered = [&](const model::Objective &term, std::size_t region, Compartment compartment) {
    const bool apical = term.delivery == Delivery::vector || term.delivery == Delivery::attention;
    return term.region == region && (compartment == Compartment::apical ? apical : term.delivery == Delivery::nudge);
  };
  const auto taught = [&](std::size_t region, Compartment compartment) {
    return std::any_of(terms.begin(), terms.end(),
                       [&](const auto *term) { return delivered(*term, region, compartment); });
  };
  for (const auto *term : terms)
    if (term->delivery == Delivery::clamp) c.clamped = term->region;

  for (std::size_t r = 0; r < count; ++r) {
    c.regions.push_back(make_region<T>(*c.entries[r], model.regions[r], model.seed));
    wanted[r] |= c.regions[r]->needed();
    c.states_before.push_back(c.states);
    if (c.regions[r]->has_state()) c.states += network.regions[r].size * c.regions[r]->variables();
    if (model.regions[r].feedforward) c.swept.push_back(r);
    c.carries_gradient.push_back(c.entries[r]->carries_gradient);
    if (!c.entries[r]->words.spikes) wanted[r].set(at(Signal::rate));
  }
  std::vector<bool> apical_used(count, false);
  for (const auto &p : network.dense) {
    if (!p.is_bias()) wanted[p.source].set(at(p.signal));
    if (p.compartment == Compartment::apical) apical_used[p.target] = true;
  }
  for (const auto *term : terms) {
    if (taught(term->region, Compartment::apical)) apical_used[term->region] = true;
    wanted[term->region].set(at(*network::signal_named(term->signal)));
    if (term->delivery == Delivery::clamp) wanted[term->region].set(at(Signal::rate));
    if (term->target.kind == model::Target::Kind::signal)
      wanted[term->target.from.region].set(at(*network::signal_named(term->target.from.port)));
  }
  for (std::size_t r = 0; r < count; ++r) {
    const auto *error = offered(*c.entries[r], Signal::error);
    if (wanted[r][at(Signal::error)] && error && error->needs_apical)
      wanted[r].set(at(Signal::gain)).set(at(Signal::apical));
    if (apical_used[r] && offered(*c.entries[r], Signal::apical)) wanted[r].set(at(Signal::apical));
  }

  // Nodes, and the places of each region's two nodes among them.
  std::vector<CompartmentCurrent> nodes;
  std::vector<std::array<std::size_t, 2>> place(count, {network::none, network::none});
  for (std::size_t r = 0; r < count; ++r) {
    if (c.entries[r]->words.stimulus) continue;
    for (const auto compartment : {Compartment::soma, Compartment::apical}) {
      if (compartment == Compartment::apical && !wanted[r][at(Signal::apical)]) continue;
      CompartmentCurrent node;
      node.region = r;
      node.compartment = compartment;
      for (std::size_t k = 0; k < network.dense.size(); ++k) {
        const auto &p = network.dense[k];
        if (p.target != r || p.compartment != compartment) continue;
        if (p.is_bias())
          node.bias = k;
        else if (p.delay == 0)
          node.incoming.push_back(k);
        else
          node.delayed = true;
      }
      node.noisy = compartment == Compartment::soma && has_noise(model.regions[r]);
      const bool silent = node.incoming.empty() && node.bias == network::none && !node.delayed && !node.noisy &&
                          !taught(r, Compartment::soma);
      if (compartment == Compartment::soma && silent && c.entries[r]->words.spikes) continue;
      // Delayed currents and noise vary, and are added before the products. Where there are any, nothing is summed
      // ahead.
      while (!node.delayed && !node.noisy && node.inputs < node.incoming.size() &&
             c.entries[network.dense[node.incoming[node.inputs]].source]->words.stimulus)
        ++node.inputs;
      node.taught = taught(r, compartment);
      place[r][at(compartment)] = nodes.size();
      nodes.push_back(std::move(node));
    }
  }
  std::vector<std::vector<std::size_t>> needs(nodes.size());
  const auto wait_for = [&](std::size_t node, std::size_t region, Signal signal) {
    const auto *info = offered(*c.entries[region], signal);
    if (!info) return;
    if (info->needs_soma && place[region][0] != network::none) needs[node].push_back(place[region][0]);
    if (info->needs_apical && place[region][1] != network::none) needs[node].push_back(place[region][1]);
  };
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    for (const std::size_t p : nodes[k].incoming) wait_for(k, network.dense[p].source, network.dense[p].signal);
    for (const auto *term : terms) {
      if (!delivered(*term, nodes[k].region, nodes[k].compartment)) continue;
      if (term->delay == 0) wait_for(k, term->region, *network::signal_named(term->signal));
      if (term->target.kind == model::Target::Kind::signal)
        wait_for(k, term->target.from.region, *network::signal_named(term->target.from.port));
    }
  }
  for (const std::size_t k : sorted(needs)) c.order.push_back(nodes[k]);
  const auto error_needs = [&](std::size_t r, Compartment compartment) {
    const auto *info = offered(*c.entries[r], Signal::error);
    return info && (compartment == Compartment::soma ? info->needs_soma : info->needs_apical);
  };
  for (std::size_t r = 0; r < count; ++r) {
    if (!wanted[r][at(Signal::error)]) continue;
    for (std::size_t k = c.order.size(); k-- > 0;)
      if (c.order[k].region == r && error_needs(r, c.order[k].compartment)) {
        c.order[k].finishes_error = true;
        break;
      }
  }
  c.wanted = std::move(wanted);
  return c;
}

template <class T> Signals<T> make_signals(const CircuitDynamics<T> &circuit, std::size_t trials) {
  Signals<T> signals(circuit.regions.size());
  for (std::size_t r = 0; r < signals.size(); ++r) {
    const std::size_t neurons = circuit.network->regions[r].size;
    for (std::size_t k = 0; k < network::signal_count; ++k)
      if (circuit.wanted[r][k]) signals[r].of[k].zeros(neurons, trials);
    for (std::size_t k = 0; k < most_states; ++k)
      if (circuit.wanted[r][state_bit(k)]) {
        signals[r].states.resize(k + 1);
        signals[r].states[k].zeros(neurons, trials);
      }
    const bool has_soma = std::any_of(circuit.order.begin(), circuit.order.end(), [&](const CompartmentCurrent &node) {
      return node.region == r && node.compartment == Compartment::soma;
    });
    if (circuit.carries_gradient[r] || has_soma) signals[r].soma.zeros(neurons, trials);
  }
  return signals;
}

template <class T> void zero(Signals<T> &signals) {
  for (auto &region : signals) {
    region.soma.zeros();
    for (auto &matrix : region.of) matrix.zeros();
  }
}

namespace {

template <class T> Matrix<T> &current(RegionSignals<T> &s, Compartment compartment) {
  return compartment == Compartment::soma ? s.soma : s[Signal::apical];
}

// Returns whether there is one.
template <class T> bool begin_with_bias(const CircuitDynamics<T> &c, const CompartmentCurrent &node, Matrix<T> &out) {
  if (node.bias == network::none) return false;
  const T *b = c.network->dense[node.bias].weights.memptr();
  for (std::size_t trial = 0; trial < out.n_cols; ++trial) std::copy_n(b, out.n_rows, out.colptr(trial));
  return true;
}

// Those of the incoming projections [first, last). `begun`: is there something in `out` already?
template <class T>
void add_products(const CircuitDynamics<T> &c, const CompartmentCurrent &node, std::size_t first, std::size_t last,
                  const Signals<T> &s, bool &begun, Matrix<T> &out) {
  for (std::size_t k = first; k < last; ++k) {
    const auto &p = c.network->dense[node.incoming[k]];
    network::project(*c.network, p, network::Way::forward, s[p.source][p.signal], begun ? T(1) : T(0), out, c.threads);
    begun = true;
  }
}

// I = bias + delayed + noise + Σ W · signal (+ what the teacher adds)
template <class T>
void sum_currents(const CircuitDynamics<T> &c, const CompartmentCurrent &node, const Held<T> &held, Signals<T> &s) {
  auto &out = current(s[node.region], node.compartment);
  const auto &inputs = held.inputs[node.region][at(node.compartment)];
  const bool ahead = !inputs.is_empty();
  bool begun = ahead || begin_with_bias(c, node, out);
  if (ahead) std::copy_n(inputs.memptr(), inputs.n_elem, out.memptr());
  const auto add = [&](const Matrix<T> &m) {
    if (begun)
      out += m;
    else
      std::copy_n(m.memptr(), m.n_elem, out.memptr());
    begun = true;
  };
  if (node.delayed) add(held.delayed[node.region][at(node.compartment)]);
  if (node.noisy) add(held.noise[node.region]);
  add_products(c, node, ahead ? node.inputs : 0, node.incoming.size(), s, begun, out);
  if (!begun) out.zeros();
  if (node.taught && held.teacher) held.teacher->add(node.region, node.compartment, s, out);
}

// The states of a region that are recorded. `x`: N K × B.
template <class T> void show_states(const Matrix<T> &x, RegionSignals<T> &s) {
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    auto &state = s.states[k];
    for (std::size_t b = 0; b < state.n_cols; ++b)
      std::copy_n(x.colptr(b) + k * state.n_rows, state.n_rows, state.colptr(b));
  }
}

template <class T> void clamp(const CircuitDynamics<T> &c, const Held<T> &held, Signals<T> &s) {
  std::copy_n(held.clamp->memptr(), held.clamp->n_elem, s[c.clamped][Signal::rate].memptr());
}

} // namespace

template <class T> void hold_inputs(const CircuitDynamics<T> &c, const Signals<T> &s, Held<T> &held) {
  for (const auto &node : c.order) {
    if (node.inputs == 0) continue;
    auto &out = held.inputs[node.region][at(node.compartment)];
    const auto &first = c.network->dense[node.incoming.front()];
    out.set_size(c.network->regions[node.region].size, s[first.source][first.signal].n_cols);
    bool begun = begin_with_bias(c, node, out);
    add_products(c, node, 0, node.inputs, s, begun, out);
  }
}

template <class T> void release_inputs(Held<T> &held) {
  for (auto &region : held.inputs)
    for (auto &matrix : region) matrix.reset();
}

template <class T>
void evaluate(const CircuitDynamics<T> &c, const Vector<T> &state, const Held<T> &held, Signals<T> &s) {
  for (std::size_t r = 0; r < c.regions.size(); ++r) {
    if (!c.regions[r]->has_state()) continue;
    const bool clamped = held.clamp && r == c.clamped;
    if (clamped && c.regions[r]->clamps_state()) {
      c.regions[r]->from_state(*held.clamp, s[r], c.wanted[r]);
      show_states(*held.clamp, s[r]);
      continue;
    }
    const Matrix<T> own = c.block(state, r);
    c.regions[r]->from_state(own, s[r], c.wanted[r]);
    show_states(own, s[r]);
    if (clamped) clamp(c, held, s);
  }
  for (const auto &node : c.order) {
    sum_currents(c, node, held, s);
    const auto &region = *c.regions[node.region];
    if (node.compartment == Compartment::soma) {
      region.from_soma(s[node.region], c.wanted[node.region]);
      if (held.clamp && node.region == c.clamped && !region.clamps_state()) clamp(c, held, s);
    } else {
      region.from_apical(s[node.region], c.wanted[node.region]);
    }
    if (node.finishes_error) region.error(s[node.region]);
  }
}

template <class T>
void derivative(const CircuitDynamics<T> &c, const Vector<T> &state, const Signals<T> &s, Vector<T> &du) {
  for (std::size_t r = 0; r < c.regions.size(); ++r) {
    if (!c.regions[r]->has_state()) continue;
    Matrix<T> out = c.block(du, r);
    c.regions[r]->derivative(c.block(state, r), s[r], out);
  }
}

template <class T>
void pull_back(const CircuitDynamics<T> &c, const Vector<T> &state, const Held<T> &held, const Signals<T> &s,
               const Vector<T> *ddu, Signals<T> &d, Vector<T> &dstate, std::vector<std::array<Matrix<T>, 2>> &ddelayed,
               const WeightSink<T> &sink) {
  const std::size_t count = c.regions.size();
  if (ddu)
    for (std::size_t r = 0; r < count; ++r) {
      if (!c.regions[r]->has_state()) continue;
      Matrix<T> out = c.block(dstate, r);
      c.regions[r]->derivative_vjp(c.block(state, r), s[r], c.block(*ddu, r), d[r], out);
    }
  for (auto node = c.order.rbegin(); node != c.order.rend(); ++node) {
    const std::size_t r = node->region;
    if (node->finishes_error) c.regions[r]->error_vjp(s[r], d[r]);
    if (node->compartment == Compartment::soma) {
      if (held.clamp && r == c.clamped && !c.regions[r]->clamps_state())
        d[r][Signal::rate].zeros(); // a clamped rate follows from nothing
      c.regions[r]->from_soma_vjp(s[r], d[r], c.wanted[r]);
    } else {
      c.regions[r]->from_apical_vjp(s[r], d[r], c.wanted[r]);
    }
    const auto &dcurrent = current(d[r], node->compartment);
    if (node->taught && held.teacher) held.teacher->add_vjp(r, node->compartment, s, dcurrent, d);
    if (node->delayed) ddelayed[r][at(node->compartment)] += dcurrent;
    if (node->bias != network::none) sink(node->bias, dcurrent, Matrix<T>());
    const bool spent = numeric::is_zero(dcurrent); // e.g. the current of a state that nobody reads any more
    for (const std::size_t k : node->incoming) {
      const auto &p = c.network->dense[k];
      if (c.carries_gradient[p.source] && !spent)
        network::project(*c.network, p, network::Way::backward, dcurrent, T(1), d[p.source][p.signal], c.threads);
      sink(k, dcurrent, s[p.source][p.signal]);
    }
  }
  for (std::size_t r = 0; r < count; ++r) {
    if (!c.regions[r]->has_state()) continue;
    if (held.clamp && r == c.clamped) {
      if (c.regions[r]->clamps_state()) continue; // its signals follow from the target
      d[r][Signal::rate].zeros();
    }
    Matrix<T> out = c.block(dstate, r);
    c.regions[r]->from_state_vjp(c.block(state, r), s[r], d[r], out, c.wanted[r]);
  }
}

template <class T> void sweep(const CircuitDynamics<T> &c, const Held<T> &held, Vector<T> &state, Signals<T> &s) {
  evaluate(c, state, held, s);
  for (const std::size_t r : c.swept) {
    Matrix<T> block = c.block(state, r);
    c.regions[r]->steady_state(s[r], block);
  }
}

template <class T>
void pull_back_sweep(const CircuitDynamics<T> &c, const Vector<T> &state, const Held<T> &held, const Signals<T> &s,
                     Signals<T> &d, Vector<T> &dstate, std::vector<std::array<Matrix<T>, 2>> &ddelayed,
                     const WeightSink<T> &sink) {
  for (const std::size_t r : c.swept) {
    Matrix<T> block = c.block(dstate, r);
    c.regions[r]->steady_state_vjp(s[r], block, d[r]);
    block.zeros(); // the state that was there before is gone
  }
  pull_back<T>(c, state, held, s, nullptr, d, dstate, ddelayed, sink);
}

#define INSTANTIATE(T)                                                                                                 \
  template struct CircuitDynamics<T>;                                                                                  \
  template CircuitDynamics<T> make_circuit_dynamics(const model::Model &, const network::Network<T> &,                 \
                                                    std::vector<SignalSet>, int, const DynamicsEntries &);             \
  template Signals<T> make_signals(const CircuitDynamics<T> &, std::size_t);                                           \
  template void zero(Signals<T> &);                                                                                    \
  template void hold_inputs(const CircuitDynamics<T> &, const Signals<T> &, Held<T> &);                                \
  template void release_inputs(Held<T> &);                                                                             \
  template void evaluate(const CircuitDynamics<T> &, const Vector<T> &, const Held<T> &, Signals<T> &);                \
  template void derivative(const CircuitDynamics<T> &, const Vector<T> &, const Signals<T> &, Vector<T> &);            \
  template void sweep(const CircuitDynamics<T> &, const Held<T> &, Vector<T> &, Signals<T> &);                         \
  template void pull_back_sweep(const CircuitDynamics<T> &, const Vector<T> &, const Held<T> &, const Signals<T> &,    \
                                Signals<T> &, Vector<T> &, std::vector<std::array<Matrix<T>, 2>> &,                    \
                                const WeightSink<T> &);                                                                \
  template void pull_back(const CircuitDynamics<T> &, const Vector<T> &, const Held<T> &, const Signals<T> &,          \
                          const Vector<T> *, Signals<T> &, Vector<T> &, std::vector<std::array<Matrix<T>, 2>> &,       \
                          const WeightSink<T> &);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace engram::dynamics
