#include "report/comparison_report.hpp"

#include "data/json_text.hpp"
#include "report/number.hpp"
#include "report/text_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace engram::report {

namespace {

using Json = nlohmann::ordered_json;
using recordings::Comparison;
using recordings::Result;

Json interval(const measures::Interval &i) {
  return std::isfinite(i.low) && std::isfinite(i.high) ? Json::array({i.low, i.high}) : Json(nullptr);
}

Json text(const std::string &value) { return value.empty() ? Json(nullptr) : Json(value); }

/// Of conditions or neurons: a method that has none of them does not count them.
Json number_of(std::size_t n) { return n == 0 ? Json(nullptr) : Json(n); }

std::string or_dash(const std::string &text) { return text.empty() ? "-" : text; }

std::string count(std::size_t n) { return n == 0 ? "-" : std::to_string(n); }

std::string range(const measures::Interval &i) {
  if (!std::isfinite(i.low)) return "-";
  return i.low == i.high ? shown(i.low) : shown(i.low) + " to " + shown(i.high);
}

bool has(const std::vector<Result> &results, double Result::*what) {
  return std::any_of(results.begin(), results.end(), [&](const auto &r) { return std::isfinite(r.*what); });
}

std::string field(const std::string &text) { return data::csv_cell(text); }

std::string field(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }

std::string count_field(std::size_t n) { return n == 0 ? "" : std::to_string(n); }
// The first rows and columns, with what a row is above them.
std::string table_text(const recordings::Table &table, std::size_t most) {
  constexpr std::size_t most_columns = 16;
  const std::size_t columns = std::min(most_columns, table.columns.size());
  TextTable text;
  std::vector<std::string> head{table.of};
  for (std::size_t k = 0; k < columns; ++k) head.push_back(table.columns[k]);
  text.row(head);
  for (std::size_t r = 0; r < std::min(most, table.rows.size()); ++r) {
    std::vector<std::string> cells{data::printable_line(table.rows[r])};
    for (std::size_t k = 0; k < columns; ++k) cells.push_back(shown(table.values(r, k)));
    text.row(cells);
  }
  std::string out = table.method + " of " + data::printable_line(table.area) + "\n" + text.text();
  if (table.rows.size() > most)
    out += fmt::format("… {} more (--json and tables.csv have all)\n", table.rows.size() - most);
  if (columns < table.columns.size())
    out += fmt::format("… {} more columns (--json and tables.csv have all)\n", table.columns.size() - columns);
  return out;
}

} // namespace

std::string comparison_table(const Comparison &c) {
  const bool p = has(c.results, &Result::p), timed = has(c.results, &Result::time);
  const bool ceiling =
      std::any_of(c.results.begin(), c.results.end(), [](const auto &r) { return std::isfinite(r.ceiling.low); });
  TextTable table;
  std::vector<std::string> head{"method", "region", "area", "value"};
  if (timed) head.insert(head.begin() + 3, "at ms");
  if (ceiling) head.emplace_back("ceiling");
  if (p) head.emplace_back("p");
  head.insert(head.end(), {"conditions", "neurons"});
  table.row(head);
  for (const auto &r : c.results) {
    std::vector<std::string> cells{r.method, or_dash(r.region), or_dash(r.area), shown(r.value, r.ci.low, r.ci.high)};
    if (timed) cells.insert(cells.begin() + 3, std::isfinite(r.time) ? fmt::format("{:g}", r.time) : "-");
    if (ceiling) cells.push_back(range(r.ceiling));
    if (p) cells.push_back(shown(r.p));
    cells.push_back(count(r.conditions));
    cells.push_back(count(r.neurons));
    table.row(cells);
  }
  std::string out = c.results.empty() ? "" : table.text();
  TextTable contrasts;
  for (const auto &d : c.contrasts)
    if (d.corrected < 0.05)
      contrasts.row({d.area, d.difference > 0 ? d.first : d.second, "more than", d.difference > 0 ? d.second : d.first,
                     "by " + shown(std::abs(d.difference)), "p " + shown(d.corrected) + " (Holm)"});
  if (!c.contrasts.empty()) {
    const auto told = contrasts.text();
    out += told.empty() ? fmt::format("\nnone of {} differences between regions is significant at 0.05 (Holm)\n",
                                      c.contrasts.size())
                        : fmt::format("\nof {} differences between regions these are significant at 0.05:\n{}",
                                      c.contrasts.size(), told);
  }
  constexpr std::size_t most_rows = 40;
  for (const auto &one : c.tables)
    if (one.shown) out += "\n" + table_text(one, most_rows);
  if (!c.notes.empty() && !out.empty()) out += "\n";
  for (const auto &note : c.notes) out += "note: " + data::printable_line(note) + "\n";
  return out;
}

std::string comparison_json(const Comparison &c) {
  Json out;
  out["name"] = c.name;
  out["conditions"] = c.conditions.size();
  out["results"] = Json::array();
  for (const auto &r : c.results)
    out["results"].push_back({{"method", r.method},
                              {"region", text(r.region)},
                              {"area", text(r.area)},
                              {"value", number(r.value)},
                              {"ci", interval(r.ci)},
                              {"ceiling", interval(r.ceiling)},
                              {"p", number(r.p)},
                              {"conditions", number_of(r.conditions)},
                              {"neurons", number_of(r.neurons)},
                              {"time_ms", number(r.time)}});
  out["contrasts"] = Json::array();
  for (const auto &d : c.contrasts)
    out["contrasts"].push_back({{"method", d.method},
                                {"area", d.area},
                                {"first", d.first},
                                {"second", d.second},
                                {"difference", number(d.difference)},
                                {"ci", interval(d.ci)},
                                {"p", number(d.p)},
                                {"p_holm", number(d.corrected)}});
  if (!c.fits.empty()) out["tuning"] = Json::array();
  for (const auto &fit : c.fits) {
    Json j{{"area", fit.area}, {"neuron", fit.neuron}, {"curve", fit.curve}};
    const auto put = [&](const char *name, const numeric::Fitted &value) {
      j[name] = number(value.value);
      j[std::string(name) + "_se"] = number(value.standard_error);
    };
    put("preferred", fit.preferred);
    put("width", fit.width);
    put("baseline", fit.baseline);
    put("amplitude", fit.amplitude);
    j["r_squared"] = number(fit.r_squared);
    j["rivals"] = fit.rivals;
    out["tuning"].push_back(std::move(j));
  }
  if (!c.tables.empty()) out["tables"] = Json::array();
  for (const auto &table : c.tables) {
    Json rows = Json::array();
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      Json values = Json::array();
      for (std::size_t k = 0; k < table.columns.size(); ++k) values.push_back(number(table.values(r, k)));
      rows.push_back({{"name", table.rows[r]}, {"values", std::move(values)}});
    }
    out["tables"].push_back({{"method", table.method},
                             {"area", table.area},
                             {"of", table.of},
                             {"columns", table.columns},
                             {"rows", std::move(rows)}});
  }
  out["notes"] = c.notes;
  return data::json_text(out);
}

std::string comparison_csv(const Comparison &c) {
  std::string out = "method,region,area,value,ci_low,ci_high,ceiling_low,ceiling_high,p,conditions,neurons,time_ms\n";
  for (const auto &r : c.results)
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\n", field(r.method), field(r.region), field(r.area),
                       field(r.value), field(r.ci.low), field(r.ci.high), field(r.ceiling.low), field(r.ceiling.high),
                       field(r.p), count_field(r.conditions), count_field(r.neurons), field(r.time));
  return out;
}

std::string tables_csv(const Comparison &c) {
  std::string out = "method,area,of,row,column,value\n";
  for (const auto &table : c.tables)
    for (std::size_t r = 0; r < table.rows.size(); ++r)
      for (std::size_t k = 0; k < table.columns.size(); ++k)
        out += fmt::format("{},{},{},{},{},{}\n", field(table.method), field(table.area), field(table.of),
                           field(table.rows[r]), field(table.columns[k]), field(table.values(r, k)));
  return out;
}

} // namespace engram::report
