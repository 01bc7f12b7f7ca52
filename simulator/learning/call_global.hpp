// call_global() calls a global rule, a reference, once for a batch of trials that was simulated.
#pragma once

#include "error/error.hpp"
#include "learning/call.hpp"

#include <cstring>
#include <exception>

namespace engram::learning {

/// The trials that were simulated.
struct SimulatedTrials {
  std::size_t steps = 0, phases = 0, trials = 0; ///< of each trial; B
  double step_ms = 1;
};

/// What a rule may ask for, and what went wrong with it that is no matter of the rule.
template <class Host> struct Offered {
  Host &host;
  std::exception_ptr unforeseen;
};

/// Does work of the host that a rule asked for, and tells the rule what failed. No exception may pass through the
/// plugin's C frames: one that is no failure of the run is kept in `unforeseen`, for the caller to throw.
template <class Work> engram_status host_work(engram_message *message, std::exception_ptr &unforeseen, Work &&work) {
  const auto write = [&](const char *text) {
    std::strncpy(message->text, text, message->capacity - 1);
    message->text[message->capacity - 1] = '\0';
  };
  try {
    work();
    return ENGRAM_OK;
  } catch (const Failed &error) {
    write(error.what());
  } catch (...) {
    write("the host fails");
    unforeseen = std::current_exception();
  }
  return ENGRAM_FAILED;
}

/// Calls the rule. `host` offers what plugin.h says of engram_network: host.replay(first, last), host.pull_back(step).
/// Errors: those of the host that are not Failed.
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
  Offered<Host> offered{host, nullptr};
  view.host = &offered;
  view.steps = of.steps;
  view.projections = projections.size();
  view.projection = projections.data();
  view.replay = [](void *to, std::size_t first, std::size_t last, engram_message *message) {
    auto &asked = *static_cast<Offered<Host> *>(to);
    return host_work(message, asked.unforeseen, [&] { asked.host.replay(first, last); });
  };
  view.pull_back = [](void *to, std::size_t step, engram_message *message) {
    auto &asked = *static_cast<Offered<Host> *>(to);
    return host_work(message, asked.unforeseen, [&] { asked.host.pull_back(step); });
  };
  const bool good = calls(callbacks.global, &now, &view);
  if (offered.unforeseen) std::rethrow_exception(offered.unforeseen);
  return good;
}

/// The distance between the states that a global rule wants to be kept, at least 1. Errors: RuleFailure.
std::size_t kept_every(const engram_rule &rule, const double *parameters, std::size_t steps);

} // namespace engram::learning
