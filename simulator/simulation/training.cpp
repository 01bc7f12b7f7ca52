#include "simulation/training.hpp"

#include <algorithm>
#include <chrono>

namespace engram::simulation {

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Mean loss, mean reward and share of right choices over batches.
struct Tally {
  double loss = 0, reward = 0;
  std::size_t losses = 0, rewards = 0, correct = 0, trials = 0, with_label = 0, chosen = 0;
  std::vector<Tally> terms; // of an objective of several
  void add(const Outcome &outcome) {
    if (outcome.terms.size() > 1) terms.resize(outcome.terms.size());
    for (std::size_t k = 0; k < terms.size(); ++k)
      for (const double l : outcome.terms[k]) {
        terms[k].loss += l;
        ++terms[k].losses;
      }
    for (const double l : outcome.losses) loss += l;
    for (const double r : outcome.rewards) reward += r;
    losses += outcome.losses.size();
    rewards += outcome.rewards.size();
    correct += outcome.correct;
    trials += outcome.choices.size();
    for (const auto label : outcome.labels) with_label += label >= 0;
    for (const auto choice : outcome.choices) chosen += choice >= 0;
  }
  double mean_reward() const { return rewards ? reward / static_cast<double>(rewards) : absent; }
  double mean_loss() const { return losses ? loss / static_cast<double>(losses) : absent; }
  std::vector<double> term_losses() const {
    std::vector<double> out;
    for (const auto &term : terms) out.push_back(term.mean_loss());
    return out;
  }
  double accuracy(bool labelled) const {
    if (with_label) return static_cast<double>(correct) / static_cast<double>(with_label);
    return labelled && chosen ? static_cast<double>(correct) / static_cast<double>(trials) : absent;
  }
};

// Tests may run in larger batches than learning: they only cost memory.
std::size_t test_batch(const model::Model &model) { return std::max<std::size_t>(model.task.batch, 64); }

// In the first epochs of a run.
std::size_t planned_tests(const model::Task &task, const task::Trials &trials, std::size_t epochs) {
  if (trials.held_out.empty() || task.evaluate == model::Task::Evaluate::never) return 0;
  return task.evaluate == model::Task::Evaluate::end ? epochs == task.epochs : epochs;
}

} // namespace

std::size_t trials_of(const model::Model &model, const task::Trials &trials, std::size_t epochs) {
  return epochs * trials.training.size() + planned_tests(model.task, trials, epochs) * trials.held_out.size();
}

template <class T>
Epoch test(const model::Model &model, const task::Trials &trials, Simulator<T> &simulator,
           const std::vector<std::size_t> &rows, Observer<T> *observer) {
  Tally tally;
  Epoch e;
  for (const auto &part : task::batches(rows, test_batch(model), false, model.seed, 0)) {
    const Outcome outcome = simulator.run({part, 0, false}, observer);
    e.whole = !outcome.interrupted;
    if (!e.whole) return e;
    tally.add(outcome);
  }
  e.held_out_loss = tally.mean_loss();
  e.held_out_accuracy = tally.accuracy(!trials.labels.empty());
  e.held_out_reward = tally.mean_reward();
  e.held_out_terms = tally.term_losses();
  return e;
}

template <class T>
Summary run(const model::Model &model, const task::Trials &trials, Simulator<T> &simulator, const Hooks<T> &hooks) {
  const auto start = Clock::now();
  const auto &task = model.task;
  Summary summary;
  Progress progress;
  progress.epochs = task.epochs;
  const bool labelled = !trials.labels.empty();
  const std::size_t tests = planned_tests(task, trials, task.epochs);
  progress.trials = planned_trials(model, trials);
  progress.trials_done = summary.trials = trials_of(model, trials, hooks.epochs_done);
  summary.epochs = hooks.epochs_done;
  std::size_t steps = 0; // of all trials
  // Takes in a batch; false when the run ends here.
  const auto go_on = [&](const Outcome &outcome, std::size_t rows, Tally &tally) {
    if (outcome.lasted.empty()) steps += rows * outcome.steps;
    for (const std::size_t lasted : outcome.lasted) steps += lasted > 0 ? lasted : outcome.steps;
    if (outcome.interrupted) {
      summary.interrupted = true;
      return false;
    }
    tally.add(outcome);
    progress.trials_done += rows;
    summary.trials = progress.trials_done;
    progress.loss = tally.mean_loss();
    progress.accuracy = tally.accuracy(labelled);
    const bool all_done = progress.trials_done == progress.trials; // then it is too late to stop it
    if (hooks.progress && !hooks.progress(progress) && !all_done) summary.interrupted = true;
    return !summary.interrupted;
  };

  for (std::size_t epoch = hooks.epochs_done; epoch < task.epochs && !summary.interrupted; ++epoch) {
    summary.stopped = hooks.enough && hooks.enough();
    if (summary.stopped) break;
    const bool last = epoch + 1 == task.epochs;
    progress.epoch = epoch + 1;
    progress.testing = false;
    const auto epoch_start = Clock::now();
    Tally tally;
    const auto seen = [&](bool testing) { return hooks.seen ? hooks.seen(epoch + 1, testing) : last; };
    auto *const learning_observer = seen(false) ? hooks.training : nullptr;
    for (const auto &rows : task::batches(trials.training, task.batch, task.shuffle, model.seed, epoch)) {
      const Outcome outcome = simulator.run({rows, epoch, true}, learning_observer);
      if (!go_on(outcome, rows.size(), tally)) break;
    }
    simulator.check_weights(epoch);
    if (tally.trials == 0 && summary.interrupted) break;
    Epoch point;
    point.epoch = epoch + 1;
    point.train_loss = tally.mean_loss();
    point.train_accuracy = tally.accuracy(labelled);
    point.train_reward = tally.mean_reward();
    point.train_terms = tally.term_losses();
    point.seconds = since(epoch_start);
    const bool due = tests > 0 && (last || task.evaluate == model::Task::Evaluate::epoch);
    if (due && !summary.interrupted) {
      progress.testing = true;
      Tally tested;
      auto *const test_observer = seen(true) ? hooks.held_out : nullptr;
      for (const auto &rows : task::batches(trials.held_out, test_batch(model), false, model.seed, 0)) {
        const Outcome outcome = simulator.run({rows, 0, false}, test_observer);
        if (!go_on(outcome, rows.size(), tested)) break;
      }
      if (!summary.interrupted) {
        point.held_out_loss = tested.mean_loss();
        point.held_out_accuracy = tested.accuracy(labelled);
        point.held_out_reward = tested.mean_reward();
        point.held_out_terms = tested.term_losses();
      }
    }
    point.whole = !summary.interrupted;
    summary.last = point;
    if (!summary.interrupted) {
      summary.epochs = epoch + 1;
      if (!(summary.fastest_seconds <= point.seconds)) summary.fastest_seconds = point.seconds;
    }
    if (hooks.epoch_done) hooks.epoch_done(point);
  }
  summary.simulated_ms = static_cast<double>(steps) * model.time.step;
  summary.wall_seconds = since(start);
  return summary;
}

template Epoch test(const model::Model &, const task::Trials &, Simulator<float> &, const std::vector<std::size_t> &,
                    Observer<float> *);
template Epoch test(const model::Model &, const task::Trials &, Simulator<double> &, const std::vector<std::size_t> &,
                    Observer<double> *);
template Summary run(const model::Model &, const task::Trials &, Simulator<float> &, const Hooks<float> &);
template Summary run(const model::Model &, const task::Trials &, Simulator<double> &, const Hooks<double> &);

} // namespace engram::simulation
