#include "learning/plasticity.hpp"

#include "learning/call_view.hpp"
#include "learning/callback.hpp"
#include "learning/schedule.hpp"
#include "model/plastic.hpp"
#include "numeric/finite.hpp"
#include "numeric/parallel.hpp"
#include "numeric/product.hpp"
#include "numeric/random.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

namespace engram::learning {

namespace {

// Columns of synapses that a thread takes at a time.
constexpr std::size_t tile_columns = 64;

bool wants_moment(const engram_rule &rule, const Moment &moment) {
  switch (rule.moment) {
  case ENGRAM_EACH_STEP:
    return true;
  case ENGRAM_END_OF_PHASE:
    return moment.end_of_phase;
  default:
    return moment.end_of_trial;
  }
}

} // namespace

template <class T>
Plasticity<T>::Plasticity(const model::Model &model, network::Network<T> &network,
                          std::vector<const engram_rule *> rules, int threads)
    : model_(model), network_(network), globals_(network.projections.size(), network::none), seed_(model.seed),
      threads_(threads) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs; // projection and rule
  for (std::size_t k = 0; k < network.projections.size(); ++k) {
    for (const std::size_t rule : network.projections[k].rules)
      if (!network.projections[k].carries_spikes() || rules.at(rule)->form == ENGRAM_GLOBAL)
        pairs.emplace_back(k, rule); // others of synapses that carry spikes are called at spikes, elsewhere
  }
  bool perturbs = false, looks_back = false;
  for (const auto &[k, which] : pairs) {
    const auto &p = network.projections[k];
    const auto &said = model.rules.at(which);
    const auto *rule = rules.at(which);
    Attached a;
    a.projection = k;
    a.said = which;
    a.rule = rule;
    a.calls = &rule->callbacks[precision_of<T>()];
    a.optimizer = optimizer_of<T>(said);
    a.each_step = said.apply == model::Rule::Apply::step;
    each_step_ = each_step_ || a.each_step;
    a.parameters = parameters_of(*rule, said);
    if (p.transpose_of != network::none || p.sign_of != network::none)
      fail(a, "its weights follow those of another projection, so it cannot learn itself");
    const bool offered = rule->form == ENGRAM_FACTORED   ? a.calls->pre_factors && a.calls->post_factors
                         : rule->form == ENGRAM_SYNAPTIC ? a.calls->synapses != nullptr
                                                         : a.calls->global != nullptr;
    if (!offered)
      fail(a, std::string("the rule does not offer ") + (precision_of<T>() ? "double" : "single") + " precision");
    for (std::size_t n = 0; n < rule->signal_count; ++n)
      (rule->signals[n].place == ENGRAM_PRE ? a.pre_signals : a.post_signals).push_back(signal_of(rule->signals[n]));
    for (std::size_t n = 0; n < rule->state_count; ++n) a.states.push_back({&rule->states[n], {}});
    // A global rule is called once for the whole trial: it learns from a trial that is plastic in one phase or more.
    const bool learns_back = rule->form == ENGRAM_GLOBAL && model::ever_plastic(model.task, said.name);
    if (learns_back) {
      global_ = rule;
      global_parameters_ = a.parameters;
    }
    looks_back = looks_back || rule->form == ENGRAM_GLOBAL;
    perturbs = perturbs || rule->perturbation != 0;
    if (rule->perturbation != 0 && a.each_step) fail(a, "it perturbs weights for a phase: apply must be 'trial'");
    if (looks_back && each_step_)
      fail(a, "a global rule needs weights that stay during a trial: apply must be 'trial'");
    if (looks_back && perturbs) fail(a, "a global rule and one that perturbs weights exclude each other");
    for (const auto &other : attached_)
      if (other.projection == k && other.rule->perturbation != 0 && rule->perturbation != 0)
        fail(a, "two rules that perturb the same weights exclude each other");
    if (learns_back) globals_[k] = attached_.size();
    attached_.push_back(std::move(a));
  }
}

template <class T> void Plasticity<T>::fail(const Attached &a, const std::string &what) const {
  throw RuleFailure("rule '" + std::string(a.rule->name) + "' on projection '" +
                    network_.projections[a.projection].name + "': " + what);
}

template <class T> bool Plasticity<T>::is_global(std::size_t projection) const {
  return globals_[projection] != network::none;
}

template <class T> void Plasticity<T>::begin(std::size_t trials) {
  const bool resized = trials != trials_;
  trials_ = trials;
  if (resized) ones_.ones(1, trials);
  for (auto &a : attached_) {
    const auto &w = network_.projections[a.projection].weights;
    const std::size_t posts = w.n_rows, pres = w.n_cols;
    if (a.rule->form == ENGRAM_FACTORED && (resized || a.pre_factors.empty())) {
      a.pre_factors.assign(a.rule->factors, Matrix<T>(pres, trials));
      a.post_factors.assign(a.rule->factors, Matrix<T>(posts, trials));
      if (a.rule->pre_gain) a.pre_gain.zeros(pres, 1), a.pre_gain_now.zeros(pres, 1);
      if (a.rule->post_gain) a.post_gain.zeros(posts, 1), a.post_gain_now.zeros(posts, 1);
    }
    for (auto &state : a.states) {
      const bool first = state.values.is_empty();
      if (!first && !state.said->per_trial) continue;
      if (state.said->place == ENGRAM_PRE_PAIRS) {
        state.values.zeros(pres, pres);
        state.values.diag().fill(static_cast<T>(state.said->initial));
        continue;
      }
      const bool synapse = state.said->place == ENGRAM_SYNAPSE;
      const std::size_t rows = state.said->place == ENGRAM_PRE ? pres : posts;
      const std::size_t columns = (synapse ? pres : 1) * (state.said->per_trial ? trials : 1);
      state.values.set_size(rows, columns);
      state.values.fill(static_cast<T>(state.said->initial));
    }
  }
}

template <class T> void Plasticity<T>::perturb(bool on, std::uint64_t draw) {
  for (auto &a : attached_) {
    if (a.rule->perturbation == 0) continue;
    auto &p = network_.projections[a.projection];
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
void Plasticity<T>::call(const Moment &moment, const network::Signals<T> &signals, const network::History<T> &history,
                         const Modulators<T> &modulators) {
  for (auto &a : attached_) {
    const auto &rule = *a.rule;
    if (rule.form == ENGRAM_GLOBAL || !wants_moment(rule, moment)) continue;
    const bool plastic =
        moment.plastic && (!moment.may_learn || moment.may_learn->empty() || (*moment.may_learn)[a.said]);
    if (!plastic && rule.state_count == 0) continue; // nothing of it would change
    const auto &p = network_.projections[a.projection];

    std::array<const void *, network::signal_count> pre{}, post{};
    for (std::size_t k = 0; k < a.pre_signals.size(); ++k) {
      const auto s = static_cast<network::Signal>(a.pre_signals[k]);
      // A signal travels along the axon to the synapse, so a projection with a delay senses the past.
      pre[k] = p.is_bias()    ? ones_.memptr()
               : p.delay == 0 ? signals[p.source][s].memptr()
                              : history.at(moment.step, p.delay, p.source, s).memptr();
    }
    for (std::size_t k = 0; k < a.post_signals.size(); ++k) post[k] = signals[p.target].of[a.post_signals[k]].memptr();

    const auto broadcast =
        modulators_of(rule, model_.rules[a.said], a.said, modulators, [&](const std::string &what) { fail(a, what); });
    std::array<void *, ENGRAM_MAX_STATES> pre_state{}, post_state{};
    std::size_t pres = 0, posts = 0;
    for (auto &state : a.states) {
      if (state.said->place == ENGRAM_PRE) pre_state[pres++] = state.values.memptr();
      if (state.said->place == ENGRAM_POST) post_state[posts++] = state.values.memptr();
    }
    for (auto &state : a.states)
      if (state.said->place == ENGRAM_PRE_PAIRS) pre_state[pres++] = state.values.memptr();
    const auto now = moment_info(rule, moment, a.parameters.data(), broadcast.data(), trials_, plastic);
    const auto side = [&](std::size_t neurons, const void *const *of, void *const *state) {
      engram_neurons n{};
      n.struct_size = sizeof n;
      n.neurons = neurons;
      n.trials = trials_;
      n.stride = neurons;
      n.signals = of;
      n.state = state;
      return n;
    };
    const auto pre_side = side(p.weights.n_cols, pre.data(), pre_state.data());
    const auto post_side = side(p.weights.n_rows, post.data(), post_state.data());
    if (rule.form == ENGRAM_FACTORED)
      call_factored(a, now, pre_side, post_side);
    else
      call_synaptic(a, now, pre_side, post_side);
  }
}

template <class T>
void Plasticity<T>::call_factored(Attached &a, const engram_moment_info &now, const engram_neurons &pre,
                                  const engram_neurons &post) {
  settle(a);
  Message message;
  const std::size_t k = a.rule->factors;
  std::array<const void *, ENGRAM_MAX_FACTORS> pre_slots{}, post_slots{};
  for (std::size_t n = 0; n < k; ++n) {
    pre_slots[n] = a.pre_factors[n].memptr();
    post_slots[n] = a.post_factors[n].memptr();
  }
  a.pre_gain_now.zeros();
  a.post_gain_now.zeros();
  const auto gain_of = [](Matrix<T> &gain) { return gain.is_empty() ? nullptr : gain.memptr(); };
  if (!called(*a.rule, message, a.calls->pre_factors, &now, &pre, pre_slots.data(), gain_of(a.pre_gain_now)) ||
      !called(*a.rule, message, a.calls->post_factors, &now, &post, post_slots.data(), gain_of(a.post_gain_now)))
    fail(a, message.text());
  if (!now.plastic) return;
  // A factor is the buffer that was offered, or one of the side's own signals; nothing else can be read safely.
  const auto check = [&](const void *slot, const Matrix<T> &buffer, const engram_neurons &side, std::size_t signals) {
    if (slot == buffer.memptr()) return;
    for (std::size_t n = 0; n < signals; ++n)
      if (slot == side.signals[n]) return;
    fail(a, "points a factor at memory that is neither its buffer nor one of its signals");
  };
  a.waiting.post.clear();
  a.waiting.pre.clear();
  a.waiting.scale = 1;
  for (std::size_t n = 0; n < k; ++n) {
    check(pre_slots[n], a.pre_factors[n], pre, a.pre_signals.size());
    check(post_slots[n], a.post_factors[n], post, a.post_signals.size());
    const auto *x = static_cast<const T *>(pre_slots[n]), *y = static_cast<const T *>(post_slots[n]);
    // A signal that the rule hands on has been checked where it arose: as data, or as another's postsynaptic factor.
    const bool own = pre_slots[n] == a.pre_factors[n].memptr();
    if ((own && !numeric::all_finite(x, pre.neurons * trials_)) || !numeric::all_finite(y, post.neurons * trials_))
      fail(a, "gives a change that is not a finite number");
    a.waiting.pre.push_back(x);
    a.waiting.post.push_back(y);
  }
  for (const auto *gain : {&a.pre_gain_now, &a.post_gain_now})
    if (!numeric::all_finite(gain->memptr(), gain->n_elem)) fail(a, "gives a gain that is not a finite number");
  if (!numeric::is_zero(a.pre_gain_now) || !numeric::is_zero(a.post_gain_now)) {
    a.pre_gain += a.pre_gain_now;
    a.post_gain += a.post_gain_now;
    a.gained = true;
  }
  a.times = a.rule->moment == ENGRAM_EACH_STEP ? a.times + 1 : 1;
}

template <class T>
void Plasticity<T>::call_synaptic(Attached &a, const engram_moment_info &now, const engram_neurons &pre,
                                  const engram_neurons &post) {
  const auto &w = network_.projections[a.projection].weights;
  Message message;
  if ((a.calls->pre_state && !called(*a.rule, message, a.calls->pre_state, &now, &pre)) ||
      (a.calls->post_state && !called(*a.rule, message, a.calls->post_state, &now, &post)))
    fail(a, message.text());
  // In a phase that is not plastic only the state of the rule moves: what it adds is thrown away.
  auto &change = now.plastic ? a.change : a.unused;
  if (!now.plastic || !a.changed) change.zeros(w.n_rows, w.n_cols);
  if (now.plastic) a.changed = true;
  const std::size_t tiles = (w.n_cols + tile_columns - 1) / tile_columns;
  auto &failures = a.failures;
  failures.resize(tiles);
  numeric::for_tiles(threads_, tiles, [&](std::size_t tile) {
    const std::size_t first = tile * tile_columns, columns = std::min<std::size_t>(tile_columns, w.n_cols - first);
    std::array<const void *, network::signal_count> signals{};
    for (std::size_t k = 0; k < a.pre_signals.size(); ++k) signals[k] = static_cast<const T *>(pre.signals[k]) + first;
    std::array<void *, ENGRAM_MAX_STATES> pre_state{}, synapse_state{};
    std::size_t pres = 0, synapses = 0;
    for (auto &state : a.states) {
      if (state.said->place == ENGRAM_PRE) pre_state[pres++] = state.values.memptr() + first;
      if (state.said->place == ENGRAM_SYNAPSE) synapse_state[synapses++] = state.values.memptr() + first * w.n_rows;
    }
    engram_tile view{};
    view.struct_size = sizeof view;
    view.pre = pre;
    view.pre.neurons = columns;
    view.pre.signals = signals.data();
    view.pre.state = pre_state.data();
    view.post = post;
    view.weights = w.colptr(first);
    view.change = change.colptr(first);
    view.stride = w.n_rows;
    view.state = synapse_state.data();
    view.state_trial_stride = w.n_elem;
    view.perturbation = a.perturbed ? a.perturbation.colptr(first) : nullptr;
    Message own;
    if (!called(*a.rule, own, a.calls->synapses, &now, &view)) failures[tile] = own.text();
  });
  for (const auto &failure : failures) {
    if (failure.empty()) continue;
    const std::string what = failure;
    failures.clear();
    fail(a, what);
  }
  if (!now.plastic) return;
  if (!numeric::all_finite(a.change.memptr(), a.change.n_elem)) fail(a, "gives a change that is not a finite number");
  a.times = a.rule->moment == ENGRAM_EACH_STEP ? a.times + 1 : 1;
}

template <class T>
void Plasticity<T>::add_product(std::size_t projection, T scale, const Matrix<T> &dcurrent, const Matrix<T> &signal) {
  auto &a = attached_[globals_[projection]];
  settle(a);
  if (!numeric::all_finite(dcurrent.memptr(), dcurrent.n_elem)) fail(a, "the gradient is not a finite number");
  a.times = 1; // the parts of one gradient add up
  if (numeric::is_zero(dcurrent)) return;
  a.waiting.scale = scale;
  a.waiting.post.assign(1, dcurrent.memptr());
  a.waiting.pre.assign(1, signal.is_empty() ? ones_.memptr() : signal.memptr());
}

template <class T> T *Plasticity<T>::change_of_synapses(std::size_t projection) {
  if (!is_global(projection)) return nullptr;
  auto &a = attached_[globals_[projection]];
  if (!a.changed) a.change.zeros(network_.projections[projection].synapses.joined->size(), 1);
  a.changed = true;
  a.times = 1;
  return a.change.memptr();
}

template <class T> void Plasticity<T>::settle() {
  for (auto &a : attached_) settle(a);
}

template <class T> void Plasticity<T>::settle(Attached &a) {
  if (a.waiting.post.empty()) return;
  const auto &w = network_.projections[a.projection].weights;
  if (a.change.n_rows != w.n_rows || a.change.n_cols != w.n_cols) a.change.set_size(w.n_rows, w.n_cols);
  for (std::size_t k = 0; k < a.waiting.post.size(); ++k) {
    numeric::product<T>(a.waiting.scale, {a.waiting.post[k], w.n_rows, trials_},
                        {a.waiting.pre[k], w.n_cols, trials_, true}, a.changed ? T(1) : T(0), a.change, threads_);
    a.changed = true;
  }
  a.waiting.post.clear();
  a.waiting.pre.clear();
}

template <class T> void Plasticity<T>::apply(model::Rule::Apply when) {
  bool moved = false;
  for (auto &a : attached_) {
    if (a.each_step != (when == model::Rule::Apply::step)) continue;
    apply(a);
    moved = true;
  }
  if (moved) network::refresh_signs(network_);
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
  for (auto &a : attached_) {
    const auto &said = model_.rules[a.said];
    a.optimizer.rate = static_cast<T>(said.rate * schedule(said.schedule, epoch, model_.task.epochs));
  }
}

template <class T> void Plasticity<T>::apply(Attached &a) {
  if (a.times == 0) return;
  auto &p = network_.projections[a.projection];
  const T scale = T(1) / static_cast<T>(trials_ * a.times);
  if (a.optimizer.rate == T(0)) {
    a.waiting.post.clear(); // the weights stay as they are, bit for bit
    a.waiting.pre.clear();
  } else if (p.carries_spikes()) {
    apply_to_synapses(a, scale);
  } else if (a.optimizer.is_plain() && !a.changed && !p.sharing) {
    // Gains scale the weights where they are, and products go straight into them: no matrix of changes in between.
    if (a.gained) add_gains(a, a.optimizer.rate * scale, p.weights, p.weights);
    for (std::size_t k = 0; k < a.waiting.post.size(); ++k)
      numeric::product<T>(a.optimizer.rate * scale * a.waiting.scale, {a.waiting.post[k], p.weights.n_rows, trials_},
                          {a.waiting.pre[k], p.weights.n_cols, trials_, true}, T(1), p.weights, threads_);
    a.waiting.post.clear();
    a.waiting.pre.clear();
  } else {
    settle(a);
    if (!a.changed) a.change.zeros(p.weights.n_rows, p.weights.n_cols);
    if (a.gained) add_gains(a, T(1), p.weights, a.change);
    network::share(p, a.change);
    update(a.optimizer, a.change, scale, p.weights);
  }
  if (a.optimizer.rate != T(0) && !p.carries_spikes()) network::constrain(p);
  a.changed = a.gained = false;
  a.times = 0;
  a.pre_gain.zeros();
  a.post_gain.zeros();
}

template <class T> void Plasticity<T>::apply_to_synapses(Attached &a, T scale) {
  auto &p = network_.projections[a.projection];
  if (!numeric::all_finite(a.change.memptr(), a.change.n_elem)) fail(a, "the gradient is not a finite number");
  Matrix<T> weights(p.synapses.weights->data(), p.synapses.weights->size(), 1, false, true);
  update(a.optimizer, a.change, scale, weights);
  const auto [low, high] = network::bounds<T>(p.constraints);
  weights.clamp(low, high);
}

template <class T> Matrix<T> Plasticity<T>::change(std::size_t projection) {
  const auto &p = network_.projections[projection];
  const auto &w = p.weights;
  Matrix<T> out(p.carries_spikes() ? p.synapses.joined->size() : w.n_rows, p.carries_spikes() ? 1 : w.n_cols,
                arma::fill::zeros);
  for (auto &a : attached_) {
    if (a.projection != projection) continue;
    settle(a);
    if (a.times == 0) continue;
    const T scale = T(1) / static_cast<T>(trials_ * a.times);
    if (a.changed) out += scale * a.change;
    if (a.gained) add_gains(a, scale, w, out);
  }
  network::share(p, out);
  return out;
}

template <class T> void Plasticity<T>::discard() {
  for (auto &a : attached_) {
    a.waiting.post.clear();
    a.waiting.pre.clear();
    a.changed = a.gained = false;
    a.times = 0;
    a.pre_gain.zeros();
    a.post_gain.zeros();
  }
}

template <class T> void Plasticity<T>::check_states() const {
  for (const auto &a : attached_)
    for (const auto &state : a.states)
      if (!numeric::all_finite(state.values.memptr(), state.values.n_elem))
        fail(a, "its state '" + std::string(state.said->name) + "' is not a finite number");
}

template <class T> std::vector<Matrix<T>> Plasticity<T>::shared_states() const {
  std::vector<Matrix<T>> states;
  for (const auto &a : attached_)
    for (const auto &state : a.states)
      if (!state.said->per_trial) states.push_back(state.values);
  return states;
}

template <class T> void Plasticity<T>::set_shared_states(const std::vector<Matrix<T>> &states) {
  std::size_t k = 0;
  for (auto &a : attached_)
    for (auto &state : a.states)
      if (!state.said->per_trial) state.values = states.at(k++);
}

template class Plasticity<float>;
template class Plasticity<double>;

} // namespace engram::learning
