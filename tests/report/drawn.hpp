// These functions read the values of a figure back from its marks, by the numbers that stand at its axes.
#pragma once

#include "report/xml.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace drawn {

/// From places on the page to values, through the first and the last of the numbers at an axis.
struct Scale {
  std::vector<std::pair<double, double>> marks; ///< place, value
  bool logarithmic = false;
  double operator()(double place) const {
    const auto shown = [&](double v) { return logarithmic ? std::log10(v) : v; };
    const auto &[p, v] = marks.front();
    const auto &[q, w] = marks.back();
    const double between = shown(v) + (shown(w) - shown(v)) * (place - p) / (q - p);
    return logarithmic ? std::pow(10.0, between) : between;
  }
};

inline bool is_number(const std::string &text) {
  return !text.empty() && text.find_first_not_of("0123456789.+-e") == std::string::npos &&
         text.find_first_of("0123456789") != std::string::npos;
}

/// The scale of the horizontal or vertical numbers of draw_axes(): horizontal ones stand in the middle of their place,
/// vertical ones end left of it, 4 below.
inline Scale scale(const xml::Element &figure, bool horizontal, bool logarithmic = false) {
  Scale out;
  out.logarithmic = logarithmic;
  for (const auto &text : xml::all(figure, "text")) {
    if (!text.has("text-anchor", horizontal ? "middle" : "end") || !text.has("font-size", "11")) continue;
    if (!is_number(text.text)) continue;
    const double value = std::stod(text.text);
    if (logarithmic && value <= 0) continue;
    out.marks.emplace_back(horizontal ? text.number("x") : text.number("y") - 4, value);
  }
  if (out.marks.size() < 2) throw std::runtime_error("the axis has no two numbers");
  return out;
}

/// The corners of a polyline.
inline std::vector<std::pair<double, double>> points(const xml::Element &polyline) {
  std::vector<std::pair<double, double>> out;
  const std::string &text = polyline.at("points");
  for (std::size_t at = 0; at < text.size();) {
    const auto comma = text.find(',', at), end = text.find(' ', comma);
    out.emplace_back(std::stod(text.substr(at, comma - at)), std::stod(text.substr(comma + 1, end - comma - 1)));
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return out;
}

} // namespace drawn
