// spike_time_tiling() measures how two spike trains are correlated, whatever their rates.
#pragma once

#include "measures/spike_train.hpp"

namespace engram::measures {

/// Spike time tiling coefficient of Cutts & Eglen (2014, J Neurosci 34:14288),
/// ((P_A − T_B) / (1 − P_A T_B) + (P_B − T_A) / (1 − P_B T_A)) / 2, in [−1, 1]: T_A is the share of the window that
/// lies within `dt` ms of a spike of A, P_A the share of A's spikes within `dt` of a spike of B. Where P and T are both
/// 1 the term is 1, as in the authors' code and in Elephant. NaN where a train has no spikes. Of several windows, no
/// spike tiles beyond the borders of its own. Spikes outside of all are left out. Errors: NotApplicable for trains that
/// are not sorted, or windows without a duration; std::invalid_argument for dt not above 0.
double spike_time_tiling(const SpikeTrain &a, const SpikeTrain &b, const Observation &observed, double dt);

} // namespace engram::measures
