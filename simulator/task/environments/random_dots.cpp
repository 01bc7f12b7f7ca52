// Random-dot motion, answered as soon as a region reaches a bound. With the coherence C (signed: right is positive) the
// momentary evidence of a step of h seconds is k C + z / sqrt(h), z standard normal: what adds it up is a diffusion of
// drift k C and variance 1 per second. Between bounds at ±A it answers rightly with the probability
//   1 / (1 + exp(−2 A k |C|)), after A / (k |C|) tanh(A k |C|) seconds in the mean.
#include "model/parameters.hpp"
#include "task/paid_answer.hpp"

#include <algorithm>
#include <cmath>

namespace engram::task {

namespace {
namespace random_dots {

enum Parameter : std::size_t { bound_at, sensitivity, coherence_most, levels, zero, non_decision, reward_delay, after };
enum Sees : std::size_t { decision };
enum Shows : std::size_t { motion, choice_made, reward_paid };
enum Column : std::size_t { coherence, choice, label, correct, rightward, reaction_time };
enum State : std::size_t { strength, side, answered, states = answered + paid_answer_states };
enum Stream : std::uint32_t { conditions, noise };

// The evidence of the step `which` of the trial.
void show_motion(const EnvironmentTrial &trial, std::uint64_t which) {
  const auto &shown = trial.shows[motion];
  const double mean = trial.parameters[sensitivity] * trial.state[strength];
  const double sd = 1 / std::sqrt(trial.step_ms / 1000);
  for (std::size_t n = 0; n < shown.neurons; ++n) {
    const bool leftward = shown.neurons == 2 && n == 0;
    shown.values[n] = (leftward ? -mean : mean) + sd * trial.normal(noise, which * shown.neurons + n);
  }
}

void begin(const EnvironmentTrial &trial) {
  const double *p = trial.parameters;
  const auto strengths = static_cast<std::size_t>(p[levels]);
  const std::size_t all = strengths + (p[zero] != 0 ? 1 : 0);
  const std::size_t level =
      std::min(all - 1, static_cast<std::size_t>(trial.uniform(conditions, 0) * static_cast<double>(all)));
  trial.state[side] = trial.uniform(conditions, 1) < 0.5 ? 0 : 1;
  const double size = level < strengths ? std::ldexp(p[coherence_most], -static_cast<int>(level)) : 0;
  trial.state[strength] = trial.state[side] != 0 ? size : -size;
  trial.columns[coherence] = trial.state[strength];
  trial.columns[label] = trial.state[side];
  show_motion(trial, 0);
}

// One neuron is for the right where it is positive; of two, the first is for the left.
std::int64_t answer_of(const EnvironmentTrial &trial) {
  const auto &seen = trial.sees[decision];
  const double bound = trial.parameters[bound_at];
  const double rightward_evidence = seen.values[seen.neurons - 1];
  const double leftward_evidence = seen.neurons == 2 ? seen.values[0] : -rightward_evidence;
  if (std::max(rightward_evidence, leftward_evidence) < bound) return -1;
  return rightward_evidence > leftward_evidence ? 1 : 0;
}

void take(const EnvironmentTrial &trial, std::int64_t made) {
  take_answer(trial, trial.state + answered);
  trial.columns[choice] = trial.columns[rightward] = static_cast<double>(made);
  trial.columns[correct] = static_cast<double>(made) == trial.state[side] ? 1 : 0;
  trial.columns[reaction_time] =
      (static_cast<double>(trial.step) * trial.step_ms + trial.parameters[non_decision]) / 1000;
  trial.shows[motion].fill(0);
  trial.shows[choice_made].one(static_cast<std::size_t>(made));
}

Happening step(const EnvironmentTrial &trial) {
  double *answer = trial.state + answered;
  if (is_answered(answer)) {
    const auto now = pay_answer(trial, answer, {reward_delay, after}, trial.columns[correct]);
    if (now.outcome) trial.shows[reward_paid].fill(now.reward);
    return now;
  }
  Happening now;
  now.choice = answer_of(trial);
  if (now.choice >= 0)
    take(trial, now.choice);
  else
    show_motion(trial, trial.step + 1);
  return now;
}

double shortest(const model::Typed &e) { return e.number("reward_delay"); }

model::Parameter strengths() {
  auto p = model::between("levels", 5, 1, 30, "strengths of motion, each half of the one before");
  p.integer = true;
  return p;
}

} // namespace random_dots
} // namespace

EnvironmentEntry random_dots_environment() {
  using namespace random_dots;
  using model::Column;
  return {.words =
              {.name = "random_dots",
               .help = "noisy motion to the right or left, answered as soon as a region reaches a bound; a right "
                       "answer pays 1",
               .reference = "Palmer, Huk & Shadlen 2005, J Vis 5:376-404",
               .parameters =
                   {model::positive("bound", "", 1, "what is seen must reach it: A"),
                    model::at_least_zero("sensitivity", "1/s", 10, "evidence by coherence: k"),
                    model::between("coherence", 0.512, 0, 1, "of the strongest motion"), strengths(),
                    model::choice("zero", {"no", "yes"},
                                  "is there motion of coherence 0 beside them? The side that "
                                  "pays is drawn"),
                    model::at_least_zero("non_decision", "ms", 0, "added to the reaction times of the table of trials"),
                    model::in_steps(model::positive("reward_delay", "ms", 1, "from the answer to its reward")),
                    model::in_steps(model::at_least_zero("after", "ms", 0, "from the reward to the end of the trial"))},
               .chooses = true,
               .sees = {{"decision",
                         "one neuron, which answers right at the bound and left at minus the bound, or "
                         "two, for left and right",
                         1, 2}},
               .shows = {{"motion",
                          "the momentary evidence for the right, or for left and right, each with noise of "
                          "its own, until the answer",
                          1, 2, true},
                         {"choice", "1 at the side that was answered (left, right), from the step after", 2, 2, true},
                         {.name = "reward", .help = "the reward, from the step after it", .optional = true}},
               .columns = {{"coherence", "strength of the motion, above 0 to the right, below 0 to the left"},
                           {"choice", "answer: 0 left, 1 right; -1: none", Column::Kind::integer},
                           {"label", "side that pays: 0 left, 1 right", Column::Kind::integer},
                           {"correct", "1: right answer, 0: wrong, NaN: none"},
                           {"rightward", "1: the answer was right, 0: left, NaN: none"},
                           {"reaction_time", "from the onset of motion to the answer, in seconds"}},
               .shortest = shortest},
          .place = 20,
          .states = states,
          .begin = begin,
          .step = step};
}

} // namespace engram::task
