#include "learning/spike_plasticity.hpp"

#include "learning/callback.hpp"
#include "learning/kept_name.hpp"
#include "learning/learning_rate.hpp"
#include "numeric/finite.hpp"
#include "numeric/parallel.hpp"

#include <algorithm>
#include <span>
#include <tuple>

namespace engram::learning {

namespace {

constexpr std::size_t worth_threads = 1u << 15; // synapses

} // namespace

template <class T>
SpikePlasticity<T>::SpikePlasticity(const model::Model &model, network::Network<T> &network,
                                    const std::vector<const engram_rule *> &rules, int threads)
    : model_(model), network_(network), threads_(threads) {
  for (std::size_t k = 0; k < network.sparse.size(); ++k) {
    for (const std::size_t which : network.sparse[k].rules) // a global one sees the trial as a whole, when it is over
      if (rules.at(which)->form != ENGRAM_GLOBAL) attach(k, which, *rules[which]);
  }
  begin_epoch(0);
}

template <class T> void SpikePlasticity<T>::attach(std::size_t projection, std::size_t which, const engram_rule &rule) {
  const auto &p = network_.sparse[projection];
  const double step_ms = model_.time.step;
  const TableOrder order(rule);
  Attached a;
  a.projection = projection;
  a.rule_index = which;
  a.rule = &rule;
  a.callbacks = &rule.spiking[precision_of<T>()];
  a.parameters = parameters_of(rule, model_.rules[which]);
  if (!a.callbacks->on_pre && !a.callbacks->on_post)
    fail(a, std::string("the rule does not offer ") + (precision_of<T>() ? "double" : "single") + " precision");
  a.pre.neurons = network_.regions[p.source].size;
  a.post.neurons = network_.regions[p.target].size;
  std::size_t axonal = 0, dendritic = 0;
  for (const auto &lag : p.synapses.connectivity->lags) {
    axonal = std::max<std::size_t>(axonal, lag.axonal);
    dendritic = std::max<std::size_t>(dendritic, lag.dendritic);
  }
  const auto prepare = [&](Side &side, const auto &signals, const auto &states, std::size_t lag) {
    for (const std::size_t k : signals) {
      const auto found = network::signal_named(rule.signals[k].name);
      if (!found) fail(a, std::string("reads an unknown signal '") + rule.signals[k].name + "'");
      side.signals.push_back(static_cast<std::size_t>(*found));
    }
    std::uint64_t latest = 0;
    for (const std::size_t k : states) {
      const auto steps = late_steps(rule, k, step_ms, a.parameters);
      if (steps > ENGRAM_MAX_LATE)
        fail(a, std::string("its '") + rule.parameters[rule.state_late[k] - 1].name + "' is more than 10^6 steps");
      side.declarations.push_back(&rule.states[k]);
      side.late.push_back(steps);
      latest = std::max(latest, steps);
    }
    side.now.resize(states.size());
    if (lag + latest > 0) side.past.resize(lag + latest + 1);
  };
  prepare(a.pre, order.pre_signals, order.pre_states, axonal);
  prepare(a.post, order.post_signals, order.post_states, dendritic);
  for (const std::size_t k : order.synapse_states) a.synapse_declarations.push_back(&rule.states[k]);
  a.synapse.resize(a.synapse_declarations.size());
  std::tie(a.low, a.high) = network::bounds<T>(p.constraints);
  if (model_.regions[p.target].receptors[p.receptor].is_conductance()) a.low = std::max(a.low, T(0));
  a.sweep_every = sweep_steps(rule, step_ms, a.parameters);
  a.cut_short = a.parameters;
  attached_.push_back(std::move(a));
}

template <class T> void SpikePlasticity<T>::fail(const Attached &a, const std::string &what) const {
  throw RuleFailure("rule '" + std::string(a.rule->name) + "' on projection '" + network_.sparse[a.projection].name +
                    "': " + what);
}

template <class T> void SpikePlasticity<T>::begin_epoch(std::size_t epoch) {
  for (auto &a : attached_) {
    const auto &model_rule = model_.rules[a.rule_index];
    a.rate = static_cast<T>(model_rule.rate * learning_rate_factor(model_rule.schedule, epoch, model_.task.epochs));
  }
}

template <class T> Matrix<T> SpikePlasticity<T>::change(std::size_t index) const {
  Matrix<T> out;
  for (const auto &a : attached_) {
    const auto &p = network_.sparse[a.projection];
    if (p.index != index) continue;
    if (out.is_empty()) out.zeros(p.synapses.connectivity->size(), 1);
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
  const auto side = [&](const auto &declarations, auto &values) {
    for (std::size_t k = 0; k < declarations.size(); ++k)
      if (!declarations[k]->per_trial) visit(values[k], *declarations[k]);
  };
  side(a.pre.declarations, a.pre.now);
  side(a.post.declarations, a.post.now);
  side(a.synapse_declarations, a.synapse);
}

template <class T> std::vector<std::vector<T>> SpikePlasticity<T>::shared_states() const {
  std::vector<std::vector<T>> out;
  for (const auto &a : attached_)
    each_shared(a, [&](const std::vector<T> &state, const engram_state &) { out.push_back(state); });
  return out;
}

template <class T> void SpikePlasticity<T>::set_shared_states(const std::vector<std::vector<T>> &states) {
  std::size_t next = 0;
  for (auto &a : attached_)
    each_shared(a, [&](std::vector<T> &state, const engram_state &) { state = states.at(next++); });
}

template <class T> std::vector<Kept> SpikePlasticity<T>::kept() {
  std::vector<Kept> out;
  for (auto &a : attached_) {
    const auto &p = network_.sparse[a.projection];
    each_shared(a, [&](std::vector<T> &state, const engram_state &declared) {
      const std::size_t size = declared.place == ENGRAM_PRE    ? a.pre.neurons
                               : declared.place == ENGRAM_POST ? a.post.neurons
                                                               : p.synapses.connectivity->size();
      out.push_back({p.name + "/" + model_.rules[a.rule_index].name + "/" + kept_name(declared), &state, size, 1});
    });
  }
  return out;
}

template <class T> void SpikePlasticity<T>::check_states() const {
  for (const auto &a : attached_) {
    const auto check = [&](const auto &declarations, const auto &values) {
      for (std::size_t k = 0; k < declarations.size(); ++k)
        if (!numeric::all_finite(values[k].data(), values[k].size()))
          fail(a, "its state '" + std::string(declarations[k]->name) + "' is not a finite number");
    };
    check(a.pre.declarations, a.pre.now);
    check(a.post.declarations, a.post.now);
    check(a.synapse_declarations, a.synapse);
  }
}

template <class T> void SpikePlasticity<T>::begin(Side &side) {
  for (std::size_t k = 0; k < side.declarations.size(); ++k)
    if (side.now[k].empty() || side.declarations[k]->per_trial)
      side.now[k].assign(side.neurons, static_cast<T>(side.declarations[k]->initial));
  for (auto &step : side.past) step = side.now; // before the trial nothing has happened
}

template <class T> void SpikePlasticity<T>::begin(std::size_t trials) {
  for (auto &a : attached_) {
    if (trials != 1) fail(a, "learns from one trial at a time: \"batch\" must be 1");
    begin(a.pre);
    begin(a.post);
    const std::size_t synapses = network_.sparse[a.projection].synapses.connectivity->size();
    if (measuring_) {
      a.total.resize(synapses);
      ++a.trials;
    }
    const T *weights = network_.sparse[a.projection].synapses.weights->data();
    for (std::size_t k = 0; k < a.synapse_declarations.size(); ++k) {
      const auto &declaration = *a.synapse_declarations[k];
      if (!a.synapse[k].empty() && !declaration.per_trial) continue;
      a.synapse[k].assign(synapses, static_cast<T>(declaration.initial));
      if (begins_as_weight(*a.rule, declaration)) std::copy_n(weights, synapses, a.synapse[k].data());
    }
  }
}

// The weights of a neuron's synapses move by what the rule returned for them.
template <class T>
void SpikePlasticity<T>::move(Attached &a, const NeuronSynapses &row, const std::vector<T> &change,
                              std::string &failure) {
  if (!numeric::all_finite(change.data(), row.count)) {
    failure = "gave a change that is not a finite number"; // no weight has taken it
    return;
  }
  if (measuring_) {
    T *total = a.total.data() + row.first;
    for (std::size_t k = 0; k < row.count; ++k) total[row.places ? row.places[k] : k] += change[k];
  } else {
    T *weights = network_.sparse[a.projection].synapses.weights->data() + row.first;
    for (std::size_t k = 0; k < row.count; ++k) {
      T &w = weights[row.places ? row.places[k] : k];
      w = std::clamp(w + a.rate * change[k], a.low, a.high);
    }
  }
}

template <class T> struct SpikePlasticity<T>::Step {
  SpikePlasticity &of;
  Attached &a;
  const engram_moment_info &now;
  const std::uint64_t step;
  const bool end_of_trial;
  const network::SpikeHistory &history;
  const network::SparseProjection<T> &p;
  NeuronLists pre, post;           // as the states are now
  NeuronLists seen_pre, seen_post; // as synapses of the delay see them
  SynapsePlaces<T> places{};
  std::size_t lag = 0;

  Step(SpikePlasticity &rules, Attached &attached, const engram_moment_info &info, const Moment &moment,
       const network::Signals<T> &signals, const network::SpikeHistory &spikes)
      : of(rules), a(attached), now(info), step(moment.step), end_of_trial(moment.end_of_trial), history(spikes),
        p(of.network_.sparse[a.projection]), pre(lists_of(a.pre, signals[p.source])),
        post(lists_of(a.post, signals[p.target])), seen_pre(pre), seen_post(post) {
    places.weights = p.synapses.weights->data();
    for (auto &state : a.synapse) places.states.add(state.data());
  }

  template <class Values> static NeuronLists lists_of(Side &side, const Values &signals) {
    NeuronLists lists;
    lists.neurons = lists.stride = side.neurons;
    lists.trials = 1;
    for (const std::size_t signal : side.signals) lists.signals.add(signals.of[signal].memptr());
    for (auto &state : side.now) lists.states.add(state.data());
    return lists;
  }

  void states_moved() {
    for (Side *side : {&a.pre, &a.post}) // of the same sizes: nothing is allocated
      if (!side->past.empty()) side->past[step % side->past.size()] = side->now;
  }

  std::size_t lags() const { return p.synapses.connectivity->lags.size(); }
  void see(std::size_t which) {
    lag = which;
    const auto &delay = p.synapses.connectivity->lags[lag];
    const auto look = [&](Side &side, std::uint64_t ago, NeuronLists &seen) {
      const std::size_t size = side.past.size();
      for (std::size_t k = 0; size > 0 && k < side.now.size(); ++k)
        seen.states.at[k] = side.past[(step + size - ago - side.late[k]) % size][k].data();
    };
    look(a.pre, delay.axonal, seen_pre);
    look(a.post, delay.dendritic, seen_post);
  }

  std::span<const std::uint32_t> spikes(std::uint32_t place) const {
    return history.at(place == ENGRAM_PRE ? p.source : p.target, step)[0];
  }

  bool arrive(engram_at_spike callback, std::uint32_t place) {
    const bool of_pre = place == ENGRAM_PRE;
    const auto &connectivity = *p.synapses.connectivity;
    const std::uint64_t delay = of_pre ? connectivity.lags[lag].axonal : connectivity.lags[lag].dendritic;
    if (delay > step) return true;
    const auto &who = history.at(of_pre ? p.source : p.target, step - delay)[0];
    const std::size_t neurons = of_pre ? connectivity.pres : connectivity.posts;
    visit(callback, now, who.size(), who.data(), who.size() * connectivity.size() / std::max<std::size_t>(1, neurons),
          [&](std::size_t k) { return of_pre ? outgoing(who[k]) : incoming(who[k]); });
    return true;
  }

  // At the end of each interval, and of the trial, whatever has passed of the interval by then.
  bool sweep_is_due() const { return a.sweep_every > 0 && (end_of_trial || (step + 1) % a.sweep_every == 0); }
  bool sweep(engram_at_spike callback) {
    const auto &connectivity = *p.synapses.connectivity;
    auto interval = now;
    if (const auto passed = (step + 1) % a.sweep_every; passed != 0) { // the rule is told what has passed
      a.cut_short[a.rule->sweep_every - 1] = static_cast<double>(passed) * now.step;
      interval.parameters = a.cut_short.data();
    }
    visit(callback, interval, connectivity.pres, nullptr, connectivity.size(),
          [&](std::size_t j) { return outgoing(static_cast<std::uint32_t>(j)); });
    return true;
  }

  NeuronSynapses outgoing(std::uint32_t neuron) const {
    const auto &connectivity = *p.synapses.connectivity;
    const std::size_t first = connectivity.first(neuron, lag);
    return {neuron, connectivity.last(neuron, lag) - first, connectivity.target.data() + first, first, nullptr};
  }
  NeuronSynapses incoming(std::uint32_t neuron) const {
    const auto &in = *p.synapses.incoming;
    const std::size_t at = neuron * lags() + lag, first = in.offset[at];
    return {neuron, in.offset[at + 1] - first, in.source.data() + first, 0, in.synapse.data() + first};
  }

  // Rows of different neurons are of different synapses: threads share them, and no bit depends on how. `who`, null for
  // a row of each neuron: ascending, and a neuron that spiked twice has two rows, which one thread takes in turn.
  template <class RowOf>
  void visit(engram_at_spike callback, const engram_moment_info &info, std::size_t rows, const std::uint32_t *who,
             std::size_t synapses, RowOf &&row_of) {
    if (rows == 0) return;
    const int threads = synapses < worth_threads ? 1 : of.threads_;
    const std::size_t tiles = std::min(rows, static_cast<std::size_t>(threads) * 4);
    if (a.change.size() < tiles) a.change.resize(tiles);
    a.failures.assign(tiles, "");
    const auto begin_of = [&](std::size_t tile) {
      std::size_t k = tile * rows / tiles;
      while (who && k > 0 && k < rows && who[k] == who[k - 1]) ++k;
      return k;
    };
    const auto pre_side = neurons_of(seen_pre, ENGRAM_PRE, in_place);
    const auto post_side = neurons_of(seen_post, ENGRAM_POST, in_place);
    const bool moves = now.plastic && (a.rate != T(0) || of.measuring_);
    numeric::for_tiles(threads, tiles, [&](std::size_t tile) {
      Callbacks calls(*a.rule);
      auto &change = a.change[tile];
      auto &failure = a.failures[tile];
      for (std::size_t k = begin_of(tile); k < begin_of(tile + 1) && failure.empty(); ++k) {
        const NeuronSynapses row = row_of(k);
        if (change.size() < row.count) change.resize(row.count);
        if (!call_row(callback, info, pre_side, post_side, places, row, change.data(), calls, in_place))
          failure = calls.why();
        else if (moves)
          of.move(a, row, change, failure);
      }
    });
    for (const auto &failure : a.failures)
      if (!failure.empty()) of.fail(a, failure);
  }
};

template <class T>
void SpikePlasticity<T>::call(const Moment &moment, const network::Signals<T> &signals,
                              const network::SpikeHistory &spikes, const Modulators<T> &modulators) {
  for (auto &a : attached_) {
    const auto &rule = *a.rule;
    const bool plastic = learns(moment, a.rule_index);
    if (!is_called(rule, moment, plastic)) continue;
    const auto broadcast = modulators_of(rule, model_.rules[a.rule_index], a.rule_index, modulators,
                                         [&](const std::string &what) { fail(a, what); });
    const auto now = moment_info(rule, moment, a.parameters.data(), broadcast.at.data(), 1, plastic);
    Step step(*this, a, now, moment, signals, spikes);
    Callbacks calls(rule);
    if (!call_spikes(*a.callbacks, now, step.pre, step.post, step, calls, in_place)) fail(a, calls.why());
  }
}

template class SpikePlasticity<float>;
template class SpikePlasticity<double>;

} // namespace engram::learning
