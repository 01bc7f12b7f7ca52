// An arm of two joints reaches in a plane for a target. The torques τ at shoulder and elbow (N m) are what is seen:
//   M(θ) θ'' + C(θ, θ') + B θ' = τ
//   M = [a1 + 2 a2 cos θ2, a3 + a2 cos θ2; a3 + a2 cos θ2, a3],  C = a2 sin θ2 [−θ2' (2 θ1' + θ2'); θ1'²]
//   a1 = I1 + I2 + m2 l1², a2 = m2 l1 s2, a3 = I2,  B = [b1, b2; b2, b1]
// of Li & Todorov 2004, with their masses, lengths and moments of inertia. A step is taken by the classic Runge-Kutta
// method in substeps of 1 ms at the most. The hand is at l1 (cos θ1, sin θ1) + l2 (cos (θ1 + θ2), sin (θ1 + θ2)).
#include "model/parameters.hpp"
#include "task/environment_entry.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace engram::task {

namespace {
namespace reaching {

enum Parameter : std::size_t {
  friction,
  coupling,
  radius,
  top_speed,
  hold,
  distance_least,
  distance_most,
  start_1,
  start_2,
  stiffness,
  damping
};
enum Sees : std::size_t { torque };
enum Shows : std::size_t { joints, hand_at, target, error_of_hand, reward_paid };
enum Taught : std::size_t { torques, goal };
enum Column : std::size_t {
  target_x,
  target_y,
  reached,
  reach_time,
  distance,
  shoulder,
  elbow,
  shoulder_velocity,
  elbow_velocity,
  energy
};
enum State : std::size_t { arm, goal_x = arm + 4, goal_y, held, states };
enum Stream : std::uint32_t { targets };

constexpr double m2 = 1.0, l1 = 0.30, l2 = 0.33, s2 = 0.16, inertia_1 = 0.025, inertia_2 = 0.045; // kg, m, kg m²
constexpr double a1 = inertia_1 + inertia_2 + m2 * l1 * l1, a2 = m2 * l1 * s2, a3 = inertia_2;
constexpr double longest_step = 20; // ms: the torques are held for so long
constexpr double runaway = 1e3;     // rad/s: no arm moves so fast, and no substep could follow

using Arm = std::array<double, 4>; // θ1, θ2, θ1', θ2'

struct Inertia {
  double m11, m12, m22;
};
Inertia inertia(double elbow_angle) {
  const double c = a2 * std::cos(elbow_angle);
  return {a1 + 2 * c, a3 + c, a3};
}

Arm derivative(const Arm &s, const double *tau, double b1, double b2) {
  const auto m = inertia(s[1]);
  const double c = a2 * std::sin(s[1]);
  const double f1 = tau[0] + c * s[3] * (2 * s[2] + s[3]) - b1 * s[2] - b2 * s[3];
  const double f2 = tau[1] - c * s[2] * s[2] - b2 * s[2] - b1 * s[3];
  const double det = m.m11 * m.m22 - m.m12 * m.m12;
  return {s[2], s[3], (m.m22 * f1 - m.m12 * f2) / det, (m.m11 * f2 - m.m12 * f1) / det};
}

Arm moved(const Arm &s, const Arm &d, double h) {
  Arm out = s;
  for (std::size_t k = 0; k < out.size(); ++k) out[k] += h * d[k];
  return out;
}

// The classic Runge-Kutta method, with the torques held.
Arm stepped(Arm s, const double *tau, double seconds, double b1, double b2) {
  const auto parts = static_cast<std::size_t>(std::ceil(seconds / 0.001 - 1e-9));
  const double h = seconds / static_cast<double>(parts);
  for (std::size_t part = 0; part < parts; ++part) {
    const Arm k1 = derivative(s, tau, b1, b2), k2 = derivative(moved(s, k1, h / 2), tau, b1, b2),
              k3 = derivative(moved(s, k2, h / 2), tau, b1, b2), k4 = derivative(moved(s, k3, h), tau, b1, b2);
    for (std::size_t k = 0; k < s.size(); ++k) s[k] += h / 6 * (k1[k] + 2 * k2[k] + 2 * k3[k] + k4[k]);
  }
  return s;
}

Arm arm_of(const EnvironmentTrial &trial) {
  Arm s;
  std::copy_n(trial.state + arm, s.size(), s.begin());
  return s;
}

std::array<double, 2> hand_of(const Arm &s) {
  return {l1 * std::cos(s[0]) + l2 * std::cos(s[0] + s[1]), l1 * std::sin(s[0]) + l2 * std::sin(s[0] + s[1])};
}

// The torques of a spring from the hand to the target, and of damped joints: τ = Jᵀ k (goal − hand) − d θ'.
std::array<double, 2> pulled(const Arm &s, double dx, double dy, double k, double d) {
  const auto hand = hand_of(s);
  const double x2 = l2 * std::cos(s[0] + s[1]), y2 = l2 * std::sin(s[0] + s[1]);
  return {k * (-hand[1] * dx + hand[0] * dy) - d * s[2], k * (-y2 * dx + x2 * dy) - d * s[3]};
}

void tell(const EnvironmentTrial &trial, const Arm &s) {
  const auto hand = hand_of(s);
  const double dx = trial.state[goal_x] - hand[0], dy = trial.state[goal_y] - hand[1];
  const auto m = inertia(s[1]);
  double *columns = trial.columns;
  columns[distance] = std::hypot(dx, dy);
  columns[shoulder] = s[0];
  columns[elbow] = s[1];
  columns[shoulder_velocity] = s[2];
  columns[elbow_velocity] = s[3];
  columns[energy] = 0.5 * (m.m11 * s[2] * s[2] + 2 * m.m12 * s[2] * s[3] + m.m22 * s[3] * s[3]);
  const auto show = [&](std::size_t channel, const double *values) {
    if (trial.shows[channel].neurons > 0)
      std::copy_n(values, trial.shows[channel].neurons, trial.shows[channel].values);
  };
  const double there[] = {trial.state[goal_x], trial.state[goal_y]}, off[] = {dx, dy};
  show(joints, s.data());
  show(hand_at, hand.data());
  show(target, there);
  show(error_of_hand, off);
  const auto teach = [&](std::size_t channel, const double *values) {
    std::copy_n(values, trial.targets[channel].neurons, trial.targets[channel].values);
  };
  teach(torques, pulled(s, dx, dy, trial.parameters[stiffness], trial.parameters[damping]).data());
  teach(goal, there);
}

// Targets lie around where the hand begins, those that the arm can reach: the direction is drawn until one is.
void begin(const EnvironmentTrial &trial) {
  const double *p = trial.parameters;
  const Arm s{p[start_1], p[start_2], 0, 0};
  std::copy(s.begin(), s.end(), trial.state + arm);
  const auto hand = hand_of(s);
  trial.state[goal_x] = hand[0];
  trial.state[goal_y] = hand[1];
  const double from = std::abs(l1 - l2) + 0.01, to = l1 + l2 - 0.01;
  for (std::uint64_t k = 0; k < 1000; ++k) {
    const double far = p[distance_least] + (p[distance_most] - p[distance_least]) * trial.uniform(targets, 2 * k);
    const double angle = 2 * std::numbers::pi * trial.uniform(targets, 2 * k + 1);
    const double x = hand[0] + far * std::cos(angle), y = hand[1] + far * std::sin(angle), r = std::hypot(x, y);
    if (r < from || r > to) continue;
    trial.state[goal_x] = x;
    trial.state[goal_y] = y;
    break;
  }
  trial.columns[target_x] = trial.state[goal_x];
  trial.columns[target_y] = trial.state[goal_y];
  trial.columns[reached] = 0;
  tell(trial, s);
}

Happening step(const EnvironmentTrial &trial) {
  const double *p = trial.parameters;
  Happening now;
  Arm s = stepped(arm_of(trial), trial.sees[torque].values, trial.step_ms / 1000, p[friction], p[coupling]);
  if (!(std::abs(s[2]) < runaway && std::abs(s[3]) < runaway)) { // thrown about: the trial is over, the arm as it was
    now.ends = true;
    return now;
  }
  std::copy(s.begin(), s.end(), trial.state + arm);
  tell(trial, s);
  const double reach = l1 * std::abs(s[2]) + l2 * std::abs(s[2] + s[3]); // an upper bound of the hand's speed
  const bool there = trial.columns[distance] <= p[radius] && reach <= p[top_speed];
  trial.state[held] = there ? trial.state[held] + 1 : 0;
  if (there && trial.state[held] > static_cast<double>(trial.steps(hold))) {
    now.outcome = now.ends = true;
    now.reward = 1;
    trial.columns[reached] = 1;
    trial.columns[reach_time] = static_cast<double>(trial.step + 1) * trial.step_ms / 1000;
    trial.shows[reward_paid].fill(1);
  }
  return now;
}

std::string conflict(const model::Typed &e, double step_ms) {
  if (step_ms > longest_step)
    return fmt::format("the arm moves in steps of {:g} ms at the most: /time/step is {:g} ms", longest_step, step_ms);
  if (e.number("nearest") > e.number("farthest")) return "'nearest' must not be above 'farthest'";
  return "";
}

} // namespace reaching
} // namespace

EnvironmentEntry reaching_environment() {
  using namespace reaching;
  using model::between;
  using model::Column;
  return {
      .words = {.name = "reaching",
                .help = "an arm of two joints, moved by torques, reaches for a target in a plane; the target pays 1",
                .reference =
                    "Li & Todorov 2004, ICINCO 1:222-229; Shadmehr & Mussa-Ivaldi 1994, J Neurosci 14:3208-3224",
                .parameters = {between("friction", 0.05, 0, 10, "of each joint, N m s"),
                               between("coupling", 0.025, 0, 10, "friction between the joints, N m s"),
                               model::positive("radius", "m", 0.02, "of the target"),
                               model::positive("slow", "m/s", 0.2,
                                               "the hand must be so slow in the target: l1 |θ1'| + l2 |θ1' + "
                                               "θ2'|"),
                               model::in_steps(
                                   model::at_least_zero("hold", "ms", 0, "for which it must be held there")),
                               between("nearest", 0.1, 0, 0.6, "distance of a target from the hand, m"),
                               between("farthest", 0.2, 0, 0.6, "distance of a target from the hand, m"),
                               between("shoulder", 0.8, -3.2, 3.2, "angle as the trial begins, rad"),
                               between("elbow", 1.6, -3.2, 3.2, "angle as the trial begins, rad"),
                               between("stiffness", 60, 0, 1e4, "N/m: of the spring that teaches 'torque'"),
                               between("damping", 1.5, 0, 1e3, "N m s: of the joints, in what teaches 'torque'")},
                .sees = {{"torque", "torques at shoulder and elbow (N m)", 2, 2}},
                .shows = {{"joints", "angles of shoulder and elbow (rad), and their velocities (rad/s)", 4, 4, true},
                          {"hand", "where the hand is, x and y from the shoulder (m)", 2, 2, true},
                          {"target", "where the target is, x and y from the shoulder (m)", 2, 2, true},
                          {"error", "from the hand to the target, x and y (m)", 2, 2, true},
                          {.name = "reward", .help = "the reward, from the step after it", .optional = true}},
                .targets = {{"torque",
                             "torques of a spring that pulls the hand to the target, with damped joints: J' stiffness "
                             "(target - hand) - damping θ'",
                             2, 2, true},
                            {"position", "where the target is, x and y from the shoulder (m)", 2, 2, true}},
                .columns = {{"target_x", "m from the shoulder"},
                            {"target_y", "m from the shoulder"},
                            {"reached", "was the target reached?", Column::Kind::truth},
                            {"reach_time", "from the beginning of the trial, in seconds; NaN: not reached"},
                            {"distance", "of the hand from the target as the trial ended (m)"},
                            {"shoulder", "angle as the trial ended (rad)"},
                            {"elbow", "angle as the trial ended (rad)"},
                            {"shoulder_velocity", "as the trial ended (rad/s)"},
                            {"elbow_velocity", "as the trial ended (rad/s)"},
                            {"energy", "kinetic energy as the trial ended (J)"}},
                .conflict = conflict},
      .place = 70,
      .states = states,
      .begin = begin,
      .step = step};
}

} // namespace engram::task
