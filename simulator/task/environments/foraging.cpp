// An animal looks for food in a square box. What is seen is the velocity that it wants (x and y, m/s; longer ones are
// cut to the highest speed); at a wall it stops in that direction. Food lies somewhere in the box. Who comes as near as
// `reach` eats it, is rewarded, and the next lies somewhere else. Place cells show where the animal is:
//   r_i = exp(−‖p − s_i‖² / (2 σ²)), s_i on a square grid that covers the box.
#include "model/parameters.hpp"
#include "task/environment_entry.hpp"

#include <algorithm>
#include <cmath>

namespace engram::task {

namespace {
namespace foraging {

enum Parameter : std::size_t { side, top_speed, reach, width_of_fields, meals };
enum Sees : std::size_t { velocity };
enum Shows : std::size_t { position, places, food, reward_paid };
enum Column : std::size_t { eaten, path, first_meal, food_distance, x_end, y_end };
enum State : std::size_t { x, y, food_x, food_y, rewarded, states };
enum Stream : std::uint32_t { starts, foods };

double distance(const EnvironmentTrial &trial) {
  return std::hypot(trial.state[food_x] - trial.state[x], trial.state[food_y] - trial.state[y]);
}

void lay_food(const EnvironmentTrial &trial, std::uint64_t which) {
  trial.state[food_x] = trial.parameters[side] * trial.uniform(foods, 2 * which);
  trial.state[food_y] = trial.parameters[side] * trial.uniform(foods, 2 * which + 1);
}

void show_places(const EnvironmentTrial &trial) {
  const auto &shown = trial.shows[places];
  if (shown.neurons == 0) return;
  const auto across = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(shown.neurons))));
  const double spacing = trial.parameters[side] / static_cast<double>(across);
  const double sd = trial.parameters[width_of_fields];
  for (std::size_t n = 0; n < shown.neurons; ++n) {
    const double dx = trial.state[x] - spacing * (0.5 + static_cast<double>(n % across));
    const double dy = trial.state[y] - spacing * (0.5 + static_cast<double>(n / across));
    shown.values[n] = std::exp(-(dx * dx + dy * dy) / (2 * sd * sd));
  }
}

void show(const EnvironmentTrial &trial) {
  const auto pair = [&](std::size_t channel, double first, double second) {
    const auto &shown = trial.shows[channel];
    if (shown.neurons < 2) return;
    shown.values[0] = first;
    shown.values[1] = second;
  };
  pair(position, trial.state[x], trial.state[y]);
  pair(food, trial.state[food_x] - trial.state[x], trial.state[food_y] - trial.state[y]);
  show_places(trial);
}

void begin(const EnvironmentTrial &trial) {
  trial.state[x] = trial.parameters[side] * trial.uniform(starts, 0);
  trial.state[y] = trial.parameters[side] * trial.uniform(starts, 1);
  lay_food(trial, 0);
  trial.columns[eaten] = 0;
  trial.columns[path] = 0;
  trial.columns[food_distance] = distance(trial);
  show(trial);
}

void run(const EnvironmentTrial &trial) {
  const auto &seen = trial.sees[velocity];
  const double speed = std::hypot(seen.values[0], seen.values[1]), top = trial.parameters[top_speed];
  const double seconds = trial.step_ms / 1000 * (speed > top ? top / speed : 1);
  const double from_x = trial.state[x], from_y = trial.state[y];
  trial.state[x] = std::clamp(from_x + seconds * seen.values[0], 0.0, trial.parameters[side]);
  trial.state[y] = std::clamp(from_y + seconds * seen.values[1], 0.0, trial.parameters[side]);
  trial.columns[path] += std::hypot(trial.state[x] - from_x, trial.state[y] - from_y);
  trial.columns[x_end] = trial.state[x];
  trial.columns[y_end] = trial.state[y];
}

Happening step(const EnvironmentTrial &trial) {
  Happening now;
  run(trial);
  if (distance(trial) <= trial.parameters[reach]) {
    now.outcome = true;
    now.reward = 1;
    if (trial.columns[eaten] == 0)
      trial.columns[first_meal] = static_cast<double>(trial.step + 1) * trial.step_ms / 1000;
    trial.columns[eaten] += 1;
    now.ends = trial.parameters[meals] > 0 && trial.columns[eaten] >= trial.parameters[meals];
    lay_food(trial, static_cast<std::uint64_t>(trial.columns[eaten]));
  }
  trial.shows[reward_paid].fill(now.reward);
  show(trial);
  return now;
}

std::string conflict(const model::Typed &e, double /*step_ms*/) {
  return e.number("reach") < e.number("side") ? ""
                                              : "'reach' must be below 'side': all food would be eaten where it lies";
}

} // namespace foraging
} // namespace

EnvironmentEntry foraging_environment() {
  using namespace foraging;
  using model::Column;
  auto meals_of_trial = model::between("meals", 1, 0, 1e9, "the trial ends after so many; 0: when its time is over");
  meals_of_trial.integer = true;
  return {.words = {.name = "foraging",
                    .help = "an animal runs in a square box and eats what it reaches; each meal pays 1",
                    .reference = "Foster, Morris & Dayan 2000, Hippocampus 10:1-16",
                    .parameters = {model::positive("side", "m", 1, "of the box"),
                                   model::positive("speed", "m/s", 0.3, "the highest"),
                                   model::positive("reach", "m", 0.05, "from which food is eaten"),
                                   model::positive("field", "m", 0.16, "standard deviation of a place field"),
                                   meals_of_trial},
                    .sees = {{"velocity", "velocity that the animal wants, x and y (m/s)", 2, 2}},
                    .shows = {{"position", "where the animal is, x and y (m) from a corner", 2, 2, true},
                              {.name = "places",
                               .help = "place cells, row by row of a square grid over the box",
                               .optional = true},
                              {"food", "from the animal to the food, x and y (m)", 2, 2, true},
                              {.name = "reward", .help = "the reward, in the step after a meal", .optional = true}},
                    .columns = {{"eaten", "meals", Column::Kind::integer},
                                {"path", "length of the path (m)"},
                                {"first_meal", "from the beginning of the trial, in seconds; NaN: none"},
                                {"food_distance", "from the start to the first food (m)"},
                                {"x", "where the trial ended (m)"},
                                {"y", "where the trial ended (m)"}},
                    .conflict = conflict},
          .place = 60,
          .states = states,
          .begin = begin,
          .step = step};
}

} // namespace engram::task
