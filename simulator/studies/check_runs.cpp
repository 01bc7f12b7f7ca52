#include "studies/check_runs.hpp"

#include "data/checksum.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"
#include "session/open_circuit.hpp"
#include "session/open_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
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
    std::vector<input::Problem> out;
    for (const auto &fault : list_) {
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

std::string sum_of(const std::string &text) { return data::sha256(std::as_bytes(std::span(text))); }

CheckedRun check_run(const PlannedRun &run, const Study &study, const session::Folders &folders,
                     const session::Listener &listener, std::vector<std::string> &lines) {
  model::LoadOptions options;
  options.settings = run.settings;
  options.seed = run.seed;
  const auto read = session::read_model(study.models[run.model].file, options, folders, listener);
  const auto entries = session::entries_in_words(read.words);
  const auto opened = [&](auto circuit) { lines.insert(lines.end(), circuit.lines.begin(), circuit.lines.end()); };
  lines.insert(lines.end(), read.model.warnings.begin(), read.model.warnings.end());
  if (read.model.single)
    opened(session::open_circuit<float>(read.model, read.places, entries, read.task, folders.data));
  else
    opened(session::open_circuit<double>(read.model, read.places, entries, read.task, folders.data));
  check_landed(run, study, read.model.expanded);
  return {read.model.seed, read.model.expanded, sum_of(read.model.expanded)};
}

} // namespace

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
  for (std::size_t k = 0; k < plan.size(); ++k) {
    std::vector<std::string> lines;
    try {
      out.runs.push_back(check_run(plan[k], study, folders, once, lines));
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
