// Sources spike as they are told: at given times, or as Poisson processes. A Poisson process may give several spikes in
// a step. Its counts have the mean and the variance of the rate (both are rate × time; Kingman, Poisson Processes,
// 1993, section 2.1), however long the step is.
#include "catch.hpp"
#include "simulation/training.hpp"
#include "spiking.hpp"
#include "trained.hpp"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>

using namespace engram;

namespace {

constexpr std::size_t poisson_neurons = 100;

struct Counts {
  double total = 0, expected = 0;
  double fano = 0, samples = 0; ///< variance / mean of the counts of a neuron in a window of 50 ms
};

// `region`: of `poisson_neurons` neurons; steps of `step` ms, a trial of `duration` ms.
Counts counts_of(const std::string &circuit, double hz, double duration) {
  spiking::Circuit<> c(circuit);
  c.run();
  constexpr double window = 50;
  const auto windows = static_cast<std::size_t>(duration / window);
  std::vector<double> counts(poisson_neurons * windows, 0.0);
  const double step = c.model.time.step;
  for (const auto &[ms, n] : c.spikes["p"]) {
    // Spikes made from 0 on are signals of the step after: moved back by it, the windows are full.
    const auto at = static_cast<std::size_t>((ms - step) / window + 1e-9);
    if (at < windows) counts[at * poisson_neurons + n] += 1;
  }
  Counts out;
  for (const double k : counts) out.total += k;
  const double mean = out.total / static_cast<double>(counts.size());
  for (const double k : counts) out.fano += (k - mean) * (k - mean) / mean / static_cast<double>(counts.size() - 1);
  out.samples = static_cast<double>(counts.size());
  out.expected = hz / 1000 * window * out.samples;
  return out;
}

void check_counts(const Counts &c) {
  CHECK(std::abs(c.total - c.expected) < 4 * std::sqrt(c.expected));
  const double mean = c.expected / c.samples; // Var(s²) / σ⁴ = 2 / (n − 1) + 1 / (n mean)
  CHECK(std::abs(c.fano - 1) < 4 * std::sqrt(2 / c.samples + 1 / (c.samples * mean)));
}

// A poisson region, its rate given and what drives it written out.
std::string poisson_circuit(double step, double duration, const std::string &rate, const std::string &drive = "",
                            const std::string &projections = "") {
  return fmt::format(R"({{ "time": {{ "step": {} }}, "architecture": {{ "regions": {{ {}
      "p": {{ "size": {}, "dynamics": {{ "type": "poisson", "rate": {} }} }} }},
      "projections": [ {} ] }}, "task": {{ "trial": [ {{ "phase": "run", "duration": {} }} ] }} }})",
                     step, drive, poisson_neurons, rate, projections, duration + step);
}

} // namespace

TEST_CASE("a Poisson region has the mean and variance of its rate, at any step", "[spiking][poisson]") {
  struct Case {
    double hz, step, duration;
  };
  const auto c = GENERATE(Case{200, 1, 5000}, Case{500, 1, 5000}, Case{5000, 0.1, 1000}, Case{3000, 1, 1000});
  CAPTURE(c.hz, c.step);
  SECTION("of one rate") {
    check_counts(counts_of(poisson_circuit(c.step, c.duration, fmt::format("{}", c.hz)), c.hz, c.duration));
  }
  SECTION("of a rate for each neuron") {
    std::vector<double> rates(poisson_neurons, c.hz);
    check_counts(counts_of(poisson_circuit(c.step, c.duration, fmt::format("{}", rates)), c.hz, c.duration));
  }
  SECTION("of a rate that arrives at the soma") {
    const auto drive = fmt::format(R"("drive": {{ "size": 1, "dynamics": "static", "bias": {} }},)", 0.75 * c.hz);
    check_counts(counts_of(poisson_circuit(c.step, c.duration, fmt::format("{}", 0.25 * c.hz), drive,
                                           R"({ "from": "drive", "to": "p", "weights": 1 })"),
                           c.hz, c.duration));
  }
}

TEST_CASE("a Poisson region of a very high rate, and of a very low one", "[spiking][poisson]") {
  std::vector<double> rates(poisson_neurons, 400e3); // 400 in a step
  check_counts(counts_of(poisson_circuit(1, 50, fmt::format("{}", rates)), 400e3, 50));
  rates.assign(poisson_neurons, 0.5); // 5e-6 in a step
  const auto low = counts_of(poisson_circuit(0.01, 2000, fmt::format("{}", rates)), 0.5, 2000);
  CHECK(std::abs(low.total - low.expected) < 4 * std::sqrt(low.expected));
}

TEST_CASE("spikes of a Poisson region drive a cell as the background of a receptor does", "[spiking][poisson]") {
  // The same current twice: its mean is weight · rate · tau (Campbell's theorem), and so are the cell's first moments.
  const auto moments = [](const std::string &receptor, const std::string &projections) {
    spiking::Circuit<> c(fmt::format(R"({{ "time": {{ "step": 1 }}, "architecture": {{ "regions": {{
        "p": {{ "size": 100, "dynamics": {{ "type": "poisson", "rate": 500 }} }},
        "cell": {{ "size": 100, "dynamics": {{ "type": "lif", "tau": 10, "capacitance": 100, "rest": 0, "reset": 0,
                   "threshold": 1e9 }}, "receptors": {{ "r": {{ "type": "exponential", "tau": 5 {} }} }} }} }},
        "projections": [ {} ] }}, "task": {{ "trial": [ {{ "phase": "run", "duration": 5000 }} ] }} }})",
                                     receptor, projections),
                         {"cell"});
    c.run();
    double mean = 0, square = 0, count = 0;
    for (std::size_t step = 200; step < c.potential["cell"].size(); ++step)
      for (const double v : c.potential["cell"][step]) {
        mean += v;
        square += v * v;
        count += 1;
      }
    mean /= count;
    return std::pair{mean, square / count - mean * mean};
  };
  const auto region = moments("", R"({ "from": "p", "to": "cell.r", "connect": "one_to_one", "weights": 2 })");
  const auto background = moments(R"(, "background_rate": 500, "background_weight": 2)", "");
  const double mean = 2 * 0.5 * 5 * 10 / 100; // weight · rate · tau · tau_m / C, mV
  CHECK(region.first == Approx(mean).epsilon(0.01));
  CHECK(background.first == Approx(mean).epsilon(0.01));
  CHECK(region.second == Approx(background.second).epsilon(0.05));
}

TEST_CASE("a rate of more spikes than a step holds is refused, or ends the run", "[spiking][poisson]") {
  const auto refusal = [](const std::string &text) -> std::string {
    try {
      model::load_text(text, "m.json", spiking::vocabulary());
    } catch (const input::InputError &error) {
      return error.what();
    }
    return "";
  };
  CHECK(refusal(poisson_circuit(1, 10, "500e3")).empty());
  const auto told = refusal(poisson_circuit(1, 10, "501e3"));
  CHECK(told.find("/architecture/regions/p/dynamics/rate: 501000 Hz is 501 in a step of 1 ms") != std::string::npos);
  CHECK(refusal(poisson_circuit(1, 10, R"({ "uniform": { "low": 0, "high": 1e6 } })")).find("1e+06 Hz") !=
        std::string::npos);

  spiking::Circuit<> c(poisson_circuit(1, 10, "1", R"("drive": { "size": 1, "dynamics": "static", "bias": 1e6 },)",
                                       R"({ "from": "drive", "to": "p", "weights": 1 })"));
  CHECK_THROWS_AS(c.run(), simulation::RunFailure);
}

TEST_CASE("a Poisson region has the rate that it is given, and intervals of CV 1", "[spiking]") {
  spiking::Circuit<> c(R"({ "time": { "step": 0.1 }, "architecture": { "regions": {
      "same": { "size": 1000, "dynamics": { "type": "poisson", "rate": 15 } },
      "each": { "size": 1000, "dynamics": { "type": "poisson", "rate": { "uniform": { "low": 10, "high": 20 } } } } } },
    "task": { "trial": [ { "phase": "run", "duration": 2000 } ] } })");
  c.run();
  // 30,000 spikes: a standard deviation of 173.
  CHECK(static_cast<double>(c.spikes["same"].size()) == Approx(30000).margin(4 * 173));
  CHECK(static_cast<double>(c.spikes["each"].size()) == Approx(30000).margin(4 * 300));
  double sum = 0, squares = 0, count = 0;
  std::vector<double> last(1000, -1);
  for (const auto &[ms, n] : c.spikes["same"]) {
    if (last[n] >= 0) {
      sum += ms - last[n];
      squares += (ms - last[n]) * (ms - last[n]);
      ++count;
    }
    last[n] = ms;
  }
  const double mean = sum / count;
  CHECK(std::sqrt(squares / count - mean * mean) / mean == Approx(1).margin(0.06)); // long intervals do not fit in 2 s
}

TEST_CASE("frozen Poisson spikes are the same in every epoch, others are drawn anew", "[spiking]") {
  const auto spikes = [](const std::string &frozen, std::size_t epoch, std::size_t row) {
    spiking::Circuit<> c(R"({ "seed": 2, "architecture": { "regions": {
        "a": { "size": 20, "dynamics": { "type": "poisson", "rate": 50, "frozen": ")" +
                         frozen + R"(" } },
        "b": { "size": 2, "dynamics": { "type": "poisson", "rate": [30, 60], "frozen": ")" +
                         frozen + R"(" } } } },
      "task": { "stimuli": { "inputs": [[0], [0]] }, "trial": [ { "phase": "run", "duration": 200 } ] } })");
    c.simulator->run({{row}, epoch, true}, &c);
    REQUIRE(c.spikes["a"].size() > 100);
    REQUIRE(c.spikes["b"].size() > 5);
    return c.spikes;
  };
  CHECK(spikes("yes", 0, 0) == spikes("yes", 7, 0));
  CHECK(spikes("yes", 0, 0) != spikes("yes", 0, 1)); // of its own in each trial
  CHECK(spikes("no", 0, 0) != spikes("no", 7, 0));
}

TEST_CASE("a file's spikes and a recording's units drive a source", "[spiking]") {
  command::Folder folder;
  std::ofstream(folder.path / "spikes.csv") << "0,1.5\n2,3.0\n0,7.25\n";
  const auto text = [&](const std::string &file) {
    return R"({ "time": { "step": 0.25 }, "architecture": { "regions": {
        "s": { "size": 4, "dynamics": "spike_source", "spikes": { "file": ")" +
           file + R"(" } } } },
      "task": { "trial": [ { "phase": "run", "duration": 10 } ] }, "record": { "s": ["spike"] } })";
  };
  std::ofstream(folder.path / "m.json") << text("spikes.csv");
  const auto units = command::units_after(folder, "m.json");
  REQUIRE(units.spike_times_s.size() == 4);
  CHECK(units.spike_times_s[0] == std::vector<double>{0.0015, 0.00725});
  CHECK(units.spike_times_s[1].empty());
  CHECK(units.spike_times_s[2] == std::vector<double>{0.003});
  CHECK(units.obs_intervals_s[0] == std::vector<std::pair<double, double>>{{0.0, 0.01}});
  // What was recorded drives a source again, and is recorded as it was.
  std::ofstream(folder.path / "m.json") << text("o.nwb");
  CHECK(command::units_after(folder, "m.json", "again.nwb").spike_times_s == units.spike_times_s);
}
