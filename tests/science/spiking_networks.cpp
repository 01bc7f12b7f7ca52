// These tests run spiking networks of the literature, and compare how they fire with theory and with other programs.
#include "catch.hpp"
#include "spiking.hpp"
#include "trained.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace engram;

namespace {

// Rate (Hz) of an integrate-and-fire neuron whose input has mean μ and standard deviation σ (mV): Siegert 1951; Brunel
// 2000. ∫ e^{x²} (1 + erf x) dx by Simpson's rule.
double siegert(double mu, double sigma, double tau, double refractory, double reset, double threshold) {
  const auto f = [](double x) { return std::exp(x * x) * std::erfc(-x); };
  const double low = (reset - mu) / sigma, high = (threshold - mu) / sigma;
  const int n = 2000;
  double sum = f(low) + f(high);
  for (int k = 1; k < n; ++k) sum += f(low + (high - low) * k / n) * (k % 2 ? 4 : 2);
  return 1000 / (refractory + tau * std::sqrt(M_PI) * sum * (high - low) / n / 3);
}

// The rate that the network gives itself: Brunel 2000, model A, by bisection.
double mean_field(double g, double eta) {
  const double tau = 20, j = 0.1, c = 1000;
  double low = 0, high = 400;
  for (int k = 0; k < 60; ++k) {
    const double nu = (low + high) / 2, outside = eta * 10;
    const double mu = tau / 1000 * j * c * (outside + nu * (1 - 0.25 * g));
    const double sigma = j * std::sqrt(tau / 1000 * c * (outside + nu * (1 + 0.25 * g * g)));
    (siegert(mu, sigma, tau, 2, 10, 20) > nu ? low : high) = nu;
  }
  return low;
}

std::string model_text(const std::string &name) {
  std::ifstream file(ENGRAM_SOURCE_DIR "/models/spiking/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Statistics {
  double rate = 0, cv = 0,
         synchrony = 0; ///< Hz; mean CV of intervals; variance by mean of the population's counts in 1 ms
};

// The CV is of neurons with at least so many spikes.
Statistics statistics(const std::vector<std::pair<double, std::size_t>> &spikes, std::size_t neurons, double from,
                      double to, std::size_t least = 4) {
  std::vector<std::vector<double>> trains(neurons);
  std::vector<double> counts(static_cast<std::size_t>(to - from), 0.0);
  double total = 0;
  for (const auto &[ms, n] : spikes) {
    if (ms < from || ms >= to) continue;
    trains[n].push_back(ms);
    counts[static_cast<std::size_t>(ms - from)] += 1;
    ++total;
  }
  double cv = 0, with = 0;
  for (const auto &train : trains) {
    if (train.size() < least) continue;
    double sum = 0, squares = 0;
    for (std::size_t k = 1; k < train.size(); ++k) {
      sum += train[k] - train[k - 1];
      squares += std::pow(train[k] - train[k - 1], 2);
    }
    const double n = static_cast<double>(train.size() - 1), mean = sum / n;
    cv += std::sqrt(std::max(0.0, squares / n - mean * mean)) / mean;
    ++with;
  }
  const double mean = total / static_cast<double>(counts.size());
  double variance = 0;
  for (const double x : counts) variance += (x - mean) * (x - mean) / static_cast<double>(counts.size());
  return {total / static_cast<double>(neurons) / (to - from) * 1000, with > 0 ? cv / with : 0, variance / mean};
}

// Of several draws of a network: those whose activity did not die out.
struct Draws {
  std::vector<double> rate, cv;
  double all = 0;
  void add(double hz, double irregularity) {
    ++all;
    if (hz < 1) return;
    rate.push_back(hz);
    cv.push_back(irregularity);
  }
};

Draws brian_draws(const nlohmann::json &file) {
  Draws out;
  for (const auto &one : file.at("runs"))
    out.add(one.at("rate_hz"), one.at("cv").is_null() ? 0 : one.at("cv").get<double>());
  return out;
}

// Welch's t: the difference of the means in its standard errors.
double welch(const std::vector<double> &a, const std::vector<double> &b) {
  const auto moments = [](const std::vector<double> &x) {
    const double n = static_cast<double>(x.size());
    double mean = 0, variance = 0;
    for (const double v : x) mean += v / n;
    for (const double v : x) variance += (v - mean) * (v - mean) / (n - 1);
    return std::pair{mean, variance / n};
  };
  const auto [ma, va] = moments(a);
  const auto [mb, vb] = moments(b);
  return (ma - mb) / std::sqrt(va + vb);
}

void check_alike(const Draws &ours, const Draws &theirs) {
  CHECK(std::abs(welch(ours.rate, theirs.rate)) < 3);
  CHECK(std::abs(welch(ours.cv, theirs.cv)) < 3);
  const double a = static_cast<double>(ours.rate.size()) / ours.all,
               b = static_cast<double>(theirs.rate.size()) / theirs.all;
  const double p = static_cast<double>(ours.rate.size() + theirs.rate.size()) / (ours.all + theirs.all);
  CHECK(std::abs(a - b) < 3 * std::sqrt(p * (1 - p) * (1 / ours.all + 1 / theirs.all)) + 1e-9);
}

Draws our_draws(std::uint64_t first, std::uint64_t last) {
  Draws out;
  auto text = model_text("vogels-abbott-coba.json");
  text.replace(text.find("\"duration\": 2000"), 16, "\"duration\": 1200");
  for (auto seed = first; seed <= last; ++seed) {
    auto own = text;
    own.replace(own.find("\"seed\": 1"), 9, "\"seed\": " + std::to_string(seed));
    spiking::Circuit<float> c(own);
    c.run();
    auto spikes = c.spikes["excitatory"];
    for (const auto &[ms, n] : c.spikes["inhibitory"]) spikes.emplace_back(ms, 3200 + n);
    const auto s = statistics(spikes, 4000, 200, 1200, 6);
    out.add(s.rate, s.cv);
  }
  return out;
}

const std::string brian_script = ENGRAM_SOURCE_DIR "/tests/science/reference/vogels_abbott.py";

} // namespace

TEST_CASE("Vogels and Abbott's network fires as Brian2's does", "[spiking]") {
  std::ifstream file(ENGRAM_SOURCE_DIR "/tests/science/reference/vogels_abbott.json");
  check_alike(our_draws(1, 12), brian_draws(nlohmann::json::parse(file)));
}

TEST_CASE("Vogels and Abbott's network fires as Brian2's does, run beside it", "[spiking][slow]") {
  if (std::system("/usr/bin/python3 -c 'import brian2' >/dev/null 2>&1") != 0) {
    WARN("Brian2 (python3-brian) is not here: skipped");
    return;
  }
  const command::Folder folder;
  const auto out = (folder.path / "runs.json").string();
  REQUIRE(std::system(("/usr/bin/python3 " + brian_script + " 31,32,33,34,35,36,37,38 2>/dev/null >" + out).c_str()) ==
          0);
  check_alike(our_draws(31, 50), brian_draws(nlohmann::json::parse(command::slurp(out))));
}

TEST_CASE("Brunel's asynchronous irregular network fires at the rate that theory gives it", "[spiking]") {
  const double theory = mean_field(5, 2);
  CHECK(theory == Approx(38.0).margin(0.3)); // Brunel 2000, legend of figure 8C: 38.0 Hz analytical, 37.7 Hz simulated
  auto text = model_text("brunel.json");
  text.replace(text.find("\"duration\": 1000"), 16, "\"duration\": 300");
  spiking::Circuit<float> c(text);
  c.run();
  const auto s = statistics(c.spikes["excitatory"], 10000, 100, 300);
  CHECK(s.rate == Approx(theory).epsilon(0.05));
  CHECK(s.cv > 0.3);
  CHECK(s.cv < 0.8);
}

TEST_CASE("Brunel's four regimes", "[spiking][slow]") {
  // Brunel 2000, figure 8: synchronous regular, fast and slow synchronous irregular, asynchronous irregular.
  const auto run = [](const std::string &name) {
    command::Folder folder;
    const auto trains = command::units_after(folder, command::model("spiking/" + name)).spike_times_s;
    std::vector<std::pair<double, std::size_t>> spikes;
    for (std::size_t n = 0; n < trains.size(); ++n)
      for (const double s : trains[n]) spikes.emplace_back(s * 1000, n);
    return statistics(spikes, 10000, 300, 1000);
  };
  const auto sr = run("brunel-sr.json"), fast = run("brunel-si-fast.json"), slow = run("brunel-si-slow.json"),
             ai = run("brunel.json");
  CHECK(sr.rate > 250); // near its greatest, 1 / refractory time
  CHECK(sr.cv < 0.1);
  CHECK(fast.rate == Approx(60.7).epsilon(0.05)); // legend of figure 8B, simulated
  CHECK(slow.rate == Approx(5.5).epsilon(0.25));  // 8D, simulated
  CHECK(ai.rate == Approx(37.7).epsilon(0.03));   // 8C, simulated
  CHECK(sr.synchrony > 10 * ai.synchrony);
  CHECK(fast.synchrony > 3 * ai.synchrony);
  CHECK(fast.cv > 0.5);
}
