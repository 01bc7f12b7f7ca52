// These functions compute statistics of spike trains: rates, intervals, variability, counts and correlograms.
#pragma once

#include "measures/observation.hpp"

#include <cstddef>
#include <vector>

namespace engram::measures {

/// Errors: NotApplicable when times are not sorted or not finite.
void require_sorted(const SpikeTrain &train);
/// Errors: NotApplicable when the window is empty or not finite.
void require_window(const Window &window);
/// Errors: NotApplicable when the window is not one, or when times are not sorted, not finite or outside it.
void require_train(const SpikeTrain &train, const Window &window);

/// Spikes per second.
double rate(const SpikeTrain &train, const Window &window);
/// Interspike intervals in ms: one less than there are spikes. Errors: NotApplicable when times are not sorted.
std::vector<double> intervals(const SpikeTrain &train);
/// Mean in ms; NaN without intervals.
double mean_interval(const std::vector<double> &intervals);
/// Coefficient of variation: standard deviation over mean. The deviation is that of the intervals as a population
/// (divided by n, as Elephant and SciPy's `variation` do). NaN with fewer than two intervals.
double cv(const std::vector<double> &intervals);
/// CV2 (Holt, Softky, Koch & Douglas 1996, J Neurophysiol 75:1806): mean of 2 |I₂ − I₁| / (I₂ + I₁) of neighbouring
/// intervals. NaN with fewer than two intervals. A pair of intervals that are both 0 counts as equal.
double cv2(const std::vector<double> &intervals);
/// Local variation (Shinomoto, Shima & Tanji 2003, Neural Comput 15:2823): mean of 3 (I₁ − I₂)² / (I₁ +
/// I₂)². NaN with fewer than two intervals. A pair of intervals that are both 0 counts as equal.
double lv(const std::vector<double> &intervals);

/// Number of bins of `width` ms that fit into the window. Errors: NotApplicable when no bin fits,
/// std::invalid_argument when the width is not positive.
std::size_t bin_count(const Window &window, double width);
/// Spikes by bin: bin k is [start + k width, start + (k + 1) width). The last bin holds a spike at `stop` too when the
/// bins fill the window; what is left of the window beyond the last whole bin is not counted.
std::vector<std::size_t> binned_counts(const SpikeTrain &train, const Window &window, double width);
/// Fano factor: variance (divided by n − 1) over mean of counts. NaN with fewer than two counts or no spike at all.
/// Elephant divides the variance by n.
double fano_factor(const std::vector<std::size_t> &counts);
/// Over trials: of the counts in the window.
double fano_factor(const std::vector<SpikeTrain> &trials, const Window &window);
/// Over windows of `width` ms of one train, as binned_counts() lays them.
double fano_factor(const SpikeTrain &train, const Window &window, double width);
/// Peristimulus time histogram in Hz: spikes of all trials by bin, per trial and second.
/// Errors: NotApplicable without trials.
std::vector<double> psth(const std::vector<SpikeTrain> &trials, const Window &window, double width);

/// The statistics of a train that was observed in some windows.
struct TrainStatistics {
  double rate = 0;          ///< Hz: spikes over the time that was observed
  double mean_interval = 0; ///< ms
  double cv = 0, cv2 = 0, lv = 0;
  double fano = 0;
};

/// Intervals, and the neighbouring ones of CV2 and LV, are of spikes of one window: none runs across a border. Longer
/// intervals than a window are not seen, so that in short windows their mean is too low. The Fano factor is over bins
/// of `fano_width` ms, laid from the beginning of each window; what is left of a window beyond its last whole bin is
/// not counted. NaN where the functions above give it, and without two bins. Errors: NotApplicable when nothing was
/// observed, or when times are not sorted or outside of all windows.
TrainStatistics train_statistics(const SpikeTrain &train, const Observation &observed, double fano_width);

/// Pairs of spikes by lag.
struct Correlogram {
  std::vector<double> lag;        ///< middle of each bin, ms: −K width … K width
  std::vector<std::size_t> count; ///< pairs in the bin
};

/// Pairs of a spike of `a` and one of `b` by lag t_b − t_a, so that a peak at positive lags says that b follows a. Bin
/// k of −K … K holds the lags nearest to k width; a lag half-way between two goes to the one farther from 0, so that a
/// correlogram and that of the swapped trains are mirror images. K = ⌊max_lag / width⌋. Nothing is normalised or
/// corrected for the window's edges.
/// Errors: NotApplicable when times are not sorted, std::invalid_argument when width is not positive or max_lag is
/// negative.
Correlogram cross_correlogram(const SpikeTrain &a, const SpikeTrain &b, double max_lag, double width);
/// The same of a train with itself, without the pairs of a spike with itself.
Correlogram autocorrelogram(const SpikeTrain &train, double max_lag, double width);
/// The pairs whose spikes lie in one window of what was observed (of both trains), and no others.
Correlogram cross_correlogram(const SpikeTrain &a, const SpikeTrain &b, double max_lag, double width,
                              const Observation &observed);
Correlogram autocorrelogram(const SpikeTrain &train, double max_lag, double width, const Observation &observed);

} // namespace engram::measures
