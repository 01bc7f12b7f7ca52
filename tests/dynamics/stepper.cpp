// These tests ask each integrator for what its words say.
#include "dynamics/stepper.hpp"
#include "catch.hpp"
#include "dynamics/integrator_entry.hpp"

#include <cmath>

using namespace engram;

TEST_CASE("an integrator that adapts its step takes a fast decay in pieces, and any other in one", "[integrator]") {
  // u' = −rate u over a step of 1 ms. Where a step at rate 1000 is stable, u is small at its end; elsewhere it grows.
  for (const auto &entry : dynamics::integrator_entries()) {
    CAPTURE(entry.words.name);
    if (entry.exponential) continue; // its steps are those of neurons: exact_steps.cpp
    model::Typed typed{entry.words.name, {}, {}};
    for (const auto &p : entry.words.parameters) typed.parameters[p.name] = model::Quantity::of(p.initial);
    const auto stepper = dynamics::stepper_of<double>(typed);
    const auto end = [&](double rate, std::vector<double> &pieces) {
      dynamics::Vector<double> u{1}, du{-rate};
      stepper->step([rate](const auto &x, auto &dx) { dx = -rate * x; }, u, du, 1.0, pieces);
      return std::abs(u[0]);
    };
    std::vector<double> pieces;
    CHECK((end(1000, pieces) < 1) == entry.words.adapts_step);
    CHECK((pieces.size() > 1) == entry.words.adapts_step);
    CHECK(dynamics::adapts_step(entry.words.name) == entry.words.adapts_step);
    const std::string named = "'" + entry.words.name + "'";
    CHECK((dynamics::those_that_adapt().find(named) != std::string::npos) == entry.words.adapts_step);
    // On either side of the limit that its words give.
    const double limit = dynamics::stable_to(entry.words.name);
    CHECK(std::isinf(limit) == entry.words.adapts_step);
    if (std::isinf(limit)) continue;
    CHECK(end(0.99 * limit, pieces) < 1);
    CHECK(end(1.01 * limit, pieces) > 1);
  }
}
