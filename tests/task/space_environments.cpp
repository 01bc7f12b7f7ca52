// These tests move an animal in a box, and an arm, by actions whose result is known in closed form.
#include "catch.hpp"
#include "closed_loop.hpp"

#include <cmath>
#include <fmt/format.h>

using namespace engram;
using closed_loop::Loop;

namespace {

// Runs at the food as fast as it can.
std::string hungry(const std::string &environment) {
  return R"({
    "time": { "step": 10 },
    "architecture": {
      "regions": { "smell": { "size": 2, "dynamics": "input" },
                   "place": { "size": 2, "dynamics": "input" },
                   "CA1": { "size": 25, "dynamics": "input" },
                   "legs": { "size": 2, "dynamics": { "type": "static", "activation": "linear" } } },
      "projections": [ { "from": "smell", "to": "legs", "connect": "one_to_one", "weights": 100 } ] },
    "task": {
      "environment": { "type": "foraging", "trials": 200, "sees": { "velocity": "legs" },
                       "shows": { "food": "smell", "position": "place", "places": "CA1" }, )" +
         environment + R"( },
      "batch": 50, "trial": [ { "phase": "run", "duration": 6000 } ] } })";
}

struct Places final : simulation::Observer<double> {
  const Loop &loop;
  double worst = 0; // difference from the formula of the place fields
  std::size_t steps = 0;
  explicit Places(const Loop &of) : loop(of) {}
  void step(std::size_t, const network::Signals<double> &signals) override {
    const auto &at = signals[1][network::Signal::rate], &rates = signals[2][network::Signal::rate];
    for (arma::uword n = 0; n < 25; ++n) {
      const double dx = at(0, 0) - 2 * (0.1 + 0.2 * static_cast<double>(n % 5)),
                   dy = at(1, 0) - 2 * (0.1 + 0.2 * static_cast<double>(n / 5));
      worst = std::max(worst, std::abs(rates(n, 0) - std::exp(-(dx * dx + dy * dy) / (2 * 0.3 * 0.3))));
    }
    ++steps;
  }
};

// Torques that do not change.
std::string pushed(double shoulder, double elbow, const std::string &environment) {
  return fmt::format(R"({{
    "time": {{ "step": 10 }},
    "architecture": {{ "regions": {{
      "M1": {{ "size": 2, "dynamics": {{ "type": "static", "activation": "linear" }},
              "bias": [{}, {}] }} }} }},
    "task": {{ "environment": {{ "type": "reaching", "trials": 4, "sees": {{ "torque": "M1" }}, "radius": 1e-9, {} }},
              "batch": 4, "trial": [ {{ "phase": "reach", "duration": 500 }} ] }} }})",
                     shoulder, elbow, environment);
}

} // namespace

// The distance falls by v h in each step: food at d is eaten after (d - reach) / (v h) steps, rounded up.
TEST_CASE("an animal that runs straight at the food eats when it must", "[environment]") {
  Loop loop(hungry(R"("side": 1, "speed": 0.5, "reach": 0.03)"));
  loop.run(false);
  const arma::vec d = loop.column("food_distance"), lasted = loop.lasted();
  CHECK(d.max() > 0.8);
  for (arma::uword k = 0; k < d.n_elem; ++k) {
    const double steps = std::max(1.0, std::ceil((d[k] - 0.03) / (0.5 * 0.01) - 1e-9));
    CHECK(lasted[k] == steps);
    if (d[k] > 0.04) CHECK(loop.column("path")[k] == Approx(steps * 0.005).epsilon(1e-9));
  }
  CHECK(arma::all(loop.rewards() == 1));
  CHECK(arma::approx_equal(loop.column("first_meal"), lasted * 0.01, "absdiff", 1e-12));
  // Starts and food are uniform in the unit square: their mean distance is 0.5214 (Santaló 1976), its sd 0.2479.
  CHECK(std::abs(arma::mean(d) - 0.5214) < 4 * 0.2479 / std::sqrt(200.0));
}

TEST_CASE("meals follow each other, and place cells show where the animal is", "[environment]") {
  Loop loop(hungry(R"("side": 2, "speed": 1, "meals": 3, "field": 0.3)"));
  Places seen(loop);
  const auto outcome = loop.simulator->run({{0}, 0, false}, &seen);
  CHECK(seen.steps == outcome.lasted[0]);
  CHECK(seen.worst < 1e-14);
  CHECK(outcome.rewards[0] == 3);
  CHECK(outcome.columns[0][0] == 3);
}

TEST_CASE("walls keep an animal in the box", "[environment]") {
  Loop loop(R"({
    "time": { "step": 10 },
    "architecture": { "regions": { "legs": { "size": 2, "dynamics": { "type": "static", "activation": "linear" },
                                              "bias": [1, -0.5] } } },
    "task": { "environment": { "type": "foraging", "trials": 20, "meals": 0, "reach": 1e-6, "speed": 5,
                               "sees": { "velocity": "legs" } },
              "batch": 20, "trial": [ { "phase": "run", "duration": 3000 } ] } })");
  loop.run(false);
  CHECK(arma::all(loop.column("x") == 1));
  CHECK(arma::all(loop.column("y") == 0));
  CHECK(arma::all(loop.column("path") <= 1 + 1 + 1e-9));
  CHECK(arma::all(loop.lasted() == 300));
}

// Without friction the work of the torques is the kinetic energy: E = tau . (theta - theta_0). Friction takes some.
TEST_CASE("an arm's kinetic energy is the work that is done on it", "[environment]") {
  const double t1 = 0.2, t2 = -0.1;
  for (const bool friction : {false, true}) {
    Loop loop(pushed(t1, t2, friction ? R"("friction": 0.05)" : R"("friction": 0, "coupling": 0)"));
    loop.run(false);
    const double work = t1 * (loop.column("shoulder")[0] - 0.8) + t2 * (loop.column("elbow")[0] - 1.6),
                 energy = loop.column("energy")[0];
    CAPTURE(friction, work, energy);
    CHECK(work > 0.02);
    if (friction)
      CHECK(energy < 0.95 * work);
    else
      CHECK(energy == Approx(work).epsilon(1e-8));
    CHECK(arma::all(loop.column("reached") == 0));
    CHECK(arma::all(loop.lasted() == 50));
  }
}

// For small angles about a pose at rest, M theta'' = tau: both joints begin as M^-1 tau says.
TEST_CASE("an arm begins to move by its inertia", "[environment]") {
  Loop loop(R"({
    "time": { "step": 1 },
    "architecture": { "regions": { "M1": { "size": 2, "dynamics": { "type": "static", "activation": "linear" },
                                            "bias": [0.3, 0.1] } } },
    "task": { "environment": { "type": "reaching", "trials": 1, "sees": { "torque": "M1" }, "radius": 1e-9,
                               "friction": 0, "coupling": 0, "elbow": 1.0 },
              "trial": [ { "phase": "reach", "duration": 1 } ] } })");
  loop.run(false);
  // With the masses and lengths of Li & Todorov 2004: a1 = I1 + I2 + m2 l1^2, a2 = m2 l1 s2, a3 = I2.
  const double a1 = 0.025 + 0.045 + 1.0 * 0.3 * 0.3, a2 = 1.0 * 0.3 * 0.16, a3 = 0.045, c = std::cos(1.0);
  const arma::mat m{{a1 + 2 * a2 * c, a3 + a2 * c}, {a3 + a2 * c, a3}};
  const arma::vec speed = 0.001 * arma::solve(m, arma::vec{0.3, 0.1});
  CHECK(loop.column("shoulder_velocity")[0] == Approx(speed[0]).epsilon(1e-4));
  CHECK(loop.column("elbow_velocity")[0] == Approx(speed[1]).epsilon(1e-4));
}

TEST_CASE("targets of a reach lie at their distance, where the arm can come", "[environment]") {
  Loop loop(pushed(0, 0, R"("nearest": 0.15, "farthest": 0.25)"));
  loop.run(false);
  const arma::vec x = loop.column("target_x"), y = loop.column("target_y"), d = loop.column("distance");
  CHECK(arma::all(arma::vec(arma::sqrt(x % x + y % y)) < 0.63));
  CHECK(arma::all(d >= 0.15 - 1e-12));
  CHECK(arma::all(d <= 0.25 + 1e-12));
}

TEST_CASE("a circuit with the transposed Jacobian of its pose reaches all targets", "[environment]") {
  auto loop = Loop::shipped("closed-loop/reaching.json");
  loop.run(false);
  CHECK(arma::all(loop.column("reached") == 1));
  CHECK(arma::all(loop.column("distance") <= 0.02));
}
