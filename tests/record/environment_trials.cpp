// These tests look for the behaviour in an environment, and for signals of trials of different length, in a run file.
#include "catch.hpp"
#include "command.hpp"
#include "data/nwb.hpp"
#include "record/run_read.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

using namespace engram;
using namespace command;

namespace {

// Random dots onto an integrator, whose spikes a Poisson region draws by its rate.
const std::string moving_dots = R"({
  "time": { "step": 5 },
  "architecture": {
    "regions": { "MT": { "size": 1, "dynamics": "input" },
                 "LIP": { "size": 1, "dynamics": { "type": "leaky_rate", "tau": 1000, "activation": "linear" } },
                 "spikes": { "size": 3, "dynamics": { "type": "poisson", "rate": 40 } } },
    "projections": [ { "from": "MT", "to": "LIP", "weights": 1 }, { "from": "LIP", "to": "LIP", "weights": 1 } ] },
  "task": {
    "environment": { "type": "random_dots", "trials": 40, "sees": { "decision": "LIP" }, "shows": { "motion": "MT" },
                     "bound": 0.5, "reward_delay": 20, "after": 30, "levels": 2 },
    "held_out": 10, "batch": 15, "trial": [ { "phase": "motion", "duration": 2000 } ] },
  "record": { "LIP": { "signals": ["rate"], "trials": "all" }, "spikes": { "signals": ["spike"], "trials": "all" } } })";

} // namespace

TEST_CASE("trials of different length keep their own times, and nothing is recorded after their ends",
          "[cli][record]") {
  const Folder folder;
  folder.write("m.json", moving_dots);
  const auto run = command::engram("run m.json --quiet --json --out r.nwb", folder.path);
  INFO(run.err);
  REQUIRE(run.exit == 0);
  const auto path = (folder.path / "r.nwb").string();
  const data::NwbFile nwb(path);
  const auto &table = nwb.find_table("intervals/trials");
  const auto column = [&](const char *name) { return arma::vec(nwb.read_column(table, name).numbers); };
  const arma::vec start = column("start_time"), stop = column("stop_time"), time = column("reaction_time"),
                  choice = column("choice"), label = column("label"), reward = column("reward"),
                  correct = column("correct");
  REQUIRE(start.n_elem == 40);
  REQUIRE(!time.has_nan());
  // The answer, the reward 20 ms later, and 30 ms after it the last step of 5 ms.
  CHECK(arma::approx_equal(stop - start, time + 0.02 + 0.03 + 0.005, "absdiff", 1e-9));
  CHECK(arma::approx_equal(arma::diff(start), arma::vec(39, arma::fill::value(2.0)), "absdiff", 1e-9));
  CHECK(arma::all(reward == correct));
  for (arma::uword k = 0; k < 40; ++k) CHECK((choice[k] == label[k]) == (reward[k] == 1));
  CHECK(arma::accu(column("held_out")) == 10);
  // Samples lie at the beginning of their steps.
  const auto rate = nwb.read_series("acquisition/LIP_rate");
  const auto times = nwb.read_times("acquisition/LIP_rate", 0, rate.n_rows);
  REQUIRE(rate.n_rows == 40 * 400);
  for (arma::uword n = 0; n < rate.n_rows; ++n) {
    const arma::uword k = n / 400;
    REQUIRE(times[n] == Approx(static_cast<double>(n) * 0.005).margin(1e-9));
    REQUIRE(std::isnan(rate(n, 0)) == (times[n] > stop[k] - 0.0025));
  }
  // At the answer, and not before, the rate is at a bound.
  for (arma::uword k = 0; k < 40; ++k) {
    const auto at = static_cast<arma::uword>(std::lround(time[k] / 0.005)) + 400 * k;
    CHECK(std::abs(rate(at, 0)) >= 0.5);
    CHECK(std::abs(rate(at - 1, 0)) < 0.5);
    CHECK((rate(at, 0) > 0) == (choice[k] == 1));
  }
  const auto units = nwb.units();
  REQUIRE(units.obs_intervals_s.size() == 3);
  REQUIRE(units.obs_intervals_s[0].size() == 40);
  for (arma::uword k = 0; k < 40; ++k) {
    CHECK(units.obs_intervals_s[0][k].first == Approx(start[k]).margin(1e-9));
    CHECK(units.obs_intervals_s[0][k].second == Approx(stop[k]).margin(1e-9));
  }
  double watched = 0, spikes = 0;
  for (const auto &[from, to] : units.obs_intervals_s[0]) watched += to - from;
  for (const auto &train : units.spike_times_s) {
    spikes += static_cast<double>(train.size());
    for (const double t : train) {
      const auto k = static_cast<arma::uword>(t / 2);
      CHECK(t < stop[k]);
    }
  }
  CHECK(std::abs(spikes - 3 * 40 * watched) < 4 * std::sqrt(3 * 40 * watched)); // of a Poisson process
  // What the program tells.
  const auto told = nlohmann::json::parse(last_line(run.out));
  CHECK(told["train"]["loss"].is_null());
  double trained = 0, seconds = 0;
  for (arma::uword k = 0; k < 30; ++k) trained += reward[k] / 30;
  for (arma::uword k = 0; k < 40; ++k) seconds += stop[k] - start[k];
  CHECK(told["train"]["reward"].get<double>() == Approx(trained));
  CHECK(told["train"]["accuracy"].get<double>() == Approx(trained));
  CHECK(told["simulated_ms"].get<double>() == Approx(1000 * seconds));
}
