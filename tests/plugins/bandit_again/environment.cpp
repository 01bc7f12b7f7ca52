// The built-in two_armed_bandit, which draws its choices by softmax as the trial begins, written as a plugin: tests
// compare their bits. Streams of random numbers are those of the built-in: 0 of choices, 1 of payments.
#include <engram/environment.hpp>

struct BanditAgain {
  static constexpr engram::Environment about{
      .name = "bandit_again", .summary = "two arms pay with different chances", .reference = "none", .chooses = true};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("temperature", "", 1, 1e-6, 1e6, "of the softmax"),
      engram::parameter("left", "", 0.75, 0, 1, "chance of the left arm, in the first trial"),
      engram::parameter("right", "", 0.25, 0, 1, "chance of the right arm, in the first trial"),
      engram::parameter("reversal", "", 0, 0, 1e9, "the chances change places every so many trials"),
      engram::parameter("reward_delay", "ms", 1, 0, 1e6, "from the choice to the payment"),
      engram::parameter("after", "ms", 0, 0, 1e6, "from the payment to the end")};
  static constexpr const char *in_steps[] = {"reward_delay", "after"};
  struct Parameters {
    double temperature, left, right, reversal, reward_delay, after;
  };
  static constexpr engram_channel sees[] = {engram::channel("choice", "the values of the two arms", 2, 2)};
  static constexpr engram_channel shows[] = {engram::channel("cue", "1 throughout the trial")};
  static constexpr engram_column columns[] = {engram::integer_column("choice", "arm that was chosen"),
                                              engram::integer_column("label", "arm of the higher chance"),
                                              engram::number_column("chance_left", "of a payment"),
                                              engram::number_column("chance_right", "of a payment")};
  struct State {
    double answered, paid;
  };
  struct Course {
    double left, right;
  };

  static void next(const auto &events, const Course *before, Course &now) {
    const auto &p = events.parameters();
    now = before ? *before : Course{p.left, p.right};
    const auto every = static_cast<std::uint64_t>(p.reversal);
    if (before && every > 0 && events.number() % every == 0) now = {before->right, before->left};
  }
  static void begin(auto &trial) {
    const auto &chance = trial.course();
    trial.column("chance_left") = chance.left;
    trial.column("chance_right") = chance.right;
    if (chance.left != chance.right) trial.column("label") = chance.right > chance.left ? 1 : 0;
    trial.shows("cue").fill(1);
  }
  static void step(auto &trial) {
    const auto &p = trial.parameters();
    auto &state = trial.state();
    if (state.answered == 0) {
      const auto arm = engram::drawn_by_softmax(trial.sees("choice"), p.temperature, trial.uniform(0, 0));
      trial.choose(arm);
      trial.column("choice") = static_cast<double>(arm);
      state.answered = static_cast<double>(trial.step()) + 1;
      return;
    }
    const auto due = static_cast<std::uint64_t>(state.answered) - 1 + trial.steps(p.reward_delay);
    if (trial.step() == due) {
      const double chance = trial.column("choice") == 0 ? trial.course().left : trial.course().right;
      trial.pay(trial.uniform(1, 0) < chance ? 1 : 0);
      state.paid = 1;
    }
    if (state.paid != 0 && trial.step() >= due + trial.steps(p.after)) trial.end();
  }
};
ENGRAM_ENVIRONMENT(BanditAgain)
