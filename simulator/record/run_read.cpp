#include "record/run_read.hpp"

#include "data/array.hpp"
#include "data/hdf5_foreign.hpp"
#include "data/hdf5_object.hpp"
#include "data/printable.hpp"

namespace engram::record {

namespace {
template <class T> std::vector<T> column(hid_t table, const std::string &name, std::size_t rows) {
  const hdf5::Handle dataset = hdf5::open_dataset(table, name);
  if (hdf5::shape(dataset.get()) != std::vector<hsize_t>{rows})
    hdf5::fail(dataset.get(), "does not have the length of its table");
  if constexpr (std::is_same_v<T, std::string>)
    return hdf5::read_texts(dataset.get());
  else
    return hdf5::read_all<T>(dataset.get());
}

std::size_t rows_of(hid_t table) {
  const hdf5::Handle id = hdf5::open_dataset(table, "id");
  const auto shape = hdf5::shape(id.get());
  if (shape.size() != 1) hdf5::fail(id.get(), "has another number of axes");
  return static_cast<std::size_t>(shape[0]);
}

/// Checks the number of axes.
std::vector<hsize_t> matrix_shape(hid_t dataset) {
  auto shape = hdf5::shape(dataset);
  if (shape.size() != 2) hdf5::fail(dataset, "has another number of axes");
  return shape;
}
} // namespace

RunReader::RunReader(const std::string &path) {
  auto opened = hdf5::open_foreign(path);
  if (!opened.outside.empty())
    throw data::DataError(path + ": takes values from " + data::printable_list(opened.outside) +
                          ", which no run file does");
  file_ = std::move(opened.file);
  scratch_ = hdf5::open_group(file_.get(), "/scratch");
}

std::vector<StoredSeries> RunReader::series() const {
  if (!hdf5::exists(scratch_.get(), "recorded_signals")) return {}; // nothing is recorded
  const hdf5::Handle table = hdf5::open_group(scratch_.get(), "recorded_signals");
  const std::size_t rows = rows_of(table.get());
  const auto names = column<std::string>(table.get(), "series", rows);
  const auto regions = column<std::string>(table.get(), "region", rows);
  const auto signals = column<std::string>(table.get(), "signal", rows);
  std::vector<StoredSeries> result;
  for (std::size_t row = 0; row < rows; ++row) {
    const hdf5::Handle data = hdf5::open_dataset(file_.get(), "/acquisition/" + names[row] + "/data");
    const auto shape = matrix_shape(data.get());
    result.push_back({names[row], regions[row], signals[row], hdf5::text_attribute(data.get(), "unit"),
                      static_cast<std::size_t>(shape[1]), static_cast<std::size_t>(shape[0])});
  }
  return result;
}

arma::mat RunReader::data(const StoredSeries &series, std::size_t first, std::size_t count) const {
  const hdf5::Handle data = hdf5::open_dataset(file_.get(), "/acquisition/" + series.name + "/data");
  const hsize_t neurons = matrix_shape(data.get())[1];
  hdf5::checked_size(data.get(), {count, neurons}, sizeof(double));
  // Time × neuron by rows is neuron × time by columns.
  arma::mat result(neurons, count);
  hdf5::read_block(data.get(), {first, 0}, {count, neurons}, result.memptr());
  return result;
}

std::vector<double> RunReader::times(const StoredSeries &series) const {
  const hdf5::Handle group = hdf5::open_group(file_.get(), "/acquisition/" + series.name);
  if (hdf5::exists(group.get(), "timestamps")) // not regular, or of an earlier engram
    return hdf5::read_all<double>(hdf5::open_dataset(group.get(), "timestamps").get());
  const hdf5::Handle start = hdf5::open_dataset(group.get(), "starting_time");
  const auto first = hdf5::read_all<double>(start.get());
  const double rate = hdf5::attribute_number(start.get(), "rate", 0);
  if (first.size() != 1 || !(rate > 0)) hdf5::fail(start.get(), "is no time with a rate");
  std::vector<double> seconds(series.samples);
  for (std::size_t n = 0; n < seconds.size(); ++n) seconds[n] = first[0] + static_cast<double>(n) / rate;
  return seconds;
}

std::string RunReader::projection_of(const std::string &dataset) const {
  if (!dataset.starts_with("weights_") && !dataset.starts_with("synapses_")) return "";
  const hdf5::Handle weights = hdf5::open_dataset(scratch_.get(), dataset);
  return hdf5::has_attribute(weights.get(), "projection") ? hdf5::text_attribute(weights.get(), "projection") : "";
}

std::vector<std::string> RunReader::projections() const {
  std::vector<std::string> result;
  for (const auto &name : hdf5::children(scratch_.get()))
    if (auto projection = projection_of(name); !projection.empty()) result.push_back(std::move(projection));
  return result;
}

arma::mat RunReader::weights(const std::string &projection) const {
  for (const auto &name : hdf5::children(scratch_.get())) {
    if (projection.empty() || projection_of(name) != projection) continue;
    const hdf5::Handle dataset = hdf5::open_dataset(scratch_.get(), name);
    const auto shape = matrix_shape(dataset.get());
    hdf5::checked_size(dataset.get(), shape, sizeof(double));
    arma::mat by_rows(shape[1], shape[0]);
    hdf5::read_block(dataset.get(), {0, 0}, shape, by_rows.memptr());
    return by_rows.t();
  }
  hdf5::fail(scratch_.get(), "has no weights of " + projection);
}

std::vector<TrialRow> RunReader::trials() const {
  if (!hdf5::exists(file_.get(), "/intervals/trials")) return {};
  const hdf5::Handle table = hdf5::open_group(file_.get(), "/intervals/trials");
  const std::size_t rows = rows_of(table.get());
  const auto start = column<double>(table.get(), "start_time", rows),
             stop = column<double>(table.get(), "stop_time", rows), loss = column<double>(table.get(), "loss", rows);
  const auto trial = column<std::int64_t>(table.get(), "trial", rows),
             label = column<std::int64_t>(table.get(), "label", rows),
             choice = column<std::int64_t>(table.get(), "choice", rows),
             epoch = column<std::int64_t>(table.get(), "epoch", rows);
  const auto held_out = column<std::int8_t>(table.get(), "held_out", rows);
  std::vector<TrialRow> result;
  for (std::size_t row = 0; row < rows; ++row)
    result.push_back(
        {start[row], stop[row], trial[row], label[row], choice[row], loss[row], held_out[row] != 0, epoch[row]});
  return result;
}

std::vector<CurvePoint> RunReader::curve() const {
  if (!hdf5::exists(scratch_.get(), "learning_curve")) return {};
  const hdf5::Handle table = hdf5::open_group(scratch_.get(), "learning_curve");
  const std::size_t rows = rows_of(table.get());
  const auto epoch = column<std::uint64_t>(table.get(), "epoch", rows);
  const auto train_loss = column<double>(table.get(), "train_loss", rows),
             train_accuracy = column<double>(table.get(), "train_accuracy", rows),
             held_out_loss = column<double>(table.get(), "held_out_loss", rows),
             held_out_accuracy = column<double>(table.get(), "held_out_accuracy", rows),
             seconds = column<double>(table.get(), "seconds", rows);
  std::vector<CurvePoint> result;
  for (std::size_t row = 0; row < rows; ++row)
    result.push_back({static_cast<std::size_t>(epoch[row]), train_loss[row], train_accuracy[row], held_out_loss[row],
                      held_out_accuracy[row], seconds[row]});
  return result;
}

std::string RunReader::model_json() const {
  const hdf5::Handle dataset = hdf5::open_dataset(scratch_.get(), "model_json");
  const auto texts = hdf5::read_texts(dataset.get());
  if (texts.size() != 1) hdf5::fail(dataset.get(), "is not one text");
  return texts[0];
}

std::uint64_t RunReader::seed() const {
  const hdf5::Handle dataset = hdf5::open_dataset(scratch_.get(), "seed");
  const auto values = hdf5::read_all<std::uint64_t>(dataset.get());
  if (values.size() != 1) hdf5::fail(dataset.get(), "is not one number");
  return values[0];
}

} // namespace engram::record
