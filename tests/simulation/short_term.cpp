// Short-term plasticity changes what a spike releases, and is compared with its closed form.
#include "catch.hpp"
#include "spiking.hpp"

#include <cmath>

TEST_CASE("short-term depression and facilitation follow the closed form of a regular train", "[spiking]") {
  // Tsodyks & Markram: from spike to spike u → u e^{−Δ/τ_f} (1 − U) + U and x → 1 − (1 − x (1 − u)) e^{−Δ/τ_r}.
  const auto text = R"({ "time": { "step": 0.1 }, "architecture": { "regions": {
      "source": { "size": 1, "dynamics": "spike_source", "spikes": [[10, 30, 50, 70, 90]] },
      "cell": { "size": 1, "dynamics": { "type": "lif", "tau": 1e12, "rest": 0, "reset": 0, "threshold": 1e9 },
                "receptors": { "r": "delta" } } },
    "projections": [ { "from": "source", "to": "cell.r", "weights": 10, "delay": 1.5,
                       "short_term": { "type": "tsodyks_markram", "use": 0.2, "tau_rec": 100, "tau_facil": 500 } } ] },
    "task": { "trial": [ { "phase": "run", "duration": 100 } ] } })";
  spiking::Circuit<> c(text, {"cell"});
  c.run();
  double u = 0, x = 1, before = 0;
  for (int spike = 0; spike < 5; ++spike) {
    if (spike > 0) {
      x = 1 - (1 - x) * std::exp(-20.0 / 100);
      u *= std::exp(-20.0 / 500);
    }
    u += 0.2 * (1 - u);
    const double released = u * x;
    x -= released;
    const double now = c.potential["cell"][static_cast<std::size_t>(10 * (10 + 20 * spike + 5))](0, 0);
    CHECK(now - before == Approx(10 * released).epsilon(1e-9));
    before = now;
  }
}
