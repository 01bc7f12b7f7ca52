// Folds of a cross-validation say which conditions are held out together. for_each_part() does work fold by fold.
#pragma once

#include <armadillo>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace engram::measures {

/// One part of a cross-validation: indices of conditions, ascending.
struct Fold {
  arma::uvec training, held_out;
};

/// K folds of `conditions` conditions in random order; every condition is held out once, and the sizes differ by one
/// at most. NotApplicable unless 2 ≤ K ≤ conditions.
std::vector<Fold> make_folds(std::size_t conditions, std::size_t folds, std::uint64_t seed);

/// The same, stratified: of each label, the counts in the folds differ by one at most, and so do the folds' sizes.
/// One label for each condition. A label that is rarer than K is missing in some folds.
std::vector<Fold> make_folds(const arma::uvec &labels, std::size_t folds, std::uint64_t seed);

/// std::invalid_argument unless every one of the conditions is held out once and trained on in all other folds.
void require_partition(const std::vector<Fold> &folds, std::size_t conditions);

/// Calls work(0) … work(count − 1) on up to `threads` threads. Each call has to write to a place of its own, so that
/// results do not depend on the threads. A numeric::Watch of the calling thread is told how many are done. The first
/// exception that a call threw is thrown again.
void for_each_part(int threads, std::size_t count, const std::function<void(std::size_t)> &work);

} // namespace engram::measures
