// These tests check the methods that describe one side, and results of single bins of time.
#include "catch.hpp"
#include "input/input_error.hpp"
#include "measures/cka.hpp"
#include "measures/reliability.hpp"
#include "measures/tuning.hpp"
#include "numeric/random.hpp"
#include "recordings/comparison.hpp"
#include "recordings/results.hpp"
#include "report/comparison_figures.hpp"
#include "report/comparison_report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace engram;
using recordings::testing::value_of;

namespace {

arma::cube normal_cube(arma::uword conditions, arma::uword neurons, arma::uword repeats, std::uint64_t seed) {
  const numeric::Random random{seed, numeric::Purpose::noise, 0};
  arma::cube out(conditions, neurons, repeats);
  random.normals(out.memptr(), out.n_elem);
  return out;
}

recordings::Area area_with(const std::string &name, const std::vector<std::string> &conditions,
                           const std::vector<arma::cube> &bins, const std::vector<double> &times = {}) {
  recordings::Area area;
  area.name = name;
  recordings::Responses responses;
  responses.conditions = conditions;
  for (arma::uword n = 0; n < bins[0].n_cols; ++n) responses.neurons.push_back("n" + std::to_string(n));
  responses.values = bins;
  responses.times = times;
  area.conditions = conditions;
  area.condition_count = conditions.size();
  area.responses = std::move(responses);
  return area;
}

std::vector<std::string> numbered(double first, double step, std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t k = 0; k < count; ++k) out.push_back(nlohmann::json(first + step * static_cast<double>(k)).dump());
  return out;
}

// C × N, once.
arma::cube shown_once(const arma::mat &x) {
  arma::cube out(x.n_rows, x.n_cols, 1);
  out.slice(0) = x;
  return out;
}

bool has_method(const recordings::Comparison &found, const std::string &method) {
  return std::any_of(found.results.begin(), found.results.end(), [&](const auto &r) { return r.method == method; });
}

recordings::Comparison described_area(const recordings::Area &area, const std::string &method) {
  recordings::Config config;
  config.bootstrap = 100;
  config.methods = {recordings::method_of(method)};
  return recordings::compare(config, {}, {area}, {}, {});
}

} // namespace

TEST_CASE("conditions that go around are angles: planted von Mises curves have their widths", "[recordings]") {
  const double kappa = 3, preferred[] = {20, 77, 150};
  arma::mat rates(12, 3);
  for (arma::uword c = 0; c < 12; ++c)
    for (arma::uword n = 0; n < 3; ++n)
      rates(c, n) =
          2 + 8 * std::exp(kappa *
                           (std::cos(2 * std::numbers::pi / 180 * (15 * static_cast<double>(c) - preferred[n])) - 1));
  const auto area = area_with("V1", numbered(0, 15, 12), {shown_once(rates)});
  const auto found = described_area(area, "tuning");
  REQUIRE(found.fits.size() == 3);
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(found.fits[n].curve == "orientation");
    CHECK(found.fits[n].neuron == "n" + std::to_string(n));
    CHECK(found.fits[n].preferred.value == Approx(preferred[n]).epsilon(1e-5));
    CHECK(found.fits[n].baseline.value == Approx(2).epsilon(1e-5));
    CHECK(found.fits[n].r_squared == Approx(1));
  }
  // Half of the amplitude is left at this distance, by the curve itself.
  const double half = found.fits[0].width.value * std::numbers::pi / 180;
  CHECK(std::exp(kappa * (std::cos(2 * half) - 1)) == Approx(0.5).epsilon(1e-4));
  CHECK(value_of(found, "tuning.width") == Approx(found.fits[1].width.value).epsilon(1e-3));
  CHECK(value_of(found, "tuning.circular_variance") == Approx(1 - value_of(found, "tuning.orientation")));
  const arma::vec rolls = arma::vec{measures::rolls_tovee(rates.col(0)), measures::rolls_tovee(rates.col(1)),
                                    measures::rolls_tovee(rates.col(2))};
  CHECK(value_of(found, "tuning.rolls_tovee") == Approx(arma::median(rolls)));
  CHECK_FALSE(has_method(found, "tuning.direction"));
  // The curve goes through what it was fitted to, and is drawn.
  const auto &fit = found.fits[1];
  for (arma::uword c = 0; c < 12; ++c) {
    const arma::uword near = arma::vec(arma::abs(fit.at - fit.numbers[c])).index_min();
    CHECK(fit.values[near] == Approx(rates(c, 1)).margin(0.25)); // 0.75 degrees away at most
  }
  bool drawn = false;
  for (const auto &[name, figure] : report::comparison_figures(found))
    if (name == "tuning-fits.svg") {
      drawn = true;
      CHECK_THAT(figure, ContainsSubstring("orientation (degrees)"));
      CHECK(figure.find("nan") == std::string::npos);
    }
  CHECK(drawn);
  const auto json = nlohmann::json::parse(report::comparison_json(found));
  CHECK(json["tuning"][1]["preferred"].get<double>() == Approx(77).epsilon(1e-5));
  CHECK(json["tuning"][1]["width_se"].is_number());
}

TEST_CASE("a frequency has Gaussian tuning on an axis that is named, and labels have none", "[recordings]") {
  arma::mat rates(7, 2);
  std::vector<std::string> names;
  for (arma::uword c = 0; c < 7; ++c) {
    const double frequency = 0.5 * std::pow(2, static_cast<double>(c));
    names.push_back(nlohmann::json(frequency).dump());
    rates(c, 0) = 1 + 9 * std::exp(-std::pow(std::log2(frequency / 4), 2) / (2 * 0.8 * 0.8));
    rates(c, 1) = 3 + 5 * std::exp(-std::pow(std::log2(frequency / 7), 2) / (2 * 1.2 * 1.2));
  }
  const auto area = area_with("A1", names, {shown_once(rates)});
  const auto found = described_area(area, "tuning:logarithmic");
  REQUIRE(found.fits.size() == 2);
  CHECK(found.fits[0].preferred.value == Approx(4).epsilon(1e-5));
  CHECK(found.fits[0].width.value == Approx(0.8).epsilon(1e-5)); // octaves
  CHECK(found.fits[1].preferred.value == Approx(7).epsilon(1e-4));
  CHECK_FALSE(has_method(found, "tuning.orientation"));
  // Nobody said what the numbers are, and these do not go around.
  CHECK_FALSE(has_method(described_area(area, "tuning"), "tuning.width"));
  CHECK_FALSE(has_method(described_area(area_with("V1", numbered(0, 1, 10), {normal_cube(10, 3, 1, 1)}), "tuning"),
                         "tuning.orientation"));
  const auto words =
      described_area(area_with("V1", {"cat", "dog", "cow", "hen"}, {shown_once(rates.head_rows(4))}), "tuning:linear");
  CHECK_THAT(words.notes.back(), ContainsSubstring("have no numbers for names"));
  CHECK_THAT(described_area(area_with("V1", numbered(0, 1, 7), {shown_once(rates)}), "tuning:logarithmic").notes.back(),
             ContainsSubstring("not all above 0"));
  CHECK_THROWS_AS(recordings::method_of("tuning:oriantation"), input::InputError);
}

TEST_CASE("signal and noise correlations are means over pairs of neurons", "[recordings]") {
  // A common signal, and noise that neurons share with a correlation of 0.36.
  arma::cube responses = 2 * normal_cube(20, 6, 30, 1);
  const arma::cube shared = 1.5 * normal_cube(20, 1, 30, 2);
  const arma::mat signal = 3 * normal_cube(20, 1, 1, 3).slice(0);
  for (arma::uword r = 0; r < 30; ++r)
    for (arma::uword n = 0; n < 6; ++n) responses.slice(r).col(n) += shared.slice(r).col(0) + signal.col(0);
  const auto found = described_area(area_with("V4", numbered(0, 1, 20), {responses}), "correlations");
  const double expected = 1.5 * 1.5 / (1.5 * 1.5 + 2 * 2);
  CHECK(value_of(found, "correlations.noise") == Approx(expected).margin(0.04));
  const arma::mat r = measures::noise_correlation(responses, measures::NoisePooling::residuals);
  CHECK(value_of(found, "correlations.noise") == Approx((arma::accu(r) - 6) / 30));
  CHECK(value_of(found, "correlations.signal") > 0.95);
  for (const auto &result : found.results) CHECK(result.neurons == 6);
}

// White noise of 8 dimensions seen under 300 conditions has a participation ratio of 8 C / (8 + C) on average
// (measures/dimensionality.hpp); two conditions that differ by 6 deviations are told apart in all trials but a few.
TEST_CASE("dimensionality and decoding come with an interval", "[recordings]") {
  std::size_t held = 0;
  for (std::uint64_t k = 0; k < 40; ++k) {
    const auto found =
        described_area(area_with("V1", numbered(1, 1, 60), {normal_cube(60, 8, 1, k)}), "dimensionality");
    const auto &r = found.results.at(0);
    held += r.ci.low < 8 * 60.0 / 68 && r.ci.high > 8 * 60.0 / 68;
  }
  CHECK(held >= 30); // 38 are nominal
  arma::cube two = normal_cube(2, 4, 40, 1);
  for (arma::uword r = 0; r < 40; ++r) two.slice(r).row(1) += 0.8;
  const auto decoded = described_area(area_with("V1", {"left", "right"}, {two}), "decoding").results.at(0);
  CHECK(decoded.ci.low < decoded.value);
  CHECK(decoded.ci.high > decoded.value);
  // By the ideal observer Φ(√4 · 0.8 / 2) = 0.79; of 80 trials, 1.96 deviations are 0.09.
  CHECK(decoded.ci.high - decoded.ci.low == Approx(0.18).epsilon(0.3));
}

TEST_CASE("CKA is debiased unless asked for without, and predictions of bins find the bin that is predictable",
          "[recordings]") {
  recordings::Config config;
  config.bootstrap = 50;
  config.permutations = 99;
  const arma::cube x = normal_cube(40, 4, 1, 1);
  const arma::mat map = normal_cube(4, 5, 1, 2).slice(0);
  arma::cube silent = normal_cube(40, 5, 4, 3), driven = normal_cube(40, 5, 4, 4);
  for (arma::uword r = 0; r < 4; ++r) driven.slice(r) = 0.5 * driven.slice(r) + x.slice(0) * map;
  const auto region = area_with("region", numbered(1, 1, 40), {x}),
             area = area_with("area", numbered(1, 1, 40), {silent, driven}, {25, 75});
  config.methods = {recordings::method_of("cka:linear"), recordings::method_of("cka"),
                    recordings::method_of("ridge:by_time=true")};
  const auto found = recordings::compare(config, {region}, {area}, {}, {});
  const arma::mat mean = arma::mean((silent + driven) / 2, 2);
  CHECK(value_of(found, "cka_linear") == Approx(measures::linear_cka(x.slice(0), mean)));
  CHECK(value_of(found, "cka") == Approx(measures::debiased_linear_cka(x.slice(0), mean)));
  std::vector<recordings::Result> bins;
  for (const auto &r : found.results)
    if (r.method == "ridge") bins.push_back(r);
  REQUIRE(bins.size() == 2);
  CHECK(bins[0].time == 25);
  CHECK(bins[1].time == 75);
  CHECK(bins[1].value > 0.9);
  CHECK(bins[1].p <= 0.02);
  CHECK((bins[0].neurons == 0 || bins[0].p > 0.05)); // what is not reliable is left out
  CHECK_THAT(report::comparison_table(found), ContainsSubstring("at ms"));
  const auto json = nlohmann::json::parse(report::comparison_json(found));
  CHECK(json["results"][0]["time_ms"].is_null());
  CHECK(json["results"][3]["time_ms"] == 75);
}

TEST_CASE("a lone repeat and a time course have null distributions too", "[recordings]") {
  recordings::Config config;
  config.bootstrap = 0;
  config.permutations = 99;
  config.methods = {recordings::method_of("ridge"), recordings::method_of("pls:3"), recordings::method_of("psth")};
  const arma::cube x = normal_cube(30, 4, 1, 1),
                   y = shown_once(x.slice(0) * normal_cube(4, 5, 1, 2).slice(0)) + 0.3 * normal_cube(30, 5, 1, 3),
                   z = normal_cube(30, 5, 1, 4);
  const auto bins = [](const arma::cube &of) { return std::vector<arma::cube>{of, 0.5 * of, 0.1 * of}; };
  const auto region = area_with("region", numbered(1, 1, 30), bins(x)),
             like = area_with("like", numbered(1, 1, 30), bins(y)),
             unlike = area_with("unlike", numbered(1, 1, 30), bins(z));
  const auto found = recordings::compare(config, {region}, {like, unlike}, {}, {});
  std::size_t seen = 0;
  for (const auto &r : found.results) {
    INFO(r.method << " " << r.area << " " << r.value << " p " << r.p);
    CHECK(r.p >= 0.01);
    if (r.method != "psth") CHECK((r.p <= 0.05) == (r.area == "like"));
    ++seen;
  }
  CHECK(seen == 6);
}

// Repeats of one condition go together: that two trials of one condition are alike, whatever the stimulus, is no
// prediction. Features tell single conditions apart perfectly, and say nothing of others.
TEST_CASE("predictions are nested by condition: what marks a condition predicts nothing", "[recordings]") {
  recordings::Config config;
  config.bootstrap = 50;
  config.permutations = 199;
  config.methods = {recordings::method_of("ridge")};
  arma::cube target(24, 8, 6);
  const arma::mat own = normal_cube(24, 8, 1, 1).slice(0); // each condition's, and reliable
  for (arma::uword r = 0; r < 6; ++r) target.slice(r) = own + 0.2 * normal_cube(24, 8, 1, 10 + r).slice(0);
  const auto region = area_with("marks", numbered(1, 1, 24), {shown_once(arma::eye(24, 24))}),
             area = area_with("IT", numbered(1, 1, 24), {target});
  const auto r = recordings::compare(config, {region}, {area}, {}, {}).results.at(0);
  CHECK(r.neurons == 8);
  CHECK(std::abs(r.value) < 0.25);
  CHECK(r.p > 0.05);
}
