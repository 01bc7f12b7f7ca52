// times_figure() draws a method's values in single bins of time, and tuning_figure() draws tuning curves with their
// fits.
#include "report/comparison_maps.hpp"
#include "report/distinct.hpp"
#include "report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::report {

using recordings::Comparison;
using recordings::Result;

std::string times_figure(const Comparison &c, const std::string &method) {
  std::vector<Result> rows;
  std::copy_if(c.results.begin(), c.results.end(), std::back_inserter(rows),
               [&](const Result &r) { return r.method == method && std::isfinite(r.time) && std::isfinite(r.value); });
  if (rows.size() < 2) return "";
  const auto areas = distinct(rows, &Result::area), regions = distinct(rows, &Result::region);
  double low = 0, high = 0, first = rows.front().time, last = first;
  for (const auto &r : rows) {
    for (const double v : {r.value, r.ci.low, r.ci.high, r.ceiling.high})
      if (std::isfinite(v)) {
        low = std::min(low, v);
        high = std::max(high, v);
      }
    first = std::min(first, r.time);
    last = std::max(last, r.time);
  }
  const double room = 0.05 * (high - low), height = 260;
  Svg svg(760, 50 + height * static_cast<double>(areas.size()));
  svg.text(70, 26, c.name + ": " + method + " by time", "start", 15, "font-weight=\"bold\"");
  for (std::size_t a = 0; a < areas.size(); ++a) {
    const double top = 60 + height * static_cast<double>(a);
    const Axis x{first, last, 70, 540}, y{low - room, high + room, top + height - 75, top};
    draw_axes(svg, x, y, "time (ms)", method);
    svg.text(560, top + 12, areas[a], "start", 13);
    for (std::size_t k = 0; k < regions.size(); ++k) {
      std::vector<double> across, up, at_ceiling, ceiling;
      for (const auto &r : rows) {
        if (r.area != areas[a] || r.region != regions[k]) continue;
        across.push_back(x(r.time));
        up.push_back(y(r.value));
        if (std::isfinite(r.ci.low)) svg.line(x(r.time), y(r.ci.low), x(r.time), y(r.ci.high), colour(k), 1);
        svg.circle(x(r.time), y(r.value), 3, colour(k));
        if (k > 0 || !std::isfinite(r.ceiling.high)) continue;
        at_ceiling.push_back(x(r.time));
        ceiling.push_back(y(r.ceiling.high));
      }
      svg.polyline(at_ceiling, ceiling, "#bbbbbb", 3);
      svg.polyline(across, up, colour(k), 1.5);
      svg.circle(564, top + 32 + 17 * static_cast<double>(k), 4, colour(k));
      svg.text(574, top + 36 + 17 * static_cast<double>(k), regions[k], "start", 11);
    }
    if (std::any_of(rows.begin(), rows.end(), [](const Result &r) { return std::isfinite(r.ceiling.high); }))
      svg.text(560, top + 40 + 17 * static_cast<double>(regions.size()), "grey: ceiling", "start", 11);
  }
  return svg.done();
}

std::string tuning_figure(const Comparison &c) {
  constexpr std::size_t most = 12, across = 4;
  constexpr double side = 150, pitch_x = 235, pitch_y = 245;
  const std::size_t panels = std::min(c.fits.size(), most);
  if (panels == 0) return "";
  Svg svg(80 + pitch_x * static_cast<double>(std::min(panels, across)),
          70 + pitch_y * static_cast<double>((panels + across - 1) / across));
  svg.text(20, 26, c.name + ": mean responses and fitted curves", "start", 15, "font-weight=\"bold\"");
  for (std::size_t k = 0; k < panels; ++k) {
    const auto &fit = c.fits[k];
    const double left = 80 + pitch_x * static_cast<double>(k % across),
                 top = 76 + pitch_y * static_cast<double>(k / across);
    const double low = std::min({0.0, fit.responses.min(), fit.values.min()}),
                 high = std::max(fit.responses.max(), fit.values.max()), room = 0.05 * (high - low);
    const bool angles = fit.curve == "orientation" || fit.curve == "direction";
    const Axis x{fit.at.min(), fit.at.max(), left, left + side, fit.curve == "logarithmic"},
        y{low - room, high + room, top + side, top};
    draw_axes(svg, x, y, angles ? fit.curve + " (degrees)" : "condition", "response");
    std::vector<double> along, up;
    for (arma::uword i = 0; i < fit.at.n_elem; ++i) {
      along.push_back(x(fit.at[i]));
      up.push_back(y(fit.values[i]));
    }
    svg.polyline(along, up, colour(0), 1.5);
    for (arma::uword i = 0; i < fit.numbers.n_elem; ++i)
      svg.circle(x(fit.numbers[i]), y(fit.responses[i]), 2.5, colour(1));
    svg.text(left, top - 8, fit.area + ", neuron " + fit.neuron, "start", 12);
    svg.text(left, top + side + 48,
             fmt::format("at {} ± {}, width {}, R² {:.2f}", shown(fit.preferred.value),
                         shown(fit.preferred.standard_error), shown(fit.width.value), fit.r_squared) +
                 (fit.rivals > 0 ? ", one of several that fit" : ""),
             "start", 11);
  }
  return svg.done();
}

} // namespace engram::report
