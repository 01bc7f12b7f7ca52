// These tests compare receptive fields with loops over spikes, with NumPy and curve_fit
// (tests/measures/reference/receptive_field.py), with planted ones, and with that of a recorded neuron.
#include "measures/receptive_field.hpp"
#include "measures/gabor_fit.hpp"
#include "measures/not_applicable.hpp"

#include "catch.hpp"
#include "data/read.hpp"
#include "fixtures.hpp"
#include "measures/stored.hpp"

#include <omp.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <stdexcept>

using namespace engram;
using namespace engram::measures;
using namespace engram::measures::testing;

namespace {

arma::mat white_noise(arma::uword samples, arma::uword pixels, std::uint64_t seed) {
  const auto random = random_of(seed);
  arma::mat out(samples, pixels);
  for (arma::uword k = 0; k < out.n_elem; ++k) out(k) = random.normal(k);
  return out;
}

// Bernoulli spikes with a probability by sample.
arma::vec spikes_with(const arma::vec &probability, std::uint64_t seed) {
  const auto random = random_of(seed);
  arma::vec out(probability.n_elem);
  for (arma::uword k = 0; k < out.n_elem; ++k) out(k) = random.uniform(k) < probability(k) ? 1 : 0;
  return out;
}

// The response of filters (L × P) to a stimulus: Σ_l Σ_p filter(l, p) stimulus(t − l, p).
arma::vec filtered(const arma::mat &stimulus, const arma::mat &filter) {
  arma::vec out(stimulus.n_rows, arma::fill::zeros);
  for (arma::uword l = 0; l < filter.n_rows; ++l)
    out.tail(out.n_elem - l) += stimulus.head_rows(stimulus.n_rows - l) * filter.row(l).t();
  return out;
}

arma::vec flat(const arma::mat &field) { return arma::vectorise(field, 1).t(); }

std::string grasshopper(const std::string &name) { return data::testing::recorded("grasshopper") + "/" + name; }

} // namespace

TEST_CASE("spike-triggered average, covariance and separability are those of NumPy", "[measures]") {
  const auto e = stored("receptive_field");
  const arma::mat stimulus = matrix_of(e["stimulus"]);
  const arma::vec spikes = vector_of(e["spikes"]);
  const std::size_t lags = e["lags"];
  const auto sta = spike_triggered_average(stimulus, spikes, lags);
  CHECK(sta.spikes == e["spike_count"].get<double>());
  CHECK(arma::approx_equal(sta.average, matrix_of(e["average"]), "absdiff", 1e-12));
  const arma::mat field = sta.average.each_row() - sta.mean;
  const auto s = separability(field);
  CHECK(s.index == Approx(e["separability"].get<double>()).epsilon(1e-12));
  CovarianceOptions options;
  options.surrogates = 20;
  const auto without = spike_triggered_covariance(stimulus, spikes, lags, options);
  options.remove_average = false;
  const auto whole = spike_triggered_covariance(stimulus, spikes, lags, options);
  CHECK(arma::approx_equal(whole.eigenvalue, vector_of(e["eigenvalues"]), "absdiff", 1e-12));
  CHECK(arma::approx_equal(without.eigenvalue, vector_of(e["eigenvalues_without_average"]), "absdiff", 1e-12));
  const arma::mat v = without.eigenvector;
  CHECK(arma::approx_equal(v.t() * v, arma::eye(v.n_cols, v.n_cols), "absdiff", 1e-12));
  CHECK(arma::abs(v.t() * flat(field)).max() < 1e-12);
}

TEST_CASE("a planted linear receptive field is the spike-triggered average of white noise", "[measures]") {
  const arma::mat filter = arma::vec{0, 0.3, 1, 0.4, -0.2} * arma::rowvec{0.2, 1, -0.7, 0, 0.1};
  const arma::mat stimulus = white_noise(60000, 5, 1);
  const arma::vec drive = filtered(stimulus, filter);
  const auto sta = spike_triggered_average(stimulus, spikes_with(0.5 * arma::normcdf(drive), 2), 8);
  const arma::mat field = sta.average.each_row() - sta.mean;
  arma::mat wanted(8, 5, arma::fill::zeros);
  wanted.head_rows(5) = filter;
  // Each of the 40 values has an error of 1 / √n about a field that is parallel to the filter (Bussgang 1952).
  const double cosine = arma::dot(field, wanted) / (arma::norm(flat(field)) * arma::norm(flat(wanted)));
  CHECK(cosine > 0.99);
  CHECK(arma::abs(field.tail_rows(3)).max() < 4.5 / std::sqrt(sta.spikes));
  const auto s = separability(wanted);
  CHECK(s.index == Approx(1).epsilon(1e-12));
  CHECK(arma::approx_equal(s.time * s.space.t(), wanted, "absdiff", 1e-12));
  CHECK(separability(field).index > 0.98);
  CHECK(separability(arma::mat(arma::eye(4, 4))).index == Approx(0.25).epsilon(1e-12));
}

// At a level of 1 %, 20 tests have more than 2 hits with a probability of 0.001.
TEST_CASE("an average is significant where spikes depend on the stimulus", "[measures]") {
  const arma::mat stimulus = white_noise(2000, 3, 40);
  const arma::vec drive = filtered(stimulus, arma::mat{{0, 0, 0}, {1, 0, 0}});
  CHECK(average_is_significant(stimulus, spikes_with(0.2 * arma::normcdf(drive), 41), 4));
  int hits = 0;
  for (std::uint64_t k = 0; k < 20; ++k)
    hits += average_is_significant(stimulus, spikes_with(arma::vec(2000, arma::fill::value(0.1)), 42 + k), 4, k);
  CHECK(hits <= 2);
  CHECK_THROWS_AS(average_is_significant(stimulus.head_rows(7), arma::vec(7, arma::fill::ones), 4), NotApplicable);
}

TEST_CASE("the covariance finds an excitatory and a suppressive axis that are planted, and none where there is none",
          "[measures]") {
  const arma::uword samples = 12000, pixels = 4;
  const std::size_t lags = 3;
  const arma::mat stimulus = white_noise(samples, pixels, 3);
  arma::mat excites(lags, pixels, arma::fill::zeros), suppresses = excites;
  excites(0, 0) = 0.8, excites(1, 1) = 0.6;
  suppresses(1, 2) = 0.6, suppresses(2, 3) = -0.8;
  const arma::vec e = filtered(stimulus, excites), s = filtered(stimulus, suppresses);
  const arma::vec spikes = spikes_with(0.4 * arma::square(e) / (1 + 0.2 * arma::square(e) + arma::square(s)), 4);
  CovarianceOptions options;
  options.surrogates = 100;
  const auto found = spike_triggered_covariance(stimulus, spikes, lags, options);
  REQUIRE(found.significant.n_elem == 2);
  for (const arma::uword k : found.significant) {
    const bool raised = found.eigenvalue(k) > 0;
    const arma::vec axis = flat(raised ? excites : suppresses);
    CHECK(std::abs(arma::dot(found.eigenvector.col(k), axis)) > 0.95);
  }
  CHECK(found.eigenvalue(found.significant(0)) * found.eigenvalue(found.significant(1)) < 0);
  // The same bits at any number of threads.
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const auto alone = spike_triggered_covariance(stimulus, spikes, lags, options);
  omp_set_num_threads(threads);
  CHECK(alone.low == found.low);
  CHECK(alone.high == found.high);

  // Spikes that do not depend on the stimulus: at a level of 2 %, 12 such tests have more than 2 hits with a
  // probability of 0.002.
  options.level = 0.02;
  int hits = 0;
  for (std::uint64_t k = 0; k < 12; ++k) {
    const arma::vec chance = spikes_with(arma::vec(3000, arma::fill::value(0.1)), 50 + k);
    hits += !spike_triggered_covariance(stimulus.head_rows(3000), chance, lags, options).significant.is_empty();
  }
  CHECK(hits <= 2);
}

TEST_CASE("spikes belong to the sample that is shown at their time", "[measures]") {
  const arma::vec counts = spikes_by_sample({-1, 9.99, 10, 14.9, 15, 24.9, 25, 99}, 3, 10, 5);
  CHECK(arma::all(counts == arma::vec{2, 1, 1}));
  CHECK(spikes_by_sample({0.3}, 5, 0, 0.1)(3) == 1); // 0.3 / 0.1 is 3 but for rounding
  // A spike counts only with a whole history; lag 0 is the spike's own sample.
  const arma::mat stimulus = arma::vec{1, 2, 4, 8};
  const auto sta = spike_triggered_average(stimulus, {1, 0, 1, 2}, 3);
  CHECK(sta.spikes == 3);
  CHECK(arma::approx_equal(sta.average, arma::vec{20.0 / 3, 10.0 / 3, 5.0 / 3}, "absdiff", 1e-14));
  CHECK(spike_triggered_average(stimulus, {1, 0, 0, 0}, 3).average.has_nan());
}

TEST_CASE("fitted Gabor functions are those of curve_fit", "[measures]") {
  const auto expected = stored("receptive_field");
  for (const auto &e : expected["gabors"]) {
    const auto g = fit_gabor(matrix_of(e["image"]));
    CHECK(g.quality.converged);
    const std::vector<numeric::Fitted> found{g.amplitude, g.x,       g.y,         g.orientation,
                                             g.sigma_x,   g.sigma_y, g.frequency, g.phase};
    for (std::size_t k = 0; k < found.size(); ++k) {
      INFO("parameter " << k);
      CHECK(found[k].value == Approx(e["parameters"][k].get<double>()).epsilon(1e-5));
      CHECK(found[k].standard_error == Approx(e["errors"][k].get<double>()).epsilon(1e-4));
    }
  }
}

// Pixels sample a wave of 0.7 cycles in x as one of 0.3 the other way round: the faster one may leave a smaller
// residual, by noise, but is no field that the pixels could show (sampling theorem). Images of the test above are
// fitted anew with such noise.
TEST_CASE("a Gabor function is never faster than pixels resolve", "[measures][numeric]") {
  const auto random = random_of(31);
  for (std::uint64_t k = 0; k < 6; ++k) {
    arma::mat field(15, 17);
    for (arma::uword j = 0; j < field.n_cols; ++j)
      for (arma::uword i = 0; i < field.n_rows; ++i) {
        const double x = static_cast<double>(j) - 9, y = static_cast<double>(i) - 7;
        field(i, j) = std::exp(-x * x / 12.5 - y * y / 8) * std::cos(2 * std::numbers::pi * 0.3 * x + 5.4) +
                      0.08 * random.normal(i + 15 * j, 500 + k);
      }
    const auto g = fit_gabor(field);
    CHECK(g.quality.converged);
    CHECK(g.frequency.value == Approx(0.3).margin(0.02));
    CHECK(std::abs(std::remainder(g.orientation.value, 180)) < 8);
  }
}

// y = (x² − 1)² has two minima; noise of 0.1 in a third datum makes one of them better by less than it explains.
TEST_CASE("minima that are equal within noise are counted, and the first start's is taken", "[measures][numeric]") {
  const numeric::FitModel wells = [](const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
    const double x = p(0), q = x * x - 1;
    values = {q, q, 0.01 * x, 0.0};
    if (jacobian) *jacobian = arma::mat(arma::vec{2 * x, 2 * x, 0.01, 0.0});
  };
  const arma::vec noisy{0.1, -0.1, 0.0, 0.1};
  const auto right = numeric::least_squares(wells, noisy, std::vector<arma::vec>{{2.0}, {-3.0}, {1.5}}, 3);
  CHECK(right.parameters(0) == Approx(1).margin(1e-3));
  CHECK(right.rivals == 1);
  const auto left = numeric::least_squares(wells, noisy, std::vector<arma::vec>{{-3.0}, {2.0}}, 2);
  CHECK(left.parameters(0) == Approx(-1).margin(1e-3));
  // Noise that tells them apart: x itself is a datum.
  const numeric::FitModel told = [](const arma::vec &p, arma::vec &values, arma::mat *jacobian) {
    const double x = p(0), q = x * x - 1;
    values = {q, q, x, 0.0};
    if (jacobian) *jacobian = arma::mat(arma::vec{2 * x, 2 * x, 1.0, 0.0});
  };
  const auto one = numeric::least_squares(told, {0.1, -0.1, 1.0, 0.1}, std::vector<arma::vec>{{-3.0}, {2.0}}, 2);
  CHECK(one.parameters(0) == Approx(1).margin(1e-3));
  CHECK(one.rivals == 0);
  const numeric::Admissible negative = [](const arma::vec &p) { return p(0) < 0; };
  CHECK(numeric::least_squares(told, {0.1, -0.1, 1.0, 0.1}, std::vector<arma::vec>{{-3.0}, {2.0}}, 2, 500, negative)
            .parameters(0) < 0);
}

// Of 0.3 to 0.8 cycles in a standard deviation: with fewer, phase and amplitude are hardly told apart.
TEST_CASE("Gabor functions of any place, orientation and phase are recovered", "[measures]") {
  const auto random = random_of(9);
  const auto drawn = [&](std::uint64_t k, std::uint64_t what, double low, double high) {
    return low + (high - low) * random.uniform(k, what);
  };
  int recovered = 0;
  const int fields = 25;
  for (std::uint64_t k = 0; k < fields; ++k) {
    const double x0 = drawn(k, 0, 6, 13), y0 = drawn(k, 1, 6, 13), theta = drawn(k, 2, 0, std::numbers::pi);
    const double sx = drawn(k, 3, 2, 3), sy = drawn(k, 4, 2, 4), f = drawn(k, 5, 0.3, 0.8) / sx;
    const double phase = drawn(k, 6, 0, 2 * std::numbers::pi);
    arma::mat field(20, 20);
    for (arma::uword j = 0; j < 20; ++j)
      for (arma::uword i = 0; i < 20; ++i) {
        const double x = static_cast<double>(j) - x0, y = static_cast<double>(i) - y0;
        const double u = x * std::cos(theta) + y * std::sin(theta), v = y * std::cos(theta) - x * std::sin(theta);
        field(i, j) =
            std::exp(-u * u / (2 * sx * sx) - v * v / (2 * sy * sy)) * std::cos(2 * std::numbers::pi * f * u + phase) +
            0.02 * random.normal(i + 20 * j, 100 + k);
      }
    const auto g = fit_gabor(field);
    const double turn = std::remainder(g.orientation.value - theta * 180 / std::numbers::pi, 180);
    recovered += std::abs(g.x.value - x0) < 0.3 && std::abs(g.y.value - y0) < 0.3 && std::abs(turn) < 3 &&
                 std::abs(g.frequency.value - f) < 0.02;
  }
  CHECK(recovered == fields);
}

TEST_CASE("a field without stripes is fitted as well as one with them", "[measures]") {
  arma::mat field(15, 15);
  for (arma::uword j = 0; j < 15; ++j)
    for (arma::uword i = 0; i < 15; ++i)
      field(i, j) =
          -3 * std::exp(-(std::pow(static_cast<double>(i) - 6, 2) + std::pow(static_cast<double>(j) - 8, 2)) / 9);
  const auto g = fit_gabor(field);
  CHECK(g.quality.r_squared > 0.999);
  CHECK(g.x.value == Approx(8).margin(0.05));
  CHECK(g.y.value == Approx(6).margin(0.05));
}

TEST_CASE("receptive fields refuse what they cannot measure", "[measures]") {
  const arma::mat stimulus(10, 2, arma::fill::ones);
  const arma::vec spikes(10, arma::fill::ones);
  CHECK_THROWS_AS(spike_triggered_average(stimulus, spikes, 0), std::invalid_argument);
  CHECK_THROWS_AS(spike_triggered_average(stimulus, spikes, 11), NotApplicable);
  CHECK_THROWS_AS(spike_triggered_average(stimulus, spikes.head(9), 2), std::invalid_argument);
  CHECK_THROWS_AS(spike_triggered_average(stimulus, -spikes, 2), NotApplicable);
  CHECK_THROWS_AS(spike_triggered_average(arma::mat(), {}, 1), NotApplicable);
  CHECK_THROWS_AS(spike_triggered_covariance(stimulus, spikes, 6), NotApplicable);
  CHECK_THROWS_AS(spike_triggered_covariance(stimulus, 0 * spikes, 2), NotApplicable);
  CHECK_THROWS_AS(separability(arma::mat()), NotApplicable);
  CHECK_THROWS_AS(fit_gabor(arma::mat(2, 5, arma::fill::ones)), NotApplicable);
  CHECK_THROWS_AS(fit_gabor(arma::mat(5, 5, arma::fill::zeros)), NotApplicable);
  CHECK_THROWS_AS(spikes_by_sample({1}, 3, 0, 0), NotApplicable);
}

// NumPy's numbers, from the README beside the data.
TEST_CASE("the grasshopper's receptor follows the sound by 6 ms", "[measures][recorded]") {
  const std::string times = grasshopper("grasshopper_spike_times1.txt"),
                    sound = grasshopper("grasshopper_stimulus1.txt.gz");
  if (!std::filesystem::exists(times) || !std::filesystem::exists(sound)) {
    WARN("skipped: no " << times);
    return;
  }
  const auto column = data::read_csv(times, "0"), amplitude = data::read_csv(sound, "1");
  SpikeTrain train;
  for (std::size_t k = 0; k < column.size(); ++k) train.push_back(column.at(k) / 1000); // from µs
  arma::mat stimulus(amplitude.size(), 1);
  for (std::size_t k = 0; k < amplitude.size(); ++k) stimulus(k, 0) = amplitude.at(k);
  const double step = 0.05; // ms
  const auto sta = spike_triggered_average(stimulus, spikes_by_sample(train, stimulus.n_rows, 0, step), 201);
  const arma::vec field = sta.average.col(0) - sta.mean(0);
  CHECK(static_cast<double>(field.index_max()) * step == Approx(6.05).epsilon(1e-12));
  CHECK(field.max() == Approx(0.126).margin(5e-4));
}
