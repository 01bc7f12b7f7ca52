// These figures show receptive fields, rate maps and correlograms of the first units.
#include "measures/spike_train.hpp"
#include "report/comparison_maps.hpp"
#include "report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace engram::report {

namespace {

using recordings::Area;
using recordings::Comparison;
using recordings::ReceptiveField;
using recordings::ReceptiveFields;

// The name of the area that one of `all` is of, with its side.
template <class Found> std::string area_in(const Comparison &c, const std::vector<Found> &all, const Found *one) {
  const auto before = std::count_if(all.data(), one, [&](const Found &other) { return other.area == one->area; });
  return with_side(c, one->area, static_cast<std::size_t>(before));
}

// The average against time before the spike.
void draw_course(Svg &svg, const Panel &at, const ReceptiveFields &all, const ReceptiveField &unit) {
  const arma::vec field = unit.field.col(0);
  const double last = static_cast<double>(field.n_elem - 1) * all.step;
  const double low = std::min(0.0, field.min()), high = std::max(0.0, field.max()), room = 0.05 * (high - low);
  const Axis x{-std::max(last, all.step), 0, at.x, at.x + Panel::side},
      y{low - room, high + room, at.y + Panel::side, at.y};
  draw_axes(svg, x, y, "ms from the spike", all.unit.empty() ? "above the mean" : all.unit + " above the mean");
  std::vector<double> across, up;
  for (arma::uword l = 0; l < field.n_elem; ++l) {
    across.push_back(x(-static_cast<double>(l) * all.step));
    up.push_back(y(field[l]));
  }
  svg.polyline(across, up, colour(0), 1.5);
  svg.circle(x(-unit.lag), y(unit.peak), 3, colour(1));
}

// Where the envelope of a Gabor function has fallen to half.
void draw_envelope(Svg &svg, const Panel &at, double side, const measures::Gabor &gabor) {
  constexpr std::size_t corners = 48;
  const double half = std::sqrt(2 * std::numbers::ln2), turn = gabor.orientation.value * std::numbers::pi / 180;
  std::vector<double> x, y;
  for (std::size_t k = 0; k <= corners; ++k) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(k) / corners;
    const double along = half * gabor.sigma_x.value * std::cos(angle),
                 across = half * gabor.sigma_y.value * std::sin(angle);
    x.push_back(at.x + side * (gabor.x.value + 0.5 + along * std::cos(turn) - across * std::sin(turn)));
    y.push_back(at.y + side * (gabor.y.value + 0.5 + along * std::sin(turn) + across * std::cos(turn)));
  }
  svg.polyline(x, y, "#222222", 1.2);
}

void draw_picture(Svg &svg, const Panel &at, const ReceptiveFields &all, const ReceptiveField &unit) {
  const arma::mat picture = arma::reshape(unit.field.row(unit.best), all.width, all.height).t();
  const double side = Panel::side / static_cast<double>(std::max(all.width, all.height));
  draw_map(svg, 0.5 + 0.5 * picture / std::abs(unit.peak), at.x, at.y, side, diverging);
  // One that reaches far out of the picture is no envelope.
  const auto inside = [&](const measures::Gabor &g) {
    return std::max(g.sigma_x.value, g.sigma_y.value) < static_cast<double>(std::max(all.width, all.height));
  };
  if (unit.gabor && inside(*unit.gabor)) draw_envelope(svg, at, side, *unit.gabor);
}

// Lags × channels, the spike's sample at the bottom; long histories are drawn in groups of samples.
void draw_channels(Svg &svg, const Panel &at, const ReceptiveField &unit) {
  constexpr arma::uword most_rows = 50;
  const arma::uword rows = std::min(unit.field.n_rows, most_rows), channels = unit.field.n_cols;
  const double height = Panel::side / static_cast<double>(rows), width = Panel::side / static_cast<double>(channels);
  for (arma::uword k = 0; k < rows; ++k) {
    const arma::uword first = k * unit.field.n_rows / rows, last = (k + 1) * unit.field.n_rows / rows - 1;
    const arma::rowvec mean = arma::mean(unit.field.rows(first, last), 0);
    for (arma::uword p = 0; p < channels; ++p)
      svg.rectangle(at.x + width * static_cast<double>(p), at.y + Panel::side - height * static_cast<double>(k + 1),
                    width + 0.3, height + 0.3, diverging(0.5 + 0.5 * mean[p] / std::abs(unit.peak)));
  }
}

void draw_field(Svg &svg, const Panel &at, const std::string &area, const ReceptiveFields &all,
                const ReceptiveField &unit) {
  constexpr arma::uword most_channels = 200;
  const bool picture = all.height > 0;
  std::vector<std::string> below;
  const auto best = fmt::format("{} at {} ms before the spike", shown(unit.peak), shown(unit.lag));
  if (picture) {
    draw_picture(svg, at, all, unit);
    below.push_back(best);
    if (unit.gabor)
      below.push_back(fmt::format("Gabor: R² {:.2f}, {:.3f} cycles/px, {:.0f}°", unit.gabor->quality.r_squared,
                                  unit.gabor->frequency.value, unit.gabor->orientation.value) +
                      (unit.gabor->quality.rivals > 0 ? ", one of several that fit" : ""));
  } else if (unit.field.n_cols == 1) {
    draw_course(svg, at, all, unit);
  } else if (unit.field.n_cols <= most_channels) {
    draw_channels(svg, at, unit);
    below.push_back(best);
    below.push_back(
        fmt::format("channels; upwards {} ms back", shown(static_cast<double>(unit.field.n_rows) * all.step)));
  }
  below.push_back(fmt::format("{} spikes", unit.spikes));
  draw_caption(svg, at, fmt::format("{}, unit {}", area, unit.unit), below);
}

} // namespace

std::string receptive_fields_figure(const Comparison &c) {
  std::vector<std::pair<const ReceptiveFields *, const ReceptiveField *>> units;
  for (const auto &area : c.fields)
    for (const auto &unit : area.units)
      if (std::isfinite(unit.peak) && unit.peak != 0 && !unit.field.is_empty() && units.size() < most_panels)
        units.emplace_back(&area, &unit);
  if (units.empty()) return "";
  Svg svg =
      page_of_panels(c, "average of " + units.front().first->stimulus + " before a spike, less its mean", units.size());
  for (std::size_t k = 0; k < units.size(); ++k)
    draw_field(svg, panel_of(k), area_in(c, c.fields, units[k].first), *units[k].first, *units[k].second);
  return svg.done();
}

std::string rate_maps_figure(const Comparison &c) {
  std::vector<std::pair<const recordings::RateMaps *, const recordings::UnitMap *>> units;
  for (const auto &area : c.maps)
    for (const auto &unit : area.units)
      if (units.size() < most_panels) units.emplace_back(&area, &unit);
  if (units.empty()) return "";
  Svg svg = page_of_panels(c, "rate over position (dark: 0, bright: most)", units.size());
  for (std::size_t k = 0; k < units.size(); ++k) {
    const auto &[area, unit] = units[k];
    const auto at = panel_of(k);
    const arma::vec known = unit->rate.elem(arma::find_finite(unit->rate));
    const double most = known.is_empty() ? 0 : known.max();
    const arma::mat upright = arma::flipud(unit->rate) / (most > 0 ? most : 1); // row 0 is the least y
    draw_map(svg, upright, at.x, at.y, Panel::side / static_cast<double>(std::max(upright.n_rows, upright.n_cols)),
             sequential);
    std::string grid = "grid " + shown(unit->grid.score);
    if (std::isfinite(unit->grid.spacing))
      grid += fmt::format(", {:.1f} cm, {:.0f}°", unit->grid.spacing * area->arena.bin, unit->grid.orientation);
    draw_caption(svg, at, fmt::format("{}, unit {}", area_in(c, c.maps, area), unit->unit),
                 {fmt::format("peak {} Hz, {} bits/spike", shown(most), shown(unit->bits_per_spike)),
                  fmt::format("border {}", shown(unit->border)), grid});
  }
  return svg.done();
}

std::string correlograms_figure(const Comparison &c) {
  const Area *with = nullptr;
  for (const auto *side : {&c.circuits, &c.recordings})
    for (const auto &area : *side)
      if (!area.trains.empty() && !with) with = &area;
  if (!with) return "";
  constexpr std::size_t most = 5;
  constexpr double reach = 50, width = 1, side = 120, pitch = 190, left = 90, top = 70; // ms, ms, and on the page
  const std::size_t units = std::min(with->trains.size(), most);
  Svg svg(std::max(640.0, left + pitch * static_cast<double>(units)), top + pitch * static_cast<double>(units) + 10);
  svg.text(20, 26, c.name + ": " + with_side(c, *with) + ", pairs of spikes by lag", "start", 15,
           "font-weight=\"bold\"");
  for (std::size_t i = 0; i < units; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const auto &a = with->trains[j], &b = with->trains[i];
      const auto seen = measures::common(recordings::observation_of(*with, j), recordings::observation_of(*with, i));
      const auto found = i == j ? measures::autocorrelogram(a, reach, width, seen)
                                : measures::cross_correlogram(a, b, reach, width, seen);
      const double highest = static_cast<double>(*std::max_element(found.count.begin(), found.count.end()));
      const double from = left + pitch * static_cast<double>(j), above = top + pitch * static_cast<double>(i);
      const Axis x{-reach, reach, from, from + side}, y{0, std::max(1.0, highest * 1.05), above + side, above};
      draw_axes(svg, x, y, i + 1 == units ? "lag (ms)" : "", "");
      for (std::size_t k = 0; k < found.lag.size(); ++k) {
        const double height = y(0) - y(static_cast<double>(found.count[k]));
        if (height > 0)
          svg.rectangle(x(found.lag[k] - width / 2), y(0) - height, side * width / (2 * reach), height,
                        colour(i == j ? 0 : 1));
      }
      svg.text(from, above - 6, i == j ? "unit " + with->units[i] : with->units[i] + " after " + with->units[j],
               "start", 11);
    }
  return svg.done();
}

} // namespace engram::report
