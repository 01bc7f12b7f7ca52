#include "report/fidelity_report.hpp"

#include "data/json_text.hpp"
#include "report/distinct.hpp"
#include "report/number.hpp"
#include "report/svg.hpp"
#include "report/text_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace engram::report {

namespace {
using Json = nlohmann::ordered_json;
using fidelity::Estimate;

Json interval(const Estimate &e) {
  if (!std::isfinite(e.ci.low) || !std::isfinite(e.ci.high)) return nullptr;
  return Json::array({e.ci.low, e.ci.high});
}

std::string with_interval(const Estimate &e) {
  if (e.ci.low == e.ci.high) return shown(e.value) + " exact";
  return shown(e.value, e.ci.low, e.ci.high);
}

std::string where(const FidelityRow &row) {
  return row.at + (row.along.empty() ? "" : row.along == "own" ? ", own learning" : ", reference's learning");
}

// The points of one rule for one projection, along one kind of learning, in its order. Those at the start belong to
// both kinds.
std::vector<const FidelityRow *> path(const FidelityReport &report, const std::string &rule,
                                      const std::string &projection, const std::string &along) {
  std::vector<const FidelityRow *> out;
  for (const auto &row : report.rows)
    if (row.rule == rule && row.projection == projection && (row.along.empty() || row.along == along))
      out.push_back(&row);
  std::stable_sort(out.begin(), out.end(), [](auto *a, auto *b) { return a->progress < b->progress; });
  return out;
}

void legend(Svg &svg, const std::vector<std::string> &rules, double x, double y) {
  for (std::size_t k = 0; k < rules.size(); ++k) {
    svg.circle(x, y + 18 * static_cast<double>(k) - 4, 4.5, colour(k));
    svg.text(x + 11, y + 18 * static_cast<double>(k), rules[k]);
  }
}

void arrow_head(Svg &svg, double x1, double y1, double x2, double y2, const std::string &colour) {
  const double angle = std::atan2(y2 - y1, x2 - x1);
  for (const double turn : {2.6, -2.6})
    svg.line(x2, y2, x2 + 8 * std::cos(angle + turn), y2 + 8 * std::sin(angle + turn), colour, 1.6);
}

Json to_json(const FidelityReport &report) {
  Json j{{"model", report.model}, {"seed", report.seed}, {"samples", report.samples}, {"trials", report.trials}};
  j["reference"] = report.reference;
  j["results"] = Json::array();
  for (const auto &row : report.rows) {
    const auto &f = row.fidelity;
    Json r{{"rule", row.rule}, {"projection", row.projection}, {"at", row.at}};
    r["along"] = row.along.empty() ? Json(nullptr) : Json(row.along);
    r["samples"] = f.samples;
    const auto put = [&](const char *name, const Estimate &e) {
      r[name] = number(e.value);
      r[std::string(name) + "_ci"] = interval(e);
    };
    put("cosine", f.cosine);
    put("cosine_of_mean", f.cosine_of_mean);
    put("bias", f.bias);
    put("variance", f.variance);
    put("scale", f.scale);
    r["trials_to_cosine_0.9"] = number(trials_to_cosine(row));
    if (row.minibatch) {
      const auto &m = *row.minibatch;
      r["minibatch"] = {{"size", m.size},
                        {"variance", number(m.variance.value)},
                        {"variance_ci", interval(m.variance)},
                        {"own", number(m.own.value)},
                        {"own_ci", interval(m.own)},
                        {"choice", number(m.choice)}};
    }
    j["results"].push_back(r);
  }
  j["cost"] = Json::array();
  for (const auto &[rule, passes] : report.cost)
    j["cost"].push_back({{"rule", rule}, {"forward_passes", number(passes)}});
  j["notes"] = report.notes;
  return j;
}

} // namespace

double trials_to_cosine(const FidelityRow &row) {
  const double samples = row.fidelity.samples_to_cosine;
  return std::isfinite(samples) ? std::max(1.0, std::ceil(samples * static_cast<double>(row.trials)))
                                : std::numeric_limits<double>::quiet_NaN();
}

std::string fidelity_table(const FidelityReport &report) {
  std::string out =
      fmt::format("{}: bias and variance against its exact gradient ({}); {} trials in a sample, 95 % intervals\n\n",
                  report.model, report.reference, report.trials);
  TextTable table;
  table.row(
      {"RULE", "AT", "PROJECTION", "BIAS", "VARIANCE", "COSINE OF A SAMPLE", "SCALE", "TRIALS TO 0.9", "SAMPLES"});
  std::string last;
  for (const auto &row : report.rows) {
    const std::string group = row.rule + "|" + where(row);
    const bool first = group != last;
    last = group;
    const auto &f = row.fidelity;
    const double trials = trials_to_cosine(row);
    table.row({first ? row.rule : "", first ? where(row) : "", row.projection, with_interval(f.bias),
               with_interval(f.variance), with_interval(f.cosine), shown(f.scale.value),
               std::isfinite(trials) ? fmt::format("{:.0f}", trials) : "never", std::to_string(f.samples)});
    if (row.minibatch)
      table.row({"", "", fmt::format("  minibatch of {}", row.minibatch->size), "",
                 with_interval(row.minibatch->variance),
                 fmt::format("of which {} is the rule's own, {} the choice of trials", shown(row.minibatch->own.value),
                             shown(row.minibatch->choice))});
  }
  out += table.text();
  for (const auto &note : report.notes) out += "\nnote: " + data::printable_line(note);
  return out + (report.notes.empty() ? "" : "\n");
}

std::string fidelity_cost(const FidelityReport &report) {
  std::string cost = "a sample costs, in forward passes of its circuit: ";
  for (std::size_t k = 0; k < report.cost.size(); ++k)
    cost += fmt::format("{}{} {:.1f}", k ? ", " : "", report.cost[k].first, report.cost[k].second);
  return cost;
}

std::string fidelity_json(const FidelityReport &report) { return data::json_text(to_json(report)); }

std::string fidelity_file(const FidelityReport &report) {
  const Json j = to_json(report);
  std::string out = "{";
  for (const auto &[key, value] : j.items()) {
    out += (out.size() == 1 ? "\n  " : ",\n  ") + data::json_text(Json(key)) + ": ";
    if (!value.is_array()) {
      out += data::json_text(value);
      continue;
    }
    out += "[";
    for (std::size_t k = 0; k < value.size(); ++k) out += (k ? ",\n    " : "\n    ") + data::json_text(value[k]);
    out += value.empty() ? "]" : "\n  ]";
  }
  return out + "\n}\n";
}

std::string fidelity_figure(const FidelityReport &report) {
  constexpr double left = 90, top = 46, width = 560, height = 380, strip = 15;
  const auto rules = distinct(report.rows, &FidelityRow::rule);
  // Rules that draw nothing lie side by side below the axis, a line for each.
  std::vector<std::string> still;
  double low = 1, high = 1;
  for (const auto &rule : rules) {
    bool draws = false;
    for (const auto &row : report.rows) {
      const auto &v = row.fidelity.variance;
      if (row.rule != rule || row.projection != "all" || !(v.value > 0)) continue;
      draws = true;
      for (const double x : {v.value, v.ci.low, v.ci.high})
        if (x > 1e-9) low = std::min(low, x), high = std::max(high, x);
    }
    if (!draws) still.push_back(rule);
  }
  const double under = strip * static_cast<double>(still.size()) + (still.empty() ? 0 : 24);
  Svg svg(left + width + 240, top + height + under + 60);
  const Axis x{0, 1, left, left + width, false};
  const Axis y{std::pow(10.0, std::floor(std::log10(low))), std::pow(10.0, std::ceil(std::log10(high * 1.01))),
               top + height, top, true};
  svg.text(left, top - 20, report.model, "start", 15, R"(font-weight="bold")");
  if (!still.empty()) svg.rectangle(left, top + height + 12, width, under - 12, "#f6f6f6");
  if (!still.empty()) svg.text(left - 6, top + height + 12 + under / 2, "0", "end", 11, R"(fill="#444")");
  draw_axes(svg, x, y, "", "variance  (of a sample, by the gradient's square)");
  const double bottom = top + height + under;
  for (const double tick : x.ticks()) {
    svg.line(x(tick), top + height, x(tick), bottom, "#e5e5e5");
    svg.text(x(tick), bottom + 16, fmt::format("{:g}", tick), "middle", 11, R"(fill="#444")");
  }
  svg.text(left + width / 2, bottom + 38, "bias  (sine of the angle between mean update and gradient)", "middle", 13);
  for (std::size_t k = 0; k < rules.size(); ++k) {
    const auto in_strip = std::find(still.begin(), still.end(), rules[k]);
    const auto place = [&](double variance) {
      if (in_strip != still.end())
        return top + height + 24 + strip * (static_cast<double>(in_strip - still.begin()) + 0.5) - 6;
      return y(std::clamp(variance, y.low, y.high));
    };
    for (const std::string along : {"reference", "own"}) {
      const auto points = path(report, rules[k], "all", along);
      for (std::size_t p = 0; p < points.size(); ++p) {
        const auto &f = points[p]->fidelity;
        if (!std::isfinite(f.bias.value) || !std::isfinite(f.variance.value)) continue;
        const double px = x(f.bias.value), py = place(f.variance.value);
        if (std::isfinite(f.bias.ci.low)) svg.line(x(f.bias.ci.low), py, x(f.bias.ci.high), py, colour(k), 1.2);
        if (std::isfinite(f.variance.ci.low))
          svg.line(px, place(f.variance.ci.low), px, place(f.variance.ci.high), colour(k), 1.2);
        if (along == "own" && p > 0 && std::isfinite(points[p - 1]->fidelity.bias.value)) {
          const auto &before = points[p - 1]->fidelity;
          const double bx = x(before.bias.value), by = place(before.variance.value);
          svg.line(bx, by, px, py, colour(k), 1.4);
          if (p + 1 == points.size() && std::hypot(px - bx, py - by) > 3) arrow_head(svg, bx, by, px, py, colour(k));
        }
        if (points[p]->along.empty())
          svg.circle(px, py, 5, colour(k));
        else if (along == "own")
          svg.circle(px, py, 3.2, "white", fmt::format(R"(stroke="{}" stroke-width="1.6")", colour(k)));
        else
          svg.rectangle(px - 2.5, py - 2.5, 5, 5, colour(k));
      }
    }
    if (in_strip != still.end())
      svg.text(left + width + 8, place(0) + 4, rules[k], "start", 11, fmt::format("fill=\"{}\"", colour(k)));
  }
  double line = top + 14;
  for (std::size_t k = 0; k < rules.size(); ++k) {
    if (std::find(still.begin(), still.end(), rules[k]) != still.end()) continue;
    svg.circle(left + width + 30, line - 4, 4.5, colour(k));
    svg.text(left + width + 41, line, rules[k]);
    line += 18;
  }
  if (distinct(report.rows, &FidelityRow::along).size() > 1) {
    line += 12;
    svg.circle(left + width + 30, line - 4, 5, "#444");
    svg.text(left + width + 41, line, "initial weights", "start", 11);
    svg.circle(left + width + 30, line + 14, 3.2, "white", R"(stroke="#444" stroke-width="1.6")");
    svg.text(left + width + 41, line + 18, "along its own learning", "start", 11);
    svg.rectangle(left + width + 27.5, line + 29.5, 5, 5, "#444");
    svg.text(left + width + 41, line + 36, "along the reference's learning", "start", 11);
  }
  return svg.done();
}

std::string cosine_figure(const FidelityReport &report) {
  constexpr double left = 70, top = 60, width = 260, height = 220, gap = 80;
  const auto rules = distinct(report.rows, &FidelityRow::rule);
  const auto projections = distinct(report.rows, &FidelityRow::projection);
  const std::size_t columns = std::clamp<std::size_t>(projections.size(), 1, 3),
                    lines = (projections.size() + columns - 1) / columns;
  const double page = left + static_cast<double>(columns) * (width + gap);
  Svg svg(page + 200, top + static_cast<double>(lines) * (height + gap));
  svg.text(left, 22, report.model, "start", 15, R"(font-weight="bold")");
  if (projections.empty()) svg.text(left, 44, "no projection was measured");
  for (std::size_t n = 0; n < projections.size(); ++n) {
    const std::size_t column = n % columns, line = n / columns;
    const double x0 = left + static_cast<double>(column) * (width + gap);
    const double y0 = top + static_cast<double>(line) * (height + gap);
    const Axis x{0, 100, x0, x0 + width, false}, y{-0.25, 1, y0 + height, y0, false};
    draw_axes(svg, x, y, "learning (%)", "cosine of the mean");
    svg.text(x0 + width / 2, y0 - 8, projections[n], "middle", 12, R"(font-weight="bold")");
    for (std::size_t k = 0; k < rules.size(); ++k) {
      std::vector<double> xs, ys;
      for (const auto *row : path(report, rules[k], projections[n], "own")) {
        const auto &c = row->fidelity.cosine_of_mean;
        if (!std::isfinite(c.value)) continue;
        xs.push_back(x(100 * row->progress));
        ys.push_back(y(std::max(c.value, y.low)));
        if (std::isfinite(c.ci.low))
          svg.line(xs.back(), y(std::max(c.ci.low, y.low)), xs.back(), y(std::max(c.ci.high, y.low)), colour(k));
        svg.circle(xs.back(), ys.back(), 3, colour(k));
      }
      svg.polyline(xs, ys, colour(k), 1.6);
    }
  }
  legend(svg, rules, page, top + 14);
  return svg.done();
}

} // namespace engram::report
