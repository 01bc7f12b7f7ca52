// table_figure() draws the tables of which a reader expects a curve: rates along an axis, and choices by level.
#include "report/comparison_maps.hpp"
#include "report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace engram::report {

namespace {

using recordings::Comparison;
using recordings::Table;

// The number that a text begins with.
std::optional<double> number_in(const std::string &text, std::size_t from = 0) {
  double value = 0;
  const auto parsed = std::from_chars(text.data() + from, text.data() + text.size(), value);
  return parsed.ec == std::errc() ? std::optional(value) : std::nullopt;
}

arma::vec column_of(const Table &table, const std::string &name) {
  const auto found = std::find(table.columns.begin(), table.columns.end(), name);
  if (found == table.columns.end()) return {};
  return table.values.col(static_cast<arma::uword>(found - table.columns.begin()));
}

// Columns "Hz at 15", "Hz at 35 cm": their places and numbers.
struct RateColumns {
  std::vector<double> at;
  std::vector<arma::uword> columns;
};

RateColumns rates_in(const Table &table) {
  const std::string begins = "Hz at ";
  RateColumns out;
  for (std::size_t k = 0; k < table.columns.size(); ++k)
    if (table.columns[k].starts_with(begins))
      if (const auto place = number_in(table.columns[k], begins.size())) {
        out.at.push_back(*place);
        out.columns.push_back(k);
      }
  return out;
}

std::string area_of_table(const Comparison &c, const Table &table) {
  const auto before = std::count_if(c.tables.data(), &table, [&](const Table &other) {
    return other.method == table.method && other.area == table.area;
  });
  return with_side(c, table.area, static_cast<std::size_t>(before));
}

// Some of them, so that numbers have room below a panel.
std::vector<double> few_of(const std::vector<double> &ticks) {
  constexpr std::size_t most = 4;
  std::vector<double> out;
  for (std::size_t k = 0; k < ticks.size(); k += (ticks.size() + most - 1) / most) out.push_back(ticks[k]);
  return out;
}

// A panel for each unit: of the first column, what the unit's is, and its rate along the axis.
std::string rate_curves(const Comparison &c, const Table &table, const std::string &x_name, bool around) {
  const auto rates = rates_in(table);
  if (rates.at.size() < 3 || table.rows.empty()) return "";
  const std::size_t panels = std::min(table.rows.size(), most_panels);
  Svg svg = page_of_panels(c, area_of_table(c, table) + ", rate by " + x_name, panels);
  for (std::size_t u = 0; u < panels; ++u) {
    const auto at = panel_of(u);
    double most = 0;
    for (const auto column : rates.columns)
      if (const double v = table.values(u, column); std::isfinite(v)) most = std::max(most, v);
    const Axis x{around ? 0 : rates.at.front(), around ? 360 : rates.at.back(), at.x, at.x + Panel::side},
        y{0, most > 0 ? 1.05 * most : 1, at.y + Panel::side, at.y};
    draw_axes(svg, x, y, x_name, u % panels_across == 0 ? "rate (Hz)" : "",
              around ? std::vector<double>{0, 90, 180, 270, 360} : few_of(x.ticks()));
    std::vector<double> across, up;
    const auto end_line = [&] { // where the animal never was there is no rate
      if (!across.empty()) svg.polyline(across, up, colour(0), 1.5);
      across.clear();
      up.clear();
    };
    for (std::size_t k = 0; k < rates.at.size(); ++k) {
      const double v = table.values(u, rates.columns[k]);
      if (!std::isfinite(v)) {
        end_line();
        continue;
      }
      across.push_back(x(rates.at[k]));
      up.push_back(y(v));
    }
    end_line();
    svg.text(at.x, at.y - 8, fmt::format("unit {}, peak {} Hz", table.rows[u], shown(most)), "start", 12);
    svg.text(at.x, at.y + Panel::side + 54, fmt::format("{} {}", table.columns[0], shown(table.values(u, 0))), "start",
             11);
  }
  return svg.done();
}

// Share of right choices by level, with Wilson's interval.
std::string choices_by_level(const Comparison &c, const Table &table) {
  const arma::vec share = column_of(table, "correct"), low = column_of(table, "low"), high = column_of(table, "high");
  if (share.n_elem < 2 || low.is_empty() || high.is_empty()) return "";
  std::vector<double> at;
  for (const auto &name : table.rows)
    if (const auto level = number_in(name)) at.push_back(*level);
  const bool numbers = at.size() == table.rows.size() && std::is_sorted(at.begin(), at.end());
  if (!numbers) {
    at.clear();
    for (std::size_t k = 0; k < table.rows.size(); ++k) at.push_back(static_cast<double>(k + 1));
  }
  Svg svg(560, 360);
  svg.text(70, 26, fmt::format("{}: {}, share of right choices", c.name, table.area), "start", 15,
           "font-weight=\"bold\"");
  const double room = 0.04 * (at.back() - at.front());
  const Axis x{at.front() - room, at.back() + room, 70, 520}, y{0, 1.02, 300, 50};
  draw_axes(svg, x, y, numbers ? table.of : table.of + " (in order)", "share correct");
  std::vector<double> across, up;
  for (std::size_t k = 0; k < at.size(); ++k) {
    if (!std::isfinite(share[k])) continue;
    if (std::isfinite(low[k])) svg.line(x(at[k]), y(low[k]), x(at[k]), y(high[k]), "#222222", 1.5);
    svg.circle(x(at[k]), y(share[k]), 3.5, colour(0));
    across.push_back(x(at[k]));
    up.push_back(y(share[k]));
  }
  svg.polyline(across, up, colour(0), 1.2);
  return svg.done();
}

} // namespace

std::string table_figure(const Comparison &c, const Table &table) {
  if (table.method == "head_direction") return rate_curves(c, table, "direction (degrees)", true);
  if (table.method == "track") return rate_curves(c, table, "position (cm)", false);
  if (table.method == "psychometric") return choices_by_level(c, table);
  return "";
}

std::string name_of_table(const Comparison &c, const Table &table) {
  std::size_t alike = 0, place = 0;
  for (const auto &other : c.tables)
    if (other.method == table.method) {
      ++alike;
      if (&other <= &table) ++place;
    }
  return alike > 1 ? fmt::format("{}-{}", table.method, place) : table.method;
}

} // namespace engram::report
