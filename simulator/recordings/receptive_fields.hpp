// receptive_fields() finds the stimulus that precedes the spikes of each unit.
#pragma once

#include "measures/gabor_fit.hpp"
#include "recordings/area.hpp"

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace engram::recordings {

/// Of one unit; NaN where it has no spikes.
struct ReceptiveField {
  std::string unit;
  double spikes = 0;    ///< with a whole history
  arma::mat field;      ///< L × P: the spike-triggered average less the mean; row l is the sample l before the spike's
  std::size_t best = 0; ///< the row that holds the value of greatest size
  double peak = 0;      ///< that value, with its sign; in the unit of the stimulus
  double lag = 0;       ///< ms before the spike
  double separability = 0; ///< see measures::separability(); noise in the average lowers it
  double axes = std::numeric_limits<double>::quiet_NaN(); ///< of the covariance that are significant; NaN: not sought
  std::optional<measures::Gabor> gabor;                   ///< of the picture in row `best`
};

struct FieldOptions {
  double before = 0; ///< ms of stimulus before a spike; 0: 250, but no more than 200 samples
  std::uint64_t seed = 1;
  std::function<bool()> go_on; ///< asked between units; may be empty
};

/// Of so many units the field itself is kept.
inline constexpr std::size_t kept_fields = 12;

/// The fields of an area's units against its stimulus.
struct ReceptiveFields {
  std::string area, stimulus, unit;  ///< unit: of the stimulus
  double step = 0;                   ///< ms
  std::size_t height = 0, width = 0; ///< of a picture; 0: the stimulus is none
  std::vector<ReceptiveField> units;
};

/// Axes of the spike-triggered covariance are sought in histories of no more than this many values. In a longer history
/// samples are averaged in groups. Where a single sample has more values than this, no axes are sought. The average's
/// own axis is left out where the average is significant.
inline constexpr std::size_t most_axes = 64;

/// Fewer units than the area has where go_on() said no. Errors: measures::NotApplicable where there are no spikes, none
/// within the stimulus, or no stimulus (with why); those of the measures.
ReceptiveFields receptive_fields(const Area &area, const FieldOptions &options, std::vector<std::string> &notes);

} // namespace engram::recordings
