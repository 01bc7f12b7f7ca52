#include "learning/spike_plasticity.hpp"

#include "learning/call_view.hpp"
#include "learning/callback.hpp"
#include "learning/schedule.hpp"
#include "model/time_grid.hpp"
#include "numeric/finite.hpp"
#include "numeric/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

namespace engram::learning {

namespace {

constexpr std::size_t worth_threads = 1u << 15; // synapses
constexpr std::uint64_t longest_late = 1000000; // steps, of which a state is kept

} // namespace

/// Data that stay the same during the calls of a step.
template <class T> struct SpikePlasticity<T>::Call {
  engram_moment_info now{};
  std::uint64_t step = 0;
  bool plastic = false;
  std::array<const void *, ENGRAM_MAX_SIGNALS> pre_signals{}, post_signals{};
};

namespace {

using Pointers = std::array<void *, ENGRAM_MAX_STATES>;

template <class Side> engram_neurons view_of(const Side &side, const void *const *signals, void *const *states) {
  engram_neurons view{};
  view.struct_size = sizeof view;
  view.neurons = side.neurons;
  view.trials = 1;
  view.stride = side.neurons;
  view.signals = signals;
  view.state = states;
  return view;
}

// The synapses of one lag that a presynaptic neuron has: they lie side by side.
template <class T>
void outgoing(const network::Synapses<T> &synapses, std::vector<std::vector<T>> &state, std::uint32_t neuron,
              std::size_t lag, engram_row &row, Pointers &states) {
  const auto &joined = *synapses.joined;
  const std::size_t first = joined.first(neuron, lag);
  row.synapses = joined.last(neuron, lag) - first;
  row.neuron = neuron;
  row.others = joined.target.data() + first;
  row.weights = synapses.weights->data() + first;
  for (std::size_t n = 0; n < state.size(); ++n) states[n] = state[n].data() + first;
}

// States as they were `lag` steps ago, and those that are late as long before.
template <class Side> Pointers states_at(Side &side, std::uint64_t step, std::uint64_t lag) {
  Pointers out{};
  for (std::size_t k = 0; k < side.now.size(); ++k)
    out[k] = side.past.empty() ? side.now[k].data()
                               : side.past[(step + side.past.size() - lag - side.late[k]) % side.past.size()][k].data();
  return out;
}

} // namespace

template <class T>
SpikePlasticity<T>::SpikePlasticity(const model::Model &model, network::Network<T> &network,
                                    const std::vector<const engram_rule *> &rules, int threads)
    : model_(model), network_(network), threads_(threads) {
  for (std::size_t k = 0; k < network.projections.size(); ++k) {
    const auto &p = network.projections[k];
    if (!p.carries_spikes()) continue;
    for (const std::size_t which : p.rules) {
      if (rules.at(which)->form == ENGRAM_GLOBAL) continue; // it sees the trial as a whole, when it is over
      Attached a;
      a.projection = k;
      a.said = which;
      a.rule = rules.at(which);
      a.calls = &a.rule->spiking[precision_of<T>()];
      a.parameters = parameters_of(*a.rule, model.rules[which]);
      if (!a.calls->on_pre && !a.calls->on_post)
        fail(a, std::string("the rule does not offer ") + (precision_of<T>() ? "double" : "single") + " precision");
      a.pre.neurons = network.regions[p.source].size;
      a.post.neurons = network.regions[p.target].size;
      for (std::size_t n = 0; n < a.rule->signal_count; ++n) {
        const auto &signal = a.rule->signals[n];
        const auto found = network::signal_named(signal.name);
        if (!found) fail(a, std::string("reads an unknown signal '") + signal.name + "'");
        (signal.place == ENGRAM_PRE ? a.pre : a.post).signals.push_back(static_cast<std::size_t>(*found));
      }
      for (std::size_t n = 0; n < a.rule->state_count; ++n) {
        const auto &state = a.rule->states[n];
        (state.place == ENGRAM_PRE    ? a.pre.said
         : state.place == ENGRAM_POST ? a.post.said
                                      : a.synapse_said)
            .push_back(&state);
        if (state.place == ENGRAM_SYNAPSE) continue;
        const auto by = a.rule->state_late ? a.rule->state_late[n] : 0;
        const double late = by > 0 ? a.parameters[by - 1] : 0;
        const auto steps = late > 0 ? std::max<std::uint64_t>(1, model::steps_of(late, model.time.step)) : 0;
        if (steps > longest_late)
          fail(a, std::string("its '") + a.rule->parameters[by - 1].name + "' is more than 10^6 steps");
        (state.place == ENGRAM_PRE ? a.pre : a.post).late.push_back(steps);
      }
      std::size_t axonal = 0, dendritic = 0;
      for (const auto &lag : p.synapses.joined->lags) {
        axonal = std::max<std::size_t>(axonal, lag.axonal);
        dendritic = std::max<std::size_t>(dendritic, lag.dendritic);
      }
      for (auto *side : {&a.pre, &a.post}) side->now.resize(side->said.size());
      a.synapse.resize(a.synapse_said.size());
      for (const auto &[side, lag] : {std::pair{&a.pre, axonal}, {&a.post, dendritic}}) {
        const auto latest = side->late.empty() ? 0 : *std::max_element(side->late.begin(), side->late.end());
        if (lag + latest > 0) side->past.resize(lag + latest + 1);
      }
      std::tie(a.low, a.high) = network::bounds<T>(p.constraints);
      if (a.rule->sweep_every > 0) {
        double &interval = a.parameters[a.rule->sweep_every - 1];
        a.sweep_steps = std::max<std::uint64_t>(1, model::steps_of(interval, model.time.step));
        interval = static_cast<double>(a.sweep_steps) * model.time.step; // the rule is told what is done
      }
      attached_.push_back(std::move(a));
    }
  }
  begin_epoch(0);
}

template <class T> void SpikePlasticity<T>::fail(const Attached &a, const std::string &what) const {
  throw RuleFailure("rule '" + std::string(a.rule->name) + "' on projection '" +
                    network_.projections[a.projection].name + "': " + what);
}

template <class T> void SpikePlasticity<T>::begin_epoch(std::size_t epoch) {
  for (auto &a : attached_) {
    const auto &said = model_.rules[a.said];
    a.rate = static_cast<T>(said.rate * schedule(said.schedule, epoch, model_.task.epochs));
  }
}

template <class T> Matrix<T> SpikePlasticity<T>::change(std::size_t projection) const {
  Matrix<T> out;
  for (const auto &a : attached_) {
    if (a.projection != projection) continue;
    if (out.is_empty()) out.zeros(network_.projections[projection].synapses.joined->size(), 1);
    if (a.trials == 0) continue;
    for (std::size_t k = 0; k < a.total.size(); ++k) out[k] += a.total[k] / static_cast<T>(a.trials);
  }
  return out;
}

template <class T> void SpikePlasticity<T>::discard() {
  for (auto &a : attached_) {
    a.total.clear();
    a.trials = 0;
  }
}

template <class T> template <class Any, class Visit> void SpikePlasticity<T>::each_shared(Any &a, Visit &&visit) {
  const auto side = [&](const auto &said, auto &values) {
    for (std::size_t k = 0; k < said.size(); ++k)
      if (!said[k]->per_trial) visit(values[k]);
  };
  side(a.pre.said, a.pre.now);
  side(a.post.said, a.post.now);
  side(a.synapse_said, a.synapse);
}

template <class T> std::vector<std::vector<T>> SpikePlasticity<T>::shared_states() const {
  std::vector<std::vector<T>> out;
  for (const auto &a : attached_) each_shared(a, [&](const std::vector<T> &state) { out.push_back(state); });
  return out;
}

template <class T> void SpikePlasticity<T>::set_shared_states(const std::vector<std::vector<T>> &states) {
  std::size_t next = 0;
  for (auto &a : attached_) each_shared(a, [&](std::vector<T> &state) { state = states.at(next++); });
}

template <class T> void SpikePlasticity<T>::check_states() const {
  for (const auto &a : attached_) {
    const auto check = [&](const auto &said, const auto &values) {
      for (std::size_t k = 0; k < said.size(); ++k)
        if (!numeric::all_finite(values[k].data(), values[k].size()))
          fail(a, "its state '" + std::string(said[k]->name) + "' is not a finite number");
    };
    check(a.pre.said, a.pre.now);
    check(a.post.said, a.post.now);
    check(a.synapse_said, a.synapse);
  }
}

template <class T> void SpikePlasticity<T>::begin(Side &side) {
  for (std::size_t k = 0; k < side.said.size(); ++k)
    if (side.now[k].empty() || side.said[k]->per_trial)
      side.now[k].assign(side.neurons, static_cast<T>(side.said[k]->initial));
  for (auto &step : side.past) step = side.now; // before the trial nothing has happened
}

template <class T> void SpikePlasticity<T>::begin(std::size_t trials) {
  for (auto &a : attached_) {
    if (trials != 1) fail(a, "learns from one trial at a time: \"batch\" must be 1");
    begin(a.pre);
    begin(a.post);
    const std::size_t synapses = network_.projections[a.projection].synapses.joined->size();
    if (measuring_) {
      a.total.resize(synapses);
      ++a.trials;
    }
    for (std::size_t k = 0; k < a.synapse_said.size(); ++k)
      if (a.synapse[k].empty() || a.synapse_said[k]->per_trial)
        a.synapse[k].assign(synapses, static_cast<T>(a.synapse_said[k]->initial));
  }
}

template <class T> void SpikePlasticity<T>::remember(Side &side, std::uint64_t step) {
  if (!side.past.empty()) side.past[step % side.past.size()] = side.now; // of the same sizes: nothing is allocated
}

template <class T>
void SpikePlasticity<T>::row(Attached &a, const Call &call, engram_at_spike callback, engram_row &row,
                             std::vector<T> &change, Message &message, std::string &failure) {
  if (row.synapses == 0 || !failure.empty()) return;
  change.assign(row.synapses, T(0));
  row.change = change.data();
  if (!called(*a.rule, message, callback, &call.now, &row)) {
    failure = message.text();
    return;
  }
  if (!call.plastic || (a.rate == T(0) && !measuring_)) return;
  T *weights = const_cast<T *>(static_cast<const T *>(row.weights)); // the projection's own, which the rule but reads
  if (!numeric::all_finite(change.data(), row.synapses)) {
    failure = "gave a change that is not a finite number"; // no weight has taken it
    return;
  }
  if (measuring_) {
    T *total = a.total.data() + (weights - network_.projections[a.projection].synapses.weights->data());
    for (std::size_t k = 0; k < row.synapses; ++k) total[row.places ? row.places[k] : k] += change[k];
  } else {
    for (std::size_t k = 0; k < row.synapses; ++k) {
      T &w = weights[row.places ? row.places[k] : k];
      w = std::clamp(w + a.rate * change[k], a.low, a.high);
    }
  }
}

// Rows of different neurons hold different synapses, so threads share the rows and no bit depends on how. `who` lists
// neurons in ascending order; null stands for a row of each neuron. A neuron that spiked twice has two rows, which one
// thread takes in turn.
template <class T>
template <class RowOf>
void SpikePlasticity<T>::visit(Attached &a, const Call &call, engram_at_spike callback, std::size_t rows,
                               const std::uint32_t *who, std::size_t synapses, RowOf &&row_of) {
  if (rows == 0 || !callback) return;
  const int threads = synapses < worth_threads ? 1 : threads_;
  const std::size_t tiles = std::min(rows, static_cast<std::size_t>(threads) * 4);
  if (a.change.size() < tiles) a.change.resize(tiles);
  a.failures.assign(tiles, "");
  const auto begin_of = [&](std::size_t tile) {
    std::size_t k = tile * rows / tiles;
    while (who && k > 0 && k < rows && who[k] == who[k - 1]) ++k;
    return k;
  };
  numeric::for_tiles(threads, tiles, [&](std::size_t tile) {
    Pointers states{};
    Message message;
    for (std::size_t k = begin_of(tile); k < begin_of(tile + 1); ++k) {
      engram_row row{};
      row.struct_size = sizeof row;
      row.state = states.data();
      row_of(k, row, states);
      this->row(a, call, callback, row, a.change[tile], message, a.failures[tile]);
    }
  });
  for (const auto &failure : a.failures)
    if (!failure.empty()) fail(a, failure);
}

template <class T> void SpikePlasticity<T>::meet(Attached &a, const Call &call, const network::SpikeHistory &spikes) {
  const auto &p = network_.projections[a.projection];
  const auto &joined = *p.synapses.joined;
  const auto &incoming = *p.synapses.incoming;
  T *weights = p.synapses.weights->data();
  const std::size_t lags = joined.lags.size();
  for (std::size_t l = 0; l < lags; ++l) {
    const auto lag = joined.lags[l];
    Pointers pre = states_at(a.pre, call.step, lag.axonal), post = states_at(a.post, call.step, lag.dendritic);
    const auto pre_side = view_of(a.pre, call.pre_signals.data(), pre.data());
    const auto post_side = view_of(a.post, call.post_signals.data(), post.data());
    if (lag.axonal <= call.step) {
      const auto &who = spikes.at(p.source, call.step - lag.axonal)[0];
      visit(a, call, a.calls->on_pre, who.size(), who.data(),
            who.size() * joined.size() / std::max<std::size_t>(1, joined.pres),
            [&](std::size_t k, engram_row &row, Pointers &states) {
              row.pre = pre_side;
              row.post = post_side;
              outgoing(p.synapses, a.synapse, who[k], l, row, states);
            });
    }
    if (lag.dendritic <= call.step) {
      const auto &who = spikes.at(p.target, call.step - lag.dendritic)[0];
      visit(a, call, a.calls->on_post, who.size(), who.data(),
            who.size() * joined.size() / std::max<std::size_t>(1, joined.posts),
            [&](std::size_t k, engram_row &row, Pointers &states) {
              const std::size_t first = incoming.offset[who[k] * lags + l];
              row.synapses = incoming.offset[who[k] * lags + l + 1] - first;
              row.neuron = who[k];
              row.others = incoming.source.data() + first;
              row.places = incoming.synapse.data() + first;
              row.pre = pre_side;
              row.post = post_side;
              row.weights = weights;
              for (std::size_t n = 0; n < a.synapse.size(); ++n) states[n] = a.synapse[n].data();
            });
    }
  }
}

template <class T> void SpikePlasticity<T>::sweep(Attached &a, const Call &call) {
  const auto &p = network_.projections[a.projection];
  const auto &joined = *p.synapses.joined;
  for (std::size_t l = 0; l < joined.lags.size(); ++l) {
    Pointers pre = states_at(a.pre, call.step, joined.lags[l].axonal),
             post = states_at(a.post, call.step, joined.lags[l].dendritic);
    const auto pre_side = view_of(a.pre, call.pre_signals.data(), pre.data());
    const auto post_side = view_of(a.post, call.post_signals.data(), post.data());
    visit(a, call, a.calls->sweep, joined.pres, nullptr, joined.size(),
          [&](std::size_t j, engram_row &row, Pointers &states) {
            row.pre = pre_side;
            row.post = post_side;
            outgoing(p.synapses, a.synapse, static_cast<std::uint32_t>(j), l, row, states);
          });
  }
}

template <class T>
void SpikePlasticity<T>::call(const Moment &moment, const network::Signals<T> &signals,
                              const network::SpikeHistory &spikes, const Modulators<T> &modulators) {
  for (auto &a : attached_) {
    const auto &rule = *a.rule;
    const auto &p = network_.projections[a.projection];
    Call call;
    call.step = moment.step;
    call.plastic = moment.plastic && (!moment.may_learn || moment.may_learn->empty() || (*moment.may_learn)[a.said]);
    for (std::size_t k = 0; k < a.pre.signals.size(); ++k)
      call.pre_signals[k] = signals[p.source].of[a.pre.signals[k]].memptr();
    for (std::size_t k = 0; k < a.post.signals.size(); ++k)
      call.post_signals[k] = signals[p.target].of[a.post.signals[k]].memptr();
    const auto broadcast =
        modulators_of(rule, model_.rules[a.said], a.said, modulators, [&](const std::string &what) { fail(a, what); });
    call.now = moment_info(rule, moment, a.parameters.data(), broadcast.data(), 1, call.plastic);

    Message message;
    const auto require = [&](bool good) {
      if (!good) fail(a, message.text());
    };
    Pointers pre{}, post{};
    for (std::size_t k = 0; k < a.pre.now.size(); ++k) pre[k] = a.pre.now[k].data();
    for (std::size_t k = 0; k < a.post.now.size(); ++k) post[k] = a.post.now[k].data();
    const auto pre_side = view_of(a.pre, call.pre_signals.data(), pre.data());
    const auto post_side = view_of(a.post, call.post_signals.data(), post.data());
    if (a.calls->pre_state) require(called(rule, message, a.calls->pre_state, &call.now, &pre_side));
    if (a.calls->post_state) require(called(rule, message, a.calls->post_state, &call.now, &post_side));
    remember(a.pre, moment.step);
    remember(a.post, moment.step);
    meet(a, call, spikes);
    const auto &pre_spikes = spikes.at(p.source, moment.step)[0], &post_spikes = spikes.at(p.target, moment.step)[0];
    if (a.calls->pre_spike && !pre_spikes.empty())
      require(called(rule, message, a.calls->pre_spike, &call.now, &pre_side, pre_spikes.data(), pre_spikes.size()));
    if (a.calls->post_spike && !post_spikes.empty())
      require(
          called(rule, message, a.calls->post_spike, &call.now, &post_side, post_spikes.data(), post_spikes.size()));
    if (a.sweep_steps > 0 && (moment.step + 1) % a.sweep_steps == 0) sweep(a, call);
  }
}

template class SpikePlasticity<float>;
template class SpikePlasticity<double>;

} // namespace engram::learning
