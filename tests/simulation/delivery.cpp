// The objective reaches the circuit in one of five ways. Each is compared with what it means for the output region.
#include "catch.hpp"
#include "circuits.hpp"

#include <algorithm>
#include <vector>

using namespace engram;

namespace {

using network::Signal;
using Delivery = model::Objective::Delivery;

constexpr double in_phase = 0.5, in_model = 0.6, delivered = in_phase * in_model; // strengths multiply

// Input → linear output. The objective is off in a first phase, and delivered in a second.
struct Delivered {
  circuits::Circuit c;
  std::size_t out = 0;
  explicit Delivered(Delivery how, const std::string &objective = "mse", bool moves = false) {
    const auto in = c.input(4);
    out = moves ? c.leaky("out", 3, "linear", 5) : c.fixed("out", 3, "linear");
    c.connect(in, out);
    c.objective(objective, out);
    c.model.objective.delivery = how;
    c.model.objective.strength = in_model;
    if (objective == "choice_reward")
      c.model.objective.parameters = {{"temperature", model::Quantity::of(1)}, {"exploration", model::Quantity::of(1)}};
    const double duration = moves ? 300 : 2; // 60 τ: at rest
    c.phase(duration, 0, false);
    c.phase(duration, in_phase, false);
    c.data(5);
  }
};

// The output's rate and apical current in the last step of each phase.
struct LastSteps final : simulation::Observer<double> {
  std::size_t out = 0, half = 0;
  std::vector<arma::mat> rate, apical;
  void step(std::size_t at, const network::Signals<double> &s) override {
    if (at + 1 != half && at + 1 != 2 * half) return;
    rate.push_back(s[out][Signal::rate]);
    apical.push_back(s[out][Signal::apical]);
  }
};

struct DeliveredRun {
  LastSteps seen;
  simulation::Outcome outcome;
  arma::mat free, target; // the output without a teacher, and what it should be
};

DeliveredRun run_delivered(const Delivered &d, bool learn = true) {
  auto network = d.c.build<double>();
  std::vector<dynamics::SignalSet> wanted(d.c.model.regions.size());
  wanted[d.out].set(static_cast<std::size_t>(Signal::apical));
  simulation::Simulator<double> simulator(d.c.model, network, d.c.trials, d.c.rules, wanted, 1);
  DeliveredRun run;
  run.seen.out = d.out;
  run.seen.half = static_cast<std::size_t>(d.c.model.task.trial[0].duration);
  run.outcome = simulator.run(d.c.all(learn), &run.seen);
  run.free = network.dense[0].weights * circuits::inputs(d.c);
  run.target.set_size(arma::size(run.free));
  d.c.trials.targets.gather(d.c.trials.training, 1.0, run.target.memptr());
  REQUIRE(run.seen.rate.size() == 2);
  CHECK(arma::abs(run.seen.rate[0] - run.free).max() < 1e-12); // the first phase knows of no objective
  CHECK(arma::abs(run.seen.apical[0]).max() == 0);
  return run;
}

} // namespace

TEST_CASE("a vector is minus the gradient, in the apical compartment, and leaves the rates", "[simulation]") {
  const auto run = run_delivered(Delivered(Delivery::vector));
  CHECK(arma::abs(run.seen.apical[1] - delivered * (run.target - run.free)).max() < 1e-12);
  CHECK(arma::abs(run.seen.rate[1] - run.free).max() < 1e-12);
  arma::mat p = arma::exp(run.free);
  p.each_row() /= arma::sum(p, 0);
  const auto entropy = run_delivered(Delivered(Delivery::vector, "cross_entropy"));
  CHECK(arma::abs(entropy.seen.apical[1] - delivered * (entropy.target - p)).max() < 1e-12);
}

TEST_CASE("a scalar reaches no neuron", "[simulation]") {
  const auto run = run_delivered(Delivered(Delivery::scalar));
  CHECK(arma::abs(run.seen.apical[1]).max() == 0);
  CHECK(arma::abs(run.seen.rate[1] - run.free).max() < 1e-12);
}

TEST_CASE("a clamp holds the output at its target, and the loss is that of the step before", "[simulation]") {
  for (const bool moves : {false, true}) {
    CAPTURE(moves);
    const auto run = run_delivered(Delivered(Delivery::clamp, "mse", moves));
    CHECK(arma::abs(run.seen.rate[1] - run.target).max() < 1e-12);
    const arma::rowvec loss = arma::sum(arma::square(run.free - run.target), 0) / 2;
    REQUIRE(run.outcome.losses.size() == 5);
    for (std::size_t b = 0; b < 5; ++b) CHECK(run.outcome.losses[b] == Approx(loss[b]).epsilon(1e-12));
  }
}

TEST_CASE("a nudge moves the rest of a leaky output towards its target", "[simulation]") {
  // τ u' = −u + W x + β (y − u) rests at (W x + β y) / (1 + β).
  const auto run = run_delivered(Delivered(Delivery::nudge, "mse", true));
  const arma::mat rest = (run.free + delivered * run.target) / (1 + delivered);
  CHECK(arma::abs(run.seen.rate[1] - rest).max() < 1e-12);
  CHECK(arma::abs(run.seen.apical[1]).max() == 0); // it goes into the soma
}

TEST_CASE("attention marks the neuron that was chosen", "[simulation]") {
  const auto run = run_delivered(Delivered(Delivery::attention, "choice_reward"));
  REQUIRE(run.outcome.choices.size() == 5);
  for (arma::uword b = 0; b < 5; ++b)
    for (arma::uword i = 0; i < 3; ++i)
      CHECK(run.seen.apical[1](i, b) ==
            (static_cast<std::int64_t>(i) == run.outcome.choices[b] ? Approx(delivered) : Approx(0)));
}

TEST_CASE("nothing is delivered to trials that are only tested", "[simulation]") {
  const auto how = GENERATE(Delivery::vector, Delivery::scalar, Delivery::clamp, Delivery::nudge, Delivery::attention);
  const auto run = run_delivered(
      Delivered(how, how == Delivery::attention ? "choice_reward" : "mse", how == Delivery::nudge), false);
  CHECK(arma::abs(run.seen.apical[1]).max() == 0);
  CHECK(arma::abs(run.seen.rate[1] - run.free).max() < 1e-12);
}
