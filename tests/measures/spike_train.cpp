// These tests check statistics of spike trains by definition (tests/measures/reference/spike_train.py), on processes
// whose statistics are known, and on a recorded neuron.
#include "measures/spike_train.hpp"
#include "measures/not_applicable.hpp"

#include "catch.hpp"
#include "data/read.hpp"
#include "fixtures.hpp"
#include "measures/stored.hpp"

#include <filesystem>
#include <stdexcept>

using namespace engram;
using namespace engram::measures;
using namespace engram::measures::testing;

TEST_CASE("rate, intervals, variability and counts are those of NumPy and SciPy", "[measures]") {
  const auto expected = stored("spike_train");
  const Window window{expected["start"], expected["stop"]};
  const double width = expected["width"];
  std::vector<SpikeTrain> trains;
  for (std::size_t k = 0; k < expected["trains"].size(); ++k) {
    const auto &e = expected["trains"][k];
    const auto train = e["times"].get<SpikeTrain>();
    const auto between = intervals(train);
    CHECK(rate(train, window) == Approx(e["rate"].get<double>()).epsilon(1e-12));
    CHECK(mean_interval(between) == Approx(e["mean_interval"].get<double>()).epsilon(1e-12));
    CHECK(cv(between) == Approx(e["cv"].get<double>()).epsilon(1e-12));
    CHECK(cv2(between) == Approx(e["cv2"].get<double>()).epsilon(1e-12));
    CHECK(lv(between) == Approx(e["lv"].get<double>()).epsilon(1e-12));
    CHECK(binned_counts(train, window, width) == expected["counts"][k].get<std::vector<std::size_t>>());
    CHECK(fano_factor(train, window, width) == Approx(expected["fano"][k].get<double>()).epsilon(1e-12));
    trains.push_back(train);
  }
  CHECK(fano_factor(trains, window) == Approx(expected["fano_trials"].get<double>()).epsilon(1e-12));
  const auto histogram = psth(trains, window, width);
  REQUIRE(histogram.size() == expected["psth"].size());
  for (std::size_t k = 0; k < histogram.size(); ++k)
    CHECK(histogram[k] == Approx(expected["psth"][k].get<double>()).epsilon(1e-12));
}

TEST_CASE("CV2 and LV are those of Elephant's documentation", "[measures]") {
  const std::vector<double> between{0.3, 4.5, 6.7, 9.3}; // Elephant 1.2, examples of statistics.cv2 and statistics.lv
  CHECK(cv2(between) == Approx(0.8226190476190478).epsilon(1e-14));
  CHECK(lv(between) == Approx(0.8306154336734695).epsilon(1e-14));
}

// Of a Poisson process CV = CV2 = LV = 1 and Fano = 1 (Shinomoto et al. 2003). About 20000 intervals: standard errors
// of 0.007 (CV: 1 / √n), 0.005 and 0.008; of 1000 counts √(2 / 1000) = 0.045.
TEST_CASE("a Poisson train has variability 1 and a regular one 0", "[measures]") {
  const Window window{0, 1e6};
  const auto train = poisson(20, window.start, window.stop, 1);
  const auto between = intervals(train);
  CHECK(rate(train, window) == Approx(20).margin(0.6)); // 4 standard deviations
  CHECK(cv(between) == Approx(1).margin(0.03));
  CHECK(cv2(between) == Approx(1).margin(0.02));
  CHECK(lv(between) == Approx(1).margin(0.03));
  CHECK(fano_factor(train, window, 1000) == Approx(1).margin(0.18));
  SpikeTrain regular;
  for (int k = 0; k < 100; ++k) regular.push_back(5 + 10.0 * k);
  CHECK(cv(intervals(regular)) == 0);
  CHECK(cv2(intervals(regular)) == 0);
  CHECK(lv(intervals(regular)) == 0);
  CHECK(fano_factor(regular, {0, 1000}, 50) == 0);
}

TEST_CASE("correlograms count every pair of spikes once", "[measures]") {
  const auto expected = stored("spike_train");
  const auto a = expected["trains"][0]["times"].get<SpikeTrain>(), b = expected["trains"][1]["times"].get<SpikeTrain>();
  const auto &c = expected["correlogram"];
  const double width = c["width"], max_lag = c["max_lag"];
  const auto cross = cross_correlogram(a, b, max_lag, width), back = cross_correlogram(b, a, max_lag, width);
  const auto own = autocorrelogram(b, max_lag, width);
  CHECK(cross.count == c["cross"].get<std::vector<std::size_t>>());
  CHECK(own.count == c["auto"].get<std::vector<std::size_t>>());
  CHECK(cross.lag.front() == -60);
  CHECK(cross.lag[15] == 0);
  CHECK(std::vector<std::size_t>(back.count.rbegin(), back.count.rend()) == cross.count);
  CHECK(std::vector<std::size_t>(own.count.rbegin(), own.count.rend()) == own.count);
  // b follows a by 3 ms; a lag of half a bin goes away from 0, on both sides.
  const auto peak = cross_correlogram({10, 20.5}, {13, 20}, 5, 1);
  CHECK(peak.count == std::vector<std::size_t>{0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0});
  CHECK(cross_correlogram(a, b, 1e9, 1e9).count == std::vector<std::size_t>{0, a.size() * b.size(), 0});
}

TEST_CASE("bins are half-open, and the last holds the end of the window", "[measures]") {
  CHECK(binned_counts({0, 10, 20, 30}, {0, 30}, 10) == std::vector<std::size_t>{1, 1, 2});
  CHECK(binned_counts({0, 10, 20, 30, 34}, {0, 35}, 10) == std::vector<std::size_t>{1, 1, 1});
  CHECK(bin_count({0, 1}, 0.1) == 10); // 1 / 0.1 is 10 but for rounding
  CHECK(psth({{1, 2}, {3}}, {0, 10}, 10) == std::vector<double>{150});
}

TEST_CASE("what is not a spike train is refused, and what has no statistic is NaN", "[measures]") {
  CHECK_THROWS_AS(rate({2, 1}, {0, 3}), NotApplicable);
  CHECK_THROWS_AS(rate({2, 4}, {0, 3}), NotApplicable);
  CHECK_THROWS_AS(rate({}, {3, 3}), NotApplicable);
  CHECK_THROWS_AS(rate({arma::datum::nan}, {0, 3}), NotApplicable);
  CHECK_THROWS_AS(bin_count({0, 3}, 4), NotApplicable);
  CHECK_THROWS_AS(bin_count({0, 3}, 0), std::invalid_argument);
  CHECK_THROWS_AS(psth({}, {0, 3}, 1), NotApplicable);
  CHECK_THROWS_AS(cross_correlogram({}, {}, -1, 1), std::invalid_argument);
  CHECK(rate({}, {0, 3}) == 0);
  CHECK(intervals({1}).empty());
  for (const auto &few : {std::vector<double>{}, std::vector<double>{2}}) {
    CHECK(std::isnan(cv(few)));
    CHECK(std::isnan(cv2(few)));
    CHECK(std::isnan(lv(few)));
  }
  CHECK(std::isnan(fano_factor(std::vector<std::size_t>{0, 0})));
  CHECK(std::isnan(fano_factor(std::vector<std::size_t>{3})));
  CHECK(cv2({0, 0, 1}) == 1); // two intervals of 0 are equal
}

// The numbers are NumPy's, from the README beside the data.
TEST_CASE("the grasshopper's receptor fires as NumPy says", "[measures][recorded]") {
  const std::string path = data::testing::recorded("grasshopper") + "/grasshopper_spike_times1.txt";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: no " << path);
    return;
  }
  const auto column = data::read_csv(path, "0");
  SpikeTrain train;
  for (std::size_t k = 0; k < column.size(); ++k) train.push_back(column.at(k) / 1000); // from µs
  const auto between = intervals(train);
  CHECK(rate(train, {0, 10000}) == Approx(92.9).epsilon(1e-12));
  CHECK(mean_interval(between) == Approx(10.7679).margin(5e-5));
  CHECK(cv(between) == Approx(0.5331).margin(5e-5));
  CHECK(cv2(between) == Approx(0.4951).margin(5e-5));
  CHECK(lv(between) == Approx(0.2702).margin(5e-5));
}

TEST_CASE("a stray spike makes a window of many empty bins, and no list of them", "[measures]") {
  // 10¹² bins, of which 11 hold one spike each: the variance is the mean but for its square and for n − 1.
  SpikeTrain train;
  for (int k = 0; k < 10; ++k) train.push_back(500.0 * k);
  train.push_back(1e14);
  CHECK(fano_factor(train, {0, 1e14}, 100) == Approx(1).epsilon(1e-9));
  // As the listed counts have it, at the edges of bins and of the window too.
  for (const Window &window : {Window{0, 1000}, Window{0, 1030}, Window{-70, 1000}})
    for (const double width : {10.0, 33.0, 100.0 / 3}) {
      const SpikeTrain some{0, 10, 10, 33, 66, 100, 500, 999.999, 1000};
      CHECK(fano_factor(some, window, width) == Approx(fano_factor(binned_counts(some, window, width))).epsilon(1e-12));
    }
}
