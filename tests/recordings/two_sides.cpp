// These tests compare spike trains and rate maps of both sides.
#include "catch.hpp"
#include "measures/cka.hpp"
#include "measures/spike_distance.hpp"
#include "numeric/random.hpp"
#include "recordings/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

using namespace engram;

namespace {

numeric::Random draws_of(std::uint64_t seed) { return {seed, numeric::Purpose::noise, 0}; }

bool says(const recordings::Comparison &found, const std::string &what) {
  return std::any_of(found.notes.begin(), found.notes.end(),
                     [&](const auto &note) { return note.find(what) != std::string::npos; });
}

const recordings::Result &of_pair(const recordings::Comparison &found, const char *method, const char *region,
                                  const char *area) {
  for (const auto &r : found.results)
    if (r.method == method && r.region == region && r.area == area) return r;
  FAIL("no " << method << (found.notes.empty() ? "" : ": " + found.notes.back()));
  return found.results.front();
}

// Units fire at a rate of their own for each condition, in trials of 200 ms that follow each other.
recordings::Area firing(const std::string &name, const arma::mat &hertz, std::size_t repeats, std::uint64_t seed) {
  recordings::Area area;
  area.name = name;
  area.condition_count = hertz.n_rows;
  area.trains.resize(hertz.n_cols);
  for (arma::uword c = 0; c < hertz.n_rows; ++c) area.conditions.push_back(std::to_string(c));
  for (arma::uword u = 0; u < hertz.n_cols; ++u) area.units.push_back(std::to_string(u));
  constexpr double trial = 200, step = 1;
  std::uint64_t at = 0;
  for (std::size_t r = 0; r < repeats; ++r)
    for (arma::uword c = 0; c < hertz.n_rows; ++c) {
      const double start = static_cast<double>(area.trials.size()) * trial;
      area.trials.push_back({c, r, {start, start + trial}});
      for (double t = 0.5; t < trial; t += step)
        for (arma::uword u = 0; u < hertz.n_cols; ++u)
          if (draws_of(seed).uniform(at++) < hertz(c, u) * step / 1000) area.trains[u].push_back(start + t);
    }
  area.observed = {0, static_cast<double>(area.trials.size()) * trial};
  return area;
}

arma::mat some_rates(std::uint64_t seed) {
  arma::mat out(6, 4);
  for (arma::uword k = 0; k < out.n_elem; ++k) out[k] = 5 + 75 * draws_of(seed).uniform(k);
  return out;
}

} // namespace

TEST_CASE("trains of both sides are compared trial by trial, by hand", "[recordings]") {
  recordings::Area a, b;
  a.name = "model";
  b.name = "cell";
  a.units = b.units = {"7"};
  a.observed = b.observed = {0, 400};
  // Two conditions; the model has one trial of each, the cell two of the first.
  a.trains = {{10, 30, 210}};
  b.trains = {{12, 130, 160, 315}};
  a.conditions = b.conditions = {"left", "right"};
  a.condition_count = b.condition_count = 2;
  a.trials = {{0, 0, {0, 100}}, {1, 0, {200, 300}}};
  b.trials = {{0, 0, {0, 100}}, {0, 1, {100, 200}}, {1, 0, {300, 400}}};
  recordings::Config config;
  config.methods = {recordings::method_of("distances:victor_purpura:0.1")};
  const auto found = recordings::compare(config, {a}, {b}, {}, {});
  // left: {10, 30} against {12} (0.2 + 1) and {30, 60} (2 added and deleted: 10 → none, 60 ← none; 30 stays); right:
  // {10} against {15}.
  const auto &both = of_pair(found, "distances.victor_purpura", "model", "cell");
  CHECK(both.value == Approx(((1.2 + 2) / 2 + 0.5) / 2));
  CHECK(both.conditions == 2);
  // The cell's own two trials: {12} and {30, 60}: 1.8 to move, 1 to add.
  CHECK(of_pair(found, "distances.victor_purpura.own_trials", "", "cell").value == Approx(2.8));
  CHECK(both.ceiling.low == Approx(2.8));
  CHECK(says(found, "paired by their names"));
}

TEST_CASE("a model of the cells' own rates is as near to them as they are to themselves", "[recordings]") {
  const auto cells = firing("cells", some_rates(1), 8, 2), same = firing("same", some_rates(1), 8, 3),
             other = firing("other", some_rates(4), 8, 5);
  recordings::Config config;
  config.methods = {recordings::method_of("distances"), recordings::method_of("synchrony")};
  config.permutations = 199;
  const auto found = recordings::compare(config, {same, other}, {cells}, {}, {});
  for (const char *method :
       {"distances.victor_purpura", "distances.van_rossum", "synchrony.spike_distance", "synchrony.isi_distance"}) {
    INFO(method);
    const auto &near = of_pair(found, method, "same", "cells"), &far = of_pair(found, method, "other", "cells");
    CHECK(near.value == Approx(near.ceiling.low).epsilon(0.1));
    CHECK(far.value > near.value);
    CHECK(near.p < 0.05); // rates by condition are those of the cells
    CHECK(near.ci.low <= near.value);
  }
  CHECK(of_pair(found, "distances.van_rossum", "other", "cells").p > 0.05);
  CHECK(of_pair(found, "distances.van_rossum.own_trials", "same", "").value > 0);
  // Of more than one thread the same bits.
  recordings::Progress threads;
  threads.threads = 3;
  const auto again = recordings::compare(config, {same, other}, {cells}, {}, threads);
  REQUIRE(again.results.size() == found.results.size());
  for (std::size_t k = 0; k < again.results.size(); ++k) {
    CHECK(again.results[k].value == found.results[k].value);
    CHECK((again.results[k].p == found.results[k].p || std::isnan(found.results[k].p)));
  }
}

// Of 19 relabellings the data are the best in one of twenty cases by chance alone.
TEST_CASE("independent sides are told from chance at the nominal rate", "[recordings]") {
  constexpr std::size_t repetitions = 150;
  recordings::Config config;
  config.bootstrap = 0;
  config.permutations = 19;
  for (const char *name : {"cka", "procrustes", "psth", "distances:van_rossum", "pls:1"})
    config.methods.push_back(recordings::method_of(name));
  std::map<std::string, std::size_t> rejected;
  for (std::uint64_t k = 0; k < repetitions; ++k) {
    config.seed = k;
    auto a = firing("a", some_rates(2 * k + 100), 1, 3 * k), b = firing("b", some_rates(2 * k + 101), 1, 3 * k + 1);
    for (auto *area : {&a, &b}) {
      recordings::Responses responses;
      responses.conditions = area->conditions;
      responses.neurons = area->units;
      for (std::uint64_t t = 0; t < 3; ++t) {
        responses.values.emplace_back(6, 4, 1);
        draws_of(1000 * k + 10 * t + (area == &a)).normals(responses.values.back().memptr(), 24);
      }
      area->responses = std::move(responses);
    }
    for (const auto &r : recordings::compare(config, {a}, {b}, {}, {}).results)
      if (r.p <= 0.05) ++rejected[r.method];
  }
  // 7.5 are expected; 16 or more have a chance of 0.4 % (binomial).
  for (const char *method : {"cka", "procrustes", "psth", "distances.van_rossum", "pls"}) {
    INFO(method << " " << rejected[method]);
    CHECK(rejected[method] >= 1);
    CHECK(rejected[method] <= 16);
  }
}

TEST_CASE("what has no partner or no trials on the other side is says", "[recordings]") {
  recordings::Config config;
  config.methods = {recordings::method_of("distances")};
  const auto cells = firing("cells", some_rates(1), 2, 2);
  auto fewer = firing("fewer", some_rates(1).eval().head_cols(3), 2, 3);
  CHECK(says(recordings::compare(config, {fewer}, {cells}, {}, {}), "distances: fewer has 3 units and cells has 4"));
  auto whole = cells;
  whole.trials.clear();
  CHECK(says(recordings::compare(config, {whole}, {cells}, {}, {}), "has no trials by condition"));
  // Nobody asked, and nothing is says.
  config.methods.clear();
  const auto quiet = recordings::compare(config, {fewer}, {cells}, {}, {});
  CHECK(!says(quiet, "units"));
  // Two recordings without events are one trial each.
  auto one = cells, two = cells;
  for (auto *area : {&one, &two}) {
    area->trials.clear();
    area->conditions.clear();
    area->condition_count = 0;
  }
  two.observed.stop -= 100;
  const auto found = recordings::compare(config, {one}, {two}, {}, {});
  CHECK(of_pair(found, "distances.victor_purpura", "cells", "cells").value == 0);
  CHECK(says(found, "of each train the first 2300 ms"));
}

TEST_CASE("of very many units some are drawn, which is says", "[recordings]") {
  recordings::Area area;
  area.name = "E";
  area.observed = {0, 50};
  for (int u = 0; u < 1000; ++u) {
    area.trains.push_back({1.0 + u % 40});
    area.units.push_back(std::to_string(u));
  }
  recordings::Config config;
  config.methods = {recordings::method_of("distances:victor_purpura"), recordings::method_of("synchrony")};
  const auto found = recordings::compare(config, {area}, {}, {}, {});
  CHECK(of_pair(found, "distances.victor_purpura", "E", "").neurons == 400);
  CHECK(says(found, "E: 400 of 1000 units are drawn (seed 1)"));
  // All pairs: places are uniform over 40, of 40 × 40 ordered pairs, 25 of each place; each pair costs 0.1 a ms, at
  // most 2.
  double mean = 0;
  for (int i = 0; i < 40; ++i)
    for (int j = 0; j < 40; ++j) mean += std::min(0.1 * std::abs(i - j), 2.0) / 1600;
  const auto &drawn = of_pair(found, "distances.victor_purpura", "E", "");
  CHECK(drawn.ci.low < mean);
  CHECK(drawn.ci.high > mean);
  config.seed = 2;
  CHECK(recordings::compare(config, {area}, {}, {}, {}).results.at(0).value != drawn.value);
}

namespace {

// Place cells along a walk; `shift` moves the fields (cm), `seed` draws the spikes.
recordings::Area place_cells(const std::string &name, double shift, std::uint64_t seed, std::size_t units = 8) {
  recordings::Area area;
  area.name = name;
  auto position = std::make_shared<recordings::Position>();
  position->name = "led";
  position->arena = {0, 60, 0, 60};
  constexpr arma::uword samples = 12000; // of 40 ms
  auto &path = position->path;
  path.time.set_size(samples);
  path.x = path.y = path.time;
  area.trains.resize(units);
  for (arma::uword k = 0; k < samples; ++k) { // a slow figure that fills the arena
    const double t = static_cast<double>(k);
    path.time[k] = 40 * t;
    path.x[k] = 30 + 29.9 * std::sin(0.0371 * t);
    path.y[k] = 30 + 29.9 * std::sin(0.0523 * t + 1);
    for (std::size_t u = 0; u < units; ++u) {
      const double x = std::fmod(7.0 + 17.0 * static_cast<double>(u) + shift, 60.0),
                   y = std::fmod(11.0 + 23.0 * static_cast<double>(u) + shift, 60.0);
      const double near = std::exp(-(std::pow(path.x[k] - x, 2) + std::pow(path.y[k] - y, 2)) / (2 * 8 * 8));
      if (draws_of(seed).uniform(k * units + u) < 0.6 * near + 0.01) area.trains[u].push_back(40 * t + 20);
    }
  }
  for (std::size_t u = 0; u < units; ++u) area.units.push_back(std::to_string(u));
  area.observed = {0, 40.0 * samples};
  area.covariates.position = [position](std::vector<std::string> &) -> const recordings::Position & {
    return *position;
  };
  return area;
}

} // namespace

TEST_CASE("place fields that stay correlate between sessions, and those that remap do not", "[recordings]") {
  recordings::Config config;
  config.methods = {recordings::method_of("rate_maps:3")};
  config.permutations = 99;
  const auto session = place_cells("first", 0, 1), again = place_cells("again", 0, 2),
             remapped = place_cells("remapped", 29, 3);
  const auto found = recordings::compare(config, {again, remapped}, {session}, {}, {});
  const auto &stable = of_pair(found, "rate_maps.correlation", "again", "first"),
             &moved = of_pair(found, "rate_maps.correlation", "remapped", "first");
  CHECK(stable.value > 0.9);
  CHECK(stable.p <= 0.02);
  CHECK(stable.neurons == 8);
  CHECK(moved.value < 0.3);
  CHECK(moved.p > 0.05);
  CHECK(of_pair(found, "rate_maps.cka", "again", "first").value > 0.9);
  // Each side is described too, as it was asked for by name.
  CHECK(of_pair(found, "rate_maps.bits_per_spike", "", "first").value > 0.3);
  // Without partners the populations can be compared, not the units.
  const auto more = place_cells("more", 0, 4, 12);
  const auto of_populations = recordings::compare(config, {more}, {session}, {}, {});
  CHECK(of_pair(of_populations, "rate_maps.cka", "more", "first").value > 0.5);
  CHECK(says(of_populations, "more has 12 units and first has 8"));
  CHECK(!says(of_populations, "conditions"));
}
