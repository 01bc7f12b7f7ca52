#include "task/split.hpp"

#include "data/printable.hpp"
#include "data/table.hpp"
#include "input/document.hpp"
#include "input/input_error.hpp"
#include "input/nearest.hpp"
#include "numeric/random.hpp"
#include "task/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace engram::task {

namespace {

using Rows = std::vector<std::size_t>;
using Kind = model::Split::Kind;

[[noreturn]] void refuse(const model::Model &model, const std::string &pointer, const std::string &what) {
  throw input::InputError({{model.file, 0, pointer, what}});
}

// A word or a whole number for each trial, as it stands in the file; words alone where there are words.
struct Marks {
  std::vector<std::string> words;
  std::vector<std::int64_t> numbers; // of words: by their alphabetic order
};

Marks read_marks(const model::Model &model, const std::string &pointer, std::size_t trials) {
  const auto &source = model.task.split.array;
  Marks marks;
  try {
    Labels labels;
    if (!source.file.empty()) {
      auto column = data::read_labels(source.file, source.key);
      if (const auto &table = column.numbers;
          column.words.empty() && table.array.row_size() > 1 && table.array.rows() > 1)
        throw data::DataError(fmt::format(
            "{}: holds {} × {} numbers, and one is needed for each trial{}", source.file, table.array.rows(),
            table.array.row_size(),
            table.columns.empty() ? "" : "; \"key\" picks one of the columns " + data::printable_list(table.columns)));
      marks.words = std::move(column.words);
      labels = marks.words.empty() ? labels_of(column.numbers.array, source.file, column.numbers.columns)
                                   : labels_of(marks.words, source.file);
    } else {
      marks.words = source.words;
      labels = marks.words.empty() ? labels_of(data::Array{source.shape, source.values}, pointer)
                                   : labels_of(marks.words, pointer);
    }
    marks.numbers = std::move(labels.classes);
  } catch (const data::DataError &error) {
    refuse(model, pointer, error.what());
  }
  if (marks.numbers.size() != trials)
    refuse(model, pointer, fmt::format("has {} rows where the stimuli have {}", marks.numbers.size(), trials));
  return marks;
}

// 0: training, 1: held out, 2: test.
std::int64_t part_named(const model::Model &model, const std::string &word, std::size_t row) {
  static const std::vector<std::string> names{"training", "held_out", "test"};
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end())
    refuse(model, "/task/split/parts",
           fmt::format("row {}: {}", row + 1, input::unknown("part", input::shown(word), names)));
  return found - names.begin();
}

void divide_as_given(const model::Model &model, Trials &trials) {
  const std::string pointer = "/task/split/parts";
  const auto marks = read_marks(model, pointer, trials.count);
  for (std::size_t row = 0; row < trials.count; ++row) {
    const auto part = marks.words.empty() ? marks.numbers[row] : part_named(model, marks.words[row], row);
    if (part < 0 || part > 2)
      refuse(model, pointer,
             fmt::format("row {}: {} is no part: 0 is training, 1 held_out, 2 test", row + 1, marks.numbers[row]));
    (part == 0 ? trials.training : part == 1 ? trials.held_out : trials.test).push_back(row);
  }
  if (trials.training.empty()) refuse(model, pointer, "leaves no trial for learning");
}

// How many trials, or groups, go where.
struct Counts {
  std::size_t held_out = 0, test = 0;
};

// `what`: "trials", "groups". Something is left to learn from.
Counts counts_of(const model::Model &model, std::size_t all, const char *what) {
  const Counts out{taken(model.task.held_out, all), taken(model.task.test, all)};
  if (out.held_out > 0 && out.held_out >= all)
    refuse(model, "/task/held_out",
           fmt::format("keeps {} {} for testing, but there are only {}", out.held_out, what, all));
  if (out.test > 0 && out.test >= all - out.held_out)
    refuse(model, "/task/test",
           fmt::format("keeps {} {} for the test, but there are only {}{}", out.test, what, all,
                       out.held_out > 0 ? fmt::format(", of which {} are held out", out.held_out) : ""));
  return out;
}

// The first of `order` are held out, the next are of the test, and the others are learned from.
void append_in_order(const Rows &order, const Counts &counts, Trials &trials) {
  for (std::size_t k = 0; k < order.size(); ++k)
    (k < counts.held_out                 ? trials.held_out
     : k < counts.held_out + counts.test ? trials.test
                                         : trials.training)
        .push_back(order[k]);
}

// The rows of each class, in the order in which they stand in `order`.
std::vector<Rows> rows_by_class(const std::vector<std::int64_t> &classes, const Rows &order) {
  std::map<std::int64_t, Rows> by_class;
  for (const std::size_t row : order) by_class[classes[row]].push_back(row);
  std::vector<Rows> out;
  for (auto &[number, rows] : by_class) out.push_back(std::move(rows));
  return out;
}

void divide_by_class(const model::Model &model, const Rows &order, Trials &trials) {
  const std::string pointer = "/task/split";
  const auto counts = counts_of(model, order.size(), "trials");
  const auto classes = rows_by_class(trials.labels, order);
  std::vector<std::size_t> sizes;
  for (const auto &rows : classes) {
    if (rows.size() < 2)
      refuse(model, pointer,
             fmt::format("label {} has one trial: 'stratified' divides classes of two or more",
                         trials.labels[rows.front()]));
    sizes.push_back(rows.size());
  }
  const std::size_t left = order.size() - counts.held_out - counts.test;
  for (const auto &[name, part] :
       {std::pair{"/task/held_out has", counts.held_out}, {"/task/test has", counts.test}, {"learning has", left}})
    if (part > 0 && part < classes.size())
      refuse(model, pointer, fmt::format("{} {} of the trials, fewer than the {} classes", name, part, classes.size()));
  const auto first = numeric::permutation({model.seed, numeric::Purpose::split, 1}, classes.size());
  const auto held_out = in_proportion(sizes, counts.held_out, first);
  for (std::size_t k = 0; k < sizes.size(); ++k) sizes[k] -= held_out[k];
  const auto test = in_proportion(sizes, counts.test, first);
  for (std::size_t k = 0; k < classes.size(); ++k) append_in_order(classes[k], {held_out[k], test[k]}, trials);
}

void divide_by_group(const model::Model &model, std::size_t rows, Trials &trials) {
  const std::string pointer = "/task/split/groups";
  const auto marks = read_marks(model, pointer, trials.count);
  Rows all(rows);
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::map<std::int64_t, std::size_t> drawn; // by group, a row
  for (std::size_t row = 0; row < rows; ++row) drawn.emplace(marks.numbers[row], row);
  for (std::size_t own = rows; own < trials.count; ++own) // what belongs together is not divided
    if (const auto other = drawn.find(marks.numbers[own]); other != drawn.end())
      refuse(model, pointer,
             fmt::format("rows {} and {} are of one group, and the second is of the data set's own test part",
                         other->second + 1, own + 1));
  const auto groups = rows_by_class(marks.numbers, all);
  const auto counts = counts_of(model, groups.size(), "groups");
  const auto order = numeric::permutation({model.seed, numeric::Purpose::split, 0}, groups.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const auto &group = groups[order[k]];
    auto &part = k < counts.held_out                 ? trials.held_out
                 : k < counts.held_out + counts.test ? trials.test
                                                     : trials.training;
    part.insert(part.end(), group.begin(), group.end());
  }
}

} // namespace

std::size_t taken(const model::Part &part, std::size_t of) {
  return part.fraction > 0 ? static_cast<std::size_t>(std::llround(part.fraction * static_cast<double>(of)))
                           : part.count;
}

std::vector<std::size_t> in_proportion(const std::vector<std::size_t> &counts, std::size_t taken,
                                       const std::vector<std::size_t> &order) {
  const std::size_t all = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  std::vector<std::size_t> out(counts.size(), 0);
  if (all == 0) return out;
  std::size_t left = taken;
  for (std::size_t k = 0; k < counts.size(); ++k) left -= out[k] = counts[k] * taken / all;
  auto largest = order;
  std::stable_sort(largest.begin(), largest.end(),
                   [&](std::size_t a, std::size_t b) { return counts[a] * taken % all > counts[b] * taken % all; });
  for (std::size_t k = 0; k < left; ++k) ++out[largest[k]];
  return out;
}

void divide(const model::Model &model, std::size_t own_test, Trials &trials) {
  const auto &task = model.task;
  if (task.test.dataset && own_test == 0)
    refuse(model, "/task/test",
           "the data set " + data::quoted(task.stimuli.dataset) +
               " has no test part of its own: a count or a share "
               "draws one");
  if (task.split.kind == Kind::given) {
    divide_as_given(model, trials);
    return;
  }
  // The data set's own test part is apart; the rest is drawn from.
  const bool own_held_out = task.held_out.dataset && own_test > 0 && !task.test.dataset;
  std::size_t rows = trials.count;
  if (own_held_out || task.test.dataset) {
    rows -= own_test;
    auto &own = own_held_out ? trials.held_out : trials.test;
    own.resize(own_test);
    std::iota(own.begin(), own.end(), rows);
  }
  if (task.split.kind == Kind::grouped) {
    divide_by_group(model, rows, trials);
  } else {
    const auto order = numeric::permutation({model.seed, numeric::Purpose::split, 0}, rows);
    if (task.split.kind == Kind::stratified)
      divide_by_class(model, order, trials);
    else
      append_in_order(order, counts_of(model, rows, "trials"), trials);
  }
  for (auto *part : {&trials.training, &trials.held_out, &trials.test}) std::sort(part->begin(), part->end());
}

} // namespace engram::task
