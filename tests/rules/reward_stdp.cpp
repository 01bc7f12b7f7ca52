// These tests compare reward-modulated spike-timing-dependent plasticity with its closed form.
#include "catch.hpp"
#include "spiking.hpp"
#include "trained.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <random>

using namespace engram;

TEST_CASE("a pair of spikes is learnt when reward comes, by what is left of its trace", "[spiking][stdp]") {
  // Spikes at 5 and 9 ms mark the synapse; the choice among one option is right in the last phase, from 200 ms on, and
  // its reward, 1, holds for the 100 ms that remain.
  spiking::Circuit<> c(R"({ "time": { "step": 0.1 }, "architecture": { "regions": {
      "pre": { "size": 1, "dynamics": "spike_source", "spikes": [[5]] },
      "force": { "size": 1, "dynamics": "spike_source", "spikes": [[8.9]] },
      "post": { "size": 1, "dynamics": { "type": "lif", "rest": 0, "reset": 0, "threshold": 100 },
                "receptors": { "force": "delta", "quiet": { "type": "exponential", "tau": 1 } } },
      "choice": { "size": 1, "dynamics": "static" } },
    "projections": [
      { "from": "pre", "to": "post.quiet", "weights": 0.5, "rule": "r" },
      { "from": "force", "to": "post.force", "weights": 1000 } ] },
    "objective": { "type": "choice_reward", "region": "choice", "delivery": "scalar" },
    "learning": { "rules": { "r": { "plugin": "reward_stdp", "rate": 1, "modulators": { "dopamine": "reward" },
        "parameters": { "a_plus": 0.3, "tau_plus": 20, "tau_c": 400, "every": 10 } } } },
    "task": { "stimuli": { "inputs": [[0]], "labels": [0] },
              "trial": [ { "phase": "wait", "duration": 200, "plastic": true },
                         { "phase": "reward", "duration": 100, "objective": true, "plastic": true } ] } })");
  c.run(true);
  // The mark counts from the end of its interval, 10 ms. The reward that is read at a sweep holds until the next: that
  // of 210 ms is the first to find one, that of 300 ms, the last, looks ahead to 310 ms.
  const double mark = 0.3 * std::exp(-4.0 / 20);
  const double learnt = mark * 0.4 * (std::exp(-200.0 / 400) - std::exp(-300.0 / 400)); // ∫ c dt in seconds
  CHECK(c.weights(0)[0] - 0.5 == Approx(learnt).epsilon(1e-9));
}

namespace {

// A synapse whose neurons spike at `pre` and `post` ms, and a neuron that broadcasts dopamine when it spikes; in steps
// of 1 ms.
std::string dopamine_circuit(const std::vector<std::vector<double>> &pre, std::vector<double> post,
                             const std::vector<double> &dopamine, double duration, const std::string &parameters) {
  for (auto &ms : post) ms -= 1; // a forcing spike acts a step later
  return fmt::format(R"({{ "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "pre": {{ "size": {}, "dynamics": "spike_source", "spikes": {} }},
      "force": {{ "size": 1, "dynamics": "spike_source", "spikes": [{}] }},
      "VTA": {{ "size": 2, "dynamics": {{ "type": "spike_source", "trace_tau": 200 }}, "spikes": [{}, {}] }},
      "post": {{ "size": 1, "dynamics": {{ "type": "lif", "rest": 0, "reset": 0, "threshold": 100, "refractory": 1 }},
                "receptors": {{ "force": "delta", "quiet": {{ "type": "exponential", "tau": 1 }} }} }} }},
    "projections": [
      {{ "from": "pre", "to": "post.quiet", "weights": 0.5, "rule": "r" }},
      {{ "from": "force", "to": "post.force", "weights": 1000 }} ] }},
    "learning": {{ "rules": {{ "r": {{ "plugin": "reward_stdp", "rate": 1, "modulators": {{ "dopamine": "VTA.trace" }}, "parameters": {} }} }} }},
    "task": {{ "trial": [ {{ "phase": "run", "duration": {}, "plastic": true }} ] }} }})",
                     pre.size(), pre, post, dopamine, dopamine, parameters, duration);
}

} // namespace

TEST_CASE("a pair of spikes is credited when dopamine comes seconds later", "[spiking][stdp]") {
  // Izhikevich 2007, Cereb Cortex 17:2443, figure 1: c' = −c / τ_c + STDP δ, d' = −d / τ_d + DA, w' = c d with τ_c = 1
  // s and τ_d = 0.2 s; the region's trace is d.
  const std::string parameters = R"({ "a_plus": 0.3, "a_minus": 0.4, "tau_plus": 20, "tau_minus": 20, "tau_c": 1000 })";
  const auto learnt = [&](double pre, double post, double dopamine) {
    spiking::Circuit<> c(dopamine_circuit({{pre}}, {post}, {dopamine}, 6000, parameters));
    c.run(true);
    return c.weights(0)[0] - 0.5;
  };
  const double mark = 0.3 * std::exp(-4.0 / 20);
  // At each sweep, of every tenth step from the ninth on, what is left of either is taken for the 10 ms that follow.
  double sum = 0;
  for (int at = 9; at < 6000; at += 10)
    if (at >= 2000) sum += mark * std::exp(-(at - 9) / 1000.0) * std::exp(-(at - 2000) / 200.0) * (1 - std::exp(-0.01));
  CHECK(learnt(5, 9, 2000) == Approx(sum).epsilon(1e-9));
  CHECK(sum == Approx(mark * std::exp(-2.0) / 6).epsilon(0.05)); // ∫ c d dt in s
  CHECK(learnt(9, 5, 2000) == Approx(-0.4 / 0.3 * sum).epsilon(1e-9));
  CHECK(learnt(5, 9, 5000) == Approx(sum * std::exp(-3.0)).epsilon(0.02));
  CHECK(std::abs(learnt(4005, 4009, 100)) < 1e-8); // dopamine that came before is gone
}

TEST_CASE("a trial that ends within an interval is swept to its end", "[spiking][stdp]") {
  // A pair at 5 and 9 ms in a trial of 100 ms; the choice among one option is right throughout, so d = 1. The mark
  // counts from the end of its interval, and each sweep takes the integral of c over the length of its interval.
  const auto learnt = [](double every, double step) {
    spiking::Circuit<> c(fmt::format(R"({{ "time": {{ "step": {1} }}, "architecture": {{ "regions": {{
        "pre": {{ "size": 1, "dynamics": "spike_source", "spikes": [[5]] }},
        "force": {{ "size": 1, "dynamics": "spike_source", "spikes": [[{2}]] }},
        "post": {{ "size": 1, "dynamics": {{ "type": "lif", "rest": 0, "reset": 0, "threshold": 100 }},
                  "receptors": {{ "force": "delta", "quiet": {{ "type": "exponential", "tau": 1 }} }} }},
        "choice": {{ "size": 1, "dynamics": "static" }} }},
      "projections": [
        {{ "from": "pre", "to": "post.quiet", "weights": 0.5, "rule": "r" }},
        {{ "from": "force", "to": "post.force", "weights": 1000 }} ] }},
      "objective": {{ "type": "choice_reward", "region": "choice", "delivery": "scalar" }},
      "learning": {{ "rules": {{ "r": {{ "plugin": "reward_stdp", "rate": 1, "modulators": {{ "dopamine": "reward" }},
          "parameters": {{ "a_plus": 0.3, "tau_plus": 20, "tau_c": 400, "every": {0} }} }} }} }},
      "task": {{ "stimuli": {{ "inputs": [[0]], "labels": [0] }},
                "trial": [ {{ "phase": "reward", "duration": 100, "objective": true, "plastic": true }} ] }} }})",
                                     every, step, 9 - step));
    c.run(true);
    return c.weights(0)[0] - 0.5;
  };
  const double mark = 0.3 * std::exp(-4.0 / 20);
  const auto integral = [&](double ms) { return mark * 0.4 * (1 - std::exp(-ms / 400)); };
  // From the sweep at the end of the mark's interval on, the intervals are as long as the trial from its beginning on.
  CHECK(learnt(5, 0.1) == Approx(integral(100 - 10 + 5)).epsilon(1e-9));
  CHECK(learnt(7, 0.1) == Approx(integral(100 - 14 + 7)).epsilon(1e-9));   // 13 × 7 ms and 2 ms
  CHECK(learnt(30, 0.1) == Approx(integral(100 - 30 + 30)).epsilon(1e-9)); // 3 × 30 ms and 10 ms
  CHECK(learnt(130, 0.1) == Approx(integral(100)).epsilon(1e-9));          // one sweep, of the whole trial
  CHECK(learnt(7, 1) == Approx(learnt(7, 0.1)).epsilon(1e-9));
  for (const double every : {1.0, 3.0, 6.0, 7.0, 11.0}) // in continuous time the mark acts for 91 ms
    CHECK(std::abs(learnt(every, 0.5) - integral(91)) < integral(every));
}

TEST_CASE("dopamine.json credits the synapse whose pairs came shortly before dopamine", "[spiking][stdp]") {
  const command::Folder folder;
  const auto synapses = command::run_file(folder, "spiking/dopamine.json").weights("pre->post.synapse");
  REQUIRE(synapses.n_rows == 2);
  // ∫ c d dt of pairs 5 ms apart, dopamine 2 s or 7 s after them, which is later than the end for the last; marks count
  // from the end of their 10 ms.
  const auto learnt = [](int pairs, double late) { return pairs * 0.1 * std::exp(-5.0 / 20) * std::exp(-late) / 6; };
  CHECK(synapses(0, 2) - 1 == Approx(learnt(60, 2)).epsilon(0.03));
  CHECK(synapses(1, 2) - 1 == Approx(learnt(59, 7)).epsilon(0.03));
}

TEST_CASE("of many synapses the one whose pairs dopamine follows comes to be the strongest", "[spiking][stdp]") {
  // Izhikevich 2007, figure 2, with fewer synapses: neurons spike at random; whenever the postsynaptic neuron does
  // within 10 ms after neuron 0, a reward comes 1 to 3 s later. Chance pairs are many more, and A₋ > A₊ weakens them.
  std::mt19937 random(3);
  std::uniform_real_distribution<double> uniform(0, 1);
  constexpr double duration = 400000;
  const auto poisson = [&](double hz) {
    std::vector<double> out;
    for (double t = 20; (t += std::ceil(-1000 / hz * std::log(1 - uniform(random)))) < duration - 4000;)
      out.push_back(t);
    return out;
  };
  std::vector<std::vector<double>> pre;
  for (int k = 0; k < 20; ++k) pre.push_back(poisson(1));
  auto post = poisson(2);
  for (double t = 2000; t < duration - 4000; t += std::ceil(8000 * (0.5 + uniform(random)))) {
    pre[0].push_back(t);
    post.push_back(t + 3);
  }
  for (auto *train : {&pre[0], &post}) std::sort(train->begin(), train->end());
  std::vector<double> dopamine;
  for (const double t : pre[0])
    if (const auto next = std::upper_bound(post.begin(), post.end(), t); next != post.end() && *next <= t + 10)
      dopamine.push_back(t + std::ceil(1000 + 2000 * uniform(random)));
  spiking::Circuit<> c(
      dopamine_circuit(pre, post, dopamine, duration,
                       R"({ "a_plus": 0.1, "a_minus": 0.15, "tau_plus": 20, "tau_minus": 20, "tau_c": 1000 })"));
  c.run(true);
  const auto w = c.weights(0);
  CHECK(std::max_element(w.begin(), w.end()) == w.begin());
  CHECK(w[0] > 0.5);
  double others = 0;
  for (std::size_t k = 1; k < w.size(); ++k) others += (w[k] - 0.5) / static_cast<double>(w.size() - 1);
  CHECK(others < (w[0] - 0.5) / 5);
}

TEST_CASE("what reward teaches hardly depends on how often the weights are swept", "[spiking][stdp]") {
  // A pair at 100 and 104 ms, dopamine at 304 ms. In continuous time Δw = A₊ e^{−4/20} ∫ e^{−(t − 104)/τ_c} d(t) dt
  // from 304 ms on, d = e^{−(t − 304)/200}, in seconds: mark · e^{−200/1000} · 1 / (1/1000 + 1/200) / 1000.
  const double exact = 0.1 * std::exp(-4.0 / 20) * std::exp(-0.2) / (1 + 5.0);
  for (const double every : {4.0, 8.0, 12.0, 20.0}) {
    CAPTURE(every);
    spiking::Circuit<> c(fmt::format(R"({{ "time": {{ "step": 4 }}, "architecture": {{ "regions": {{
        "pre": {{ "size": 1, "dynamics": "spike_source", "spikes": [[100]] }},
        "force": {{ "size": 1, "dynamics": "spike_source", "spikes": [[100]] }},
        "VTA": {{ "size": 1, "dynamics": {{ "type": "spike_source", "trace_tau": 200 }}, "spikes": [[304]] }},
        "post": {{ "size": 1, "dynamics": {{ "type": "lif", "refractory": 4 }},
                   "receptors": {{ "syn": {{ "type": "exponential", "tau": 5 }}, "force": "delta" }} }} }},
        "projections": [ {{ "from": "pre", "to": "post.syn", "weights": 1, "rule": "c" }},
                         {{ "from": "force", "to": "post.force", "weights": 1000 }} ] }},
        "learning": {{ "rules": {{ "c": {{ "plugin": "reward_stdp", "rate": 1,
            "parameters": {{ "every": {}, "tau_c": 1000 }}, "modulators": {{ "dopamine": "VTA.trace" }} }} }} }},
        "task": {{ "trial": [ {{ "phase": "x", "duration": 6000, "plastic": true }} ] }} }})",
                                     every));
    c.run(true);
    // d is held from sweep to sweep: the sum over them is the integral to first order in every / 200 ms.
    CHECK(c.weights(0)[0] - 1 == Approx(exact).epsilon(1.1 * every / 200));
  }
}
