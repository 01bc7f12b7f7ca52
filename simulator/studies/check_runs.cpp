#include "studies/check_runs.hpp"

#include "data/checksum.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"
#include "session/open_circuit.hpp"
#include "session/open_model.hpp"
#include "session/resume.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

namespace engram::studies {

using input::Json;

namespace {

// A fault, and the runs that have it.
struct Fault {
  input::Problem problem;
  std::size_t first = 0, others = 0;
};

// The faults of all runs; those of the same words are one.
class Faults {
public:
  Faults(const Study &study, const std::vector<PlannedRun> &plan) : study_(study), plan_(plan) {}
  void add(std::size_t run, const input::Problem &problem) {
    const auto key = problem.pointer + "\n" + problem.message;
    if (const auto known = by_words_.find(key); known != by_words_.end()) {
      list_[known->second].others += list_[known->second].first != run;
      return;
    }
    by_words_[key] = list_.size();
    list_.push_back({problem, run, 0});
  }
  void raise() const {
    if (list_.empty()) return;
    constexpr std::size_t most = 50;
    std::vector<input::Problem> out;
    for (const auto &fault : list_) {
      if (out.size() == most) {
        out.push_back({study_.file, 0, "", fmt::format("and {} more faults", list_.size() - most)});
        break;
      }
      const auto &run = plan_[fault.first];
      std::string who = described(run, study_);
      if (fault.others > 0) who += fmt::format(" and {} other{}", fault.others, fault.others == 1 ? "" : "s");
      const auto &problem = fault.problem;
      // A fault that a file has by itself is told of that file, what --set put there, of the study.
      const bool of_file = problem.line > 0;
      const std::string where =
          of_file ? input::to_text(problem) : (problem.pointer.empty() ? "" : problem.pointer + ": ") + problem.message;
      out.push_back(input::placed({study_.file, 0, place_of(run, problem.pointer), who + ": " + where}, study_.places));
    }
    throw input::InputError(std::move(out));
  }

private:
  // Where the study sets what is wrong: the pointer that is the same, or that holds it, or lies in it.
  std::string place_of(const PlannedRun &run, const std::string &pointer) const {
    if (pointer == "/best/by") return pointer; // of the study itself
    const auto related = [&](const std::string &to) {
      return !pointer.empty() && ((pointer + "/").starts_with(to + "/") || (to + "/").starts_with(pointer + "/"));
    };
    for (const auto &axis : study_.axes)
      if (axis.kind == Axis::Kind::pointer && related(axis.name)) return axis.place;
    for (const auto &axis : study_.axes)
      if (axis.kind == Axis::Kind::rule && pointer.starts_with("/learning/rules")) return axis.place;
    if (study_.document.contains("set"))
      for (const auto &[set, value] : study_.document.at("set").items())
        if (related(set)) return input::below("/set", set);
    return study_.models[run.model].place;
  }

  const Study &study_;
  const std::vector<PlannedRun> &plan_;
  std::vector<Fault> list_;
  std::map<std::string, std::size_t> by_words_;
};

// A number that was set must stand in the model that is run.
void check_landed(const PlannedRun &run, const Study &study, const std::string &expanded) {
  const auto model = Json::parse(expanded, nullptr, false);
  for (std::size_t k = 0; k < study.axes.size(); ++k) {
    const auto &axis = study.axes[k];
    const auto &value = axis.values[run.values[k]];
    if (axis.kind != Axis::Kind::pointer || !(value.is_number() || value.is_boolean())) continue;
    const Json::json_pointer at(axis.name);
    if (!model.contains(at) || model.at(at) != value)
      throw input::InputError(
          {{"", 0, axis.name, "has no effect: the model that is run does not hold " + value.dump() + " there"}});
  }
}

std::string sum_of_text(const std::string &text) { return data::sha256(std::as_bytes(std::span(text))); }

std::string sum_of(const Json &model) {
  return sum_of_text(model.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// The model of a combination. Its runs differ in their seeds alone, so it is read once.
class ReadCombination {
public:
  ReadCombination(const Study &study, const session::Folders &folders, const session::Listener &listener)
      : study_(study), folders_(folders), listener_(listener) {}

  /// With the seed of the run. Errors: as of session::read_model().
  const session::ReadModel &of(const PlannedRun &run) {
    if (combination_ != run.combination) {
      combination_.reset();
      refused_.clear();
      model::LoadOptions options;
      options.settings = run.settings;
      options.seed = run.seed;
      combination_ = run.combination;
      try {
        read_ = session::read_model(study_.models[run.model].file, options, folders_, listener_);
        check_landed(run, study_, read_.model.expanded);
      } catch (const input::InputError &error) {
        refused_ = error.problems();
      }
    }
    if (!refused_.empty()) throw input::InputError(refused_);
    if (run.seed && read_.model.seed != *run.seed) {
      auto model = Json::parse(read_.model.expanded);
      model["seed"] = *run.seed;
      read_.model.seed = *run.seed;
      read_.model.expanded = model.dump(2); // as model::load_text() writes it
    }
    return read_;
  }

private:
  const Study &study_;
  const session::Folders &folders_;
  const session::Listener &listener_;
  std::optional<std::size_t> combination_;
  std::vector<input::Problem> refused_;
  session::ReadModel read_;
};

// Finds runs that compute the same.
class Twins {
public:
  Twins(const Study &study, const std::vector<PlannedRun> &plan) : study_(study), plan_(plan) {}

  /// `model`: of the run, JSON, its seed within. Returns the fault, if any; else `lines` may receive a note.
  std::optional<input::Problem> look(std::size_t run, const std::string &model, std::vector<std::string> &lines) {
    auto parsed = Json::parse(model, nullptr, false);
    for (const char *key : {"name", "description", "session"}) parsed.erase(key); // nothing is computed with them
    const auto [twin, is_new] = by_model_.try_emplace(sum_of(parsed), run, sum_of_text(model));
    if (is_new) return {};
    const auto &[first, its_model] = twin->second;
    const auto *axis = difference(run, first);
    if (!axis) { // drawn
      lines.push_back(fmt::format("engram: note: run {} was drawn with the values of run {}: both count",
                                  plan_[run].number, plan_[first].number));
      return {};
    }
    if (its_model != sum_of_text(model)) {
      lines.push_back(fmt::format("engram: note: {} changes nothing that a run computes", axis->name));
      return {};
    }
    const bool pointer = axis->kind == Axis::Kind::pointer;
    return input::Problem{"", 0, pointer ? axis->name : "",
                          (pointer ? "" : axis->name + " ") +
                              "changes nothing here: the same run would be done and counted twice"};
  }

private:
  const Axis *difference(std::size_t a, std::size_t b) const {
    for (std::size_t k = 0; k < study_.axes.size(); ++k)
      if (study_.axes[k].values[plan_[a].values[k]] != study_.axes[k].values[plan_[b].values[k]])
        return &study_.axes[k];
    return nullptr;
  }

  const Study &study_;
  const std::vector<PlannedRun> &plan_;
  std::map<std::string, std::pair<std::size_t, std::string>> by_model_; // the first run, and its model's sum
};

// By "best" the runs are to be compared; this one must have that.
void check_criterion(const Study &study, const session::ReadModel &read, bool holds_out) {
  if (!study.best.by) return;
  const auto by = *study.best.by;
  const bool held_out =
      by == Measure::held_out_accuracy || by == Measure::held_out_loss || by == Measure::held_out_reward;
  const bool reward = by == Measure::training_reward || by == Measure::held_out_reward;
  const auto refuse = [](const std::string &what) { throw input::InputError({{"", 0, "/best/by", what}}); };
  if (held_out && !holds_out) refuse("the model holds out no trials, by which runs are compared");
  if (reward && !read.model.task.environment.given())
    refuse("the model has no environment that pays rewards, by which runs are compared");
}

CheckedRun check_run(const PlannedRun &run, const Study &study, ReadCombination &combination,
                     const session::Folders &folders, std::vector<std::string> &lines) {
  const auto &read = combination.of(run);
  const auto entries = session::entries_in_words(read.words);
  bool holds_out = read.model.task.environment.given();
  const auto opened = [&](const auto &circuit) {
    lines.insert(lines.end(), circuit.lines.begin(), circuit.lines.end());
    holds_out = holds_out || !circuit.trials.held_out.empty();
  };
  lines.insert(lines.end(), read.model.warnings.begin(), read.model.warnings.end());
  if (read.model.single)
    opened(session::open_circuit<float>(read.model, read.places, entries, read.task, folders.data));
  else
    opened(session::open_circuit<double>(read.model, read.places, entries, read.task, folders.data));
  check_criterion(study, read, holds_out);
  return {read.model.seed, read.model.expanded, sum_without_epochs(read.model.expanded), read.model.task.epochs,
          session::why_not_extended(read.model)};
}

} // namespace

std::string sum_without_epochs(const std::string &model) {
  auto parsed = Json::parse(model, nullptr, false);
  if (parsed.is_object() && parsed.contains("task") && parsed.at("task").is_object()) parsed["task"].erase("epochs");
  return sum_of(parsed);
}

CheckedRuns check_runs(const Study &study, const std::vector<PlannedRun> &plan, const session::Folders &folders,
                       const session::Listener &listener, const std::function<void(std::size_t)> &done) {
  CheckedRuns out;
  Faults faults(study, plan);
  std::set<std::string> known;
  std::set<std::size_t> models;
  // Where plugins are missing is told once, however many runs ask for them.
  bool told = false;
  session::Listener once = listener;
  once.left_out = [&](const std::vector<std::string> &problems) {
    if (!told && listener.left_out) listener.left_out(problems);
  };
  once.plugin_wrong = [&](const std::string &searched) {
    if (!told && listener.plugin_wrong) listener.plugin_wrong(searched);
    told = true;
  };
  ReadCombination combination(study, folders, once);
  Twins twins(study, plan);
  for (std::size_t k = 0; k < plan.size(); ++k) {
    std::vector<std::string> lines;
    try {
      out.runs.push_back(check_run(plan[k], study, combination, folders, lines));
      if (const auto twin = twins.look(k, out.runs.back().model, lines)) faults.add(k, *twin);
      if (!models.insert(plan[k].model).second) out.runs.back().model.clear();
    } catch (const input::InputError &error) {
      for (const auto &problem : error.problems()) faults.add(k, problem);
    } catch (const Error &error) {
      if (error.kind() != ErrorKind::wrong_input) throw;
      faults.add(k, {"", 0, "", error.what()});
    }
    for (auto &line : lines)
      if (known.insert(line).second) out.lines.push_back(std::move(line));
    if (done) done(k + 1);
  }
  faults.raise();
  return out;
}

} // namespace engram::studies
