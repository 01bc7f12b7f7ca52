// These tests check drawings and their axes: the XML, where marks stand, and which values are marked.
#include "report/svg.hpp"
#include "catch.hpp"
#include "data/printable.hpp"
#include "report/drawn.hpp"
#include "report/xml.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <vector>

using namespace engram;
using report::Axis;
using report::Svg;

namespace {

// Names as they come from files: markup, entities, quotes, other scripts, and what a terminal would obey.
const std::vector<std::string> hostile_names{"<script>alert(1)</script>",
                                             "a & b &amp; c",
                                             "\"quoted\" 'twice'",
                                             "]]>",
                                             "größe 脳 🧠",
                                             "\x1b[31mred",
                                             "two\nlines",
                                             "\xff\xfe",
                                             "\xef\xbf\xbe and \xef\xbf\xbf",
                                             "x=\"1\" y='2'",
                                             "",
                                             "<!-- -->",
                                             "&#0;"};

} // namespace

TEST_CASE("the reader of these tests refuses what is no XML", "[report]") {
  CHECK(xml::read("<a b=\"1\" c=\"&lt;\"><d/>x&amp;y</a>").text == "x&y");
  for (const char *bad : {"", "<a>", "<a></b>", "<a><b></a></b>", "<a b=1/>", "<a b=\"1\" b=\"2\"/>", "<a b=\"<\"/>",
                          "<a>&</a>", "<a>&nbsp;</a>", "<a>]]></a>", "<a>\x01</a>", "<a>\xff</a>",
                          "<a>\xef\xbf\xbf</a>", "<a/>x", "<a/><b/>", "<a b=\"1\"c=\"2\"/>", "x", "<1/>"}) {
    INFO(bad);
    CHECK_THROWS_AS(xml::read(bad), std::runtime_error);
  }
}

TEST_CASE("a text of any kind is shown as it is, but for what cannot be printed", "[report]") {
  CHECK(report::escape("<a href='x'>\"&\"</a>") == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
  for (const auto &name : hostile_names) {
    INFO(name);
    Svg svg(100, 50);
    svg.text(3, 4, name, "end", 11, "fill=\"#444\"");
    const auto texts = xml::all(xml::read(svg.done()), "text");
    REQUIRE(texts.size() == 1);
    CHECK(texts[0].text == data::printable_line(name));
    CHECK(texts[0].number("x") == 3);
    CHECK(texts[0].number("y") == 4);
    CHECK(texts[0].at("text-anchor") == "end");
    CHECK(texts[0].at("fill") == "#444");
  }
}

// XML 1.0, production 2: Char. U+FFFE, U+FFFF, surrogates and control characters are none.
TEST_CASE("a figure is XML whatever characters are in its texts", "[report]") {
  std::string all;
  for (std::uint32_t code = 0; code < 0x110000; ++code) { // as UTF-8, and surrogates as if they were characters
    const auto byte = [&](std::uint32_t lead, int shift, std::uint32_t mask) {
      all += static_cast<char>(lead | ((code >> shift) & mask));
    };
    if (code < 0x80) {
      byte(0, 0, 0x7f);
      continue;
    }
    if (code < 0x800) {
      byte(0xc0, 6, 0x1f);
    } else {
      if (code < 0x10000) {
        byte(0xe0, 12, 0x0f);
      } else {
        byte(0xf0, 18, 0x07);
        byte(0x80, 12, 0x3f);
      }
      byte(0x80, 6, 0x3f);
    }
    byte(0x80, 0, 0x3f);
  }
  Svg svg(100, 50);
  svg.text(3, 4, all);
  const auto text = xml::all(xml::read(svg.done()), "text").at(0).text;
  for (const std::string kept : {"<", "&", "ö", "脳", "🧠", "\xef\xbf\xbd"})
    CHECK(text.find(kept) != std::string::npos);
}

TEST_CASE("marks stand where they are put, to a hundredth", "[report]") {
  Svg svg(321, 123);
  svg.line(1.234, 2, 3.456, 4, "#111111", 1.5, "stroke-dasharray=\"2\"");
  svg.polyline({1, 2.5, 3}, {4, 5.125, 6}, "#222222", 2);
  svg.polyline({}, {}, "#333333", 1); // nothing to join
  svg.circle(7, 8, 2.5, "#444444");
  svg.rectangle(9, 10, 11, 12, "#555555");
  svg.cells(13, 14, 5, {{0, 0}, {3, 2}}, "#666666");
  svg.cells(13, 14, 5, {}, "#777777");
  const auto root = xml::read(svg.done());
  CHECK(root.name == "svg");
  CHECK(root.at("xmlns") == "http://www.w3.org/2000/svg");
  CHECK(root.at("viewBox") == "0 0 321 123");
  CHECK(root.number("width") == 321);
  CHECK(root.number("height") == 123);
  const auto line = xml::all(root, "line").at(0);
  CHECK(line.number("x1") == Approx(1.23));
  CHECK(line.number("x2") == Approx(3.46));
  CHECK(line.number("stroke-width") == 1.5);
  CHECK(line.at("stroke-dasharray") == "2");
  const auto lines = xml::all(root, "polyline");
  REQUIRE(lines.size() == 2);
  const auto points = drawn::points(lines[0]);
  REQUIRE(points.size() == 3);
  CHECK(points[1].first == Approx(2.5));
  CHECK(points[1].second == Approx(5.125).margin(0.006));
  CHECK(drawn::points(lines[1]).empty());
  CHECK(xml::all(root, "circle").at(0).number("r") == 2.5);
  const auto boxes = xml::all(root, "rect");
  REQUIRE(boxes.size() == 2); // the first is the page
  CHECK(boxes[1].number("width") == 11);
  CHECK(boxes[1].number("height") == 12);
  const auto paths = xml::all(root, "path");
  REQUIRE(paths.size() == 1); // no path of no cells
  CHECK(paths[0].at("d") == "M0 0h1v1h-1zM3 2h1v1h-1z");
  CHECK(paths[0].at("transform") == "translate(13.00,14.00) scale(5.00000)");
}

TEST_CASE("an axis takes its ends to its ends, in order", "[report]") {
  const Axis up{-2, 6, 300, 20}; // places grow downwards
  CHECK(up(-2) == Approx(300));
  CHECK(up(6) == Approx(20));
  CHECK(up(2) == Approx(160));
  CHECK(up(8) < 20); // goes on beyond
  const Axis decades{0.01, 100, 0, 400, true};
  CHECK(decades(0.01) == Approx(0).margin(1e-9));
  CHECK(decades(1) == Approx(200));
  CHECK(decades(10) - decades(1) == Approx(decades(100) - decades(10))); // equal ratios, equal distances
}

TEST_CASE("ticks are round, equally far apart, ascending and within the axis", "[report]") {
  for (const double low : {-1000.0, -3.7, -0.001, 0.0, 1e-6, 0.13, 41.0, 99999.0})
    for (const double range : {1e-5, 0.002, 0.3, 1.0, 1.9, 7.0, 64.0, 1234.5, 9e8}) {
      const Axis axis{low, low + range, 0, 1};
      const auto ticks = axis.ticks();
      CAPTURE(low, range);
      REQUIRE(ticks.size() >= 3);
      REQUIRE(ticks.size() <= 10);
      // The step is 1, 2 or 5 times a power of ten; what is measured of it is as exact as the ticks are.
      const double measured = (ticks.back() - ticks.front()) / static_cast<double>(ticks.size() - 1);
      const double power = std::pow(10.0, std::floor(std::log10(measured) + 1e-4)),
                   leading = std::round(measured / power);
      CHECK((leading == 1 || leading == 2 || leading == 5));
      const double step = leading * power;
      CHECK(measured == Approx(step).epsilon(1e-4));
      for (std::size_t k = 0; k < ticks.size(); ++k) {
        CHECK(ticks[k] >= axis.low - 1e-6 * step);
        CHECK(ticks[k] <= axis.high + 1e-6 * step);
        CHECK(std::abs(ticks[k] / step - std::round(ticks[k] / step)) < 1e-4);
        if (k > 0) CHECK(ticks[k] - ticks[k - 1] == Approx(step).epsilon(1e-4));
      }
      if (low < 0 && low + range > step) CHECK(std::count(ticks.begin(), ticks.end(), 0.0) == 1); // no −0 or 1e-17
    }
}

namespace {

// Few ticks, distinct and ascending, within the axis, and at each a text of its own that is its value.
void check_ticks(const Axis &axis) {
  CAPTURE(axis.low, axis.high);
  const auto [least, most] = axis.extent();
  REQUIRE(least < most);
  CHECK(axis(least) == Approx(axis.from).margin(1e-6));
  CHECK(axis(most) == Approx(axis.to));
  const auto ticks = axis.ticks();
  const auto labels = axis.labels();
  REQUIRE(ticks.size() >= 2);
  REQUIRE(ticks.size() <= 12);
  REQUIRE(labels.size() == ticks.size());
  const double tolerance = 0.01 * (ticks[1] - ticks[0]);
  for (std::size_t k = 0; k < ticks.size(); ++k) {
    CHECK(ticks[k] >= least - tolerance);
    CHECK(ticks[k] <= most + tolerance);
    CHECK(std::abs(std::stod(labels[k]) - ticks[k]) <= tolerance);
    if (k > 0) CHECK(ticks[k] > ticks[k - 1]);
    for (std::size_t l = 0; l < k; ++l) CHECK(labels[k] != labels[l]);
  }
}

} // namespace

// The extent is that of matplotlib.transforms.nonsingular with an expander of 0.05, as its axes take it.
TEST_CASE("an axis of constant data reaches 5 % of the value to either side, and 0.05 about 0", "[report]") {
  for (const double value : {500.0, -500.0, 1000.0, 1.0, 1e6 + 0.5, 1e-12, -3e-15, 1e30, 0.0}) {
    const double margin = value == 0 ? 0.05 : 0.05 * std::abs(value), rounding = 1e-14 * std::abs(value);
    for (const double off : {0.0, rounding}) { // also where the values differ by rounding alone
      const Axis axis{value - off, value + off, 300, 20};
      check_ticks(axis);
      CHECK(axis(value) == Approx(160));
      CHECK(axis.extent().first == Approx(value - margin));
      CHECK(axis.extent().second == Approx(value + margin));
    }
  }
  check_ticks({1e-300, 2e-300, 0, 100}); // differences that underflow
  const Axis decades{50, 50, 0, 400, true};
  check_ticks(decades);
  CHECK(decades(50) == Approx(200));
  CHECK(decades(500) == Approx(400));
}

TEST_CASE("ticks and their texts are distinct for values of any size and any spread", "[report]") {
  for (const double low : {0.0, -3e-13, 7e-12, 499.9, -99999.0, 1.23456789e8, 4e-20})
    for (const double range : {1e-17, 2e-13, 4e-12, 1e-9, 1e-5, 0.7, 3e7}) check_ticks({low, low + range, 0, 100});
}

TEST_CASE("ticks of a logarithmic axis are powers of ten", "[report]") {
  for (const int first : {-12, -3, 0, 2})
    for (const int decades : {1, 2, 5, 9, 30}) {
      const Axis axis{std::pow(10.0, first), std::pow(10.0, first + decades), 0, 1, true};
      const auto ticks = axis.ticks();
      CAPTURE(first, decades);
      CHECK(ticks.size() >= 2);
      CHECK(ticks.size() <= 16);
      for (std::size_t k = 0; k < ticks.size(); ++k) {
        const double power = std::log10(ticks[k]);
        CHECK(power == Approx(std::round(power)).margin(1e-9));
        CHECK(ticks[k] >= axis.low * (1 - 1e-9));
        CHECK(ticks[k] <= axis.high * (1 + 1e-9));
        if (k > 0) CHECK(ticks[k] > ticks[k - 1]);
      }
    }
}

TEST_CASE("the number at a tick is the value of its place, and names of axes are shown", "[report]") {
  const Axis x{-3, 12, 70, 540}, y{0.02, 0.17, 300, 40};
  Svg svg(600, 400);
  report::draw_axes(svg, x, y, "time <ms> & \"more\"", "rate");
  const auto root = xml::read(svg.done());
  for (const bool horizontal : {true, false}) {
    const auto scale = drawn::scale(root, horizontal);
    const auto &axis = horizontal ? x : y;
    CHECK(scale.marks.size() == axis.ticks().size());
    for (const auto &[place, value] : scale.marks) CHECK(axis(value) == Approx(place).margin(0.006));
  }
  const auto texts = xml::all(root, "text");
  for (const std::string name : {"time <ms> & \"more\"", "rate"})
    CHECK(std::count_if(texts.begin(), texts.end(), [&](const auto &t) { return t.text == name; }) == 1);
  // Without a name the numbers of the horizontal axis are left out.
  Svg bare(600, 400);
  report::draw_axes(bare, x, y, "", "rate");
  const auto left = xml::all(xml::read(bare.done()), "text", [](const auto &t) { return !t.text.empty(); });
  CHECK(left.size() == y.ticks().size() + 1);
}

TEST_CASE("the first colours are all different", "[report]") {
  std::vector<std::string> colours;
  for (std::size_t k = 0; k < 20; ++k) colours.push_back(report::colour(k));
  std::sort(colours.begin(), colours.end());
  CHECK(std::adjacent_find(colours.begin(), colours.end()) == colours.end());
  for (const auto &c : colours)
    CHECK((c.size() == 7 && c.find_first_not_of("0123456789abcdef", 1) == std::string::npos));
  CHECK(report::colour(20) == report::colour(0));
}
