// These functions measure how much of a neuron's response repeats from trial to trial, and how much a model can
// therefore explain.
#pragma once

#include <armadillo>

#include <cstddef>
#include <cstdint>

namespace engram::measures {

// Responses are C × N × R: conditions (or time bins) × neurons × repeats. NaN is a response that was not observed:
// conditions may have different numbers of repeats, and each neuron may lack others. A function that says nothing of
// it takes complete responses. All functions throw NotApplicable for fewer than two conditions or two repeats and for
// values that are infinite (or missing, where complete ones are taken), and std::invalid_argument for shapes that do
// not fit. Predictions are C × N.

/// Mean over the repeats that are there, C × N; NaN where there is none.
arma::mat mean_response(const arma::cube &responses);

/// Reliability of a measure that is `length` times as long as one of reliability r: length r / (1 + (length − 1) r)
/// (Spearman 1910, Brown 1910, Br J Psychol 3:271 and 296). The formula takes r as the share of variance that is not
/// noise. Below 0 it is no such share, and the formula runs to −∞: NaN there.
double spearman_brown(double r, double length);

/// By neuron.
struct SplitHalf {
  arma::vec correlation; ///< of the means of two halves over conditions: the mean over splits
  arma::vec spread;      ///< standard deviation of that correlation over splits; NaN of one split
  arma::vec reliability; ///< of the mean over all repeats, by Spearman-Brown; NaN where the correlation is below 0
  arma::uvec conditions; ///< that have two repeats of this neuron at least: those that are correlated
};

/// The repeats are split at random into two halves of ⌊R/2⌋ (one repeat stays out of an odd R), the halves' means are
/// correlated over conditions, and the mean of that correlation over `splits` splits is extrapolated to R repeats by
/// the Spearman-Brown formula. It estimates the squared correlation of the measured mean with what an infinite number
/// of repeats would give. All distinct splits are taken, each once, where there are no more than `splits`. NaN of a
/// neuron that is constant in a half.
///
/// Of a neuron that lacks responses, the R_c repeats that it has in condition c are halved by themselves, in `splits`
/// random orders of all repeats. The noise in the halves' means is Σ 1/⌊R_c/2⌋ / Σ 1/R_c times that of the means over
/// all repeats, on average over conditions: this is the length that Spearman-Brown takes. Conditions with fewer than
/// two repeats are left out; NaN where fewer than three conditions remain. Throws NotApplicable for fewer than three
/// conditions: a correlation over two is 1 or −1.
SplitHalf split_half(const arma::cube &responses, std::size_t splits = 100, std::uint64_t seed = 0);

/// The reliability of these alone.
arma::vec split_half_reliability(const arma::cube &responses, std::size_t splits = 100, std::uint64_t seed = 0);

/// By neuron. P(r) is the variance of r over conditions, r̄ the mean over N repeats, and the bar over P the mean over
/// repeats (Sahani & Linden 2003, Adv Neural Inf Process Syst 15:125). Variances are normalised by C − 1, so that the
/// signal power is unbiased for the variance of the population that the conditions are a sample of, and the noise power
/// for the noise's variance.
///
/// A neuron that lacks responses has no r that holds all conditions. Its noise power is the mean over conditions of the
/// variance s²_c over the R_c repeats that are there (divided by R_c − 1), its signal power the variance over
/// conditions of their means less the mean of s²_c / R_c, and its total power the sum: unbiased as well, but what a
/// whole repeat shares is noise here, which it is not above. Conditions with fewer than two repeats are left out; NaN
/// where fewer than two remain.
struct ResponsePower {
  arma::vec signal;      ///< (N P(r̄) − P̄(r)) / (N − 1); unbiased, so it can be below 0
  arma::vec noise;       ///< P̄(r) − signal
  arma::vec explainable; ///< signal / P̄(r): share of the variance of single trials that the stimulus explains
};
ResponsePower response_power(const arma::cube &responses);

/// By neuron: fraction of the explainable variance that a prediction explains, 1 − (mean square error of single trials
/// − σ²) / (variance of single trials − σ²), with the noise σ² the mean over conditions of the variance over repeats
/// (Cadena et al. 2019, PLoS Comput Biol 15:e1006897). Below 0 for a prediction worse than the mean; NaN where the
/// explainable variance is not above 0.
arma::vec explained_of_explainable(const arma::cube &responses, const arma::mat &predicted);

/// By neuron: correlation coefficients of a prediction with the mean response (Schoppe et al. 2016, Front Comput
/// Neurosci 10:10). All variances are normalised by C − 1; the authors' calc_CCnorm.m does so for the signal power
/// alone, which makes its CC_max greater, and its CC_norm smaller, by √(C / (C − 1)).
struct NormalizedCorrelation {
  arma::vec absolute;   ///< CC_abs: Pearson
  arma::vec maximum;    ///< CC_max = √(signal power / variance of the mean response); NaN unless the power is above 0
  arma::vec normalized; ///< CC_norm = CC_abs / CC_max; may exceed 1 by error of the signal power
};
NormalizedCorrelation normalized_correlation(const arma::cube &responses, const arma::mat &predicted);

/// By neuron: Pearson correlation over time bins of the peristimulus time histograms (means over repeats) of two sets
/// of responses, bins × neurons × repeats; one repeat is enough here.
arma::vec psth_correlation(const arma::cube &a, const arma::cube &b);

/// N × N: Pearson correlation over conditions of mean responses (Cohen & Kohn 2011, Nat Neurosci 14:811). Noise that
/// two neurons share is in it, by 1/R. NaN where a neuron is constant. Means are over the repeats that are there, and
/// the conditions of a pair those that both neurons have, three at least where one lacks some.
arma::mat signal_correlation(const arma::cube &responses);

/// How trials of different conditions are put together.
enum class NoisePooling {
  z_scored, ///< each neuron in each condition by its standard deviation over repeats; 0 where that is 0. Few repeats
            ///< distort it: of two, only the sign is left
  residuals ///< only the condition's mean is taken off: conditions of great variance count more
};

/// N × N: Pearson correlation over all trials of what is left of responses without the mean of their condition (Cohen &
/// Kohn 2011). NaN where a neuron does not vary within conditions. Each neuron's mean is over the repeats that it has;
/// the trials of a pair are those that both neurons have, three at least where one lacks some. A lone repeat of a
/// condition says nothing of noise, and is left out.
arma::mat noise_correlation(const arma::cube &responses, NoisePooling pooling = NoisePooling::z_scored);

} // namespace engram::measures
