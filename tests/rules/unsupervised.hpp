// The tests of rules without a teacher share these helpers: given inputs, one pass, and the resulting weights.
#pragma once

#include "circuits.hpp"
#include "trained.hpp"

namespace unsupervised {

using command::recorded;
using command::run_file;

using namespace engram;
using circuits::Circuit;

/// Replaces an array of the circuit's trials; x is neurons × trials.
inline void show(Circuit &c, const arma::mat &x, const std::string &array = "inputs") {
  c.trials.arrays[array] = data::Array{{x.n_cols, x.n_rows}, std::vector<double>(x.begin(), x.end())};
  c.trials.count = x.n_cols;
  c.trials.training.clear();
  for (std::size_t k = 0; k < x.n_cols; ++k) c.trials.training.push_back(k);
}

/// A circuit that runs: the model, its network and the simulator of both.
struct Running {
  const Circuit &circuit;
  network::Network<double> network;
  simulation::Simulator<double> simulator;

  explicit Running(const Circuit &c, int threads = 1)
      : circuit(c), network(c.build<double>()), simulator(c.model, network, c.trials, c.rules, {}, threads) {}
  arma::mat &weights(std::size_t projection) { return network.dense[projection].weights; }
  void learn(int times) {
    for (int k = 0; k < times; ++k) simulator.run(circuit.all(true));
  }
  /// Each trial by itself, in their order.
  void learn_one_by_one() {
    for (const std::size_t row : circuit.trials.training) simulator.run({{row}, 0, true});
  }
  /// The change that the rules of the projection want now.
  arma::mat change(std::size_t projection) {
    simulator.measure(circuit.all(true));
    const arma::mat out = simulator.plasticity().change(projection);
    simulator.plasticity().discard();
    return out;
  }
};

inline arma::mat normals(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  const numeric::Random random{seed, numeric::Purpose::parameters, 1};
  arma::mat out(rows, columns);
  for (std::size_t k = 0; k < out.n_elem; ++k) out[k] = random.normal(k);
  return out;
}

} // namespace unsupervised
