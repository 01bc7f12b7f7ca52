// nearest_stimuli() finds the stimulus that is most like each, so that responses to like stimuli can be compared.
#pragma once

#include <armadillo>

#include <cstddef>
#include <vector>

namespace engram::measures {

/// For each row of X, C × P (stimuli × pixels), the row of the smallest squared distance among those that are more than
/// `apart` rows away, the first of equals: stimuli that stand beside each other may be variants of one. On up to
/// `threads` threads, with the same result. Errors: NotApplicable where a row has none, or values that are not finite.
std::vector<std::size_t> nearest_stimuli(const arma::mat &x, std::size_t apart, int threads = 1);

/// Pearson correlation, by column of Y, C × N, of a response with the response to the nearest stimulus: how smooth the
/// tuning is. Errors: std::invalid_argument for another number of stimuli.
arma::vec correlation_with(const arma::mat &y, const std::vector<std::size_t> &nearest);

} // namespace engram::measures
