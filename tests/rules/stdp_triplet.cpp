// These tests run the triplet rule in the protocols to which Pfister & Gerstner 2006 fitted it, with the parameters of
// their tables.
#include "catch.hpp"
#include "rules/pairs.hpp"
#include "spiking.hpp"
#include "trained.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

using namespace engram;

namespace {

using Train = std::vector<double>; // ms

// J.-P. Pfister & W. Gerstner 2006, J Neurosci 26:9673, tables 3 (visual cortex) and 4 (hippocampal culture), as three
// programs that cite them agree on; τ₊ = 16.8 ms and τ₋ = 33.7 ms in all. A₃⁻ = 0 leaves τ_x without effect.
struct Fit {
  const char *name;
  double a2_plus, a3_plus, a2_minus, a3_minus, tau_x, tau_y;
  bool nearest;
};
constexpr Fit cortex_full{"visual cortex, all, full", 5e-10, 6.2e-3, 7e-3, 2.3e-4, 101, 125, false};
constexpr Fit cortex_minimal{"visual cortex, all, minimal", 0, 6.5e-3, 7.1e-3, 0, 1, 114, false};
constexpr Fit cortex_nearest{"visual cortex, nearest, full", 8.8e-11, 5.3e-2, 6.6e-3, 3.1e-3, 714, 40, true};
constexpr Fit cortex_nearest_minimal{"visual cortex, nearest, minimal", 0, 5e-2, 8e-3, 0, 1, 40, true};
constexpr Fit culture_full{"hippocampal culture, all, full", 6.1e-3, 6.7e-3, 1.6e-3, 1.4e-3, 946, 27, false};
constexpr Fit culture_minimal{"hippocampal culture, all, minimal", 5.3e-3, 8e-3, 3.5e-3, 0, 1, 40, false};
constexpr Fit culture_nearest{"hippocampal culture, nearest, full", 4.6e-3, 9.1e-3, 3e-3, 7.5e-9, 575, 47, true};
constexpr Fit culture_nearest_minimal{"hippocampal culture, nearest, minimal", 4.6e-3, 9.1e-3, 3e-3, 0, 1, 48, true};

std::string rule(const Fit &f) {
  return fmt::format(R"("stdp_triplet", "parameters": {{ "a2_plus": {}, "a3_plus": {}, "a2_minus": {}, "a3_minus": {},
      "tau_x": {}, "tau_y": {}, "spikes": "{}" }})",
                     f.a2_plus, f.a3_plus, f.a2_minus, f.a3_minus, f.tau_x, f.tau_y, f.nearest ? "nearest" : "all");
}

// The rule without traces: each spike meets all earlier ones of the two sides, or the nearest.
double closed_form(const Fit &f, const Train &pre, const Train &post) {
  const auto sum = [&](const Train &earlier, double at, double tau) {
    double all = 0, nearest = 0;
    for (const double s : earlier)
      if (s < at) all += nearest = std::exp((s - at) / tau);
    return f.nearest ? nearest : all;
  };
  double w = 0;
  for (const double t : pre) w -= sum(post, t, 33.7) * (f.a2_minus + f.a3_minus * sum(pre, t, f.tau_x));
  for (const double t : post) w += sum(pre, t, 16.8) * (f.a2_plus + f.a3_plus * sum(post, t, f.tau_y));
  return w;
}

struct Pairing {
  Train pre, post;
};

// 60 pairs, the postsynaptic spike `lag` ms after the presynaptic one.
Pairing pairs(double hz, double lag) {
  Pairing out;
  for (int k = 0; k < 60; ++k) {
    out.pre.push_back(100 + k * 1000 / hz);
    out.post.push_back(100 + k * 1000 / hz + lag);
  }
  return out;
}

// A group of spikes once a second, 60 times.
Pairing groups(const Train &pre, const Train &post) {
  Pairing out;
  for (int k = 0; k < 60; ++k) {
    for (const double t : pre) out.pre.push_back(200 + k * 1000 + t);
    for (const double t : post) out.post.push_back(200 + k * 1000 + t);
  }
  return out;
}

// Weight changes of synapses, each between a source and a cell that spike as told, in steps of `step` ms.
std::vector<double> changes(const std::string &rule, const std::vector<Pairing> &protocols, double step = 1) {
  std::vector<Train> pre, force;
  double duration = 0;
  for (const auto &p : protocols) {
    pre.push_back(p.pre);
    force.push_back(p.post);
    for (auto &ms : force.back()) ms -= step; // arrives a step before the cell spikes
    duration = std::max({duration, p.pre.back(), p.post.back()});
  }
  const auto n = protocols.size();
  spiking::Circuit<> c(fmt::format(R"({{ "time": {{ "step": {} }}, "architecture": {{ "regions": {{
      "pre": {{ "size": {}, "dynamics": "spike_source", "spikes": {} }},
      "force": {{ "size": {}, "dynamics": "spike_source", "spikes": {} }},
      "post": {{ "size": {}, "dynamics": {{ "type": "lif", "rest": 0, "reset": 0, "threshold": 100, "refractory": 1 }},
                 "receptors": {{ "force": "delta", "quiet": {{ "type": "exponential", "tau": 1 }} }} }} }},
    "projections": [
      {{ "from": "pre", "to": "post.quiet", "connect": "one_to_one", "weights": 1, "rule": "r" }},
      {{ "from": "force", "to": "post.force", "connect": "one_to_one", "weights": 1000 }} ] }},
    "learning": {{ "rules": {{ "r": {{ "plugin": {}, "rate": 1 }} }} }},
    "task": {{ "trial": [ {{ "phase": "run", "duration": {}, "plastic": true }} ] }} }})",
                                   step, n, pre, n, force, n, rule, duration + 10));
  c.run(true);
  std::vector<double> out;
  for (std::size_t k = 0; k < n; ++k) {
    REQUIRE(c.train("post", k).size() == protocols[k].post.size());
    out.push_back(c.weights(0)[k] - 1);
  }
  return out;
}

constexpr double frequencies[] = {0.1, 10, 20, 40, 50}; // Hz

std::vector<Pairing> frequency_protocol() {
  std::vector<Pairing> out;
  for (const double lag : {10.0, -10.0})
    for (const double hz : frequencies) out.push_back(pairs(hz, lag));
  return out;
}

// Two presynaptic spikes around a postsynaptic one, and the other way round, by the intervals post − pre in ms: Wang,
// Gerkin, Nauen & Bi 2005, Nat Neurosci 8:187, figures 6 and 7.
std::vector<Pairing> triplet_protocol() {
  std::vector<Pairing> out;
  for (const auto &[first, second] : {std::pair{5, -5}, {10, -10}, {15, -5}, {5, -15}})
    out.push_back(groups({0.0, static_cast<double>(first - second)}, {static_cast<double>(first)}));
  for (const auto &[first, second] : {std::pair{-5, 5}, {-10, 10}, {-5, 15}, {-15, 5}})
    out.push_back(groups({static_cast<double>(-first)}, {0.0, static_cast<double>(second - first)}));
  return out;
}

// A pair of one order, and T ms later one of the other; T > 0: post-pre first. 5 ms within a pair.
Pairing quadruplet(double T) {
  const double t = std::abs(T);
  return T > 0 ? groups({5, t}, {0, t + 5}) : groups({0, t + 5}, {5, t});
}

} // namespace

TEST_CASE("triplets of all tables change a synapse by the sum over spikes, in every protocol", "[spiking][stdp]") {
  std::vector<Pairing> protocols;
  for (const double lag : {10.0, -10.0})
    for (const double hz : {10.0, 20.0, 40.0, 50.0}) protocols.push_back(pairs(hz, lag));
  for (const auto &p : triplet_protocol()) protocols.push_back(p);
  for (const double T : {-50.0, -25.0, -10.0, 10.0, 25.0, 50.0}) protocols.push_back(quadruplet(T));
  for (const auto &fit : {cortex_full, cortex_minimal, cortex_nearest, cortex_nearest_minimal, culture_full,
                          culture_minimal, culture_nearest, culture_nearest_minimal}) {
    INFO(fit.name);
    const auto found = changes(rule(fit), protocols);
    for (std::size_t k = 0; k < protocols.size(); ++k) {
      INFO(k);
      CHECK(found[k] == Approx(closed_form(fit, protocols[k].pre, protocols[k].post)).epsilon(1e-9).margin(1e-12));
    }
  }
}

TEST_CASE("potentiation grows with the frequency of pairs, as in visual cortex", "[spiking][stdp]") {
  // Sjöström, Turrigiano & Nelson 2001, Neuron 32:1149, as Pfister & Gerstner 2006 fitted them: change of 60 pairs 10
  // ms apart and its standard error (as the vhlab toolbox lists them).
  const double measured[2][5] = {{-0.04, 0.14, 0.29, 0.53, 0.56}, {-0.29, -0.41, -0.34, 0.56, 0.75}};
  const double error[2][5] = {{0.05, 0.10, 0.14, 0.11, 0.26}, {0.08, 0.11, 0.10, 0.32, 0.19}};
  const auto protocols = frequency_protocol();
  // The defaults are the full model of visual cortex, all spikes.
  const auto found = changes(R"("stdp_triplet")", protocols);
  double squares = 0;
  for (std::size_t k = 0; k < 10; ++k) {
    INFO(frequencies[k % 5] << " Hz, " << (k < 5 ? "+10" : "-10") << " ms: " << found[k]);
    CHECK(found[k] == Approx(closed_form(cortex_full, protocols[k].pre, protocols[k].post)).epsilon(1e-9).margin(1e-9));
    const double off = (found[k] - measured[k / 5][k % 5]) / error[k / 5][k % 5];
    CHECK(std::abs(off) < 1.5);
    squares += off * off / 10;
  }
  CHECK(squares < 0.4); // they fitted it to 0.34, as a later program quotes their table
  // Pairs alone do the opposite: potentiation of pre-before-post pairs falls with the frequency, and turns.
  const auto paired = changes(R"("stdp_triplet", "parameters": { "a2_plus": 5e-3, "a3_plus": 0, "a3_minus": 0 })",
                              {pairs(1, 10), pairs(50, 10), pairs(50, -10)});
  CHECK(paired[0] > 0.1);
  CHECK(paired[1] < 0);
  CHECK(paired[2] < 0);
}

TEST_CASE("triplets of two postsynaptic spikes potentiate, those of two presynaptic ones hardly do",
          "[spiking][stdp]") {
  // Wang et al. 2005 in hippocampal culture, 60 groups at 1 Hz: means and standard errors, read from their figures 6C
  // and 7 by Li (the data of github.com/ShuangLiBCM/Plasticity_ker).
  const double measured[8] = {-0.002, 0.026, 0.003, 0.232, 0.273, 0.254, 0.207, 0.281};
  const double error[8] = {0.044, 0.037, 0.034, 0.049, 0.046, 0.057, 0.075, 0.048};
  const auto protocols = triplet_protocol();
  double pre_twice = 0, post_twice = 0;
  for (const auto &fit : {culture_full, culture_minimal, culture_nearest, culture_nearest_minimal}) {
    INFO(fit.name);
    const auto found = changes(rule(fit), protocols);
    for (std::size_t k = 0; k < 8; ++k) {
      INFO(k << ": " << found[k]);
      CHECK(std::abs(found[k] - measured[k]) < 3 * error[k]);
      (k < 4 ? pre_twice : post_twice) += found[k] / 16;
    }
  }
  CHECK(post_twice > 8 * pre_twice);
  // Pairs alone cannot tell the symmetric triplets apart.
  const auto paired = changes(R"("stdp_triplet", "parameters": { "a2_plus": 6.1e-3, "a2_minus": 1.6e-3, "a3_plus": 0,
      "a3_minus": 0 })",
                              protocols);
  CHECK(paired[0] == Approx(paired[4]).epsilon(1e-9));
  CHECK(paired[1] == Approx(paired[5]).epsilon(1e-9));
}

TEST_CASE("of two pairs the last one weighs more, unless they are far apart", "[spiking][stdp]") {
  // Quadruplets, Wang et al. 2005, figure 7: a pre-post pair after a post-pre pair potentiates, for tens of ms; the
  // potentiation fades with the interval.
  const auto found =
      changes(rule(culture_full), {quadruplet(10), quadruplet(25), quadruplet(90), quadruplet(-25), quadruplet(-90)});
  CHECK(found[0] > found[1]);
  CHECK(found[1] > found[2]);
  CHECK(found[1] > found[3] + 0.1);
  CHECK(std::abs(found[2] - found[4]) < 0.1);
}

TEST_CASE("stdp-triplet.json ends with the change that each frequency brings", "[spiking][stdp]") {
  const command::Folder folder;
  const auto file = command::run_file(folder, "spiking/stdp-triplet.json");
  const auto synapses = file.weights("pre->post.synapse");
  REQUIRE(synapses.n_rows == 10);
  const auto protocols = frequency_protocol();
  for (std::size_t k = 0; k < 10; ++k) {
    CHECK(synapses(k, 0) == static_cast<double>(k)); // the postsynaptic neuron
    CHECK(synapses(k, 2) - 1 ==
          Approx(closed_form(cortex_full, protocols[k].pre, protocols[k].post)).epsilon(1e-6).margin(1e-9));
  }
}

TEST_CASE("triplets change a synapse by the closed form", "[spiking][stdp]") {
  // Pfister & Gerstner 2006, eqs. 3-4.
  const std::string rule = R"("stdp_triplet", "parameters": {"tau_plus": 16.8, "tau_minus": 33.7, "tau_x": 101,
      "tau_y": 125, "a2_plus": 5e-3, "a2_minus": 7e-3, "a3_plus": 6.2e-3, "a3_minus": 2.3e-4})";
  // post, pre, post: depression at 105, potentiation at 112 that the first postsynaptic spike magnifies
  const double expected = -std::exp(-5 / 33.7) * 7e-3 + std::exp(-7 / 16.8) * (5e-3 + 6.2e-3 * std::exp(-12.0 / 125));
  CHECK(weight_after(pair_circuit({105}, {100, 112}, rule)) - 0.5 == Approx(expected).epsilon(1e-10));
  // pre, post, pre
  const double other = std::exp(-5 / 16.8) * 5e-3 - std::exp(-7 / 33.7) * (7e-3 + 2.3e-4 * std::exp(-12.0 / 101));
  CHECK(weight_after(pair_circuit({100, 112}, {105}, rule)) - 0.5 == Approx(other).epsilon(1e-10));
}
