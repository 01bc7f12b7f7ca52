// This computes the exact gradient of the objective through the simulated trajectory. It is the discrete adjoint of the
// explicit Runge-Kutta step, with all stages recomputed (Hager 2000, Numer Math 87:247-282; Sanz-Serna 2016, SIAM Rev
// 58:3-33, section 3).
#include "simulation/simulator.hpp"

#include "learning/call_global.hpp"
#include "learning/callback.hpp"
#include "network/project.hpp"

namespace engram::simulation {

template <class T> void Simulator<T>::call_global() {
  const auto *rule = plasticity_.global();
  if (dsignals_.empty()) {
    dsignals_ = dynamics::make_signals(circuit_, batch_size_);
    for (std::size_t r = 0; r < dsignals_.size(); ++r)
      if (!circuit_.carries_gradient[r]) dsignals_[r] = {}; // nobody asks for the gradient of a stimulus
    ddelayed_ = held_.delayed;
    dstate_.set_size(state_.n_elem);
    const std::size_t stages = tableau_.b.size();
    stage_state_.assign(stages, Vector<T>(state_.n_elem));
    stage_slope_ = stage_back_ = stage_state_;
    dhistory_.clear();
    std::size_t longest = 0;
    for (const auto &p : network_.dense) longest = std::max(longest, p.delay);
    for (const auto &p : network_.dense)
      if (p.delay > 0 && circuit_.carries_gradient[p.source])
        dhistory_[{p.source, p.signal}].assign(
            longest + 1, Matrix<T>(network_.regions[p.source].size, batch_size_, arma::fill::zeros));
  }
  dstate_.zeros();
  if (spikes_) spikes_->rewind();
  for (auto &[key, ring] : dhistory_)
    for (auto &matrix : ring) matrix.zeros();

  std::vector<engram_projection> projections;
  std::size_t dense = 0, sparse = 0;
  network::each_projection(
      network_,
      [&](const network::DenseProjection<T> &p) {
        const auto &w = network_.stored_weights(p);
        projections.push_back({p.name.c_str(), w.n_rows, w.n_cols, w.memptr(), plasticity_.is_global(dense++)});
      },
      [&](const network::SparseProjection<T> &p) { // a rule is shown no list of synapses
        projections.push_back({p.name.c_str(), 0, 0, nullptr, plasticity_.is_global_sparse(sparse++)});
      });
  struct Host { // what the rule may ask for
    Simulator &simulator;
    void replay(std::size_t first, std::size_t last) { simulator.replay(first, last); }
    void pull_back(std::size_t step) { simulator.pull_back(step); }
  } host{*this};
  learning::Callbacks calls(*rule);
  const bool good = learning::call_global(
      *rule, rule->callbacks[learning::precision_of<T>()], plasticity_.global_parameters().data(),
      {schedule_.steps, schedule_.phases.size(), batch_size_, schedule_.step}, projections, host, calls);
  if (outcome_.interrupted) return; // the update is left out
  if (!good) throw learning::RuleFailure("rule '" + std::string(rule->name) + "': " + calls.why());
}

template <class T> void Simulator<T>::keep(std::size_t step) {
  if (step % every_ != 0) return;
  kept_[step / every_].state = state_;
  kept_[step / every_].noise = held_.noise;
}

template <class T> auto Simulator<T>::kept(std::size_t step) const -> const Kept * {
  if (step % every_ == 0) return &kept_[step / every_];
  if (step >= replayed_from_ && step < replayed_from_ + replayed_.size()) return &replayed_[step - replayed_from_];
  return nullptr;
}

template <class T> void Simulator<T>::replay(std::size_t first, std::size_t last) {
  if (first >= last || last > schedule_.steps) throw RunFailure("replay of steps that were not simulated");
  if (every_ == 1) return;
  plasticity_.settle(); // products that still wait read the signals that are now computed anew
  const std::size_t from = first / every_ * every_;
  replayed_from_ = from;
  replayed_.clear();
  state_ = kept_[from / every_].state;
  held_.noise = kept_[from / every_].noise;
  for (std::size_t step = from; step < last; ++step) {
    end_when_stopped();
    replayed_.push_back({state_, held_.noise});
    present(step);
    evaluate(step);
    if (step + 1 < last) move(step);
  }
}

// The rule is told that the host failed; what it had found by then is not used.
template <class T> void Simulator<T>::end_when_stopped() {
  if (!is_stopped()) return;
  outcome_.interrupted = true;
  throw RunFailure("interrupted");
}

template <class T> void Simulator<T>::pull_back(std::size_t step) {
  end_when_stopped();
  if (evaluated_ != step) {
    const Kept *there = step < schedule_.steps ? kept(step) : nullptr;
    if (!there) throw RunFailure("the state of step " + std::to_string(step) + " is neither kept nor replayed");
    plasticity_.settle();
    state_ = there->state;
    held_.noise = there->noise;
    present(step);
    evaluate(step);
  }
  for (auto &region : ddelayed_)
    for (auto &matrix : region) matrix.zeros();
  if (circuit_.state_neurons > 0 && step + 1 < schedule_.steps) {
    // Where each piece of the step began; the last piece is pulled back first.
    const auto &pieces = substeps_[step];
    auto &starts = piece_starts_;
    starts.resize(pieces.size());
    starts[0] = state_;
    for (std::size_t k = 0; k + 1 < pieces.size(); ++k) {
      Vector<T> &u = starts[k + 1];
      u = starts[k];
      for (std::size_t i = 0; i < tableau_.b.size(); ++i) {
        stage_state_[i] = starts[k];
        for (std::size_t j = 0; j < i; ++j)
          stage_state_[i] += (pieces[k] * static_cast<T>(tableau_.a[i][j])) * stage_slope_[j];
        dynamics::evaluate(circuit_, stage_state_[i], held_, stages_[i]);
        dynamics::derivative(circuit_, stage_state_[i], stages_[i], stage_slope_[i]);
        u += (pieces[k] * static_cast<T>(tableau_.b[i])) * stage_slope_[i];
      }
    }
    for (std::size_t k = pieces.size(); k-- > 0;) pull_back_substep(starts[k], pieces[k], k == 0, step);
  } else {
    dstate_.zeros(); // nothing follows from the state after the last step
    pull_back_stage(step, true, state_, signals_, nullptr, dstate_);
  }
  if (!dhistory_.empty() || !history_.empty()) pull_back_delays(step);
  if (spikes_)
    spikes_->pull_back(step, [this](std::size_t projection) { return plasticity_.change_of_synapses(projection); });
  if (step == 0 && !circuit_.swept.empty()) pull_back_sweep();
}

// x⁺ = x + h Σ b_i k_i, k_i = f(x + h Σ_j a_ij k_j). With λ = dL/dx⁺:
//   κ_i = h (b_i λ + Σ_{j>i} a_ji μ_j), μ_i = (∂f/∂x at stage i)ᵀ κ_i, dL/dx = λ + Σ μ_i.
template <class T> void Simulator<T>::pull_back_substep(const Vector<T> &start, T h, bool first, std::size_t step) {
  plasticity_.settle(); // products that still wait read the stages that are now computed anew
  const std::size_t stages = tableau_.b.size();
  for (std::size_t i = 0; i < stages; ++i) {
    stage_state_[i] = start;
    for (std::size_t j = 0; j < i; ++j)
      if (tableau_.a[i][j] != 0) stage_state_[i] += (h * static_cast<T>(tableau_.a[i][j])) * stage_slope_[j];
    const bool known = i == 0 && first; // the signals of the step itself
    if (!known) dynamics::evaluate(circuit_, stage_state_[i], held_, stages_[i]);
    if (i + 1 < stages) dynamics::derivative(circuit_, stage_state_[i], known ? signals_ : stages_[i], stage_slope_[i]);
  }
  for (std::size_t i = stages; i-- > 0;) {
    kappa_ = (h * static_cast<T>(tableau_.b[i])) * dstate_;
    for (std::size_t j = i + 1; j < stages; ++j)
      if (tableau_.a[j][i] != 0) kappa_ += (h * static_cast<T>(tableau_.a[j][i])) * stage_back_[j];
    stage_back_[i].zeros();
    const bool known = i == 0 && first;
    pull_back_stage(step, known, stage_state_[i], known ? signals_ : stages_[i], &kappa_, stage_back_[i]);
  }
  for (std::size_t i = 0; i < stages; ++i) dstate_ += stage_back_[i];
}

// One evaluation of the circuit. The first of a step is also where loss, and projections with a delay, read signals.
template <class T>
void Simulator<T>::pull_back_stage(std::size_t step, bool first, const Vector<T> &state,
                                   const network::Signals<T> &signals, const Vector<T> *ddu, Vector<T> &dstate) {
  plasticity_.settle(); // products that still wait read the cotangents that are now cleared
  dynamics::zero(dsignals_);
  if (first && judged_at(step)) {
    const std::size_t r = model_.objective.region;
    objective::add_gradient(objective_, signals[r][network::Signal::rate], target_, T(1) / static_cast<T>(judged_),
                            dsignals_[r][network::Signal::rate]);
  }
  if (first)
    for (auto &[key, ring] : dhistory_) {
      auto &arriving = ring[step % ring.size()];
      dsignals_[key.first][key.second] += arriving;
      arriving.zeros();
    }
  if (first && spikes_) spikes_->inject(step, dsignals_);
  dynamics::pull_back<T>(circuit_, state, held_, signals, ddu, dsignals_, dstate, ddelayed_,
                         [this](std::size_t p, const Matrix<T> &d, const Matrix<T> &s) { sink(p, d, s); });
  if (spikes_) spikes_->collect(dsignals_);
}

template <class T> void Simulator<T>::pull_back_delays(std::size_t step) {
  for (std::size_t k = 0; k < network_.dense.size(); ++k) {
    const auto &p = network_.dense[k];
    if (p.delay == 0 || p.delay > step) continue;
    const auto &dcurrent = ddelayed_[p.target][static_cast<std::size_t>(p.compartment)];
    sink(k, dcurrent, history_.at(step, p.delay, p.source, p.signal));
    plasticity_.settle();
    if (!circuit_.carries_gradient[p.source]) continue;
    auto &ring = dhistory_.at({p.source, p.signal});
    network::project(network_, p, network::Way::backward, dcurrent, T(1), ring[(step - p.delay) % ring.size()],
                     threads_);
  }
}

// The state that a sweep begins a trial with follows from the weights as well. dstate_: dL/d(state of step 0).
template <class T> void Simulator<T>::pull_back_sweep() {
  plasticity_.settle();
  begin_state();
  show(schedule_.phases.front(), 0); // without the noise of the first step
  hold_nothing();
  swept_states_.resize(circuit_.swept.size());
  for (std::size_t round = 0; round < circuit_.swept.size(); ++round) {
    swept_states_[round] = state_;
    dynamics::sweep(circuit_, held_, state_, signals_);
  }
  for (std::size_t round = circuit_.swept.size(); round-- > 0;) {
    plasticity_.settle(); // products that still wait read the signals that are now computed anew
    dynamics::evaluate(circuit_, swept_states_[round], held_, signals_);
    dynamics::zero(dsignals_);
    dynamics::pull_back_sweep<T>(circuit_, swept_states_[round], held_, signals_, dsignals_, dstate_, ddelayed_,
                                 [this](std::size_t p, const Matrix<T> &d, const Matrix<T> &s) { sink(p, d, s); });
  }
  plasticity_.settle();
  evaluated_ = network::none;
}

template <class T> void Simulator<T>::sink(std::size_t projection, const Matrix<T> &dcurrent, const Matrix<T> &signal) {
  if (plasticity_.is_global(projection)) plasticity_.add_product(projection, T(-1), dcurrent, signal);
  // Weights that are used a second time, transposed, have a second part of the gradient: the transpose of this one's.
  const auto *of = network_.dense[projection].transpose_of();
  if (!of || !plasticity_.is_global(of->other)) return;
  if (of->transposed)
    plasticity_.add_product(of->other, -of->gain, signal, dcurrent);
  else
    plasticity_.add_product(of->other, -of->gain, dcurrent, signal);
}

template class Simulator<float>;
template class Simulator<double>;

} // namespace engram::simulation
