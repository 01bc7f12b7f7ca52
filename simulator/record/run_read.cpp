#include "record/run_read.hpp"

#include "data/array.hpp"
#include "data/printable.hpp"

#include <utility>

namespace engram::record {

namespace {

const std::string scratch = "/scratch/", acquisition = "/acquisition/", trial_table = "/intervals/trials",
                  curve_table = "/scratch/learning_curve", signal_table = "/scratch/recorded_signals";

[[noreturn]] void refuse(const hdf5::ForeignFile &file, const std::string &object, const std::string &what) {
  throw data::DataError(file.path() + ": " + data::printable_line(object) + ": " + what);
}

/// A dataset that has to be there.
hdf5::About require_dataset(const hdf5::ForeignFile &file, const std::string &path) {
  auto about = file.about(path);
  if (!about.is_dataset()) refuse(file, path, "there is no such dataset");
  return about;
}

} // namespace

RunReader::RunReader(const std::string &path) : file_(path) {
  if (!file_.outside().empty())
    throw data::DataError(path + ": takes values from " + data::printable_list(file_.outside()) +
                          ", which no run file does");
  if (!file_.about("/scratch").is_group()) throw data::DataError(path + ": is no run file: it has no group scratch");
}

std::size_t RunReader::rows_of(const std::string &table) const {
  const auto id = require_dataset(file_, table + "/id");
  if (id.shape.size() != 1) refuse(file_, table + "/id", "has another number of axes");
  return id.shape[0];
}

template <class T>
std::vector<T> RunReader::column(const std::string &table, const std::string &name, std::size_t rows) const {
  const std::string path = table + "/" + name;
  if (require_dataset(file_, path).shape != std::vector{rows})
    refuse(file_, path, "does not have the length of its table");
  return file_.numbers<T>(path, 0, rows);
}

std::vector<std::string> RunReader::texts(const std::string &table, const std::string &name, std::size_t rows) const {
  const std::string path = table + "/" + name;
  if (require_dataset(file_, path).shape != std::vector{rows})
    refuse(file_, path, "does not have the length of its table");
  return file_.texts(path, 0, rows);
}

/// Checks the number of axes.
std::size_t RunReader::axis(const std::string &matrix, std::size_t which) const {
  const auto about = require_dataset(file_, matrix);
  if (about.shape.size() != 2) refuse(file_, matrix, "has another number of axes");
  return about.shape[which];
}

std::vector<StoredSeries> RunReader::series() const {
  if (!file_.about(signal_table).is_group()) return {}; // nothing is recorded
  const std::size_t rows = rows_of(signal_table);
  const auto names = texts(signal_table, "series", rows), regions = texts(signal_table, "region", rows),
             signals = texts(signal_table, "signal", rows);
  std::vector<StoredSeries> result;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::string data = acquisition + names[row] + "/data";
    const std::size_t neurons = axis(data, 1), samples = axis(data, 0);
    const auto unit = file_.attribute(data, "unit");
    if (unit.size() != 1) refuse(file_, data, "attribute unit is not one text");
    result.push_back({names[row], regions[row], signals[row], unit.front(), neurons, samples});
  }
  return result;
}

arma::mat RunReader::data(const StoredSeries &series, std::size_t first, std::size_t count) const {
  const std::string data = acquisition + series.name + "/data";
  const std::size_t neurons = axis(data, 1);
  // Time × neuron by rows is neuron × time by columns.
  arma::mat result = file_.transposed_matrix(data, first, count);
  if (result.is_empty()) result.set_size(neurons, count);
  return result;
}

std::vector<double> RunReader::times(const StoredSeries &series) const {
  const std::string group = acquisition + series.name, start = group + "/starting_time";
  if (file_.about(group + "/timestamps").is_dataset()) // not regular, or of an earlier engram
    return file_.numbers<double>(group + "/timestamps");
  if (require_dataset(file_, start).rows() != 1) refuse(file_, start, "is no single time");
  const double first = file_.numbers<double>(start).at(0), rate = file_.attribute_number(start, "rate", 0);
  if (!(rate > 0)) refuse(file_, start, "has no rate");
  std::vector<double> seconds(series.samples);
  for (std::size_t n = 0; n < seconds.size(); ++n) seconds[n] = first + static_cast<double>(n) / rate;
  return seconds;
}

std::string RunReader::projection_of(const std::string &dataset) const {
  if (!dataset.starts_with("weights_") && !dataset.starts_with("synapses_")) return "";
  const auto projection = file_.attribute(scratch + dataset, "projection");
  return projection.size() == 1 ? projection.front() : "";
}

std::vector<std::string> RunReader::projections() const {
  std::vector<std::string> result;
  for (const auto &name : file_.children("/scratch"))
    if (auto projection = projection_of(name); !projection.empty()) result.push_back(std::move(projection));
  return result;
}

arma::mat RunReader::weights(const std::string &projection) const {
  for (const auto &name : file_.children("/scratch")) {
    if (projection.empty() || projection_of(name) != projection) continue;
    const std::size_t rows = axis(scratch + name, 0), width = axis(scratch + name, 1);
    arma::mat result = file_.matrix(scratch + name, 0, rows);
    if (result.is_empty()) result.set_size(rows, width);
    return result;
  }
  refuse(file_, "/scratch", "has no weights of " + projection);
}

std::vector<std::string> RunReader::terms() const {
  for (const auto &[table, begin] :
       {std::pair<std::string, std::string>{trial_table, "loss_"}, {curve_table, "train_loss_"}}) {
    if (!file_.about(table).is_group()) continue;
    std::vector<std::string> names;
    for (const auto &name : file_.attribute(table, "colnames"))
      if (name.starts_with(begin)) names.push_back(name.substr(begin.size()));
    return names;
  }
  return {};
}

std::vector<TrialRow> RunReader::trials() const {
  if (!file_.about(trial_table).is_group()) return {};
  const std::size_t rows = rows_of(trial_table);
  const auto start = column<double>(trial_table, "start_time", rows),
             stop = column<double>(trial_table, "stop_time", rows), loss = column<double>(trial_table, "loss", rows),
             held_out = column<double>(trial_table, "held_out", rows); // bool
  const auto trial = column<std::int64_t>(trial_table, "trial", rows),
             label = column<std::int64_t>(trial_table, "label", rows),
             choice = column<std::int64_t>(trial_table, "choice", rows),
             epoch = column<std::int64_t>(trial_table, "epoch", rows);
  std::vector<double> test(rows, 0); // bool
  if (file_.about(trial_table + "/test").is_dataset()) test = column<double>(trial_table, "test", rows);
  std::vector<std::vector<double>> terms;
  for (const auto &name : this->terms()) terms.push_back(column<double>(trial_table, "loss_" + name, rows));
  std::vector<TrialRow> result;
  for (std::size_t row = 0; row < rows; ++row) {
    result.push_back(
        {start[row], stop[row], trial[row], label[row], choice[row], loss[row], held_out[row] != 0, epoch[row]});
    for (const auto &term : terms) result.back().terms.push_back(term[row]);
    result.back().test = test[row] != 0;
  }
  return result;
}

std::vector<CurvePoint> RunReader::curve() const {
  if (!file_.about(curve_table).is_group()) return {};
  const std::size_t rows = rows_of(curve_table);
  const auto epoch = column<std::uint64_t>(curve_table, "epoch", rows);
  const auto train_loss = column<double>(curve_table, "train_loss", rows),
             train_accuracy = column<double>(curve_table, "train_accuracy", rows),
             held_out_loss = column<double>(curve_table, "held_out_loss", rows),
             held_out_accuracy = column<double>(curve_table, "held_out_accuracy", rows),
             seconds = column<double>(curve_table, "seconds", rows);
  std::vector<std::vector<double>> train_terms, held_out_terms;
  std::vector<double> train_reward, held_out_reward;
  if (file_.about(curve_table + "/train_reward").is_dataset()) {
    train_reward = column<double>(curve_table, "train_reward", rows);
    held_out_reward = column<double>(curve_table, "held_out_reward", rows);
  }
  for (const auto &name : terms()) {
    train_terms.push_back(column<double>(curve_table, "train_loss_" + name, rows));
    held_out_terms.push_back(column<double>(curve_table, "held_out_loss_" + name, rows));
  }
  std::vector<CurvePoint> result;
  for (std::size_t row = 0; row < rows; ++row) {
    result.push_back({static_cast<std::size_t>(epoch[row]), train_loss[row], train_accuracy[row], held_out_loss[row],
                      held_out_accuracy[row], seconds[row]});
    for (const auto &term : train_terms) result.back().train_terms.push_back(term[row]);
    for (const auto &term : held_out_terms) result.back().held_out_terms.push_back(term[row]);
    if (train_reward.empty()) continue;
    result.back().train_reward = train_reward[row];
    result.back().held_out_reward = held_out_reward[row];
  }
  return result;
}

std::string RunReader::one_text(const std::string &path) const {
  const auto texts = file_.texts(path, 0, require_dataset(file_, path).rows());
  if (texts.size() != 1) refuse(file_, path, "is not one text");
  return texts[0];
}

std::string RunReader::model_json() const { return one_text(scratch + "model_json"); }

std::string RunReader::session_start() const { return one_text("/session_start_time"); }

std::string RunReader::text(const std::string &name) const {
  return file_.about(scratch + name).is_dataset() ? one_text(scratch + name) : "";
}

std::optional<std::size_t> RunReader::epochs_done() const {
  const std::string path = scratch + "epochs_done";
  if (!file_.about(path).is_dataset()) return std::nullopt;
  const auto values = file_.numbers<std::uint64_t>(path);
  if (values.size() != 1) refuse(file_, path, "is not one number");
  return static_cast<std::size_t>(values[0]);
}

std::vector<learning::Saved> RunReader::state() const {
  std::vector<learning::Saved> out;
  for (const auto &name : file_.children("/scratch")) {
    if (!name.starts_with("state_")) continue;
    const std::string path = scratch + name;
    const auto full = file_.attribute(path, "state");
    if (full.size() != 1) refuse(file_, path, "attribute state is not one text");
    learning::Saved saved{full.front(), axis(path, 0), axis(path, 1), std::vector<double>()};
    if (saved.rows > 0 && saved.columns > 0) {
      const arma::mat values = file_.matrix(path, 0, saved.rows);
      saved.values = std::vector<double>(values.begin(), values.end());
    }
    out.push_back(std::move(saved));
  }
  return out;
}

std::optional<double> RunReader::number(const std::string &name) const {
  const std::string path = scratch + name;
  if (!file_.about(path).is_dataset()) return std::nullopt;
  const auto values = file_.numbers<double>(path);
  if (values.size() != 1) refuse(file_, path, "is not one number");
  return values[0];
}

std::uint64_t RunReader::seed() const {
  const std::string path = scratch + "seed";
  const auto values = file_.numbers<std::uint64_t>(path);
  if (values.size() != 1) refuse(file_, path, "is not one number");
  return values[0];
}

} // namespace engram::record
