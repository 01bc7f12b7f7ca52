// Two numbers are shown in each step, and the teacher's answer is twice the first less three times the second. Trials
// last 3 to 6 steps. Whatever the circuit does changes nothing but the reward.
#include <engram/environment.hpp>

struct LineTeacher {
  static constexpr engram::Environment about{
      .name = "line_teacher", .summary = "the teacher's answer is 2 a - 3 b", .reference = "none"};
  static constexpr engram_channel sees[] = {engram::channel("answer", "what the circuit says", 1, 1)};
  static constexpr engram_channel shows[] = {engram::channel("cue", "a and b", 2, 2)};
  static constexpr engram_channel targets[] = {engram::channel("answer", "2 a - 3 b", 1, 1),
                                               engram::channel("now_and_then", "the same in every other step", 1, 1),
                                               engram::channel("size", "the answer without its sign", 1, 1)};
  static constexpr engram_column columns[] = {engram::number_column("error", "of the last answer")};
  struct State {
    double answer;
  };

  static void show(auto &trial, std::uint64_t step) {
    const double a = trial.normal(0, 2 * step), b = trial.normal(0, 2 * step + 1);
    trial.shows("cue").set(0, a);
    trial.shows("cue").set(1, b);
    trial.state().answer = 2 * a - 3 * b;
    trial.target("answer").set(0, trial.state().answer);
    trial.target("size").set(0, trial.state().answer < 0 ? -trial.state().answer : trial.state().answer);
    trial.target("now_and_then").set(0, step % 2 == 0 ? trial.state().answer : std::nan(""));
  }
  static void begin(auto &trial) { show(trial, 0); }
  static void step(auto &trial) {
    const double error = trial.sees("answer")[0] - trial.state().answer;
    trial.column("error") = error;
    trial.pay(-error * error);
    if (trial.step() == 2 + trial.number() % 4) trial.end();
    show(trial, trial.step() + 1);
  }
};
ENGRAM_ENVIRONMENT(LineTeacher)
