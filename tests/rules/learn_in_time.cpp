// These tests compare rflo and e_prop_rate, which learn in time in recurrent circuits of rates, with a closed form,
// with backprop where nothing is left out, and along a delay.
#include "catch.hpp"
#include "fidelity/compared.hpp"
#include "trained.hpp"

#include <cmath>

using namespace engram;
using namespace compared;

namespace {

// The neurons for which each rule is exact but for the recurrence: rflo where the state is the rate, e_prop_rate where
// it is the potential.
std::size_t neurons(Circuit &c, const std::string &rule, const std::string &name, std::size_t size, double tau,
                    const std::string &phi) {
  if (rule == "rflo")
    return c.region(name, size, circuits::typed("wilson_cowan", {{"tau", tau}, {"refractory", 0}}), phi);
  return c.leaky(name, size, phi, tau);
}

void set_weights(Circuit &c, std::size_t projection, const std::vector<double> &values, std::size_t columns) {
  auto &weights = c.model.projections[projection].weights;
  weights.kind = model::Weights::Kind::values;
  weights.values = values;
  weights.a = static_cast<double>(columns);
}

} // namespace

TEST_CASE("rflo and e_prop_rate on two linear neurons are their closed form", "[rules][rflo][e_prop_rate]") {
  // input 1.5 -> neuron 1 -> neuron 2 by w, which learns; both leak with tau. With q = 1 - h/tau, after t steps
  //   r_1 = 1.5 (1 - q^t),  p = dr_2/dw = 1.5 (1 - q^t - t (1 - q) q^(t-1)),  r_2 = w p,
  // and the readout v r, whose error comes back through B_2, tells w to change by the mean of B_2 (y - v r) p.
  const double tau = 5, w = 0.7, v1 = 0.4, v2 = -0.9, back = 1.3, target = 0.6, q = 1 - 1 / tau;
  const int steps = 9;
  double expected = 0;
  for (int t = 0; t < steps; ++t) {
    const double r1 = 1.5 * (1 - std::pow(q, t));
    const double p = 1.5 * (1 - std::pow(q, t) - t * (1 - q) * std::pow(q, t - 1));
    expected += back * (target - v1 * r1 - v2 * w * p) * p / steps;
  }
  for (const std::string rule : {"rflo", "e_prop_rate"}) {
    INFO(rule);
    Circuit c;
    c.model.time.integrator = circuits::typed("euler");
    const auto in = c.input(1), net = neurons(c, rule, "net", 2, tau, "linear"), out = c.fixed("out", 1, "linear");
    c.learn("rule", rule, 0.1, {{"tau", tau}});
    set_weights(c, c.connect(in, net), {1, 0}, 1);
    const auto inner = c.connect(net, net, "rule");
    set_weights(c, inner, {0, 0, w, 0}, 2);
    set_weights(c, c.connect(net, out), {v1, v2}, 2);
    set_weights(c, c.connect(out, net, "", 0, "error", "apical"), {0.2, back}, 1);
    c.objective("mse", out);
    c.phase(steps, 1, true);
    c.data(1);
    c.trials.arrays["inputs"] = data::Array{{1, 1}, std::vector<double>{1.5}};
    c.trials.targets = data::Array{{1, 1}, std::vector<double>{target}};
    const auto change = circuits::changes(c);
    REQUIRE(std::abs(expected) > 0.1);
    CHECK(change[0](1, 0) == Approx(expected).epsilon(1e-13));
  }
}

namespace {

// in -> net (-> net) -> out, whose error comes back through the transposed readout. `tau_out`: of a readout that leaks;
// 0: it does not.
Circuit written(const std::string &kind, const std::string &plugin, bool recurrent, double tau_out, double gain = 1) {
  Circuit c;
  c.model.time.integrator = circuits::typed("euler");
  const auto in = c.input(4), net = neurons(c, kind, "net", 12, 6, "tanh"),
             out = tau_out > 0 ? c.leaky("out", 3, "linear", tau_out) : c.fixed("out", 3, "linear");
  std::map<std::string, double> parameters{{"tau", 6}};
  if (plugin == "e_prop_rate") parameters["tau_out"] = tau_out;
  if (plugin == "backprop") parameters.clear();
  c.learn("rule", plugin, 0.1, parameters);
  c.connect(in, net, "rule");
  if (recurrent) c.connect(net, net, "rule", 0, "rate", "soma", gain);
  c.feed_back(out, net, c.connect(net, out));
  c.model.regions[net].initial = model::Quantity{model::Quantity::Kind::normal, 0.1, 0.5, {}};
  c.objective("mse", out);
  return c;
}

double apart(const std::vector<arma::mat> &a, const std::vector<arma::mat> &b) {
  double worst = 0, scale = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    worst = std::max(worst, arma::abs(a[k] - b[k]).max());
    scale = std::max(scale, arma::abs(b[k]).max());
  }
  REQUIRE(scale > 1e-3);
  return worst / scale;
}

} // namespace

TEST_CASE("rflo and e_prop_rate are the gradient where nothing is left out", "[rules][rflo][e_prop_rate]") {
  struct Case {
    std::string rule;
    bool recurrent;
    double tau_out, steps;
  };
  const std::vector<Case> cases{
      {"rflo", false, 0, 12},        {"rflo", true, 0, 2}, // the loop has had no time to matter
      {"e_prop_rate", false, 0, 12}, {"e_prop_rate", true, 0, 2}, {"e_prop_rate", false, 9, 12},
  };
  for (const auto &[rule, recurrent, tau_out, steps] : cases) {
    INFO(rule << (recurrent ? ", recurrent" : "") << ", tau_out " << tau_out);
    auto local = written(rule, rule, recurrent, tau_out), exact = written(rule, "backprop", recurrent, tau_out);
    for (auto *c : {&local, &exact}) {
      c->phase(steps, 1, true);
      c->data(3);
    }
    CHECK(apart(circuits::changes(local), circuits::changes(exact)) < 1e-12);
    if (!recurrent) continue;
    for (auto *c : {&local, &exact}) c->model.task.trial[0].duration = 12;
    CHECK(apart(circuits::changes(local), circuits::changes(exact)) > 0.01); // the loop is what they leave out
  }
}

TEST_CASE("the fidelity of rflo and e_prop_rate falls along a delay", "[rules][rflo][e_prop_rate][fidelity]") {
  // A stimulus of 5 ms, a delay, and 3 ms in which the readout is judged. What the stimulus has left by then came
  // through the loop more and more, and neither rule knows of it.
  for (const std::string rule : {"rflo", "e_prop_rate"}) {
    std::vector<double> bias;
    for (const double delay : {0.0, 10.0, 30.0}) {
      const auto made = [&](const std::string &plugin) {
        auto c = written(rule, plugin, true, 0, 1.4);
        c.phase(5, 0, false);
        if (delay > 0) c.phase(delay, 0, false, false);
        c.phase(3, 1, true, false);
        c.data(6);
        return c;
      };
      bias.push_back(sampled(compare(made(rule), made("backprop")), 16).moments.whole().bias.value);
    }
    INFO(rule << ": bias " << bias[0] << ", " << bias[1] << ", " << bias[2]);
    CHECK(bias[0] > 0.05);
    CHECK(bias[1] > bias[0] + 0.05);
    CHECK(bias[2] > bias[1] + 0.05);
    CHECK(bias[2] <= 1.0 + 1e-9);
  }
}

TEST_CASE("rflo.json and e_prop_rate.json: a fixed readout of the network comes to write the pattern",
          "[rules][rflo][e_prop_rate]") {
  for (const std::string name : {"rflo", "e_prop_rate"}) {
    const command::Folder folder;
    const auto curve =
        command::run_file(folder, "recurrent/" + name + ".json", "--threads 1 --set /task/epochs=100").curve();
    INFO(name << ": " << curve.front().train_loss << " to " << curve.back().train_loss);
    CHECK(curve.back().train_loss < 0.4 * curve.front().train_loss);
  }
}
