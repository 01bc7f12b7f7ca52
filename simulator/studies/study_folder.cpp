#include "studies/study_folder.hpp"

#include "error/error.hpp"
#include "input/input_error.hpp"
#include "record/whole_file.hpp"
#include "studies/queue_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

namespace engram::studies {

using input::Json;

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_folder(const std::string &folder, const std::string &why) {
  throw input::InputError(folder + ": " + why);
}

std::string short_text(const Json &value) { return input::shown(value.dump()); }

// What decides which runs there are, and what they compute, but for the epochs, which compare() looks at.
Json decisive(Json study) {
  for (const char *key : {"name", "description", "best"}) study.erase(key);
  if (study.contains("runs"))
    for (const char *key : {"threads", "checkpoint", "epochs"}) study["runs"].erase(key);
  if (study.contains("runs") && study.at("runs").empty()) study.erase("runs");
  return study;
}

// {"file", "run", "model"}: the model file, the number of its first run, and the model of that.
bool is_planned_model(const Json &one) {
  return one.is_object() && one.contains("file") && one.at("file").is_string() && one.contains("run") &&
         one.at("run").is_number_unsigned() && one.contains("model") && one.at("model").is_object();
}

Json read_planned(const std::string &path) {
  auto planned = input::parse(input::read_text(path), path).value;
  const bool good = planned.is_object() && planned.contains("study") && planned.at("study").is_object() &&
                    planned.contains("engram") && planned.at("engram").is_string() && planned.contains("sums") &&
                    planned.at("sums").is_array() && planned.contains("epochs") && planned.at("epochs").is_array() &&
                    planned.contains("models") && planned.at("models").is_array() &&
                    std::all_of(planned.at("models").begin(), planned.at("models").end(), is_planned_model);
  if (!good) refuse_folder(path, "is damaged: it does not hold what the study was");
  return planned;
}

} // namespace

std::string json_difference(const Json &then, const Json &now, const std::string &pointer) {
  const std::string where = pointer.empty() ? "" : pointer + ": ";
  if (then.is_object() && now.is_object()) {
    for (const auto &[key, value] : then.items()) {
      const auto at = input::below(pointer, key);
      if (!now.contains(key)) return at + ": was " + short_text(value) + ", and is not there any more";
      if (auto inside = json_difference(value, now.at(key), at); !inside.empty()) return inside;
    }
    for (const auto &[key, value] : now.items())
      if (!then.contains(key)) return input::below(pointer, key) + ": was not there, and is " + short_text(value);
    return then == now ? "" : where + "its keys have another order";
  }
  if (then.is_array() && now.is_array() && then.size() == now.size()) {
    for (std::size_t k = 0; k < then.size(); ++k)
      if (auto inside = json_difference(then[k], now[k], input::below(pointer, k)); !inside.empty()) return inside;
    return "";
  }
  return then == now ? "" : where + "was " + short_text(then) + ", is " + short_text(now);
}

StudyFolder::StudyFolder(std::string path, const Study &study, bool resume) : resume_(resume) {
  std::error_code error;
  path_ = fs::absolute(path, error).lexically_normal().string();
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
  digits_ = std::max<std::size_t>(4, std::to_string(study.runs()).size());
  const bool there = fs::exists(file("study.json"), error);
  if (!resume) {
    if (there) refuse_folder(path_, "holds a study already; --resume goes on with it, --out names another folder");
    if (fs::exists(path_, error) && !fs::is_directory(path_, error)) refuse_folder(path_, "is no folder");
    for (const char *name : {"runs", "results.csv", "results.h5", "summary.csv"})
      if (fs::exists(file(name), error))
        refuse_folder(path_, std::string("holds ") + name + ", which is of no study; --out names another folder");
    return;
  }
  if (!there) refuse_folder(path_, "holds no study to go on with");
  const auto planned = read_planned(file("study.json"));
  if (planned.at("engram") != ENGRAM_VERSION)
    refuse_folder(path_, "is a study of engram " + input::shown(planned.at("engram").get<std::string>()) +
                             ", and this is " ENGRAM_VERSION ": its runs cannot go on");
  const auto changed = json_difference(decisive(planned.at("study")), decisive(study.document));
  if (!changed.empty())
    refuse_folder(study.file, "is not the study that " + path_ + " holds: " + changed +
                                  "; --out names another folder for a new study");
}

StudyFolder::~StudyFolder() {
  if (lock_ >= 0) ::close(lock_);
}

std::string StudyFolder::stem(std::size_t number) const {
  return fmt::format("{}/runs/{:0{}}", path_, number, digits_);
}
std::string StudyFolder::run_file(std::size_t number) const { return stem(number) + ".nwb"; }
std::string StudyFolder::log_file(std::size_t number) const { return stem(number) + ".log"; }

void StudyFolder::begin(const Study &study, const std::vector<PlannedRun> &plan, const CheckedRuns &checked) {
  std::error_code error;
  fs::create_directories(path_ + "/runs", error);
  if (error) refuse_folder(path_, "cannot be written: " + error.message());
  lock_ = ::open(file("study.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (lock_ < 0) refuse_folder(path_, std::string("cannot be written: ") + std::strerror(errno));
  // Runs of a study that was killed end at once, but not before it.
  for (int tries = 0; ::flock(lock_, LOCK_EX | LOCK_NB) != 0; ++tries) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      throw Failed(file("study.lock") + ": cannot be locked: " + std::strerror(errno));
    if (tries == 100) throw Failed(path_ + ": another program is at work on this study");
    ::usleep(10'000);
  }
  QueueFolder(ranks()).clear(); // its ranks may outlive rank 0 for a moment
  remove_unnamed();
  if (fs::exists(file("study.json"), error)) {
    if (!resume_) refuse_folder(path_, "holds a study by now, of another program");
    if (!compare(study, plan, checked)) return; // else it has more epochs
  }
  Json planned;
  planned["engram"] = ENGRAM_VERSION;
  planned["file"] = fs::absolute(study.file, error).lexically_normal().string();
  planned["study"] = study.document;
  planned["models"] = Json::array();
  planned["sums"] = Json::array();
  planned["epochs"] = Json::array();
  for (std::size_t k = 0; k < plan.size(); ++k) {
    planned["sums"].push_back(checked.runs[k].sum);
    planned["epochs"].push_back(checked.runs[k].epochs);
    if (checked.runs[k].model.empty()) continue;
    planned["models"].push_back({{"file", study.models[plan[k].model].file},
                                 {"run", plan[k].number},
                                 {"model", Json::parse(checked.runs[k].model)}});
  }
  record::write_whole(file("study.json"), planned.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

// A run that was killed before its file had a name leaves an empty one, NNNN.nwb.partial-PROCESS-TIME; no run is at
// work now.
void StudyFolder::remove_unnamed() const {
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(path_ + "/runs", error)) {
    const auto name = entry.path().filename().string();
    const auto at = name.find(".nwb.partial-");
    std::error_code gone;
    if (at != std::string::npos && name.find_first_not_of("0123456789") == at && entry.is_regular_file(gone))
      fs::remove(entry.path(), gone);
  }
}

// Has the run more epochs than it had? It cannot have fewer.
bool StudyFolder::check_epochs(const Study &study, const PlannedRun &run, std::size_t then,
                               const CheckedRun &now) const {
  if (now.epochs == then) return false;
  const auto what = fmt::format("{} has {} epochs, and had {} when the study {} began", described(run, study),
                                now.epochs, then, path_);
  if (now.epochs < then) refuse_folder(study.file, what + ": a study goes on to more epochs, not to fewer");
  if (!now.fixed.empty()) refuse_folder(study.file, what + ": it would be another run, as " + now.fixed);
  return true;
}

// The models of the runs are what they were, but that they may have more epochs. Do any?
bool StudyFolder::compare(const Study &study, const std::vector<PlannedRun> &plan, const CheckedRuns &checked) const {
  const auto planned = read_planned(file("study.json"));
  const auto &sums = planned.at("sums"), &epochs = planned.at("epochs");
  bool longer = false;
  for (std::size_t k = 0; k < plan.size(); ++k) {
    if (k < sums.size() && sums[k] == checked.runs[k].sum && k < epochs.size() && epochs[k].is_number_unsigned()) {
      longer = check_epochs(study, plan[k], epochs[k].get<std::size_t>(), checked.runs[k]) || longer;
      continue;
    }
    const auto &model = study.models[plan[k].model].file;
    std::string what = "its model is another";
    for (const auto &then : planned.at("models")) {
      if (then.at("file") != model) continue;
      const auto first =
          std::find_if(plan.begin(), plan.end(), [&](const PlannedRun &run) { return run.number == then.at("run"); });
      if (first == plan.end()) continue;
      const auto &now = checked.runs[static_cast<std::size_t>(first - plan.begin())].model;
      if (now.empty()) continue;
      if (auto found = json_difference(then.at("model"), Json::parse(now)); !found.empty()) what = found;
    }
    refuse_folder(model, "has changed since the study " + path_ + " began: " + what + " (of " +
                             described(plan[k], study) + ")");
  }
  return longer;
}

} // namespace engram::studies
