// An answer is paid some time after it was made, and the trial ends some time after that: what environments share in
// which one answer ends the trial.
#pragma once

#include "task/environment_entry.hpp"

namespace engram::task {

/// Numbers of a trial's state that these functions keep.
inline constexpr std::size_t paid_answer_states = 2;

/// Where two times stand among the parameters: from the answer to its payment, and from that to the end of the trial.
struct PaymentTimes {
  std::size_t reward_delay, after;
};

inline bool is_answered(const double *state) { return state[0] != 0; }

/// The answer is made in this step.
inline void take_answer(const EnvironmentTrial &trial, double *state) {
  state[0] = static_cast<double>(trial.step) + 1; // 0: none yet
}

/// A step after the answer: the payment when it is due, and the end.
inline Happening pay_answer(const EnvironmentTrial &trial, double *state, PaymentTimes times, double reward) {
  const std::uint64_t due = static_cast<std::uint64_t>(state[0]) - 1 + trial.steps(times.reward_delay);
  Happening now;
  if (trial.step == due) {
    now.outcome = true;
    now.reward = reward;
    state[1] = 1;
  }
  now.ends = state[1] != 0 && trial.step >= due + trial.steps(times.after);
  return now;
}

} // namespace engram::task
