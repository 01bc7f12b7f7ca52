// A sample, a delay, and a test, which is the same as the sample or another: the answer says which.
#include "model/parameters.hpp"
#include "task/decision.hpp"
#include "task/paid_answer.hpp"

#include <algorithm>
#include <limits>

namespace engram::task {

namespace {
namespace delayed_match {

enum Parameter : std::size_t { fixation = decision_count, sample_for, delay_for, match_chance, reward_delay, after };
enum Sees : std::size_t { answers };
enum Shows : std::size_t { stimulus, choice_made, reward_paid };
enum Taught : std::size_t { answer_due };
enum Column : std::size_t { choice, label, correct, reaction_time, sample_shown, test_shown };
enum State : std::size_t { answered, states = answered + paid_answer_states };
enum Stream : std::uint32_t { conditions = 2 }; // after those of decisions and payments

std::uint64_t test_begins(const EnvironmentTrial &trial) {
  return trial.steps(fixation) + trial.steps(sample_for) + trial.steps(delay_for);
}

// Which of n stimuli, by a uniform number.
std::size_t one_of(std::size_t n, double u) {
  return std::min(n - 1, static_cast<std::size_t>(u * static_cast<double>(n)));
}

// What is shown in the step `which`.
void show(const EnvironmentTrial &trial, std::uint64_t which) {
  const std::uint64_t sample = trial.steps(fixation), gone = sample + trial.steps(sample_for);
  if (which == sample) trial.shows[stimulus].one(static_cast<std::size_t>(trial.columns[sample_shown]));
  if (which == gone) trial.shows[stimulus].fill(0);
  if (which != test_begins(trial)) return;
  trial.shows[stimulus].one(static_cast<std::size_t>(trial.columns[test_shown]));
  trial.targets[answer_due].one(static_cast<std::size_t>(trial.columns[label]));
}

void begin(const EnvironmentTrial &trial) {
  const std::size_t stimuli = std::max<std::size_t>(2, trial.shows[stimulus].neurons);
  const std::size_t sample = one_of(stimuli, trial.uniform(conditions, 0));
  const bool match = trial.uniform(conditions, 1) < trial.parameters[match_chance];
  const std::size_t other = (sample + 1 + one_of(stimuli - 1, trial.uniform(conditions, 2))) % stimuli;
  trial.columns[sample_shown] = static_cast<double>(sample);
  trial.columns[test_shown] = static_cast<double>(match ? sample : other);
  trial.columns[label] = match ? 1 : 0;
  show(trial, 0);
}

Happening step(const EnvironmentTrial &trial) {
  double *state = trial.state + answered;
  if (is_answered(state)) {
    const auto now = pay_answer(trial, state, {reward_delay, after}, trial.columns[correct]);
    if (now.outcome) trial.shows[reward_paid].fill(now.reward);
    return now;
  }
  Happening now;
  const std::uint64_t begins = test_begins(trial);
  now.choice = decide(trial, answers, 0, begins);
  if (now.choice >= 0) {
    take_answer(trial, state);
    trial.columns[choice] = static_cast<double>(now.choice);
    trial.columns[correct] = trial.columns[choice] == trial.columns[label] ? 1 : 0;
    trial.columns[reaction_time] = static_cast<double>(trial.step - begins) * trial.step_ms / 1000;
    trial.shows[choice_made].one(static_cast<std::size_t>(now.choice));
    trial.targets[answer_due].fill(std::numeric_limits<double>::quiet_NaN());
  }
  show(trial, trial.step + 1);
  return now;
}

double shortest(const model::Typed &e) {
  return e.number("fixation") + e.number("sample") + e.number("delay") + e.number("decide_at") +
         e.number("reward_delay");
}

} // namespace delayed_match
} // namespace

EnvironmentEntry delayed_match_to_sample_environment() {
  using namespace delayed_match;
  using model::Column;
  using model::in_steps;
  return {
      .words = {.name = "delayed_match_to_sample",
                .help =
                    "a sample, a delay, and a test until the end of the trial: a right answer, whether it is the same, "
                    "pays 1",
                .reference = "Miller, Erickson & Desimone 1996, J Neurosci 16:5154-5167",
                .parameters = with_decision(
                    200, {in_steps(model::at_least_zero("fixation", "ms", 0, "before the sample")),
                          in_steps(model::positive("sample", "ms", 200, "for which the sample is shown")),
                          in_steps(model::positive("delay", "ms", 500, "from the end of the sample to the test")),
                          model::between("match", 0.5, 0, 1, "chance that the test is the sample"),
                          in_steps(model::positive("reward_delay", "ms", 1, "from the answer to its reward")),
                          in_steps(model::at_least_zero("after", "ms", 0, "from the reward to the end of the trial"))}),
                .chooses = true,
                .sees = {{"choice", "nonmatch, and match; decide_at counts from the test", 2, 2}},
                .shows = {{.name = "stimulus", .help = "1 at the stimulus that is shown, one neuron each", .fewest = 2},
                          {"choice", "1 at what was answered, from the step after", 2, 2, true},
                          {.name = "reward", .help = "the reward, from the step after it", .optional = true}},
                .targets = {{"answer", "1 at the right answer, from the test until it is answered; else none", 2, 2,
                             true}},
                .columns = {{"choice", "answer: 0 nonmatch, 1 match; -1: none", Column::Kind::integer},
                            {"label", "right answer: 0 nonmatch, 1 match", Column::Kind::integer},
                            {"correct", "1: right answer, 0: wrong, NaN: none"},
                            {"reaction_time", "from the onset of the test to the answer, in seconds"},
                            {"sample", "stimulus that was the sample", Column::Kind::integer},
                            {"test", "stimulus that was the test", Column::Kind::integer}},
                .shortest = shortest},
      .place = 40,
      .states = states,
      .begin = begin,
      .step = step};
}

} // namespace engram::task
