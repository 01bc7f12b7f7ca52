#include "learning/plasticity.hpp"

#include "learning/call_factored.hpp"
#include "learning/call_tile.hpp"
#include "learning/callback.hpp"
#include "learning/kept_name.hpp"
#include "learning/learning_rate.hpp"
#include "numeric/finite.hpp"
#include "numeric/parallel.hpp"
#include "numeric/product.hpp"
#include "numeric/random.hpp"

#include <algorithm>

namespace engram::learning {

// Synapses × trials of a call below which one thread makes it, in some 10 µs. Two would wait for each other as long,
// and on a busy machine for a turn of the scheduler, in each step.
constexpr std::size_t worth_threads = 1u << 16;

template <class T> void Plasticity<T>::fail(const Attached &a, const std::string &what) const {
  throw RuleFailure("rule '" + std::string(a.rule->name) + "' on projection '" + a.name + "': " + what);
}

template <class T> bool Plasticity<T>::is_global(std::size_t projection) const {
  return globals_[projection] != network::none;
}

template <class T> bool Plasticity<T>::is_global_sparse(std::size_t projection) const {
  return sparse_globals_[projection] != network::none;
}

// Adds the trials of a call to those that the mean change is over.
template <class T> void Plasticity<T>::count(Attached &a, TrialRange trials) {
  const bool each_call = a.rule->moment == ENGRAM_EACH_STEP && a.rule->form != ENGRAM_GLOBAL;
  a.counted.resize(trials_, false);
  for (std::size_t b = trials.first; b < trials.first + trials.count; ++b) {
    if (each_call || !a.counted[b]) ++a.times;
    a.counted[b] = true;
  }
}

// The changes of `a` begin anew.
template <class T> void Plasticity<T>::forget(Attached &a) {
  a.waiting.post.clear();
  a.waiting.pre.clear();
  a.changed = a.gained = false;
  a.gathered = false;
  a.shrinks = 1;
  a.counted.clear();
  a.times = 0;
  a.pre_gain.zeros();
  a.post_gain.zeros();
}

template <class T> void Plasticity<T>::begin(std::size_t trials) {
  settle();
  const bool resized = trials != trials_;
  trials_ = trials;
  if (resized) ones_.ones(1, trials);
  for (auto &a : sparse_) a.counted.clear();
  for (auto &a : attached_) {
    a.counted.clear();
    const auto &w = network_.dense[a.projection].weights;
    const std::size_t posts = w.n_rows, pres = w.n_cols;
    if (a.rule->form == ENGRAM_FACTORED && (resized || a.pre_factors.empty())) {
      a.pre_factors.assign(a.rule->factors, Matrix<T>(pres, trials));
      a.post_factors.assign(a.rule->factors, Matrix<T>(posts, trials));
      if (a.rule->pre_gain) a.pre_gain.zeros(pres, 1), a.pre_gain_now.zeros(pres, 1);
      if (a.rule->post_gain) a.post_gain.zeros(posts, 1), a.post_gain_now.zeros(posts, 1);
    }
    for (auto &state : a.states) begin(state, a, trials);
  }
}

// Rows and columns of a state in a batch.
template <class T>
std::pair<std::size_t, std::size_t> Plasticity<T>::shape_of(const State &state, const Attached &a,
                                                            std::size_t trials) const {
  const auto &w = network_.dense[a.projection].weights;
  const auto &declared = *state.declaration;
  if (declared.place == ENGRAM_PRE_PAIRS) return {w.n_cols, w.n_cols};
  const std::size_t side_by_side = declared.per_trial ? trials : 1;
  if (declared.place == ENGRAM_SYNAPSE) return {w.n_rows, w.n_cols * side_by_side};
  return {declared.place == ENGRAM_PRE ? w.n_cols : w.n_rows, side_by_side};
}

template <class T> void Plasticity<T>::begin(State &state, const Attached &a, std::size_t trials) {
  const auto &declared = *state.declaration;
  if (!state.values.is_empty() && !declared.per_trial) return;
  const auto [rows, columns] = shape_of(state, a, trials);
  const auto initial = static_cast<T>(declared.initial);
  if (declared.place == ENGRAM_PRE_PAIRS) {
    state.values.zeros(rows, columns);
    state.values.diag().fill(initial);
    return;
  }
  state.values.set_size(rows, columns);
  state.values.fill(initial);
  if (!begins_as_weight(*a.rule, declared)) return;
  const auto &w = network_.dense[a.projection].weights;
  for (std::size_t b = 0; b < columns / w.n_cols; ++b)
    std::copy_n(w.memptr(), w.n_elem, state.values.colptr(b * w.n_cols));
}

template <class T> void Plasticity<T>::perturb(bool on, std::uint64_t draw) {
  for (auto &a : attached_) {
    if (a.rule->perturbation == 0) continue;
    auto &p = network_.dense[a.projection];
    if (a.perturbed) p.weights = a.clean; // exactly: what was added cannot be subtracted without rounding
    a.perturbed = on;
    if (!on) continue;
    a.clean = p.weights;
    a.perturbation.set_size(p.weights.n_rows, p.weights.n_cols);
    const numeric::Random random{seed_, numeric::Purpose::perturbation, numeric::name_key(p.name)};
    random.normals(a.perturbation.memptr(), a.perturbation.n_elem, draw);
    a.perturbation *= static_cast<T>(a.parameters[a.rule->perturbation - 1]);
    if (!p.mask.is_empty()) a.perturbation %= p.mask;
    p.weights += a.perturbation;
  }
}

template <class T>
void Plasticity<T>::call(const Moment &moment, const SharedSignals<T> &shared, const network::History<T> &history,
                         const Modulators<T> &modulators, TrialRange trials, bool last) {
  const auto &signals = *shared;
  for (auto &a : attached_) {
    const auto &rule = *a.rule;
    const bool plastic = learns(moment, a.rule_index);
    if (!is_called(rule, moment, plastic)) continue;
    const auto &p = network_.dense[a.projection];
    const auto pre_signal = [&](std::size_t k) -> const void * {
      const auto s = static_cast<network::Signal>(a.signals[k]);
      // What reaches the synapse has travelled along the axon: a projection with a delay senses the past.
      return p.is_bias()    ? ones_.colptr(trials.first)
             : p.delay == 0 ? signals[p.source][s].colptr(trials.first)
                            : history.at(moment.step, p.delay, p.source, s).colptr(trials.first);
    };
    const auto post_signal = [&](std::size_t k) { return signals[p.target].of[a.signals[k]].colptr(trials.first); };
    const auto state = [&](std::size_t k) { return state_of(a, k, trials.first); };
    const auto &order = a.order;
    const std::size_t pres = p.weights.n_cols, posts = p.weights.n_rows;
    const NeuronLists pre{pres, trials.count, pres, address_list<SignalList>(order.pre_signals, pre_signal),
                          address_list<StateList>(order.pre_states, state)};
    const NeuronLists post{posts, trials.count, posts, address_list<SignalList>(order.post_signals, post_signal),
                           address_list<StateList>(order.post_states, state)};
    auto broadcast = modulators_of(rule, model_.rules[a.rule_index], a.rule_index, modulators,
                                   [&](const std::string &what) { fail(a, what); });
    for (std::size_t k = 0; k < broadcast.count; ++k)
      broadcast.at[k] = static_cast<const T *>(broadcast.at[k]) + trials.first;
    const auto now = moment_info(rule, moment, a.parameters.data(), broadcast.at.data(), trials.count, plastic);
    if (rule.form == ENGRAM_FACTORED)
      learn_by_factors(a, now, pre, post, shared, trials, last);
    else
      learn_by_tiles(a, now, pre, post, trials);
  }
}

// The state number k of the table, from a trial on.
template <class T> T *Plasticity<T>::state_of(Attached &a, std::size_t k, std::size_t trial) const {
  auto &state = a.states[k];
  const auto place = state.declaration->place;
  if (!state.declaration->per_trial || place == ENGRAM_PRE_PAIRS || trial == 0) return state.values.memptr();
  const std::size_t synapse_columns = network_.dense[a.projection].weights.n_cols;
  return state.values.colptr(trial * (place == ENGRAM_SYNAPSE ? synapse_columns : 1));
}

template <class T>
void Plasticity<T>::learn_by_factors(Attached &a, const engram_moment_info &now, const NeuronLists &pre,
                                     const NeuronLists &post, const SharedSignals<T> &signals, TrialRange trials,
                                     bool last) {
  settle(a); // its factors are about to be overwritten
  FactorLists of_pre, of_post;
  for (const auto &factor : a.pre_factors) of_pre.buffers.add(factor.colptr(trials.first));
  for (const auto &factor : a.post_factors) of_post.buffers.add(factor.colptr(trials.first));
  if (!a.pre_gain_now.is_empty()) of_pre.gain = a.pre_gain_now.memptr();
  if (!a.post_gain_now.is_empty()) of_post.gain = a.post_gain_now.memptr();
  Callbacks calls(*a.rule);
  if (!call_factored<T>(*a.callbacks, now, pre, post, of_pre, of_post, calls, in_place)) fail(a, calls.why());
  if (!now.plastic) return;
  for (std::size_t n = 0; n < a.pre_factors.size(); ++n) {
    const auto *x = static_cast<const T *>(of_pre.factors[n]), *y = static_cast<const T *>(of_post.factors[n]);
    // A signal that the rule hands on has been checked where it arose: as data, or as another's postsynaptic factor.
    const bool own = x == a.pre_factors[n].colptr(trials.first);
    if ((own && !numeric::all_finite(x, pre.neurons * trials.count)) ||
        !numeric::all_finite(y, post.neurons * trials.count))
      fail(a, "gives a change that is not a finite number");
  }
  for (const auto *gain : {&a.pre_gain_now, &a.post_gain_now})
    if (!numeric::all_finite(gain->memptr(), gain->n_elem)) fail(a, "gives a gain that is not a finite number");
  if (!numeric::is_zero(a.pre_gain_now) || !numeric::is_zero(a.post_gain_now)) {
    a.pre_gain += a.pre_gain_now;
    a.post_gain += a.post_gain_now;
    a.gained = true;
  }
  count(a, trials);
  // What a global rule brings later is added to what the local ones want: then nothing goes straight into the weights.
  const bool waits = last && !global_ && trials.count == trials_;
  a.waiting.scale = 1;
  for (std::size_t n = 0; n < a.pre_factors.size(); ++n) {
    const auto *x = static_cast<const T *>(of_pre.factors[n]), *y = static_cast<const T *>(of_post.factors[n]);
    if (!waits) {
      add_to_change(a, T(1), y, x, trials.count);
      continue;
    }
    auto &own = a.pre_factors[n];
    if (network_.dense[a.projection].delay > 0 && x != own.memptr()) { // the ring of past signals moves on
      std::copy_n(x, own.n_elem, own.memptr());
      x = own.memptr();
    }
    a.waiting.post.emplace_back(signals, y);
    a.waiting.pre.emplace_back(signals, x);
  }
}

template <class T>
void Plasticity<T>::learn_by_tiles(Attached &a, const engram_moment_info &now, const NeuronLists &pre,
                                   const NeuronLists &post, TrialRange trials) {
  const auto &w = network_.dense[a.projection].weights;
  Callbacks calls(*a.rule);
  if (!call_sides(*a.callbacks, now, pre, post, calls, in_place)) fail(a, calls.why());
  // In a phase that is not plastic only the state of the rule moves: what it adds is thrown away.
  auto &change = now.plastic ? a.change : a.unused;
  if (!now.plastic || !a.changed) change.zeros(w.n_rows, w.n_cols);
  if (now.plastic) a.changed = true;
  const DenseSynapses<T> all{
      pre, post,
      address_list<StateList>(a.order.synapse_states, [&](std::size_t k) { return state_of(a, k, trials.first); }),
      w.memptr(), a.perturbed ? a.perturbation.memptr() : nullptr};
  auto &failures = a.failures;
  failures.resize(tiles_of(w.n_cols));
  const int threads = w.n_elem * trials.count < worth_threads ? 1 : threads_;
  numeric::for_tiles(threads, failures.size(), [&](std::size_t k) {
    const Tile tile = tile_at(k, w.n_cols);
    Callbacks own(*a.rule);
    if (!call_tile(a.callbacks->synapses, now, all, tile, change.colptr(tile.first), own, in_place))
      failures[k] = own.why();
  });
  for (const auto &failure : failures) {
    if (failure.empty()) continue;
    const std::string what = failure;
    failures.clear();
    fail(a, what);
  }
  if (!now.plastic) return;
  if (!numeric::all_finite(a.change.memptr(), a.change.n_elem)) fail(a, "gives a change that is not a finite number");
  count(a, trials);
}

template <class T> void Plasticity<T>::apply(model::Rule::Apply when) {
  clip_norms(when);
  bool moved = false;
  for (auto &a : attached_) {
    if (a.each_step != (when == model::Rule::Apply::step)) continue;
    apply(a);
    moved = true;
  }
  if (moved) network::refresh_signs(network_);
  for (auto &a : sparse_)
    if (a.each_step == (when == model::Rule::Apply::step)) apply_sparse(a);
}

// out += scale (diag(post_gain) W + W diag(pre_gain)); `out` may be W itself.
template <class T> void Plasticity<T>::add_gains(const Attached &a, T scale, const Matrix<T> &w, Matrix<T> &out) const {
  const T *post = a.post_gain.is_empty() ? nullptr : a.post_gain.memptr();
  for (std::size_t j = 0; j < w.n_cols; ++j) {
    const T *in = w.colptr(j);
    T *to = out.colptr(j);
    const T pre = a.pre_gain.is_empty() ? T(0) : a.pre_gain[j];
    if (post) { // NOLINT(bugprone-branch-clone): the loops differ; the pragma hides it
#pragma omp simd
      for (std::size_t i = 0; i < w.n_rows; ++i) to[i] += scale * (post[i] + pre) * in[i];
    } else {
#pragma omp simd
      for (std::size_t i = 0; i < w.n_rows; ++i) to[i] += scale * pre * in[i];
    }
  }
}

template <class T> void Plasticity<T>::begin_epoch(std::size_t epoch) {
  for (auto *list : {&attached_, &sparse_})
    for (auto &a : *list) {
      const auto &model_rule = model_.rules[a.rule_index];
      a.optimizer.rate =
          static_cast<T>(model_rule.rate * learning_rate_factor(model_rule.schedule, epoch, model_.task.epochs));
    }
}

template <class T> void Plasticity<T>::apply(Attached &a) {
  if (a.times == 0) return;
  if (a.optimizer.rate == T(0)) return forget(a); // the weights stay as they are, bit for bit
  auto &p = network_.dense[a.projection];
  const T scale = T(1) / static_cast<T>(a.times);
  if (a.optimizer.is_plain() && !a.changed && !p.sharing) {
    // Gains scale the weights where they are, and products go straight into them: no matrix of changes in between.
    if (a.gained) add_gains(a, a.optimizer.rate * scale, p.weights, p.weights);
    for (std::size_t k = 0; k < a.waiting.post.size(); ++k)
      numeric::product<T>(a.optimizer.rate * scale * a.waiting.scale,
                          {a.waiting.post[k].get(), p.weights.n_rows, trials_},
                          {a.waiting.pre[k].get(), p.weights.n_cols, trials_, true}, T(1), p.weights, threads_);
  } else {
    gather(a);
    update(a.optimizer, a.change, clip(a), p.weights);
  }
  network::constrain(p);
  forget(a);
}

template <class T> void Plasticity<T>::apply_sparse(Attached &a) {
  if (a.times == 0) return;
  if (a.optimizer.rate != T(0)) {
    auto &p = network_.sparse[a.projection];
    if (!numeric::all_finite(a.change.memptr(), a.change.n_elem)) fail(a, "the gradient is not a finite number");
    Matrix<T> weights(p.synapses.weights->data(), p.synapses.weights->size(), 1, false, true);
    update(a.optimizer, a.change, clip(a), weights);
    const auto [low, high] = network::bounds<T>(p.constraints);
    weights.clamp(low, high);
  }
  forget(a);
}

template <class T> Matrix<T> Plasticity<T>::change(std::size_t index) {
  if (const auto *p = network_.sparse_at(index)) {
    Matrix<T> out(p->synapses.connectivity->size(), 1, arma::fill::zeros);
    for (const auto &a : sparse_)
      if (&network_.sparse[a.projection] == p && a.times > 0 && a.changed)
        out += T(1) / static_cast<T>(a.times) * a.change;
    return out;
  }
  const auto &p = *network_.dense_at(index);
  Matrix<T> out(p.weights.n_rows, p.weights.n_cols, arma::fill::zeros);
  for (auto &a : attached_) {
    if (&network_.dense[a.projection] != &p) continue;
    settle(a);
    if (a.times == 0) continue;
    const T scale = T(1) / static_cast<T>(a.times);
    if (a.changed) out += scale * a.change;
    if (a.gained) add_gains(a, scale, p.weights, out);
  }
  network::share(p, out);
  return out;
}

template <class T> void Plasticity<T>::discard() {
  for (auto *list : {&attached_, &sparse_})
    for (auto &a : *list) forget(a);
}

template <class T> void Plasticity<T>::check_states() const {
  for (const auto &a : attached_)
    for (const auto &state : a.states)
      if (!numeric::all_finite(state.values.memptr(), state.values.n_elem))
        fail(a, "its state '" + std::string(state.declaration->name) + "' is not a finite number");
}

template <class T> std::vector<Matrix<T>> Plasticity<T>::shared_states() const {
  std::vector<Matrix<T>> states;
  for (const auto &a : attached_)
    for (const auto &state : a.states)
      if (!state.declaration->per_trial) states.push_back(state.values);
  return states;
}

template <class T> void Plasticity<T>::set_shared_states(const std::vector<Matrix<T>> &states) {
  std::size_t k = 0;
  for (auto &a : attached_)
    for (auto &state : a.states)
      if (!state.declaration->per_trial) state.values = states.at(k++);
}

template <class T> std::vector<Kept> Plasticity<T>::kept() {
  std::vector<Kept> out;
  for (auto *list : {&attached_, &sparse_})
    for (auto &a : *list) {
      const std::string of = a.name + "/" + model_.rules[a.rule_index].name + "/";
      for (auto &state : a.states) {
        if (state.declaration->per_trial) continue;
        const auto [rows, columns] = shape_of(state, a, 1);
        out.push_back({of + kept_name(*state.declaration), &state.values, rows, columns});
      }
      const bool dense = list == &attached_;
      for (auto part : a.optimizer.steps->memory()) {
        part.name = of + "optimizer/" + part.name;
        if (std::holds_alternative<Matrix<T> *>(part.at)) {
          part.rows = dense ? network_.dense[a.projection].weights.n_rows
                            : network_.sparse[a.projection].synapses.weights->size();
          part.columns = dense ? network_.dense[a.projection].weights.n_cols : 1;
        }
        out.push_back(std::move(part));
      }
    }
  return out;
}

template class Plasticity<float>;
template class Plasticity<double>;

} // namespace engram::learning
