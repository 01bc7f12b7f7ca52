// halving lets each spike of a trial act with half the weight of the one before.
#include "dynamics/short_term_entry.hpp"

namespace engram::dynamics {

namespace {

template <class T> class Halving final : public ShortTermPlasticity<T> {
public:
  Halving(std::size_t pres, std::size_t longest_delay) : ShortTermPlasticity<T>(longest_delay), pres_(pres) {}
  void begin(std::size_t trials) override {
    ShortTermPlasticity<T>::begin(trials);
    share_.assign(trials, std::vector<T>(pres_, T(1)));
  }
  void use(const network::SpikeLists &spikes, std::uint64_t step) override {
    auto &kept = this->ring_[step % this->ring_.size()];
    for (std::size_t b = 0; b < spikes.size(); ++b) {
      kept[b].clear();
      for (const auto j : spikes[b]) {
        kept[b].push_back(share_[b][j]);
        share_[b][j] /= 2;
      }
    }
  }

private:
  std::size_t pres_;
  std::vector<std::vector<T>> share_; // by trial and neuron: of the next spike
};

template <class T>
std::unique_ptr<ShortTermPlasticity<T>> make_halving(const model::Typed & /*entry*/, std::size_t pres,
                                                     std::size_t longest_delay, double /*step_ms*/) {
  return std::make_unique<Halving<T>>(pres, longest_delay);
}

} // namespace

ShortTermEntry halving_short_term() {
  return {.words = {.name = "halving",
                    .help = "each spike of a trial acts with half the weight of the one before",
                    .reference = "written for the tests",
                    .parameters = {}},
          .make = {make_halving<float>, make_halving<double>}};
}

} // namespace engram::dynamics
