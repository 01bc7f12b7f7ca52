// These functions measure how well model RDMs agree with the RDMs of subjects.
#pragma once

#include "measures/rsa.hpp"

#include <armadillo>

#include <cstddef>

namespace engram::measures {

// RDMs are columns of pairs in the order of upper_triangle(): models are pairs × M, subjects pairs × S.
// NotApplicable for a number of pairs that is no C (C − 1) / 2, and no model or subject; std::invalid_argument for
// different numbers of pairs.

/// Performance of each model, its mean similarity with the subjects: M. A pair that is NaN in any of them is left out
/// of all, so that all models are judged on the same pairs.
arma::rowvec model_performance(const arma::mat &models, const arma::mat &subjects, const RdmSimilarity &how);

/// Of each model with each subject, M × S, with only the pairs left out that one of the two lacks.
arma::mat model_similarities(const arma::mat &models, const arma::mat &subjects, const RdmSimilarity &how);

/// C of such models and subjects.
std::size_t conditions_of(const arma::mat &models, const arma::mat &subjects);

/// Sets each pair that is NaN in any of them to NaN in all.
void share_missing_pairs(arma::mat &models, arma::mat &subjects);

} // namespace engram::measures
