// These functions make random representations, the same in every run.
#pragma once

#include "measures/rsa.hpp"
#include "numeric/random.hpp"

#include <armadillo>

#include <cstdint>

namespace representations {

inline constexpr engram::measures::RdmComparison all_comparisons[] = {
    engram::measures::RdmComparison::pearson,         engram::measures::RdmComparison::spearman,
    engram::measures::RdmComparison::kendall_tau_a,   engram::measures::RdmComparison::kendall_tau_b,
    engram::measures::RdmComparison::cosine,          engram::measures::RdmComparison::whitened_cosine,
    engram::measures::RdmComparison::whitened_pearson};

/// Independent standard normal responses, conditions × neurons.
inline arma::mat normal(std::size_t conditions, std::size_t neurons, std::uint64_t seed) {
  arma::mat x(conditions, neurons);
  const engram::numeric::Random random{seed, engram::numeric::Purpose::noise, 1};
  random.normals(x.memptr(), x.n_elem);
  return x;
}

inline arma::cube normal_repeats(std::size_t conditions, std::size_t neurons, std::size_t repeats, std::uint64_t seed) {
  const arma::mat x = normal(conditions, neurons * repeats, seed);
  return arma::cube(x.memptr(), conditions, neurons, repeats);
}

/// A random rotation (or reflection) of that many neurons.
inline arma::mat rotation(std::size_t neurons, std::uint64_t seed) {
  arma::mat Q, R;
  arma::qr(Q, R, normal(neurons, neurons, seed));
  return Q;
}

} // namespace representations
