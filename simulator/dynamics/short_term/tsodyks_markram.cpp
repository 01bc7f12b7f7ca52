// Synapses tire and recover by their own use, as in Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50, for
// instantaneous inactivation, with u as in Mongillo, Barak & Tsodyks 2008, Science 319:1543.
#include "dynamics/short_term_entry.hpp"
#include "dynamics/words.hpp"

#include <cmath>

namespace engram::dynamics {

namespace {

template <class T> class TsodyksMarkram final : public ShortTermPlasticity<T> {
public:
  TsodyksMarkram(const model::Typed &entry, std::size_t pres, std::size_t longest_delay, double step_ms)
      : ShortTermPlasticity<T>(longest_delay), pres_(pres), use_(entry.number("use")),
        recover_(step_ms / entry.number("tau_rec")), facilitates_(entry.number("tau_facil") > 0) {
    if (facilitates_) facilitate_ = step_ms / entry.number("tau_facil");
  }

  void begin(std::size_t trials) override {
    ShortTermPlasticity<T>::begin(trials);
    states_.assign(trials, std::vector<State>(pres_));
  }

  void use(const network::SpikeLists &spikes, std::uint64_t step) override {
    auto &kept = this->ring_[step % this->ring_.size()];
    for (std::size_t b = 0; b < spikes.size(); ++b) {
      kept[b].clear();
      for (const auto j : spikes[b]) {
        auto &s = states_[b][j];
        const auto passed = static_cast<double>(step - s.last);
        if (!s.fresh) {
          s.x = 1 - (1 - s.x) * std::exp(-passed * recover_);
          s.u *= facilitates_ ? std::exp(-passed * facilitate_) : 0.0;
        }
        s.u += use_ * (1 - s.u);
        const double out = s.u * s.x;
        s.x -= out;
        s.last = step;
        s.fresh = false;
        kept[b].push_back(static_cast<T>(out));
      }
    }
  }

private:
  struct State {
    double x = 1, u = 0;
    std::uint64_t last = 0; // step of the last spike
    bool fresh = true;      // none so far
  };
  std::size_t pres_;
  double use_, recover_, facilitate_ = 0; // per step: 1 / τ
  bool facilitates_;
  std::vector<std::vector<State>> states_; // by trial
};

template <class T>
std::unique_ptr<ShortTermPlasticity<T>> make_tsodyks_markram(const model::Typed &entry, std::size_t pres,
                                                             std::size_t longest_delay, double step_ms) {
  return std::make_unique<TsodyksMarkram<T>>(entry, pres, longest_delay, step_ms);
}

} // namespace

ShortTermEntry tsodyks_markram_short_term() {
  auto use = positive("use", "", 0.5, "U, share of the resources that a spike uses at rest");
  use.maximum = 1;
  return {.words = {.name = "tsodyks_markram",
                    .help = "depression and facilitation: a spike's weight is multiplied by u x; x' = (1 - x) / "
                            "tau_rec, u' = -u / tau_facil, and at a spike u += use (1 - u), then x -= u x",
                    .reference = "Tsodyks, Uziel & Markram 2000, J Neurosci 20:RC50; Mongillo, Barak & Tsodyks 2008, "
                                 "Science 319:1543",
                    .parameters = {use, positive("tau_rec", "ms", 800, "time constant of recovery from depression"),
                                   at_least_zero("tau_facil", "ms", 0,
                                                 "time constant of facilitation; 0: none, u stays at `use`")}},
          .place = 20,
          .make = {make_tsodyks_markram<float>, make_tsodyks_markram<double>}};
}

} // namespace engram::dynamics
