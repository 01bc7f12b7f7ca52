// These tests look for the signatures of Daw et al. 2011 in agents with and without a model of the two-step task.
#include "catch.hpp"
#include "closed_loop.hpp"

#include <cmath>
#include <map>

using namespace engram;
using closed_loop::Loop;

namespace {

// Values of the two actions at each of three places are weights, which an agent sets before each trial.
const std::string two_step = R"({
  "time": { "step": 10 },
  "architecture": {
    "regions": { "place": { "size": 3, "dynamics": "input" },
                 "value": { "size": 2, "dynamics": { "type": "static", "activation": "linear" } } },
    "projections": [ { "from": "place", "to": "value", "weights": 0 } ] },
  "task": {
    "environment": { "type": "two_step", "trials": 12000, "temperature": 0.2, "reward_delay": 10,
                     "sees": { "choice": "value" }, "shows": { "state": "place" } },
    "trial": [ { "phase": "trial", "duration": 100 } ] } })";

struct Stays {
  std::map<std::pair<bool, bool>, std::pair<double, double>> of; ///< rewarded, common: stays, trials
  double share(bool rewarded, bool common) const {
    const auto &[stays, trials] = of.at({rewarded, common});
    return stays / trials;
  }
  double interaction() const {
    return share(true, true) - share(true, false) - share(false, true) + share(false, false);
  }
  double reward() const { return share(true, true) + share(true, false) - share(false, true) - share(false, false); }
};

// `model_based`: the first values follow from the second ones by the transitions; else from the rewards themselves.
Stays agent(Loop &loop, bool model_based) {
  arma::mat second(2, 2, arma::fill::value(0.5)); // action × state
  arma::vec first(2, arma::fill::value(0.5));
  Stays out;
  double before = -1;
  bool rewarded = false, common = false;
  auto &weights = loop.network.dense_at(0)->weights;
  for (std::size_t k = 0; k < loop.trials.count; ++k) {
    if (model_based) {
      const arma::rowvec best = arma::max(second, 0);
      for (arma::uword a = 0; a < 2; ++a) first[a] = 0.7 * best[a] + 0.3 * best[1 - a];
    }
    weights.col(0) = first;
    weights.cols(1, 2) = second;
    const auto outcome = loop.simulator->run({{k}, 0, false});
    const auto &c = outcome.columns[0];
    const double choice = c[0], reward = outcome.rewards[0];
    if (before >= 0) {
      auto &[stays, trials] = out.of[{rewarded, common}];
      stays += choice == before;
      ++trials;
    }
    before = choice;
    rewarded = reward > 0;
    common = c[3] > 0;
    double &q = second(static_cast<arma::uword>(c[2]), static_cast<arma::uword>(c[1]));
    q += 0.4 * (reward - q);
    if (!model_based) {
      double &v = first[static_cast<arma::uword>(choice)];
      v += 0.4 * (reward - v);
    }
    loop.outcomes.push_back(outcome);
  }
  return out;
}

} // namespace

TEST_CASE("who has a model of the two-step task stays after rewarded common transitions, who has none after any reward",
          "[environment]") {
  Loop with(two_step), without(two_step);
  const auto based = agent(with, true), free = agent(without, false);
  // Standard error of the sum of four shares of a quarter of the trials each, at most; rare ones are fewer.
  const double error = std::sqrt(2 * 0.25 / (12000 * 0.35) + 2 * 0.25 / (12000 * 0.15));
  CHECK(based.interaction() > 0.3);
  CHECK(std::abs(free.interaction()) < 4 * error);
  CHECK(free.reward() > 0.3);
  CHECK(std::abs(based.reward()) < 0.5 * free.reward());
}

TEST_CASE("transitions and payments of the two-step task have their chances, which walk between their bounds",
          "[environment]") {
  Loop loop(two_step);
  agent(loop, true);
  const arma::vec common = loop.column("common"), choice = loop.column("choice"), state = loop.column("state"),
                  second = loop.column("second_choice"), reward = loop.rewards();
  CHECK(std::abs(arma::mean(common) - 0.7) < 4 * std::sqrt(0.7 * 0.3 / 12000));
  CHECK(arma::all((choice == state) == (common == 1)));
  double surplus = 0, variance = 0; // of rewards over what their chances say
  const arma::vec chances[] = {loop.column("chance_left_left"), loop.column("chance_left_right"),
                               loop.column("chance_right_left"), loop.column("chance_right_right")};
  for (arma::uword k = 0; k < reward.n_elem; ++k) {
    const double p = chances[static_cast<std::size_t>(2 * state[k] + second[k])][k];
    surplus += reward[k] - p;
    variance += p * (1 - p);
  }
  CHECK(std::abs(surplus) < 4 * std::sqrt(variance));
  for (const auto &p : chances) {
    CHECK(p.min() >= 0.25);
    CHECK(p.max() <= 0.75);
    CHECK(p.max() - p.min() > 0.4);
    // A step that would cross a bound is shorter.
    CHECK(arma::stddev(arma::diff(p)) == Approx(0.025).epsilon(0.05));
  }
  CHECK(arma::all(loop.lasted() == 3)); // the first choice, the second, and its payment
}
