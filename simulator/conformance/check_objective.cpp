#include "conformance/check_items.hpp"
#include "conformance/guarded.hpp"
#include "conformance/process.hpp"
#include "conformance/term_bench.hpp"
#include "conformance/term_checks.hpp"
#include "learning/open_objective.hpp"
#include "learning/rule_library.hpp"

namespace engram::conformance {

namespace {

template <class T> void call_term(const engram_objective &table) {
  const Arithmetic arithmetic;
  TermBench<T>(table).all(draw_term<T>(table, 7, 3, 1, takes_positive_alone(table)));
  if (const auto changed = arithmetic.changed(Arithmetic()); !changed.empty()) throw Failure{changed};
}

std::string process_of_term(const std::string &file) {
  const Printed printed;
  const ProcessState before;
  const learning::OpenObjective term(file);
  if (const auto changed = before.changed(ProcessState()); !changed.empty())
    throw Failure{"as it is loaded, " + changed};
  call_term<float>(term.table());
  call_term<double>(term.table());
  if (const auto line = printed.first_line(); !line.empty()) throw Failure{"prints: " + line};
  if (const auto changed = before.changed(ProcessState()); !changed.empty()) throw Failure{changed};
  return "leaves the process as it found it";
}

// Every array ends at a page that cannot be read; what is given cannot be written to.
template <class T> void guarded_calls_of_term(const engram_objective &table) {
  using Array = GuardedArray<T>;
  const auto read = Guarded::Access::read, write = Guarded::Access::write;
  const auto &calls = table.callbacks[std::is_same_v<T, double> ? ENGRAM_DOUBLE : ENGRAM_SINGLE];
  for (const std::size_t neurons : {std::size_t{1}, std::size_t{5}, std::size_t{64}})
    for (const std::size_t trials : {std::size_t{2}, std::size_t{3}}) {
      const auto in = draw_term<T>(table, neurons, trials, 1, takes_positive_alone(table));
      const Array signal("the signal", in.signal, read), target("the target", in.target, read),
          way("the direction", in.way, read), loss("the loss", std::vector<T>(trials), write),
          by_signal("dL/d(signal)", in.signal, write), by_target("dL/d(target)", in.target, write);
      const bool course = table.over == ENGRAM_OVER_COURSE;
      const GuardedArray<double> parameters("the parameters", in.parameters, read);
      auto given = TermBench<T>::compared(in);
      given.parameters = parameters.get();
      given.signal = signal.get();
      if (!in.target.empty()) given.target = target.get();
      void *const to_signal = by_signal.get(),
                  *const to_target = in.target.empty() || course ? nullptr : by_target.get(), *const none = nullptr;
      TermBench<T>::call(calls.loss, &given, static_cast<void *>(loss.get()));
      TermBench<T>::call(calls.gradient, &given, to_signal, to_target);
      TermBench<T>::call(calls.gradient, &given, none, to_target);
      TermBench<T>::call(calls.gradient, &given, to_signal, none);
      if (course) {
        const Array last("dL/d(signal) of the last step", std::vector<T>(neurons * trials), write);
        given.from = given.steps - 1;
        TermBench<T>::call(calls.gradient, &given, static_cast<void *>(last.get()), none);
        if (last.damaged()) throw Failure{"writes before the array of " + last.name()};
      }
      if (calls.hessian_product != nullptr) {
        const void *const v = way.get();
        TermBench<T>::call(calls.hessian_product, &given, v, to_signal, to_target);
        TermBench<T>::call(calls.hessian_product, &given, v, to_signal, none);
      }
      for (const Array *array : {&loss, &by_signal, &by_target})
        if (array->damaged()) throw Failure{"writes before the array of " + array->name()};
    }
}

std::string buffers_of_term(const engram_objective &table) {
  guarded_calls_of_term<float>(table);
  guarded_calls_of_term<double>(table);
  return "reads and writes only what it is given";
}

} // namespace

Report check_objective(const std::string &file, double seconds) {
  Report report;
  report.rule = file;
  report.kind = model::PluginKind::objective;
  const Patience patience(seconds);
  const auto table = in_child(patience.left(), [&] {
    const learning::OpenObjective term(file);
    learning::check_name(term.table().name, file);
    return std::string(term.table().name);
  });
  if (!add_table(table, file, report)) return report;
  report.rule = table.text;
  const auto loaded = [](std::string (*work)(const engram_objective &)) {
    return [work](const std::string &path) {
      const learning::OpenObjective term(path);
      return work(term.table());
    };
  };
  run_items({{"process", process_of_term},
             {"buffers", loaded(buffers_of_term)},
             {"numbers", loaded(term_numbers)},
             {"repeats", loaded(term_repeats)},
             {"trials", loaded(term_trials)},
             {"gradient", loaded(term_gradient)},
             {"missing", loaded(term_missing)},
             {"precisions", loaded(term_precisions)},
             {"parameters", loaded(term_parameters)},
             {"speed", loaded(term_speed)}},
            file, patience, report);
  return report;
}

} // namespace engram::conformance
