// RankSamples shares the samples of a rule's update out to ranks: each takes some, and all get each of them, in order.
#pragma once

#include "fidelity/update_moments.hpp"
#include "ranks/ranks.hpp"

#include <cstddef>
#include <functional>

namespace engram::fidelity {

/// A sample with what was measured of it alone.
template <class T> struct TakenSample {
  UpdateSample<T> sample; ///< projected
  double own = 0;         ///< ‖ĝ − ĝ'‖² / 2, where it is taken twice
};

template <class T> class RankSamples {
public:
  RankSamples(ranks::Ranks &ranks, std::size_t samples, int workers)
      : ranks_(ranks), samples_(samples), workers_(static_cast<std::size_t>(workers)) {}

  /// `take(worker, s)` takes sample s, in one of this rank's threads; `add` gets samples 0, 1, … and returns whether
  /// there are enough, which must depend on the samples alone; `asked_to_end` is asked after each. What a rank throws,
  /// it throws again, and the others throw Failed with the same words. Errors: Interrupted on all ranks where one was
  /// asked to end.
  void take(const std::function<TakenSample<T>(std::size_t worker, std::size_t s)> &take,
            const std::function<bool(const TakenSample<T> &)> &add, const std::function<bool()> &asked_to_end);

private:
  ranks::Ranks &ranks_;
  std::size_t samples_, workers_;
};

/// Do all ranks go on? Each says whether it does.
bool all_go_on(ranks::Ranks *ranks, bool this_one);

/// The numbers of rank 0 on all ranks, which have as many.
void take_from_first(ranks::Ranks *ranks, std::vector<arma::vec> &parts);

} // namespace engram::fidelity
