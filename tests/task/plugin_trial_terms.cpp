// Terms of the objective that are plugins and look at the trial as a whole: closed forms, what they deliver, and their
// gradients in circuits against finite differences.
#include "catch.hpp"
#include "circuits.hpp"
#include "simulation/gradient_error.hpp"
#include "task_plugins.hpp"

#include <cmath>
#include <limits>

using namespace engram;
using circuits::Circuit;

namespace {

using Kind = model::Target::Kind;

model::Objective whole_trial(const std::string &type, std::size_t region, Kind kind,
                             std::map<std::string, double> parameters = {}) {
  model::Objective out;
  out.type = out.name = type;
  out.region = region;
  out.target.kind = kind;
  if (kind == Kind::array) out.target.array = "frames";
  for (const auto &p : task::objective_named(type, task_plugins::entries()).words.parameters)
    out.parameters[p.name] = model::Quantity::of(parameters.contains(p.name) ? parameters[p.name] : p.initial);
  return out;
}

// Input → hidden (recurrent, with a delay) → out. The targets move, and some are missing.
Circuit circuit_of_trial(const std::string &integrator) {
  Circuit c;
  c.model.time.integrator = circuits::typed(integrator, {{"absolute", 1e-12}, {"relative", 1e-12}});
  const auto in = c.input(4), hidden = c.leaky("hidden", 5, "tanh"), out = c.leaky("out", 4, "tanh");
  c.learn("exact", "backprop");
  c.connect(in, hidden, "exact");
  c.connect(hidden, hidden, "exact", 2, "rate", "soma", 0.5);
  c.connect(hidden, out, "exact");
  c.objective("mse", out);
  c.phase(3, 0, false);
  c.phase(7, 1, true);
  c.data(3);
  c.trials.labels = {1, 0, 1};
  std::vector<double> frames;
  for (int k = 0; k < 3 * 10 * 4; ++k) frames.push_back(std::sin(0.7 * k));
  c.trials.arrays["frames"] = data::Array{{3, 10, 4}, frames};
  return c;
}

std::vector<model::Objective> terms_of_trial() {
  const std::size_t hidden = 1, out = 2;
  auto late = whole_trial("course_correlation", out, Kind::array);
  late.delay = 2;
  return {whole_trial("rate_band", hidden, Kind::none, {{"low", 0.1}, {"high", 0.2}}),
          whole_trial("rate_band", hidden, Kind::none, {{"low", 0.1}, {"high", -0.3}, {"high_of", 1}}),
          whole_trial("course_roughness", hidden, Kind::none, {{"scale", 3}}),
          whole_trial("course_variance", hidden, Kind::none),
          whole_trial("course_correlation", out, Kind::array),
          late,
          whole_trial("mean_apart", hidden, Kind::classes),
          whole_trial("mean_error", out, Kind::array)};
}

// One static linear region that shows the frames of its input, and a term that judges it.
struct ShownFrames final : simulation::Observer<double> {
  Circuit c;
  network::Network<double> network;
  std::unique_ptr<simulation::Simulator<double>> simulator;
  std::vector<arma::mat> apical; // by step

  ShownFrames(const std::vector<double> &frames, const model::Objective &term, bool learns = false) {
    const auto in = c.input(1), out = c.fixed("out", 1, "linear");
    c.connect(in, out, learns ? "three" : "");
    if (learns) {
      c.learn("three", "three_factor", 1, {{"tau", 1e9}});
      c.model.rules[0].modulators.push_back({"modulator", "loss", {}});
    }
    c.model.projections[0].weights.kind = model::Weights::Kind::constant;
    c.model.projections[0].weights.a = 1;
    c.model.objective = term;
    c.phase(static_cast<double>(frames.size()), 1, true);
    c.trials.count = 1;
    c.trials.training = {0};
    c.trials.arrays["inputs"] = data::Array{{1, frames.size(), 1}, frames};
    network = c.build<double>();
    simulator = std::make_unique<simulation::Simulator<double>>(c.model, network, c.trials, c.rules,
                                                                std::vector<dynamics::SignalSet>(2), 1,
                                                                dynamics::dynamics_entries(), task_plugins::entries());
  }
  void step(std::size_t, const network::Signals<double> &signals) override {
    apical.push_back(signals[1][network::Signal::apical]);
  }
  double loss() { return simulator->run({{0}, 0, true}, this).losses.at(0); }
};

} // namespace

TEST_CASE("rate_band is its closed form on all sides of its bounds", "[objective][plugins]") {
  // Zenke & Vogels 2021: the squared distance from the band of the mean over the trial, mean over the neurons.
  const auto &entry = task::objective_named("rate_band", task_plugins::entries());
  task::Objective o;
  o.entry = &entry;
  o.step = 0.5;
  const arma::mat first{{0, 1, 4, 2}, {2, 3, 0, 0}}, second{{0, 2, 4, 4}, {0, 3, 0, 0}},
      none; // means 0 1.5 4 3, 1 3 0 0
  const auto with = [&](double low, double high, double of, double unit, std::size_t b) {
    o.values = {low, high, 2, 3, of, unit};
    task::Gathered<double> gathered;
    task::gather(o, first, none, gathered);
    task::gather(o, second, none, gathered);
    arma::mat loss(1, 4), slope(2, 4, arma::fill::zeros);
    task::loss(o, gathered, loss);
    task::add_gradient(o, gathered, 0, first, 1.0, slope);
    return std::array<double, 3>{loss[b], slope(0, b), slope(1, b)};
  };
  using Values = std::array<double, 3>;
  // Each step of two has half of the slope by the mean; N = 2.
  CHECK(with(0.5, 2, 0, 0, 0) == Values{2 * 0.25 / 2, -2 * 2 * 0.5 / 2 / 2, 0});
  CHECK(with(0.5, 2, 0, 0, 1) == Values{3 * 1.0 / 2, 0, 3 * 2 * 1.0 / 2 / 2});
  CHECK(with(0.5, 2, 0, 0, 2) == Values{3 * 4.0 / 2 + 2 * 0.25 / 2, 3 * 2 * 2.0 / 2 / 2, -2 * 2 * 0.5 / 2 / 2});
  CHECK(with(-1, 5, 0, 0, 3) == Values{0, 0, 0});
  // The population's means are 0.5, 2.25, 2, 1.5.
  CHECK(with(-1, 1.5, 1, 0, 2) == Values{3 * 0.25, 3 * 2 * 0.5 / 2 / 2, 3 * 2 * 0.5 / 2 / 2});
  CHECK(with(-1, 2, 1, 0, 2) == Values{0, 0, 0});
  // A mean of 4 spikes in a step of 0.5 ms is 8000 Hz.
  CHECK(with(-1, 7999, 0, 1, 2) == Values{3 * 1.0 / 2, 3 * 2 * 2000 * 1.0 / 2 / 2, 0});
}

TEST_CASE("a term of an older version of the interface is read as it was", "[objective][plugins]") {
  const auto &table = task_plugins::library().load_objective("older_objective");
  CHECK(table.abi_version == 1);
  CHECK(table.over == ENGRAM_OVER_STEP);
  task::Objective o;
  o.entry = &task::objective_named("older_objective", task_plugins::entries());
  const arma::mat x{{1, 2}, {3, 5}}, y{{0, 2}, {1, 1}};
  arma::mat loss(1, 2), slope(2, 2, arma::fill::zeros);
  task::loss(o, x, y, loss);
  task::add_gradient(o, x, y, 1.0, slope);
  CHECK(loss[0] == 2.5);
  CHECK(loss[1] == 8);
  CHECK(arma::all(arma::vectorise(slope == x - y)));
}

TEST_CASE("backprop is the gradient of terms of plugins that look at the trial, with delays and each stepper",
          "[gradient][objective][plugins]") {
  for (const std::string integrator : {"euler", "runge_kutta4", "controlled_dopri5"})
    for (const auto &term : terms_of_trial()) {
      INFO(integrator << ", " << term.type << ", delay " << term.delay);
      auto c = circuit_of_trial(integrator);
      c.model.objective = term;
      CHECK(gradients::worst_error(c, integrator == "controlled_dopri5" ? 1e-3 : 1e-5, task_plugins::entries()) < 1e-6);
    }
  // Where the course leaves out what is missing of its target, and where states are computed anew.
  auto c = circuit_of_trial("euler");
  auto &values = std::get<std::vector<double>>(c.trials.arrays.at("frames").values);
  for (const std::size_t k : {12, 25, 50, 51, 119}) values[k] = std::numeric_limits<double>::quiet_NaN();
  c.model.objective = whole_trial("course_correlation", 2, Kind::array);
  c.model.rules[0].parameters = {{"memory", 1}};
  CHECK(gradients::worst_error(c, 1e-5, task_plugins::entries()) < 1e-6);
}

TEST_CASE("a term of a trial is judged over the steps of its phases, once for the trial", "[objective][plugins]") {
  ShownFrames rough({1, 2, 4, 3}, whole_trial("course_roughness", 1, Kind::none, {{"scale", 2}}));
  CHECK(rough.loss() == 2 * (1 + 4 + 1) / 4.0);
  ShownFrames band({0, 1, 5, 6}, whole_trial("rate_band", 1, Kind::none, {{"low", 0}, {"high", 1}}));
  CHECK(band.loss() == 4); // the mean is 3
}

TEST_CASE("what a term of a trial delivers follows from the steps until now", "[objective][plugins]") {
  // Of T steps so far −T ∂L/∂x by the last: of the squared differences over T, −2 scale (x_T − x_T−1).
  ShownFrames rough({1, 2, 4, 3}, whole_trial("course_roughness", 1, Kind::none, {{"scale", 2}}));
  rough.loss();
  REQUIRE(rough.apical.size() == 4);
  CHECK(rough.apical[0](0, 0) == 0);
  CHECK(rough.apical[1](0, 0) == Approx(-4));
  CHECK(rough.apical[2](0, 0) == Approx(-8));
  CHECK(rough.apical[3](0, 0) == Approx(4));
  // Of the band −∂L/∂(mean so far): means 0, 0.5, 2, 3 above 1.
  ShownFrames band({0, 1, 5, 6}, whole_trial("rate_band", 1, Kind::none, {{"low", -1}, {"high", 1}}));
  band.loss();
  CHECK(band.apical[1](0, 0) == 0);
  CHECK(band.apical[2](0, 0) == -2);
  CHECK(band.apical[3](0, 0) == -4);
}

TEST_CASE("a rule reads the loss of a trial so far, as a modulator", "[objective][plugins]") {
  // Without decay the trace of three_factor is the sum of the squared frames: 1, 5, 21, 30. The losses so far are 0,
  // 1/2, 5/3, 6/4. The change is the mean of their products.
  ShownFrames rough({1, 2, 4, 3}, whole_trial("course_roughness", 1, Kind::none), true);
  const double before = rough.network.dense[0].weights(0, 0);
  rough.loss();
  CHECK(rough.network.dense[0].weights(0, 0) - before == Approx((0.5 * 5 + 5.0 / 3 * 21 + 1.5 * 30) / 4).epsilon(1e-6));
}

TEST_CASE("the losses of trials are the same alone and in a batch, at any number of threads", "[objective][plugins]") {
  for (const auto &term : terms_of_trial()) {
    if (term.type == "course_variance" || term.type == "mean_apart") continue; // their trials hang together
    INFO(term.type);
    auto c = circuit_of_trial("euler");
    c.model.objective = term;
    const auto losses = [&](const std::vector<std::size_t> &rows, int threads) {
      auto network = c.build<double>();
      simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, threads,
                                              dynamics::dynamics_entries(), task_plugins::entries());
      return simulator.run({rows, 0, false}).losses;
    };
    const auto all = losses({0, 1, 2}, 1);
    CHECK(losses({0, 1, 2}, 3) == all);
    // A product rounds a column by its place, and by how many there are.
    const auto turned = losses({2, 0, 1}, 2);
    CHECK(losses({2, 0, 1}, 1) == turned);
    for (const std::size_t k : {0, 1, 2}) CHECK(turned[k] == Approx(all[(k + 2) % 3]).epsilon(1e-12));
    CHECK(losses({1}, 1)[0] == Approx(all[1]).epsilon(1e-12));
  }
}
