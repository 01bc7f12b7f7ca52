// These tests put circuits with memories of known length into tasks that need them.
#include "catch.hpp"
#include "closed_loop.hpp"

#include <cmath>
#include <fmt/format.h>

using namespace engram;
using closed_loop::Loop;

namespace {

// Four leaky integrators of the stimuli; one that has seen its stimulus twice says "match".
std::string matching(int delay) {
  return fmt::format(R"({{
    "time": {{ "step": 10 }},
    "architecture": {{
      "regions": {{
        "eye": {{ "size": 4, "dynamics": "input" }},
        "memory": {{ "size": 4, "dynamics": {{ "type": "leaky_rate", "tau": 100, "activation": "linear" }} }},
        "twice": {{ "size": 4, "dynamics": {{ "type": "static", "activation": "relu" }}, "bias": -1.2 }},
        "answer": {{ "size": 2, "dynamics": {{ "type": "static", "activation": "linear" }},
                    "bias": [1e-9, 0] }} }},
      "projections": [
        {{ "from": "eye", "to": "memory", "connect": "one_to_one", "weights": 1 }},
        {{ "from": "memory", "to": "memory", "connect": "one_to_one", "weights": 0.8 }},
        {{ "from": "memory", "to": "twice", "connect": "one_to_one", "weights": 1 }},
        {{ "from": "twice", "to": "answer", "weights": [[0, 0, 0, 0], [1, 1, 1, 1]] }} ] }},
    "task": {{
      "environment": {{ "type": "delayed_match_to_sample", "trials": 400, "choose": "highest", "fixation": 50,
                       "sample": 200, "delay": {}, "decide_at": 100, "reward_delay": 10, "match": 0.4,
                       "sees": {{ "choice": "answer" }}, "shows": {{ "stimulus": "eye" }} }},
      "batch": 100, "trial": [ {{ "phase": "trial", "duration": 2000 }} ] }} }})",
                     delay);
}

double binomial(int n, int k, double p) {
  return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1)) * std::pow(p, k) *
         std::pow(1 - p, n - k);
}
double at_least(int n, int k, double p) {
  double sum = 0;
  for (; k <= n; ++k) sum += binomial(n, k, p);
  return sum;
}

// Cues of a T-maze onto two leaky integrators; a synapse of each onto itself lengthens its memory.
std::string accumulating(double tau, double self) {
  return fmt::format(R"({{
    "time": {{ "step": 10 }},
    "architecture": {{
      "regions": {{
        "eye": {{ "size": 2, "dynamics": "input" }},
        "evidence": {{ "size": 2, "dynamics": {{ "type": "leaky_rate", "tau": {}, "activation": "linear" }} }} }},
      "projections": [ {{ "from": "eye", "to": "evidence", "connect": "one_to_one", "weights": 1 }},
                       {{ "from": "evidence", "to": "evidence", "connect": "one_to_one", "weights": {} }} ] }},
    "task": {{
      "environment": {{ "type": "t_maze", "trials": 4000, "choose": "highest", "reward_delay": 10,
                       "sees": {{ "choice": "evidence" }}, "shows": {{ "cues": "eye" }} }},
      "batch": 500, "trial": [ {{ "phase": "trial", "duration": 2000 }} ] }} }})",
                     tau, self);
}

} // namespace

// Of the sample A = 0.1 (1 - f^20) / (1 - f) is left after 20 steps, with f = 1 - 10 (1 - 0.8) / 100; of the test
// B = 0.1 (1 - f^10) / (1 - f). A match is seen as long as A f^(d + 10) + B is above the threshold of 1.2, d the delay
// in steps: up to 77. A nonmatch is never taken for one, as A f^17 is below it.
TEST_CASE("a sample is matched as long as a leaky memory holds it", "[environment]") {
  const double f = 1 - 10 * (1 - 0.8) / 100, a = 0.1 * (1 - std::pow(f, 20)) / (1 - f),
               b = 0.1 * (1 - std::pow(f, 10)) / (1 - f);
  const int longest = static_cast<int>(std::floor(std::log((1.2 - b) / a) / std::log(f))) - 10;
  REQUIRE(longest == 77);
  Loop held(matching(10 * longest)), lost(matching(10 * (longest + 1)));
  held.run(false);
  lost.run(false);
  const arma::vec label = held.column("label");
  CHECK(std::abs(arma::mean(label) - 0.4) < 4 * std::sqrt(0.4 * 0.6 / 400));
  CHECK(arma::all(held.column("correct") == 1));
  CHECK(arma::all(held.rewards() == 1));
  CHECK(arma::all(lost.column("choice") == 0));
  CHECK(arma::all(lost.column("correct") == 1 - lost.column("label")));
  CHECK(arma::all((held.column("sample") == held.column("test")) == (label == 1)));
  CHECK(held.column("sample").max() == 3);
  CHECK(held.column("test").max() == 3);
  CHECK(arma::all(arma::abs(held.column("reaction_time") - 0.1) < 1e-12));
  CHECK(arma::all(held.lasted() == 5 + 20 + longest + 10 + 1 + 1));
}

// A memory much shorter than the time between cues follows the last one alone: it is on the side of most of seven cues
// if three of the other six are at least, with the chance p P(3 of 6 by p) + (1 - p) P(3 of 6 by 1 - p).
TEST_CASE("a T-maze's cues are added up by an integrator, and the last one alone is left to a short memory",
          "[environment]") {
  Loop whole(accumulating(1000, 1)), last(accumulating(50, 0));
  whole.run(false);
  last.run(false);
  CHECK(arma::all(whole.column("correct") == 1));
  const double p = 0.7, right = p * at_least(6, 3, p) + (1 - p) * at_least(6, 3, 1 - p);
  CHECK(std::abs(arma::mean(last.column("correct")) - right) < 4 * std::sqrt(right * (1 - right) / 4000));
  const arma::vec evidence = whole.column("evidence");
  CHECK(arma::all(whole.column("left_cues") + whole.column("right_cues") == 7));
  CHECK(arma::all((evidence > 0) == (whole.column("label") == 1)));
  // The cues of a trial are binomial.
  const double cues = arma::mean(arma::abs(evidence));
  double expected = 0;
  for (int k = 0; k <= 7; ++k) expected += binomial(7, k, p) * std::abs(2 * k - 7);
  CHECK(std::abs(cues - expected) < 4 * 3.5 / std::sqrt(4000.0));
}
