// These tests check what is made of spike trains that were not watched all the time: by NumPy and by loops over windows
// (tests/measures/reference/observation.py), and by hand.
#include "measures/observation.hpp"
#include "measures/not_applicable.hpp"
#include "measures/spike_distance.hpp"
#include "measures/spike_synchrony.hpp"
#include "measures/spike_train.hpp"

#include "catch.hpp"
#include "measures/stored.hpp"

#include <cmath>

using namespace engram::measures;
using namespace engram::measures::testing;

namespace {

Observation windows_from(const nlohmann::json &pairs) {
  Observation out;
  for (const auto &pair : pairs) out.push_back({pair[0], pair[1]});
  return out;
}

bool same(const Observation &a, const Observation &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Window &x, const Window &y) { return x.start == y.start && x.stop == y.stop; });
}

} // namespace

TEST_CASE("windows are joined, cut, intersected and covered", "[measures]") {
  const Observation some = joined({{20, 30}, {0, 10}, {10, 12}, {25, 40}, {50, 50}, {60, 55}});
  CHECK(same(some, {{0, 12}, {20, 40}}));
  CHECK(duration(some) == 32);
  const Observation trials = cut_at(some, {0, 5, 5, 12, 20, 30, 100});
  CHECK(same(trials, {{0, 5}, {5, 12}, {20, 30}, {30, 40}}));
  CHECK(same(common(trials, {{3, 25}, {35, 50}}), {{3, 5}, {5, 12}, {20, 25}, {35, 40}}));
  CHECK(common(some, {{12, 20}}).empty());
  CHECK(same(shifted({{1, 2}}, 3), {{4, 5}}));
  CHECK(covers(trials, {2, 11})); // across a border, where nothing is missing
  CHECK(covers(trials, {20, 40 + 1e-9}));
  CHECK_FALSE(covers(trials, {2, 13}));
  CHECK_FALSE(covers(trials, {13, 15}));
  CHECK_FALSE(covers(trials, {19, 25}));
  CHECK(covers(trials, {19.5, 25}, 0.6));
  CHECK_FALSE(covers({}, {0, 1}));
  const Window seen = seen_part(trials, {8, 35}), none = seen_part(trials, {13, 19});
  CHECK(seen.start == 8);
  CHECK(seen.stop == 35);
  CHECK(seen_part(trials, {13, 25}).start == 20);
  CHECK(none.duration() == 0);
}

TEST_CASE("a spike on a border is of the window that begins there", "[measures]") {
  const Observation windows{{0, 10}, {10, 20}, {30, 40}};
  const SpikeTrain train{-1, 0, 10 - 1e-9, 10, 20, 25, 30, 40 + 1e-9, 41};
  CHECK(windows_of(train, windows) == std::vector<std::size_t>{3, 0, 1, 1, 1, 3, 2, 2, 3});
  const auto parts = by_window(train, windows);
  CHECK(parts[1] == SpikeTrain{10, 10, 20});
  CHECK(parts[2] == SpikeTrain{30, 40});
}

TEST_CASE("statistics, distances and correlograms keep to windows as NumPy and loops over windows do", "[measures]") {
  const auto e = stored("observation");
  const Observation windows = windows_from(e["windows"]);
  std::vector<SpikeTrain> trains;
  for (const auto &of : e["trains"]) {
    trains.push_back(of["times"].get<SpikeTrain>());
    const auto found = train_statistics(trains.back(), windows, e["width"]);
    CHECK(found.rate == Approx(of["rate"].get<double>()).epsilon(1e-12));
    CHECK(found.mean_interval == Approx(of["mean_interval"].get<double>()).epsilon(1e-12));
    CHECK(found.cv == Approx(of["cv"].get<double>()).epsilon(1e-12));
    CHECK(found.cv2 == Approx(of["cv2"].get<double>()).epsilon(1e-12));
    CHECK(found.lv == Approx(of["lv"].get<double>()).epsilon(1e-12));
    CHECK(found.fano == Approx(of["fano"].get<double>()).epsilon(1e-12));
  }
  const auto &a = trains[0], &b = trains[1];
  CHECK(victor_purpura(a, b, e["cost"], windows) == Approx(e["victor_purpura"].get<double>()).epsilon(1e-12));
  CHECK(van_rossum(a, b, e["tau"], windows) == Approx(e["van_rossum"].get<double>()).epsilon(1e-12));
  const double width = e["bin_of_lag"], reach = width * e["last_lag"].get<double>();
  CHECK(cross_correlogram(a, b, reach, width, windows).count == e["cross_correlogram"].get<std::vector<std::size_t>>());
  CHECK(autocorrelogram(a, reach, width, windows).count == e["autocorrelogram"].get<std::vector<std::size_t>>());
}

TEST_CASE("nothing runs across the border of two windows", "[measures]") {
  // 1, 2 and 2, 1 ms between spikes, and 91 ms across the gap.
  const SpikeTrain train{1, 2, 4, 95, 97, 98};
  const auto found = train_statistics(train, {{0, 10}, {90, 100}}, 5);
  CHECK(found.rate == 300);
  CHECK(found.mean_interval == 1.5);
  CHECK(found.cv == Approx(1.0 / 3));
  CHECK(found.cv2 == Approx(2.0 / 3));
  CHECK(found.lv == Approx(1.0 / 3));
  CHECK(found.fano == Approx(2)); // counts 3, 0, 0, 3: the variance is 3, the mean 1.5
  // A spike before a border and one behind it are not moved to each other.
  const Observation touching{{0, 10}, {10, 20}}, whole{{0, 20}};
  CHECK(victor_purpura({9}, {11}, 0.1, whole) == Approx(0.2));
  CHECK(victor_purpura({9}, {11}, 0.1, touching) == 2);
  CHECK(van_rossum({9}, {11}, 10, touching) == Approx(std::sqrt(2.0)));
  CHECK(spike_synchronization({9}, {11}, whole) == 1);
  CHECK(spike_synchronization({9}, {11}, touching) == 0);
  // Each window by itself, weighted by its duration.
  const SpikeTrain a{2, 5, 31, 36}, b{3, 4, 8, 33};
  const Observation apart{{0, 10}, {30, 40}};
  const Window first{0, 10}, second{30, 40};
  CHECK(isi_distance(a, b, apart) ==
        Approx((isi_distance({2, 5}, {3, 4, 8}, first) + isi_distance({31, 36}, {33}, second)) / 2));
  CHECK(spike_distance(a, b, apart) ==
        Approx((spike_distance({2, 5}, {3, 4, 8}, first) + spike_distance({31, 36}, {33}, second)) / 2));
  // Pairs are looked at while both were watched: the first and last never were.
  const std::vector<Observation> seen{{{0, 10}}, {{0, 20}}, {{10, 20}}};
  CHECK(spike_synchronization({{5}, {5, 15}, {15.1}}, seen) == 1);
  CHECK(std::isnan(spike_synchronization({{5}, {15}}, std::vector<Observation>{seen[0], seen[2]})));
  CHECK(std::isnan(victor_purpura({5}, {15}, 1, common(seen[0], seen[2]))));
  CHECK(std::isnan(isi_distance({5}, {15}, Observation{})));
  CHECK_THROWS_AS(train_statistics({5}, {}, 100), NotApplicable);
  CHECK_THROWS_AS(train_statistics({5}, {{6, 7}}, 100), NotApplicable);
}
