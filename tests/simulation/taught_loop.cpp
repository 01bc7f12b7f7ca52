// An environment that gives targets: circuits learn what has a known answer, by the exact gradient and by a local rule,
// in trials of different length; and what is refused.
#include "catch.hpp"
#include "closed_loop.hpp"
#include "input/input_error.hpp"
#include "simulation/failure.hpp"
#include "task_plugins.hpp"

#include <fmt/format.h>

using namespace engram;
using closed_loop::Loop;

namespace {

// The teacher's answer is 2 a − 3 b of what is shown (tests/plugins/line_teacher).
std::string line(const std::string &objective, const std::string &rule = "backprop",
                 const std::string &phase = R"("duration": 10, "objective": true, "plastic": true)") {
  return fmt::format(R"({{ "architecture": {{ "regions": {{ "cue": {{ "size": 2, "dynamics": "input" }},
        "out": {{ "size": 1, "dynamics": {{ "type": "static", "activation": "linear" }} }} }},
      "projections": [ {{ "from": "cue", "to": "out", "weights": [[0, 0]], "rule": "r" }} ] }},
    "objective": {},
    "learning": {{ "rules": {{ "r": {{ "plugin": "{}", "rate": 0.1 }} }} }},
    "task": {{ "environment": {{ "type": "line_teacher", "trials": 20, "sees": {{ "answer": "out" }},
                                "shows": {{ "cue": "cue" }} }},
              "batch": 5, "epochs": 60, "trial": [ {{ "phase": "p", {} }} ] }} }})",
                     objective, rule, phase);
}

std::string mse(const std::string &target, const std::string &more = "") {
  return R"({ "type": "mse", "region": "out", "target": { "environment": ")" + target + "\" }" + more + " }";
}

model::Model taught(const std::string &text) { return model::load_text(text, "m.json", task_plugins::vocabulary()); }

// Input → hidden (recurrent, with a delay) → out → hidden, a delay later. `more`: of the rule.
std::string recurrent(const std::string &integrator, const std::string &more = "", std::size_t hidden = 4) {
  return fmt::format(R"({{ "time": {{ "step": 1, "integrator": "{}" }},
    "architecture": {{ "regions": {{ "cue": {{ "size": 2, "dynamics": "input" }},
        "hidden": {{ "size": {}, "dynamics": {{ "type": "leaky_rate", "tau": 4, "activation": "tanh" }} }},
        "out": {{ "size": 1, "dynamics": {{ "type": "leaky_rate", "tau": 2, "activation": "linear" }} }} }},
      "projections": [ {{ "from": "cue", "to": "hidden", "rule": "r" }},
                       {{ "from": "hidden", "to": "hidden", "delay": 2, "rule": "r" }},
                       {{ "from": "hidden", "to": "out", "rule": "r" }},
                       {{ "from": "out", "to": "hidden", "delay": 1, "weights": {{ "normal": {{ "gain": 0.3 }} }},
                          "rule": "r" }} ] }},
    "objective": [ {{ "type": "mse", "region": "out", "target": {{ "environment": "now_and_then" }} }},
                   {{ "type": "prediction", "region": "hidden", "delay": 1, "weight": 0.3, "name": "before" }},
                   {{ "type": "sparsity", "measure": "l2", "region": "hidden", "weight": 0.2 }} ],
    "learning": {{ "rules": {{ "r": {{ "plugin": "backprop", "rate": 0.05 {} }} }} }},
    "task": {{ "environment": {{ "type": "line_teacher", "trials": 6, "sees": {{ "answer": "out" }},
                                "shows": {{ "cue": "cue" }} }},
              "batch": 6, "trial": [ {{ "phase": "wait", "duration": 1, "plastic": true }},
                                     {{ "phase": "p", "duration": 9, "objective": true, "plastic": true }} ] }} }})",
                     integrator, hidden, more);
}

std::vector<arma::mat> weights_after(const std::string &text, int threads) {
  Loop loop(taught(text), threads, task_plugins::entries());
  for (std::size_t epoch = 0; epoch < 3; ++epoch) loop.run(true, epoch);
  std::vector<arma::mat> out;
  for (const auto &p : loop.network.dense) out.push_back(p.weights);
  return out;
}

std::string refusal(const std::string &text) {
  try {
    taught(text);
  } catch (const input::InputError &error) {
    return error.problems().front().pointer + ": " + error.problems().front().message;
  }
  return "";
}

// Why a run ends.
std::string end_of(const std::string &text) {
  Loop loop(taught(text), 1, task_plugins::entries());
  try {
    loop.run();
  } catch (const simulation::RunFailure &failure) {
    return failure.what();
  }
  return "";
}

} // namespace

TEST_CASE("a linear readout goes to the weights of the teacher of its environment", "[environment][objective]") {
  const auto [target, rule] = GENERATE(table<std::string, std::string>(
      {{"answer", "backprop"}, {"answer", "feedback_alignment"}, {"now_and_then", "backprop"}}));
  CAPTURE(target, rule);
  Loop loop(taught(line(mse(target), rule)), 1, task_plugins::entries());
  for (std::size_t epoch = 0; epoch < 200; ++epoch) loop.run(true, epoch);
  CHECK(loop.weights(0)(0, 0) == Approx(2).epsilon(1e-6));
  CHECK(loop.weights(0)(0, 1) == Approx(-3).epsilon(1e-6));
  const auto lasted = loop.lasted();
  CHECK(lasted.min() == 3);
  CHECK(lasted.max() == 6);
  CHECK(loop.outcomes.back().losses.size() == 5);
  CHECK(loop.outcomes.back().losses[0] < 1e-10);
}

TEST_CASE("the loss of a trial is the mean over its own steps", "[environment][objective]") {
  // Weights 0: the loss is half of the mean squared answer, and the reward is minus the sum of the squares.
  Loop loop(taught(line(mse("answer"))), 1, task_plugins::entries());
  loop.run(false);
  for (const auto &outcome : loop.outcomes)
    for (std::size_t b = 0; b < outcome.losses.size(); ++b)
      CHECK(outcome.losses[b] ==
            Approx(-outcome.rewards[b] / 2 / static_cast<double>(outcome.lasted[b])).epsilon(1e-12));
}

TEST_CASE("backprop is the gradient in a closed loop whose trials end at different times", "[environment][gradient]") {
  // Nothing that the teacher shows hangs on the circuit, so the gradient is the whole one.
  const auto [integrator, more] = GENERATE(table<std::string, std::string>(
      {{"euler", ""}, {"runge_kutta4", ""}, {"runge_kutta4", R"(, "parameters": { "memory": "sqrt" })"}}));
  CAPTURE(integrator, more);
  Loop loop(taught(recurrent(integrator, more)), 1, task_plugins::entries());
  const simulation::Batch batch{loop.trials.training, 0, true};
  const auto loss = [&] {
    double sum = 0;
    for (const double x : loop.simulator->measure(batch).losses) sum += x;
    return sum / 6;
  };
  CHECK(loss() > 0.1);
  std::vector<arma::mat> gradient;
  for (std::size_t p = 0; p < loop.network.dense.size(); ++p) gradient.push_back(-loop.simulator->change(p));
  loop.simulator->discard();
  double scale = 0;
  for (const auto &one : gradient) scale = std::max(scale, arma::abs(one).max());
  CHECK(scale > 0.01);
  for (std::size_t p = 0; p < gradient.size(); ++p) {
    auto &w = loop.network.dense[p].weights;
    CHECK(arma::abs(gradient[p]).max() > 1e-5);
    for (std::size_t k = 0; k < w.n_elem; ++k) {
      const double before = w[k], h = 1e-4;
      const auto at = [&](double d) {
        w[k] = before + d;
        const double out = loss();
        loop.simulator->discard();
        return out;
      };
      const double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      w[k] = before;
      CHECK(std::abs(slope - gradient[p][k]) < 1e-6 * scale);
    }
  }
}

TEST_CASE("what is taught in a closed loop has the same bits at any number of threads", "[environment][determinism]") {
  const auto text = recurrent("runge_kutta4", "", 40);
  const auto one = weights_after(text, 1);
  for (const int threads : {2, 3}) {
    const auto more = weights_after(text, threads);
    for (std::size_t p = 0; p < one.size(); ++p) CHECK(arma::all(arma::vectorise(one[p] == more[p])));
  }
}

TEST_CASE("an arm whose torques are held at those that are taught reaches every target", "[environment]") {
  Loop loop(R"({ "time": { "step": 5 },
    "architecture": { "regions": { "M1": { "size": 2, "dynamics": { "type": "static", "activation": "linear" } } } },
    "objective": { "type": "mse", "region": "M1", "target": { "environment": "torque" }, "delivery": "clamp" },
    "task": { "environment": { "type": "reaching", "trials": 30, "farthest": 0.15, "sees": { "torque": "M1" } },
              "batch": 30, "trial": [ { "phase": "reach", "duration": 3000, "objective": true } ] } })");
  struct First final : simulation::Observer<double> { // torques of the first step
    arma::mat torque;
    void step(std::size_t step, const network::Signals<double> &signals) override {
      if (step == 0) torque = signals[0][network::Signal::rate];
    }
  } first;
  loop.outcomes.push_back(loop.simulator->run({loop.trials.training, 0, true}, &first));
  CHECK(arma::all(loop.column("reached") == 1));
  // J' k e at rest, with the links of 0.30 and 0.33 m in the pose 0.8, 1.6 rad.
  const double x1 = 0.30 * std::cos(0.8), y1 = 0.30 * std::sin(0.8), x2 = 0.33 * std::cos(2.4),
               y2 = 0.33 * std::sin(2.4);
  for (std::size_t b = 0; b < 30; ++b) {
    const double dx = loop.column("target_x")[b] - x1 - x2, dy = loop.column("target_y")[b] - y1 - y2;
    CHECK(first.torque(0, b) == Approx(60 * (-(y1 + y2) * dx + (x1 + x2) * dy)).epsilon(1e-12));
    CHECK(first.torque(1, b) == Approx(60 * (-y2 * dx + x2 * dy)).epsilon(1e-12));
  }
}

TEST_CASE("a delayed match is taught from the test until the answer", "[environment]") {
  Loop loop(R"({ "time": { "step": 10 },
    "architecture": { "regions": { "seen": { "size": 3, "dynamics": "input" },
        "choice": { "size": 2, "dynamics": { "type": "static", "activation": "linear" } } },
      "projections": [ { "from": "seen", "to": "choice", "weights": 0 } ] },
    "objective": { "type": "mse", "region": "choice", "target": { "environment": "answer" }, "weight": 2 },
    "task": { "environment": { "type": "delayed_match_to_sample", "trials": 8, "sees": { "choice": "choice" },
                               "shows": { "stimulus": "seen" } },
              "batch": 8, "trial": [ { "phase": "p", "duration": 2000, "objective": true } ] } })");
  struct Apical final : simulation::Observer<double> { // what is delivered: the error
    std::vector<arma::mat> delivered;
    void step(std::size_t, const network::Signals<double> &signals) override {
      delivered.push_back(signals[1][network::Signal::apical]);
    }
  } seen;
  loop.outcomes.push_back(loop.simulator->run({loop.trials.training, 0, true}, &seen));
  const auto label = loop.column("label");
  for (std::size_t b = 0; b < 8; ++b)
    for (std::size_t step = 0; step < static_cast<std::size_t>(loop.lasted()[b]); ++step)
      for (arma::uword n = 0; n < 2; ++n) {
        CAPTURE(b, step, n);
        // 200 ms of the sample and 500 of the delay, the answer 200 ms after the test begins.
        const bool due = step >= 70 && step <= 90;
        CHECK(seen.delivered[step](n, b) == (due && static_cast<double>(n) == label[b] ? 2 : 0));
      }
}

TEST_CASE("what a target of an environment cannot be is told in one line", "[environment][objective]") {
  CHECK_THAT(refusal(line(mse("anser"))), ContainsSubstring("/objective/target/environment: unknown target of the "
                                                            "environment 'anser'; did you mean 'answer'?"));
  CHECK_THAT(refusal(line(R"({ "type": "mse", "region": "out" })")),
             ContainsSubstring("takes the place of all arrays; it gives 'answer', 'now_and_then', 'size'"));
  CHECK_THAT(refusal(line(R"({ "type": "activity", "region": "out" })")),
             ContainsSubstring("looks at the trial as a whole, and trials of an environment end at different times"));
  CHECK_THAT(refusal(line(R"({ "type": "choice_reward", "region": "out", "target": { "environment": "answer" } })")),
             ContainsSubstring("pays for a choice, and here the environment 'line_teacher' does"));
  CHECK_THAT(refusal(line(R"({ "type": "mse", "region": "out", "target": { "environment": 3 } })")),
             ContainsSubstring("/objective/target/environment: expected a string, not 3"));
  CHECK_THAT(refusal(R"({ "architecture": { "regions": { "in": { "size": 1, "dynamics": "input" },
      "out": { "size": 1, "dynamics": "static" } }, "projections": [ { "from": "in", "to": "out" } ] },
      "objective": { "type": "mse", "region": "out", "target": { "environment": "answer" } },
      "task": { "stimuli": { "inputs": [[1]] }, "trial": [ { "phase": "p", "duration": 1, "stimulus": "in" } ] } })"),
             ContainsSubstring("the task has no environment that could give 'answer'"));
  const auto car = [](const std::string &more) {
    return R"({ "architecture": { "regions": { "value": { "size": 3, "dynamics": "static" } } },
      "task": { "environment": { "type": "mountain_car", "trials": 2, "sees": { "choice": "value" } },
        "trial": [ { "phase": "p", "duration": 5 } ] })" +
           more + " }";
  };
  CHECK_THAT(refusal(car(R"(, "objective": { "type": "mse", "region": "value", "target": { "environment": "x" } })")),
             ContainsSubstring("the environment 'mountain_car' gives no targets"));
}

TEST_CASE("a target that is missing, or no count, ends the run where the term needs one", "[environment][objective]") {
  CHECK_THAT(
      end_of(line(R"({ "type": "cross_entropy", "region": "out", "target": { "environment": "now_and_then" } })")),
      ContainsSubstring("the environment gives no 'now_and_then' for neuron 0 in epoch 1, trial 0, step 1, and "
                        "'cross_entropy' needs one in each step"));
  CHECK_THAT(end_of(line(mse("now_and_then", R"(, "delivery": "clamp")"), "hebb")),
             ContainsSubstring("'mse' needs one in each step where it clamps"));
  CHECK_THAT(
      end_of(line(R"({ "type": "poisson_likelihood", "region": "out", "target": { "environment": "answer" } })")),
      ContainsSubstring("gives a negative 'answer'"));
  CHECK(end_of(line(mse("answer", R"(, "phases": ["p"])"), "backprop", R"("duration": 10, "plastic": true)")).empty());
}

TEST_CASE("an environment of an older version of the interface is read as it was", "[environment][plugins]") {
  const auto &table = task_plugins::library().load_environment("older_environment");
  CHECK(table.abi_version == 1);
  CHECK(table.targets_count == 0);
  Loop loop(taught(R"({ "architecture": { "regions": { "out": { "size": 1, "bias": 0.25,
        "dynamics": { "type": "static", "activation": "linear" } } } },
      "task": { "environment": { "type": "older_environment", "trials": 2, "sees": { "value": "out" } },
        "trial": [ { "phase": "p", "duration": 5 } ] } })"),
            1, task_plugins::entries());
  loop.run();
  CHECK(arma::all(loop.rewards() == 0.25));
  CHECK(arma::all(loop.lasted() == 1));
}
