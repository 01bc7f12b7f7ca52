// These tests check the gradient through receptors: synapses that carry spikes, their delays, and the currents that
// they make.
#include "catch.hpp"
#include "spiking.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

using namespace engram;

namespace {

using network::Signal;

const double leak = std::exp(-1.0 / 20);
const double per_current = 20 * (1 - leak); // of a capacitance of 1 pF

// 12 Poisson neurons drive 7 leaky integrate-and-fire ones that are joined among themselves; a static readout of 3; two
// trials. `target`: where the spikes go; `rest`: more of the projections among the 7.
std::string circuit(const std::string &target, const std::string &receptors, const std::string &rest,
                    double membrane = 1, double weight = 1) {
  return fmt::format(R"({{ "seed": 11, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "in": {{ "size": 12, "dynamics": {{ "type": "poisson", "rate": 120 }} }},
      "hidden": {{ "size": 7, "dynamics": {{ "type": "lif", "tau": 20, "capacitance": {3}, "rest": 0, "reset_by": "subtraction",
                  "threshold": 1, "refractory": 2, "surrogate_width": 1, "adaptation": 0.3, "adaptation_tau": 50,
                  "reset_slope": "surrogate" }} {1} }},
      "out": {{ "size": 3, "dynamics": {{ "type": "static", "activation": "linear" }} }} }},
    "projections": [
      {{ "name": "a", "from": "in.spike", "to": "{0}", "weights": {{ "normal": {{ "mean": {4}, "sd": {5} }} }}, "rule": "r" }},
      {{ "name": "b", "from": "hidden.spike", "to": "out", "weights": {{ "normal": {{ "gain": 1 }} }} }},
      {{ "name": "c", "from": "hidden.spike", "to": "{0}", "weights": {{ "normal": {{ "mean": 0, "sd": {6} }} }}, "rule": "r" {2} }} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "backprop", "rate": 1 }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0], [0]], "targets": [[1, -1, 0.5], [0.3, 0.6, -0.8]] }}, "batch": 2,
              "trial": [ {{ "phase": "run", "duration": 60, "objective": true, "plastic": true }} ] }} }})",
                     target, receptors, rest, membrane, 0.25 * weight, 0.3 * weight, 0.5 * weight);
}

arma::vec wanted_change(const std::string &text, std::size_t projection) {
  spiking::Circuit<> c(text);
  c.simulator->measure({{0, 1}, 0, true});
  return arma::vectorise(c.simulator->plasticity().change(projection));
}

// ∫₀ʰ e^{−(h−s)/20} k(s) ds by Simpson's rule, h = 1 ms.
template <class F> double pulled(F k) {
  constexpr int pieces = 2000;
  double sum = 0;
  for (int n = 0; n <= pieces; ++n) {
    const double s = static_cast<double>(n) / pieces;
    sum += (n == 0 || n == pieces ? 1 : n % 2 ? 4 : 2) * std::exp(-(1 - s) / 20) * k(s);
  }
  return sum / 3 / pieces;
}

} // namespace

TEST_CASE("the gradient through jumps of the potential is that of currents that jump it as far",
          "[spiking][gradient]") {
  // A current w of one step moves the potential by tau (1 − e^{−h/tau}) w / C, a jump w as the step begins by
  // e^{−h/tau} w.
  const auto soma = circuit("hidden", "", R"(, "delay": 2)", per_current / leak);
  const auto jump = circuit("hidden.d", R"(, "receptors": { "d": "delta" })", R"(, "delay": 2)");
  for (const std::size_t projection : {0, 2}) {
    const arma::vec by_soma = wanted_change(soma, projection), by_jump = wanted_change(jump, projection);
    REQUIRE(arma::norm(by_soma) > 1e-4);
    CHECK(arma::norm(by_jump - by_soma) < 1e-9 * arma::norm(by_soma));
  }
}

TEST_CASE("the gradient through exponential and alpha currents is that of forward accumulation",
          "[spiking][gradient]") {
  // As in gradient.cpp, for each synapse of the recurrent projection, whose delays differ: x and g of a receptor are
  // carried forward with v, z and the adaptation.
  const auto kind = GENERATE(as<std::string>(), "exponential", "alpha");
  const double tau = 6, decay = std::exp(-1 / tau), rise = std::numbers::e / tau;
  const double by_g = pulled([&](double s) { return std::exp(-s / tau); });
  const double by_x = kind == "alpha" ? pulled([&](double s) { return rise * s * std::exp(-s / tau); }) : by_g;
  const auto text = circuit("hidden.i", R"(, "receptors": { "i": { "type": ")" + kind + R"(", "tau": 6 } })",
                            R"(, "delay": { "uniform": { "low": 1, "high": 4 } })", 1, 0.3);
  spiking::Circuit<> c(text);
  struct Seen final : simulation::Observer<double> {
    std::vector<arma::mat> z, psi, out, v;
    void step(std::size_t, const network::Signals<double> &s) override {
      z.push_back(s[1][Signal::spike]);
      psi.push_back(s[1][Signal::gain]);
      out.push_back(s[2][Signal::rate]);
    }
  } seen;
  std::vector<dynamics::SignalSet> wanted(3);
  wanted[1].set(static_cast<std::size_t>(Signal::gain));
  simulation::Simulator<double> simulator(c.model, c.network, c.trials, c.rules, wanted, 1);
  const arma::mat w_out = c.network.dense_at(1)->weights;
  const auto &synapses = c.network.sparse_at(2)->synapses;
  struct Synapse {
    std::size_t pre, post, delay;
    double weight;
  };
  std::vector<Synapse> all(synapses.connectivity->size());
  for (std::size_t j = 0; j < 7; ++j)
    for (std::size_t l = 0; l < synapses.connectivity->lags.size(); ++l)
      for (std::size_t s = synapses.connectivity->first(j, l); s < synapses.connectivity->last(j, l); ++s)
        all[s] = {j, synapses.connectivity->target[s], synapses.connectivity->lags[l].total(), synapses.weight(s)};
  REQUIRE(synapses.connectivity->lags.size() > 2);
  simulator.run({{0, 1}, 0, true}, &seen);
  double spikes = 0;
  for (const auto &z : seen.z) spikes += arma::accu(z);
  REQUIRE(spikes > 20);

  const arma::mat targets{{1, -1, 0.5}, {0.3, 0.6, -0.8}};
  const arma::vec got = wanted_change(text, 2);
  REQUIRE(arma::norm(got) > 1e-5);
  REQUIRE(got.n_elem == all.size());
  const std::size_t steps = seen.z.size();
  const double rho = std::exp(-1.0 / 50);
  double worst = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    double sum = 0;
    for (std::size_t b = 0; b < 2; ++b) {
      arma::vec dv(7, arma::fill::zeros), da = dv, dx = dv, dg = dv;
      std::vector<arma::vec> dz{dv}; // by step
      std::vector<int> held(7, 0);
      for (std::size_t t = 0; t < steps; ++t) {
        const arma::vec error = seen.out[t].col(b) - targets.row(b).t();
        sum += arma::dot(w_out.t() * error, dz[t]) / static_cast<double>(steps) / 2;
        if (t + 1 == steps) break;
        for (const auto &s : all)
          if (s.delay <= t) dx(s.post) += s.weight * dz[t - s.delay](s.pre);
        if (all[k].delay <= t) dx(all[k].post) += seen.z[t - all[k].delay](all[k].pre, b);
        da = rho * da + dz[t];
        arma::vec next(7);
        for (std::size_t n = 0; n < 7; ++n) {
          if (seen.z[t](n, b) > 0) held[n] = 2;
          if (held[n] > 0)
            --held[n]; // its potential stays as it is, and so does the derivative
          else
            dv(n) = leak * dv(n) + by_x * dx(n) + by_g * dg(n);
          next(n) = seen.psi[t + 1](n, b) * (dv(n) - 0.3 * da(n));
          dv(n) -= next(n); // threshold − rest is 1
        }
        dz.push_back(next);
        if (kind == "alpha") dg = decay * (dg + rise * dx);
        dx *= decay;
      }
    }
    worst = std::max(worst, std::abs(-sum - got(k)));
  }
  CHECK(worst < 1e-12 + 1e-9 * arma::abs(got).max());
}

TEST_CASE("the gradient through receptors of a neuron that never spikes is that of finite differences",
          "[spiking][gradient]") {
  const std::string kinds[] = {R"("delta")", R"({ "type": "exponential", "tau": 4 })",
                               R"({ "type": "alpha", "tau": 7 })"};
  for (const auto &kind : kinds) {
    const auto text = [&](double w) {
      return fmt::format(
          R"({{ "seed": 3, "time": {{ "step": 1, "integrator": "runge_kutta4" }}, "architecture": {{ "regions": {{
      "in": {{ "size": 1, "dynamics": {{ "type": "poisson", "rate": 100 }} }},
      "cell": {{ "size": 1, "dynamics": {{ "type": "lif", "tau": 15, "capacitance": 1, "rest": 0, "threshold": 1e6 }},
                "receptors": {{ "r": {} }} }},
      "out": {{ "size": 1, "dynamics": {{ "type": "leaky_rate", "tau": 8, "activation": "tanh" }} }} }},
    "projections": [
      {{ "from": "in", "to": "cell.r", "weights": {}, "delay": {{ "axonal": 2, "dendritic": 1 }}, "rule": "r" }},
      {{ "from": "cell.potential", "to": "out", "weights": 0.7 }} ] }},
    "objective": {{ "type": "mse", "region": "out" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "backprop" }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0]], "targets": [[0.4]] }},
              "trial": [ {{ "phase": "run", "duration": 80, "objective": true, "plastic": true }} ] }} }})",
          kind, w);
    };
    const auto loss = [&](double w) {
      spiking::Circuit<> c(text(w));
      return c.simulator->measure({{0}, 0, true}).losses[0];
    };
    spiking::Circuit<> c(text(0.3));
    c.simulator->measure({{0}, 0, true});
    const double h = 1e-4, numeric = (loss(0.3 + h) - loss(0.3 - h)) / (2 * h);
    INFO(kind);
    REQUIRE(std::abs(numeric) > 1e-4);
    CHECK(-c.simulator->plasticity().change(0)(0, 0) == Approx(numeric).epsilon(1e-6));
  }
}

TEST_CASE("backprop moves the weights of synapses that carry spikes, within their bounds", "[spiking][gradient]") {
  const std::string receptors = R"(, "receptors": { "i": { "type": "exponential", "tau": 6 } })";
  const auto text =
      circuit("hidden.i", receptors, R"(, "delay": 1, "constraints": { "minimum": -0.1, "maximum": 0.1 })", 1, 0.3);
  const arma::vec wanted = wanted_change(text, 2);
  spiking::Circuit<> c(text);
  const arma::vec before(c.weights(2));
  c.simulator->run({{0, 1}, 0, true});
  const arma::vec after(c.weights(2));
  CHECK(arma::approx_equal(after, arma::clamp(before + wanted, -0.1, 0.1), "absdiff", 1e-14));
  CHECK(arma::any(arma::abs(after - before) > 1e-6));
  // More threads change no bit of it, nor do checkpoints.
  auto checkpoints = text;
  checkpoints.replace(checkpoints.find(R"("plugin": "backprop")"), 20,
                      R"("plugin": "backprop", "parameters": { "memory": "sqrt" })");
  CHECK(arma::all(wanted_change(checkpoints, 2) == wanted));
  spiking::Circuit<> two(text, {}, 2);
  two.simulator->run({{0, 1}, 0, true});
  CHECK(arma::all(arma::vec(two.weights(2)) == after));
}

TEST_CASE("where the gradient does not go through synapses that carry spikes is said", "[spiking][gradient]") {
  const auto refusal = [](const std::string &text) -> std::string {
    try {
      spiking::Circuit<> c(text);
      return {};
    } catch (const std::exception &error) {
      return error.what();
    }
  };
  const std::string current = R"(, "receptors": { "i": "exponential" })";
  CHECK(refusal(circuit("hidden.i", current, "")).empty());
  CHECK(refusal(circuit("hidden.i", current, R"(, "short_term": "tsodyks_markram")")).find("depend on their use") !=
        std::string::npos);
  CHECK(refusal(circuit("hidden.i", R"(, "receptors": { "i": "conductance_alpha" })", "")).find("has conductances") !=
        std::string::npos);
  auto both = circuit("hidden.i", current, "");
  both.replace(both.rfind(R"("rule": "r")"), 11, R"("rule": "s")");
  both.replace(both.find(R"("rules": {)"), 10, R"("rules": { "s": { "plugin": "stdp_pair" },)");
  both.replace(both.find(R"("batch": 2)"), 10, R"("batch": 1)");
  CHECK(refusal(both).find("weights that stay during a trial") != std::string::npos);
}
