// These functions draw maps of values as coloured cells, and the figures of single parts of a comparison.
#pragma once

#include "recordings/comparison.hpp"
#include "report/svg.hpp"

#include <armadillo>
#include <string>

namespace engram::report {

/// Colours of x in [0, 1], grey where it is not finite: from blue by white to red (ColorBrewer's RdBu), and from dark
/// to bright (matplotlib's viridis).
std::string diverging(double x);
std::string sequential(double x);

/// A map of values in [0, 1], row 0 on top, in squares of this side; what is not finite is left out.
void draw_map(Svg &svg, const arma::mat &values, double x, double y, double side, std::string (*colour)(double));

/// "circuit V1" or "recording V1", by the side that the area is of; the name alone where there is one side.
std::string with_side(const recordings::Comparison &comparison, const recordings::Area &area);
/// The same where both sides have an area of this name, else the name alone.
std::string told_apart(const recordings::Comparison &comparison, const recordings::Area &area);

/// Each "" where there is nothing to draw; of the first twelve units.
std::string receptive_fields_figure(const recordings::Comparison &comparison);
std::string rate_maps_figure(const recordings::Comparison &comparison);
/// A method's values in single bins of time, a panel for each area; "" where there are none.
std::string times_figure(const recordings::Comparison &comparison, const std::string &method);
/// Mean responses of the first twelve neurons with the curves that were fitted to them.
std::string tuning_figure(const recordings::Comparison &comparison);
/// Of every two of the first five units; on the diagonal of each with itself.
std::string correlograms_figure(const recordings::Comparison &comparison);

} // namespace engram::report
