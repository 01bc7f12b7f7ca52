// These functions draw maps of values as coloured cells, and the figures of single parts of a comparison.
#pragma once

#include "recordings/comparison.hpp"
#include "report/svg.hpp"

#include <armadillo>
#include <cstddef>
#include <string>
#include <vector>

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

/// With its side, the nth area of this name, circuits first, as what was found of areas stands in their order.
std::string with_side(const recordings::Comparison &comparison, const std::string &name, std::size_t nth);

/// A page of square panels, as many as there are of the first twelve units.
inline constexpr std::size_t most_panels = 12, panels_across = 4;
struct Panel {
  double x = 0, y = 0; ///< the upper left corner
  static constexpr double side = 150;
};
Panel panel_of(std::size_t k);
Svg page_of_panels(const recordings::Comparison &comparison, const std::string &what, std::size_t panels);
/// A line above a panel, and lines below it.
void draw_caption(Svg &svg, const Panel &at, const std::string &head, const std::vector<std::string> &below);

/// Each "" where there is nothing to draw; of the first twelve units.
std::string receptive_fields_figure(const recordings::Comparison &comparison);
std::string rate_maps_figure(const recordings::Comparison &comparison);
/// A method's values in single bins of time, a panel for each area; "" where there are none.
std::string times_figure(const recordings::Comparison &comparison, const std::string &method);
/// Spikes of the units of each area by themselves, and their summed rate; of the first six areas.
std::string raster_figure(const recordings::Comparison &comparison);
/// The mean response of the first eight neurons of each area by time bin, and by condition.
std::string courses_figure(const recordings::Comparison &comparison);
std::string conditions_figure(const recordings::Comparison &comparison);
/// A table of rates along an axis, unit by unit (head_direction, track), or of choices by level (psychometric); "" of
/// others.
std::string table_figure(const recordings::Comparison &comparison, const recordings::Table &table);
/// The method of a table, with its area where there are several tables of the method.
std::string name_of_table(const recordings::Comparison &comparison, const recordings::Table &table);
/// Mean responses of the first twelve neurons with the curves that were fitted to them.
std::string tuning_figure(const recordings::Comparison &comparison);
/// Of every two of the first five units; on the diagonal of each with itself.
std::string correlograms_figure(const recordings::Comparison &comparison);

} // namespace engram::report
