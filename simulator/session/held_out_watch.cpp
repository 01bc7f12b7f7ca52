#include "session/held_out_watch.hpp"

#include <fmt/format.h>

namespace engram::session {

namespace {

const char *name_of(model::HeldOutValue value) {
  return value == model::HeldOutValue::loss       ? "held-out loss"
         : value == model::HeldOutValue::accuracy ? "held-out accuracy"
                                                  : "held-out reward";
}

} // namespace

HeldOutWatch::HeldOutWatch(const model::Task &task) : task_(task) {
  if (task.stop) stop_.emplace(task.stop->value, task.stop->min_change);
  if (task.keep_best) best_.emplace(*task.keep_best);
}

void HeldOutWatch::add(const simulation::Epoch &epoch) {
  last_point_ = epoch;
  if (stop_) stop_->add(epoch);
  if (best_ && best_->add(epoch)) best_point_ = epoch;
}

std::string HeldOutWatch::why_enough() const {
  const auto &stop = *task_.stop;
  const std::string begin = fmt::format("after epoch {} of {}: ", last_point_.epoch, task_.epochs);
  const std::string name = name_of(stop.value);
  if (stop_->epoch() == 0) return fmt::format("{}no epoch has had a {}", begin, name);
  return fmt::format("{}the {} has not {}{} for {} epoch{}, since epoch {} ({:.4g})", begin, name,
                     stop.value == model::HeldOutValue::loss ? "fallen" : "risen",
                     stop.min_change > 0 ? fmt::format(" by more than {:g}", stop.min_change) : "", stop.patience,
                     stop.patience == 1 ? "" : "s", stop_->epoch(), stop_->best());
}

std::string HeldOutWatch::why_kept() const {
  return best_ ? fmt::format("the best {}", name_of(*task_.keep_best)) : "";
}

} // namespace engram::session
