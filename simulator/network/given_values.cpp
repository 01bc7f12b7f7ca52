#include "network/given_values.hpp"

#include "input/input_error.hpp"
#include "numeric/finite.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <type_traits>

namespace engram::network {

namespace {

// Rows and columns count from 1.
void refuse_in_rows(const std::vector<double> &values, std::size_t columns, const std::string &file) {
  const std::size_t at = numeric::first_not_finite(values.data(), values.size());
  if (at == values.size()) return;
  const std::size_t width = columns > 0 ? columns : values.size();
  throw input::InputError(fmt::format("{}: row {}, column {} is {}, not a finite number", file, at / width + 1,
                                      at % width + 1, values[at]));
}

} // namespace

Readers finite_only(const Readers &read) {
  return {[&read](const model::Weights &weights, std::size_t posts, std::size_t pres) {
            auto values = read.weights(weights, posts, pres);
            refuse_in_rows(values, pres, weights.file);
            return values;
          },
          [&read](const model::SpikeTimes &spike_times) {
            auto trains = read.spikes(spike_times);
            for (std::size_t n = 0; n < trains.size(); ++n)
              for (std::size_t k = 0; k < trains[n].size(); ++k)
                if (!std::isfinite(trains[n][k]))
                  throw input::InputError(fmt::format("{}: spike {} of neuron {} is at {} ms, not at a finite time",
                                                      spike_times.file, k + 1, n, trains[n][k]));
            return trains;
          },
          [&read](const model::Typed &connect) {
            auto pairs = read.pairs(connect);
            refuse_in_rows(pairs.values, pairs.columns, pairs.file);
            return pairs;
          }};
}

namespace {

// The presynaptic neuron of a synapse.
std::size_t source_of(const Connectivity &connectivity, std::size_t synapse) {
  std::size_t pre = 0;
  while (connectivity.last(pre, connectivity.lags.size() - 1) <= synapse) ++pre;
  return pre;
}

} // namespace

template <class T> void refuse_not_finite(const model::Model &model, const Network<T> &network) {
  const auto refuse = [&](const Projection &p, std::size_t post, std::size_t pre, T value) {
    const std::string pointer =
        p.is_bias() ? model.regions[p.target].pointer + "/bias" : model.projections[p.index].pointer + "/weights";
    const std::string where = p.is_bias() ? fmt::format("the bias of neuron {}", post)
                                          : fmt::format("the weight from neuron {} to neuron {}", pre, post);
    const std::string precision = std::is_same_v<T, float> ? " in single precision" : "";
    throw input::InputError(
        {{model.file, 0, pointer, fmt::format("{} is {}, not a finite number{}", where, value, precision)}});
  };
  each_projection(
      network,
      [&](const DenseProjection<T> &p) {
        const std::size_t at = numeric::first_not_finite(p.weights.memptr(), p.weights.n_elem);
        if (at < p.weights.n_elem) refuse(p, at % p.weights.n_rows, at / p.weights.n_rows, p.weights[at]);
      },
      [&](const SparseProjection<T> &p) {
        const auto weights = p.values();
        const std::size_t at = numeric::first_not_finite(weights.data(), weights.size());
        const auto &connectivity = *p.synapses.connectivity;
        if (at == weights.size() || connectivity.size() == 0) return; // one weight for synapses that are not there
        refuse(p, connectivity.target[at], source_of(connectivity, at), weights[at]);
      });
}

template <class T> void refuse_negative_conductances(const model::Model &model, const Network<T> &network) {
  for (const auto &p : network.sparse) {
    if (p.synapses.connectivity->size() == 0) continue;
    const auto &receptor = model.regions[p.target].receptors[p.receptor];
    if (!receptor.is_conductance()) continue;
    const auto &weights = *p.synapses.weights;
    const auto negative = std::find_if(weights.begin(), weights.end(), [](T w) { return w < 0; });
    if (negative == weights.end()) continue;
    const auto at = static_cast<std::size_t>(negative - weights.begin()); // the first, where all have one weight
    const auto &connectivity = *p.synapses.connectivity;
    throw input::InputError(
        {{model.file, 0, model.projections[p.index].pointer + "/weights",
          fmt::format(
              "the weight from neuron {} to neuron {} is {:g}, and '{}.{}' is a conductance, which is not "
              "negative; its reversal potential says which way it pulls. \"constraints\" may hold what is drawn "
              "at a \"minimum\" of 0",
              source_of(connectivity, at), connectivity.target[at], *negative, model.regions[p.target].name,
              receptor.name)}});
  }
}

template void refuse_not_finite(const model::Model &, const Network<float> &);
template void refuse_not_finite(const model::Model &, const Network<double> &);
template void refuse_negative_conductances(const model::Model &, const Network<float> &);
template void refuse_negative_conductances(const model::Model &, const Network<double> &);

} // namespace engram::network
