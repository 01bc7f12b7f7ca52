// These tests read the numbers of a comparison back from its figures, its table, its JSON and its csv.
#include "catch.hpp"
#include "data/printable.hpp"
#include "report/comparison_figures.hpp"
#include "report/comparison_report.hpp"
#include "report/drawn.hpp"
#include "report/svg.hpp"
#include "report/text_table.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

using namespace engram;
using recordings::Comparison;

namespace {

recordings::Result result_of(const std::string &method, const std::string &region, const std::string &area,
                             double value, measures::Interval ci = {recordings::absent, recordings::absent},
                             double time = recordings::absent) {
  recordings::Result r;
  r.method = method;
  r.region = region;
  r.area = area;
  r.value = value;
  r.ci = ci;
  r.conditions = 12;
  r.neurons = 7;
  r.time = time;
  return r;
}

// Two regions against two areas, one value below 0, one missing.
Comparison two_by_two() {
  Comparison c;
  c.name = "model & brain";
  c.results = {result_of("rsa", "V1", "area 17", 0.31, {0.21, 0.4}), result_of("rsa", "V2", "area 17", -0.12),
               result_of("rsa", "V1", "area 18", recordings::absent),
               result_of("rsa", "V2", "area 18", 0.57, {0.5, 0.6})};
  for (auto &r : c.results)
    if (r.area == "area 18") r.ceiling = {0.62, 0.7};
  return c;
}

// One area on each side, with names of every kind, responses over time, spikes and fits: all figures have something.
Comparison full_comparison() {
  Comparison c;
  c.name = "<b>all & \"more\"</b>";
  c.conditions = {"a < b", "'x' & \"y\"", "größe", "]]>"};
  for (const std::string side : {"<V1>", "area \"17\" & 'co'"}) {
    recordings::Area area;
    area.name = side;
    area.conditions = c.conditions;
    area.condition_count = 4;
    recordings::Responses responses;
    responses.conditions = c.conditions;
    responses.neurons = {"n<0>", "n&1", "n2"};
    responses.times = {5, 15, 25, 35};
    responses.unit = "Hz & <more>";
    for (std::size_t t = 0; t < 4; ++t) {
      arma::cube values(4, 3, 2);
      for (std::size_t k = 0; k < values.n_elem; ++k) values[k] = std::sin(static_cast<double>(k * (t + 1)) + 0.3);
      responses.values.push_back(values);
    }
    area.responses = responses;
    area.trains = {{10, 20, 35, 90}, {12, 50, 51}};
    area.observed = {0, 100};
    area.units = {"u<0>", "u&1"};
    (c.circuits.empty() ? c.circuits : c.recordings).push_back(area);
  }
  for (const double time : {5.0, 15.0, 25.0})
    c.results.push_back(result_of("cka", "<V1>", "area \"17\" & 'co'", 0.1 + time / 50, {0.05, 0.7}, time));
  c.results.push_back(result_of("pls", "<V1>", "area \"17\" & 'co'", 0.4));
  recordings::TuningFit fit;
  fit.area = "<V1>";
  fit.neuron = "n&1";
  fit.curve = "orientation";
  fit.r_squared = 0.9;
  fit.numbers = {0, 45, 90};
  fit.responses = {1, 3, 2};
  fit.at = arma::linspace(0, 90, 10);
  fit.values = arma::linspace(1, 3, 10);
  c.fits = {fit};
  c.notes = {"a note & <more>"};
  return c;
}

std::map<std::string, xml::Element> figures_of(const Comparison &c) {
  std::map<std::string, xml::Element> out;
  for (const auto &[name, text] : report::comparison_figures(c)) {
    INFO(name);
    CHECK(out.emplace(name, xml::read(text)).second);
  }
  return out;
}

std::set<std::string> texts_of(const xml::Element &figure) {
  std::set<std::string> out;
  for (const auto &text : xml::all(figure, "text")) out.insert(text.text);
  return out;
}

// No attribute of a mark holds what is no number.
void check_finite(const xml::Element &e) {
  for (const auto &[name, value] : e.attributes) {
    INFO(e.name << " " << name << "=" << value);
    CHECK(value.find("nan") == std::string::npos);
    CHECK(value.find("inf") == std::string::npos);
  }
  for (const auto &child : e.children) check_finite(child);
}

} // namespace

TEST_CASE("every figure of a comparison is XML, with names as they are and finite places", "[report]") {
  const auto figures = figures_of(full_comparison());
  for (const char *name : {"cka-times.svg", "pls-bars.svg", "pls-matrix.svg", "rdms.svg", "raster.svg",
                           "correlograms.svg", "tuning-fits.svg", "courses.svg", "tuning.svg"}) {
    INFO(name);
    REQUIRE(figures.contains(name));
    check_finite(figures.at(name));
  }
  CHECK_FALSE(figures.contains("cka-bars.svg")); // values of single bins alone
  for (const char *name :
       {"cka-times.svg", "pls-bars.svg", "pls-matrix.svg", "rdms.svg", "courses.svg", "tuning.svg"}) {
    INFO(name);
    const auto texts = texts_of(figures.at(name));
    CHECK(texts.contains("area \"17\" & 'co'"));
    CHECK(std::any_of(texts.begin(), texts.end(),
                      [](const auto &t) { return t.starts_with("<b>all & \"more\"</b>: "); }));
  }
  for (const auto &condition : full_comparison().conditions)
    CHECK(texts_of(figures.at("rdms.svg")).contains(condition));
}

TEST_CASE("bars are as high as their values, and their lines span the intervals", "[report]") {
  const auto c = two_by_two();
  const auto figure = figures_of(c).at("rsa-bars.svg");
  check_finite(figure);
  const auto value = drawn::scale(figure, false);
  std::vector<double> heights[2];
  for (const std::size_t k : {0, 1})
    for (const auto &bar : xml::all(figure, "rect", [&](const auto &e) { return e.has("fill", report::colour(k)); })) {
      const double top = value(bar.number("y")), bottom = value(bar.number("y") + bar.number("height"));
      CHECK(std::min(std::abs(top), std::abs(bottom)) < 1e-3); // it stands on 0, or hangs from it
      heights[k].push_back(std::abs(top) > std::abs(bottom) ? top : bottom);
    }
  REQUIRE(heights[0].size() == 1); // a value that is missing has no bar
  REQUIRE(heights[1].size() == 2);
  CHECK(heights[0][0] == Approx(0.31).margin(1e-3));
  CHECK(heights[1][0] == Approx(-0.12).margin(1e-3));
  CHECK(heights[1][1] == Approx(0.57).margin(1e-3));
  const auto lines = xml::all(figure, "line", [](const auto &e) { return e.has("stroke-width", "1.5"); });
  REQUIRE(lines.size() == 2);
  CHECK(value(lines[0].number("y1")) == Approx(0.21).margin(1e-3));
  CHECK(value(lines[0].number("y2")) == Approx(0.4).margin(1e-3));
  CHECK(value(lines[1].number("y2")) == Approx(0.6).margin(1e-3));
  const auto ceiling = xml::all(figure, "rect", [](const auto &e) { return e.has("fill", "#bbbbbb"); });
  REQUIRE(ceiling.size() == 1);
  CHECK(value(ceiling[0].number("y")) == Approx(0.7).margin(1e-3));
  CHECK(value(ceiling[0].number("y") + ceiling[0].number("height")) == Approx(0.62).margin(1e-3));
}

TEST_CASE("a matrix shows each value in its row and column", "[report]") {
  const auto figure = figures_of(two_by_two()).at("rsa-matrix.svg");
  const auto texts = xml::all(figure, "text");
  const auto place = [&](const std::string &text) {
    for (const auto &t : texts)
      if (t.text == text) return std::pair{t.number("x"), t.number("y")};
    FAIL("not shown: " << text);
    return std::pair{0.0, 0.0};
  };
  const auto first = place(report::shown(0.31)), second = place(report::shown(-0.12)),
             third = place(report::shown(0.57));
  CHECK(first.first == second.first);   // both of area 17
  CHECK(second.second == third.second); // both of V2
  CHECK(second.second > first.second);
  CHECK(third.first > second.first);
  CHECK(place("V2").second == Approx(second.second).margin(1));
  CHECK(xml::all(figure, "rect").size() == 1 + 3); // the page, and no cell for the value that is missing
}

TEST_CASE("values over time stand at their time and height", "[report]") {
  const auto figure = figures_of(full_comparison()).at("cka-times.svg");
  const auto time = drawn::scale(figure, true), value = drawn::scale(figure, false);
  const auto marks = xml::all(figure, "circle", [](const auto &e) { return e.has("r", "3"); });
  REQUIRE(marks.size() == 3);
  for (std::size_t k = 0; k < 3; ++k) {
    const double ms = 5 + 10 * static_cast<double>(k);
    CHECK(time(marks[k].number("cx")) == Approx(ms).margin(0.01));
    CHECK(value(marks[k].number("cy")) == Approx(0.1 + ms / 50).margin(1e-3));
  }
}

TEST_CASE("responses that are all the same, and those as small as currents in ampere, are drawn to scale", "[report]") {
  for (const double size : {500.0, -500.0, 0.0, 3e-13})
    for (const double spread : {0.0, 0.3}) {
      CAPTURE(size, spread);
      auto c = full_comparison();
      c.recordings.clear(); // one panel
      auto &responses = *c.circuits[0].responses;
      for (auto &bin : responses.values) bin = size * (1 + spread * bin);
      const auto figures = figures_of(c);
      const std::map<std::string, arma::mat> drawn_values{{"courses.svg", recordings::time_course(responses)},
                                                          {"tuning.svg", recordings::mean_response(responses)}};
      for (const auto &[name, expected] : drawn_values) {
        INFO(name);
        const auto &figure = figures.at(name);
        check_finite(figure);
        const auto value = drawn::scale(figure, false);
        std::set<double> marked;
        for (const auto &mark : value.marks) marked.insert(mark.second);
        CHECK(marked.size() == value.marks.size());
        const double exact = 1e-3 * (*marked.rbegin() - *marked.begin());
        const auto lines = xml::all(figure, "polyline");
        REQUIRE(lines.size() == expected.n_cols);
        for (std::size_t n = 0; n < lines.size(); ++n) {
          const auto points = drawn::points(lines[n]);
          REQUIRE(points.size() == expected.n_rows);
          for (std::size_t k = 0; k < points.size(); ++k)
            CHECK(std::abs(value(points[k].second) - expected(k, n)) < exact);
        }
      }
    }
}

TEST_CASE("values of one time that are all 0 stand at that time and at 0", "[report]") {
  Comparison c;
  c.name = "flat";
  for (const std::string region : {"V1", "V2"}) c.results.push_back(result_of("cka", region, "IT", 0, {}, 25));
  for (auto &r : c.results) r.ci = {recordings::absent, recordings::absent};
  const auto figure = figures_of(c).at("cka-times.svg");
  check_finite(figure);
  const auto time = drawn::scale(figure, true), value = drawn::scale(figure, false);
  const auto marks = xml::all(figure, "circle", [](const auto &e) { return e.has("r", "3"); });
  REQUIRE(marks.size() == 2);
  for (const auto &mark : marks) {
    CHECK(time(mark.number("cx")) == Approx(25).margin(0.01));
    CHECK(value(mark.number("cy")) == Approx(0).margin(1e-4));
  }
}

TEST_CASE("a raster has a line for each spike, apart by area", "[report]") {
  const auto figure = figures_of(full_comparison()).at("raster.svg");
  const auto spikes = xml::all(figure, "line", [](const auto &e) { return e.has("stroke-width", "0.8"); });
  const std::vector<double> expected{10, 20, 35, 90, 12, 50, 51, 10, 20, 35, 90, 12, 50, 51};
  REQUIRE(spikes.size() == expected.size());
  CHECK(spikes[13].number("y1") > spikes[6].number("y1") + 100); // below the rate of the first area
  CHECK(texts_of(figure).count("circuit <V1>, 2 of 2 units") == 1);
  CHECK(texts_of(figure).count("recording area \"17\" & 'co', 2 of 2 units") == 1);
  const auto time = drawn::scale(figure, true);
  std::vector<double> found;
  for (const auto &line : spikes) found.push_back(time(line.number("x1")));
  for (std::size_t k = 0; k < found.size(); ++k) CHECK(found[k] == Approx(expected[k]).margin(0.02));
}

TEST_CASE("conditions and neurons have their names beside tuning curves", "[report]") {
  const auto texts = texts_of(figures_of(full_comparison()).at("tuning.svg"));
  for (const char *name : {"a < b", "'x' & \"y\"", "größe", "]]>", "n<0>", "n&1", "n2", "response (Hz & <more>)"}) {
    INFO(name);
    CHECK(texts.count(name) == 1);
  }
}

TEST_CASE("a table of rates along an axis is a curve for each unit, and one of choices has intervals", "[report]") {
  Comparison c;
  c.name = "tables";
  recordings::Table direction{
      "head_direction", "E", "unit", {"a", "b"}, {"vector length", "direction", "Hz at 60", "Hz at 180", "Hz at 300"},
      arma::mat(2, 5)};
  direction.values = arma::mat{{0.5, 60, 9, 3, 1}, {0.1, 300, recordings::absent, 2, 4}};
  recordings::Table choices{"psychometric", "E", "coh", {"0", "0.1", "0.4"}, {"trials", "correct", "low", "high"}, {}};
  choices.values = arma::mat{{10, 0.5, 0.3, 0.7}, {20, 0.8, 0.6, 0.9}, {10, 1, 0.9, 1}};
  recordings::Table other{"counts", "E", "unit", {"a"}, {"Hz"}, arma::mat(1, 1, arma::fill::ones)};
  c.tables = {direction, choices, other};
  const auto figures = figures_of(c);
  CHECK(figures.size() == 2);
  const auto lines = xml::all(figures.at("head_direction.svg"), "polyline");
  REQUIRE(lines.size() == 2);
  const auto first = drawn::points(lines[0]), second = drawn::points(lines[1]);
  REQUIRE(first.size() == 3);
  REQUIRE(second.size() == 2); // where the animal never looked there is no rate
  CHECK((first[0].second - first[2].second) / (first[1].second - first[2].second) == Approx(4).epsilon(0.01));
  CHECK(texts_of(figures.at("head_direction.svg")).count("unit a, peak 9 Hz") == 1);
  const auto &figure = figures.at("psychometric.svg");
  const auto level = drawn::scale(figure, true), share = drawn::scale(figure, false);
  const auto marks = xml::all(figure, "circle", [](const auto &e) { return e.has("r", "3.5"); });
  REQUIRE(marks.size() == 3);
  CHECK(level(marks[1].number("cx")) == Approx(0.1).margin(1e-3));
  CHECK(share(marks[1].number("cy")) == Approx(0.8).margin(1e-3));
  const auto intervals = xml::all(figure, "line", [](const auto &e) { return e.has("stroke-width", "1.5"); });
  REQUIRE(intervals.size() == 3);
  CHECK(share(intervals[1].number("y1")) == Approx(0.6).margin(1e-3));
}

TEST_CASE("a comparison of nothing draws nothing, and says what it lacks", "[report]") {
  Comparison c;
  c.name = "nothing";
  CHECK(report::comparison_figures(c).empty());
  CHECK(report::comparison_table(c).empty());
  c.notes = {"rsa: no two areas\nhave conditions"};
  CHECK(report::comparison_table(c) == "note: rsa: no two areas?have conditions\n");
  const auto json = nlohmann::json::parse(report::comparison_json(c));
  CHECK(json["results"] == nlohmann::json::array());
  CHECK(json["notes"].size() == 1);
  const auto csv = report::comparison_csv(c);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1); // the names
  // A value that is missing is told as that, and not drawn.
  c.results = {result_of("rsa", "V1", "IT", recordings::absent)};
  CHECK(report::comparison_figures(c).empty());
  CHECK_THAT(report::comparison_table(c), ContainsSubstring("rsa") && ContainsSubstring("-"));
  CHECK(nlohmann::json::parse(report::comparison_json(c))["results"][0]["value"].is_null());
}

TEST_CASE("JSON and csv hold each number to its last bit, and nothing for what does not apply", "[report]") {
  Comparison c;
  c.name = "exact";
  const std::vector<double> values{1.0 / 3, -2e-17, 123456789.123456789, 5e-324, 0.1 + 0.2};
  for (const double v : values) c.results.push_back(result_of("m,\"1\"", "r", "", v, {v - 1e-3, v + 1e-3}));
  const auto json = nlohmann::json::parse(report::comparison_json(c));
  std::istringstream csv(report::comparison_csv(c));
  std::string line;
  std::getline(csv, line);
  CHECK(line == "method,region,area,value,ci_low,ci_high,ceiling_low,ceiling_high,p,conditions,neurons,time_ms");
  for (std::size_t k = 0; k < values.size(); ++k) {
    const auto &r = json["results"][k];
    CHECK(r["value"].get<double>() == values[k]);
    CHECK(r["ci"][1].get<double>() == values[k] + 1e-3);
    for (const char *key : {"area", "ceiling", "p", "time_ms"}) CHECK(r[key].is_null());
    REQUIRE(static_cast<bool>(std::getline(csv, line)));
    const std::string head = "\"m,\"\"1\"\"\",r,,";
    REQUIRE(line.starts_with(head));
    CHECK(std::strtod(line.c_str() + head.size(), nullptr) == values[k]);
    CHECK(line.ends_with(",,,,12,7,"));
  }
  CHECK_FALSE(static_cast<bool>(std::getline(csv, line)));
}
