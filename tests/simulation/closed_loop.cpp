// These tests look at the loop of circuit and environment: trials of different length side by side, rewards as
// modulators, and what is refused.
#include "closed_loop.hpp"
#include "catch.hpp"
#include "input/input_error.hpp"

#include <fmt/format.h>

using namespace engram;
using closed_loop::Loop;

namespace {

// A leaky integrator with a hidden region, whose trials end at different times. `rule` learns from each step.
std::string dots(const std::string &rule, std::size_t batch, std::size_t trials) {
  const std::string learns = rule.empty() ? "" : R"(, "rule": "r")";
  return fmt::format(R"({{
    "time": {{ "step": 5 }},
    "architecture": {{
      "regions": {{
        "MT": {{ "size": 2, "dynamics": "input" }},
        "hidden": {{ "size": 3, "dynamics": {{ "type": "leaky_rate", "tau": 20 }},
                    "bias": {} }},
        "LIP": {{ "size": 1, "dynamics": {{ "type": "leaky_rate", "tau": 200, "activation": "linear" }} }} }},
      "projections": [ {{ "from": "MT", "to": "hidden" {} }}, {{ "from": "hidden", "to": "LIP", "weights": 0.1 }},
                       {{ "from": "LIP", "to": "hidden", "delay": 10, "weights": 0.5 {} }},
                       {{ "from": "LIP", "to": "LIP", "weights": 1 }},
                       {{ "from": "MT", "to": "LIP", "weights": [[-0.2, 0.2]] }} ] }},
    "learning": {{ "rules": {{ {} }} }},
    "task": {{ "environment": {{ "type": "random_dots", "trials": {}, "sees": {{ "decision": "LIP" }},
                                "shows": {{ "motion": "MT" }}, "bound": 0.4, "reward_delay": 15, "after": 10 }},
              "batch": {}, "trial": [ {{ "phase": "motion", "duration": 1000, "plastic": true }} ] }} }})",
                     rule.empty() ? "0.1" : R"({ "initial": 0.1, "rule": "r" })", learns, learns,
                     rule.empty() ? "" : R"("r": )" + rule, trials, batch);
}

std::vector<input::Problem> refused(const std::string &text) {
  try {
    Loop loop(text);
  } catch (const input::InputError &error) {
    return error.problems();
  }
  return {};
}

// The first problem as "pointer: message".
std::string why(const std::string &text) {
  const auto problems = refused(text);
  return problems.empty() ? "" : problems.front().pointer + ": " + problems.front().message;
}

std::string bandit(const std::string &environment, const std::string &more = "", const std::string &regions = "",
                   const std::string &root = "") {
  return R"({ "architecture": { "regions": { "cue": { "size": 1, "dynamics": "input" },
      "value": { "size": 2, "dynamics": "static" })" +
         regions + R"( }, "projections": [ { "from": "cue", "to": "value" )" + more + R"( } ] },
      "task": { "environment": { )" +
         environment + R"( }, "trial": [ { "phase": "trial", "duration": 100, "plastic": true } ] })" + root + " }";
}

const std::string whole = R"("type": "two_armed_bandit", "trials": 10, "sees": { "choice": "value" })";

} // namespace

TEST_CASE("a trial of an environment has the same bits in any batch and at any number of threads", "[closed_loop]") {
  const std::size_t trials = 60;
  Loop alone(dots("", 1, trials)), some(dots("", 7, trials)), all(dots("", trials, trials), 2);
  for (Loop *loop : {&alone, &some, &all}) loop->run(false);
  for (const auto *name : {"coherence", "choice", "label"}) {
    CHECK(arma::all(alone.column(name) == some.column(name)));
    CHECK(arma::all(alone.column(name) == all.column(name)));
  }
  CHECK(arma::all(alone.lasted() == some.lasted()));
  CHECK(arma::all(alone.lasted() == all.lasted()));
  CHECK(arma::all(alone.rewards() == all.rewards()));
  CHECK(arma::max(alone.lasted()) > 2 * arma::min(alone.lasted()));
  // Each epoch, and the tests, have random numbers of their own.
  Loop next(dots("", trials, trials)), tested(dots("", trials, trials));
  next.run(true, 1);
  tested.run(true, 0);
  CHECK(arma::any(next.column("coherence") != tested.column("coherence")));
  CHECK(arma::any(alone.column("coherence") != tested.column("coherence")));
}

// The mean over calls: trials of one batch are weighted by their lengths.
TEST_CASE("trials that have ended neither learn nor count", "[closed_loop]") {
  const std::string rule =
      GENERATE(as<std::string>(), R"({ "plugin": "oja" })", R"({ "plugin": "hebb", "parameters": { "decay": 0.2 } })",
               R"({ "plugin": "reward_hebbian", "parameters": { "shape": "linear" } })");
  CAPTURE(rule);
  const std::size_t trials = 12;
  Loop all(dots(rule, trials, trials));
  const std::size_t learning[] = {0, 2, 5}; // projections, and the bias after them
  const simulation::Batch batch{all.trials.training, 0, true};
  const auto outcome = all.simulator->measure(batch);
  double steps = 0;
  arma::mat sums[3];
  for (std::size_t b = 0; b < trials; ++b) {
    Loop one(dots(rule, 1, trials));
    const auto alone = one.simulator->measure({{b}, 0, true});
    REQUIRE(alone.steps == outcome.lasted[b]);
    steps += static_cast<double>(alone.steps);
    for (int p = 0; p < 3; ++p) {
      const arma::mat change = static_cast<double>(alone.steps) * one.simulator->change(learning[p]);
      sums[p] = sums[p].is_empty() ? change : arma::mat(sums[p] + change);
    }
  }
  for (int p = 0; p < 3; ++p) {
    CAPTURE(p);
    CHECK(arma::abs(sums[p]).max() > 1e-6);
    const arma::mat expected = sums[p] / steps;
    CHECK(arma::abs(all.simulator->change(learning[p]) - expected).max() <= 1e-10 * arma::abs(expected).max());
  }
}

// The rule of brain_prop is called as the trial ends: it learns where the reward comes in that step, and sees none when
// time has passed since.
TEST_CASE("a reward reaches a rule in the step in which it is paid", "[closed_loop]") {
  const auto weights = [](const std::string &after) {
    auto loop =
        Loop::shipped("closed-loop/bandit.json", {"/task/environment/trials=20", "/task/environment/after=" + after});
    loop.run();
    CHECK(arma::accu(loop.rewards()) > 0);
    return loop.weights(0);
  };
  CHECK(arma::abs(weights("0")).max() > 0);
  CHECK(arma::abs(weights("10")).max() == 0);
}

TEST_CASE("the prediction of an environment's reward is its running mean, or the value of the choice",
          "[closed_loop]") {
  auto loop =
      Loop::shipped("closed-loop/bandit.json", {"/task/environment/prediction=mean", "/task/environment/trials=50"});
  loop.run();
  arma::vec q(2, arma::fill::zeros);
  double mean = 0;
  const arma::vec choice = loop.column("choice"), reward = loop.rewards();
  for (arma::uword k = 0; k < choice.n_elem; ++k) {
    q[static_cast<arma::uword>(choice[k])] += 0.1 * (reward[k] - mean);
    mean += 0.05 * (reward[k] - mean);
  }
  CHECK(arma::approx_equal(loop.weights(0), q, "absdiff", 1e-12));
}

TEST_CASE("rewards that no rule reads are warned of", "[closed_loop]") {
  const auto warnings = [](const std::string &plugin, const std::string &more = "", const std::string &phase = "true") {
    auto text = bandit(whole, R"(, "rule": "r")", "",
                       R"(, "learning": { "rules": { "r": { "plugin": ")" + plugin + "\"" + more + " } } }");
    const std::string plastic = R"("plastic": true)";
    text.replace(text.find(plastic), plastic.size(), "\"plastic\": " + phase);
    std::string all;
    for (const auto &one : model::load_text(text, "m.json", spiking::vocabulary()).warnings) all += one + "\n";
    return all;
  };
  const std::string words = "/task/environment: warning: no rule that learns reads its rewards";
  CHECK_THAT(warnings("hebb"), ContainsSubstring(words));
  CHECK_THAT(warnings("reward_hebbian"), !ContainsSubstring(words));
  CHECK_THAT(warnings("three_factor", R"(, "modulators": { "modulator": "reward" })"), !ContainsSubstring(words));
  CHECK_THAT(warnings("three_factor", R"(, "modulators": { "modulator": "value.rate" })"), !ContainsSubstring(words));
  CHECK_THAT(warnings("hebb", R"(, "rate": 0)"), !ContainsSubstring(words)); // nothing learns
  CHECK_THAT(warnings("hebb", "", "false"), !ContainsSubstring(words));
}

TEST_CASE("what an environment cannot go with is refused, with its place", "[closed_loop]") {
  const auto rule = [](const std::string &plugin) {
    return bandit(whole, R"(, "rule": "r")", "",
                  R"(, "learning": { "rules": { "r": { "plugin": ")" + plugin + R"(" } } })");
  };
  CHECK(why(bandit(whole)).empty());
  CHECK(why(rule("hebb")).empty());
  CHECK(why(rule("reward_hebbian")).empty());
  CHECK_THAT(why(rule("backprop")),
             ContainsSubstring("/learning/rules/r/plugin: 'backprop' takes the gradient of an objective back through "
                               "the trial, and there is none through the rewards of the environment"));
  CHECK_THAT(why(rule("feedback_alignment")),
             ContainsSubstring("needs an objective whose delivery is 'vector', and the "
                               "rewards of an environment are none"));
  CHECK_THAT(why(rule("brain_prop")),
             ContainsSubstring("needs an objective whose delivery is 'attention', and an environment takes its place "
                               "where it shows its choice"));
  CHECK_THAT(why(rule("node_perturbation")), ContainsSubstring("'loss'") || Catch::Matchers::Equals(""));
  const auto in = [](const std::string &environment) { return why(bandit(environment)); };
  CHECK_THAT(in(R"("type": "two_armed_bandits", "trials": 1, "sees": { "choice": "value" })"),
             ContainsSubstring("/task/environment/type: ") && ContainsSubstring("did you mean 'two_armed_bandit'?"));
  CHECK_THAT(in(R"("type": "two_armed_bandit", "sees": { "choice": "value" })"), ContainsSubstring("trials"));
  CHECK_THAT(in(R"("type": "two_armed_bandit", "trials": 0, "sees": { "choice": "value" })"),
             ContainsSubstring("/task/environment/trials: must be at least 1"));
  CHECK_THAT(in(R"("type": "two_armed_bandit", "trials": 3, "sees": {})"), ContainsSubstring("choice"));
  CHECK_THAT(in(R"("type": "two_armed_bandit", "trials": 3, "sees": { "choice": "value", "chioce": "value" })"),
             ContainsSubstring("chioce"));
  CHECK_THAT(in(R"("type": "two_armed_bandit", "trials": 3, "sees": { "choice": "valve" })"),
             ContainsSubstring("/task/environment/sees/choice: ") && ContainsSubstring("did you mean 'value'?"));
  CHECK_THAT(in(R"("type": "two_armed_bandit", "trials": 3, "sees": { "choice": "cue" })"),
             ContainsSubstring("/task/environment/sees/choice: 'choice' takes 2 neurons, and 'cue' has 1"));
  CHECK_THAT(in(whole + R"(, "shows": { "cue": "value" })"),
             ContainsSubstring("/task/environment/shows/cue: only a region whose dynamics is 'input'"));
  CHECK_THAT(in(whole + R"(, "shows": { "cue": "cue", "reward": "cue" })"),
             ContainsSubstring("/task/environment/shows/reward: 'cue' is shown another stimulus"));
  CHECK_THAT(in(R"("type": "foraging", "trials": 3, "sees": { "velocity": "value" }, "prediction": "value")"),
             ContainsSubstring("/task/environment/prediction: 'foraging' sees no choice"));
  CHECK_THAT(in(R"("type": "random_dots", "trials": 3, "sees": { "decision": "cue" }, "prediction": "value")"),
             ContainsSubstring("/task/environment/prediction: 'cue' is one neuron"));
  CHECK_THAT(in(whole + R"(, "left": 1.5)"), ContainsSubstring("/task/environment/left: must be at most 1"));
  CHECK_THAT(in(whole + R"(, "decide_at": 0.5)"), ContainsSubstring("/task/environment/decide_at: 0.5 ms is shorter"));
  CHECK_THAT(in(whole + R"(, "decide_at": 99, "reward_delay": 1)"),
             ContainsSubstring("/task/trial: lasts 100 ms at the most, and 'two_armed_bandit' needs 101 ms"));
  CHECK(in(whole + R"(, "decide_at": 98, "reward_delay": 1)").empty());
  const auto task = [](const std::string &more) {
    auto text = bandit(whole);
    const std::string at = R"("trial": [)";
    return why(text.replace(text.find(at), 0, more + ", "));
  };
  CHECK_THAT(task(R"("stimuli": { "inputs": [[1], [2]] })"), ContainsSubstring("/task/stimuli: "));
  CHECK_THAT(task(R"("shuffle": true)"),
             ContainsSubstring("/task/shuffle: the trials of an environment come in their order"));
  CHECK_THAT(task(R"("held_out": 10)"), ContainsSubstring("/task/held_out: keeps 10 trials for testing"));
  CHECK(task(R"("held_out": 4, "shuffle": false)").empty());
  CHECK_THAT(
      why(bandit(whole, "", "", R"(, "objective": { "type": "mse", "region": "value" })")),
      ContainsSubstring("/objective: 'mse' is compared with an array, and the environment 'two_armed_bandit' takes "
                        "the place of all arrays; it gives no targets"));
}

TEST_CASE("the last trials of an environment are those held out, and are tested without learning", "[closed_loop]") {
  auto loop = Loop::shipped("closed-loop/bandit.json",
                            {"/task/environment/trials=30", "/task/held_out=10", "/task/environment/drift=0.1"});
  CHECK(loop.trials.training.size() == 20);
  CHECK(loop.trials.held_out.front() == 20);
  loop.run();
  const arma::mat before = loop.weights(0);
  const auto tested = simulation::test(loop.model, loop.trials, *loop.simulator, loop.trials.held_out);
  CHECK(arma::all(arma::vectorise(before == loop.weights(0))));
  CHECK(tested.held_out_reward >= 0);
  CHECK(tested.held_out_reward <= 1);
}
