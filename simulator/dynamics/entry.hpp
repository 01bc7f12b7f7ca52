// An entry is all that the simulator knows of one dynamics: its words, what it offers and needs, and how it is made.
#pragma once

#include "dynamics/region_dynamics.hpp"
#include "dynamics/spiking_region.hpp"
#include "model/vocabulary.hpp"
#include "numeric/in_both.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engram::dynamics {

/// Makes the neurons of a region of rates. What differs from neuron to neuron is drawn by the seed.
template <class T>
using MakeRegion = std::function<std::unique_ptr<RegionDynamics<T>>(const model::Region &region, std::uint64_t seed)>;

/// Makes the neurons of a region that spikes. `built` holds the spikes that a file gives.
template <class T>
using MakeSpiking = std::function<std::unique_ptr<SpikingRegion<T>>(
    const model::Model &model, const model::Region &region, const network::Region &built)>;

/// How the neurons of a region that spikes are shared out among ranks.
enum class AmongRanks {
  not_at_all, ///< nobody has divided them yet
  divided,    ///< each rank moves its own: step() heeds StepInput::own
  repeated    ///< each rank moves all of them, as their spikes follow from the model alone
};

/// One dynamics. neurons/NAME.cpp defines `DynamicsEntry NAME_dynamics()`, and CMake makes the list of these files.
struct DynamicsEntry {
  model::Dynamics words; ///< for model files: parameters, signals with what they need, compartments
  int place = 1000;      ///< lists show entries by place, and those of one place by name
  /// Can the gradient go back through it? Not where nothing arrives, or where spikes follow from chance.
  bool carries_gradient = true;
  AmongRanks among_ranks = AmongRanks::not_at_all; ///< of neurons that spike
  numeric::InBoth<MakeRegion> make{};              ///< of rate neurons
  numeric::InBoth<MakeSpiking> make_spiking{};     ///< of neurons that spike (words.spikes)
};

using DynamicsEntries = std::vector<DynamicsEntry>;

/// Dynamics that a model file writes out for one region.
struct OwnEntry : model::OwnDynamics {
  DynamicsEntry entry;
};

/// Those that engram comes with.
const DynamicsEntries &dynamics_entries();

/// The entry of a name. Errors: Broken where there is none, which the checks of the model exclude.
const DynamicsEntry &entry_of(const std::string &type, const DynamicsEntries &entries);

/// The entry of a region's dynamics.
const DynamicsEntry &entry_of(const model::Region &region, const DynamicsEntries &entries);

/// The rates of a region, or what the circuit knows of one that spikes: its signals.
template <class T>
std::unique_ptr<RegionDynamics<T>> make_region(const DynamicsEntry &entry, const model::Region &region,
                                               std::uint64_t seed);

} // namespace engram::dynamics
