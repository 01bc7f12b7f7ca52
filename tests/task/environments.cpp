// These tests compare what circuits do in the environments with closed forms.
#include "catch.hpp"
#include "closed_loop.hpp"

#include <cmath>
#include <fmt/format.h>

using namespace engram;
using closed_loop::Loop;

namespace {

// Two neurons of fixed values; nothing learns.
std::string fixed_values(double left, double right, const std::string &environment, const std::string &more = "") {
  return fmt::format(R"({{
    "time": {{ "step": 10 }},
    "architecture": {{ "regions": {{
      "value": {{ "size": 2, "dynamics": {{ "type": "static", "activation": "linear" }},
                 "bias": [{}, {}] }} }} }},
    "task": {{ "environment": {{ "type": "two_armed_bandit", "sees": {{ "choice": "value" }},
                                {} {} }},
              "trial": [ {{ "phase": "trial", "duration": 100 }} ], "batch": 1000 {} }} }})",
                     left, right, environment.find("reward_delay") == std::string::npos ? R"("reward_delay": 10,)" : "",
                     environment, more);
}

// Standard error of a share.
double error_of(double p, double n) { return std::sqrt(p * (1 - p) / n); }

template <class Values> double count(const Values &values) { return static_cast<double>(values.n_elem); }

} // namespace

TEST_CASE("a bandit's arms are chosen as the softmax of their values says, and pay as their chances say",
          "[environment]") {
  const double q = 0.3, t = 0.2, n = 20000;
  Loop loop(fixed_values(0, q, R"("trials": 20000, "temperature": 0.2, "left": 0.6, "right": 0.1)"));
  loop.run(false);
  const arma::vec choice = loop.column("choice");
  REQUIRE(choice.n_elem == 20000);
  const double right = 1 / (1 + std::exp(-q / t)); // of the softmax of two values
  CHECK(std::abs(arma::mean(choice) - right) < 4 * error_of(right, n));
  const double pays = right * 0.1 + (1 - right) * 0.6;
  CHECK(std::abs(arma::mean(loop.rewards()) - pays) < 4 * error_of(pays, n));
  CHECK(arma::all(loop.column("label") == 0));
  CHECK(arma::all(loop.lasted() == 2)); // chosen in the first step, paid one step later
  CHECK(arma::all(loop.column("reaction_time") == 0));
}

TEST_CASE("the highest value is chosen when it is due, and a bound chooses when it is reached", "[environment]") {
  Loop best(
      fixed_values(0.2, 0.1, R"("trials": 10, "choose": "highest", "decide_at": 30, "reward_delay": 20, "after": 10)"));
  best.run(false);
  CHECK(arma::all(best.column("choice") == 0));
  CHECK(arma::all(best.column("reaction_time") == 0.03));
  CHECK(arma::all(best.lasted() == 3 + 2 + 1 + 1)); // the step of the end passes too
  Loop never(fixed_values(0.2, 0.1, R"("trials": 10, "choose": "bound", "bound": 0.3)"));
  never.run(false);
  CHECK(arma::all(never.column("choice") == -1));
  CHECK(never.column("reaction_time").has_nan());
  CHECK(arma::all(never.lasted() == 10)); // the time of the trial is over
  CHECK(arma::all(never.rewards() == 0));
  Loop reached(fixed_values(0.2, 0.3, R"("trials": 10, "choose": "bound", "bound": 0.3)"));
  CHECK(arma::all(reached.run(false).column("choice") == 1));
}

TEST_CASE("a time that is shorter than a step by its default is one step", "[environment]") {
  Loop maze(R"({
    "time": { "step": 300 },
    "architecture": { "regions": { "value": { "size": 2, "dynamics": "static" } } },
    "task": { "environment": { "type": "t_maze", "trials": 3, "sees": { "choice": "value" } },
              "trial": [ { "phase": "trial", "duration": 6000 } ] } })");
  CHECK(!maze.model.warnings.empty());
  maze.run(false);
  CHECK(arma::all(maze.column("left_cues") + maze.column("right_cues") == 7));
  CHECK(arma::all(maze.column("choice") >= 0));
  // Seven cues of one step each without a gap (50 ms are nearest to none), two steps of delay, and the reward.
  CHECK(arma::all(maze.lasted() == 7 + 2 + 1 + 1));
}

TEST_CASE("a bandit's chances are reversed, and walk between 0 and 1 with steps of their size", "[environment]") {
  Loop reversed(fixed_values(0, 0, R"("trials": 100, "left": 0.8, "right": 0.3, "reversal": 20)"));
  reversed.run(false);
  const arma::vec left = reversed.column("chance_left"), right = reversed.column("chance_right");
  for (arma::uword k = 0; k < left.n_elem; ++k) {
    CHECK(left[k] == (k / 20 % 2 == 0 ? 0.8 : 0.3));
    CHECK(right[k] == (k / 20 % 2 == 0 ? 0.3 : 0.8));
  }
  Loop walk(fixed_values(0, 0, R"("trials": 5000, "drift": 0.02)"));
  walk.run(false);
  const arma::vec p = walk.column("chance_left"), steps = arma::diff(p);
  CHECK(p.min() >= 0);
  CHECK(p.max() <= 1);
  CHECK(p.max() - p.min() > 0.5);
  // Of normal steps the sample deviation is within sd / sqrt(2 n); those at a wall are shorter.
  CHECK(std::abs(arma::stddev(steps) - 0.02) < 5 * 0.02 / std::sqrt(2.0 * 5000));
}

// Q_c += rate (R − Q_c) of the chosen arm (Rescorla & Wagner 1972), step by step from the table of trials.
TEST_CASE("the bandit's circuit learns by the Rescorla-Wagner rule, and chooses by the softmax of what it learnt",
          "[environment]") {
  auto loop = Loop::shipped("closed-loop/bandit.json");
  std::vector<arma::vec> values;
  arma::vec q(2, arma::fill::zeros);
  loop.run();
  const arma::vec choice = loop.column("choice"), reward = loop.rewards();
  double likelihood_of_better = 0, expected_share = 0;
  for (arma::uword k = 0; k < choice.n_elem; ++k) {
    const double better = 1 / (1 + std::exp((q[1] - q[0]) / 0.2));
    expected_share += better;
    likelihood_of_better += choice[k] == 0;
    const auto c = static_cast<arma::uword>(choice[k]);
    q[c] += 0.1 * (reward[k] - q[c]);
  }
  CHECK(arma::approx_equal(loop.weights(0), q, "absdiff", 1e-12));
  // The choices of 1000 trials are independent, given the values: the variance of their sum is at most n / 4.
  CHECK(std::abs(likelihood_of_better - expected_share) < 4 * std::sqrt(1000.0 / 4));
  CHECK(likelihood_of_better > 800);
  CHECK(std::abs(q[0] - 0.75) < 4 * std::sqrt(0.1 / 1.9 * 0.75 * 0.25)); // variance of an exponential mean
}

// Palmer, Huk & Shadlen 2005, eqs. 1 and 2. A walk in steps of h passes its bound by 0.5826 sd of a step in the mean,
// as if the bound were so much higher (Siegmund 1985, Sequential Analysis, chapter 10).
TEST_CASE("a perfect integrator answers random dots as often and as fast as a diffusion", "[environment]") {
  auto loop = Loop::shipped("closed-loop/random-dots.json", {"/task/environment/trials=6000", "/task/batch=2000"});
  loop.run(false);
  const double h = 0.001, a = 1 + 0.5826 * std::sqrt(h), k = 10;
  const arma::vec coherence = loop.column("coherence"), correct = loop.column("correct"),
                  time = loop.column("reaction_time") - 0.3;
  CHECK(!correct.has_nan());
  for (int level = 0; level < 5; ++level) {
    const double c = std::ldexp(0.512, -level);
    CAPTURE(c);
    const arma::uvec of = arma::find(arma::abs(coherence) == c);
    const auto n = static_cast<double>(of.n_elem);
    REQUIRE(n > 1000);
    const double right = 1 / (1 + std::exp(-2 * a * k * c)), mean = a / (k * c) * std::tanh(a * k * c);
    CHECK(std::abs(arma::mean(correct(of)) - right) < 4 * error_of(right, n) + 1 / n);
    const arma::vec times = time(of);
    CHECK(std::abs(arma::mean(times) - mean) < 4 * arma::stddev(times) / std::sqrt(n));
    // Right and wrong answers are equally fast (both bounds are as far).
    if (level < 3) continue;
    const arma::vec fast = time(arma::find(arma::abs(coherence) == c && correct == 1)),
                    slow = time(arma::find(arma::abs(coherence) == c && correct == 0));
    CHECK(std::abs(arma::mean(fast) - arma::mean(slow)) <
          4 * std::sqrt(arma::var(fast) / count(fast) + arma::var(slow) / count(slow)));
  }
  CHECK(
      arma::approx_equal(loop.lasted(), time * 1000 + 2, "absdiff", 1e-6)); // the step of the answer, and of the reward
  CHECK(arma::all(loop.rewards() == correct));
}

TEST_CASE("motion of coherence 0 pays a side that is drawn", "[environment]") {
  auto loop =
      Loop::shipped("closed-loop/random-dots.json", {"/task/environment/levels=1", "/task/environment/zero=yes"});
  loop.run(false);
  const arma::vec coherence = loop.column("coherence");
  const arma::uvec none = arma::find(coherence == 0);
  CHECK(std::abs(count(none) / 2000 - 0.5) < 4 * error_of(0.5, 2000));
  const double right = arma::mean(arma::vec(loop.rewards()(none)));
  CHECK(std::abs(right - 0.5) < 4 * error_of(0.5, count(none)));
}
