#include "conformance/inputs.hpp"

#include "learning/call.hpp"

#include <algorithm>
#include <random>
#include <string_view>
#include <utility>

namespace engram::conformance {

StateShape shape_of(const engram_state &state, Sizes sizes) {
  if (state.place == ENGRAM_PRE_PAIRS) return {sizes.pres, sizes.pres};
  const std::size_t trials = state.per_trial ? sizes.trials : 1;
  if (state.place == ENGRAM_SYNAPSE) return {sizes.posts, sizes.pres * trials};
  return {state.place == ENGRAM_PRE ? sizes.pres : sizes.posts, trials};
}

template <class T> Inputs<T> draw(const engram_rule &rule, Sizes sizes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0.05, 0.95);
  const auto numbers = [&](std::size_t count, bool positive) {
    std::vector<T> out(count);
    for (auto &x : out) x = static_cast<T>(positive ? uniform(random) : normal(random));
    return out;
  };
  Inputs<T> in;
  const bool spiking = rule.form == ENGRAM_SPIKING;
  if (spiking) sizes.trials = 1;
  in.sizes = sizes;
  const auto reads_spikes = [&](std::uint32_t place) {
    return spiking || std::any_of(rule.signals, rule.signals + rule.signal_count, [&](const engram_signal &signal) {
             return signal.place == place && std::string_view(signal.name) == "spike";
           });
  };
  // Half a spike each. Neurons that only send (poisson, spike_source) may spike twice in a step.
  const auto spikes = [&](std::uint32_t place) {
    const bool pre = place == ENGRAM_PRE;
    std::vector<std::uint8_t> out(reads_spikes(place) ? (pre ? sizes.pres : sizes.posts) * sizes.trials : 0);
    std::uniform_real_distribution<double> share(0, 1);
    for (auto &count : out) {
      const double x = share(random);
      count = pre ? (x < 0.1 ? 2 : x < 0.4 ? 1 : 0) : (x < 0.5 ? 1 : 0);
    }
    return out;
  };
  const double strengths[] = {0, 0.5, -0.5}; // a free phase, one with the objective, one with its opposite
  for (const double strength : strengths) {
    typename Inputs<T>::Call call;
    call.objective = strength;
    call.perturbed = strength != 0; // a free phase has no noise
    call.pre_spikes = spikes(ENGRAM_PRE);
    call.post_spikes = spikes(ENGRAM_POST);
    for (std::size_t k = 0; k < rule.signal_count; ++k) {
      const std::string_view name = rule.signals[k].name;
      const bool pre = rule.signals[k].place == ENGRAM_PRE;
      auto values =
          numbers((pre ? sizes.pres : sizes.posts) * sizes.trials, name == "rate" || name == "gain" || name == "burst");
      (pre ? call.pre : call.post).push_back(std::move(values));
    }
    show_spikes<T>(rule, call);
    for (std::size_t k = 0; k < rule.modulator_count; ++k) {
      auto values = numbers(sizes.trials, true);
      if (std::string_view(rule.modulators[k]) == "reward") // right or wrong
        for (auto &x : values) x = x > T(0.5) ? T(1) : T(0);
      call.modulators.push_back(std::move(values));
    }
    in.calls.push_back(std::move(call));
  }
  for (std::size_t k = 0; k < rule.state_count; ++k) {
    const auto shape = shape_of(rule.states[k], sizes);
    std::vector<T> values(shape.rows * shape.columns, static_cast<T>(rule.states[k].initial));
    if (rule.states[k].place == ENGRAM_PRE_PAIRS)
      for (std::size_t i = 0; i < shape.rows; ++i)
        for (std::size_t j = 0; j < shape.columns; ++j)
          if (i != j) values[i + j * shape.rows] = 0;
    in.states.push_back(std::move(values));
  }
  in.weights = numbers(sizes.posts * sizes.pres, false);
  for (std::size_t k = 0; k < rule.state_count; ++k)
    if (learning::begins_as_weight(rule, rule.states[k]))
      for (std::size_t at = 0; at < in.states[k].size(); ++at) in.states[k][at] = in.weights[at % in.weights.size()];
  for (std::size_t k = 0; k < rule.parameter_count; ++k) in.parameters.push_back(rule.parameters[k].initial);
  if (rule.perturbation != 0) {
    in.perturbation = numbers(sizes.posts * sizes.pres, false);
    for (auto &x : in.perturbation) x *= static_cast<T>(in.parameters[rule.perturbation - 1]);
  }
  return in;
}

template <class T> void show_spikes(const engram_rule &rule, typename Inputs<T>::Call &call) {
  std::size_t pre = 0, post = 0;
  for (std::size_t k = 0; k < rule.signal_count; ++k) {
    const bool of_pre = rule.signals[k].place == ENGRAM_PRE;
    auto &values = of_pre ? call.pre[pre++] : call.post[post++];
    const auto &spikes = of_pre ? call.pre_spikes : call.post_spikes;
    if (std::string_view(rule.signals[k].name) == "spike") values.assign(spikes.begin(), spikes.end());
  }
}

template void show_spikes<float>(const engram_rule &, Inputs<float>::Call &);
template void show_spikes<double>(const engram_rule &, Inputs<double>::Call &);
template Inputs<float> draw(const engram_rule &, Sizes, std::uint64_t);
template Inputs<double> draw(const engram_rule &, Sizes, std::uint64_t);

} // namespace engram::conformance
