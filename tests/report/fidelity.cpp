// These tests read the measured bias and variance of rules back from their figures.
#include "catch.hpp"
#include "report/drawn.hpp"
#include "report/fidelity_report.hpp"
#include "report/svg.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace engram;

namespace {

constexpr double unknown_value = std::numeric_limits<double>::quiet_NaN();

report::FidelityRow fidelity_row(const std::string &rule, const std::string &projection, double bias, double variance,
                                 double progress = 0, const std::string &along = "") {
  report::FidelityRow row;
  row.rule = rule;
  row.projection = projection;
  row.at = progress == 0 ? "initial" : "trained";
  row.along = along;
  row.progress = progress;
  row.trials = 20;
  auto &f = row.fidelity;
  f.samples = 100;
  f.bias = {bias, {0.9 * bias, 1.1 * bias}};
  f.variance = {variance, {0.8 * variance, 1.25 * variance}};
  const double cosine = std::sqrt(1 - bias * bias);
  f.cosine_of_mean = {cosine, {cosine - 0.05, cosine + 0.02}};
  f.cosine = {cosine, {unknown_value, unknown_value}};
  f.scale = {1, {unknown_value, unknown_value}};
  f.samples_to_cosine = 2.4;
  return row;
}

// "noisy" has bias and variance and learns; "still" draws nothing.
report::FidelityReport measured_report() {
  report::FidelityReport r;
  r.model = "digits <& \"more\">";
  r.seed = 3;
  r.samples = 100;
  r.trials = 20;
  r.rows = {fidelity_row("noisy", "all", 0.42, 3.7), fidelity_row("noisy", "all", 0.15, 0.6, 1, "own"),
            fidelity_row("still <b>", "all", 0.8, 0)};
  return r;
}

} // namespace

TEST_CASE("a rule stands at its bias and variance, and one that draws nothing below the axis", "[report]") {
  const auto figure = xml::read(report::fidelity_figure(measured_report()));
  const auto bias = drawn::scale(figure, true), variance = drawn::scale(figure, false, true);
  const auto start = [&](std::size_t k) {
    return xml::all(figure, "circle",
                    [&](const auto &e) { return e.has("r", "5") && e.has("fill", report::colour(k)); });
  };
  // Those at the start belong to both kinds of learning, and are drawn for each.
  REQUIRE_FALSE(start(0).empty());
  for (const auto &mark : start(0)) {
    CHECK(bias(mark.number("cx")) == Approx(0.42).margin(1e-3));
    CHECK(std::log10(variance(mark.number("cy"))) == Approx(std::log10(3.7)).margin(1e-3));
  }
  REQUIRE_FALSE(start(1).empty());
  for (const auto &mark : start(1)) {
    CHECK(bias(mark.number("cx")) == Approx(0.8).margin(1e-3));
    CHECK(mark.number("cy") > variance.marks.front().first); // the lowest number of the axis
  }
  const auto trained =
      xml::all(figure, "circle", [](const auto &e) { return e.has("r", "3.2") && e.has("stroke", report::colour(0)); });
  REQUIRE(trained.size() == 1);
  CHECK(bias(trained[0].number("cx")) == Approx(0.15).margin(1e-3));
  CHECK(std::log10(variance(trained[0].number("cy"))) == Approx(std::log10(0.6)).margin(1e-3));
  std::size_t named = 0;
  for (const auto &text : xml::all(figure, "text"))
    named += text.text == "still <b>" || text.text == "noisy" || text.text == "digits <& \"more\">";
  CHECK(named == 3);
}

TEST_CASE("the cosine of a rule's mean is drawn along its learning", "[report]") {
  const auto figure = xml::read(report::cosine_figure(measured_report()));
  const auto progress = drawn::scale(figure, true), cosine = drawn::scale(figure, false);
  const auto lines = xml::all(figure, "polyline");
  REQUIRE(lines.size() == 2);
  const auto points = drawn::points(lines[0]);
  REQUIRE(points.size() == 2);
  const double expected[2][2] = {{0, std::sqrt(1 - 0.42 * 0.42)}, {100, std::sqrt(1 - 0.15 * 0.15)}};
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(progress(points[k].first) == Approx(expected[k][0]).margin(0.05));
    CHECK(cosine(points[k].second) == Approx(expected[k][1]).margin(1e-3));
  }
  CHECK(drawn::points(lines[1]).size() == 1);
}

TEST_CASE("what is unknown of a rule is not drawn, and null in JSON", "[report]") {
  auto r = measured_report();
  for (auto &row : r.rows) {
    row.fidelity.bias = row.fidelity.cosine_of_mean = {unknown_value, {unknown_value, unknown_value}};
    row.fidelity.samples_to_cosine = unknown_value;
  }
  for (const auto &text : {report::fidelity_figure(r), report::cosine_figure(r)}) {
    xml::read(text);
    CHECK(text.find("nan") == std::string::npos);
  }
  CHECK(xml::all(xml::read(report::fidelity_figure(r)), "circle", [](const auto &e) {
          return e.has("r", "5") && e.has("fill", report::colour(0));
        }).empty());
  const auto json = nlohmann::json::parse(report::fidelity_json(r));
  CHECK(json["results"][0]["bias"].is_null());
  CHECK(json["results"][0]["trials_to_cosine_0.9"].is_null());
  CHECK(json["results"][0]["variance"] == 3.7);
  CHECK_THAT(report::fidelity_table(r), ContainsSubstring("never"));
  CHECK(nlohmann::json::parse(report::fidelity_file(r)) == json);
}

TEST_CASE("a report without a row is told without one", "[report]") {
  report::FidelityReport r;
  r.model = "nothing";
  r.notes = {"no projection learns"};
  CHECK(xml::all(xml::read(report::fidelity_figure(r)), "circle").empty());
  const auto cosine = xml::all(xml::read(report::cosine_figure(r)), "text");
  REQUIRE(cosine.size() == 2);
  CHECK(cosine[0].text == "nothing");
  CHECK(cosine[1].text == "no projection was measured");
  CHECK(nlohmann::json::parse(report::fidelity_json(r))["results"].empty());
  CHECK(nlohmann::json::parse(report::fidelity_file(r))["results"].empty());
  CHECK_THAT(report::fidelity_table(r), ContainsSubstring("note: no projection learns"));
}

TEST_CASE("trials to a cosine are whole trials, and at least one", "[report]") {
  auto row = fidelity_row("r", "all", 0.1, 1);
  CHECK(report::trials_to_cosine(row) == 48); // 2.4 samples of 20
  row.fidelity.samples_to_cosine = 0.001;
  CHECK(report::trials_to_cosine(row) == 1);
  row.fidelity.samples_to_cosine = unknown_value;
  CHECK(std::isnan(report::trials_to_cosine(row)));
}
