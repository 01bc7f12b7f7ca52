#include "report/svg.hpp"

#include "data/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace engram::report {

std::string escape(const std::string &text) {
  std::string out;
  for (const char c : data::printable_line(text)) { // XML 1.0 takes UTF-8 alone, no control characters, no U+FFFF
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  }
  return out;
}

std::string colour(std::size_t k) {
  static constexpr std::array<const char *, 20> colours{
      "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f3c8d", "#555555", "#8c510a", "#1b7837",
      "#c51b7d", "#2166ac", "#b2182b", "#35978f", "#a6761d", "#6a3d9a", "#666600", "#e7298a", "#1f78b4", "#33a02c"};
  return colours[k % colours.size()];
}

void Svg::line(double x1, double y1, double x2, double y2, const std::string &colour, double width,
               const std::string &extra) {
  body_ += fmt::format(R"(<line x1="{:.2f}" y1="{:.2f}" x2="{:.2f}" y2="{:.2f}" stroke="{}" stroke-width="{}" {}/>)"
                       "\n",
                       x1, y1, x2, y2, colour, width, extra);
}

void Svg::polyline(const std::vector<double> &x, const std::vector<double> &y, const std::string &colour,
                   double width) {
  std::string points;
  for (std::size_t k = 0; k < x.size(); ++k) points += fmt::format("{:.2f},{:.2f} ", x[k], y[k]);
  body_ += fmt::format(R"(<polyline points="{}" fill="none" stroke="{}" stroke-width="{}"/>)"
                       "\n",
                       points, colour, width);
}

void Svg::circle(double x, double y, double radius, const std::string &fill, const std::string &extra) {
  body_ += fmt::format(R"(<circle cx="{:.2f}" cy="{:.2f}" r="{}" fill="{}" {}/>)"
                       "\n",
                       x, y, radius, fill, extra);
}

void Svg::cells(double x, double y, double side, const std::vector<std::pair<std::size_t, std::size_t>> &places,
                const std::string &fill) {
  if (places.empty()) return;
  std::string path;
  for (const auto &[column, row] : places) path += fmt::format("M{} {}h1v1h-1z", column, row);
  body_ += fmt::format("<path transform=\"translate({:.2f},{:.2f}) scale({:.5f})\" shape-rendering=\"crispEdges\" "
                       "fill=\"{}\" d=\"{}\"/>\n",
                       x, y, side, fill, path);
}

void Svg::rectangle(double x, double y, double width, double height, const std::string &fill) {
  body_ += fmt::format(R"(<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" fill="{}"/>)"
                       "\n",
                       x, y, width, height, fill);
}

void Svg::text(double x, double y, const std::string &what, const std::string &anchor, double size,
               const std::string &extra) {
  body_ += fmt::format(R"(<text x="{:.2f}" y="{:.2f}" text-anchor="{}" font-size="{}" {}>{}</text>)"
                       "\n",
                       x, y, anchor, size, extra, escape(what));
}

std::string Svg::done() const {
  return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" )"
                     R"(viewBox="0 0 {0:.0f} {1:.0f}" font-family="Helvetica, Arial, sans-serif">)"
                     "\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
                     width_, height_) +
         body_ + "</svg>\n";
}

namespace {

// Values are told apart down to this share of the larger one. Below it, differences are rounding.
constexpr double resolution = 1e-12;
// Values below this are drawn as 0: their differences would be lost to underflow.
constexpr double smallest = 1e-290;

// The distance between the ticks of a linear axis: 1, 2 or 5 times a power of ten, about a fifth of the range.
double step_of(double low, double high) {
  const double rough = high / 5 - low / 5, base = std::pow(10.0, std::floor(std::log10(rough)));
  const double leading = rough / base;
  return leading < 1.5 ? base : leading < 3.5 ? 2 * base : leading < 7.5 ? 5 * base : 10 * base;
}

// The place of the first digit of a positive value: 0 of 7, 2 of 123, -3 of 0.004.
int first_digit(double value) { return static_cast<int>(std::floor(std::log10(value) + 1e-9)); }

} // namespace

std::pair<double, double> Axis::extent() const {
  const double largest = std::max(std::abs(low), std::abs(high));
  if (high - low > resolution * largest && largest > smallest) return {low, high};
  if (logarithmic) return {low / 10, high * 10};
  const double margin = largest > smallest ? 0.05 * largest : 0.05;
  return {low - margin, high + margin};
}

double Axis::operator()(double value) const {
  const auto [first, last] = extent();
  if (logarithmic) {
    const double share = (std::log10(value) - std::log10(first)) / (std::log10(last) - std::log10(first));
    return from + (to - from) * share;
  }
  return from + (to - from) * (value - first) / (last - first);
}

std::vector<double> Axis::ticks() const {
  std::vector<double> marks;
  const auto [least, most] = extent();
  if (logarithmic) {
    const int first = static_cast<int>(std::ceil(std::log10(least) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(most) + 1e-9));
    const int every = std::max(1, (last - first) / 8);
    for (int k = first; k <= last; k += every) marks.push_back(std::pow(10.0, k));
    return marks;
  }
  // Whole multiples of the step: 0 is met exactly, and no sum of steps gathers rounding.
  const double step = step_of(least, most), last = std::floor(most / step + 1e-9);
  for (double k = std::ceil(least / step - 1e-9); k <= last; ++k) marks.push_back(k == 0 ? 0 : k * step);
  return marks;
}

std::vector<std::string> Axis::labels() const {
  std::vector<std::string> texts;
  const auto marks = ticks();
  if (logarithmic) {
    for (const double v : marks)
      texts.push_back(v < 1e-2 || v > 1e3 ? fmt::format("{:.0e}", v) : fmt::format("{:g}", v));
    return texts;
  }
  // As many digits as there are from the first of the largest value to the last of the step.
  const auto [least, most] = extent();
  const int digits = first_digit(std::max(std::abs(least), std::abs(most))) - first_digit(step_of(least, most)) + 1;
  for (const double v : marks) texts.push_back(fmt::format("{:.{}g}", v, std::max(6, digits)));
  return texts;
}

void draw_axes(Svg &svg, const Axis &x, const Axis &y, const std::string &x_name, const std::string &y_name,
               const std::vector<double> &marks) {
  const auto across = marks.empty() ? x.ticks() : marks, up = y.ticks();
  auto across_labels = x.labels();
  const auto up_labels = y.labels();
  if (!marks.empty()) across_labels.clear();
  for (const double mark : marks) across_labels.push_back(fmt::format("{:g}", mark));
  for (std::size_t k = 0; k < across.size(); ++k) {
    const double place = x(across[k]);
    svg.line(place, y.from, place, y.to, "#e5e5e5");
    if (!x_name.empty()) svg.text(place, y.from + 16, across_labels[k], "middle", 11, R"(fill="#444")");
  }
  for (std::size_t k = 0; k < up.size(); ++k) {
    const double place = y(up[k]);
    svg.line(x.from, place, x.to, place, "#e5e5e5");
    svg.text(x.from - 6, place + 4, up_labels[k], "end", 11, R"(fill="#444")");
  }
  svg.line(x.from, y.from, x.to, y.from, "#444");
  svg.line(x.from, y.from, x.from, y.to, "#444");
  svg.text((x.from + x.to) / 2, y.from + 36, x_name, "middle", 13);
  const double middle = (y.from + y.to) / 2, left = x.from - 50;
  const auto turned = fmt::format("transform=\"rotate(-90 {:.1f} {:.1f})\"", left, middle);
  svg.text(left, middle, y_name, "middle", 13, turned);
}

} // namespace engram::report
