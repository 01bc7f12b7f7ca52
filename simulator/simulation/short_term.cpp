#include "simulation/short_term.hpp"

#include <cmath>

namespace engram::simulation {

template <class T>
ShortTerm<T>::ShortTerm(const model::Typed &said, std::size_t pres, std::size_t longest_delay, double step_ms) {
  if (said.type != "tsodyks_markram") return;
  pres_ = pres;
  use_ = said.number("use");
  recover_ = step_ms / said.number("tau_rec");
  facilitates_ = said.number("tau_facil") > 0;
  if (facilitates_) facilitate_ = step_ms / said.number("tau_facil");
  ring_.resize(longest_delay + 1);
}

template <class T> void ShortTerm<T>::begin(std::size_t trials) {
  states_.assign(trials, std::vector<State>(pres_));
  for (auto &step : ring_) step.assign(trials, {});
}

template <class T> void ShortTerm<T>::use(const network::SpikeLists &spikes, std::uint64_t step) {
  auto &kept = ring_[step % ring_.size()];
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

template class ShortTerm<float>;
template class ShortTerm<double>;

} // namespace engram::simulation
