// These figures show spikes against time, and responses against time and conditions, a panel for each area.
#include "report/comparison_maps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace engram::report {

namespace {

using recordings::Area;
using recordings::Comparison;

constexpr double left_edge = 70, line_panel = 230;

void head_of_page(Svg &svg, const Comparison &c, const std::string &what) {
  svg.text(left_edge, 26, c.name + ": " + what, "start", 15, "font-weight=\"bold\"");
}

// One area: a row for each unit, and below it the rate of all.
struct Raster {
  static constexpr std::size_t most_units = 100;
  static constexpr double most_ms = 2000, bin = 20, rate_height = 180;
  const Area *area;
  std::size_t units;
  double row; // on the page

  explicit Raster(const Area &of)
      : area(&of), units(std::min(of.trains.size(), most_units)),
        row(std::clamp(240.0 / static_cast<double>(units), 3.0, 30.0)) {}
  double rows_height() const { return row * static_cast<double>(units); }
  double height() const { return rows_height() + rate_height + 60; }

  void draw(Svg &svg, double top, const std::string &name) const {
    const double from = area->observed.start, to = std::min(area->observed.stop, from + most_ms);
    const double bottom = top + rows_height();
    svg.text(left_edge, top - 8, fmt::format("{}, {} of {} units", name, units, area->trains.size()), "start", 13);
    const Axis x{from, to, left_edge, 830};
    std::vector<double> counts(static_cast<std::size_t>(std::ceil((to - from) / bin)), 0.0);
    for (std::size_t u = 0; u < units; ++u)
      for (const double time : area->trains[u]) {
        if (time >= to) break;
        const double at = top + row * static_cast<double>(u);
        svg.line(x(time), at, x(time), at + 0.8 * row, "#222222", 0.8);
        counts[std::min(counts.size() - 1, static_cast<std::size_t>((time - from) / bin))] += 1;
      }
    std::vector<double> across, up;
    for (std::size_t k = 0; k < counts.size(); ++k) {
      across.push_back(x(from + (static_cast<double>(k) + 0.5) * bin));
      up.push_back(counts[k] / static_cast<double>(units) / bin * 1000);
    }
    const Axis y{0, 1.05 * std::max(1.0, *std::max_element(up.begin(), up.end())), bottom + 130, bottom + 16};
    draw_axes(svg, x, y, "time (ms)", "rate (Hz)");
    for (double &rate : up) rate = y(rate);
    svg.polyline(across, up, colour(0), 1.5);
  }
};

// The responses of an area that a panel shows: points × neurons.
struct Curves {
  const Area *area;
  arma::mat values;
};

std::vector<Curves> curves_of(const Comparison &c, arma::mat (*values_of)(const recordings::Responses &),
                              std::size_t fewest) {
  constexpr std::size_t most = 12;
  std::vector<Curves> out;
  for (const auto *side : {&c.circuits, &c.recordings})
    for (const auto &area : *side) {
      if (!area.responses || out.size() == most) continue;
      const arma::mat values = values_of(*area.responses);
      if (values.n_rows >= fewest && values.is_finite()) out.push_back({&area, values});
    }
  return out;
}

// Lines of the first neurons, with their names beside; returns the axis of the points.
Axis draw_curves(Svg &svg, const Comparison &c, const Curves &curves, const std::vector<double> &at, double top,
                 double height, const std::string &x_name) {
  constexpr std::size_t most_neurons = 8;
  const auto &responses = *curves.area->responses;
  const arma::mat values = curves.values.head_cols(std::min<arma::uword>(curves.values.n_cols, most_neurons));
  const double room = 0.05 * (values.max() - values.min());
  const Axis x{at.front(), at.back(), left_edge, 560}, y{values.min() - room, values.max() + room, top + height, top};
  draw_axes(svg, x, y, x_name, responses.unit.empty() ? "response" : "response (" + responses.unit + ")");
  svg.text(580, top + 4, told_apart(c, *curves.area), "start", 13);
  if (values.n_cols < curves.values.n_cols)
    svg.text(580, top + 20, fmt::format("the first {} of {} neurons", values.n_cols, curves.values.n_cols), "start",
             11);
  for (std::size_t n = 0; n < values.n_cols; ++n) {
    std::vector<double> across, up;
    for (std::size_t k = 0; k < values.n_rows; ++k) {
      across.push_back(x(at[k]));
      up.push_back(y(values(k, n)));
    }
    svg.polyline(across, up, colour(n), 1.3);
    const double beside = top + 36 + 15 * static_cast<double>(n);
    svg.line(580, beside - 4, 594, beside - 4, colour(n), 2);
    if (n < responses.neurons.size()) svg.text(600, beside, responses.neurons[n], "start", 11);
  }
  return x;
}

std::vector<double> places_of(std::size_t count) {
  std::vector<double> out;
  for (std::size_t k = 1; k <= count; ++k) out.push_back(static_cast<double>(k));
  return out;
}

} // namespace

std::string raster_figure(const Comparison &c) {
  constexpr std::size_t most_areas = 6;
  std::vector<Raster> panels;
  double height = 40;
  for (const auto *side : {&c.circuits, &c.recordings})
    for (const auto &area : *side)
      if (!area.trains.empty() && area.observed.duration() > 0 && panels.size() < most_areas) {
        panels.emplace_back(area);
        height += panels.back().height();
      }
  if (panels.empty()) return "";
  Svg svg(860, height);
  head_of_page(svg, c, "spikes");
  double top = 66;
  for (const auto &panel : panels) {
    panel.draw(svg, top, with_side(c, *panel.area));
    top += panel.height();
  }
  return svg.done();
}

std::string courses_figure(const Comparison &c) {
  const auto panels = curves_of(c, recordings::time_course, 3);
  if (panels.empty()) return "";
  Svg svg(760, 50 + line_panel * static_cast<double>(panels.size()));
  head_of_page(svg, c, "mean response over time");
  for (std::size_t k = 0; k < panels.size(); ++k) {
    const auto &times = panels[k].area->responses->times;
    const bool timed = times.size() == panels[k].values.n_rows;
    draw_curves(svg, c, panels[k], timed ? times : places_of(panels[k].values.n_rows),
                60 + line_panel * static_cast<double>(k), line_panel - 70, timed ? "time (ms)" : "time (bins)");
  }
  return svg.done();
}

std::string conditions_figure(const Comparison &c) {
  constexpr std::size_t most_names = 24, longest = 16;
  constexpr double room = 70; // below a panel, for the names
  const auto panels = curves_of(c, recordings::mean_response, 2);
  if (panels.empty()) return "";
  const double pitch = line_panel + room;
  Svg svg(760, 50 + pitch * static_cast<double>(panels.size()));
  head_of_page(svg, c, "mean response by condition");
  for (std::size_t k = 0; k < panels.size(); ++k) {
    const double top = 60 + pitch * static_cast<double>(k), height = line_panel - 70;
    const auto &names = panels[k].area->responses->conditions;
    const std::size_t count = panels[k].values.n_rows, every = (count + most_names - 1) / most_names;
    const Axis x = draw_curves(svg, c, panels[k], places_of(count), top, height, "");
    for (std::size_t i = 0; i < count && i < names.size(); i += every) {
      const double at = x(static_cast<double>(i + 1)), below = top + height + 12;
      const auto turned = fmt::format("transform=\"translate({:.1f},{:.1f}) rotate(-45)\"", at + 4, below);
      svg.text(0, 0, names[i].size() > longest ? names[i].substr(0, longest - 1) + "…" : names[i], "end", 10, turned);
    }
    svg.text((x.from + x.to) / 2, top + height + room + 14,
             every > 1 ? fmt::format("condition (every {}th is named)", every) : "condition", "middle", 13);
  }
  return svg.done();
}

} // namespace engram::report
