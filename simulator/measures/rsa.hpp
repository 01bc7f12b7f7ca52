// Representational similarity analysis compares two RDMs. The noise ceiling says how alike they could be at best.
#pragma once

#include "measures/rdm_whitening.hpp"

#include <armadillo>

#include <utility>

namespace engram::measures {

/// How two RDMs are compared.
enum class RdmComparison {
  pearson,
  spearman,        ///< Pearson correlation of the ranks, equal values sharing their mean rank
  kendall_tau_a,   ///< for models with tied dissimilarities (Nili et al. 2014)
  kendall_tau_b,   ///< SciPy's default
  cosine,          ///< for dissimilarities with a meaningful 0, such as crossnobis
  whitened_cosine, ///< the same after whitening (Diedrichsen et al. 2020)
  whitened_pearson ///< Pearson correlation after whitening
};

/// A comparison, and of a whitened one what noise it takes. A comparison alone takes equal and independent noise.
struct RdmSimilarity {
  RdmComparison comparison;
  RdmWhitening whitening;

  RdmSimilarity(RdmComparison how) : comparison(how) {} // NOLINT(google-explicit-constructor): it is one
  RdmSimilarity(RdmComparison how, RdmWhitening noise) : comparison(how), whitening(std::move(noise)) {}
};

// Of two RDMs as vectors of their pairs, in the order of upper_triangle(). A pair that is NaN in either is left out of
// both. NaN where fewer than two pairs are left or one of the two has no spread (no length, for cosines). Vectors of
// different lengths throw std::invalid_argument.

double pearson(const arma::vec &a, const arma::vec &b);
double spearman(const arma::vec &a, const arma::vec &b);
/// (concordant − discordant) / all pairs of entries, in n log n (Knight 1966, J Am Stat Assoc 61:436).
double kendall_tau_a(const arma::vec &a, const arma::vec &b);
/// With the pairs that are tied in a, and those in b, out of the denominator (Kendall 1945, Biometrika 33:239).
double kendall_tau_b(const arma::vec &a, const arma::vec &b);
double cosine_similarity(const arma::vec &a, const arma::vec &b);
/// aᵀV⁻¹b / √(aᵀV⁻¹a bᵀV⁻¹b), where V is the covariance of the dissimilarities that noise of the conditions gives: see
/// RdmWhitening (Diedrichsen et al. 2020; rsatoolbox's `cosine_cov`). With equal noise and no pair missing it is the
/// linear CKA of the two. Throws NotApplicable where the length is no C (C − 1) / 2, and as RdmWhitening.
double whitened_cosine(const arma::vec &a, const arma::vec &b, const RdmWhitening &whitening = {});
/// The same of a and b less their means (rsatoolbox's `corr_cov`).
double whitened_pearson(const arma::vec &a, const arma::vec &b, const RdmWhitening &whitening = {});

/// One of these.
double rdm_similarity(const arma::vec &a, const arma::vec &b, const RdmSimilarity &how);

/// Ranks from 1, equal values sharing their mean rank; NaN keep NaN and take no rank.
arma::vec average_ranks(const arma::vec &x);

/// The RDM (as pairs) that is nearest to those of all subjects: their mean, after each is brought to one scale by what
/// the comparison does not see. Pearson: z-scored. Spearman: ranked, as in rsatoolbox; Kendall the same, for which it
/// is an approximation. Cosine: divided by its root mean square; whitened: by its length √(xᵀV⁻¹x), for Pearson less
/// its mean. A pair is averaged over the subjects that have it. `subjects`: pairs × subjects.
arma::vec pooled_rdm(const arma::mat &subjects, const RdmSimilarity &how);

/// The similarity that the best possible model could reach, given how much the subjects differ.
struct NoiseCeiling {
  double lower = 0; ///< mean similarity of each subject with the pooled RDM of the others
  double upper = 0; ///< mean similarity of each subject with the pooled RDM of all, itself included
};

/// Nili, Wingfield, Walther, Su, Marslen-Wilson & Kriegeskorte (2014), PLoS Comput Biol 10:e1003553, of RDMs as
/// columns: pairs × subjects. Throws NotApplicable for fewer than two subjects.
NoiseCeiling noise_ceiling(const arma::mat &subjects, const RdmSimilarity &how);

} // namespace engram::measures
