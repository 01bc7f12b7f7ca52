// These tests check how trials are split, and what is gathered of them at each moment.
#include "task/trials.hpp"
#include "catch.hpp"
#include "input/input_error.hpp"
#include "task/load_trials.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace engram;
using task::Trials;

namespace {

using Rows = std::vector<std::size_t>;

// A task of so many trials of two numbers, written in the model.
model::Model task_of(std::size_t count, std::uint64_t seed = 1) {
  model::Model m;
  m.seed = seed;
  m.task.held_out.dataset = false;
  model::ArraySource source;
  source.shape = {count, 2};
  for (std::size_t k = 0; k < 2 * count; ++k) source.values.push_back(static_cast<double>(k));
  m.task.stimuli.arrays["inputs"] = source;
  return m;
}

std::string refusal_of(const model::Model &m) {
  try {
    task::load_trials(m, {});
  } catch (const input::InputError &error) {
    return error.what();
  }
  return "";
}

// 3 trials of 4 frames of 2 neurons: frame f of trial k is (100 k + 10 f, 100 k + 10 f + 1).
Trials framed_trials() {
  Trials t;
  t.count = 3;
  std::vector<double> values;
  for (int k = 0; k < 3; ++k)
    for (int f = 0; f < 4; ++f) values.insert(values.end(), {100.0 * k + 10 * f, 100.0 * k + 10 * f + 1});
  t.arrays["inputs"] = t.arrays["other"] = data::Array{{3, 4, 2}, values};
  return t;
}

arma::mat gathered(const Trials &trials, const std::string &array, const Rows &rows, std::size_t neurons,
                   std::size_t epoch = 0, std::size_t step = 0, std::size_t steps = 1, std::uint64_t seed = 1) {
  arma::mat out(neurons, rows.size());
  task::gather(trials, array, {rows, epoch, step, steps}, seed, arma::mat(), out);
  return out;
}

Trials labelled_trials(std::size_t count, std::size_t classes) {
  Trials t;
  t.count = count;
  for (std::size_t k = 0; k < count; ++k) t.labels.push_back(static_cast<std::int64_t>(k % classes));
  return t;
}

Rows rows_below(std::size_t count) {
  Rows out(count);
  for (std::size_t k = 0; k < count; ++k) out[k] = k;
  return out;
}

} // namespace

TEST_CASE("training and held-out trials share nothing and leave nothing out", "[protocol]") {
  struct Case {
    std::size_t trials, count;
    double fraction;
    std::size_t expected;
  };
  for (const auto &one : {Case{10, 0, 0, 0}, Case{10, 3, 0, 3}, Case{10, 9, 0, 9}, Case{10, 0, 0.25, 3},
                          Case{1000, 0, 0.2, 200}, Case{7, 0, 0.5, 4}}) {
    CAPTURE(one.trials, one.count, one.fraction);
    auto m = task_of(one.trials);
    m.task.held_out.count = one.count;
    m.task.held_out.fraction = one.fraction;
    const auto t = task::load_trials(m, {});
    CHECK(t.held_out.size() == one.expected); // a share is rounded
    CHECK(std::is_sorted(t.training.begin(), t.training.end()));
    CHECK(std::is_sorted(t.held_out.begin(), t.held_out.end()));
    Rows all = t.training;
    all.insert(all.end(), t.held_out.begin(), t.held_out.end());
    std::sort(all.begin(), all.end());
    CHECK(all == rows_below(one.trials));
  }
  auto m = task_of(10);
  m.task.held_out.count = 10;
  CHECK_THAT(refusal_of(m), ContainsSubstring("/task/held_out: keeps 10 trials for testing, but there are only 10"));
}

TEST_CASE("what is held out follows from the seed, and each trial is as likely", "[protocol]") {
  const auto held = [](std::uint64_t seed) {
    auto m = task_of(20, seed);
    m.task.held_out.count = 5;
    return task::load_trials(m, {}).held_out;
  };
  CHECK(held(3) == held(3));
  CHECK(held(3) != held(4));
  std::vector<double> often(20, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed)
    for (const auto row : held(seed)) often[row] += 1;
  for (const double n : often) // a quarter of 2000; 4.5 standard deviations of a binomial number
    CHECK(std::abs(n - 500) < 4.5 * std::sqrt(2000 * 0.25 * 0.75));
}

TEST_CASE("arrays that do not fit each other or the circuit are told with their pointers", "[protocol]") {
  auto m = task_of(4);
  m.regions.resize(1);
  m.regions[0].name = "in";
  m.regions[0].size = 3;
  m.task.trial.resize(1);
  m.task.trial[0].stimuli.push_back({0, "inputs"});
  CHECK_THAT(refusal_of(m), ContainsSubstring("/task/trial/0/stimulus: shows 2 values to region 'in' of 3 neurons"));
  m.regions[0].size = 2;
  CHECK(refusal_of(m).empty());
  m.task.trial[0].stimuli[0].array = "sounds";
  CHECK_THAT(refusal_of(m), ContainsSubstring("shows 'sounds', which the task's stimuli do not hold"));
  m.task.trial[0].stimuli[0].array = "inputs";
  m.objective.type = "mse";
  CHECK_THAT(refusal_of(m), ContainsSubstring("/task/stimuli: an objective needs 'targets' or 'labels'"));
  model::ArraySource targets;
  targets.shape = {5, 2};
  targets.values.assign(10, 0);
  m.task.stimuli.arrays["targets"] = targets;
  CHECK_THAT(refusal_of(m), ContainsSubstring("/task/stimuli/targets: has 5 rows where others have 4"));
}

TEST_CASE("frames follow each other in equal parts of a phase", "[protocol]") {
  auto trials = framed_trials();
  trials.scale = 2;
  CHECK(task::frames(trials.arrays["inputs"], 2) == 4);
  CHECK(task::frames(trials.arrays["inputs"], 8) == 1); // the whole row at once
  const Rows rows{2, 0};
  for (const std::size_t steps : {4, 8, 10, 3}) {
    std::vector<std::size_t> often(4, 0);
    for (std::size_t step = 0; step < steps; ++step) {
      CAPTURE(steps, step);
      const std::size_t frame = step * 4 / steps;
      ++often[frame];
      const double f = 10.0 * static_cast<double>(frame);
      const arma::mat expected{{200 + f, f}, {201 + f, f + 1}};
      CHECK(arma::approx_equal(gathered(trials, "other", rows, 2, 0, step, steps), expected, "absdiff", 0));
      CHECK(arma::approx_equal(gathered(trials, "inputs", rows, 2, 0, step, steps), 2 * expected, "absdiff", 0));
    }
    if (steps % 4 == 0) CHECK(often == std::vector<std::size_t>(4, steps / 4));
  }
}

TEST_CASE("targets are those given, or 1 at the label", "[protocol]") {
  auto trials = labelled_trials(6, 3);
  const Rows rows{4, 2, 0};
  arma::mat target;
  task::gather_targets(trials, {}, {rows}, 3, target);
  const arma::mat one_hot{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}; // the labels are 1, 2, 0
  CHECK(arma::approx_equal(target, one_hot, "absdiff", 0));
  CHECK(arma::approx_equal(gathered(trials, "targets", rows, 3), one_hot, "absdiff", 0));
  CHECK(arma::approx_equal(gathered(trials, "even_targets", rows, 4), arma::mat(4, 3).fill(0.25), "absdiff", 0));
  trials.has_targets = true;
  trials.scale = 5; // of the inputs alone
  trials.targets = data::Array{{6, 1}, std::vector<double>{0, 1, 2, 3, 4, 5}};
  task::gather_targets(trials, {}, {rows}, 1, target);
  CHECK(arma::approx_equal(target, arma::mat{{4, 2, 0}}, "absdiff", 0));
  CHECK(arma::approx_equal(gathered(trials, "targets", rows, 1), target, "absdiff", 0));
}

TEST_CASE("wrong targets are never right, all others as often, and follow from seed, trial and epoch", "[protocol]") {
  constexpr std::size_t classes = 4, count = 12000;
  const auto trials = labelled_trials(count, classes);
  const Rows rows = rows_below(count);
  const arma::mat wrong = gathered(trials, "wrong_targets", rows, classes, 1);
  CHECK(arma::all(arma::sum(wrong, 0) == 1.0));
  arma::mat often(classes, classes, arma::fill::zeros);
  for (std::size_t k = 0; k < count; ++k) often.col(k % classes) += wrong.col(k);
  for (arma::uword right = 0; right < classes; ++right)
    for (arma::uword i = 0; i < classes; ++i) {
      CAPTURE(right, i);
      if (i == right)
        CHECK(often(i, right) == 0);
      else // 1000 of 3000; 4 standard deviations of a binomial number
        CHECK(std::abs(often(i, right) - 1000) < 4 * std::sqrt(3000.0 * 2 / 9));
    }
  // Beside other trials of the batch, and at another step of the phase, it is the same.
  const Rows few{11999, 3, 700};
  const arma::mat alone = gathered(trials, "wrong_targets", few, classes, 1, 5, 9);
  for (arma::uword b = 0; b < few.size(); ++b) CHECK(arma::all(alone.col(b) == wrong.col(few[b])));
  // In another epoch, or by another seed, a third are the same by chance.
  for (const arma::mat &other : {gathered(trials, "wrong_targets", rows, classes, 2),
                                 gathered(trials, "wrong_targets", rows, classes, 1, 0, 1, 2)})
    CHECK(std::abs(arma::accu(other % wrong) - 4000) < 4 * std::sqrt(12000.0 * 2 / 9));
}
