// Compared holds the circuit of a rule and the circuit of the reference, at the same weights.
#pragma once

#include "catch.hpp"
#include "circuits.hpp"
#include "fidelity/sampling.hpp"

namespace compared {

using namespace engram;
using circuits::Circuit;

inline fidelity::Subject<double> subject_of(const Circuit &c) {
  return {&c.model, &c.trials, c.rules, c.build<double>()};
}

struct Compared {
  std::shared_ptr<Circuit> circuit, exact; // what the subjects point to
  fidelity::Subject<double> rule, reference;
  std::vector<fidelity::Pair> pairs;
  std::vector<arma::vec> gradient;
};

inline Compared compare(const Circuit &rule, const Circuit &reference) {
  Compared c{std::make_shared<Circuit>(rule), std::make_shared<Circuit>(reference), {}, {}, {}, {}};
  c.rule = subject_of(*c.circuit);
  c.reference = subject_of(*c.exact);
  c.pairs = fidelity::pair_projections(c.rule.network, c.reference.network);
  REQUIRE(!c.pairs.empty());
  fidelity::copy_weights(c.pairs, fidelity::Direction::to_subject, c.reference.network, c.rule.network);
  c.gradient = fidelity::gradient(c.reference, c.reference.network, c.pairs, rule.trials.training, 1);
  return c;
}

inline fidelity::Sampled sampled(const Compared &c, std::size_t samples, std::uint64_t stream = 0, int threads = 1) {
  fidelity::Sampling sampling;
  sampling.samples = samples;
  sampling.rows = c.rule.trials->training;
  sampling.stream = stream;
  sampling.threads = threads;
  return fidelity::sample(c.rule, {c.rule.network, {}, false}, c.pairs, c.gradient, sampling);
}

} // namespace compared
