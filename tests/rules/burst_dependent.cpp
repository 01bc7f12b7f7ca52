// These tests compare burst-dependent plasticity with its equation written out, and with the pairing protocols of
// Payeur et al. 2021.
#include "catch.hpp"
#include "rules/pairs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <random>
#include <sstream>

using namespace engram;
using spiking::pair_circuit, spiking::weight_after;

namespace {

using Train = std::vector<double>; // ms

struct BurstParameters {
  double window = 16, tau_pre = 50, tau_avg = 15000, event_rate = 5, probability = 0.15;
  std::string rule() const {
    return fmt::format(R"("burst_dependent", "parameters": {{ "burst_window": {}, "tau_pre": {}, "tau_avg": {},
        "event_rate": {}, "burst_probability": {} }})",
                       window, tau_pre, tau_avg, event_rate, probability);
  }
};

// The spikes of a train that begin an event, and those that make a burst of it. Intervals are multiples of the step.
struct Bursts {
  Train events, bursts;
  Bursts(const Train &spikes, double window) {
    bool single = false;
    for (std::size_t k = 0; k < spikes.size(); ++k) {
      if (k == 0 || spikes[k] - spikes[k - 1] > window + 1e-6) {
        events.push_back(spikes[k]);
        single = true;
      } else if (single) {
        bursts.push_back(spikes[k]);
        single = false;
      }
    }
  }
};

double decayed(const Train &times, double at, double tau) { // of those before `at`
  double sum = 0;
  for (const double t : times)
    if (t < at - 1e-6) sum += std::exp(-(at - t) / tau);
  return sum;
}

// ∫ [B − P̄ E] Ẽ dt, event by event.
double burst_change(const Train &pre, const Train &post, const BurstParameters &p) {
  const Bursts of_pre(pre, p.window), of_post(post, p.window);
  double sum = 0;
  for (const double t : of_post.events) {
    const double first =
        p.event_rate / 1000 * p.tau_avg * std::exp(-(t + 0.1) / p.tau_avg); // since the first step began
    const double b = decayed(of_post.bursts, t, p.tau_avg) + p.probability * first,
                 e = decayed(of_post.events, t, p.tau_avg) + first;
    sum -= (e > 0 ? std::min(1.0, b / e) : p.probability) * decayed(of_pre.events, t, p.tau_pre);
  }
  for (const double t : of_post.bursts) sum += decayed(of_pre.events, t, p.tau_pre);
  return sum;
}

// Spikes on a grid of 0.1 ms, many of them in bursts.
Train bursting_train(std::mt19937 &random, int clusters, double gap = 60) {
  std::exponential_distribution<double> between(1 / gap), within(1 / 9.0);
  Train out;
  long at = 20; // steps
  for (int k = 0; k < clusters; ++k) {
    at += 1 + std::lround(10 * between(random));
    out.push_back(static_cast<double>(at) / 10);
    for (int more = static_cast<int>(random() % 4); more > 0; --more) {
      at += 5 + std::lround(10 * within(random));
      out.push_back(static_cast<double>(at) / 10);
    }
  }
  return out;
}

} // namespace

TEST_CASE("an event depresses a synapse and a burst potentiates it, by the closed form", "[spiking][burst_dependent]") {
  // One presynaptic event at 90, its second spike is a burst's; postsynaptic: an event, a burst, a third spike, an
  // event.
  BurstParameters p;
  p.event_rate = 2;
  p.probability = 0.3;
  p.tau_avg = 500;
  const auto trace = [](double t) { return std::exp(-(t - 90) / 50); };
  const auto first = [&](double t) { return 0.002 * 500 * std::exp(-(t + 0.1) / 500); };
  const double at_last = (std::exp(-90.0 / 500) + 0.3 * first(200)) / (std::exp(-100.0 / 500) + first(200));
  const double expected = -0.3 * trace(100) + trace(110) - at_last * trace(200);
  CHECK(weight_after(pair_circuit({90, 96}, {100, 110, 118, 200}, p.rule())) - 0.5 ==
        Approx(expected).epsilon(1e-12).margin(1e-12));
}

TEST_CASE("two spikes are a burst when they are 16 ms apart, and two events when they are 16.1",
          "[spiking][burst_dependent]") {
  const BurstParameters p;
  const auto after = [&](double interval) {
    return weight_after(pair_circuit({90}, {100, 100 + interval}, p.rule())) - 0.5;
  };
  CHECK(after(16) > 0);
  CHECK(after(16.1) < 0);
}

TEST_CASE("burst-dependent plasticity is its integral over random spike trains", "[spiking][burst_dependent]") {
  std::mt19937 random(5);
  for (int k = 0; k < 6; ++k) {
    BurstParameters p;
    p.tau_pre = 20 + 10 * k;
    p.tau_avg = 300 + 400 * k;
    p.probability = 0.1 * k;
    p.event_rate = k == 5 ? 0 : 3 * k + 1; // 0: the first event is weighed by the probability that was given
    const auto pre = bursting_train(random, 40), post = bursting_train(random, 40);
    const double end = std::max(pre.back(), post.back()) + 1;
    REQUIRE(Bursts(post, 16).bursts.size() > 10);
    const double expected = burst_change(pre, post, p);
    CHECK(weight_after(pair_circuit(pre, post, p.rule(), "0", 0.5, end)) - 0.5 ==
          Approx(expected).epsilon(1e-12).margin(1e-12));
    // As they reach the synapse: the presynaptic spikes 3 ms late, the postsynaptic ones 1.5 ms.
    auto late_pre = pre, late_post = post;
    for (auto &t : late_pre) t += 3;
    for (auto &t : late_post) t += 1.5;
    const double late =
        weight_after(pair_circuit(pre, post, p.rule(), R"({"axonal": 3, "dendritic": 1.5})", 0.5, end + 5)) - 0.5;
    // The averages are the neuron's, and do not travel with the spike: they began to decay 1.5 ms later by its clock.
    auto q = p;
    q.event_rate *= std::exp(1.5 / p.tau_avg);
    CHECK(late == Approx(burst_change(late_pre, late_post, q)).epsilon(1e-12).margin(1e-12));
  }
}

TEST_CASE("paired in groups of five, spikes depress until their intervals are those of bursts",
          "[spiking][burst_dependent]") {
  // Payeur et al. 2021, figure 2, periodic protocol (its parameters are those of their program): 15 groups of 5 pairs,
  // 10 s apart, P̄ = 15 % at first. The sign changes where the interval is 16 ms, at 62.5 Hz. Pre 0.1 ms before post.
  const auto change = [](double hz, int groups) {
    Train pre, post;
    for (int g = 0; g < groups; ++g)
      for (int k = 0; k < 5; ++k) {
        post.push_back(std::round((10 + 2000 * g + k * 1000 / hz) * 10) / 10);
        pre.push_back(post.back() - 0.1);
      }
    return weight_after(pair_circuit(pre, post, BurstParameters{}.rule(), "0", 0, groups * 2000.0)) / groups;
  };
  for (const double hz : {1.0, 10.0, 40.0, 60.0}) CHECK(change(hz, 2) < 0);
  for (const double hz : {64.0, 80.0, 100.0}) CHECK(change(hz, 2) > 0);
  CHECK(change(40, 2) < change(10, 2)); // more presynaptic events are still remembered
}

namespace {

// N pairs of independent Poisson neurons, 1 ms steps: the changes of their synapses.
arma::vec poisson_pairs(double hz, double probability, double seconds, std::size_t pairs) {
  const double p = -std::expm1(-hz / 1000), apart = std::pow(1 - p, 16); // no spike in 16 steps
  BurstParameters given;
  given.event_rate = 1000 * p * apart;
  given.probability = probability;
  spiking::Circuit<> c(fmt::format(R"({{ "seed": 3, "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
      "pre": {{ "size": {0}, "dynamics": {{ "type": "poisson", "rate": {1} }} }},
      "force": {{ "size": {0}, "dynamics": {{ "type": "poisson", "rate": {1} }} }},
      "post": {{ "size": {0}, "dynamics": {{ "type": "lif", "rest": 0, "reset": 0, "threshold": 100, "refractory": 0 }},
                 "receptors": {{ "force": "delta", "quiet": {{ "type": "exponential", "tau": 1 }} }} }} }},
    "projections": [
      {{ "from": "pre", "to": "post.quiet", "connect": "one_to_one", "weights": 0, "rule": "r" }},
      {{ "from": "force", "to": "post.force", "connect": "one_to_one", "weights": 1000 }} ] }},
    "learning": {{ "rules": {{ "r": {{ "plugin": {2}, "rate": 1 }} }} }},
    "task": {{ "trial": [ {{ "phase": "run", "duration": {3}, "plastic": true }} ] }} }})",
                                   pairs, hz, given.rule(), 1000 * seconds));
  c.run(true);
  return arma::vec(c.weights(0));
}

} // namespace

TEST_CASE("between Poisson neurons the change follows the burst probability and its average, sign and size",
          "[spiking][burst_dependent]") {
  // Payeur et al. 2021, figure 2, Poisson protocol: P̄ = 30 or 50 % at first, τ_avg 15 s. With independent spikes E
  // events per step become bursts with probability P = 1 − (no spike in 16 steps), the average goes from P̄₀ to P with
  // τ_avg, and the mean trace is E times its area: ⟨Δw⟩ = ⟨Ẽ⟩ E (P − P̄₀) τ_avg (1 − e^{−T/τ_avg}), which is 0 at 22.3
  // and 43.3 Hz.
  constexpr std::size_t pairs = 100;
  constexpr double seconds = 20, tau = 15000;
  for (const double initial : {0.3, 0.5})
    for (const double hz : {8.0, 35.0, 48.0}) {
      const double p = -std::expm1(-hz / 1000), apart = std::pow(1 - p, 16), events = p * apart;
      const double trace = events / std::expm1(1.0 / 50);
      const double expected = trace * events * ((1 - apart) - initial) * tau * -std::expm1(-1000 * seconds / tau);
      const arma::vec changes = poisson_pairs(hz, initial, seconds, pairs);
      const double error = arma::stddev(changes) / std::sqrt(static_cast<double>(pairs)), mean = arma::mean(changes);
      INFO(hz << " Hz from " << initial << ": " << mean << " ± " << error << ", expected " << expected);
      CHECK(std::abs(mean - expected) < 3.5 * error + 0.02 * std::abs(expected));
      if (std::abs(expected) > 4 * error) CHECK((mean > 0) == (hz > (initial == 0.3 ? 22.3 : 43.3)));
    }
}

TEST_CASE("events that become bursts more often than on average potentiate, less often depress",
          "[spiking][burst_dependent]") {
  // Payeur et al. 2021, figure 2, burst-Poisson protocol: events at random, at least 20 ms apart, with a second spike 4
  // to 14 ms later with a probability; P̄ = 20 % at first.
  const auto change = [](double probability, double hz) {
    std::mt19937 random(11);
    std::exponential_distribution<double> between((hz / 1000) / (1 - hz / 1000 * 20));
    std::uniform_real_distribution<double> uniform(0, 1);
    const auto trains = [&](std::size_t count) {
      std::vector<Train> out(count);
      for (auto &train : out)
        for (double t = 0;;) {
          t += 20 + between(random);
          if (t > 20000) break;
          train.push_back(std::round(t));
          if (uniform(random) >= probability) continue;
          t += 4 + 10 * uniform(random);
          train.push_back(std::round(t));
        }
      return out;
    };
    constexpr std::size_t pairs = 30;
    BurstParameters given;
    given.event_rate = hz;
    given.probability = 0.2;
    const auto pre = trains(pairs), post = trains(pairs);
    spiking::Circuit<> c(fmt::format(R"({{ "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
        "pre": {{ "size": {0}, "dynamics": "spike_source", "spikes": {1} }},
        "force": {{ "size": {0}, "dynamics": "spike_source", "spikes": {2} }},
        "post": {{ "size": {0}, "dynamics": {{ "type": "lif", "rest": 0, "reset": 0, "threshold": 100, "refractory": 0 }},
                   "receptors": {{ "force": "delta", "quiet": {{ "type": "exponential", "tau": 1 }} }} }} }},
      "projections": [
        {{ "from": "pre", "to": "post.quiet", "connect": "one_to_one", "weights": 0, "rule": "r" }},
        {{ "from": "force", "to": "post.force", "connect": "one_to_one", "weights": 1000 }} ] }},
      "learning": {{ "rules": {{ "r": {{ "plugin": {3}, "rate": 1 }} }} }},
      "task": {{ "trial": [ {{ "phase": "run", "duration": 20010, "plastic": true }} ] }} }})",
                                     pairs, pre, post, given.rule()));
    c.run(true);
    return arma::mean(arma::vec(c.weights(0)));
  };
  const double low = change(0.05, 5), high = change(0.45, 5), higher = change(0.45, 10);
  INFO(low << ", " << high << ", " << higher);
  CHECK(low < 0);
  CHECK(high > 0);
  CHECK(higher > 2 * high); // as the product of both rates of events
}

TEST_CASE("synapses grow while dendrites hear more than usual, and shrink while they hear less",
          "[spiking][burst_dependent]") {
  // Payeur et al. 2021, figure 2: the dendritic input of the postsynaptic neurons steers the sign of plasticity, and
  // not the rate of their events. The model as it ships, 20 s in each phase; mean weight after so many phases.
  std::ifstream file(ENGRAM_SOURCE_DIR "/models/spiking/burst_dependent.json");
  std::stringstream text;
  text << file.rdbuf();
  spiking::Circuit<> c(text.str());
  struct Seen final : simulation::Observer<double> {
    const std::vector<double> *weights = nullptr;
    std::vector<double> means;
    std::vector<Train> trains{50};
    void step(std::size_t step, const network::Signals<double> &s) override {
      for (const auto n : (*s[4].spikes)[0]) trains[n].push_back(0.5 * static_cast<double>(step));
      if (step % 40000 == 39999) means.push_back(arma::mean(arma::vec(*weights)));
    }
  } seen;
  REQUIRE(c.model.regions[4].name == "post");
  seen.weights = &c.weights(0);
  c.simulator->run({{0}, 0, true}, &seen);
  REQUIRE(seen.means.size() == 4);
  std::vector<double> weight{10};
  weight.insert(weight.end(), seen.means.begin(), seen.means.end());
  INFO(fmt::format("{}", weight));
  CHECK(std::abs(weight[1] - weight[0]) < (weight[2] - weight[1]) / 2); // what the neurons are used to
  CHECK(weight[2] > weight[1] + 2);
  CHECK(weight[3] < weight[2] - 1);
  CHECK(weight[4] > weight[3] + 1);
  std::array<double, 4> events{}, bursts{};
  for (const auto &train : seen.trains) {
    const Bursts of(train, 16);
    for (const double t : of.events) events[static_cast<std::size_t>(t / 20000)] += 1;
    for (const double t : of.bursts) bursts[static_cast<std::size_t>(t / 20000)] += 1;
  }
  CHECK(events[1] == Approx(events[0]).epsilon(0.05));
  CHECK(bursts[1] > 2 * bursts[0]);
}
