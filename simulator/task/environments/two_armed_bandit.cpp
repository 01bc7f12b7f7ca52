// Two arms pay with different chances, which may be reversed or drift: a walk of normal steps between 0 and 1.
#include "model/parameters.hpp"
#include "task/decision.hpp"
#include "task/paid_answer.hpp"
#include "task/reflected.hpp"

namespace engram::task {

namespace {
namespace two_armed_bandit {

enum Parameter : std::size_t { left = decision_count, right, magnitude, reversal, drift, reward_delay, after };
enum Sees : std::size_t { arms };
enum Shows : std::size_t { cue, choice_made, reward_paid };
enum Column : std::size_t { choice, label, reaction_time, chance_left, chance_right };
enum State : std::size_t { answered, states = answered + paid_answer_states };

void next_chances(const CourseOfEvents &events, const double *before, double *now) {
  const double *p = events.parameters;
  if (!before) {
    now[0] = p[left];
    now[1] = p[right];
    return;
  }
  const auto every = static_cast<std::uint64_t>(p[reversal]);
  const bool reversed = every > 0 && events.number % every == 0;
  for (std::size_t arm = 0; arm < 2; ++arm)
    now[arm] = reflected(before[reversed ? 1 - arm : arm] + p[drift] * events.normal(arm), 0, 1);
}

void begin(const EnvironmentTrial &trial) {
  const double *chance = trial.course;
  trial.columns[chance_left] = chance[0];
  trial.columns[chance_right] = chance[1];
  if (chance[0] != chance[1]) trial.columns[label] = chance[1] > chance[0] ? 1 : 0;
  trial.shows[cue].fill(1);
}

Happening step(const EnvironmentTrial &trial) {
  constexpr std::uint32_t payments = 1; // the stream of random numbers; that of decisions is 0
  double *answer = trial.state + answered;
  if (is_answered(answer)) {
    const auto arm = static_cast<std::size_t>(trial.columns[choice]);
    const bool pays = trial.uniform(payments, 0) < trial.course[arm];
    const auto now = pay_answer(trial, answer, {reward_delay, after}, pays ? trial.parameters[magnitude] : 0);
    if (now.outcome) trial.shows[reward_paid].fill(now.reward);
    return now;
  }
  Happening now;
  now.choice = decide(trial, arms);
  if (now.choice < 0) return now;
  take_answer(trial, answer);
  trial.columns[choice] = static_cast<double>(now.choice);
  trial.columns[reaction_time] = static_cast<double>(trial.step) * trial.step_ms / 1000;
  trial.shows[choice_made].one(static_cast<std::size_t>(now.choice));
  return now;
}

double shortest(const model::Typed &e) { return e.number("decide_at") + e.number("reward_delay"); }

} // namespace two_armed_bandit
} // namespace

EnvironmentEntry two_armed_bandit_environment() {
  using namespace two_armed_bandit;
  using model::Column;
  return {
      .words = {.name = "two_armed_bandit",
                .help =
                    "two arms pay a reward with different chances; a trial is one choice, and ends after its payment",
                .reference = "Sutton & Barto 2018, Reinforcement Learning, chapter 2",
                .parameters = with_decision(
                    0, {model::between("left", 0.75, 0, 1, "chance that the left arm pays, in the first trial"),
                        model::between("right", 0.25, 0, 1, "chance that the right arm pays, in the first trial"),
                        model::number("magnitude", "", 1, "of a reward"),
                        [] {
                          auto p = model::between("reversal", 0, 0, 1e9,
                                                  "the chances change places every so many trials; "
                                                  "0: never");
                          p.integer = true;
                          return p;
                        }(),
                        model::between("drift", 0, 0, 1,
                                       "standard deviation of the step that each chance takes from trial "
                                       "to trial"),
                        model::in_steps(model::positive("reward_delay", "ms", 1, "from the choice to the payment")),
                        model::in_steps(
                            model::at_least_zero("after", "ms", 0, "from the payment to the end of the trial"))}),
                .chooses = true,
                .sees = {{"choice", "the values of the two arms, by which is chosen", 2, 2}},
                .shows = {{.name = "cue", .help = "1 throughout the trial", .optional = true},
                          {"choice", "1 at the arm that was chosen, from the step after the choice", 2, 2, true},
                          {.name = "reward", .help = "the reward, from the step after its payment", .optional = true}},
                .columns = {{"choice", "arm that was chosen: 0 left, 1 right; -1: none", Column::Kind::integer},
                            {"label", "arm of the higher chance; -1: both are the same", Column::Kind::integer},
                            {"reaction_time", "from the beginning of the trial to the choice, in seconds"},
                            {"chance_left", "chance that the left arm pays"},
                            {"chance_right", "chance that the right arm pays"}},
                .shortest = shortest},
      .place = 10,
      .states = states,
      .course = 2,
      .next = next_chances,
      .begin = begin,
      .step = step};
}

} // namespace engram::task
