// This is the table of signals that regions show in each step.
#pragma once

#include "numeric/matrix.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace engram::network {

enum class Signal { potential, rate, gain, apical, error, noise, burst, spike, trace, drive, adaptation };
inline constexpr std::size_t signal_count = 11;
inline constexpr std::array<std::string_view, signal_count> signal_names{
    "potential", "rate", "gain", "apical", "error", "noise", "burst", "spike", "trace", "drive", "adaptation"};

/// In lists of all signals.
constexpr std::size_t place_of(Signal s) { return static_cast<std::size_t>(s); }

enum class Compartment { soma, apical };

std::optional<Signal> signal_named(std::string_view name);
std::optional<Compartment> compartment_named(std::string_view name);

/// By trial: the neurons that spiked, in ascending order; one that spiked twice in the step stands there twice.
using SpikeLists = std::vector<std::vector<std::uint32_t>>;

/// Of one region. Each matrix is N × B: neuron i in trial b.
template <class T> struct RegionSignals {
  std::array<numeric::Matrix<T>, signal_count> of;
  numeric::Matrix<T> soma;                ///< current into the soma: bias + Σ W · signal + noise
  std::vector<numeric::Matrix<T>> states; ///< states of the neurons, where any is recorded; of others empty
  const SpikeLists *spikes = nullptr;     ///< of a spiking region: who spiked as this step began
  numeric::Matrix<T> &operator[](Signal s) { return of[place_of(s)]; }
  const numeric::Matrix<T> &operator[](Signal s) const { return of[place_of(s)]; }
};

/// By region.
template <class T> using Signals = std::vector<RegionSignals<T>>;

} // namespace engram::network
