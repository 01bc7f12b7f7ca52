#include "simulation/adjoint.hpp"

#include "dynamics/exact_steps.hpp"
#include "dynamics/integrator_entry.hpp"
#include "network/project.hpp"

#include <algorithm>

namespace engram::simulation {

template <class T>
Adjoint<T>::Adjoint(const Setup<T> &setup, Forward<T> &forward, const Watch &watch)
    : setup_(setup), forward_(forward), circuit_(forward.circuit()), now_(forward.now()), watch_(watch),
      tableau_(dynamics::tableau_of(setup.model.time.integrator.type)),
      exponential_(dynamics::is_exponential(setup.model.time.integrator.type)) {
  tape_.stages = tableau_.b.size();
  if (const auto *spikes = forward.spikes())
    spikes_ = std::make_unique<SpikeAdjoint<T>>(setup.network, circuit_, *spikes, tape_.spikes, setup.threads);
}

template <class T> Tape<T> &Adjoint<T>::tape(std::size_t every) {
  tape_.every = every;
  return tape_;
}

template <class T> void Adjoint<T>::rewind(std::size_t steps) {
  steps_ = steps;
  if (trials_ != now_.trials) resize();
  stopped_ = false;
  here_ = steps_ - 1; // where the run ended
  replayed_.clear();
  dstate_.zeros();
  forward_.terms().rewind();
  if (spikes_) spikes_->rewind(trials_);
  for (auto &[key, ring] : dhistory_)
    for (auto &matrix : ring) matrix.zeros();
}

template <class T> void Adjoint<T>::resize() {
  trials_ = now_.trials;
  dsignals_ = std::make_shared<network::Signals<T>>(dynamics::make_signals(circuit_, trials_));
  for (std::size_t r = 0; r < dsignals_->size(); ++r)
    if (!circuit_.carries_gradient[r]) (*dsignals_)[r] = {}; // nobody asks for the gradient of a stimulus
  ddelayed_ = now_.held.delayed;
  dstate_.set_size(now_.state.n_elem);
  stage_state_.assign(tape_.stages, Vector<T>(now_.state.n_elem));
  stage_slope_ = stage_back_ = stage_state_;
  dhistory_.clear();
  std::size_t longest = 0;
  for (const auto &p : setup_.network.dense) longest = std::max(longest, p.delay);
  for (const auto &p : setup_.network.dense)
    if (p.delay > 0 && circuit_.carries_gradient[p.source])
      dhistory_[{p.source, p.signal}].assign(
          longest + 1, Matrix<T>(setup_.network.regions[p.source].size, trials_, arma::fill::zeros));
}

template <class T> void Adjoint<T>::end_when_stopped() {
  if (!watch_.is_stopped()) return;
  stopped_ = true;
  throw RunFailure("interrupted");
}

template <class T> auto Adjoint<T>::kept(std::size_t step) const -> const Kept * {
  if (step >= steps_) return nullptr;
  if (step % tape_.every == 0) return &tape_.kept[step / tape_.every];
  if (step >= replayed_from_ && step < replayed_from_ + replayed_.size()) return &replayed_[step - replayed_from_];
  return nullptr;
}

template <class T> void Adjoint<T>::go_to(const Kept &there) {
  unshare(now_.signals);
  now_.state = there.state;
  now_.held.noise = there.noise;
}

// The signals of the step that now_.state is at, as the forward run had them. What spiked has spiked.
template <class T> void Adjoint<T>::evaluate(std::size_t step) {
  forward_.presentation().show(step, now_);
  forward_.presentation().impose(step, now_);
  if (spikes_) {
    spikes_->restore(step, *now_.signals);
    for (auto &stage : now_.stages) spikes_->restore(step, stage);
  }
  dynamics::evaluate(circuit_, now_.state, now_.held, *now_.signals);
  here_ = step;
}

template <class T> void Adjoint<T>::replay(std::size_t first, std::size_t last) {
  if (first >= last || last > setup_.schedule.steps) throw RunFailure("replay of steps that were not simulated");
  last = std::min(last, steps_);
  if (first >= last) return; // every trial had ended
  if (tape_.every == 1) return;
  replayed_from_ = first / tape_.every * tape_.every;
  replayed_.clear();
  go_to(tape_.kept[replayed_from_ / tape_.every]);
  for (std::size_t step = replayed_from_; step < last; ++step) {
    end_when_stopped();
    replayed_.push_back({now_.state, now_.held.noise});
    evaluate(step);
    if (step + 1 == last) break;
    forward_.advance(step);
    here_ = network::none;
  }
}

template <class T> void Adjoint<T>::pull_back(std::size_t step, GradientSink<T> &sink) {
  end_when_stopped();
  if (step >= steps_ && step < setup_.schedule.steps) return; // every trial had ended
  sink_ = &sink;
  if (here_ != step) {
    const Kept *there = kept(step);
    if (!there) throw RunFailure("the state of step " + std::to_string(step) + " is neither kept nor replayed");
    go_to(*there);
    evaluate(step);
  }
  unshare(dsignals_);
  for (auto &region : ddelayed_)
    for (auto &matrix : region) matrix.zeros();
  if (circuit_.states > 0 && step + 1 < steps_) {
    const auto &pieces = tape_.pieces[step];
    const auto &starts = starts_of_pieces(step);
    for (std::size_t k = pieces.size(); k-- > 0;) pull_back_piece(starts[k], pieces[k], k == 0, step);
  } else {
    dstate_.zeros(); // nothing follows from the state after the last step
    pull_back_stage(step, true, now_.state, *now_.signals, nullptr, dstate_);
  }
  if (!dhistory_.empty() || !now_.history.empty()) pull_back_delays(step);
  if (spikes_) spikes_->pull_back(step, [this](std::size_t projection) { return sink_->synapses(projection); });
  if (step == 0 && !circuit_.swept.empty()) pull_back_sweep();
}

// Where each piece of the step began.
template <class T> std::vector<Vector<T>> &Adjoint<T>::starts_of_pieces(std::size_t step) {
  const auto &pieces = tape_.pieces[step];
  auto &starts = piece_starts_;
  starts.resize(pieces.size());
  starts[0] = now_.state;
  for (std::size_t k = 0; k + 1 < pieces.size(); ++k) {
    Vector<T> &u = starts[k + 1];
    u = starts[k];
    for (std::size_t i = 0; i < tableau_.b.size(); ++i) {
      stage_state_[i] = starts[k];
      for (std::size_t j = 0; j < i; ++j)
        stage_state_[i] += (pieces[k] * static_cast<T>(tableau_.a[i][j])) * stage_slope_[j];
      dynamics::evaluate(circuit_, stage_state_[i], now_.held, now_.stages[i]);
      dynamics::derivative(circuit_, stage_state_[i], now_.stages[i], stage_slope_[i]);
      u += (pieces[k] * static_cast<T>(tableau_.b[i])) * stage_slope_[i];
    }
  }
  return starts;
}

// x⁺ = x + h Σ b_i k_i, k_i = f(x + h Σ_j a_ij k_j). With λ = dL/dx⁺:
//   κ_i = h (b_i λ + Σ_{j>i} a_ji μ_j), μ_i = (∂f/∂x at stage i)ᵀ κ_i, dL/dx = λ + Σ μ_i.
// An exponential method has one stage, x⁺ = x + P f(x), and κ = Pᵀ λ.
template <class T> void Adjoint<T>::pull_back_piece(const Vector<T> &start, T h, bool first, std::size_t step) {
  const std::size_t stages = tableau_.b.size();
  for (std::size_t i = 0; i < stages; ++i) {
    stage_state_[i] = start;
    for (std::size_t j = 0; j < i; ++j)
      if (tableau_.a[i][j] != 0) stage_state_[i] += (h * static_cast<T>(tableau_.a[i][j])) * stage_slope_[j];
    const bool known = i == 0 && first; // the signals of the step itself
    if (!known) dynamics::evaluate(circuit_, stage_state_[i], now_.held, now_.stages[i]);
    if (i + 1 < stages)
      dynamics::derivative(circuit_, stage_state_[i], known ? *now_.signals : now_.stages[i], stage_slope_[i]);
  }
  for (std::size_t i = stages; i-- > 0;) {
    if (exponential_)
      dynamics::move_exactly_vjp(circuit_, dstate_, kappa_);
    else
      kappa_ = (h * static_cast<T>(tableau_.b[i])) * dstate_;
    for (std::size_t j = i + 1; j < stages; ++j)
      if (tableau_.a[j][i] != 0) kappa_ += (h * static_cast<T>(tableau_.a[j][i])) * stage_back_[j];
    stage_back_[i].zeros();
    const bool known = i == 0 && first;
    pull_back_stage(step, known, stage_state_[i], known ? *now_.signals : now_.stages[i], &kappa_, stage_back_[i]);
  }
  for (std::size_t i = 0; i < stages; ++i) dstate_ += stage_back_[i];
}

// One evaluation of the circuit. The first of a step is also where loss, and projections with a delay, read signals.
template <class T>
void Adjoint<T>::pull_back_stage(std::size_t step, bool first, const Vector<T> &state,
                                 const network::Signals<T> &signals, const Vector<T> *ddu, Vector<T> &dstate) {
  auto &d = *dsignals_;
  dynamics::zero(d);
  if (first) forward_.terms().pull_back(step, signals, d);
  if (first)
    for (auto &[key, ring] : dhistory_) {
      auto &arriving = ring[step % ring.size()];
      d[key.first][key.second] += arriving;
      arriving.zeros();
    }
  if (first && spikes_) spikes_->inject(step, d);
  const bool last = first && step == 0 && circuit_.swept.empty(); // no product of these projections follows
  dynamics::pull_back<T>(circuit_, state, now_.held, signals, ddu, d, dstate, ddelayed_,
                         [this, last](std::size_t p, const Matrix<T> &dcurrent, const Matrix<T> &signal) {
                           last ? emit_last(p, dcurrent, signal) : emit(p, dcurrent, signal);
                         });
  if (spikes_) spikes_->collect(d);
}

template <class T> void Adjoint<T>::pull_back_delays(std::size_t step) {
  const auto &network = setup_.network;
  for (std::size_t k = 0; k < network.dense.size(); ++k) {
    const auto &p = network.dense[k];
    if (p.delay == 0 || p.delay > step) continue;
    const auto &dcurrent = ddelayed_[p.target][static_cast<std::size_t>(p.compartment)];
    emit(k, dcurrent, now_.history.at(step, p.delay, p.source, p.signal));
    if (!circuit_.carries_gradient[p.source]) continue;
    auto &ring = dhistory_.at({p.source, p.signal});
    network::project(network, p, network::Way::backward, dcurrent, T(1), ring[(step - p.delay) % ring.size()],
                     setup_.threads);
  }
}

// The state that a sweep begins a trial with follows from the weights as well. dstate_: dL/d(state of step 0).
template <class T> void Adjoint<T>::pull_back_sweep() {
  auto &signals = *now_.signals;
  forward_.begin_state();
  // Without the noise of the first step.
  forward_.presentation().show_stimuli(setup_.schedule.phases.front(), 0, now_);
  forward_.presentation().impose_nothing(now_);
  swept_states_.resize(circuit_.swept.size());
  for (std::size_t round = 0; round < circuit_.swept.size(); ++round) {
    swept_states_[round] = now_.state;
    dynamics::sweep(circuit_, now_.held, now_.state, signals);
  }
  for (std::size_t round = circuit_.swept.size(); round-- > 0;) {
    dynamics::evaluate(circuit_, swept_states_[round], now_.held, signals);
    dynamics::zero(*dsignals_);
    dynamics::pull_back_sweep<T>(
        circuit_, swept_states_[round], now_.held, signals, *dsignals_, dstate_, ddelayed_,
        [this](std::size_t p, const Matrix<T> &dcurrent, const Matrix<T> &signal) { emit(p, dcurrent, signal); });
  }
  here_ = network::none;
}

// Weights that are used a second time, transposed, have a second part of the gradient: the transpose of this one's.
template <class T> void Adjoint<T>::emit(std::size_t projection, const Matrix<T> &dcurrent, const Matrix<T> &signal) {
  sink_->add(projection, T(1), dcurrent, signal);
  const auto *of = setup_.network.dense[projection].transpose_of();
  if (of) sink_->add(of->other, of->gain, of->transposed ? signal : dcurrent, of->transposed ? dcurrent : signal);
}

// dcurrent stands in *dsignals_, and signal in *now_.signals, which the sink may keep.
template <class T>
void Adjoint<T>::emit_last(std::size_t projection, const Matrix<T> &dcurrent, const Matrix<T> &signal) {
  const learning::SharedMatrix<T> post(dsignals_, &dcurrent);
  const auto pre = signal.is_empty() ? nullptr : learning::SharedMatrix<T>(now_.signals, &signal);
  sink_->add_last(projection, T(1), post, pre);
  const auto *of = setup_.network.dense[projection].transpose_of();
  if (of) sink_->add_last(of->other, of->gain, of->transposed ? pre : post, of->transposed ? post : pre);
}

template class Adjoint<float>;
template class Adjoint<double>;

} // namespace engram::simulation
