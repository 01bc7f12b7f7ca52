#include "report/comparison_maps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace engram::report {

namespace {

struct Rgb {
  double red = 0, green = 0, blue = 0;
};

// Linear between colours at equal distances.
std::string between(const std::vector<Rgb> &colours, double x) {
  if (!std::isfinite(x)) return "#eeeeee";
  const double place = std::clamp(x, 0.0, 1.0) * static_cast<double>(colours.size() - 1);
  const auto k = std::min(static_cast<std::size_t>(place), colours.size() - 2);
  const double part = place - static_cast<double>(k);
  const auto mix = [&](double Rgb::*what) {
    return static_cast<int>(std::lround(colours[k].*what + part * (colours[k + 1].*what - colours[k].*what)));
  };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(&Rgb::red), mix(&Rgb::green), mix(&Rgb::blue));
}

} // namespace

std::string diverging(double x) { return between({{33, 102, 172}, {247, 247, 247}, {178, 24, 43}}, x); }

std::string sequential(double x) {
  return between({{68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}}, x);
}

void draw_map(Svg &svg, const arma::mat &values, double x, double y, double side, std::string (*colour)(double)) {
  constexpr std::size_t shades = 48;
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> places(shades);
  for (std::size_t i = 0; i < values.n_rows; ++i)
    for (std::size_t j = 0; j < values.n_cols; ++j)
      if (const double v = values(i, j); std::isfinite(v))
        places[static_cast<std::size_t>(std::lround(std::clamp(v, 0.0, 1.0) * (shades - 1)))].emplace_back(j, i);
  for (std::size_t k = 0; k < shades; ++k)
    if (!places[k].empty()) svg.cells(x, y, side, places[k], colour(static_cast<double>(k) / (shades - 1)));
}

namespace {

constexpr double panel_pitch_x = 230, panel_pitch_y = 250;

} // namespace

Panel panel_of(std::size_t k) {
  const std::size_t row = k / panels_across;
  return {80 + panel_pitch_x * static_cast<double>(k % panels_across), 76 + panel_pitch_y * static_cast<double>(row)};
}

Svg page_of_panels(const recordings::Comparison &c, const std::string &what, std::size_t panels) {
  const std::size_t rows = (panels + panels_across - 1) / panels_across;
  Svg svg(std::max(700.0, 80 + panel_pitch_x * static_cast<double>(std::min(panels, panels_across))),
          70 + panel_pitch_y * static_cast<double>(rows));
  svg.text(20, 26, c.name + ": " + what, "start", 15, "font-weight=\"bold\"");
  return svg;
}

void draw_caption(Svg &svg, const Panel &at, const std::string &head, const std::vector<std::string> &below) {
  svg.text(at.x, at.y - 8, head, "start", 12);
  for (std::size_t k = 0; k < below.size(); ++k)
    svg.text(at.x, at.y + Panel::side + 18 + 15 * static_cast<double>(k), below[k], "start", 11);
}

} // namespace engram::report
