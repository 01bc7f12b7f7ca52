// Environments that are plugins: beside a built-in one of the same meaning, and beside equations that are stepped here.
#include "catch.hpp"
#include "closed_loop.hpp"
#include "task_plugins.hpp"

#include <engram/environment.hpp>

#include <algorithm>
#include <array>
#include <cmath>

using namespace engram;
using closed_loop::Loop;

namespace {

Loop loop_of(const std::string &text, int threads = 1) {
  return Loop(model::load_text(text, "m.json", task_plugins::vocabulary()), threads, task_plugins::entries());
}

std::string bandit(const std::string &environment, std::size_t batch) {
  return R"({ "time": { "step": 10 }, "seed": 5,
    "architecture": { "regions": { "cue": { "size": 1, "dynamics": "input" },
        "value": { "size": 2, "dynamics": { "type": "static", "activation": "linear" } } },
      "projections": [ { "from": "cue", "to": "value", "weights": [[0.3], [0.1]] } ] },
    "task": { "batch": )" +
         std::to_string(batch) + R"(, "environment": { )" + environment +
         R"(, "trials": 60, "reversal": 10, "reward_delay": 100, "temperature": 0.4, "after": 20,
           "sees": { "choice": "value" }, "shows": { "cue": "cue" } },
      "trial": [ { "phase": "trial", "duration": 300 } ] } })";
}

// Values that say: always this move.
std::string car(const std::string &moves, const std::string &more = "") {
  return R"({ "time": { "step": 1 }, "seed": 3,
    "architecture": { "regions": { "car": { "size": 2, "dynamics": "input" },
        "value": { "size": 3, "bias": )" +
         moves + R"(, "dynamics": { "type": "static", "activation": "linear" } } },
      "projections": [ { "from": "car", "to": "value", "weights": [[0, -1], [0, 0], [0, 1]] } ] },
    "task": { "batch": 8, "environment": { "type": "mountain_car", "trials": 16, "sees": { "choice": "value" },
        "shows": { "car": "car" })" +
         more + R"( }, "trial": [ { "phase": "trial", "duration": 400 } ] } })";
}

} // namespace

TEST_CASE("the bandit as a plugin goes as the built-in one, to the bit", "[environment][plugins]") {
  for (const std::size_t batch : {std::size_t{1}, std::size_t{7}}) {
    auto own = loop_of(bandit(R"("type": "bandit_again")", batch)),
         theirs = loop_of(bandit(R"("type": "two_armed_bandit", "decide_at": 0)", batch));
    own.run();
    theirs.run();
    REQUIRE(own.rewards().n_elem == 60);
    CHECK(arma::accu(own.rewards()) > 10);
    CHECK(arma::all(own.rewards() == theirs.rewards()));
    CHECK(arma::all(own.lasted() == theirs.lasted()));
    for (const char *column : {"choice", "label", "chance_left", "chance_right"}) {
      INFO(column);
      CHECK(arma::all(own.column(column) == theirs.column(column)));
    }
  }
}

TEST_CASE("the mountain car moves by its equations, and trials side by side end at their own times",
          "[environment][plugins]") {
  // The move is that of the velocity's sign (drive on where it is 0 or above): the car gains energy until it is at the
  // top. The same is stepped here by the equations of Sutton & Barto 2018, example 10.1.
  auto loop = loop_of(car("[0, 0, 1e-9]"));
  loop.run();
  const auto start = loop.column("start"), moves = loop.column("moves"), lasted = loop.lasted();
  for (std::size_t trial = 0; trial < start.n_elem; ++trial) {
    CAPTURE(trial);
    double x = start[trial], v = 0;
    std::size_t steps = 0;
    while (x < 0.5 && steps < 400) {
      const double action = 10 * v + 1e-9 >= std::max(0.0, -10 * v) ? 1 : -10 * v > 0 ? -1 : 0;
      v = std::clamp(v + 0.001 * action - 0.0025 * std::cos(3 * x), -0.07, 0.07);
      x += v;
      if (x < -1.2) {
        x = -1.2;
        v = 0;
      }
      ++steps;
    }
    CHECK(start[trial] >= -0.6);
    CHECK(start[trial] <= -0.4);
    CHECK(steps < 200);
    CHECK(moves[trial] == static_cast<double>(steps));
    CHECK(lasted[trial] == static_cast<double>(steps));
    CHECK(loop.rewards()[trial] == -static_cast<double>(steps));
    CHECK(loop.column("arrived")[trial] == 1);
  }
  CHECK(arma::min(lasted) < arma::max(lasted));
}

TEST_CASE("driving on alone never takes the mountain car to the top", "[environment][plugins]") {
  auto loop = loop_of(car("[0, 0, 9]"));
  loop.run();
  CHECK(arma::all(loop.lasted() == 400));
  CHECK(arma::all(loop.column("arrived") == 0));
}

TEST_CASE("without a column for it, the choice of a trial is the neuron that was chosen last",
          "[environment][plugins]") {
  // Values of 0 and 1: neuron 1 is chosen in the second step, and is right. Of each four trials the last chooses none.
  auto loop = loop_of(R"({ "architecture": { "regions": {
        "value": { "size": 2, "bias": [0, 1], "dynamics": { "type": "static", "activation": "linear" } } } },
    "task": { "batch": 3, "environment": { "type": "chooses_alone", "trials": 8, "sees": { "choice": "value" } },
      "trial": [ { "phase": "trial", "duration": 5 } ] } })");
  loop.run();
  std::size_t correct = 0, trial = 0;
  for (const auto &outcome : loop.outcomes) {
    correct += outcome.correct;
    for (const auto choice : outcome.choices) {
      CHECK(choice == (trial % 4 == 3 ? -1 : 1));
      ++trial;
    }
  }
  CHECK(trial == 8);
  CHECK(correct == 6);
}

TEST_CASE("a column or channel that an environment does not declare is told with those that it does",
          "[environment][plugins]") {
  const std::array columns{engram::integer_column("label", ""), engram::number_column("chance", "")};
  CHECK(environments::place_of("chance", columns, "column", "columns") == 1);
  CHECK_THROWS_WITH(environments::place_of("choice", columns, "column", "columns"),
                    "its `columns` declares no column 'choice'; declared: label, chance");
}

TEST_CASE("an environment that is a plugin has the same bits at any number of threads and in any batch",
          "[environment][plugins]") {
  const std::string drawn = R"(, "temperature": 0.5)";
  auto one = loop_of(car("[0, 0, 0.1]", drawn)), four = loop_of(car("[0, 0, 0.1]", drawn), 4);
  one.run();
  four.run();
  CHECK(arma::all(one.lasted() == four.lasted()));
  CHECK(arma::all(one.column("start") == four.column("start")));
  auto text = car("[0, 0, 0.1]", drawn);
  text.replace(text.find("\"batch\": 8"), 10, "\"batch\": 3");
  auto other = loop_of(text);
  other.run();
  CHECK(arma::all(one.lasted() == other.lasted()));
}
