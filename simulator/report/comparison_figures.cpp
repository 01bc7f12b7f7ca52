#include "report/comparison_figures.hpp"

#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "measures/rsa.hpp"
#include "recordings/rdms.hpp"
#include "report/comparison_maps.hpp"
#include "report/distinct.hpp"
#include "report/svg.hpp"
#include "report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::report {

namespace {

using recordings::Area;
using recordings::Comparison;
using recordings::Result;

const std::string ink = "#222222", pale = "#dddddd", band = "#bbbbbb";

std::vector<Result> pairs_of(const Comparison &c, const std::string &method) {
  std::vector<Result> out;
  std::copy_if(c.results.begin(), c.results.end(), std::back_inserter(out), [&](const auto &r) {
    return r.method == method && !r.region.empty() && !r.area.empty() && std::isfinite(r.value) &&
           !std::isfinite(r.time);
  });
  return out;
}

std::string title(const Comparison &c, const std::string &what) { return c.name + ": " + what; }

bool of_circuits(const Comparison &c, const Area &area) {
  return std::any_of(c.circuits.begin(), c.circuits.end(), [&](const Area &own) { return &own == &area; });
}

std::string bars(const Comparison &c, const std::string &method) {
  const auto results = pairs_of(c, method);
  const auto areas = distinct(results, &Result::area), regions = distinct(results, &Result::region);
  double low = 0, high = 0;
  for (const auto &r : results)
    for (const double v : {r.value, r.ci.low, r.ci.high, r.ceiling.high})
      if (std::isfinite(v)) {
        low = std::min(low, v);
        high = std::max(high, v);
      }
  if (high - low <= 0) high = low + 1;
  const double bar = 26, gap = 10, left = 70, panel = static_cast<double>(regions.size()) * (bar + gap) + gap;
  const double width = left + static_cast<double>(areas.size()) * (panel + 30) + 20, height = 470;
  Svg svg(std::max(width, 420.0), height);
  svg.text(left, 24, title(c, method), "start", 15, "font-weight=\"bold\"");
  const Axis y{low - 0.02 * (high - low), high + 0.06 * (high - low), 330, 60};
  const auto ticks = y.ticks();
  const auto labels = y.labels();
  for (std::size_t a = 0; a < areas.size(); ++a) {
    const double from = left + static_cast<double>(a) * (panel + 30);
    svg.text(from + panel / 2, 48, areas[a], "middle", 13);
    for (std::size_t k = 0; k < ticks.size(); ++k) {
      svg.line(from, y(ticks[k]), from + panel, y(ticks[k]), pale);
      if (a == 0) svg.text(from - 6, y(ticks[k]) + 4, labels[k], "end", 11);
    }
    for (const auto &r : results)
      if (r.area == areas[a] && std::isfinite(r.ceiling.low)) {
        const double top = y(r.ceiling.high), bottom = y(r.ceiling.low);
        svg.rectangle(from, top, panel, std::max(2.0, bottom - top), band);
        svg.text(from + panel - 4, top - 4, "ceiling", "end", 10);
        break;
      }
    for (std::size_t k = 0; k < regions.size(); ++k)
      for (const auto &r : results) {
        if (r.area != areas[a] || r.region != regions[k]) continue;
        const double x = from + gap + static_cast<double>(k) * (bar + gap);
        svg.rectangle(x, std::min(y(r.value), y(0)), bar, std::abs(y(r.value) - y(0)), colour(k));
        if (std::isfinite(r.ci.low)) svg.line(x + bar / 2, y(r.ci.low), x + bar / 2, y(r.ci.high), ink, 1.5);
        svg.text(0, 0, regions[k], "end", 11,
                 fmt::format("transform=\"translate({:.1f},{:.1f}) rotate(-45)\"", x + bar / 2 + 4, 346.0));
      }
    svg.line(from, y(0), from + panel, y(0), ink);
  }
  return svg.done();
}

std::string matrix(const Comparison &c, const std::string &method) {
  const auto results = pairs_of(c, method);
  const auto areas = distinct(results, &Result::area), regions = distinct(results, &Result::region);
  double low = results.front().value, high = low;
  for (const auto &r : results) {
    low = std::min(low, r.value);
    high = std::max(high, r.value);
  }
  // Pale, as there is text on it. Pairs of trains have no value that is neither like nor unlike; all else has 0.
  const bool of_pairs = results.front().of_pairs;
  const double most = std::max(std::abs(low), std::abs(high));
  const auto share = [&](double value) {
    if (of_pairs) return high > low ? 0.5 + 0.4 * (value - low) / (high - low) : 0.5;
    return most > 0 ? 0.5 + 0.4 * value / most : 0.5;
  };
  const double cell_x = 110, cell_y = 34, left = 220, top = 130;
  Svg svg(left + cell_x * static_cast<double>(areas.size()) + 30,
          top + cell_y * static_cast<double>(regions.size()) + 30);
  svg.text(20, 26, title(c, method + ", regions by areas"), "start", 15, "font-weight=\"bold\"");
  for (std::size_t a = 0; a < areas.size(); ++a)
    svg.text(0, 0, areas[a], "start", 12,
             fmt::format("transform=\"translate({:.1f},{:.1f}) rotate(-30)\"",
                         left + (static_cast<double>(a) + 0.4) * cell_x, top - 8));
  for (std::size_t k = 0; k < regions.size(); ++k)
    svg.text(left - 8, top + (static_cast<double>(k) + 0.6) * cell_y, regions[k], "end", 12);
  for (const auto &r : results) {
    const auto a = static_cast<double>(std::find(areas.begin(), areas.end(), r.area) - areas.begin());
    const auto k = static_cast<double>(std::find(regions.begin(), regions.end(), r.region) - regions.begin());
    svg.rectangle(left + a * cell_x, top + k * cell_y, cell_x - 2, cell_y - 2, diverging(share(r.value)));
    svg.text(left + (a + 0.5) * cell_x, top + (k + 0.62) * cell_y, shown(r.value), "middle", 12);
  }
  return svg.done();
}

// Dissimilarities as ranks in [0, 1]: what rank correlations see.
void draw_rdm(Svg &svg, const arma::mat &rdm, double x, double y, double side) {
  const arma::vec pairs = measures::upper_triangle(rdm);
  const arma::mat ranks = measures::rdm_of_pairs(measures::average_ranks(pairs));
  const double most = std::max(2.0, ranks.is_finite() ? ranks.max() : static_cast<double>(pairs.n_elem));
  arma::mat share = (ranks - 1) / (most - 1);
  share.diag().fill(std::numeric_limits<double>::quiet_NaN());
  draw_map(svg, share, x, y, side / static_cast<double>(rdm.n_rows), diverging);
}

std::string rdms(const Comparison &c) {
  std::vector<std::pair<std::string, arma::mat>> all;
  std::vector<std::string> notes; // the comparison has told them
  for (const auto *side : {&c.circuits, &c.recordings})
    for (const auto &area : *side) try {
        all.emplace_back(told_apart(c, area), arma::mean(recordings::rdms_of(area, "correlation", 1, notes), 2));
      } catch (const measures::NotApplicable &) { // it has none
      }
  if (all.empty() || all.front().second.n_rows < 3) return "";
  constexpr std::size_t columns = 4, most_names = 40;
  const bool named = c.conditions.size() <= most_names;
  const double side = 210, margin = named ? 110 : 20, pitch = side + margin + 20;
  const std::size_t rows = (all.size() + columns - 1) / columns;
  Svg svg(pitch * static_cast<double>(std::min(all.size(), columns)) + 20,
          60 + (side + 50) * static_cast<double>(rows));
  svg.text(20, 26, title(c, "dissimilarities of all pairs of conditions, ranked (blue: alike, red: unlike)"), "start",
           15, "font-weight=\"bold\"");
  for (std::size_t k = 0; k < all.size(); ++k) {
    const double x = margin + pitch * static_cast<double>(k % columns);
    const double y = 76 + (side + 50) * static_cast<double>(k / columns);
    svg.text(x, y - 8, all[k].first, "start", 13);
    draw_rdm(svg, all[k].second, x, y, side);
    const double cell = side / static_cast<double>(all[k].second.n_rows);
    if (named)
      for (std::size_t i = 0; i < c.conditions.size(); ++i)
        svg.text(x - 4, y + (static_cast<double>(i) + 0.7) * cell, c.conditions[i], "end", std::min(11.0, cell));
  }
  return svg.done();
}

} // namespace

std::string with_side(const Comparison &c, const Area &area) {
  if (c.circuits.empty() || c.recordings.empty()) return area.name;
  return (of_circuits(c, area) ? "circuit " : "recording ") + area.name;
}

std::string with_side(const Comparison &c, const std::string &name, std::size_t nth) {
  for (const auto *side : {&c.circuits, &c.recordings})
    for (const auto &area : *side)
      if (area.name == name && nth-- == 0) return with_side(c, area);
  return name;
}

std::string told_apart(const Comparison &c, const Area &area) {
  const auto &others = of_circuits(c, area) ? c.recordings : c.circuits;
  const bool both = std::any_of(others.begin(), others.end(), [&](const Area &o) { return o.name == area.name; });
  return both ? with_side(c, area) : area.name;
}

std::vector<std::pair<std::string, std::string>> comparison_figures(const Comparison &c) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto add = [&](std::string name, const std::string &figure) {
    std::replace(name.begin(), name.end(), ':', '-'); // of a method's variant
    if (!figure.empty()) out.emplace_back(name + ".svg", figure);
  };
  for (const auto &method : distinct(c.results, &Result::method)) {
    add(method + "-times", times_figure(c, method));
    if (pairs_of(c, method).empty()) continue;
    add(method + "-bars", bars(c, method));
    add(method + "-matrix", matrix(c, method));
  }
  add("rdms", rdms(c));
  add("raster", raster_figure(c));
  add("correlograms", correlograms_figure(c));
  add("receptive-fields", receptive_fields_figure(c));
  add("rate-maps", rate_maps_figure(c));
  add("tuning-fits", tuning_figure(c));
  add("courses", courses_figure(c));
  add("tuning", conditions_figure(c));
  for (const auto &table : c.tables)
    if (const auto figure = table_figure(c, table); !figure.empty()) add(name_of_table(c, table), figure);
  return out;
}

} // namespace engram::report
