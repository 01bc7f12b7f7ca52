// These functions make an entry of dynamics from the table of a plugin, whose neurons are written outside of engram.
#pragma once

#include "dynamics/entry.hpp"

#include <engram/dynamics.h>

#include <memory>
#include <string>
#include <vector>

namespace engram::dynamics {

/// A dynamics as its table describes it.
struct DynamicsInfo {
  std::string file;
  model::Dynamics words; ///< for model files
};

/// A parameter of any plugin that has been checked, in the model's words.
model::Parameter parameter_of(const engram_parameter &from);

/// Has its neurons' spikes a slope? Of a checked table whose neurons spike.
bool has_slopes(const engram_dynamics &table);

/// What a checked table says.
DynamicsInfo dynamics_info_of(const engram_dynamics &table, const std::string &file);

/// The neurons of a region that spike, by a checked table. Errors: as below, and input::InputError for an integrator
/// that does not suit them.
template <class T>
std::unique_ptr<SpikingRegion<T>> make_plugin_spiking(const engram_dynamics &table, const model::Model &model,
                                                      const model::Region &region);

/// The entry of a checked table. A model names it by `name`. The library of the table stays open as long as the entry,
/// or anything that was made by it, is used. Errors: PluginFailure from the functions of the neurons that it makes.
DynamicsEntry entry_of_plugin(const engram_dynamics &table, const std::string &name);

} // namespace engram::dynamics
