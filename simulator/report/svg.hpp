// An Svg is a drawing that is built up element by element. An Axis maps values to places in it.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace engram::report {

/// Text for use in XML.
std::string escape(const std::string &text);
/// A colour for the k-th of several things; the first are distinct also to the colour-blind (Okabe & Ito 2008).
std::string colour(std::size_t k);

class Svg {
public:
  Svg(double width, double height) : width_(width), height_(height) {}
  void line(double x1, double y1, double x2, double y2, const std::string &colour, double width = 1,
            const std::string &extra = "");
  void polyline(const std::vector<double> &x, const std::vector<double> &y, const std::string &colour, double width);
  void circle(double x, double y, double radius, const std::string &fill, const std::string &extra = "");
  /// Squares of one colour, at (column, row) of a grid whose cells have this side: one short path, whatever their
  /// number.
  void cells(double x, double y, double side, const std::vector<std::pair<std::size_t, std::size_t>> &places,
             const std::string &fill);
  void rectangle(double x, double y, double width, double height, const std::string &fill);
  /// anchor: "start", "middle", "end"
  void text(double x, double y, const std::string &what, const std::string &anchor = "start", double size = 12,
            const std::string &extra = "");
  std::string done() const;

private:
  double width_, height_;
  std::string body_;
};

/// From values to places on the page, linear or logarithmic.
struct Axis {
  double low = 0, high = 1; ///< values, low ≤ high; equal for constant data, see extent()
  double from = 0, to = 1;  ///< places
  bool logarithmic = false;
  double operator()(double value) const;
  /// The values at the two ends: low and high. Where these are equal, or differ by rounding alone, they are moved
  /// apart: by 5 % of the value to either side, by 0.05 about 0, by a decade on a logarithmic axis.
  std::pair<double, double> extent() const;
  /// Round values to mark, distinct and ascending.
  std::vector<double> ticks() const;
  /// The text at each tick. Texts of different ticks differ.
  std::vector<std::string> labels() const;
};

/// Axes with ticks, grid and names around the rectangle that x and y span; without x_name its numbers are left out too.
/// `marks` of x take the place of its ticks where there are some.
void draw_axes(Svg &svg, const Axis &x, const Axis &y, const std::string &x_name, const std::string &y_name,
               const std::vector<double> &marks = {});

} // namespace engram::report
