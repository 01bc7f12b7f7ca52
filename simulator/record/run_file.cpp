#include "record/run_file.hpp"

#include "record/is_run_file.hpp"
#include "record/nwb_write.hpp"
#include "record/output_path.hpp"
#include "record/partial_file.hpp"
#include "record/run_head.hpp"
#include "record/run_series.hpp"
#include "record/run_tables.hpp"
#include "record/spike_log.hpp"
#include "record/weight_table.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

namespace engram::record {

namespace {
constexpr std::uint64_t tables_bytes = 256 << 10; // that a flush may add to the file beside the samples

struct Weights {
  hdf5::Handle dataset;
  arma::uword rows = 0, columns = 0;
};

} // namespace

struct RunFile::State {
  State(const std::string &path, const RunInfo &info, bool force, FileKind kind);
  ~State();
  RunSeries &at(std::size_t series);
  hdf5::Handle create_weights(const std::string &kind, const std::string &projection, hid_t type, arma::uword rows,
                              arma::uword columns, const std::string &notes);
  void check_open() const;
  void write_head(const RunInfo &info);
  void flush();
  void write_state(const learning::Saved &state);
  void close_all();
  void close_whole(const std::string &status);
  std::string as_given(const std::string &absolute) const;
  [[noreturn]] void give_up(const std::string &why);
  template <class F> auto attempt(F &&work, bool writes_file = true);

  std::string path;
  FileKind file_kind = FileKind::result;
  bool force = false;
  bool supersedes = false; // an earlier state of the run, where one has its name
  double step_ms = 1;
  std::vector<std::string> terms; // as in RunInfo
  nwb::Identity identity;
  PartialFile file;
  std::string failure; // why it was given up
  bool closed = false; // by other code
  hdf5::Handle acquisition, scratch;
  std::unique_ptr<RunTables> tables;
  std::vector<RunSeries> series;
  std::vector<WeightTable> weight_tables;
  std::map<std::string, Weights> weights;
  SpikeLog spikes;
};

namespace {
// Errors: std::invalid_argument.
const RunInfo &sound(const RunInfo &info) {
  if (!nwb::is_date_with_zone(info.session_start))
    throw std::invalid_argument("session_start \"" + info.session_start + "\" is not a date and time with a zone");
  if (info.seed > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    throw std::invalid_argument("seed " + std::to_string(info.seed) + " is larger than 2^63 - 1");
  return info;
}
} // namespace

RunFile::State::State(const std::string &target, const RunInfo &info, bool overwrite, FileKind kind)
    : path(target), file_kind(kind), force(overwrite), step_ms(info.step_ms), terms(info.terms),
      identity(sound(info).model_name + "\n" + std::to_string(info.seed) + "\n" + info.session_start + "\n" +
               info.version + "\n" + info.model_json),
      file(output_path(target, {{}, overwrite, is_run_file}), kind),
      spikes(file.location() + ".spikes", step_ms / 1000) {
  const auto leave = [&] {
    file.abandon();
    close_all();
    file.keep_if_readable();
  };
  try {
    write_head(info);
    flush(); // from here on there is a file that opens, whatever happens
  } catch (const Failed &error) {
    leave();
    throw WriteFailure(file.with_its_name(error.what()));
  } catch (...) { // any other error passes on, once the file is let go
    leave();
    throw;
  }
}

void RunFile::State::write_head(const RunInfo &info) {
  record::write_head(file.id(), info, identity);
  acquisition = hdf5::open_group(file.id(), "/acquisition");
  scratch = hdf5::open_group(file.id(), "/scratch");
  tables = std::make_unique<RunTables>(file.id(), identity, info);
}

RunFile::State::~State() {
  if (!file) return;
  try {
    if (!file.has_its_descriptor()) throw std::runtime_error("its descriptor is another file's");
    spikes.write(file.id(), identity);
    flush();
    close_all();
    file.close();
  } catch (...) { // a destructor throws nothing: what is on the disk by now is what can be kept
    file.abandon();
  }
}

void RunFile::State::check_open() const {
  if (!failure.empty()) throw WriteFailure(failure, closed);
  if (!file) throw std::logic_error("the run file is finished");
}

RunSeries &RunFile::State::at(std::size_t number) {
  check_open();
  return series.at(number);
}

void RunFile::State::close_all() {
  series.clear();
  weight_tables.clear();
  weights.clear();
  tables.reset();
  acquisition.reset();
  scratch.reset();
}

// With the folder as the caller gave it.
std::string RunFile::State::as_given(const std::string &absolute) const {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path(), file_path(absolute);
  std::error_code error;
  const bool same = std::filesystem::equivalent(folder.empty() ? "." : folder, file_path.parent_path(), error);
  return same ? (folder / file_path.filename()).string() : absolute;
}

// HDF5 keeps no handle of a file that failed. What the disk holds of it stays, where it can be read.
void RunFile::State::give_up(const std::string &why) {
  failure = why;
  closed = !file.has_its_descriptor();
  if (closed) failure = file.location() + ": cannot be written: code in this program has closed its descriptor";
  file.abandon();
  close_all();
  if (file_kind == FileKind::checkpoint) {
    std::error_code ignored;
    std::filesystem::remove(file.location(), ignored);
    failure += "; the checkpoint before, if there was one, is as it was";
    throw WriteFailure(failure, closed);
  }
  failure += file.keep_if_readable() ? "; what had been saved until then is in " + as_given(file.location())
                                     : "; nothing of the run could be saved";
  throw WriteFailure(failure, closed);
}

// Does what writes to the file. Where that fails, the file is given up.
template <class F> auto RunFile::State::attempt(F &&work, bool writes_file) {
  check_open();
  if (writes_file && !file.has_its_descriptor()) give_up("");
  try {
    return work();
  } catch (const Failed &error) { // of HDF5 or the system; any other error is of the caller
    give_up(file.with_its_name(error.what()));
  }
}

void RunFile::State::flush() {
  tables->flush();
  std::uint64_t more = tables_bytes;
  for (auto &each : series) {
    each.even_out();
    more += each.take_unflushed();
  }
  for (auto &each : weight_tables) more += each.take_unflushed();
  file.reserve(more);
  file.flush();
}

RunFile::RunFile(const std::string &path, const RunInfo &info, bool force, FileKind kind)
    : state_(std::make_unique<State>(path, info, force, kind)) {}
RunFile::~RunFile() = default;
RunFile::RunFile(RunFile &&) noexcept = default;
RunFile &RunFile::operator=(RunFile &&) noexcept = default;
std::string RunFile::location() const { return state_->as_given(state_->file.location()); }
std::string RunFile::beside(const std::string &ending) const { return state_->file.target() + ending; }
void RunFile::supersede() { state_->supersedes = true; }
const std::string &RunFile::note() const { return state_->file.note(); }

std::size_t RunFile::add_series(const SeriesInfo &info) {
  auto &s = *state_;
  s.check_open();
  if (info.neurons == 0) throw std::invalid_argument("a series needs at least one neuron");
  if (info.every == 0) throw std::invalid_argument("a series needs a time from sample to sample");
  s.attempt([&] {
    s.series.emplace_back(s.acquisition.get(), info, s.step_ms, s.identity);
    s.tables->add_series(s.series.back().name(), info.region, info.signal, info.neurons);
    if (!info.chosen.empty()) write_chosen(s.scratch.get(), s.series.back().name(), info, s.identity);
  });
  return s.series.size() - 1;
}

template <class T> void RunFile::write(std::size_t series, std::size_t first, const arma::Mat<T> &samples) {
  RunSeries &each = state_->at(series);
  state_->attempt([&] { each.write(first, samples); });
}

void RunFile::write_times(std::size_t series, std::size_t first, std::uint64_t first_step, std::size_t count) {
  RunSeries &each = state_->at(series);
  state_->attempt([&] { each.write_times(first, first_step, count); });
}

void RunFile::add_trial(const TrialRow &trial) {
  state_->attempt([&] { state_->tables->add(trial); });
}

void RunFile::add_curve_point(const CurvePoint &point) {
  state_->attempt([&] { state_->tables->add(point); });
}

// The dataset of a projection under /scratch. One block: it is overwritten where it lies, so that the file does not
// grow with every epoch.
hdf5::Handle RunFile::State::create_weights(const std::string &kind, const std::string &projection, hid_t type,
                                            arma::uword rows, arma::uword columns, const std::string &notes) {
  const std::string name = nwb::free_name(scratch.get(), kind + "_" + nwb::safe_name(projection));
  hdf5::Layout layout;
  layout.shape = {rows, columns};
  hdf5::Handle dataset = hdf5::create_dataset(scratch.get(), name, type, layout);
  nwb::set_type(dataset.get(), "ScratchData", "core", identity);
  hdf5::set_attribute(dataset.get(), "notes", notes);
  hdf5::set_attribute(dataset.get(), "projection", projection);
  return dataset;
}

template <class T>
void RunFile::write_weights(const std::string &projection, const arma::Mat<T> &values, const std::string &description) {
  auto &s = *state_;
  s.attempt([&] {
    Weights &kept = s.weights[projection];
    if (!kept.dataset)
      kept = {s.create_weights("weights", projection, sizeof(T) == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE, values.n_rows,
                               values.n_cols,
                               description.empty() ? "weights of " + projection + ", postsynaptic by presynaptic neuron"
                                                   : description),
              values.n_rows, values.n_cols};
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
  });
}

void RunFile::write_synapses(const std::string &projection, const arma::mat &synapses) {
  auto &s = *state_;
  s.attempt([&] {
    Weights &kept = s.weights["synapses " + projection];
    if (!kept.dataset)
      kept = {s.create_weights("synapses", projection, H5T_IEEE_F64LE, synapses.n_rows, synapses.n_cols,
                               "synapses of " + projection + ": postsynaptic neuron, presynaptic neuron, weight"),
              synapses.n_rows, synapses.n_cols};
    if (kept.rows != synapses.n_rows) throw std::invalid_argument(projection + ": the synapses are others");
    if (synapses.is_empty()) return;
    const arma::mat turned = synapses.t();
    hdf5::write_block(kept.dataset.get(), H5T_NATIVE_DOUBLE, {0, 0}, {synapses.n_rows, synapses.n_cols},
                      turned.memptr());
  });
}

void RunFile::State::write_state(const learning::Saved &saved) {
  const std::string name = nwb::free_name(scratch.get(), "state_" + nwb::safe_name(saved.name));
  const bool single = std::holds_alternative<std::vector<float>>(saved.values);
  hdf5::Layout layout;
  layout.shape = {saved.rows, saved.columns};
  const auto dataset = hdf5::create_dataset(scratch.get(), name, single ? H5T_IEEE_F32LE : H5T_IEEE_F64LE, layout);
  nwb::set_type(dataset.get(), "ScratchData", "core", identity);
  hdf5::set_attribute(dataset.get(), "notes", "kept by learning: " + saved.name);
  hdf5::set_attribute(dataset.get(), "state", saved.name);
  if (saved.rows == 0 || saved.columns == 0) return;
  std::visit(
      [&](const auto &values) {
        using T = typename std::remove_cvref_t<decltype(values)>::value_type;
        const arma::Mat<T> all(const_cast<T *>(values.data()), saved.rows, saved.columns, false, true); // no copy
        const std::size_t band = std::max<std::size_t>(1, (std::size_t{1} << 20) / saved.columns);      // of rows
        for (std::size_t row = 0; row < saved.rows; row += band) {
          const arma::Mat<T> turned = all.rows(row, std::min(row + band, saved.rows) - 1).t();
          hdf5::write_block(dataset.get(), hdf5::memory_type<T>(), {row, 0}, {turned.n_cols, turned.n_rows},
                            turned.memptr());
        }
      },
      saved.values);
}

void RunFile::add_state(const learning::Saved &state) {
  state_->attempt([&] { state_->write_state(state); });
}

void RunFile::write_end(const RunEnd &end) {
  auto &s = *state_;
  s.attempt([&] { record::write_end(s.scratch.get(), end, s.terms, s.identity); });
}

void RunFile::write_state(const std::vector<learning::Saved> &state, std::size_t epochs_done) {
  auto &s = *state_;
  s.attempt([&] {
    for (const auto &saved : state) s.write_state(saved);
    nwb::add_scratch(s.scratch.get(), "epochs_done", static_cast<std::int64_t>(epochs_done),
                     "whole epochs after which the states were kept", s.identity);
  });
}

std::size_t RunFile::add_weights(const WeightsInfo &info) {
  auto &s = *state_;
  s.attempt([&] { s.weight_tables.emplace_back(s.scratch.get(), info, s.identity); });
  return s.weight_tables.size() - 1;
}

template <class T>
void RunFile::write_row(std::size_t table, std::size_t epoch, const arma::Mat<T> &weights,
                        const std::vector<double> &statistics) {
  auto &s = *state_;
  s.attempt([&] { s.weight_tables.at(table).add(epoch, weights, statistics); });
}

void RunFile::copy_recorded(RunFile &to) {
  flush();
  auto &s = *state_;
  to.state_->attempt([&] {
    record::copy_recorded(s.file.id(), to.state_->file.id());
    s.spikes.write_units(to.state_->file.id(), s.identity);
  });
}

std::size_t RunFile::add_units(const std::string &region, const std::vector<std::size_t> &neurons) {
  return state_->attempt([&] { return state_->spikes.add_units(region, neurons); });
}

void RunFile::add_spike(std::size_t unit, double seconds) {
  state_->attempt([&] { state_->spikes.add(unit, seconds); }, false);
}

void RunFile::observe(std::size_t first, double start_s, double stop_s) {
  state_->spikes.observe(first, start_s, stop_s);
}

void RunFile::flush() {
  state_->attempt([&] { state_->flush(); });
}

// Writes what is held, and closes. "" is the status of none that has ended.
void RunFile::State::close_whole(const std::string &status) {
  check_open();
  for (const auto &each : series)
    if (each.samples() != each.times())
      throw std::logic_error(each.name() + ": " + std::to_string(each.samples()) + " samples, but " +
                             std::to_string(each.times()) + " times");
  attempt([&] {
    spikes.write(file.id(), identity);
    if (!status.empty())
      nwb::add_scratch(scratch.get(), "status", status, "how the run ended: complete, interrupted or failed", identity);
    flush();
    close_all();
    file.close();
  });
}

void RunFile::finish(Ending ending) {
  state_->close_whole(name_of(ending));
  state_->file.publish(ending, state_->force, state_->supersedes);
}

void RunFile::finish_checkpoint() {
  state_->close_whole("");
  state_->file.replace();
}

template void RunFile::write(std::size_t, std::size_t, const arma::Mat<float> &);
template void RunFile::write(std::size_t, std::size_t, const arma::Mat<double> &);
template void RunFile::write_row(std::size_t, std::size_t, const arma::Mat<float> &, const std::vector<double> &);
template void RunFile::write_row(std::size_t, std::size_t, const arma::Mat<double> &, const std::vector<double> &);
template void RunFile::write_weights(const std::string &, const arma::Mat<float> &, const std::string &);
template void RunFile::write_weights(const std::string &, const arma::Mat<double> &, const std::string &);

} // namespace engram::record
