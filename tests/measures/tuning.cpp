// These tests compare tuning with NumPy and curve_fit (tests/measures/reference/tuning.py), with closed forms, and with
// planted curves.
#include "measures/tuning.hpp"
#include "measures/not_applicable.hpp"
#include "measures/tuning_fit.hpp"

#include "catch.hpp"
#include "measures/stored.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>

using namespace engram::measures;
using namespace engram::measures::testing;

namespace {

constexpr double radian = std::numbers::pi / 180;

arma::vec angles(arma::uword count, double range) {
  return arma::regspace(0, static_cast<double>(count) - 1) * (range / static_cast<double>(count));
}

arma::vec noisy(arma::vec curve, double sd, std::uint64_t seed) {
  const auto random = random_of(seed);
  for (arma::uword k = 0; k < curve.n_elem; ++k) curve(k) += sd * random.normal(k);
  return curve;
}

// The optimum is flat to first order: both stop near it, at relative differences in the order of the root of rounding.
void check_fit(const nlohmann::json &expected, const std::vector<numeric::Fitted> &found,
               const numeric::FitQuality &quality) {
  CHECK(quality.converged);
  CHECK(quality.r_squared == Approx(expected["r_squared"].get<double>()).epsilon(1e-9));
  for (std::size_t k = 0; k < found.size(); ++k) {
    INFO("parameter " << k);
    CHECK(found[k].value == Approx(expected["parameters"][k].get<double>()).epsilon(1e-5));
    CHECK(found[k].standard_error == Approx(expected["errors"][k].get<double>()).epsilon(1e-4));
  }
}

} // namespace

TEST_CASE("indices of tuning are those of NumPy", "[measures]") {
  const auto tuning = stored("tuning");
  const auto &e = tuning["indices"];
  const arma::vec angle = vector_of(e["angle"]), response = vector_of(e["response"]);
  const auto expected = [&](const char *name) { return Approx(e[name].get<double>()).epsilon(1e-12); };
  CHECK(orientation_selectivity_index(angle, response) == expected("osi"));
  CHECK(direction_selectivity_index(angle, response) == expected("dsi"));
  CHECK(vector_selectivity(angle, response, 180) == expected("l_ori"));
  CHECK(vector_selectivity(angle, response, 360) == expected("l_dir"));
  CHECK(preferred_angle(angle, response, 180) == expected("preferred_orientation"));
  CHECK(preferred_angle(angle, response, 360) == expected("preferred_direction"));
  CHECK(rolls_tovee(response) == expected("rolls_tovee"));
  CHECK(sparseness(response) == expected("sparseness"));
  CHECK(depth_of_selectivity(response) == expected("depth"));
  const arma::mat population = matrix_of(e["population"]);
  const arma::vec lifetime = vector_of(e["lifetime_sparseness"]), across = vector_of(e["population_sparseness"]);
  CHECK(arma::approx_equal(lifetime_sparseness(population), lifetime, "reldiff", 1e-12));
  CHECK(arma::approx_equal(population_sparseness(population), across, "reldiff", 1e-12));
}

TEST_CASE("selectivity is 0 without tuning and 1 for one response", "[measures]") {
  const arma::vec angle = angles(8, 360), flat(8, arma::fill::value(3));
  arma::vec one(8, arma::fill::zeros);
  one(3) = 5;
  CHECK(vector_selectivity(angle, flat, 360) == Approx(0).margin(1e-15));
  CHECK(std::isnan(preferred_angle(angle, flat, 360)));
  CHECK(orientation_selectivity_index(angle, flat) == 0);
  CHECK(direction_selectivity_index(angle, flat) == 0);
  CHECK(sparseness(flat) == Approx(0).margin(1e-15));
  CHECK(depth_of_selectivity(flat) == 0);
  CHECK(vector_selectivity(angle, one, 360) == Approx(1).epsilon(1e-15));
  CHECK(preferred_angle(angle, one, 360) == Approx(135).epsilon(1e-14));
  CHECK(preferred_angle(angle, one, 180) == Approx(135).epsilon(1e-14));
  CHECK(orientation_selectivity_index(angle, one) == 1);
  CHECK(direction_selectivity_index(angle, one) == 1);
  CHECK(sparseness(one) == Approx(1).epsilon(1e-15));
  CHECK(rolls_tovee(one) == 0.125);
  CHECK(depth_of_selectivity(one) == 1);
  CHECK(selectivity_index(3, 1) == 0.5);
  CHECK(preferred_value({1, 2, 4}, {1, 1, 2}) == 2.75);
  // A cosine of modulation m has |Σ r e^iθ| / Σ r = m / 2.
  const arma::vec fine = angles(36, 360);
  CHECK(vector_selectivity(fine, 2 * (1 + 0.6 * arma::cos(radian * (fine - 50))), 360) == Approx(0.3).epsilon(1e-12));
}

TEST_CASE("tuning curves are means by condition, with missing responses left out", "[measures]") {
  arma::cube responses(2, 1, 3);
  responses.slice(0) = arma::vec{1, 4};
  responses.slice(1) = arma::vec{2, arma::datum::nan};
  responses.slice(2) = arma::vec{6, arma::datum::nan};
  const auto curves = tuning_curves(responses);
  CHECK(curves.mean(0, 0) == 3);
  CHECK(curves.sem(0, 0) == Approx(std::sqrt(7.0 / 3))); // deviations −2, −1, 3: variance 7
  CHECK(curves.mean(1, 0) == 4);
  CHECK(std::isnan(curves.sem(1, 0)));
  CHECK(curves.count(1, 0) == 1);
  const auto same = tuning_curves(arma::vec{1, 4, 2, 6}, {0, 1, 0, 0}, 3);
  CHECK(same.mean(0, 0) == 3);
  CHECK(same.sem(0, 0) == Approx(curves.sem(0, 0)));
  CHECK(std::isnan(same.mean(2, 0)));
  CHECK(same.count(2, 0) == 0);
}

TEST_CASE("fitted tuning curves are those of curve_fit", "[measures]") {
  const auto expected = stored("tuning");
  for (const auto &e : expected["orientation"]) {
    const auto f = fit_orientation(vector_of(e["x"]), vector_of(e["y"]));
    check_fit(e, {f.baseline, f.amplitude, f.preferred, f.concentration}, f.quality);
  }
  for (const auto &e : expected["direction"]) {
    const auto f = fit_direction(vector_of(e["x"]), vector_of(e["y"]));
    check_fit(e, {f.baseline, f.amplitude, f.opposite, f.preferred, f.concentration}, f.quality);
  }
  for (const auto &e : expected["gaussian"]) {
    const auto f = fit_gaussian(vector_of(e["x"]), vector_of(e["y"]));
    check_fit(e, {f.baseline, f.amplitude, f.preferred, f.width}, f.quality);
  }
  for (const auto &e : expected["log_gaussian"]) {
    auto f = fit_gaussian(vector_of(e["x"]), vector_of(e["y"]), Axis::logarithmic);
    // Back to octaves, in which curve_fit was given the axis.
    f.preferred.standard_error /= f.preferred.value * std::numbers::ln2;
    f.preferred.value = std::log2(f.preferred.value);
    check_fit(e, {f.baseline, f.amplitude, f.preferred, f.width}, f.quality);
  }
}

TEST_CASE("curves without noise are recovered to rounding", "[measures]") {
  const arma::vec half = angles(12, 180), full = angles(16, 360);
  for (const double preferred : {0.0, 44.0, 90.0, 179.0}) {
    INFO("preferred " << preferred);
    const auto f = fit_orientation(half, 2 + 9 * arma::exp(3 * (arma::cos(2 * radian * (half - preferred)) - 1)));
    CHECK(f.quality.r_squared == Approx(1).epsilon(1e-12));
    CHECK(std::abs(std::remainder(f.preferred.value - preferred, 180)) < 1e-6);
    CHECK(f.concentration.value == Approx(3).epsilon(1e-6));
    const arma::vec c = arma::cos(radian * (full - 2 * preferred));
    const auto g = fit_direction(full, 1 + 8 * arma::exp(2 * (c - 1)) + 5 * arma::exp(-2 * (c + 1)));
    CHECK(std::abs(std::remainder(g.preferred.value - 2 * preferred, 360)) < 1e-6);
    CHECK(g.opposite.value == Approx(5).epsilon(1e-6));
    CHECK(g.amplitude.value == Approx(8).epsilon(1e-6));
  }
}

// Of 300 data sets the share within t standard errors, with t the 97.5 % quantile of Student's distribution with 16
// degrees of freedom (2.120; scipy.stats.t.ppf): 95 % to first order in the noise. Between 271 and 295 with a
// probability of 0.999 (binomial).
TEST_CASE("planted parameters lie within their errors at the nominal rate", "[measures]") {
  const arma::vec orientation = angles(20, 180);
  const arma::vec curve = 4 + 20 * arma::exp(2.5 * (arma::cos(2 * radian * (orientation - 63)) - 1));
  const arma::vec x = arma::linspace(-10, 10, 20), bump = 3 + 20 * arma::exp(-arma::square(x - 1) / (2 * 3 * 3));
  int preferred = 0, amplitude = 0, concentration = 0, place = 0, width = 0;
  for (std::uint64_t k = 0; k < 300; ++k) {
    const auto inside = [](const numeric::Fitted &f, double truth) {
      return std::abs(f.value - truth) <= 2.120 * f.standard_error ? 1 : 0;
    };
    const auto f = fit_orientation(orientation, noisy(curve, 1, k));
    preferred += inside(f.preferred, 63);
    amplitude += inside(f.amplitude, 20);
    concentration += inside(f.concentration, 2.5);
    const auto g = fit_gaussian(x, noisy(bump, 1, 1000 + k));
    place += inside(g.preferred, 1);
    width += inside(g.width, 3);
  }
  for (const int hits : {preferred, amplitude, concentration, place, width}) {
    CHECK(hits >= 271);
    CHECK(hits <= 296);
  }
}

TEST_CASE("tuning refuses what it cannot measure", "[measures]") {
  CHECK_THROWS_AS(vector_selectivity({}, {}, 180), NotApplicable);
  CHECK_THROWS_AS(vector_selectivity({0, 90}, {1}, 180), std::invalid_argument);
  CHECK_THROWS_AS(orientation_selectivity_index({0, 45}, {1, 2}), NotApplicable);
  CHECK_THROWS_AS(direction_selectivity_index({0, 90}, {1, 2}), NotApplicable);
  CHECK_THROWS_AS(tuning_curves(arma::mat(2, 1), {0}, 1), std::invalid_argument);
  CHECK_THROWS_AS(tuning_curves(arma::mat(1, 1), {1}, 1), std::invalid_argument);
  CHECK_THROWS_AS(fit_orientation({0, 60, 120}, {1, 2, 3}), NotApplicable);
  CHECK_THROWS_AS(fit_gaussian({0, 1, 2, 3, 4}, {1, 2, 3, 4, 5}, Axis::logarithmic), NotApplicable);
  CHECK_THROWS_AS(fit_gaussian({1, 2, 3, 4}, {1, 2, arma::datum::nan, 4}), NotApplicable);
  CHECK(std::isnan(vector_selectivity({0, 90}, {0, 0}, 180)));
  CHECK(std::isnan(sparseness({1})));
  CHECK(std::isnan(rolls_tovee({0, 0})));
  // Four responses for four parameters leave nothing to estimate the noise from.
  CHECK(std::isnan(fit_orientation({0, 45, 90, 135}, {1, 5, 2, 1}).preferred.standard_error));
}
