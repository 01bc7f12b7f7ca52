// Regions whose spikes do not follow from their own potential: poisson and spike_source.
#include "dynamics/spiking_region.hpp"
#include "network/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace engram::dynamics {

namespace {

/// Each neuron spikes in a step with probability 1 − exp(−rate h), rate = `rate` + what arrives at its soma (Hz).
/// Frozen: with the same numbers drawn whenever a trial is run, so that equal rates give equal spikes.
template <class T> class PoissonSource final : public SpikingRegion<T> {
public:
  PoissonSource(const model::Model &model, const model::Region &region)
      : neurons_(region.size), h_(model.time.step / 1000), rate_(region, "rate", model.seed),
        frozen_(region.dynamics.number("frozen") != 0), random_{model.seed, network::Purpose::spikes,
                                                                network::name_key(region.name)} {}

  void begin(std::size_t, SpikeLists &spikes) override {
    for (auto &list : spikes) list.clear();
  }

  void step(const StepInput<T> &in, SpikeLists &spikes) override {
    network::for_tiles(in.threads, spikes.size(), [&](std::size_t b) {
      spikes[b].clear();
      const std::uint64_t outer = ((frozen_ ? *in.rows : *in.draws)[b] << 32) + in.step;
      if (in.soma || !rate_.same())
        each(in.soma ? in.soma->colptr(b) : nullptr, outer, spikes[b]);
      else
        gaps(outer, spikes[b]);
    });
  }

private:
  double chance(double rate_hz) const { return -std::expm1(-std::max(0.0, rate_hz) * h_); }

  void each(const T *soma, std::uint64_t outer, std::vector<std::uint32_t> &out) const {
    constexpr std::size_t block = 256;
    std::uint32_t uniform[block];
    for (std::size_t first = 0; first < neurons_; first += block) {
      const std::size_t count = std::min(block, neurons_ - first);
      random_.integers(uniform, count, first, outer);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t n = first + i;
        const double rate = static_cast<double>(rate_.value(n)) + (soma ? static_cast<double>(soma[n]) : 0.0);
        if (static_cast<double>(uniform[i]) < chance(rate) * 0x1p32) out.push_back(static_cast<std::uint32_t>(n));
      }
    }
  }

  // One rate for all: from one neuron that spikes to the next by the gap between them, so that silence costs nothing.
  void gaps(std::uint64_t outer, std::vector<std::uint32_t> &out) const {
    const double p = chance(static_cast<double>(rate_.value(0)));
    if (p <= 0) return;
    const double per_log = 1 / std::log1p(-std::min(p, 1 - 1e-16));
    double at = -1;
    for (std::uint64_t draw = 0;; ++draw) {
      at += 1 + std::floor(std::log(random_.uniform(draw, outer)) * per_log);
      if (!(at < static_cast<double>(neurons_))) return;
      out.push_back(static_cast<std::uint32_t>(at));
    }
  }

  std::size_t neurons_;
  double h_; // s
  PerNeuron<T> rate_;
  bool frozen_;
  network::Random random_;
};

/// Spikes that are given: one at time s is the signal of the step nearest to s.
template <class T> class SpikeSource final : public SpikingRegion<T> {
public:
  SpikeSource(const model::Model &model, const network::Region &built) {
    for (std::size_t n = 0; n < built.spikes.size(); ++n)
      for (const double ms : built.spikes[n])
        events_.emplace_back(static_cast<std::uint64_t>(std::llround(ms / model.time.step)),
                             static_cast<std::uint32_t>(n));
    std::sort(events_.begin(), events_.end());
    events_.erase(std::unique(events_.begin(), events_.end()), events_.end());
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

} // namespace

template <class T>
std::unique_ptr<SpikingRegion<T>> source_region(const model::Model &model, const model::Region &region,
                                                const network::Region &built) {
  if (region.dynamics.type == "poisson") return std::make_unique<PoissonSource<T>>(model, region);
  if (region.dynamics.type == "spike_source") return std::make_unique<SpikeSource<T>>(model, built);
  return nullptr;
}

bool is_spiking(const std::string &dynamics) {
  static constexpr std::array types{"lif", "adex", "izhikevich", "hodgkin_huxley", "poisson", "spike_source"};
  return std::find(types.begin(), types.end(), dynamics) != types.end();
}

template <class T>
std::unique_ptr<SpikingRegion<T>> spiking_region(const model::Model &model, const model::Region &region,
                                                 const network::Region &built) {
  if (auto made = lif_region<T>(model, region)) return made;
  if (auto made = ode_region<T>(model, region)) return made;
  return source_region<T>(model, region, built);
}

template std::unique_ptr<SpikingRegion<float>> spiking_region(const model::Model &, const model::Region &,
                                                              const network::Region &);
template std::unique_ptr<SpikingRegion<double>> spiking_region(const model::Model &, const model::Region &,
                                                               const network::Region &);

} // namespace engram::dynamics
