// Lif holds leaky integrate-and-fire neurons: lif.cpp makes them, step.cpp moves them, step_back.cpp gives the slopes
// of a step, crossing.cpp the times of spikes within it. All but the last are compiled with the vector form of exp
// (within 4 units in the last place).
//
// Without conductances the subthreshold equation is linear, and a step is exact (Rotter & Diesmann 1999, Biol Cybern
// 81:381). Conductances are held at their mean over the step, and the potential relaxes exactly (error of order h³ in a
// step).
#pragma once

#include "dynamics/spiking_region.hpp"

#include <cstdint>
#include <vector>

namespace engram::dynamics {

/// How far a unit of a receptor's g and x, held by their own kinetics, moves the potential in a step: mV.
template <class T> struct LifPull { PerNeuron<T> by_x, by_g; };

template <class T> class Lif final : public SpikingRegion<T> {
public:
  Lif(const model::Model &model, const model::Region &region);
  void begin(std::size_t trials, SpikeLists &spikes) override;
  void step(const StepInput<T> &in, SpikeLists &spikes) override;
  void show(RegionSignals<T> &s, SignalSet wanted) const override;
  void states(std::vector<NamedState<T>> &out) const override;
  void slopes(StepSlopes<T> &out, bool drive, bool times) const override;
  const StepEvents<T> &events() const override { return events_; }
  std::vector<ReceptorSlopes<T>> receptor_slopes() const override;

private:
  static constexpr std::size_t block = PerNeuron<float>::block;
  static constexpr float far_below = -1e15F; // so far that no surrogate has a slope there
  using Kind = typename Receptor<T>::Kind;
  using Base = SpikingRegion<T>;
  void take_currents(std::size_t b, std::size_t first, std::size_t count, const T *soma, T *pull);
  template <bool Move>
  void take_conductances(std::size_t b, std::size_t first, std::size_t count, const T *soma, T *drive, T *rate);
  void move_drive(std::size_t b, std::size_t first, std::size_t count, const T *soma);
  template <int K> int move_exponential(std::size_t b, std::size_t first, std::size_t count, const T *soma);
  void fire(std::size_t b, std::size_t first, std::size_t count, std::vector<std::uint32_t> &found);
  void tile(std::size_t b, std::size_t first, std::size_t count, const StepInput<T> &in,
            std::vector<std::uint32_t> &found);
  void surrogate(Matrix<T> &gain) const;
  void measure(std::size_t b, std::size_t first, std::size_t count);

  // crossing.cpp
  struct Before { // a step: what its events follow from
    Matrix<T> v, quiet, a;
    std::vector<Matrix<T>> x, g; // by receptor
  };
  void keep_before();
  void find_events(const StepInput<T> &in, const SpikeLists &spikes);
  void find_crossing(std::size_t place, double current);
  struct Approach {
    double potential, distance, slope; // mV; less the threshold, mV; of the distance, mV/ms
  };
  Approach approach(std::size_t place, double current, double s) const;
  double slope_at(std::size_t place, double v, double current, bool before) const;

  std::size_t neurons_;
  double h_;
  bool exponential_ = false; // all receptors are, and some are conductances
  bool conducting_ = false, subtract_ = false, adapts_ = false, sharp_ = false, through_resets_ = false;
  PerNeuron<T> tau_, capacitance_, rest_, reset_, threshold_, quiet_steps_, adaptation_, adaptation_decay_,
      adaptation_tau_;
  PerNeuron<T> keep_, by_current_, leak_, per_capacitance_; // e^{−h/τ}, τ (1 − e^{−h/τ}) / C, 1/τ, 1/C
  T surrogate_gain_ = 0, surrogate_width_ = 1;
  std::vector<LifPull<T>> pulls_;
  model::Quantity initial_;
  std::uint64_t seed_;
  std::uint32_t initial_key_;
  Matrix<T> v_, quiet_, a_; // potential; steps for which it is still held, and one; adaptation
  Matrix<T> beyond_;        // potential less threshold, before a reset; far below where it is held
  Matrix<T> drive_;         // the potential, were it never reset nor held; moves where it is read
  std::vector<std::vector<std::uint32_t>> found_;
  Before before_;
  StepEvents<T> events_;
};

} // namespace engram::dynamics
