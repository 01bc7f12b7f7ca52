// These tests check the gradient through the times of spikes. reference/eventprop.json has gradients of a program that
// simulates from event to event and knows no adjoint; reference/eventprop.py made it.
#include "catch.hpp"
#include "spiking.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>

using namespace engram;
using Json = nlohmann::json;

namespace {

const std::vector<std::string> projections{"a", "r", "b"};

Json references() {
  std::ifstream file(ENGRAM_SOURCE_DIR "/tests/simulation/reference/eventprop.json");
  return Json::parse(file);
}

// By projection, row by row.
std::vector<double> expected(const Json &reference) {
  std::vector<double> out;
  for (const auto &name : projections)
    for (const auto &row : reference["gradient"][name]) out.insert(out.end(), row.begin(), row.end());
  return out;
}

template <class T> std::vector<double> gradient(spiking::Circuit<T> &c, const Json &reference) {
  std::vector<double> out;
  for (std::size_t k = 0; k < projections.size(); ++k) {
    const arma::Col<T> change = arma::vectorise(c.simulator->change(k)); // column by column
    const std::size_t rows = reference["gradient"][projections[k]].size(), columns = change.n_elem / rows;
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) out.push_back(-static_cast<double>(change[i + j * rows]));
  }
  return out;
}

// The largest difference over the largest entry.
double apart(const std::vector<double> &a, const std::vector<double> &b) {
  REQUIRE(a.size() == b.size());
  double worst = 0, most = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    worst = std::max(worst, std::abs(a[k] - b[k]));
    most = std::max(most, std::abs(b[k]));
  }
  REQUIRE(most > 1e-4);
  return worst / most;
}

template <class T = double> std::vector<double> gradient_at(Json reference, double step) {
  reference["model"]["time"]["step"] = step;
  if (std::is_same_v<T, float>) reference["model"]["precision"] = "single";
  spiking::Circuit<T> c(reference["model"].dump());
  c.simulator->measure({{0}, 0, true});
  return gradient(c, reference);
}

} // namespace

TEST_CASE("of one neuron, synapse and spike, the gradient is that of the closed form", "[spiking][gradient]") {
  // v(t) = w k(t), k(t) = (e^{−t/τ} − e^{−t/τ_s}) / (1/τ_s − 1/τ) / C after the arrival; a spike where v = θ:
  // ds/dw = −k(s) / (w k'(s)). A readout b k_out(t − ŝ) hears it.
  const double tau = 10, tau_s = 4, w = 0.6, b = 0.7, tau_out = 12, tau_o = 5, h = 0.25, target = 0.3;
  const auto text = fmt::format(R"({{ "time": {{ "step": {} }}, "architecture": {{ "regions": {{
      "in": {{ "size": 1, "dynamics": "spike_source", "spikes": [[3]] }},
      "cell": {{ "size": 1, "dynamics": {{ "type": "lif", "tau": 10, "capacitance": 1, "rest": 0, "reset": 0, "threshold": 1 }},
                "receptors": {{ "s": {{ "type": "exponential", "tau": 4 }} }} }},
      "out": {{ "size": 1, "dynamics": {{ "type": "lif", "tau": 12, "capacitance": 1, "rest": 0, "reset": 0, "threshold": 1e6 }},
               "receptors": {{ "s": {{ "type": "exponential", "tau": 5 }} }} }} }},
    "projections": [ {{ "from": "in", "to": "cell.s", "weights": {}, "rule": "r" }},
                     {{ "from": "cell", "to": "out.s", "weights": {}, "rule": "r" }} ] }},
    "objective": {{ "type": "mse", "region": "out", "signal": "potential" }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "eventprop" }} }} }},
    "task": {{ "stimuli": {{ "inputs": [[0]], "targets": [[{}]] }},
              "trial": [ {{ "phase": "run", "duration": 40, "objective": true, "plastic": true }} ] }} }})",
                                h, w, b, target);
  spiking::Circuit<> c(text);
  c.run();
  REQUIRE(c.train("cell").size() == 1);
  const double acts = c.train("cell")[0];
  const auto k = [](double m, double s, double t) { return (std::exp(-t / m) - std::exp(-t / s)) / (1 / s - 1 / m); };
  const auto slope = [](double m, double s, double t) {
    return (std::exp(-t / s) / s - std::exp(-t / m) / m) / (1 / s - 1 / m);
  };
  double low = acts - h - 3, high = acts - 3; // since the arrival
  REQUIRE(w * k(tau, tau_s, low) < 1);
  REQUIRE(w * k(tau, tau_s, high) >= 1);
  for (int round = 0; round < 60; ++round) (w * k(tau, tau_s, (low + high) / 2) < 1 ? low : high) = (low + high) / 2;
  const double by_weight = -k(tau, tau_s, high) / (w * slope(tau, tau_s, high));
  double by_time = 0, by_readout = 0; // mean of ½ (v − target)² over the steps
  for (int m = 0; m < 160; ++m) {
    const double since = m * h - acts;
    const double v = since > 0 ? b * k(tau_out, tau_o, since) : 0;
    if (since >= 0) by_readout += (v - target) * v / b / 160;
    // As the spike comes is the corner of v: the mean of its slopes.
    by_time -= (v - target) * b * (since > 0 ? slope(tau_out, tau_o, since) : since == 0 ? 0.5 : 0) / 160;
  }
  c.simulator->measure({{0}, 0, true});
  CHECK(-c.simulator->change(0)(0, 0) == Approx(by_time * by_weight).epsilon(1e-9));
  CHECK(-c.simulator->change(1)(0, 0) == Approx(by_readout).epsilon(1e-9));
}

TEST_CASE("at any step the gradient is that of spikes which act as late as they do", "[spiking][gradient]") {
  std::size_t tried = 0;
  for (const auto &reference : references()) {
    if (!reference.contains("step")) continue;
    INFO(reference["name"]);
    spiking::Circuit<> c(reference["model"].dump());
    c.run();
    const double step = reference["step"];
    for (std::size_t i = 0; i < reference["spikes"].size(); ++i) {
      std::vector<double> times;
      for (const int at : reference["spikes"][i]) times.push_back(at * step);
      CHECK(c.train("hidden", i) == times);
    }
    const auto outcome = c.simulator->measure({{0}, 0, true});
    CHECK(outcome.losses[0] == Approx(reference["loss"].get<double>()).epsilon(1e-9));
    CHECK(apart(gradient(c, reference), expected(reference)) < 1e-6);
    CHECK(apart(gradient_at<float>(reference, step), expected(reference)) < 1e-3);
    ++tried;
  }
  CHECK(tried == 5);
}

TEST_CASE("as steps become short the gradient is that of a circuit without steps", "[spiking][gradient]") {
  std::size_t tried = 0;
  for (const auto &reference : references()) {
    if (reference.contains("step")) continue;
    INFO(reference["name"]);
    const auto exact = expected(reference);
    std::vector<double> errors;
    for (const double step : {0.1, 0.05, 0.0125}) errors.push_back(apart(gradient_at(reference, step), exact));
    CAPTURE(errors);
    // Of first order in the step: they go as the times from a threshold to the end of its step, which are as they are.
    CHECK(errors[0] < 0.4);
    CHECK(errors[2] < 0.03);
    CHECK(errors[2] < errors[0] / 3);
    ++tried;
  }
  CHECK(tried == 4);
}

TEST_CASE("checkpoints leave the gradient through the times of spikes as it is", "[spiking][gradient]") {
  for (auto reference : references()) {
    if (reference["name"] != "exact, traces into leaky rates") continue;
    const auto all = gradient_at(reference, 0.1);
    reference["model"]["learning"]["rules"]["learn"]["parameters"] = {{"memory", "sqrt"}};
    CHECK(gradient_at(reference, 0.1) == all);
  }
}
