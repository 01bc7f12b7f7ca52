#include "record/run_file.hpp"

#include "record/nwb.hpp"
#include "record/partial_file.hpp"
#include "record/spike_log.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace engram::record {

namespace {
constexpr hsize_t chunk_bytes = 256 << 10;
constexpr std::size_t trials_held = 1024;

struct Series {
  std::string name;
  std::size_t neurons = 0, samples = 0, stamped = 0;
  hdf5::Handle data, times;
};
struct Weights {
  hdf5::Handle dataset;
  arma::uword rows = 0, columns = 0;
};

template <class T, class F> std::vector<T> column(const std::vector<TrialRow> &rows, F field) {
  std::vector<T> values;
  for (const auto &row : rows) values.push_back(static_cast<T>(field(row)));
  return values;
}

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
    {"seconds", nwb::ColumnType::number, "wall time since the run began, in seconds"}};
const std::vector<nwb::Column> signal_columns = {
    {"series", nwb::ColumnType::text, "name of the time series under /acquisition"},
    {"region", nwb::ColumnType::text, "region of the model"},
    {"signal", nwb::ColumnType::text, "signal of the region"},
    {"neurons", nwb::ColumnType::integer, "number of neurons"}};
} // namespace

struct RunFile::State {
  State(const std::string &path, const RunInfo &info);
  ~State();
  Series &at(std::size_t series);
  void write_trials();
  void grow(Series &series, std::size_t data, std::size_t times);

  std::string path, location;
  nwb::Identity identity;
  hdf5::Handle file, acquisition, scratch, guard;
  std::unique_ptr<nwb::Table> trials, curve, signals;
  std::vector<Series> series;
  std::map<std::string, Weights> weights;
  std::vector<TrialRow> held;
  std::vector<std::string> label_names;
  SpikeLog spikes;
};

RunFile::State::State(const std::string &target, const RunInfo &info)
    : path(target), location(target + ".partial"),
      identity(info.model_name + "\n" + std::to_string(info.seed) + "\n" + info.session_start + "\n" + info.version +
               "\n" + info.model_json),
      spikes(location + ".spikes") {
  if (!nwb::is_date_with_zone(info.session_start))
    throw std::invalid_argument("session_start \"" + info.session_start + "\" is not a date and time with a zone");
  if (info.seed > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    throw std::invalid_argument("seed " + std::to_string(info.seed) + " is larger than 2^63 - 1");
  check_writable(path, location);
  file = create_crash_safe(location);
  const std::string name = info.model_name.empty() ? "unnamed" : info.model_name;
  nwb::write_skeleton(file.get(),
                      {name + ", seed " + std::to_string(info.seed) + ", " + info.session_start,
                       info.description.empty() ? "simulation of " + name : info.description, info.session_start},
                      identity);
  acquisition = hdf5::open_group(file.get(), "/acquisition");
  scratch = hdf5::open_group(file.get(), "/scratch");
  nwb::add_scratch(scratch.get(), "model_json", info.model_json, "the model that was run, expanded", identity);
  nwb::add_scratch(scratch.get(), "model_name", name, "name of the model", identity);
  nwb::add_scratch(scratch.get(), "seed", static_cast<std::int64_t>(info.seed), "seed of all random numbers of the run",
                   identity);
  nwb::add_scratch(scratch.get(), "precision", info.precision, "floating-point precision of the run", identity);
  nwb::add_scratch(scratch.get(), "engram_version", info.version, "version of the simulator", identity);
  const hdf5::Handle intervals = hdf5::open_group(file.get(), "/intervals");
  auto columns = trial_columns;
  label_names = info.label_names;
  if (!label_names.empty()) columns.insert(columns.end(), name_columns.begin(), name_columns.end());
  trials =
      std::make_unique<nwb::Table>(intervals.get(), "trials", "TimeIntervals", "simulated trials", columns, identity);
  curve = std::make_unique<nwb::Table>(scratch.get(), "learning_curve", "DynamicTable", "progress of learning",
                                       curve_columns, identity);
  signals = std::make_unique<nwb::Table>(scratch.get(), "recorded_signals", "DynamicTable",
                                         "what each time series holds", signal_columns, identity);
}

RunFile::State::~State() {
  if (!file) return;
  try {
    write_trials();
    for (auto &each : series) grow(each, std::max(each.samples, each.stamped), std::max(each.samples, each.stamped));
    spikes.write(file.get(), identity);
  } catch (const std::exception &) { // what is on the disk by now is what can be kept
  }
}

Series &RunFile::State::at(std::size_t number) {
  if (!file) throw std::logic_error("the run file is finished");
  return series.at(number);
}

void RunFile::State::grow(Series &each, std::size_t data, std::size_t times) {
  if (hdf5::shape(each.data.get())[0] < data) hdf5::set_shape(each.data.get(), {data, each.neurons});
  if (hdf5::shape(each.times.get())[0] < times) hdf5::set_shape(each.times.get(), {times});
}

void RunFile::State::write_trials() {
  if (held.empty()) return;
  const std::size_t first = trials->rows();
  trials->resize(first + held.size());
  trials->write(0, first, column<double>(held, [](const auto &row) { return row.start_s; }));
  trials->write(1, first, column<double>(held, [](const auto &row) { return row.stop_s; }));
  trials->write(2, first, column<std::int64_t>(held, [](const auto &row) { return row.trial; }));
  trials->write(3, first, column<std::int64_t>(held, [](const auto &row) { return row.label; }));
  trials->write(4, first, column<std::int64_t>(held, [](const auto &row) { return row.choice; }));
  trials->write(5, first, column<double>(held, [](const auto &row) { return row.loss; }));
  trials->write(6, first, column<std::int8_t>(held, [](const auto &row) { return row.held_out; }));
  trials->write(7, first, column<std::int64_t>(held, [](const auto &row) { return row.epoch; }));
  if (!label_names.empty()) {
    const auto name = [&](std::int64_t k) {
      return k >= 0 && static_cast<std::size_t>(k) < label_names.size() ? label_names[static_cast<std::size_t>(k)] : "";
    };
    trials->write(8, first, column<std::string>(held, [&](const auto &row) { return name(row.label); }));
    trials->write(9, first, column<std::string>(held, [&](const auto &row) { return name(row.choice); }));
  }
  held.clear();
}

RunFile::RunFile(const std::string &path, const RunInfo &info) : state_(std::make_unique<State>(path, info)) {}
RunFile::~RunFile() = default;
RunFile::RunFile(RunFile &&) noexcept = default;
RunFile &RunFile::operator=(RunFile &&) noexcept = default;
const std::string &RunFile::location() const { return state_->location; }

std::size_t RunFile::add_series(const SeriesInfo &info) {
  auto &s = *state_;
  if (!s.file) throw std::logic_error("the run file is finished");
  if (info.neurons == 0) throw std::invalid_argument("a series needs at least one neuron");
  Series added;
  added.neurons = info.neurons;
  added.name = nwb::free_name(s.acquisition.get(), nwb::safe_name(info.region + "_" + info.signal));
  const hdf5::Handle group = hdf5::create_group(s.acquisition.get(), added.name);
  nwb::set_type(group.get(), "TimeSeries", "core", s.identity);
  hdf5::set_attribute(group.get(), "comments", std::string("simulated"));
  hdf5::set_attribute(group.get(), "description",
                      info.description.empty() ? info.signal + " of " + info.region : info.description);
  const hsize_t columns = std::min<hsize_t>(info.neurons, 16384);
  const hsize_t bytes = info.single ? 4 : 8;
  hdf5::Layout layout;
  layout.shape = {0, info.neurons};
  layout.limit = {H5S_UNLIMITED, info.neurons};
  layout.chunk = {std::clamp<hsize_t>(chunk_bytes / (columns * bytes), 1, 1024), columns};
  layout.compress = layout.fill_nan = true;
  layout.cache_bytes = std::size_t{8} << 20;
  added.data = hdf5::create_dataset(group.get(), "data", info.single ? H5T_IEEE_F32LE : H5T_IEEE_F64LE, layout);
  hdf5::set_attribute(added.data.get(), "conversion", 1.0);
  hdf5::set_attribute(added.data.get(), "offset", 0.0);
  hdf5::set_attribute(added.data.get(), "resolution", -1.0);
  hdf5::set_attribute(added.data.get(), "unit", info.unit.empty() ? std::string("n.a.") : info.unit);
  layout.shape = {0};
  layout.limit = {H5S_UNLIMITED};
  layout.chunk = {8192};
  layout.cache_bytes = 0;
  added.times = hdf5::create_dataset(group.get(), "timestamps", H5T_IEEE_F64LE, layout);
  hdf5::set_attribute(added.times.get(), "interval", std::int32_t{1});
  hdf5::set_attribute(added.times.get(), "unit", std::string("seconds"));
  const std::size_t row = s.signals->rows();
  s.signals->resize(row + 1);
  s.signals->write(0, row, std::vector<std::string>{added.name});
  s.signals->write(1, row, std::vector<std::string>{info.region});
  s.signals->write(2, row, std::vector<std::string>{info.signal});
  s.signals->write(3, row, std::vector<std::int64_t>{static_cast<std::int64_t>(info.neurons)});
  s.series.push_back(std::move(added));
  return s.series.size() - 1;
}

template <class T> void RunFile::write(std::size_t series, std::size_t first, const arma::Mat<T> &samples) {
  Series &each = state_->at(series);
  if (samples.n_rows != each.neurons) throw std::invalid_argument(each.name + ": another number of neurons");
  const std::size_t end = first + samples.n_cols;
  state_->grow(each, end, 0);
  hdf5::write_block(each.data.get(), hdf5::memory_type<T>(), {first, 0}, {samples.n_cols, each.neurons},
                    samples.memptr());
  each.samples = std::max(each.samples, end);
}

void RunFile::write_times(std::size_t series, std::size_t first, const std::vector<double> &seconds) {
  Series &each = state_->at(series);
  state_->grow(each, 0, first + seconds.size());
  hdf5::write_block(each.times.get(), H5T_NATIVE_DOUBLE, {first}, {seconds.size()}, seconds.data());
  each.stamped = std::max(each.stamped, first + seconds.size());
}

void RunFile::add_trial(const TrialRow &trial) {
  if (!state_->file) throw std::logic_error("the run file is finished");
  state_->held.push_back(trial);
  if (state_->held.size() >= trials_held) state_->write_trials();
}

template <class T>
void RunFile::write_weights(const std::string &projection, const arma::Mat<T> &values, const std::string &description) {
  auto &s = *state_;
  if (!s.file) throw std::logic_error("the run file is finished");
  Weights &kept = s.weights[projection];
  if (!kept.dataset) {
    const std::string name = nwb::free_name(s.scratch.get(), "weights_" + nwb::safe_name(projection));
    hdf5::Layout layout; // one block: overwritten where it lies, so that the file does not grow with every epoch
    layout.shape = {values.n_rows, values.n_cols};
    kept = {hdf5::create_dataset(s.scratch.get(), name, sizeof(T) == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE, layout),
            values.n_rows, values.n_cols};
    nwb::set_type(kept.dataset.get(), "ScratchData", "core", s.identity);
    hdf5::set_attribute(kept.dataset.get(), "notes",
                        description.empty() ? "weights of " + projection + ", postsynaptic by presynaptic neuron"
                                            : description);
    hdf5::set_attribute(kept.dataset.get(), "projection", projection);
  }
  if (kept.rows != values.n_rows || kept.columns != values.n_cols)
    throw std::invalid_argument(projection + ": the weights have changed their shape");
  if (values.is_empty()) return;
  // Turned in bands of rows, so that no second copy of a large matrix is made.
  const arma::uword band = std::max<arma::uword>(1, (arma::uword{1} << 20) / values.n_cols);
  for (arma::uword row = 0; row < values.n_rows; row += band) {
    const arma::uword last = std::min(row + band, values.n_rows) - 1;
    const arma::Mat<T> turned = values.rows(row, last).t();
    hdf5::write_block(kept.dataset.get(), hdf5::memory_type<T>(), {row, 0}, {turned.n_cols, turned.n_rows},
                      turned.memptr());
  }
}

void RunFile::write_synapses(const std::string &projection, const arma::mat &synapses) {
  auto &s = *state_;
  if (!s.file) throw std::logic_error("the run file is finished");
  Weights &kept = s.weights["synapses " + projection];
  if (!kept.dataset) {
    const std::string name = nwb::free_name(s.scratch.get(), "synapses_" + nwb::safe_name(projection));
    hdf5::Layout layout;
    layout.shape = {synapses.n_rows, synapses.n_cols};
    kept = {hdf5::create_dataset(s.scratch.get(), name, H5T_IEEE_F64LE, layout), synapses.n_rows, synapses.n_cols};
    nwb::set_type(kept.dataset.get(), "ScratchData", "core", s.identity);
    hdf5::set_attribute(kept.dataset.get(), "notes",
                        "synapses of " + projection + ": postsynaptic neuron, presynaptic neuron, weight");
    hdf5::set_attribute(kept.dataset.get(), "projection", projection);
  }
  if (kept.rows != synapses.n_rows) throw std::invalid_argument(projection + ": the synapses are others");
  if (synapses.is_empty()) return;
  const arma::mat turned = synapses.t();
  hdf5::write_block(kept.dataset.get(), H5T_NATIVE_DOUBLE, {0, 0}, {synapses.n_rows, synapses.n_cols}, turned.memptr());
}

std::size_t RunFile::add_units(const std::string &region, std::size_t neurons) {
  if (!state_->file) throw std::logic_error("the run file is finished");
  return state_->spikes.add_units(region, neurons);
}

void RunFile::add_spike(std::size_t unit, double seconds) { state_->spikes.add(unit, seconds); }
void RunFile::observe(std::size_t first, double start_s, double stop_s) {
  state_->spikes.observe(first, start_s, stop_s);
}

void RunFile::write_curve(const std::vector<CurvePoint> &points) {
  if (!state_->file) throw std::logic_error("the run file is finished");
  std::vector<std::int64_t> epochs;
  std::vector<double> values[5];
  for (const auto &point : points) {
    epochs.push_back(static_cast<std::int64_t>(point.epoch));
    const double row[] = {point.train_loss, point.train_accuracy, point.held_out_loss, point.held_out_accuracy,
                          point.seconds};
    for (std::size_t each = 0; each < 5; ++each) values[each].push_back(row[each]);
  }
  state_->curve->resize(points.size());
  state_->curve->write(0, 0, epochs);
  for (std::size_t each = 0; each < 5; ++each) state_->curve->write(each + 1, 0, values[each]);
}

void RunFile::flush() {
  auto &s = *state_;
  if (!s.file) throw std::logic_error("the run file is finished");
  s.write_trials();
  for (auto &each : s.series) s.grow(each, each.stamped, each.samples);
  const hdf5::Quiet quiet;
  if (H5Fflush(s.file.get(), H5F_SCOPE_GLOBAL) < 0) hdf5::fail(s.file.get(), "cannot be written to the disk");
  s.guard = occupy_end(s.file.get());
}

void RunFile::finish() {
  auto &s = *state_;
  if (!s.file) throw std::logic_error("the run file is finished");
  for (const auto &each : s.series)
    if (each.samples != each.stamped)
      throw std::logic_error(each.name + ": " + std::to_string(each.samples) + " samples, but " +
                             std::to_string(each.stamped) + " times");
  s.spikes.write(s.file.get(), s.identity);
  flush();
  s.guard.reset();
  s.series.clear();
  s.weights.clear();
  s.trials.reset();
  s.curve.reset();
  s.signals.reset();
  s.acquisition.reset();
  s.scratch.reset();
  s.file.reset();
  sync_and_rename(s.location, s.path);
  s.location = s.path;
}

template void RunFile::write(std::size_t, std::size_t, const arma::Mat<float> &);
template void RunFile::write(std::size_t, std::size_t, const arma::Mat<double> &);
template void RunFile::write_weights(const std::string &, const arma::Mat<float> &, const std::string &);
template void RunFile::write_weights(const std::string &, const arma::Mat<double> &, const std::string &);

} // namespace engram::record
