#include "session/evaluate.hpp"

#include "input/input_error.hpp"
#include "record/recorder.hpp"
#include "session/run_output.hpp"

#include <numeric>
#include <optional>

namespace engram::session {

namespace {

// The trials that are evaluated take the place of those that are held out.
void choose_trials(Session &session, Evaluated which) {
  auto &trials = session.trials;
  if (which == Evaluated::training) trials.held_out = trials.training;
  if (which == Evaluated::test) trials.held_out = trials.test;
  if (which == Evaluated::all) {
    trials.held_out.resize(trials.count);
    std::iota(trials.held_out.begin(), trials.held_out.end(), std::size_t{0});
  }
  trials.training.clear();
  trials.test.clear();
  if (!trials.held_out.empty()) return;
  const bool held_out = which == Evaluated::held_out, test = which == Evaluated::test;
  throw input::InputError({{session.model.file, 0,
                            held_out ? "/task/held_out"
                            : test   ? "/task/test"
                                     : "/task",
                            held_out ? "no trial is held out; --trials all evaluates those that a run learns from"
                            : test   ? "no trial is of the test; --trials held_out, training or all evaluates others"
                                     : "no trial is left to learn from; --trials all evaluates all"}});
}

// What "record" asks for and an evaluation does not give.
std::vector<std::string> not_evaluated(const model::Model &model, const task::Trials &trials) {
  std::vector<std::string> lines;
  for (const auto &recorded : model.record_weights)
    lines.push_back("the weights of '" + recorded.projection + "' are not recorded, for nothing learns");
  for (const auto &recorded : model.record)
    if (!record::is_recorded_of_tests(recorded, model, trials))
      lines.push_back("nothing is recorded of '" + model.regions[recorded.region].name +
                      "': \"trials\" asks for others than those that are evaluated");
  return lines;
}

template <class T> Evaluation evaluate_in(Session &session, const EvaluateOptions &options) {
  const auto &model = session.model;
  const auto &network = std::get<network::Network<T>>(session.network);
  simulation::Simulator<T> simulator(model, std::get<network::Network<T>>(session.network), session.trials,
                                     session.rules, record::signals_recorded(model), threads_or_all(options.threads),
                                     session.dynamics, session.task);
  simulator.watch({options.stop, {}});
  std::optional<record::RunFile> file;
  std::optional<record::Recorder<T>> recorder;
  Evaluation out;
  out.trials = session.trials.held_out.size();
  if (!options.out.empty()) {
    // Without `files_read`: it is no run that could go on.
    file.emplace(options.out, run_info(model, session.label_names, session.task), options.force);
    out.note = file->note();
    write_weights(*file, network);
    recorder.emplace(model, session.trials, session.dynamics, *file);
  }
  try {
    out.results = simulation::test(model, session.trials, simulator, session.trials.held_out,
                                   recorder ? recorder->held_out() : nullptr);
  } catch (const record::WriteFailure &) {
    throw;
  } catch (const Failed &) { // it goes on, once the file says so too
    if (file) file->finish(record::Ending::failed);
    throw;
  }
  out.results.epoch = model.task.epochs;
  if (!file) return out;
  const std::string before = file->note();
  file->add_curve_point(as_recorded(out.results));
  file->finish(out.results.whole ? record::Ending::complete : record::Ending::interrupted);
  out.file = file->location();
  if (file->note() != before) out.note = file->note();
  return out;
}

} // namespace

Evaluation evaluate(Session &session, const EvaluateOptions &options) {
  choose_trials(session, options.which);
  session.model.task.evaluate = model::Task::Evaluate::end; // what is recorded is that of the test
  const auto unrecorded =
      options.out.empty() ? std::vector<std::string>{} : not_evaluated(session.model, session.trials);
  session.model.record_weights.clear();
  for (auto &recorded : session.model.record) recorded.epochs = {};
  auto out = session.model.single ? evaluate_in<float>(session, options) : evaluate_in<double>(session, options);
  out.unrecorded = unrecorded;
  return out;
}

} // namespace engram::session
