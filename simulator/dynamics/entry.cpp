#include "dynamics/entry.hpp"

#include "error/error.hpp"
#include "input/entries.hpp"

namespace engram::dynamics {

namespace {

/// The signals of spiking neurons, which are moved elsewhere: only the error is made within the step.
template <class T> class SpikingSignals final : public RegionDynamics<T> {
public:
  bool has_state() const override { return false; }
  void error(RegionSignals<T> &s) const override { s[Signal::error] = s[Signal::gain] % s[Signal::apical]; }
  void error_vjp(const RegionSignals<T> &s, RegionSignals<T> &d) const override {
    d[Signal::apical] += s[Signal::gain] % d[Signal::error];
  }
};

} // namespace

const DynamicsEntry &entry_of(const std::string &type, const DynamicsEntries &entries) {
  return input::entry_named(type, entries, "dynamics");
}

const DynamicsEntry &entry_of(const model::Region &region, const DynamicsEntries &entries) {
  if (!region.own) return entry_of(region.dynamics.type, entries);
  const auto *own = dynamic_cast<const OwnEntry *>(region.own.get());
  if (own == nullptr) throw Broken("region '" + region.name + "' has dynamics of its own that cannot be made");
  return own->entry;
}

template <class T>
std::unique_ptr<RegionDynamics<T>> make_region(const DynamicsEntry &entry, const model::Region &region,
                                               std::uint64_t seed) {
  if (entry.words.spikes) return std::make_unique<SpikingSignals<T>>();
  return entry.make.of<T>()(region, seed);
}

template std::unique_ptr<RegionDynamics<float>> make_region(const DynamicsEntry &, const model::Region &,
                                                            std::uint64_t);
template std::unique_ptr<RegionDynamics<double>> make_region(const DynamicsEntry &, const model::Region &,
                                                             std::uint64_t);

} // namespace engram::dynamics
