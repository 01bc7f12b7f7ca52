// This part of Simulator lets no number pass that is not finite: in states during the steps, in recorded signals, and
// in weights after each epoch.
#include "simulation/simulator.hpp"

#include "numeric/finite.hpp"

#include <fmt/format.h>

namespace engram::simulation {

namespace {

// The states of larger circuits are looked at in every k-th step: what is not finite does not become finite again.
constexpr std::size_t look_each_step_below = 4096, look_every = 16;

std::string advice(const model::Model &model, const model::Region &region) {
  const auto &integrator = region.integrator.type;
  if (integrator.empty()) return "weights, a learning rate or what is shown may be too large";
  if (integrator == "controlled_dopri5") return "weights or what is shown may be too large";
  return fmt::format("the step of {:g} ms may be too long for '{}' (try a shorter one, or \"controlled_dopri5\"), or "
                     "the weights too large",
                     model.time.step, integrator);
}

} // namespace

template <class T> void Simulator<T>::begin_watch() {
  std::size_t values = 0;
  for (const auto &region : network_.regions) values += region.size * batch_size_;
  watch_every_ = values < look_each_step_below ? 1 : look_every;
}

template <class T> std::optional<Astray> Simulator<T>::astray_state() {
  for (std::size_t r = 0; r < network_.regions.size(); ++r) {
    const std::size_t neurons = network_.regions[r].size;
    const auto &dynamics = *circuit_.regions[r];
    if (dynamics.has_state()) {
      const T *first = state_.memptr() + circuit_.neurons_before[r] * batch_size_;
      if (auto found = astray_in(first, neurons, batch_size_, r, "state")) return found;
    } else if (const auto &rate = signals_[r][network::Signal::rate]; !rate.is_empty()) {
      if (auto found = astray_in(rate.memptr(), neurons, batch_size_, r, "rate")) return found;
    }
    if (const auto &soma = signals_[r].soma; !soma.is_empty())
      if (auto found = astray_in(soma.memptr(), neurons, batch_size_, r, "current into the soma")) return found;
  }
  return spikes_ ? spikes_->astray() : std::nullopt;
}

template <class T> std::optional<Astray> Simulator<T>::astray_signal() const {
  for (std::size_t r = 0; r < recorded_.size(); ++r)
    for (std::size_t k = 0; k < network::signal_count; ++k) {
      const auto &signal = signals_[r].of[k];
      if (!recorded_[r][k] || signal.is_empty()) continue;
      if (auto found = astray_in(signal.memptr(), signal.n_rows, signal.n_cols, r, network::signal_names[k]))
        return found;
    }
  return std::nullopt;
}

template <class T> void Simulator<T>::watch(std::size_t step, bool observed) {
  const bool due = step % watch_every_ == 0 || step + 1 == schedule_.steps;
  if (due)
    if (const auto found = astray_state()) fail_at(step, *found);
  if (observed)
    if (const auto found = astray_signal()) fail_at(step, *found);
}

template <class T> std::string Simulator<T>::time_of(std::size_t step, std::size_t column, bool exact) const {
  std::string out = fmt::format("at {:g} ms", static_cast<double>(step) * schedule_.step);
  if (!exact && watch_every_ > 1) out += fmt::format(", or in the {} steps before", look_every - 1);
  const bool many = trials_.count > 1, again = batch_.learn && model_.task.epochs > 1;
  if (many) out += fmt::format(", trial {}", batch_.rows[column]);
  if (again) out += fmt::format(", epoch {}", batch_.epoch + 1);
  return out;
}

template <class T> void Simulator<T>::fail_at(std::size_t step, const Astray &found) const {
  const auto &region = model_.regions[found.region];
  throw RunFailure(fmt::format("region '{}', neuron {}: the {} is {} {}: {}", region.name, found.neuron, found.what,
                               found.value, time_of(step, found.column, false), advice(model_, region)));
}

template <class T> Astray Simulator<T>::place_of(std::size_t element) const {
  std::size_t r = 0;
  for (std::size_t k = 0; k < network_.regions.size(); ++k)
    if (circuit_.regions[k]->has_state() && circuit_.neurons_before[k] * batch_size_ <= element) r = k;
  const std::size_t within = element - circuit_.neurons_before[r] * batch_size_, neurons = network_.regions[r].size;
  return {r, within % neurons, within / neurons, "", 0};
}

template <class T> void Simulator<T>::fail_step(std::size_t step, const Astray &where, const std::string &why) const {
  throw RunFailure(fmt::format("region '{}', neuron {}: {} ({})", model_.regions[where.region].name, where.neuron, why,
                               time_of(step, where.column, true)));
}

template <class T> void Simulator<T>::check_weights(std::size_t epoch) const {
  network::each_projection(network_, [&](const auto &p) {
    if (p.rules.empty()) return;
    const auto values = p.values();
    if (!numeric::all_finite(values.data(), values.size()))
      throw RunFailure(fmt::format("the weights of projection '{}' are not all finite after epoch {}: a learning rate "
                                   "may be too large",
                                   p.name, epoch + 1));
  });
}

template class Simulator<float>;
template class Simulator<double>;

} // namespace engram::simulation
