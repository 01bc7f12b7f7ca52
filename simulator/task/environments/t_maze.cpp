// A run along the stem of a T-maze: cues appear at its left and right one after the other, and after a delay the arm on
// the side of most cues pays. Times stand for places, as for an animal that runs at a constant speed.
#include "model/parameters.hpp"
#include "task/decision.hpp"
#include "task/paid_answer.hpp"

namespace engram::task {

namespace {
namespace t_maze {

enum Parameter : std::size_t { cue_count = decision_count, cue_for, gap, delay_for, advantage, reward_delay, after };
enum Sees : std::size_t { turns };
enum Shows : std::size_t { cues, junction, choice_made, reward_paid };
enum Column : std::size_t { choice, label, correct, reaction_time, left_cues, right_cues, evidence };
enum State : std::size_t { rich_side, answered, states = answered + paid_answer_states };
enum Stream : std::uint32_t { conditions = 2, sides };

std::uint64_t cue_period(const EnvironmentTrial &trial) { return trial.steps(cue_for) + trial.steps(gap); }
std::uint64_t junction_begins(const EnvironmentTrial &trial) {
  return static_cast<std::uint64_t>(trial.parameters[cue_count]) * cue_period(trial) + trial.steps(delay_for);
}

// The side of a cue: 0 left, 1 right.
std::size_t side_of(const EnvironmentTrial &trial, std::uint64_t cue) {
  const auto rich = static_cast<std::size_t>(trial.state[rich_side]);
  return trial.uniform(sides, cue) < trial.parameters[advantage] ? rich : 1 - rich;
}

void show(const EnvironmentTrial &trial, std::uint64_t which) {
  const std::uint64_t cue = which / cue_period(trial), within = which % cue_period(trial);
  if (cue < static_cast<std::uint64_t>(trial.parameters[cue_count])) {
    if (within == 0) trial.shows[cues].one(side_of(trial, cue));
    if (within == trial.steps(cue_for)) trial.shows[cues].fill(0);
  } else {
    trial.shows[cues].fill(0);
  }
  if (which == junction_begins(trial)) trial.shows[junction].fill(1);
}

void begin(const EnvironmentTrial &trial) {
  const auto count = static_cast<std::uint64_t>(trial.parameters[cue_count]);
  trial.state[rich_side] = trial.uniform(conditions, 0) < 0.5 ? 0 : 1;
  double right = 0;
  for (std::uint64_t cue = 0; cue < count; ++cue) right += static_cast<double>(side_of(trial, cue));
  const double left = static_cast<double>(count) - right;
  trial.columns[left_cues] = left;
  trial.columns[right_cues] = right;
  trial.columns[evidence] = right - left;
  trial.columns[label] = right > left ? 1 : right < left ? 0 : trial.state[rich_side];
  show(trial, 0);
}

Happening step(const EnvironmentTrial &trial) {
  double *answer = trial.state + answered;
  if (is_answered(answer)) {
    const auto now = pay_answer(trial, answer, {reward_delay, after}, trial.columns[correct]);
    if (now.outcome) trial.shows[reward_paid].fill(now.reward);
    return now;
  }
  Happening now;
  const std::uint64_t begins = junction_begins(trial);
  now.choice = decide(trial, turns, 0, begins);
  if (now.choice >= 0) {
    take_answer(trial, answer);
    trial.columns[choice] = static_cast<double>(now.choice);
    trial.columns[correct] = trial.columns[choice] == trial.columns[label] ? 1 : 0;
    trial.columns[reaction_time] = static_cast<double>(trial.step - begins) * trial.step_ms / 1000;
    trial.shows[choice_made].one(static_cast<std::size_t>(now.choice));
  }
  show(trial, trial.step + 1);
  return now;
}

double shortest(const model::Typed &e) {
  return e.number("cues") * (e.number("cue") + e.number("gap")) + e.number("delay") + e.number("decide_at") +
         e.number("reward_delay");
}

model::Parameter count_of_cues() {
  auto p = model::between("cues", 7, 1, 1000, "cues of a trial; of an even number equal sides are drawn");
  p.integer = true;
  return p;
}

} // namespace t_maze
} // namespace

EnvironmentEntry t_maze_environment() {
  using namespace t_maze;
  using model::Column;
  using model::in_steps;
  return {
      .words = {.name = "t_maze",
                .help =
                    "cues at the left and right of a T-maze's stem, a delay, and a turn: the side of most cues pays 1",
                .reference = "Morcos & Harvey 2016, Nat Neurosci 19:1672-1681; Bellec et al. 2020, Nat Commun 11:3625",
                .parameters = with_decision(
                    0, {count_of_cues(), in_steps(model::positive("cue", "ms", 100, "for which a cue is seen")),
                        in_steps(model::at_least_zero("gap", "ms", 50, "from a cue to the next")),
                        in_steps(model::at_least_zero("delay", "ms", 500, "from the last gap to the junction")),
                        model::between("advantage", 0.7, 0.5, 1, "chance of each cue to be on the richer side"),
                        in_steps(model::positive("reward_delay", "ms", 1, "from the turn to its reward")),
                        in_steps(model::at_least_zero("after", "ms", 0, "from the reward to the end of the trial"))}),
                .chooses = true,
                .sees = {{"choice", "left and right; decide_at counts from the junction", 2, 2}},
                .shows = {{"cues", "1 at the side of the cue: left, right", 2, 2},
                          {.name = "junction", .help = "1 from the junction on", .optional = true},
                          {"choice", "1 at the side of the turn, from the step after", 2, 2, true},
                          {.name = "reward", .help = "the reward, from the step after it", .optional = true}},
                .columns = {{"choice", "turn: 0 left, 1 right; -1: none", Column::Kind::integer},
                            {"label", "side that pays: 0 left, 1 right", Column::Kind::integer},
                            {"correct", "1: right turn, 0: wrong, NaN: none"},
                            {"reaction_time", "from the junction to the turn, in seconds"},
                            {"left_cues", "cues on the left", Column::Kind::integer},
                            {"right_cues", "cues on the right", Column::Kind::integer},
                            {"evidence", "cues on the right less those on the left", Column::Kind::integer}},
                .shortest = shortest},
      .place = 50,
      .states = states,
      .begin = begin,
      .step = step};
}

} // namespace engram::task
