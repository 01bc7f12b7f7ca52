// These tests compare nonlinear neurons with solutions of high precision (tests/spiking/reference/neurons.py: SciPy's
// DOP853 at 1e-12).
#include "catch.hpp"
#include "spiking/spiking.hpp"

#include <fmt/format.h>
#include <fstream>

using spiking::Circuit;

namespace {

nlohmann::json reference(const std::string &name) {
  std::ifstream file(ENGRAM_SOURCE_DIR "/tests/spiking/reference/neurons.json");
  return nlohmann::json::parse(file).at(name);
}

std::string cell(const std::string &dynamics, double current, double initial, double step) {
  return fmt::format(R"({{ "time": {{ "step": {}, "integrator": "runge_kutta4" }}, "architecture": {{ "regions": {{
      "cell": {{ "size": 1, "bias": {}, "initial": {}, "dynamics": {} }} }} }},
      "task": {{ "trial": [ {{ "phase": "run", "duration": 200 }} ] }} }})",
                     step, current, initial, dynamics);
}

// Each spike is seen at the end of its step, and a reset begins the next interval so much later.
void check(const std::string &name, const std::string &dynamics, double current, double initial, double step) {
  INFO(name);
  Circuit<> c(cell(dynamics, current, initial, step), {"cell"});
  const auto times = c.run().train("cell");
  const auto expected = reference(name);
  const auto spikes = expected.at("spikes").get<std::vector<double>>();
  REQUIRE(times.size() == spikes.size());
  for (std::size_t k = 0; k < spikes.size(); ++k)
    CHECK(times[k] == Approx(spikes[k]).margin(1.5 * step * static_cast<double>(k + 1)));
  const double first = spikes.empty() ? 1e9 : spikes[0];
  for (std::size_t ms = 0; ms < expected.at("v").size(); ++ms) {
    if (static_cast<double>(ms) > first - 0.5) break; // the upstroke magnifies any error
    const auto at = static_cast<std::size_t>(std::llround(static_cast<double>(ms) / step));
    CHECK(c.potential["cell"][at](0, 0) == Approx(expected.at("v")[ms].get<double>()).margin(1e-4));
  }
}

} // namespace

TEST_CASE("an adaptive exponential neuron spikes when its equations say so", "[spiking]") {
  const std::string adex = R"({"type": "adex", "peak": -30})";
  check("adex_600", adex, 600, -70.6, 0.01);
  check("adex_1000", adex, 1000, -70.6, 0.01);
}

TEST_CASE("the squid's axon spikes when its equations say so", "[spiking]") {
  check("hodgkin_huxley_1000", R"("hodgkin_huxley")", 1000, -65, 0.01);
  check("hodgkin_huxley_200", R"("hodgkin_huxley")", 200, -65, 0.01);
}

TEST_CASE("the classes of Izhikevich's neuron spike in their patterns", "[spiking]") {
  const auto dynamics = [](double a, double b, double c, double d) {
    return fmt::format(R"({{"type": "izhikevich", "a": {}, "b": {}, "c": {}, "d": {}}})", a, b, c, d);
  };
  check("izhikevich_rs", dynamics(0.02, 0.2, -65, 8), 10, -65, 0.01);
  check("izhikevich_ib", dynamics(0.02, 0.2, -55, 4), 10, -65, 0.01);
  check("izhikevich_ch", dynamics(0.02, 0.2, -50, 2), 10, -65, 0.01);
  check("izhikevich_fs", dynamics(0.1, 0.2, -65, 2), 10, -65, 0.01);
}

TEST_CASE("fewer steps of a better stepper find the same spikes", "[spiking]") {
  // Of order 4 and 5: at a step of 0.05 ms the potential before the first spike differs by less than 1e-5 mV.
  const auto v = [](const std::string &integrator) {
    auto text = cell(R"("hodgkin_huxley")", 200, -65, 0.05);
    text.replace(text.find("runge_kutta4"), 12, integrator);
    Circuit<> c(text, {"cell"});
    c.run();
    arma::vec out(1000);
    for (std::size_t k = 0; k < out.n_elem; ++k) out[k] = c.potential["cell"][k](0, 0);
    return out;
  };
  CHECK(arma::abs(v("runge_kutta4") - v("runge_kutta_dopri5")).max() < 1e-5);
  CHECK(arma::abs(v("euler") - v("runge_kutta_dopri5")).max() > 1e-3);
}
