// How a global rule, a reference, is called: once for a batch of trials that was simulated.
#pragma once

#include "learning/call.hpp"

#include <cstring>
#include <exception>

namespace engram::learning {

/// The trials that were simulated.
struct SimulatedTrials {
  std::size_t steps = 0, phases = 0, trials = 0; ///< of each trial; B
  double step_ms = 1;
};

/// Does work of the host that a rule asked for, and tells the rule what went wrong: exceptions must not pass through
/// the plugin's C frames.
template <class Work> engram_status host_work(engram_message *message, Work &&work) {
  const auto write = [&](const char *text) {
    std::strncpy(message->text, text, message->capacity - 1);
    message->text[message->capacity - 1] = '\0';
  };
  try {
    work();
    return ENGRAM_OK;
  } catch (const std::exception &error) {
    write(error.what());
  } catch (...) {
    write("the host fails");
  }
  return ENGRAM_FAILED;
}

/// Calls the rule. `host` offers what plugin.h says of engram_network: host.replay(first, last), host.pull_back(step).
template <class Host, class Calls>
bool call_global(const engram_rule &rule, const engram_callbacks &callbacks, const double *parameters,
                 const SimulatedTrials &of, const std::vector<engram_projection> &projections, Host &host,
                 Calls &calls) {
  Moment end;
  end.step = of.steps;
  end.step_ms = of.step_ms;
  end.phases = of.phases;
  end.phase = of.phases - 1;
  const auto now = moment_info(rule, end, parameters, nullptr, of.trials, true);
  engram_network view{};
  view.struct_size = sizeof view;
  view.host = &host;
  view.steps = of.steps;
  view.projections = projections.size();
  view.projection = projections.data();
  view.replay = [](void *to, std::size_t first, std::size_t last, engram_message *message) {
    return host_work(message, [&] { static_cast<Host *>(to)->replay(first, last); });
  };
  view.pull_back = [](void *to, std::size_t step, engram_message *message) {
    return host_work(message, [&] { static_cast<Host *>(to)->pull_back(step); });
  };
  return calls(callbacks.global, &now, &view);
}

/// The distance between the states that a global rule wants to be kept, at least 1. Errors: RuleFailure.
std::size_t kept_every(const engram_rule &rule, const double *parameters, std::size_t steps);

} // namespace engram::learning
