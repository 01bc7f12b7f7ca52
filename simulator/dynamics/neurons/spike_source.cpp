// A `spike_source` region spikes at times that are given.
#include "dynamics/entry.hpp"
#include "dynamics/words.hpp"
#include "model/time_grid.hpp"
#include <algorithm>

namespace engram::dynamics {

namespace {

/// Spikes that are given: one at time s is the signal of the step that holds s.
template <class T> class SpikeSource final : public SpikingRegion<T> {
public:
  SpikeSource(const model::Model &model, const network::Region &built) {
    for (std::size_t n = 0; n < built.spikes.size(); ++n)
      for (const double ms : built.spikes[n])
        events_.emplace_back(model::step_holding(ms, model.time.step), static_cast<std::uint32_t>(n));
    std::sort(events_.begin(), events_.end());
  }

  void begin(std::size_t, SpikeLists &spikes) override {
    next_ = 0;
    take(0, spikes);
  }
  void step(const StepInput<T> &in, SpikeLists &spikes) override { take(in.step + 1, spikes); }

private:
  void take(std::uint64_t step, SpikeLists &spikes) {
    for (auto &list : spikes) list.clear();
    while (next_ < events_.size() && events_[next_].first < step) ++next_;
    for (; next_ < events_.size() && events_[next_].first == step; ++next_)
      for (auto &list : spikes) list.push_back(events_[next_].second);
  }

  std::vector<std::pair<std::uint64_t, std::uint32_t>> events_; // (step, neuron)
  std::size_t next_ = 0;
};

template <class T>
std::unique_ptr<SpikingRegion<T>> make_spike_source(const model::Model &model, const model::Region & /*region*/,
                                                    const network::Region &built) {
  return std::make_unique<SpikeSource<T>>(model, built);
}

} // namespace

DynamicsEntry spike_source_dynamics() {
  auto words = dynamics_words(
      "spike_source",
      "spikes at the times that the region's `spikes` give: each in the step that holds it, several in one", "");
  words.parameters = {trace_tau()};
  words.signals = spiking_signals(false, false);
  words.spikes = words.given_spikes = true;
  return {.words = std::move(words),
          .place = 140,
          .carries_gradient = false,
          .among_ranks = AmongRanks::repeated,
          .make_spiking = {make_spike_source<float>, make_spike_source<double>}};
}

} // namespace engram::dynamics
