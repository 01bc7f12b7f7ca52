// These tests check how the phases of a trial are counted in steps.
#include "task/schedule.hpp"
#include "catch.hpp"

#include <vector>

using namespace engram;

namespace {

model::Phase phase_of_trial(double duration, double objective = 0, std::vector<std::string> plastic_rules = {}) {
  model::Phase p;
  p.duration = duration;
  p.objective = objective;
  p.plastic = !plastic_rules.empty();
  p.plastic_rules = std::move(plastic_rules);
  return p;
}

} // namespace

TEST_CASE("phases follow each other without a gap, and each step is in the phase that holds it", "[protocol]") {
  for (const double step : {1.0, 0.5, 0.1, 0.025}) {
    CAPTURE(step);
    model::Model m;
    m.time.step = step;
    m.objective.type = "mse"; // without an objective no step is judged
    // 0.3 / 0.1 is not 3 in binary, and neither is 0.7 / 0.1 a whole number.
    const std::vector<double> steps{3, 1, 7, 29, 1};
    for (const double n : steps) m.task.trial.push_back(phase_of_trial(n * step, n == 7 ? 0.5 : n == 29 ? -1 : 0));
    const auto schedule = task::schedule_of(m);
    CHECK(schedule.step == step);
    CHECK(schedule.steps == 41);
    CHECK(schedule.objective_steps == 7 + 29); // a strength below 0 is one
    REQUIRE(schedule.phases.size() == steps.size());
    std::size_t at = 0;
    for (std::size_t k = 0; k < steps.size(); ++k) {
      CHECK(schedule.phases[k].first == at);
      for (std::size_t n = 0; n < static_cast<std::size_t>(steps[k]); ++n) CHECK(schedule.phase_of(at++) == k);
      CHECK(schedule.phases[k].last == at);
    }
    CHECK(at == schedule.steps);
  }
}

TEST_CASE("a phase says which rules may learn in it", "[protocol]") {
  model::Model m;
  m.rules.resize(3);
  m.rules[0].name = "forward";
  m.rules[1].name = "feedback";
  m.rules[2].name = "bias";
  m.task.trial = {phase_of_trial(5), phase_of_trial(5, 1, {"bias", "forward"})};
  const auto schedule = task::schedule_of(m);
  CHECK(schedule.phases[0].may_learn.empty()); // all, where the phase is plastic
  CHECK_FALSE(schedule.phases[0].plastic);
  CHECK(schedule.phases[1].may_learn == std::vector<bool>{true, false, true});
  CHECK(schedule.phases[1].plastic);
}
