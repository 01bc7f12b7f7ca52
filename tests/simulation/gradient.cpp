// These tests compare the gradient of backprop with central finite differences, on circuits of every kind that the
// engine knows.
#include "catch.hpp"
#include "circuits.hpp"
#include "simulation/gradient_error.hpp"

using namespace engram;
using circuits::Circuit;
using gradients::worst_error;

namespace {

// Input → hidden (recurrent) → output, with a delayed loop, a bias, and error that flows back into apical compartments.
Circuit recurrent(const std::string &integrator, const std::string &phi, const std::string &objective) {
  Circuit c;
  c.model.time.integrator = circuits::typed(integrator, {{"absolute", 1e-12}, {"relative", 1e-12}});
  const auto in = c.input(4);
  const auto hidden = c.leaky("hidden", 5, phi);
  const auto out = c.leaky("out", 3, "linear");
  c.learn("exact", "backprop");
  c.connect(in, hidden, "exact");
  c.connect(hidden, hidden, "exact", 0, "rate", "soma", 0.5);
  c.connect(hidden, out, "exact");
  c.connect(out, hidden, "exact", 3, "rate", "soma", 0.5);
  c.model.regions[hidden].bias = model::Quantity::of(0.3);
  c.model.regions[hidden].bias_rules = {"exact"};
  c.objective(objective, out);
  c.phase(6, false, false);
  c.phase(5, true, true);
  c.data(3);
  return c;
}

} // namespace

TEST_CASE("backprop is the gradient in recurrent circuits with delays, for every stepper", "[gradient]") {
  for (const std::string integrator :
       {"euler", "modified_midpoint", "runge_kutta4", "runge_kutta_dopri5", "controlled_dopri5"}) {
    INFO(integrator);
    // Where substeps are chosen by the error, the loss jumps by about the tolerance as weights change: with a longer
    // difference these jumps weigh less.
    CHECK(worst_error(recurrent(integrator, "tanh", "mse"), integrator == "controlled_dopri5" ? 1e-3 : 1e-5) < 1e-6);
  }
}

TEST_CASE("backprop is the gradient for every activation and objective", "[gradient]") {
  for (const std::string phi : {"linear", "relu", "tanh", "sigmoid", "softplus", "power_law", "divisive_normalization"})
    for (const std::string objective : {"mse", "cross_entropy"}) {
      INFO(phi << ", " << objective);
      CHECK(worst_error(recurrent("runge_kutta4", phi, objective)) < 1e-6);
    }
}

TEST_CASE("backprop is the gradient in static circuits", "[gradient]") {
  for (const std::string phi : {"linear", "relu", "tanh", "sigmoid", "softplus", "power_law", "divisive_normalization"})
    for (const std::string last : {"linear", "sigmoid", "softmax"}) {
      INFO(phi << ", output " << last);
      Circuit c;
      const auto in = c.input(4), hidden = c.fixed("hidden", 6, phi), out = c.fixed("out", 3, last);
      c.learn("exact", "backprop");
      c.connect(in, hidden, "exact");
      c.connect(hidden, out, "exact");
      c.model.regions[out].bias = model::Quantity::of(0.1);
      c.model.regions[out].bias_rules = {"exact"};
      c.objective(last == "softmax" ? "cross_entropy" : "mse", out);
      c.phase(1, true, true);
      c.data(4);
      CHECK(worst_error(c) < 1e-6);
    }
}

TEST_CASE("backprop is the gradient through phases that show different things", "[gradient]") {
  // What input regions give is summed once for each phase, also when the steps are pulled back from the last to the
  // first.
  for (const std::string integrator : {"euler", "runge_kutta4"})
    for (const double memory : {0.0, 1.0}) {
      INFO(integrator << ", memory " << memory);
      Circuit c;
      c.model.time.integrator = circuits::typed(integrator);
      const auto in = c.input(4), hidden = c.leaky("hidden", 5, "tanh", 4), out = c.leaky("out", 3, "sigmoid", 4);
      c.learn("exact", "backprop", 0.1, {{"memory", memory}});
      c.connect(in, hidden, "exact");
      c.connect(hidden, out, "exact");
      c.model.regions[hidden].bias = model::Quantity::of(0.3);
      c.model.regions[hidden].bias_rules = {"exact"};
      c.objective("mse", out);
      c.phase(4, false, false);
      c.phase(3, true, false, false);
      c.phase(4, true, true);
      c.data(3);
      CHECK(worst_error(c) < 1e-6);
    }
}

TEST_CASE("backprop is the gradient where slopes and errors of activations across neurons are signals", "[gradient]") {
  for (const std::string phi : {"softmax", "divisive_normalization"})
    for (const bool moves : {false, true}) {
      INFO(phi << (moves ? ", leaky" : ", static"));
      Circuit c;
      const auto in = c.input(3), hidden = moves ? c.leaky("hidden", 4, phi) : c.fixed("hidden", 4, phi),
                 out = c.fixed("out", 3, "tanh");
      c.learn("exact", "backprop");
      c.connect(in, hidden, "exact");
      c.connect(hidden, out, "exact");
      c.connect(out, hidden, "exact", 1, "rate", "apical");
      c.connect(hidden, hidden, "exact", 1, "error", "soma");
      c.connect(hidden, hidden, "exact", 2, "gain", "soma", 2);
      c.objective("mse", out);
      c.phase(5, true, true);
      c.data(3);
      CHECK(worst_error(c) < 1e-6);
    }
}

TEST_CASE("backprop is the gradient where apical compartments move the soma and errors are signals", "[gradient]") {
  for (const std::string objective : {"mse", "cross_entropy"})
    for (const std::string wiring : {"random", "transpose"}) {
      INFO(objective << ", " << wiring);
      Circuit c;
      const auto in = c.input(3), hidden = c.leaky("hidden", 4, "tanh", 4, 0.4),
                 out = c.leaky("out", 3, "sigmoid", 4, 0.3);
      c.learn("exact", "backprop");
      c.connect(in, hidden, "exact");
      const auto forward = c.connect(hidden, out, "exact");
      if (wiring == "random")
        c.connect(out, hidden, "exact", 0, "error", "apical");
      else
        c.feed_back(out, hidden, forward);
      c.connect(hidden, hidden, "exact", 2, "error", "soma", 0.3);
      c.connect(hidden, hidden, "exact", 2, "apical", "soma", 0.3);
      c.objective(objective, out);
      c.phase(5, false, false);
      c.phase(4, true, true);
      c.data(3);
      CHECK(worst_error(c) < 1e-6);
    }
}

TEST_CASE("backprop is the gradient in population dynamics with noise", "[gradient]") {
  for (const std::string type : {"wilson_cowan", "supralinear"})
    for (const std::string noise : {"gaussian", "ornstein_uhlenbeck", "held", "pulses"}) {
      INFO(type << ", " << noise);
      Circuit c;
      const auto in = c.input(3);
      const auto e = c.region("E", 4, circuits::typed(type, {{"tau", 6}, {"refractory", 0.7}}),
                              type == "supralinear" ? "power_law" : "sigmoid");
      const auto out = c.leaky("out", 2, "linear", 3);
      c.model.regions[e].noise = circuits::typed(noise, {{"sd", 0.5}, {"tau", 3}, {"rate", 300}, {"amplitude", 1}});
      c.model.regions[in].noise = c.model.regions[e].noise;
      c.model.regions[e].bias = model::Quantity::of(0.8);
      c.learn("exact", "backprop");
      c.connect(in, e, "exact");
      c.connect(e, e, "exact", 0, "rate", "soma", 0.3);
      c.connect(e, out, "exact");
      c.connect(e, out, "exact", 1, "potential", "soma", 0.3);
      c.connect(e, out, "exact", 2, "gain", "soma", 0.3);
      c.objective("mse", out);
      c.phase(5, false, false);
      c.phase(4, true, true);
      c.data(3);
      CHECK(worst_error(c) < 1e-6);
    }
}

TEST_CASE("checkpoints change the memory, not the gradient", "[gradient]") {
  auto c = recurrent("runge_kutta4", "tanh", "mse");
  c.model.regions[1].noise = circuits::typed("ornstein_uhlenbeck", {{"sd", 0.3}, {"tau", 4}});
  const auto gradients = [&](double memory) {
    c.model.rules[0].parameters["memory"] = memory;
    auto network = c.build<double>();
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    simulator.measure(c.all(true));
    std::vector<arma::mat> out;
    for (std::size_t p = 0; p < network.dense.size(); ++p) out.push_back(simulator.plasticity().change(p));
    return out;
  };
  const auto all = gradients(0), few = gradients(1);
  for (std::size_t p = 0; p < all.size(); ++p) CHECK(arma::approx_equal(all[p], few[p], "absdiff", 0.0));
}

TEST_CASE("backprop is the gradient through value and error neurons", "[gradient]") {
  for (const std::string delivery : {"vector", "clamp"}) {
    INFO(delivery);
    Circuit c;
    const auto in = c.input(3);
    const auto low = c.region("low", 4, circuits::typed("predictive_coding", {{"tau", 4}}), "tanh");
    const auto high = c.region("high", 2, circuits::typed("predictive_coding", {{"tau", 5}}), "sigmoid");
    c.learn("exact", "backprop");
    c.connect(in, low, "exact");
    const auto up = c.connect(low, high, "exact");
    c.feed_back(high, low, up, "error", "apical", 0.7);
    c.connect(low, low, "exact", 2, "error", "soma", 0.3);
    c.objective("mse", high);
    if (delivery == "clamp") c.model.objective.delivery = model::Objective::Delivery::clamp;
    c.phase(3, delivery == "clamp", true); // a clamp first: the loss is read before the second
    c.phase(4, false, true);
    c.phase(3, true, true);
    c.data(3);
    CHECK(worst_error(c) < 1e-6);
  }
}

TEST_CASE("backprop is the gradient through dendrites and bursts", "[gradient]") {
  for (const std::string signal : {"rate", "error"}) {
    INFO("dendritic, " << signal);
    Circuit c;
    const auto dendritic = [](bool current) {
      return circuits::typed("dendritic",
                             {{"leak", 0.1}, {"basal", 0.3}, {"apical", 0.2}, {"apical_input", current ? 1 : 0}});
    };
    const auto in = c.input(3), hidden = c.region("hidden", 4, dendritic(false), "sigmoid"),
               out = c.region("out", 2, dendritic(true), "softplus");
    c.learn("exact", "backprop");
    c.connect(in, hidden, "exact");
    c.connect(hidden, out, "exact");
    c.connect(out, hidden, "exact", 0, signal, "apical");
    c.connect(hidden, hidden, "exact", 1, "error", "soma", 0.4);
    c.objective("mse", out);
    c.phase(3, false, false);
    c.phase(4, true, true);
    c.data(3);
    CHECK(worst_error(c) < 1e-6);
  }
  Circuit c;
  const auto burst = circuits::typed("burst", {{"tau", 4}, {"slope", 1.5}, {"offset", -0.3}});
  const auto in = c.input(3), hidden = c.region("hidden", 4, burst, "sigmoid"),
             out = c.region("out", 2, burst, "sigmoid");
  c.learn("exact", "backprop");
  c.connect(in, hidden, "exact");
  c.connect(hidden, out, "exact");
  c.connect(out, hidden, "exact", 0, "burst", "apical");
  c.connect(hidden, hidden, "exact", 1, "burst", "soma");
  c.objective("mse", out);
  c.phase(3, false, false);
  c.phase(4, true, true);
  c.data(3);
  CHECK(worst_error(c) < 1e-6);
}

TEST_CASE("backprop is the gradient through the sweep that a trial begins with", "[gradient]") {
  const auto dendritic =
      circuits::typed("dendritic", {{"leak", 0.1}, {"basal", 0.3}, {"apical", 0.2}, {"apical_input", 0}});
  const std::vector<std::pair<model::Typed, std::string>> kinds{
      {circuits::typed("leaky_rate", {{"tau", 5}, {"apical_coupling", 0.3}}), "tanh"},
      {circuits::typed("wilson_cowan", {{"tau", 6}, {"refractory", 0.7}}), "sigmoid"},
      {circuits::typed("supralinear", {{"tau", 6}}), "power_law"},
      {circuits::typed("predictive_coding", {{"tau", 4}}), "tanh"},
      {dendritic, "sigmoid"},
      {circuits::typed("burst", {{"tau", 4}, {"slope", 1.5}, {"offset", -0.3}}), "sigmoid"}};
  for (const auto &[dynamics, phi] : kinds)
    for (const bool all : {true, false}) { // or the output begins at 0
      INFO(dynamics.type << (all ? "" : ", but for the output"));
      Circuit c;
      const auto in = c.input(3), low = c.region("low", 4, dynamics, phi), between = c.fixed("between", 3),
                 high = c.region("high", 3, dynamics, phi), out = c.leaky("out", 2, "sigmoid", 4);
      c.learn("exact", "backprop");
      c.connect(in, low, "exact");
      c.connect(low, between, "exact");
      c.connect(between, high, "exact");
      c.connect(high, high, "exact", 0, "rate", "soma", 0.4); // goes as far as the rounds of the sweep
      c.connect(high, out, "exact");
      c.connect(out, high, "exact", 0, "rate", "apical", 0.4);
      c.connect(high, low, "exact", 1, "rate", "soma", 0.4); // with a delay: nothing comes of it in the sweep
      c.model.regions[in].noise = circuits::typed("gaussian", {{"sd", 0.5}});
      for (const auto r : {low, high}) {
        c.model.regions[r].bias = model::Quantity::of(1.2);
        c.model.regions[r].bias_rules = {"exact"};
        c.model.regions[r].feedforward = true;
      }
      c.model.regions[out].feedforward = all;
      c.objective("mse", out);
      c.phase(2, true, true);
      c.data(3);
      CHECK(worst_error(c) < 1e-6);
    }
}

TEST_CASE("backprop is the gradient of the expected reward, and past a nudge", "[gradient]") {
  Circuit c;
  const auto in = c.input(4), hidden = c.leaky("hidden", 5), out = c.leaky("out", 3, "linear", 5, 0.3);
  c.learn("exact", "backprop");
  c.connect(in, hidden, "exact");
  c.connect(hidden, out, "exact");
  c.objective("choice_reward", out);
  c.model.objective.parameters = {{"temperature", model::Quantity::of(0.7)}, {"exploration", model::Quantity::of(1)}};
  c.phase(4, false, false);
  c.phase(4, true, true);
  c.data(3);
  CHECK(worst_error(c) < 1e-6);
  c.model.objective.type = "mse";
  c.model.objective.delivery = model::Objective::Delivery::nudge;
  c.phase(3, false, true); // the loss is read at the end of a phase that follows one with a nudge
  c.phase(2, true, true);
  CHECK(worst_error(c) < 1e-6);
}

TEST_CASE("the transpose of a transpose is the weights themselves, in the currents and in the gradient", "[gradient]") {
  Circuit c;
  const auto in = c.input(4), hidden = c.leaky("hidden", 5), out = c.leaky("out", 3, "linear"),
             again = c.leaky("again", 3);
  c.learn("exact", "backprop");
  c.connect(in, hidden, "exact");
  // The one that is followed last stands last.
  const auto twice = c.connect(hidden, again), back = c.connect(out, hidden, "", 1);
  const auto forward = c.connect(hidden, out, "exact");
  c.connect(again, out, "exact", 1);
  const auto follow = [&](std::size_t p, std::size_t other, double gain) {
    c.model.projections[p].weights.kind = model::Weights::Kind::transpose_of;
    c.model.projections[p].weights.other = other;
    c.model.projections[p].weights.a = gain;
  };
  follow(back, forward, 0.4);
  follow(twice, back, -0.5);
  c.objective("mse", out);
  c.phase(6, true, true);
  c.data(3);
  const auto network = c.build<double>();
  const arma::mat x(5, 2, arma::fill::randu), &w = network.dense[forward].weights;
  arma::mat made(3, 2);
  network::project(network, network.dense[twice], network::Way::forward, x, 0.0, made, 1);
  CHECK(arma::approx_equal(made, -0.2 * w * x, "absdiff", 1e-14));
  arma::mat returned(5, 2);
  network::project(network, network.dense[twice], network::Way::backward, made, 0.0, returned, 1);
  CHECK(arma::approx_equal(returned, -0.2 * w.t() * made, "absdiff", 1e-14));
  CHECK(worst_error(c) < 1e-6);
}
