#include "cli/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::cli {

namespace {
double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}
} // namespace

std::string duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long>(seconds);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string loss_text(double loss) { return std::isnan(loss) ? "-" : fmt::format("{:.4g}", loss); }
std::string percent_text(double share) { return std::isnan(share) ? "-" : fmt::format("{:.2f} %", 100 * share); }

ProgressLine::ProgressLine(bool quiet, double step_ms)
    : line_(quiet), step_ms_(step_ms), start_(Clock::now()), last_epoch_(start_), batch_(start_) {}

void ProgressLine::stage(const std::string &what) {
  if (line_.on_terminal()) line_.show(what);
}

void ProgressLine::begin(std::size_t epochs, std::size_t trials, std::size_t done) {
  progress_.epoch = 1;
  progress_.trials_done = before_ = done;
  progress_.epochs = epochs;
  progress_.trials = trials;
  start_ = last_epoch_ = Clock::now();
}

// Seconds until all is done, at the mean rate so far.
double ProgressLine::left(double trials_done) const {
  const double all = static_cast<double>(progress_.trials), now = trials_done - static_cast<double>(before_);
  return now > 0 ? since(start_) * (all - trials_done) / now : 0;
}

void ProgressLine::show(const simulation::Progress &p) {
  progress_ = p;
  if (!line_.due()) return;
  const auto done = static_cast<double>(p.trials_done);
  std::string line = fmt::format("epoch {}/{}{}", p.epoch, p.epochs, p.testing ? " test" : "");
  if (!std::isnan(p.loss)) line += fmt::format("  loss {}", loss_text(p.loss));
  if (!std::isnan(p.accuracy)) line += fmt::format("  accuracy {}", percent_text(p.accuracy));
  line += fmt::format("  {:.0f} trials/s  {} left", (done - static_cast<double>(before_)) / since(start_),
                      duration(left(done)));
  line_.show(line);
}

// "epoch 1/1  340 of 1000 ms  12.3 s left  real-time factor 19.2 (wall / simulated)"
std::string ProgressLine::position_text(const simulation::BatchProgress &p) const {
  const double ms = static_cast<double>(p.step) * step_ms_, wall = since(batch_);
  const double share = static_cast<double>(p.step) / static_cast<double>(p.steps);
  std::string line = fmt::format("epoch {}/{}  {:.0f} of {:g} ms", progress_.epoch, progress_.epochs, ms,
                                 static_cast<double>(p.steps) * step_ms_);
  if (p.step > 0)
    line +=
        fmt::format("  {} left",
                    duration(left(static_cast<double>(progress_.trials_done) + share * static_cast<double>(p.trials))));
  if (ms > 0) line += fmt::format("  real-time factor {:.3g} (wall / simulated)", wall / (ms / 1000));
  return line;
}

void ProgressLine::within_batch(const simulation::BatchProgress &position) {
  if (position.step == 0) batch_ = Clock::now();
  if (Clock::now() - batch_ < std::chrono::seconds(1)) return; // short trials are told of one after another
  if (line_.due())
    line_.show(position_text(position));
  else if (line_.log_due())
    line_.say(position_text(position));
}

void ProgressLine::epoch_done(const simulation::Epoch &e, std::size_t epochs) {
  // A log gets the first and the last epoch, and not more than one line a second between.
  const bool due = e.epoch == 1 || e.epoch == epochs || since(last_epoch_) > 1;
  if (!due) return;
  last_epoch_ = Clock::now();
  std::string line = fmt::format("epoch {}/{}", e.epoch, epochs);
  if (!std::isnan(e.train_loss)) line += fmt::format("  loss {}", loss_text(e.train_loss));
  if (!std::isnan(e.train_reward)) line += fmt::format("  reward {}", loss_text(e.train_reward));
  if (!std::isnan(e.train_accuracy)) line += fmt::format("  accuracy {}", percent_text(e.train_accuracy));
  if (!std::isnan(e.held_out_accuracy)) line += fmt::format("  held out {}", percent_text(e.held_out_accuracy));
  line += fmt::format("  ({})", duration(e.seconds));
  line_.say(line);
}

} // namespace engram::cli
