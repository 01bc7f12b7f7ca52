// Receptors turn the spikes that arrive at a region's neurons into currents, conductances or jumps of the potential.
#pragma once

#include "model/model.hpp"
#include "network/split.hpp"
#include "numeric/matrix.hpp"
#include "numeric/random.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace engram::dynamics {

template <class T> using Matrix = numeric::Matrix<T>;

/// A Poisson variable as a function of a uniform 32-bit number.
class Poisson {
public:
  Poisson() = default;
  explicit Poisson(double mean);
  bool none() const { return cumulative_.empty(); }
  std::uint32_t operator()(std::uint32_t uniform) const {
    std::uint32_t k = guide_[uniform >> 24];
    while (k < cumulative_.size() && uniform >= cumulative_[k]) ++k; // hardly ever: the guide knows nearly all
    return k;
  }

private:
  std::vector<std::uint32_t> cumulative_;  ///< probabilities of k or less, as shares of 2^32
  std::array<std::uint32_t, 256> guide_{}; ///< by the highest 8 bits: the smallest k that is possible
};

/// The course of what a spike does, as Receptor says.
enum class Kinetics { delta, exponential, alpha };

/// One receptor of a region. With x the sum of the weights that have arrived, decaying with tau:
/// exponential: g = x, so that a spike gives w exp(−t / τ); alpha: τ g' = −g + e x, so that it gives
/// w (t / τ) exp(1 − t / τ), with its peak w at t = τ (Rotter & Diesmann 1999, Biol Cybern 81:381, section 3);
/// delta: the potential jumps by w mV.
template <class T> struct Receptor {
  using Kind = Kinetics;
  Kind kind = Kind::exponential;
  bool conductance = false;   ///< g in nS drives C v' by g (reversal − v); else g is a current in pA
  double tau = 0;             ///< ms
  T reversal = 0;             ///< mV
  T decay = 0;                ///< exp(−h / τ)
  T mean = 0;                 ///< of exp(−s / τ) over a step, (1 − e^{−h/τ}) τ / h: what g is worth in it
  T mean_rise = 0;            ///< of e s/τ exp(−s / τ): what x adds to that, of alpha
  T rise = 0;                 ///< e h / τ: g after a step is decay (g + rise x) of alpha
  numeric::Vector<T> initial; ///< N: g at the start of a trial
  Matrix<T> x, g;             ///< N × B; g of alpha alone
  Poisson background;         ///< spikes from outside in a step
  T background_weight = 0;
  numeric::Random random;
};

/// The receptors of a region. `step` in ms.
template <class T> std::vector<Receptor<T>> receptors_of(const model::Region &region, std::uint64_t seed, double step);

/// As they are when B trials of N neurons begin.
template <class T> void begin(std::vector<Receptor<T>> &receptors, std::size_t neurons, std::size_t trials);

/// The spikes of a background Poisson process arrive at `own`: independent for each neuron, trial (`draws`) and step.
template <class T>
void add_background(Receptor<T> &receptor, const std::vector<std::uint64_t> &draws, std::uint64_t step, int threads,
                    network::Range own = {});

} // namespace engram::dynamics
