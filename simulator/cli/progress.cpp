#include "cli/progress.hpp"

#include <fmt/format.h>

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

ProgressLine::ProgressLine(bool quiet) : line_(quiet), start_(Clock::now()), last_epoch_(start_) {}

void ProgressLine::show(const simulation::Progress &p) {
  if (!line_.due()) return;
  const double passed = since(start_), rate = static_cast<double>(p.trials_done) / passed;
  const double left = rate > 0 ? static_cast<double>(p.trials - p.trials_done) / rate : 0;
  std::string line = fmt::format("epoch {}/{}{}", p.epoch, p.epochs, p.testing ? " test" : "");
  if (!std::isnan(p.loss)) line += fmt::format("  loss {}", loss_text(p.loss));
  if (!std::isnan(p.accuracy)) line += fmt::format("  accuracy {}", percent_text(p.accuracy));
  line += fmt::format("  {:.0f} trials/s  {} left", rate, duration(left));
  line_.show(line);
}

void ProgressLine::epoch_done(const simulation::Epoch &e, std::size_t epochs) {
  // A log gets the first and the last epoch, and not more than one line a second between.
  const bool due = e.epoch == 1 || e.epoch == epochs || since(last_epoch_) > 1;
  if (!due) return;
  last_epoch_ = Clock::now();
  std::string line = fmt::format("epoch {}/{}", e.epoch, epochs);
  if (!std::isnan(e.train_loss)) line += fmt::format("  loss {}", loss_text(e.train_loss));
  if (!std::isnan(e.train_accuracy)) line += fmt::format("  accuracy {}", percent_text(e.train_accuracy));
  if (!std::isnan(e.held_out_accuracy)) line += fmt::format("  held out {}", percent_text(e.held_out_accuracy));
  line += fmt::format("  ({})", duration(e.seconds));
  line_.say(line);
}

} // namespace engram::cli
