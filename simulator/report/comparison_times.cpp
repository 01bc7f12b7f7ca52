// What a bin of time says by itself, along time.
#include "report/comparison_maps.hpp"
#include "report/distinct.hpp"
#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::report {

using comparison::Comparison;
using comparison::Result;

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
  const double room = 0.05 * std::max(high - low, 1e-12), height = 260;
  Svg svg(760, 50 + height * static_cast<double>(areas.size()));
  svg.text(70, 26, c.name + ": " + method + " by time", "start", 15, "font-weight=\"bold\"");
  for (std::size_t a = 0; a < areas.size(); ++a) {
    const double top = 60 + height * static_cast<double>(a);
    const Axis x{first, std::max(last, first + 1e-9), 70, 540}, y{low - room, high + room, top + height - 75, top};
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

} // namespace engram::report
