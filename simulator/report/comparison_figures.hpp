// comparison_figures() draws the results of a comparison as SVG.
#pragma once

#include "recordings/comparison.hpp"

#include <string>
#include <utility>
#include <vector>

namespace engram::report {

/// Names of files, and what is in them; those for which there is something to draw:
///   METHOD-bars.svg       a bar with its interval for each region, a panel for each area, the noise ceiling as a band
///   METHOD-matrix.svg     regions × areas
///   rdms.svg              the dissimilarities of each region and area, ranked, with the conditions' names
///   raster.svg            spikes of the units of each area, and their summed rate
///   correlograms.svg      pairs of spikes by lag, of the first units
///   receptive-fields.svg  the spike-triggered average of each of the first units: over lag, or as a picture
///   rate-maps.svg         rate over position, of each of the first units
///   courses.svg           mean response of each neuron by time bin (PSTH)
///   tuning.svg            mean response of each neuron by condition
///   head_direction.svg, track.svg, psychometric.svg   the tables of these methods as curves; METHOD-1.svg,
///   METHOD-2.svg of several
std::vector<std::pair<std::string, std::string>> comparison_figures(const recordings::Comparison &comparison);

} // namespace engram::report
