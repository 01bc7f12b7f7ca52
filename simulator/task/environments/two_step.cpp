// The two-step task. The first choice leads to one of two states: to its own in most trials (a common transition), to
// the other in the rest (a rare one). The choice there is paid with a chance that walks from trial to trial, by normal
// steps between two bounds. Who repeats a first choice after a reward whatever the transition was learns without a
// model; who repeats it after a rewarded common transition, and changes after a rewarded rare one, has a model.
#include "model/parameters.hpp"
#include "task/decision.hpp"
#include "task/paid_answer.hpp"
#include "task/reflected.hpp"

#include <algorithm>

namespace engram::task {

namespace {
namespace two_step {

enum Parameter : std::size_t { common = decision_count, walk, lowest, highest_chance, reward_delay, after };
enum Sees : std::size_t { actions };
enum Shows : std::size_t { place, choice_made, reward_paid };
enum Column : std::size_t { choice, state_reached, second_choice, was_common, reaction_time, second_time, chances };
enum State : std::size_t { second_begins, answered, states = answered + paid_answer_states };
enum Stream : std::uint32_t { payments = 1, transitions };
constexpr std::size_t options = 4; // two in each of two states

void next_chances(const CourseOfEvents &events, const double *before, double *now) {
  const double *p = events.parameters;
  const double low = p[lowest], high = p[highest_chance];
  for (std::size_t k = 0; k < options; ++k)
    now[k] =
        before ? reflected(before[k] + p[walk] * events.normal(k), low, high) : low + (high - low) * events.uniform(k);
}

void begin(const EnvironmentTrial &trial) {
  std::copy_n(trial.course, options, trial.columns + chances);
  trial.shows[place].one(0);
}

// The first choice, and where it leads.
void go(const EnvironmentTrial &trial, std::int64_t made) {
  const bool commonly = trial.uniform(transitions, 0) < trial.parameters[common];
  const std::int64_t reached = commonly ? made : 1 - made;
  trial.columns[choice] = static_cast<double>(made);
  trial.columns[state_reached] = static_cast<double>(reached);
  trial.columns[was_common] = commonly ? 1 : 0;
  trial.columns[reaction_time] = static_cast<double>(trial.step) * trial.step_ms / 1000;
  trial.state[second_begins] = static_cast<double>(trial.step + 1);
  trial.shows[place].one(1 + static_cast<std::size_t>(reached));
}

Happening step(const EnvironmentTrial &trial) {
  double *answer = trial.state + answered;
  if (is_answered(answer)) {
    const auto option = static_cast<std::size_t>(2 * trial.columns[state_reached] + trial.columns[second_choice]);
    const double reward = trial.uniform(payments, 0) < trial.course[option] ? 1 : 0;
    const auto now = pay_answer(trial, answer, {reward_delay, after}, reward);
    if (now.outcome) trial.shows[reward_paid].fill(now.reward);
    return now;
  }
  Happening now;
  const auto begins = static_cast<std::uint64_t>(trial.state[second_begins]);
  now.choice = decide(trial, actions, begins == 0 ? 0 : 1, begins);
  if (now.choice < 0) return now;
  trial.shows[choice_made].one(static_cast<std::size_t>(now.choice));
  if (begins == 0) {
    go(trial, now.choice);
    return now;
  }
  trial.columns[second_choice] = static_cast<double>(now.choice);
  trial.columns[second_time] = static_cast<double>(trial.step - begins) * trial.step_ms / 1000;
  take_answer(trial, answer);
  return now;
}

double shortest(const model::Typed &e) { return 2 * e.number("decide_at") + e.number("reward_delay"); }

std::string conflict(const model::Typed &e, double /*step_ms*/) {
  return e.number("lowest") <= e.number("highest") ? "" : "'lowest' must not be above 'highest'";
}

} // namespace two_step
} // namespace

EnvironmentEntry two_step_environment() {
  using namespace two_step;
  using model::between;
  using model::Column;
  using model::in_steps;
  return {
      .words =
          {.name = "two_step",
           .help =
               "a choice leads to one of two states, mostly to its own, and a choice there is paid by a chance that "
               "walks",
           .reference = "Daw, Gershman, Seymour, Dayan & Dolan 2011, Neuron 69:1204-1215",
           .parameters = with_decision(
               0, {between("common", 0.7, 0, 1, "chance that a first choice leads to its own state"),
                   between("walk", 0.025, 0, 1, "standard deviation of the step of each chance from trial to trial"),
                   between("lowest", 0.25, 0, 1, "bound of the chances"),
                   between("highest", 0.75, 0, 1, "bound of the chances"),
                   in_steps(model::positive("reward_delay", "ms", 1, "from the second choice to its payment")),
                   in_steps(model::at_least_zero("after", "ms", 0, "from the payment to the end of the trial"))}),
           .chooses = true,
           .sees = {{"choice", "the values of the two actions where the animal is; decide_at counts from each stage", 2,
                     2}},
           .shows = {{"state", "1 at where the animal is: the first stage, the left state, the right state", 3, 3},
                     {"choice", "1 at what was chosen last, from the step after", 2, 2, true},
                     {.name = "reward", .help = "the reward, from the step after its payment", .optional = true}},
           .columns = {{"choice", "first choice: 0 left, 1 right; -1: none", Column::Kind::integer},
                       {"state", "state that was reached: 0 left, 1 right; -1: none", Column::Kind::integer},
                       {"second_choice", "second choice: 0 left, 1 right; -1: none", Column::Kind::integer},
                       {"common", "1: common transition, 0: rare, NaN: none"},
                       {"reaction_time", "from the beginning of the trial to the first choice, in seconds"},
                       {"second_time", "from the second stage to its choice, in seconds"},
                       {"chance_left_left", "chance that the left choice in the left state is paid"},
                       {"chance_left_right", "chance that the right choice in the left state is paid"},
                       {"chance_right_left", "chance that the left choice in the right state is paid"},
                       {"chance_right_right", "chance that the right choice in the right state is paid"}},
           .shortest = shortest,
           .conflict = conflict},
      .place = 30,
      .states = states,
      .course = options,
      .next = next_chances,
      .begin = begin,
      .step = step};
}

} // namespace engram::task
