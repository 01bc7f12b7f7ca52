#include "report/svg.hpp"

#include "data/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace engram::report {

std::string escape(const std::string &text) {
  std::string out;
  for (const char c : data::printable_line(text)) { // XML takes no control characters, and UTF-8 alone
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

double Axis::operator()(double value) const {
  if (logarithmic) {
    const double share = (std::log10(value) - std::log10(low)) / (std::log10(high) - std::log10(low));
    return from + (to - from) * share;
  }
  return from + (to - from) * (value - low) / (high - low);
}

std::vector<double> Axis::ticks() const {
  std::vector<double> marks;
  if (logarithmic) {
    const int first = static_cast<int>(std::ceil(std::log10(low) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(high) + 1e-9));
    const int every = std::max(1, (last - first) / 8);
    for (int k = first; k <= last; k += every) marks.push_back(std::pow(10.0, k));
    return marks;
  }
  const double rough = (high - low) / 5, base = std::pow(10.0, std::floor(std::log10(rough)));
  const double step = rough / base < 1.5   ? base
                      : rough / base < 3.5 ? 2 * base
                      : rough / base < 7.5 ? 5 * base
                                           : 10 * base;
  for (double v = std::ceil(low / step - 1e-9) * step; v <= high + 1e-9 * step; v += step)
    marks.push_back(std::abs(v) < 1e-12 ? 0 : v);
  return marks;
}

void draw_axes(Svg &svg, const Axis &x, const Axis &y, const std::string &x_name, const std::string &y_name) {
  const auto label = [](const Axis &axis, double value) {
    return axis.logarithmic && (value < 1e-2 || value > 1e3) ? fmt::format("{:.0e}", value)
                                                             : fmt::format("{:g}", value);
  };
  for (const double tick : x.ticks()) {
    svg.line(x(tick), y.from, x(tick), y.to, "#e5e5e5");
    if (!x_name.empty()) svg.text(x(tick), y.from + 16, label(x, tick), "middle", 11, R"(fill="#444")");
  }
  for (const double tick : y.ticks()) {
    svg.line(x.from, y(tick), x.to, y(tick), "#e5e5e5");
    svg.text(x.from - 6, y(tick) + 4, label(y, tick), "end", 11, R"(fill="#444")");
  }
  svg.line(x.from, y.from, x.to, y.from, "#444");
  svg.line(x.from, y.from, x.from, y.to, "#444");
  svg.text((x.from + x.to) / 2, y.from + 36, x_name, "middle", 13);
  const double middle = (y.from + y.to) / 2, left = x.from - 50;
  const auto turned = fmt::format("transform=\"rotate(-90 {:.1f} {:.1f})\"", left, middle);
  svg.text(left, middle, y_name, "middle", 13, turned);
}

} // namespace engram::report
