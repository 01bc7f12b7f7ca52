// The states of neurons are recorded by their names, those of engram's own and of plugins.
#include "catch.hpp"
#include "command.hpp"
#include "record/run_read.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>

using namespace engram;

namespace {

/// What a run of 60 ms of two cells under these currents leaves of its region `cell`.
struct Recorded {
  command::Folder folder;
  std::string path = (folder.path / "r.nwb").string();
  explicit Recorded(const std::string &dynamics, const std::string &record, const std::string &bias = "[150, 700]") {
    std::ofstream(folder.path / "m.json") << fmt::format(
        R"({{ "time": {{ "step": 0.1 }}, "architecture": {{ "regions": {{
        "cell": {{ "size": 2, "dynamics": {}, "bias": {} }} }} }},
        "task": {{ "trial": [ {{ "phase": "run", "duration": 60 }} ] }}, "record": {{ "cell": {} }} }})",
        dynamics, bias, record);
    const auto run = command::engram("run --quiet --out r.nwb m.json", folder.path);
    INFO(run.err);
    REQUIRE(run.exit == 0);
  }
  /// Neuron × time.
  arma::mat values(const std::string &name) const {
    const record::RunReader reader(path);
    for (const auto &series : reader.series())
      if (series.name == "cell_" + name) return reader.data(series);
    throw std::runtime_error("no series of " + name);
  }
};

} // namespace

TEST_CASE("the states of spiking neurons are recorded by name, with their units", "[record][plugins]") {
  // Izhikevich 2003: at each step u' = a (b v − u), from what stands in the file beside it.
  const Recorded run(R"("izhikevich")", R"(["potential", "u"])", "[4, 10]");
  const arma::mat v = run.values("potential"), u = run.values("u");
  REQUIRE(u.n_rows == 2);
  REQUIRE(u.n_cols == 600);
  CHECK(u(0, 0) == Approx(0.2 * -65));
  double worst = 0, moved = 0;
  for (std::size_t k = 0; k + 1 < u.n_cols; ++k) {
    if (std::abs(v(0, k + 1) - v(0, k)) > 0.2) continue; // about a spike
    const double mean_v = (v(0, k) + v(0, k + 1)) / 2, mean_u = (u(0, k) + u(0, k + 1)) / 2;
    worst = std::max(worst, std::abs((u(0, k + 1) - u(0, k)) / 0.1 - 0.02 * (0.2 * mean_v - mean_u)));
    moved = std::max(moved, std::abs(u(0, k + 1) - u(0, k)));
  }
  CHECK(moved > 1e-3);
  CHECK(worst < 1e-4);
  for (const auto &series : record::RunReader(run.path).series())
    if (series.name == "cell_u") CHECK(series.unit == "mV/ms");
}

TEST_CASE("signals are recorded with the units that their dynamics give them", "[record][plugins]") {
  const auto unit = [](const Recorded &run, const std::string &name) {
    for (const auto &series : record::RunReader(run.path).series())
      if (series.name == "cell_" + name) return series.unit;
    return std::string("no series");
  };
  const Recorded lif(R"("lif")", R"(["potential", "rate", "gain", "noise", "trace"])");
  CHECK(unit(lif, "potential") == "mV");
  CHECK(unit(lif, "rate") == "Hz");
  CHECK(unit(lif, "gain") == "1/mV");
  CHECK(unit(lif, "noise") == "pA");
  CHECK(unit(lif, "trace") == "n.a."); // as NWB calls a number without a unit
  const Recorded plugin(R"("glif")", R"(["potential", "rate"])", "[100, 150]");
  CHECK(unit(plugin, "potential") == "mV");
  CHECK(unit(plugin, "rate") == "Hz");
  const Recorded equations(
      R"({ "type": "equations", "rate": "x", "states": { "x": { "slope": "(I - x) / tau", "unit": "pA" } },
           "parameters": { "tau": { "value": 5, "unit": "ms" } } })",
      R"(["potential", "rate"])");
  CHECK(unit(equations, "potential") == "pA");
  CHECK(unit(equations, "rate") == "n.a.");
  CHECK(unit(Recorded(R"("leaky_rate")", R"(["potential"])"), "potential") == "n.a.");
}

TEST_CASE("states of engram's own adex and lif, and of plugins, are recorded", "[record][plugins]") {
  const Recorded adex(R"("adex")", R"(["w", "v_t", "z"])", "[200, 900]");
  CHECK(adex.values("w").row(1).max() > 80); // a spike adds 80.5 pA
  CHECK(arma::all(arma::vectorise(adex.values("v_t") == -50.4)));
  CHECK(arma::all(arma::vectorise(adex.values("z") == 0)));
  const Recorded lif(R"({ "type": "lif", "adaptation": 1 })", R"(["v", "a", "potential"])", "[150, 700]");
  CHECK(arma::approx_equal(lif.values("v"), lif.values("potential"), "absdiff", 0));
  CHECK(lif.values("a").row(0).max() == 0);
  CHECK(lif.values("a").row(1).max() > 0.9);
  // glif: theta decays with 50 ms from what a spike made it, 1 mV.
  const Recorded glif(R"("glif")", R"({ "signals": ["theta", "i1"], "every": 2 })", "[100, 150]");
  const arma::mat theta = glif.values("theta");
  REQUIRE(theta.n_cols == 300);
  CHECK(theta.row(0).max() == 0);
  const auto first = theta.row(1).index_max();
  CHECK(theta(1, first) == Approx(1).epsilon(1e-2));
  CHECK(theta(1, first + 10) == Approx(theta(1, first) * std::exp(-2.0 / 50)).epsilon(1e-9));
  CHECK(glif.values("i1").row(1).min() == Approx(-30).epsilon(0.03));
}

TEST_CASE("the states of rate neurons are recorded, and what is unknown is refused", "[record][plugins]") {
  const Recorded rate(R"("fitzhugh_nagumo")", R"(["w", "potential"])", "[0, 0.8]");
  CHECK(arma::abs(rate.values("w").row(1)).max() > 0.1);
  const Recorded own(R"("leaky_rate")", R"(["u", "potential"])", "[0, 0.8]");
  CHECK(arma::approx_equal(own.values("u"), own.values("potential"), "absdiff", 0));
  const command::Folder folder;
  std::ofstream(folder.path / "m.json")
      << R"({ "architecture": { "regions": { "cell": { "size": 1, "dynamics": "glif" } } },
    "task": { "trial": [ { "phase": "run", "duration": 5 } ] }, "record": { "cell": ["spike", "thet"] } })";
  const auto wrong = command::engram("run --quiet --out r.nwb m.json", folder.path);
  CHECK(wrong.exit == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("/record/cell/1: unknown signal 'thet'; did you mean 'theta'?"));
}
