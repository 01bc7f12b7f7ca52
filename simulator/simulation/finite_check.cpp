#include "simulation/finite_check.hpp"

#include "dynamics/entry.hpp"
#include "dynamics/stepper.hpp"
#include "numeric/finite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::simulation {

namespace {

// The states of larger circuits are looked at in every k-th step: what is not finite does not become finite again.
constexpr std::size_t look_each_step_below = 4096, look_every = 16;

// Equations that a user wrote, in the model or in a plugin, may have no value somewhere.
bool written_by_user(const model::Region &region) {
  const auto &own = dynamics::dynamics_entries();
  return region.own || std::none_of(own.begin(), own.end(),
                                    [&](const auto &entry) { return entry.words.name == region.dynamics.type; });
}

std::string advice(const model::Model &model, const model::Region &region) {
  const auto &integrator = region.integrator.type;
  const std::string equations =
      written_by_user(region) ? "an equation may divide by 0, or have no value there (log, sqrt, a power); or " : "";
  if (integrator.empty()) return equations + "weights, a learning rate or what is shown may be too large";
  if (dynamics::adapts_step(integrator)) return equations + "weights or what is shown may be too large";
  return equations +
         fmt::format(
             "the step of {:g} ms may be too long for '{}' (try a shorter one, or {}), or the weights too large",
             model.time.step, integrator, dynamics::those_that_adapt());
}

} // namespace

template <class T>
FiniteCheck<T>::FiniteCheck(const Setup<T> &setup, const dynamics::CircuitDynamics<T> &circuit, const Batch &batch,
                            std::vector<dynamics::SignalSet> recorded)
    : setup_(setup), circuit_(circuit), batch_(batch), recorded_(std::move(recorded)) {}

template <class T> void FiniteCheck<T>::begin(std::size_t trials) {
  std::size_t values = 0;
  for (const auto &region : setup_.network.regions) values += region.size * trials;
  every_ = values < look_each_step_below ? 1 : look_every;
}

template <class T>
std::optional<NonFinite> FiniteCheck<T>::nonfinite_state(const CircuitState<T> &now, Spikes<T> *spikes) const {
  const std::size_t trials = now.trials;
  for (std::size_t r = 0; r < setup_.network.regions.size(); ++r) {
    const std::size_t neurons = setup_.network.regions[r].size;
    const auto &signals = (*now.signals)[r];
    if (circuit_.regions[r]->has_state()) {
      const T *first = now.state.memptr() + circuit_.states_before[r] * trials;
      if (auto found = nonfinite_in(first, circuit_.states_of(r), trials, r, "state")) {
        found->neuron %= neurons;
        return found;
      }
    } else if (const auto &rate = signals[network::Signal::rate]; !rate.is_empty()) {
      if (auto found = nonfinite_in(rate.memptr(), neurons, trials, r, "rate")) return found;
    }
    if (const auto &soma = signals.soma; !soma.is_empty())
      if (auto found = nonfinite_in(soma.memptr(), neurons, trials, r, "current into the soma")) return found;
  }
  return spikes ? spikes->nonfinite() : std::nullopt;
}

template <class T> std::optional<NonFinite> FiniteCheck<T>::nonfinite_signal(const network::Signals<T> &signals) const {
  for (std::size_t r = 0; r < recorded_.size(); ++r)
    for (std::size_t k = 0; k < network::signal_count; ++k) {
      const auto &signal = signals[r].of[k];
      if (!recorded_[r][k] || signal.is_empty()) continue;
      if (auto found = nonfinite_in(signal.memptr(), signal.n_rows, signal.n_cols, r, network::signal_names[k]))
        return found;
    }
  return std::nullopt;
}

template <class T>
void FiniteCheck<T>::look(std::size_t step, const CircuitState<T> &now, Spikes<T> *spikes, bool observed) const {
  const bool due = step % every_ == 0 || step + 1 == setup_.schedule.steps;
  if (due)
    if (const auto found = nonfinite_state(now, spikes)) fail_at(step, *found);
  if (observed)
    if (const auto found = nonfinite_signal(*now.signals)) fail_at(step, *found);
}

template <class T> std::string FiniteCheck<T>::time_of(std::size_t step, std::size_t column, bool exact) const {
  std::string out = fmt::format("at {:g} ms", static_cast<double>(step) * setup_.schedule.step);
  if (!exact && every_ > 1) out += fmt::format(", or in the {} steps before", look_every - 1);
  const bool many = setup_.trials.count > 1, again = batch_.learn && setup_.model.task.epochs > 1;
  if (many) out += fmt::format(", trial {}", batch_.rows[column]);
  if (again) out += fmt::format(", epoch {}", batch_.epoch + 1);
  return out;
}

template <class T> void FiniteCheck<T>::fail_at(std::size_t step, const NonFinite &found) const {
  const auto &region = setup_.model.regions[found.region];
  const double value = std::isnan(found.value) ? std::abs(found.value) : found.value; // NaN has no sign
  throw RunFailure(fmt::format("region '{}', neuron {}: the {} is {} {}: {}", region.name, found.neuron, found.what,
                               value, time_of(step, found.column, false), advice(setup_.model, region)));
}

template <class T> NonFinite FiniteCheck<T>::place_of(std::size_t element, std::size_t trials) const {
  const auto &regions = setup_.network.regions;
  std::size_t r = 0;
  for (std::size_t k = 0; k < regions.size(); ++k)
    if (circuit_.regions[k]->has_state() && circuit_.states_before[k] * trials <= element) r = k;
  const std::size_t within = element - circuit_.states_before[r] * trials, states = circuit_.states_of(r);
  return {r, within % states % regions[r].size, within / states, "", 0};
}

template <class T>
void FiniteCheck<T>::fail_step(std::size_t step, const NonFinite &where, const std::string &why) const {
  throw RunFailure(fmt::format("region '{}', neuron {}: {} ({})", setup_.model.regions[where.region].name, where.neuron,
                               why, time_of(step, where.column, true)));
}

template <class T> void check_weights(const network::Network<T> &network, std::size_t epoch) {
  network::each_projection(network, [&](const auto &p) {
    if (p.rules.empty()) return;
    const auto values = p.values();
    if (!numeric::all_finite(values.data(), values.size()))
      throw RunFailure(fmt::format("the weights of projection '{}' are not all finite after epoch {}: a learning rate "
                                   "may be too large",
                                   p.name, epoch + 1));
  });
}

template class FiniteCheck<float>;
template class FiniteCheck<double>;
template void check_weights(const network::Network<float> &, std::size_t);
template void check_weights(const network::Network<double> &, std::size_t);

} // namespace engram::simulation
