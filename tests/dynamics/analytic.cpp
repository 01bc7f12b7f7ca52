// These tests compare dynamics with closed forms.
#include "catch.hpp"
#include "circuits.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

using namespace engram;
using circuits::Circuit;
using network::Signal;

namespace {

// Keeps one signal of one region at every step.
struct Watch final : simulation::Observer<double> {
  std::size_t region;
  Signal signal;
  std::vector<arma::mat> seen;
  Watch(std::size_t r, Signal s) : region(r), signal(s) {}
  void step(std::size_t, const network::Signals<double> &signals) override { seen.push_back(signals[region][signal]); }
};

std::vector<arma::mat> watch(const Circuit &c, std::size_t region, Signal signal, int threads = 1) {
  auto network = c.build<double>();
  std::vector<dynamics::SignalSet> wanted(c.model.regions.size());
  wanted[region].set(static_cast<std::size_t>(signal));
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, wanted, threads);
  Watch observer(region, signal);
  simulator.run(c.all(false), &observer);
  return observer.seen;
}

void constant_weights(Circuit &c, std::size_t projection, double value) {
  c.model.projections[projection].weights.kind = model::Weights::Kind::constant;
  c.model.projections[projection].weights.a = value;
}

} // namespace

TEST_CASE("a leaky integrator follows 1 - exp(-t / tau), at the order of its stepper", "[analytic]") {
  // u' = (−u + 1) / τ from 0: u(t) = 1 − e^{−t/τ}. The error at a fixed time falls by 2^order as the step is halved.
  const double tau = 10, end = 16;
  const auto error = [&](const std::string &integrator, double step) {
    Circuit c;
    c.model.time.step = step;
    c.model.time.integrator = circuits::typed(integrator);
    c.input(1);
    const auto r = c.leaky("r", 1, "linear", tau);
    constant_weights(c, c.connect(0, r), 1);
    c.phase(end + step, false, false);
    c.data(1);
    c.trials.arrays["inputs"] = data::Array{{1, 1}, std::vector<double>{1.0}};
    const auto u = watch(c, r, Signal::rate);
    return std::abs(u.back()(0, 0) - (1 - std::exp(-end / tau)));
  };
  const std::vector<std::pair<std::string, double>> orders{
      {"euler", 1}, {"modified_midpoint", 2}, {"runge_kutta4", 4}, {"runge_kutta_dopri5", 5}};
  for (const auto &[integrator, order] : orders) {
    INFO(integrator);
    const double coarse = error(integrator, 2), fine = error(integrator, 1);
    CHECK(std::log2(coarse / fine) == Approx(order).margin(0.25));
  }
}

TEST_CASE("coupled regions are integrated at the order of the stepper as well", "[analytic]") {
  // x' = (−x + w y) / τ, y' = (−y − w x) / τ from (1, 0): x + i y = e^{−(1 + i w) t/τ}. Currents are taken at every
  // stage.
  const double tau = 8, w = 2, end = 8;
  const auto error = [&](const std::string &integrator, double step) {
    Circuit c;
    c.model.time.step = step;
    c.model.time.integrator = circuits::typed(integrator);
    c.input(1);
    const auto x = c.leaky("x", 1, "linear", tau), y = c.leaky("y", 1, "linear", tau);
    constant_weights(c, c.connect(y, x), w);
    constant_weights(c, c.connect(x, y), -w);
    c.model.regions[x].initial = model::Quantity::of(1);
    c.phase(end + step, false, false);
    c.data(1);
    const double decay = std::exp(-end / tau);
    return std::hypot(watch(c, x, Signal::rate).back()(0, 0) - decay * std::cos(w * end / tau),
                      watch(c, y, Signal::rate).back()(0, 0) + decay * std::sin(w * end / tau));
  };
  const std::vector<std::pair<std::string, double>> orders{
      {"euler", 1}, {"modified_midpoint", 2}, {"runge_kutta4", 4}, {"runge_kutta_dopri5", 5}};
  for (const auto &[integrator, order] : orders) {
    INFO(integrator);
    CHECK(std::log2(error(integrator, 1) / error(integrator, 0.5)) == Approx(order).margin(0.25));
  }
}

TEST_CASE("a linear circuit settles where linear algebra says", "[analytic]") {
  // u = W_in x + W u + b at rest: u = (1 − W)⁻¹ (W_in x + b).
  Circuit c;
  const auto in = c.input(3), r = c.leaky("r", 6, "linear", 5);
  const auto feed = c.connect(in, r), loop = c.connect(r, r, "", 0, "rate", "soma", 0.4);
  c.model.regions[r].bias = model::Quantity::of(0.5);
  c.phase(400, false, false);
  c.data(4);
  const auto network = c.build<double>();
  arma::mat x(3, 4);
  c.trials.arrays["inputs"].gather(c.trials.training, 1.0, x.memptr());
  const arma::mat rest =
      arma::solve(arma::eye(6, 6) - network.dense[loop].weights, network.dense[feed].weights * x + 0.5);
  CHECK(arma::approx_equal(watch(c, r, Signal::rate).back(), rest, "absdiff", 1e-9));
}

TEST_CASE("a Wilson-Cowan pair rests at the fixed point of its equations", "[analytic]") {
  // Wilson & Cowan 1972, eqs. 11-12 at rest: E = (1 − E) S_e(c1 E − c2 I + P), I = (1 − I) S_i(c3 E − c4 I), r = 1.
  const double c1 = 12, c2 = 4, c3 = 13, c4 = 11, drive = 1.2;
  Circuit c;
  c.input(1);
  const auto population = [&](const std::string &name, double slope, double threshold) {
    const auto r = c.region(name, 1, circuits::typed("wilson_cowan", {{"tau", 8}, {"refractory", 1}}), "sigmoid");
    c.model.regions[r].activation = circuits::typed("sigmoid", {{"slope", slope}, {"threshold", threshold}});
    return r;
  };
  const auto e = population("E", 1.2, 2.8), i = population("I", 1.0, 4.0);
  constant_weights(c, c.connect(e, e), c1);
  constant_weights(c, c.connect(i, e), -c2);
  constant_weights(c, c.connect(e, i), c3);
  constant_weights(c, c.connect(i, i), -c4);
  c.model.regions[e].bias = model::Quantity::of(drive);
  c.phase(3000, false, false);
  c.data(1);
  const double E = watch(c, e, Signal::rate).back()(0, 0), I = watch(c, i, Signal::rate).back()(0, 0);
  const auto s = [](double x, double a, double theta) { return 1 / (1 + std::exp(-a * (x - theta))); };
  CHECK(E == Approx((1 - E) * s(c1 * E - c2 * I + drive, 1.2, 2.8)).margin(1e-9));
  CHECK(I == Approx((1 - I) * s(c3 * E - c4 * I, 1.0, 4.0)).margin(1e-9));
  CHECK(E > 0.01);
}

TEST_CASE("a circuit that begins with a feedforward sweep is at rest", "[analytic]") {
  // Nothing recurrent, nothing apical: the state in which the first step finds it is where 400 ms take it. In the order
  // of the file the upper region comes first, which does not matter.
  const auto dynamics = GENERATE(as<std::string>(), "leaky_rate", "wilson_cowan", "supralinear", "predictive_coding",
                                 "dendritic", "burst");
  INFO(dynamics);
  const auto region = [&](Circuit &c, const std::string &name) {
    return c.region(name, 4,
                    circuits::typed(dynamics, {{"tau", 5},
                                               {"apical_coupling", 0.2},
                                               {"refractory", 0.8},
                                               {"leak", 0.1},
                                               {"basal", 0.3},
                                               {"apical", 0},
                                               {"apical_input", 0},
                                               {"slope", 1},
                                               {"offset", 0}}),
                    dynamics == "supralinear" ? "power_law" : "sigmoid");
  };
  const auto rates = [&](bool sweep, double duration) {
    Circuit c;
    const auto in = c.input(3), top = region(c, "top"), middle = region(c, "middle"), low = region(c, "low");
    c.connect(in, low);
    c.connect(low, middle);
    c.connect(middle, top);
    c.model.regions[middle].bias = model::Quantity::of(0.4);
    for (const auto r : {top, middle, low}) c.model.regions[r].feedforward = sweep;
    c.phase(duration, false, false);
    c.data(4);
    const auto seen = watch(c, top, Signal::rate);
    if (sweep) CHECK(arma::approx_equal(seen.front(), seen.back(), "absdiff", 1e-14)); // and stays so
    return seen.back();
  };
  const arma::mat rest = rates(false, 400), swept = rates(true, 3);
  CHECK(arma::abs(rest).max() > 0.001);
  CHECK(arma::approx_equal(swept, rest, "absdiff", 1e-9));
}

TEST_CASE("a delay is exact to the step", "[analytic]") {
  for (const double delay : {1.0, 2.0, 7.0}) {
    Circuit c;
    const auto in = c.input(1), far = c.fixed("far", 1, "linear");
    constant_weights(c, c.connect(in, far, "", delay), 3);
    c.phase(4, false, false, false); // silence, then the stimulus at step 4
    c.phase(10, false, false, true);
    c.data(1);
    c.trials.arrays["inputs"] = data::Array{{1, 1}, std::vector<double>{1.0}};
    const auto r = watch(c, far, Signal::rate);
    for (std::size_t step = 0; step < r.size(); ++step)
      CHECK(r[step](0, 0) == (step >= 4 + static_cast<std::size_t>(delay) ? 3.0 : 0.0));
  }
}

TEST_CASE("pulses come at their rate and are uniform", "[analytic]") {
  Circuit c;
  c.input(1);
  const auto x = c.leaky("x", 50);
  c.model.regions[x].noise = circuits::typed("pulses", {{"rate", 20}, {"amplitude", 3}});
  c.phase(2000, 0, false);
  c.data(1);
  std::vector<double> heights;
  for (const auto &noise : watch(c, x, Signal::noise))
    std::copy_if(noise.begin(), noise.end(), std::back_inserter(heights), [](double v) { return v != 0; });
  // 100 neuron-seconds at 20 Hz: 2000, s.d. 44. Uniform between −3 and 3: mean 0, variance 3.
  const arma::vec h(heights);
  CHECK(std::abs(static_cast<double>(h.n_elem) - 2000) < 4 * 44);
  CHECK(std::abs(arma::mean(h)) < 4 * std::sqrt(3.0 / 2000));
  CHECK(arma::var(h) == Approx(3).epsilon(0.1));
  CHECK(arma::abs(h).max() <= 3);
}

TEST_CASE("Ornstein-Uhlenbeck noise has its stated deviation and correlation time", "[analytic]") {
  Circuit c;
  c.input(1);
  const auto r = c.leaky("r", 400, "linear");
  c.model.regions[r].noise = circuits::typed("ornstein_uhlenbeck", {{"sd", 0.7}, {"tau", 5}});
  c.phase(200, false, false);
  c.data(1);
  const auto noise = watch(c, r, Signal::noise);
  // 400 neurons × 200 steps with correlation time 5: about 8000 independent samples; 5 standard errors.
  double square = 0, lagged = 0;
  const std::size_t lag = 5;
  for (std::size_t t = 0; t < noise.size(); ++t) square += arma::accu(arma::square(noise[t]));
  for (std::size_t t = lag; t < noise.size(); ++t) lagged += arma::accu(noise[t] % noise[t - lag]);
  square /= 400.0 * static_cast<double>(noise.size());
  lagged /= 400.0 * static_cast<double>(noise.size() - lag);
  CHECK(std::sqrt(square) == Approx(0.7).epsilon(0.04));
  CHECK(lagged / square == Approx(std::exp(-1.0)).margin(0.06)); // e^{−lag/τ}
}

TEST_CASE("the same bits at any number of threads", "[determinism]") {
  Circuit c;
  const auto in = c.input(300), r = c.leaky("r", 400);
  c.connect(in, r);
  c.connect(r, r);
  c.model.regions[r].noise = circuits::typed("gaussian", {{"sd", 0.1}});
  c.phase(5, false, false);
  c.data(70);
  const auto one = watch(c, r, Signal::rate, 1), two = watch(c, r, Signal::rate, 2),
             three = watch(c, r, Signal::rate, 3);
  for (std::size_t t = 0; t < one.size(); ++t) {
    CHECK(arma::approx_equal(one[t], two[t], "absdiff", 0.0));
    CHECK(arma::approx_equal(one[t], three[t], "absdiff", 0.0));
  }
}

TEST_CASE("divisive normalization gives vectors of one length, and none of nothing", "[analytic]") {
  // Carandini & Heeger 2012: r = L u / √(σ² + Σ u²). The first trial has the input (3, 0, 4), the second none.
  Circuit c;
  c.input(3);
  const auto r = c.fixed("r", 3, "divisive_normalization");
  c.model.regions[r].activation = circuits::typed("divisive_normalization", {{"length", 2}, {"semisaturation", 1e-6}});
  const auto p = c.connect(0, r);
  constant_weights(c, p, 1);
  c.model.projections[p].connect = circuits::typed("one_to_one");
  c.phase(1, false, false);
  c.data(2);
  c.trials.arrays["inputs"] = data::Array{{2, 3}, std::vector<double>{3, 0, 4, 0, 0, 0}};
  const arma::mat rate = watch(c, r, Signal::rate).back();
  CHECK(rate(0, 0) == Approx(1.2));
  CHECK(rate(1, 0) == 0.0);
  CHECK(rate(2, 0) == Approx(1.6));
  CHECK(arma::norm(rate.col(1)) == 0.0);
  c.model.regions[r].activation = circuits::typed("divisive_normalization", {{"length", 2}, {"semisaturation", 5}});
  CHECK(watch(c, r, Signal::rate).back()(0, 0) == Approx(1.2 / std::sqrt(2)));
}
