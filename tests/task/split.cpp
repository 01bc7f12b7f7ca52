// How trials are divided into parts: what StratifiedShuffleSplit and GroupShuffleSplit of scikit-learn promise.
#include "task/split.hpp"
#include "catch.hpp"
#include "command.hpp"
#include "input/input_error.hpp"
#include "numeric/random.hpp"
#include "task/load_trials.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

using namespace engram;
using task::Trials;
using SplitKind = model::Split::Kind;

namespace {

using Counts = std::vector<std::size_t>;

// Trials of one number, with these labels.
model::Model split_task(const std::vector<double> &labels, SplitKind kind, std::uint64_t seed = 1) {
  model::Model m;
  m.seed = seed;
  m.task.held_out.dataset = false;
  m.task.split.kind = kind;
  const std::vector<double> shown(labels.size(), 1);
  m.task.stimuli.arrays["inputs"].shape = m.task.stimuli.arrays["labels"].shape = {labels.size()};
  m.task.stimuli.arrays["inputs"].values = shown;
  m.task.stimuli.arrays["labels"].values = labels;
  return m;
}

// So many labels of the classes 0, 1, …, in the order in which they come.
std::vector<double> labels_of_sizes(const Counts &sizes) {
  std::vector<double> out;
  for (std::size_t k = 0; k < sizes.size(); ++k) out.insert(out.end(), sizes[k], static_cast<double>(k));
  return out;
}

Counts classes_among(const Trials &trials, const std::vector<std::size_t> &rows, std::size_t classes) {
  Counts out(classes, 0);
  for (const auto row : rows) ++out[static_cast<std::size_t>(trials.labels[row])];
  return out;
}

std::string split_refusal(const model::Model &m) {
  try {
    task::load_trials(m, {});
  } catch (const input::InputError &error) {
    return error.what();
  }
  return "";
}

void check_parts_are_all(const Trials &trials) {
  std::set<std::size_t> rows;
  for (const auto *part : {&trials.training, &trials.held_out, &trials.test}) {
    CHECK(std::is_sorted(part->begin(), part->end()));
    rows.insert(part->begin(), part->end());
  }
  CHECK(rows.size() == trials.count);
  CHECK(trials.training.size() + trials.held_out.size() + trials.test.size() == trials.count);
}

} // namespace

TEST_CASE("classes are taken in proportion, to one trial, and those with the largest remainders first", "[protocol]") {
  const numeric::Random random{7, numeric::Purpose::split, 0};
  for (std::size_t round = 0; round < 200; ++round) {
    Counts counts(1 + static_cast<std::size_t>(8 * random.uniform(0, round)));
    for (std::size_t k = 0; k < counts.size(); ++k)
      counts[k] = 1 + static_cast<std::size_t>(50 * random.uniform(k + 1, round));
    const auto all = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
    const auto wanted = static_cast<std::size_t>(static_cast<double>(all) * random.uniform(99, round));
    Counts order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto taken = task::in_proportion(counts, wanted, order);
    CHECK(std::accumulate(taken.begin(), taken.end(), std::size_t{0}) == wanted);
    double least_up = 1, greatest_down = 0; // remainders
    for (std::size_t k = 0; k < counts.size(); ++k) {
      const double share = static_cast<double>(counts[k] * wanted) / static_cast<double>(all);
      const double remainder = share - std::floor(share);
      CHECK(std::abs(static_cast<double>(taken[k]) - share) < 1);
      CHECK(taken[k] <= counts[k]);
      if (static_cast<double>(taken[k]) > share) least_up = std::min(least_up, remainder);
      if (static_cast<double>(taken[k]) < share) greatest_down = std::max(greatest_down, remainder);
    }
    CHECK(least_up >= greatest_down - 1e-9);
  }
}

TEST_CASE("a stratified split has of each class as many trials as scikit-learn's", "[protocol]") {
  // tests/task/fixtures/sklearn_splits.py printed the counts by class; none hangs on the draw, as no remainders tie.
  struct Case {
    Counts sizes;
    std::size_t held_out;
    Counts expected;
  };
  const std::vector<Case> cases{
      {{50, 30, 20}, 10, {5, 3, 2}}, {{50, 30, 20}, 33, {16, 10, 7}}, {{7, 11, 13, 3}, 9, {2, 3, 3, 1}},
      {{100, 2}, 51, {50, 1}},       {{9, 5, 2}, 7, {4, 2, 1}},
  };
  for (const auto &[sizes, held_out, expected] : cases)
    for (std::uint64_t seed = 1; seed < 4; ++seed) {
      auto m = split_task(labels_of_sizes(sizes), SplitKind::stratified, seed);
      m.task.held_out.count = held_out;
      const auto trials = task::load_trials(m, {});
      CHECK(classes_among(trials, trials.held_out, sizes.size()) == expected);
      check_parts_are_all(trials);
    }
}

TEST_CASE("a stratified split has a test too, follows from the seed, and takes each trial as often", "[protocol]") {
  const Counts sizes{40, 20, 60};
  std::vector<double> times(120, 0);
  std::set<std::vector<std::size_t>> different;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    auto m = split_task(labels_of_sizes(sizes), SplitKind::stratified, seed);
    m.task.held_out.fraction = 0.25;
    m.task.test.fraction = 0.1;
    const auto trials = task::load_trials(m, {});
    check_parts_are_all(trials);
    CHECK(classes_among(trials, trials.held_out, 3) == Counts{10, 5, 15});
    CHECK(classes_among(trials, trials.test, 3) == Counts{4, 2, 6});
    for (const auto row : trials.held_out) ++times[row];
    different.insert(trials.held_out);
    CHECK(task::load_trials(m, {}).held_out == trials.held_out);
  }
  CHECK(different.size() == 200);
  // Binomial: mean 50, s.d. 6.1; 120 trials within 5 s.d.
  CHECK(*std::min_element(times.begin(), times.end()) > 50 - 31);
  CHECK(*std::max_element(times.begin(), times.end()) < 50 + 31);
}

TEST_CASE("no group is in two parts, and counts and shares are of groups", "[protocol]") {
  auto m = split_task(std::vector<double>(60, 0), SplitKind::grouped);
  auto &groups = m.task.split.array;
  groups.shape = {60};
  for (std::size_t k = 0; k < 60; ++k) groups.values.push_back(static_cast<double>(k * k % 23) - 5); // uneven
  const std::set<double> all(groups.values.begin(), groups.values.end());
  std::map<double, std::size_t> times;
  for (m.seed = 1; m.seed <= 100; ++m.seed) {
    m.task.held_out = {.count = 3};
    m.task.test = {.fraction = 0.25};
    const auto trials = task::load_trials(m, {});
    check_parts_are_all(trials);
    const auto groups_of = [&](const std::vector<std::size_t> &rows) {
      std::set<double> out;
      for (const auto row : rows) out.insert(groups.values[row]);
      return out;
    };
    const auto training = groups_of(trials.training), held_out = groups_of(trials.held_out),
               test = groups_of(trials.test);
    CHECK(held_out.size() == 3);
    CHECK(test.size() == static_cast<std::size_t>(std::llround(0.25 * static_cast<double>(all.size()))));
    CHECK(training.size() + held_out.size() + test.size() == all.size()); // so none is in two
    for (const auto group : held_out) ++times[group];
  }
  CHECK(times.size() == all.size());
}

TEST_CASE("no group is in the data set's own test part and in another", "[protocol]") {
  auto m = split_task(std::vector<double>(6, 0), SplitKind::grouped);
  m.task.held_out.dataset = true;
  m.task.split.array.shape = {6};
  m.task.split.array.values = {0, 0, 1, 1, 2, 2};
  task::Trials trials;
  trials.count = 6;
  task::divide(m, 2, trials); // the last two are its own
  CHECK(trials.held_out == std::vector<std::size_t>{4, 5});
  CHECK(trials.training == std::vector<std::size_t>{0, 1, 2, 3});
  trials = {};
  trials.count = 6;
  CHECK_THROWS_WITH(
      task::divide(m, 3, trials),
      Catch::Contains("rows 3 and 4 are of one group, and the second is of the data set's own test part"));
}

TEST_CASE("parts may be given trial by trial, by words or numbers, in the model or a file", "[protocol]") {
  const std::vector<std::size_t> training{0, 3}, held_out{1}, test{2, 4};
  auto m = split_task({0, 0, 0, 0, 0}, SplitKind::given);
  const auto check = [&] {
    const auto trials = task::load_trials(m, {});
    CHECK(trials.training == training);
    CHECK(trials.held_out == held_out);
    CHECK(trials.test == test);
  };
  auto &parts = m.task.split.array;
  parts = {};
  parts.shape = {5};
  parts.words = {"training", "held_out", "test", "training", "test"};
  check();
  parts.words.clear();
  parts.values = {0, 1, 2, 0, 2};
  check();
  const command::Folder folder;
  parts = {};
  const auto file = folder.write("parts.csv", "animal,part\n1,training\n1,held_out\n2,test\n2,training\n3,test\n");
  parts.file = file;
  parts.key = "part";
  check();
  m.task.split = {SplitKind::grouped, {}};
  m.task.split.array.file = file;
  m.task.split.array.key = "animal";
  m.task.held_out.count = 1;
  CHECK(task::load_trials(m, {}).training.size() >= 3);
}

TEST_CASE("a data set's own test part is held out, or is the test", "[protocol]") {
  using Rows = std::vector<std::size_t>;
  model::Model m;
  m.task.stimuli.dataset = "digits";
  const auto divided = [&] { // of ten trials, of which the last four are the test part
    Trials trials;
    trials.count = 10;
    trials.labels = {0, 0, 0, 1, 1, 1, 0, 1, 0, 1};
    task::divide(m, 4, trials);
    check_parts_are_all(trials);
    return trials;
  };
  const Rows first{0, 1, 2, 3, 4, 5}, own{6, 7, 8, 9};
  CHECK(divided().held_out == own);
  CHECK(divided().training == first);
  m.task.test.count = 2;
  CHECK(divided().held_out == own);
  CHECK(divided().test.size() == 2);
  m.task.test = {.dataset = true};
  CHECK(divided().test == own);
  CHECK(divided().training == first);
  m.task.held_out = {.count = 2};
  m.task.split.kind = SplitKind::stratified;
  CHECK(divided().test == own);
  CHECK(classes_among(divided(), divided().held_out, 2) == Counts{1, 1});
  m.task.test = {};
  CHECK(divided().held_out.size() == 2); // of all ten
  CHECK(divided().training.size() == 8);
}

TEST_CASE("what cannot be divided is refused", "[protocol][validate]") {
  const auto refused = [](const model::Model &m, const std::string &message) {
    CAPTURE(message);
    CHECK(command::contains(split_refusal(m), message));
  };
  auto m = split_task({0, 0, 0, 1, 1, 2}, SplitKind::stratified);
  m.task.held_out.count = 3;
  refused(m, "/task/split: label 2 has one trial");
  m = split_task({0, 0, 0, 1, 1, 2, 2}, SplitKind::stratified);
  m.task.held_out.count = 2;
  refused(m, "/task/split: /task/held_out has 2 of the trials, fewer than the 3 classes");
  m.task.held_out.count = 5;
  refused(m, "/task/split: learning has 2 of the trials, fewer than the 3 classes");
  m.task.held_out.count = 3;
  m.task.test.count = 4;
  refused(m, "/task/test: keeps 4 trials for the test, but there are only 7, of which 3 are held out");
  m.task.test.count = 1;
  refused(m, "/task/split: /task/test has 1 of the trials, fewer than the 3 classes");
  m = split_task({0, 0, 0, 0}, SplitKind::grouped);
  m.task.held_out.count = 2;
  m.task.split.array.shape = {4};
  m.task.split.array.words = {"a", "a", "b", "b"};
  refused(m, "/task/held_out: keeps 2 groups for testing, but there are only 2");
  m.task.split.array.shape = {3};
  m.task.split.array.words.pop_back();
  refused(m, "/task/split/groups: has 3 rows where the stimuli have 4");
  m = split_task({0, 0}, SplitKind::given);
  m.task.split.array.shape = {2};
  m.task.split.array.words = {"training", "held-out"};
  refused(m, "/task/split/parts: row 2: unknown part 'held-out'; did you mean 'held_out'?");
  m.task.split.array.words = {"held_out", "test"};
  refused(m, "/task/split/parts: leaves no trial for learning");
  m.task.split.array.words.clear();
  m.task.split.array.values = {0, 3};
  refused(m, "/task/split/parts: row 2: 3 is no part");
  m.task.split.array.values = {0, 0.5};
  refused(m, "/task/split/parts: row 2:");
  m.task.split.array = {};
  const command::Folder folder;
  m.task.split.array.file = folder.write("parts.csv", "animal,part\n1,0\n1,2\n");
  refused(m, "one is needed for each trial; \"key\" picks one of the columns");
  m.task.split.array.file = "/nowhere/parts.csv";
  refused(m, "/task/split/parts: ");
  m = split_task({0, 0}, SplitKind::random);
  m.task.test.dataset = true;
  refused(m, "/task/test: the data set");
}
