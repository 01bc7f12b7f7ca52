// A car in a valley is too weak to drive up the hill: it must swing back first. With the action a of −1, 0 or 1
//   v ← v + 0.001 a − 0.0025 cos(3 x), between −0.07 and 0.07;  x ← x + v, at least −1.2, where v becomes 0,
// until x is 0.5. Each move costs 1.
#include <engram/environment.hpp>

#include <algorithm>

struct MountainCar {
  static constexpr engram::Environment about{
      .name = "mountain_car",
      .summary = "a car that is too weak for the hill must swing back first; each move costs 1, until it is at the top",
      .reference = "Moore 1990; Sutton & Barto 2018, Reinforcement Learning, example 10.1",
      .chooses = true};
  static constexpr engram_parameter parameters[] = {
      engram::parameter("move_every", "ms", 0, 0, 1e6, "from one move to the next; 0: one in each step"),
      engram::parameter("temperature", "", 0, 0, 1e6, "of the softmax by which a move is drawn; 0: the highest neuron"),
      engram::parameter("from", "", -0.6, -1.2, 0.4, "the car begins between here"),
      engram::parameter("to", "", -0.4, -1.2, 0.4, "and here")};
  static constexpr const char *in_steps[] = {"move_every"};
  struct Parameters {
    double move_every, temperature, from, to;
  };

  static constexpr engram_channel sees[] = {
      engram::channel("choice", "the values of driving back, of nothing, and of driving on", 3, 3)};
  static constexpr engram_channel shows[] = {
      engram::channel("car", "where it is, from -1.2 to 0.5, and how fast, times 10", 2, 2),
      engram::channel("grid", "the same as a bump: place by place, as many neurons as there are", 2)};
  static constexpr engram_column columns[] = {engram::integer_column("choice", "the last move: 0 back, 1 none, 2 on"),
                                              engram::integer_column("moves", "until the trial ended"),
                                              engram::truth_column("arrived", "was the car at the top?"),
                                              engram::number_column("start", "where the car began")};
  struct State {
    double x, v, moves;
  };

  static void show(auto &trial) {
    const auto &car = trial.state();
    trial.shows("car").set(0, car.x);
    trial.shows("car").set(1, 10 * car.v);
    const auto grid = trial.shows("grid");
    const double width = 1.7 / static_cast<double>(std::max<std::size_t>(1, grid.size()));
    for (std::size_t n = 0; n < grid.size(); ++n) {
      const double off = (car.x + 1.2 - width * (static_cast<double>(n) + 0.5)) / width;
      grid.set(n, std::exp(-off * off / 2));
    }
  }
  static void begin(auto &trial) {
    const auto &p = trial.parameters();
    trial.state().x = p.from + (p.to - p.from) * trial.uniform(0, 0);
    trial.column("start") = trial.state().x;
    trial.column("moves") = 0;
    show(trial);
  }
  static void step(auto &trial) {
    const auto &p = trial.parameters();
    const auto every = trial.steps(p.move_every);
    if (every > 0 && (trial.step() + 1) % every != 0) return;
    auto &car = trial.state();
    const auto seen = trial.sees("choice");
    const auto move = p.temperature > 0 ? engram::drawn_by_softmax(seen, p.temperature, trial.uniform(1, trial.step()))
                                        : engram::highest(seen);
    const double action = static_cast<double>(move) - 1;
    car.v = std::clamp(car.v + 0.001 * action - 0.0025 * std::cos(3 * car.x), -0.07, 0.07);
    car.x += car.v;
    if (car.x < -1.2) {
      car.x = -1.2;
      car.v = 0;
    }
    car.moves += 1;
    trial.choose(move);
    trial.column("choice") = static_cast<double>(move);
    trial.column("moves") = car.moves;
    trial.add_reward(-1);
    show(trial);
    if (car.x < 0.5) return;
    trial.column("arrived") = 1;
    trial.end();
  }
};
ENGRAM_ENVIRONMENT(MountainCar)
