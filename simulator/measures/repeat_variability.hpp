// These functions measure how responses vary over repeats of the same condition, also where some repeats are missing.
#pragma once

#include <armadillo>

namespace engram::measures {

// Responses are C × N × R: conditions × neurons × repeats; NaN is a repeat that is missing.

/// By neuron: Fano factor over trials, the mean over conditions of the variance of counts over repeats (n − 1) divided
/// by the mean over conditions of their mean. (Geisler & Albrecht 1997, Vis Neurosci 14:897, divide by condition, and
/// Churchland et al. 2010, Nat Neurosci 13:369, take the slope of the variance on the mean; where all conditions have
/// one Fano factor the three agree.) Conditions of fewer than two repeats are left out of the variance, of none out of
/// the mean. NaN where there is no variance or the mean is not above 0. It is one of counts: of rates, multiply by the
/// seconds of a bin.
arma::vec fano_over_repeats(const arma::cube &counts);

/// By neuron: Pearson correlation over conditions of the mean of repeats 1, 3, 5, … with that of repeats 2, 4, 6, …;
/// over the conditions that have both. One split alone, which everybody can repeat; split_half_reliability() is the
/// mean of many. NaN where fewer than two conditions have both, or a half is constant.
arma::vec odd_even_correlation(const arma::cube &responses);

/// C × N: mean over repeats 1, 3, 5, … (`odd`), or 2, 4, 6, …; NaN where there is none.
arma::mat mean_of_half(const arma::cube &responses, bool odd);

} // namespace engram::measures
