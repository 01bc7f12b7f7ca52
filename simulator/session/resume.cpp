#include "session/resume.hpp"

#include "data/array.hpp"
#include "learning/learning_rate.hpp"
#include "record/run_read.hpp"
#include "session/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace engram::session {

namespace {

namespace fs = std::filesystem;

bool is_there(const std::string &path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::size_t epochs_of(const std::string &text) {
  const auto model = input::Json::parse(text, nullptr, false);
  const auto at = nlohmann::json_pointer<std::string>("/task/epochs");
  return model.is_object() && model.contains(at) && model.at(at).is_number_unsigned() ? model.at(at).get<std::size_t>()
                                                                                      : 1;
}

FoundRun read_found(const std::string &file, const std::string &target) {
  const record::RunReader reader(file);
  FoundRun found;
  found.file = file;
  found.target = target;
  found.model = reader.model_json();
  found.info.model_name = reader.text("model_name");
  found.info.version = reader.text("engram_version");
  found.info.precision = reader.text("precision");
  found.info.files_read = reader.text("files_read");
  found.info.initial_weights = reader.text("initial_weights");
  found.info.seed = reader.seed();
  found.info.session_start = reader.session_start();
  found.complete = reader.text("status") == "complete";
  found.stopped = reader.text("stopped");
  found.epochs_planned = epochs_of(found.model);
  found.kept_epoch = static_cast<std::size_t>(reader.number("kept_epoch").value_or(0));
  found.test_loss = reader.number("test_loss");
  found.test_accuracy = reader.number("test_accuracy");
  found.test_reward = reader.number("test_reward");
  const auto epochs = reader.epochs_done();
  found.has_state = epochs.has_value();
  found.epochs_done = epochs.value_or(0);
  found.curve = reader.curve();
  std::erase_if(found.curve, [&](const record::CurvePoint &point) { return point.epoch > found.epochs_done; });
  return found;
}

// Of one run, though perhaps of more epochs.
bool same_run(const FoundRun &a, const FoundRun &b) {
  return a.info.session_start == b.info.session_start && a.info.seed == b.info.seed &&
         a.info.version == b.info.version && a.info.precision == b.info.precision;
}

std::string without(const std::string &path, const std::string &ending) {
  return path.ends_with(ending) ? path.substr(0, path.size() - ending.size()) : path;
}

} // namespace

FoundRun find_run(const std::string &path) {
  const std::string target = without(without(path, ".partial"), ".checkpoint");
  const std::string checkpoint = target + ".checkpoint", partial = target + ".partial";
  std::optional<FoundRun> finished, kept;
  if (is_there(target) && path != checkpoint) finished = read_found(target, target);
  if (is_there(checkpoint)) kept = read_found(checkpoint, target);
  if (finished && kept && !same_run(*finished, *kept)) {
    if (path == target)
      throw data::DataError(path + ": is of another run than " + checkpoint + ": name " + checkpoint +
                            ", or take it away");
    finished.reset();
  }
  if (finished && path == partial && !kept && is_there(partial)) { // one that was killed before it had a checkpoint
    auto begun = read_found(partial, target);
    if (!same_run(*finished, begun)) return begun;
  }
  const bool replaces_file = finished && !finished->complete;
  if (finished) finished->replaces_file = replaces_file;
  if (kept) kept->replaces_file = replaces_file;
  if (finished && kept) {
    // One that was killed just as it was complete leaves an earlier state; one that went on from there, no earlier one.
    return kept->epochs_done >= finished->epochs_done ? *kept : *finished;
  }
  if (kept) return *kept;
  if (finished) return *finished;
  if (is_there(partial)) return read_found(partial, target);
  throw data::DataError(path + ": there is no such run file, and none that was left of it as " +
                        fs::path(partial).filename().string() + " or " + fs::path(checkpoint).filename().string());
}

model::LoadOptions options_of(const FoundRun &found, std::optional<std::size_t> until) {
  model::LoadOptions options;
  options.text = found.model;
  if (until) options.edits.push_back({"/task/epochs", *until});
  return options;
}

namespace {

[[noreturn]] void refuse(const FoundRun &found, const std::string &what) {
  throw data::DataError(found.file + ": " + what);
}

} // namespace

void check_resumable(const FoundRun &found, const Session &session, std::optional<std::size_t> until) {
  const auto &model = session.model;
  const auto &then = found.info;
  if (then.version != ENGRAM_VERSION)
    refuse(found, "is a run of engram " + then.version +
                      ", and this is " ENGRAM_VERSION ": it cannot go on; "
                      "--weights begins a run with its weights");
  if (then.precision != (model.single ? "single" : "double"))
    refuse(found, "was computed in " + then.precision + " precision, and its model says " +
                      (model.single ? "single" : "double"));
  if (then.files_read.empty() || (found.complete && !found.has_state))
    refuse(found, "holds no state to go on from; --weights begins a run with its weights");
  if (const auto changed = changed_input(then.files_read, inputs_of(session)); !changed.empty())
    refuse(found, "cannot go on: " + changed);
  if (!found.has_state && !then.initial_weights.empty())
    refuse(found, "was killed before its first checkpoint, and had begun with the weights of " + then.initial_weights +
                      ": start it again");
  if (found.complete && !found.stopped.empty()) // more epochs planned would have stopped there too
    refuse(found, "learning has stopped " + found.stopped + "; --weights begins a run with its weights");
  const std::size_t planned = found.epochs_planned, epochs = model.task.epochs;
  if (found.complete && !until)
    refuse(found,
           fmt::format("is complete, with {} epoch{}; --until epochs=N goes on", planned, planned == 1 ? "" : "s"));
  if (epochs <= found.epochs_done)
    refuse(found, fmt::format("has done {} epoch{} already: --until must name more", found.epochs_done,
                              found.epochs_done == 1 ? "" : "s"));
  if (epochs == planned || found.epochs_done == 0) return;
  if (const auto why = why_not_extended(model); !why.empty())
    refuse(found, fmt::format("--until cannot change the number of epochs, {}: {}", planned, why));
}

std::string why_not_extended(const model::Model &model) {
  for (const auto &rule : model.rules)
    if (learning::depends_on_epochs(rule.schedule))
      return fmt::format("the learning rate of rule '{}' follows its share (schedule '{}')", rule.name,
                         rule.schedule.type);
  return "";
}

} // namespace engram::session
