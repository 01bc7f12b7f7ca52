#include "conformance/bench.hpp"

#include "conformance/child.hpp"
#include "conformance/guarded.hpp"
#include "learning/call_factored.hpp"
#include "learning/call_spikes.hpp"
#include "learning/call_tile.hpp"
#include "learning/callback.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>

namespace engram::conformance {

namespace {

template <class T> using Array = GuardedArray<T>;
template <class T> using Arrays = std::vector<std::unique_ptr<Array<T>>>;
using Access = Guarded::Access;

void intact(const Guarded &array) {
  if (array.damaged()) throw Failure{"writes before " + array.name()};
}

// Lists that end where their entries end: the next one cannot be read.
class GuardedLists {
public:
  explicit GuardedLists(bool guarded) : guarded_(guarded) {}
  template <class Entry> Entry *operator()(const char *name, Entry *entries, std::size_t count) {
    using Value = std::remove_const_t<Entry>;
    const Access access = !guarded_ ? Access::plain : std::is_const_v<Entry> ? Access::read : Access::write;
    const auto list = std::make_shared<GuardedArray<Value>>(name, std::vector<Value>(entries, entries + count), access);
    kept_.push_back(list);
    return list->get();
  }

private:
  bool guarded_;
  std::vector<std::shared_ptr<const Guarded>> kept_;
};

// Calls callbacks, takes the time, and lets `around` look before and after each. What fails is thrown.
class WatchedCallbacks {
public:
  WatchedCallbacks(double *seconds, const std::function<void()> &around) : seconds_(seconds), around_(around) {}
  template <class Callback, class... Words> bool operator()(Callback callback, Words... words) {
    if (around_) around_();
    const auto start = std::chrono::steady_clock::now();
    const bool good = learning::attempt(message_, callback, words...);
    if (seconds_) *seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (around_) around_();
    if (good) return true;
    throw Failure{(message_.is_its_own() ? "reports an error: " : "") + message_.text(), message_.is_its_own()};
  }
  bool refuse(const char *why) { throw Failure{why}; }

private:
  double *seconds_;
  const std::function<void()> &around_;
  learning::Message message_;
};

// A projection in memory of its own, on which one rule is called: what learning/call asks for, but the calls
// themselves, is here.
template <class T> class BenchProjection {
public:
  BenchProjection(const engram_rule &rule, const Inputs<T> &in, Memory memory, WatchedCallbacks &calls)
      : rule_(rule), in_(in), calls_(calls), order_(rule), guarded_(memory == Memory::guarded),
        parameters_("the parameters", told_parameters(rule, in), readable()),
        weights_("the weights", in.weights, readable()),
        perturbation_("the perturbation", in.perturbation, readable()) {
    for (std::size_t k = 0; k < rule.state_count; ++k)
      states_.push_back(array(state_name(k), in.states[k], writable()));
    // Buffers of factors keep what was in them from call to call, as those of a run do.
    for (std::size_t k = 0; k < rule.factors; ++k)
      for (const bool pre : {true, false})
        (pre ? pre_factors_ : post_factors_)
            .push_back(array(fmt::format("the {}synaptic factor {}", pre ? "pre" : "post", k),
                             std::vector<T>((pre ? pres() : posts()) * trials(), T(0)), writable()));
    result_.change.assign(posts() * pres(), T(0));
  }

  void call(std::size_t at);

  Result<T> result() {
    for (const auto &state : states_) {
      intact(*state);
      result_.states.push_back(state->values());
    }
    return std::move(result_);
  }

private:
  struct Step; // of a spiking rule
  using List = learning::StateList;

  std::size_t posts() const { return in_.sizes.posts; }
  std::size_t pres() const { return in_.sizes.pres; }
  std::size_t trials() const { return in_.sizes.trials; }
  Access readable() const { return guarded_ ? Access::read : Access::plain; }
  Access writable() const { return guarded_ ? Access::write : Access::plain; }
  std::string state_name(std::size_t k) const { return std::string("state ") + rule_.states[k].name; }

  static std::vector<double> told_parameters(const engram_rule &rule, const Inputs<T> &in) {
    auto parameters = in.parameters;
    learning::sweep_steps(rule, bench_step, parameters); // the rule is told what a run would keep
    return parameters;
  }

  template <class V>
  static std::unique_ptr<GuardedArray<V>> array(const std::string &name, const std::vector<V> &values, Access access) {
    return std::make_unique<GuardedArray<V>>(name, values, access);
  }

  // Those of one side in this call.
  Arrays<T> signals(const std::vector<std::size_t> &order, const std::vector<std::vector<T>> &values) const {
    Arrays<T> out;
    for (std::size_t n = 0; n < order.size(); ++n) {
      const auto &signal = rule_.signals[order[n]];
      out.push_back(
          array((signal.place == ENGRAM_PRE ? "pre." : "post.") + std::string(signal.name), values[n], readable()));
    }
    return out;
  }
  learning::NeuronLists side(std::size_t neurons, const Arrays<T> &signals,
                             const std::vector<std::size_t> &states) const {
    learning::NeuronLists lists{neurons, trials(), neurons, {}, state_list(states)};
    for (const auto &signal : signals) lists.signals.add(signal->get());
    return lists;
  }
  List state_list(const std::vector<std::size_t> &order) const {
    return learning::address_list<List>(order, [&](std::size_t k) { return states_[k]->get(); });
  }

  void factored(const engram_moment_info &now, const learning::NeuronLists &pre, const learning::NeuronLists &post);
  void synaptic(const engram_moment_info &now, const learning::NeuronLists &pre, const learning::NeuronLists &post,
                bool perturbed);

  const engram_rule &rule_;
  const Inputs<T> &in_;
  WatchedCallbacks &calls_;
  const learning::TableOrder order_;
  const bool guarded_;
  const Array<double> parameters_;
  const Array<T> weights_, perturbation_;
  Arrays<T> states_; // by entry of the table
  Arrays<T> pre_factors_, post_factors_;
  Result<T> result_;
};

template <class T> void BenchProjection<T>::call(std::size_t at) {
  const auto &given = in_.calls[at];
  learning::Moment moment;
  moment.step = moment.phase = at;
  moment.phases = in_.calls.size();
  moment.step_ms = bench_step;
  moment.plastic = given.plastic;
  moment.end_of_phase = moment.end_of_trial = true; // a rule of any moment is due
  moment.objective = given.objective;
  if (!learning::is_called(rule_, moment, given.plastic)) return;
  const auto pre_signals = signals(order_.pre_signals, given.pre),
             post_signals = signals(order_.post_signals, given.post);
  Arrays<T> modulators;
  learning::ModulatorList broadcast;
  for (std::size_t k = 0; k < rule_.modulator_count; ++k) {
    modulators.push_back(array(std::string("modulator ") + rule_.modulators[k], given.modulators[k], readable()));
    broadcast.add(modulators.back()->get());
  }
  GuardedLists lists(guarded_);
  const void *const *modulator_list = lists("the modulators", std::as_const(broadcast.at).data(), broadcast.count);
  const auto now = learning::moment_info(rule_, moment, parameters_.get(), modulator_list, trials(), given.plastic);
  const auto pre = side(pres(), pre_signals, order_.pre_states), post = side(posts(), post_signals, order_.post_states);
  if (rule_.form == ENGRAM_FACTORED) {
    factored(now, pre, post);
  } else if (rule_.form == ENGRAM_SPIKING) {
    Step step(*this, given, now, pre, post, lists);
    learning::call_spikes(rule_.spiking[learning::precision_of<T>()], now, pre, post, step, calls_, lists);
  } else {
    synaptic(now, pre, post, given.perturbed && !in_.perturbation.empty());
  }
}

template <class T>
void BenchProjection<T>::factored(const engram_moment_info &now, const learning::NeuronLists &pre,
                                  const learning::NeuronLists &post) {
  const Array<T> pre_gain("the presynaptic gains", std::vector<T>(rule_.pre_gain ? pres() : 0), writable());
  const Array<T> post_gain("the postsynaptic gains", std::vector<T>(rule_.post_gain ? posts() : 0), writable());
  learning::FactorLists of_pre, of_post;
  for (const auto &buffer : pre_factors_) of_pre.buffers.add(buffer->get());
  for (const auto &buffer : post_factors_) of_post.buffers.add(buffer->get());
  if (rule_.pre_gain) of_pre.gain = pre_gain.get();
  if (rule_.post_gain) of_post.gain = post_gain.get();
  GuardedLists lists(guarded_);
  learning::call_factored<T>(rule_.callbacks[learning::precision_of<T>()], now, pre, post, of_pre, of_post, calls_,
                             lists);
  for (const auto *buffers : {&pre_factors_, &post_factors_})
    for (const auto &buffer : *buffers) intact(*buffer);
  intact(pre_gain);
  intact(post_gain);
  if (!now.plastic) return;
  for (std::size_t j = 0; j < pres(); ++j)
    for (std::size_t i = 0; i < posts(); ++i) {
      T sum = 0;
      for (std::size_t k = 0; k < rule_.factors; ++k) {
        const auto *x = static_cast<const T *>(of_pre.factors[k]), *y = static_cast<const T *>(of_post.factors[k]);
        for (std::size_t b = 0; b < trials(); ++b) sum += y[i + b * posts()] * x[j + b * pres()];
      }
      if (rule_.pre_gain) sum += pre_gain.get()[j] * in_.weights[i + j * posts()];
      if (rule_.post_gain) sum += post_gain.get()[i] * in_.weights[i + j * posts()];
      result_.change[i + j * posts()] += sum;
    }
}

template <class T>
void BenchProjection<T>::synaptic(const engram_moment_info &now, const learning::NeuronLists &pre,
                                  const learning::NeuronLists &post, bool perturbed) {
  const auto &callbacks = rule_.callbacks[learning::precision_of<T>()];
  GuardedLists side_lists(guarded_);
  learning::call_sides(callbacks, now, pre, post, calls_, side_lists);
  const learning::DenseSynapses<T> all{pre, post, state_list(order_.synapse_states), weights_.get(),
                                       perturbed ? perturbation_.get() : nullptr};
  for (std::size_t k = 0; k < learning::tiles_of(pres()); ++k) {
    const auto tile = learning::tile_at(k, pres());
    const auto begin = result_.change.begin() + static_cast<std::ptrdiff_t>(tile.first * posts());
    // The change of a tile is an array of its own, with guards at its own ends. Where it is thrown away it begins at 0.
    std::vector<T> before(tile.count * posts());
    if (now.plastic) std::copy_n(begin, before.size(), before.begin());
    const Array<T> change("the change of a tile", before, writable());
    GuardedLists lists(guarded_);
    learning::call_tile(callbacks.synapses, now, all, tile, change.get(), calls_, lists);
    intact(change);
    const auto values = change.values();
    if (now.plastic) std::copy(values.begin(), values.end(), begin);
  }
}

// Of one delay, with synapses between all neurons. Each step is one at which a sweep is due.
template <class T> struct BenchProjection<T>::Step {
  using Neurons = std::vector<std::uint32_t>;
  BenchProjection &of;
  const engram_moment_info &now;
  const engram_neurons pre, post;
  const Neurons pre_spikes, post_spikes;
  const std::unique_ptr<GuardedArray<std::uint32_t>> all_pres, all_posts;
  const learning::SynapsePlaces<T> synapses;

  Step(BenchProjection &projection, const typename Inputs<T>::Call &given, const engram_moment_info &info,
       const learning::NeuronLists &pre_lists, const learning::NeuronLists &post_lists, GuardedLists &lists)
      : of(projection), now(info), pre(learning::neurons_of(pre_lists, ENGRAM_PRE, lists)),
        post(learning::neurons_of(post_lists, ENGRAM_POST, lists)), pre_spikes(spiking(given.pre_spikes)),
        post_spikes(spiking(given.post_spikes)), all_pres(others(of.pres())),
        all_posts(others(of.posts())), synapses{of.weights_.get(), of.state_list(of.order_.synapse_states)} {}

  static Neurons spiking(const std::vector<std::uint8_t> &spikes) { // each neuron as often as it spikes
    Neurons out;
    for (std::size_t k = 0; k < spikes.size(); ++k) out.insert(out.end(), spikes[k], static_cast<std::uint32_t>(k));
    return out;
  }
  std::unique_ptr<GuardedArray<std::uint32_t>> others(std::size_t count) const {
    Neurons out(count);
    std::iota(out.begin(), out.end(), 0u);
    return array("the other neurons of a row", out, of.readable());
  }

  void states_moved() {}
  std::size_t lags() const { return 1; }
  void see(std::size_t) {}
  std::span<const std::uint32_t> spikes(std::uint32_t place) const {
    return place == ENGRAM_PRE ? pre_spikes : post_spikes;
  }
  bool arrive(engram_at_spike callback, std::uint32_t place) {
    for (const auto neuron : spikes(place))
      place == ENGRAM_PRE ? outgoing(callback, neuron) : incoming(callback, neuron);
    return true;
  }
  bool sweep_is_due() const { return of.rule_.sweep_every > 0; }
  bool sweep(engram_at_spike callback) {
    for (std::uint32_t j = 0; j < of.pres(); ++j) outgoing(callback, j);
    return true;
  }

  void outgoing(engram_at_spike callback, std::uint32_t j) {
    row(callback, {j, of.posts(), all_posts->get(), j * of.posts(), nullptr});
  }
  void incoming(engram_at_spike callback, std::uint32_t i) {
    Neurons places(of.pres());
    for (std::size_t j = 0; j < places.size(); ++j) places[j] = static_cast<std::uint32_t>(i + j * of.posts());
    const auto guarded = array("the places of a row", places, of.readable());
    row(callback, {i, of.pres(), all_pres->get(), 0, guarded->get()});
  }
  void row(engram_at_spike callback, const learning::NeuronSynapses &row) {
    const Array<T> change("the change of a row", std::vector<T>(row.count), of.writable());
    GuardedLists lists(of.guarded_);
    learning::call_row(callback, now, pre, post, synapses, row, change.get(), of.calls_, lists);
    intact(change);
    if (!now.plastic) return;
    T *total = of.result_.change.data() + row.first;
    for (std::size_t k = 0; k < row.count; ++k) total[row.places ? row.places[k] : k] += change.get()[k];
  }
};

} // namespace

template <class T>
Result<T> call(const engram_rule &rule, const Inputs<T> &in, Memory memory, double *seconds,
               const std::function<void()> &around) {
  WatchedCallbacks calls(seconds, around);
  BenchProjection<T> projection(rule, in, memory, calls);
  for (std::size_t at = 0; at < in.calls.size(); ++at) projection.call(at);
  return projection.result();
}

template Result<float> call(const engram_rule &, const Inputs<float> &, Memory, double *,
                            const std::function<void()> &);
template Result<double> call(const engram_rule &, const Inputs<double> &, Memory, double *,
                             const std::function<void()> &);

} // namespace engram::conformance
