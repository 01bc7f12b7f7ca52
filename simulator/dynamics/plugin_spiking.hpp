// PluginSpiking holds neurons of a plugin that spike. The plugin gives slopes, threshold and reset; receptors, steppers
// and refractory times are those of engram's own neurons (ode_region.hpp), and so is the way in which a step meets the
// threshold. plugin_spiking.cpp moves the neurons, and plugin_spiking_back.cpp takes the gradient back.
#pragma once

#include "dynamics/linear_steps.hpp"
#include "dynamics/plugin_neurons.hpp"
#include "dynamics/stepper.hpp"

#include <memory>
#include <string>
#include <vector>

namespace engram::dynamics {

template <class T> class PluginSpiking final : public SpikingRegion<T> {
public:
  /// Errors: as of make_plugin_spiking().
  PluginSpiking(const engram_dynamics &table, const model::Model &model, const model::Region &region);
  void begin(std::size_t trials, SpikeLists &spikes) override;
  void step(const StepInput<T> &in, SpikeLists &spikes) override;
  void show(RegionSignals<T> &s, SignalSet wanted) const override;
  void states(std::vector<NamedState<T>> &out) const override;
  void slopes(StepSlopes<T> &out, bool drive, bool times) const override;
  std::vector<ReceptorSlopes<T>> receptor_slopes() const override;
  bool keeps_steps() const override { return has_slopes_; }
  void keep(StepKept<T> &out) const override { out = kept_; }
  void step_back(const StepKept<T> &kept, StepCotangents<T> &d) const override;
  void fire_back(const StepKept<T> &kept, const Matrix<T> &gain, const Matrix<T> &dspikes,
                 Matrix<T> &dstate) const override;

private:
  using Base = SpikingRegion<T>;
  static constexpr std::size_t look_every = 61; // steps between looks at how fast the states relax
  /// With what the pieces of a step began, and what the stages of one of them were.
  struct Stages {
    std::vector<Vector<T>> starts, state, slope, back;
    std::vector<Matrix<T>> passed;
  };

  void refuse_negative_weights(const model::Model &model, const model::Region &region) const;
  std::vector<bool> fired(Vector<T> &state) const;
  void refuse_endless(const model::Model &model, const model::Region &region) const;
  void find_adaptation();
  Matrix<T> thresholds() const;
  void refuse_infinite(const Vector<T> &values, const char *what) const;
  void refuse_fast();
  void note_highest(const Vector<T> &u);
  void slope(const Vector<T> &u, Vector<T> &du);
  void move();
  void measure();
  void fire(SpikeLists &spikes);
  void note_start(const Matrix<T> *apical);
  void note_end(const SpikeLists &spikes);
  const void *apical_of(const Matrix<T> *apical) const {
    return neurons_.table().reads_apical != 0 && apical && !apical->is_empty() ? apical->memptr() : nullptr;
  }

  void take_stages(const StepKept<T> &kept, const Vector<T> &start, T h) const;
  void exact_back(const StepKept<T> &kept, StepCotangents<T> &d) const;
  void slope_back(const StepKept<T> &kept, const Vector<T> &state, Matrix<T> &passed, const Vector<T> &dslope,
                  Vector<T> &dstate, StepCotangents<T> &d) const;
  engram_spiking_input input_of(const StepKept<T> &kept, Matrix<T> &passed) const;

  T *first(Vector<T> &u, std::size_t b) const { return u.memptr() + b * begin_.n_elem; }
  const T *first(const Vector<T> &u, std::size_t b) const { return u.memptr() + b * begin_.n_elem; }

  PluginNeurons<T> neurons_;
  std::size_t count_, trials_ = 0;
  double h_;
  std::string integrator_;
  std::unique_ptr<Stepper<T>> stepper_;
  Tableau tableau_; // of the integrator
  bool chooses_substeps_, upward_, has_slopes_;
  bool sharp_ = false, through_reset_ = false; // of the surrogate slope
  T surrogate_gain_ = 0, surrogate_width_ = 1;
  std::unique_ptr<LinearSteps<T>> exact_; // null: the stepper moves the neurons
  std::vector<T> quiet_steps_;            // N; empty: nothing is held after a spike
  numeric::Vector<T> begin_;              // N K, as a trial begins
  Vector<T> state_, slope_;               // N K B
  Matrix<T> drive_, conductance_, quiet_, passed_, before_, highest_, relaxation_; // N × B
  Matrix<T> gain_;                    // N × B: ψ of the last step's spikes
  std::vector<T> adaptation_;         // N: by how much a spike raises the threshold; empty: not at all
  const void *apical_ = nullptr;      // of the step
  std::vector<std::uint32_t> spiked_; // N × B: of trial b from b N on
  std::vector<std::size_t> counts_;   // B
  std::vector<T> pieces_;
  mutable std::vector<Matrix<T>> seen_; // by state, for states()
  std::size_t steps_made_ = 0;
  StepKept<T> kept_;
  mutable Stages stages_;            // scratch of the way back
  mutable Vector<T> dstart_, kappa_; // the same
};

} // namespace engram::dynamics
