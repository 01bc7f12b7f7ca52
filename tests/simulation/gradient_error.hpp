// worst_error() compares what backprop returns with finite differences of the loss.
#pragma once

#include "catch.hpp"
#include "circuits.hpp"
#include "network/project.hpp"

namespace gradients {

using namespace engram;
using circuits::Circuit;

/// Largest difference between −change (what backprop returns) and the central difference of the mean loss, relative to
/// the largest entry of the gradient, over up to 12 synapses of each plastic projection.
inline double worst_error(const Circuit &c, double h = 1e-5, const task::TaskEntries &entries = task::task_entries()) {
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1, dynamics::dynamics_entries(),
                                          entries);
  simulator.measure(c.all(true));
  std::vector<arma::mat> gradient(network.dense.size());
  double scale = 0;
  for (std::size_t p = 0; p < network.dense.size(); ++p)
    if (network.dense[p].rules.size() > 0) {
      gradient[p] = -simulator.plasticity().change(p);
      scale = std::max(scale, arma::abs(gradient[p]).max());
    }
  simulator.plasticity().discard();
  REQUIRE(scale > 1e-4);
  double worst = 0;
  for (std::size_t p = 0; p < network.dense.size(); ++p) {
    auto &w = network.dense[p].weights;
    if (network.dense[p].rules.empty()) continue;
    const std::size_t stride = std::max<std::size_t>(1, w.n_elem / 12);
    for (std::size_t k = 0; k < w.n_elem; k += stride) {
      const double before = w[k];
      const auto at = [&](double value) {
        w[k] = value;
        network::refresh_signs(network);
        // The teacher is on, as in learning, since it may move the circuit; nothing is learnt from a measurement.
        const double loss = circuits::mean<double>(simulator.measure(c.all(true)));
        simulator.plasticity().discard();
        return loss;
      };
      // Fourth-order central difference.
      const double slope =
          (8 * (at(before + h) - at(before - h)) - (at(before + 2 * h) - at(before - 2 * h))) / (12 * h);
      w[k] = before;
      worst = std::max(worst, std::abs(slope - gradient[p][k]) / scale);
    }
  }
  return worst;
}

} // namespace gradients
