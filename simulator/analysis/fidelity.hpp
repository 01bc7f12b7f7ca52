// The bias and variance of a learning rule, measured in its circuit against the exact gradient.
#pragma once

#include "analysis/fidelity_moments.hpp"
#include "model/model.hpp"
#include "network/network.hpp"
#include "protocol/trials.hpp"
#include "simulation/simulator.hpp"

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace engram::analysis {

/// A circuit with its rules, at its initial weights. What is pointed to must outlive it.
template <class T> struct Subject {
  const model::Model *model = nullptr;
  const protocol::Trials *trials = nullptr;
  std::vector<const engram_rule *> rules; ///< the plugin of each of model.rules
  network::Network<T> network;
};

/// A circuit at some point of its learning.
template <class T> struct Snapshot {
  network::Network<T> network;
  typename simulation::Simulator<T>::Memory memory;
  bool has_memory = false; ///< else rules and expectations of reward are as at the start of a run
};

/// Lets a subject learn as its model says, without tests, and keeps what it was when it had made `fractions` (in [0,
/// 1], ascending) of its updates. `go_on` is asked after each batch, with the share that is done. Errors: RunFailure,
/// RuleFailure; Interrupted when `go_on` says false.
template <class T>
std::vector<Snapshot<T>> learn(const Subject<T> &subject, const std::vector<double> &fractions, int threads,
                               const std::function<bool(double)> &go_on);

/// Two projections (or biases) that connect the same neurons in the same way and both learn.
struct Pair {
  std::string name;               ///< "V1->decision"; of a bias "V1.bias"
  std::size_t subject, reference; ///< in Network::projections
};

/// Pairs the plastic projections of a subject with the reference's by the regions, signals and compartments that they
/// connect. `notes` is told which learn but cannot be compared, and why.
template <class T>
std::vector<Pair> pair_projections(const Subject<T> &subject, const Subject<T> &reference,
                                   std::vector<std::string> *notes = nullptr);

/// Pairs all projections that connect the same neurons in the same way and have weights of their own, plastic or not.
template <class T>
std::vector<Pair> shared_projections(const network::Network<T> &subject, const network::Network<T> &reference);

/// Brings the weights of `from` (of each pair's `reference`, or `subject`) to the projection of the other that it is
/// paired with.
enum class Direction { to_subject, to_reference };
template <class T>
void copy_weights(const std::vector<Pair> &pairs, Direction direction, const network::Network<T> &from,
                  network::Network<T> &to);

/// −∂L/∂w of the reference circuit at these weights, mean over the rows, by pair. The reference learns by backprop.
template <class T>
std::vector<arma::vec> gradient(const Subject<T> &reference, const network::Network<T> &weights,
                                const std::vector<Pair> &pairs, const std::vector<std::size_t> &rows, int threads);

class Interrupted : public std::runtime_error {
public:
  Interrupted() : std::runtime_error("interrupted") {}
};

struct Sampling {
  std::size_t samples = 1000;
  double precision = 0; ///< half-width of the intervals at which it ends early; 0: never
  std::vector<std::size_t> rows;
  std::size_t minibatch = 0; ///< draws this many of the rows for each sample; 0: all of them each time
  bool twice = false;        ///< each minibatch twice, to tell the rule's own variance from that of the choice
  std::uint64_t stream = 0;  ///< samples of different streams have random numbers of their own
  int threads = 1;
  std::function<bool(const FidelityMoments &)> go_on; ///< asked after each; may be empty
};

struct Sampled {
  FidelityMoments moments;
  std::vector<double> own;   ///< with `twice`: ‖ĝ − ĝ'‖² / 2 of two samples of the same minibatch, for each
  double forward_passes = 0; ///< time of a sample, over that of a forward pass of as many trials
};

/// Samples the rule's update at fixed weights: many simulators side by side, and the same result at any number of
/// threads. Rules whose expectations or states are unknown at the start (no memory) first see `warm_up` batches, at
/// these weights. Errors: RunFailure, RuleFailure, Interrupted.
template <class T>
Sampled sample(const Subject<T> &subject, const Snapshot<T> &at, const std::vector<Pair> &pairs,
               const std::vector<arma::vec> &reference, const Sampling &sampling);

inline constexpr std::size_t warm_up = 32;

/// Is the widest of the intervals of bias and cosine, and of variance by max(1, variance), within ± precision?
bool is_precise(const Fidelity &fidelity, double precision);

} // namespace engram::analysis
