#include "record/run_tables.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace engram::record {

namespace {
constexpr std::size_t rows_held = 1024;

const std::vector<nwb::Column> trial_columns = {
    {"start_time", nwb::ColumnType::number, "Start time of epoch, in seconds"},
    {"stop_time", nwb::ColumnType::number, "Stop time of epoch, in seconds"},
    {"trial", nwb::ColumnType::integer, "row of the data set that was shown"},
    {"label", nwb::ColumnType::integer, "class of the stimulus; -1: none"},
    {"choice", nwb::ColumnType::integer, "class that the circuit chose; -1: none"},
    {"loss", nwb::ColumnType::number, "loss of the objective; NaN: none"},
    {"held_out", nwb::ColumnType::boolean, "whether the trial was kept from learning"},
    {"epoch", nwb::ColumnType::integer, "passes over the data set by then, this one included"}};
// Beside them, where labels are words.
const std::vector<nwb::Column> name_columns = {
    {"label_name", nwb::ColumnType::text, "name of the class of the stimulus; empty: none"},
    {"choice_name", nwb::ColumnType::text, "name of the class that the circuit chose; empty: none, or it has no name"}};
const std::vector<nwb::Column> curve_columns = {
    {"epoch", nwb::ColumnType::integer, "passes over the data set so far"},
    {"train_loss", nwb::ColumnType::number, "mean loss of the trials learned from"},
    {"train_accuracy", nwb::ColumnType::number, "share of right choices in the trials learned from"},
    {"held_out_loss", nwb::ColumnType::number, "mean loss of the trials kept from learning"},
    {"held_out_accuracy", nwb::ColumnType::number, "share of right choices in the trials kept from learning"},
    {"seconds", nwb::ColumnType::number, "wall time of learning in this epoch, without the test, in seconds"}};
const std::vector<nwb::Column> signal_columns = {
    {"series", nwb::ColumnType::text, "name of the time series under /acquisition"},
    {"region", nwb::ColumnType::text, "region of the model"},
    {"signal", nwb::ColumnType::text, "signal of the region"},
    {"neurons", nwb::ColumnType::integer, "number of neurons"}};

// Beside them, where there is a test.
const nwb::Column test_column = {"test", nwb::ColumnType::boolean,
                                 "whether the trial was run once, after all learning"};
// Beside them, where an environment pays rewards; and of the curve.
const nwb::Column reward_column = {"reward", nwb::ColumnType::number, "reward that the environment paid, summed"};
const std::vector<nwb::Column> reward_columns = {
    {"train_reward", nwb::ColumnType::number, "mean reward of the trials learned from"},
    {"held_out_reward", nwb::ColumnType::number, "mean reward of the trials kept from learning"}};

nwb::ColumnType type_of(model::Column::Kind kind) {
  switch (kind) {
  case model::Column::Kind::number:
    return nwb::ColumnType::number;
  case model::Column::Kind::integer:
    return nwb::ColumnType::integer;
  default:
    return nwb::ColumnType::boolean;
  }
}

bool is_standard(const std::string &name) {
  return name == reward_column.name || name == test_column.name ||
         std::any_of(trial_columns.begin(), trial_columns.end(),
                     [&](const nwb::Column &column) { return column.name == name; });
}

std::vector<nwb::Column> columns_of_curve(const std::vector<std::string> &terms, bool rewards) {
  auto columns = curve_columns;
  if (rewards) columns.insert(columns.end(), reward_columns.begin(), reward_columns.end());
  for (const char *which : {"train_loss_", "held_out_loss_"})
    for (const auto &term : terms)
      columns.push_back({which + term, nwb::ColumnType::number,
                         "mean loss of the term '" + term + "' of the objective, without its weight"});
  return columns;
}

double at_or_nan(const std::vector<double> &values, std::size_t k) {
  return k < values.size() ? values[k] : std::numeric_limits<double>::quiet_NaN();
}

template <class T, class Row, class F> std::vector<T> column(const std::vector<Row> &rows, F field) {
  std::vector<T> values;
  values.reserve(rows.size());
  for (const auto &row : rows) values.push_back(static_cast<T>(field(row)));
  return values;
}
} // namespace

RunTables::RunTables(hid_t file, const nwb::Identity &identity, const RunInfo &info)
    : intervals_(hdf5::open_group(file, "/intervals")), scratch_(hdf5::open_group(file, "/scratch")),
      identity_(identity), label_names_(info.label_names), terms_(info.terms), rewards_(info.rewards),
      test_(info.test) {
  for (std::size_t k = 0; k < info.columns.size(); ++k) {
    if (is_standard(info.columns[k].name)) continue; // `choice` and `label` come with every trial
    own_.push_back(info.columns[k]);
    own_at_.push_back(k);
  }
}

std::vector<nwb::Column> RunTables::columns_of_trials() const {
  auto columns = trial_columns;
  if (!label_names_.empty()) columns.insert(columns.end(), name_columns.begin(), name_columns.end());
  for (const auto &term : terms_)
    columns.push_back({"loss_" + term, nwb::ColumnType::number,
                       "loss of the term '" + term + "' of the objective, without its weight; NaN: none"});
  if (test_) columns.push_back(test_column);
  if (rewards_) columns.push_back(reward_column);
  for (const auto &column : own_) columns.push_back({column.name, type_of(column.kind), column.help});
  return columns;
}

// What an environment tells, from the column `at` of the table on.
void RunTables::write_own(std::size_t at, std::size_t first) {
  const auto &rows = held_trials_;
  trials_->write(at++, first, column<double>(rows, [](const auto &row) { return row.reward; }));
  for (std::size_t k = 0; k < own_.size(); ++k, ++at) {
    const auto value = [&](const TrialRow &row) { return row.columns.at(own_at_[k]); };
    switch (own_[k].kind) {
    case model::Column::Kind::number:
      trials_->write(at, first, column<double>(rows, value));
      break;
    case model::Column::Kind::integer:
      trials_->write(at, first, column<std::int64_t>(rows, value));
      break;
    default:
      trials_->write(at, first, column<std::int8_t>(rows, value));
    }
  }
}

void RunTables::add(const TrialRow &trial) {
  held_trials_.push_back(trial);
  if (held_trials_.size() >= rows_held) write_trials();
}

void RunTables::add(const CurvePoint &point) {
  held_points_.push_back(point);
  if (held_points_.size() >= rows_held) write_curve();
}

void RunTables::add_series(const std::string &name, const std::string &region, const std::string &signal,
                           std::size_t neurons) {
  if (!signals_)
    signals_.emplace(scratch_.get(), "recorded_signals", "DynamicTable", "what each time series holds", signal_columns,
                     identity_);
  const std::size_t row = signals_->rows();
  signals_->resize(row + 1);
  signals_->write(0, row, std::vector<std::string>{name});
  signals_->write(1, row, std::vector<std::string>{region});
  signals_->write(2, row, std::vector<std::string>{signal});
  signals_->write(3, row, std::vector<std::int64_t>{static_cast<std::int64_t>(neurons)});
}

void RunTables::flush() {
  write_trials();
  write_curve();
}

void RunTables::write_trials() {
  if (held_trials_.empty()) return;
  const auto &rows = held_trials_;
  if (!trials_)
    trials_.emplace(intervals_.get(), "trials", "TimeIntervals", "simulated trials", columns_of_trials(), identity_);
  const std::size_t first = trials_->rows();
  trials_->resize(first + rows.size());
  trials_->write(0, first, column<double>(rows, [](const auto &row) { return row.start_s; }));
  trials_->write(1, first, column<double>(rows, [](const auto &row) { return row.stop_s; }));
  trials_->write(2, first, column<std::int64_t>(rows, [](const auto &row) { return row.trial; }));
  trials_->write(3, first, column<std::int64_t>(rows, [](const auto &row) { return row.label; }));
  trials_->write(4, first, column<std::int64_t>(rows, [](const auto &row) { return row.choice; }));
  trials_->write(5, first, column<double>(rows, [](const auto &row) { return row.loss; }));
  trials_->write(6, first, column<std::int8_t>(rows, [](const auto &row) { return row.held_out; }));
  trials_->write(7, first, column<std::int64_t>(rows, [](const auto &row) { return row.epoch; }));
  if (!label_names_.empty()) {
    const auto name = [&](std::int64_t k) {
      const auto at = static_cast<std::size_t>(k);
      return k >= 0 && at < label_names_.size() ? label_names_[at] : std::string();
    };
    trials_->write(8, first, column<std::string>(rows, [&](const auto &row) { return name(row.label); }));
    trials_->write(9, first, column<std::string>(rows, [&](const auto &row) { return name(row.choice); }));
  }
  std::size_t after = trial_columns.size() + (label_names_.empty() ? 0 : name_columns.size());
  for (std::size_t k = 0; k < terms_.size(); ++k)
    trials_->write(after++, first, column<double>(rows, [k](const auto &row) { return at_or_nan(row.terms, k); }));
  if (test_) trials_->write(after++, first, column<std::int8_t>(rows, [](const auto &row) { return row.test; }));
  if (rewards_) write_own(after, first);
  held_trials_.clear();
}

void RunTables::write_curve() {
  if (held_points_.empty()) return;
  const auto &points = held_points_;
  if (!curve_)
    curve_.emplace(scratch_.get(), "learning_curve", "DynamicTable", "progress of learning",
                   columns_of_curve(terms_, rewards_), identity_);
  const std::size_t first = curve_->rows();
  curve_->resize(first + points.size());
  curve_->write(0, first, column<std::int64_t>(points, [](const auto &point) { return point.epoch; }));
  curve_->write(1, first, column<double>(points, [](const auto &point) { return point.train_loss; }));
  curve_->write(2, first, column<double>(points, [](const auto &point) { return point.train_accuracy; }));
  curve_->write(3, first, column<double>(points, [](const auto &point) { return point.held_out_loss; }));
  curve_->write(4, first, column<double>(points, [](const auto &point) { return point.held_out_accuracy; }));
  curve_->write(5, first, column<double>(points, [](const auto &point) { return point.seconds; }));
  std::size_t after = curve_columns.size();
  if (rewards_) {
    curve_->write(after++, first, column<double>(points, [](const auto &point) { return point.train_reward; }));
    curve_->write(after++, first, column<double>(points, [](const auto &point) { return point.held_out_reward; }));
  }
  for (std::size_t k = 0; k < terms_.size(); ++k, ++after) {
    curve_->write(after, first, column<double>(points, [k](const auto &p) { return at_or_nan(p.train_terms, k); }));
    curve_->write(after + terms_.size(), first,
                  column<double>(points, [k](const auto &p) { return at_or_nan(p.held_out_terms, k); }));
  }
  held_points_.clear();
}

} // namespace engram::record
