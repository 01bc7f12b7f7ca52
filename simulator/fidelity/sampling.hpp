// This measures the bias and variance of a learning rule: samples of its update, in its own circuit, are compared with
// the exact gradient.
#pragma once

#include "error/error.hpp"
#include "fidelity/pairing.hpp"
#include "fidelity/update_moments.hpp"
#include "ranks/ranks.hpp"

#include <functional>
#include <string>
#include <vector>

namespace engram::fidelity {

class Interrupted : public Failed {
public:
  Interrupted() : Failed("interrupted") {}
};

/// Lets a subject learn as its model says, without tests, and adds to `snapshots` what it was when it had made
/// `fractions` (in [0, 1], ascending) of its updates. `go_on` is asked after each batch, with the share that is done.
/// Errors: RunFailure, RuleFailure, and Interrupted when `go_on` says false; what was reached by then is in
/// `snapshots`.
template <class T>
void learn(const Subject<T> &subject, const std::vector<double> &fractions, int threads,
           const std::function<bool(double)> &go_on, std::vector<Snapshot<T>> &snapshots);

/// −∂L/∂w of the reference circuit at these weights, mean over the rows, by pair. The reference learns by a global
/// rule.
template <class T>
std::vector<arma::vec> gradient(const Subject<T> &reference, const network::Network<T> &weights,
                                const std::vector<Pair> &pairs, const std::vector<std::size_t> &rows, int threads);

struct Sampling {
  std::size_t samples = 1000;
  double precision = 0; ///< half-width of the intervals at which it ends early; 0: never
  std::vector<std::size_t> rows;
  std::size_t minibatch = 0; ///< draws this many of the rows for each sample; 0: all of them each time
  bool twice = false;        ///< each minibatch twice, to tell the rule's own variance from that of the choice
  std::uint64_t stream = 0;  ///< samples of different streams have random numbers of their own
  int threads = 1;
  std::function<bool(const UpdateMoments &)> go_on; ///< asked after each; may be empty
  ranks::Ranks *ranks = nullptr; ///< that take the samples together, and all get the result; null: this process does
};

/// The variance of the update of a minibatch, by the square of the gradient, and its parts.
struct MinibatchVariance {
  std::size_t size = 0;
  Estimate variance; ///< all of it
  Estimate own;      ///< of the rule's own randomness
  double choice = 0; ///< of which trials there were
};

struct Sampled {
  UpdateMoments moments;
  std::vector<double> own;   ///< with `twice`: ‖ĝ − ĝ'‖² / 2 of two samples of the same minibatch, for each
  double forward_passes = 0; ///< time of a sample, over that of a forward pass of as many trials
};

/// Samples the rule's update at fixed weights: many simulators side by side, and the same result at any number of
/// threads and of ranks, all of which must ask for the same. Rules whose expectations or states are unknown at the
/// start (no memory) first see `warm_up` batches, at these weights. Errors: RunFailure, RuleFailure, Interrupted.
template <class T>
Sampled sample(const Subject<T> &subject, const Snapshot<T> &at, const std::vector<Pair> &pairs,
               const std::vector<arma::vec> &reference, const Sampling &sampling);

/// The variance of minibatches of `size` trials, from samples of them.
MinibatchVariance minibatch_variance(const Sampled &sampled, std::size_t size);

inline constexpr std::size_t warm_up = 32;

/// Is the widest of the intervals of bias and cosine, and of variance by max(1, variance), within ± precision?
bool is_precise(const Fidelity &fidelity, double precision);

} // namespace engram::fidelity
