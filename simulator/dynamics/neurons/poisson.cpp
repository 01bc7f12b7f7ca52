// A `poisson` region spikes at random at a rate.
#include "dynamics/entry.hpp"
#include "dynamics/words.hpp"
#include "numeric/parallel.hpp"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace engram::dynamics {

namespace {

/// A neuron whose Poisson process would on average spike more often in one step is refused.
constexpr double most_poisson_spikes = 500;

/// Spikes of a neuron in a step: a Poisson number of mean rate × h, rate = `rate` + what arrives at its soma (Hz).
/// Frozen: with the same numbers drawn whenever a trial is run, so that equal rates give equal spikes.
template <class T> class PoissonSource final : public SpikingRegion<T> {
public:
  PoissonSource(const model::Model &model, const model::Region &region)
      : neurons_(region.size), h_(model.time.step / 1000), rate_(region, "rate", model.seed),
        frozen_(region.dynamics.number("frozen") != 0), random_{model.seed, numeric::Purpose::spikes,
                                                                numeric::name_key(region.name)},
        fine_{model.seed, numeric::Purpose::spikes, numeric::name_key(region.name + ".fine")} {}

  void begin(std::size_t trials, SpikeLists &spikes) override {
    for (auto &list : spikes) list.clear();
    beyond_.assign(trials, none);
  }

  void step(const StepInput<T> &in, SpikeLists &spikes) override {
    numeric::for_tiles(in.threads, spikes.size(), [&](std::size_t b) {
      spikes[b].clear();
      const std::uint64_t outer = ((frozen_ ? *in.rows : *in.draws)[b] << 32) + in.step;
      if (in.soma || !rate_.same())
        beyond_[b] = each(in.soma ? in.soma->colptr(b) : nullptr, outer, spikes[b]);
      else
        gaps(outer, spikes[b]);
    });
    for (std::size_t b = 0; b < beyond_.size(); ++b)
      if (beyond_[b] != none) refuse(b, in);
  }

private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  // Neuron by neuron. Returns one whose rate cannot be taken, or `none`.
  std::size_t each(const T *soma, std::uint64_t outer, std::vector<std::uint32_t> &out) const {
    constexpr std::size_t block = 256;
    std::uint32_t uniform[block];
    for (std::size_t first = 0; first < neurons_; first += block) {
      const std::size_t count = std::min(block, neurons_ - first);
      random_.integers(uniform, count, first, outer);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t n = first + i;
        const double mean = (static_cast<double>(rate_.value(n)) + (soma ? static_cast<double>(soma[n]) : 0.0)) * h_;
        if (mean <= 0) continue;
        if (!(mean <= most_poisson_spikes)) return n;
        // P(K > k) from k = 0 on; a neuron hardly ever passes the first comparison.
        double more = -std::expm1(-mean), share = std::exp(-mean), u = static_cast<double>(uniform[i]);
        const double below = more * 0x1p32;
        if (u < below && u + 1 > below) u += fine_.uniform(n, outer); // 32 bits do not tell
        for (double k = 1; u < more * 0x1p32 && (k <= mean || share > 0x1p-60); ++k) {
          out.push_back(static_cast<std::uint32_t>(n));
          share *= mean / k; // P(K = k)
          more -= share;
        }
      }
    }
    return none;
  }

  // One rate for all: a Poisson process along the neurons, each of which is a stretch of length 1, so that silence
  // costs nothing.
  void gaps(std::uint64_t outer, std::vector<std::uint32_t> &out) const {
    const double mean = static_cast<double>(rate_.value(0)) * h_;
    if (!(mean > 0)) return;
    double at = 0;
    for (std::uint64_t draw = 0;; ++draw) {
      at -= std::log(random_.uniform(draw, outer)) / mean;
      if (!(at < static_cast<double>(neurons_))) return;
      out.push_back(static_cast<std::uint32_t>(at));
    }
  }

  [[noreturn]] void refuse(std::size_t b, const StepInput<T> &in) const {
    const std::size_t n = beyond_[b];
    const double hz = static_cast<double>(rate_.value(n)) + (in.soma ? static_cast<double>((*in.soma)(n, b)) : 0.0);
    throw StepFailure(b * neurons_ + n,
                      fmt::format("its rate is {:g} Hz, which is {:g} spikes in a step, and a step holds {:g} at most: "
                                  "what arrives at its soma is too strong, or the step too long",
                                  hz, hz * h_, most_poisson_spikes));
  }

  std::size_t neurons_;
  double h_; // s
  PerNeuron<T> rate_;
  bool frozen_;
  numeric::Random random_, fine_;
  std::vector<std::size_t> beyond_; // by trial: a neuron whose rate cannot be taken, or `none`
};

template <class T>
std::unique_ptr<SpikingRegion<T>> make_poisson(const model::Model &model, const model::Region &region,
                                               const network::Region & /*built*/) {
  return std::make_unique<PoissonSource<T>>(model, region);
}

} // namespace

DynamicsEntry poisson_dynamics() {
  auto words = dynamics_words("poisson",
                              "spikes at random at a rate, to which what arrives at the soma is added (Hz): a Poisson "
                              "process, so that several may fall into one step",
                              "");
  words.parameters = {events(per_neuron(at_least_zero("rate", "Hz", 0, "rate")), most_poisson_spikes),
                      choice("frozen", {"no", "yes"},
                             "spikes of a trial are drawn anew in each epoch, or are the same in all (frozen noise)"),
                      trace_tau()};
  words.signals = spiking_signals(false, false);
  words.compartments = {"soma"};
  words.spikes = true;
  return {.words = std::move(words),
          .place = 130,
          .carries_gradient = false,
          .among_ranks = AmongRanks::repeated,
          .make_spiking = {make_poisson<float>, make_poisson<double>}};
}

} // namespace engram::dynamics
