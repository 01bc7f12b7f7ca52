// A RunReader reads a run file back: what was recorded, what was learned, and the model.
#pragma once

#include "data/hdf5_foreign.hpp"
#include "record/run_file.hpp"

#include <armadillo>
#include <optional>
#include <string>
#include <vector>

namespace engram::record {

namespace hdf5 = data::hdf5;

struct StoredSeries {
  std::string name; ///< of the time series under /acquisition
  std::string region, signal, unit;
  std::size_t neurons = 0, samples = 0;
};

/// Weights of a projection that were recorded as it learned.
struct StoredWeights {
  std::string table;               ///< its name under /scratch
  std::vector<std::size_t> epochs; ///< of each row: whole epochs by then
  std::vector<std::size_t> shape;  ///< of the weights of a row; empty: statistics alone
};

/// An open run file, whole or partial. A child process reads it (data/hdf5_foreign.hpp). Use from one thread.
/// Errors: data::DataError where it cannot be opened, is no run file or is damaged: one line that begins with the
/// file's name. std::system_error where no process could be started.
class RunReader {
public:
  explicit RunReader(const std::string &path);

  const std::string &path() const { return file_.path(); }

  /// In the order in which they were added.
  std::vector<StoredSeries> series() const;
  /// Neuron × sample: `count` samples from `first` on.
  arma::mat data(const StoredSeries &series, std::size_t first, std::size_t count) const;
  /// The whole of it.
  arma::mat data(const StoredSeries &series) const { return data(series, 0, series.samples); }
  /// In seconds since the start of the run, one for each sample.
  std::vector<double> times(const StoredSeries &series) const;

  /// Full names, "V1->decision", in alphabetic order of the datasets.
  std::vector<std::string> projections() const;
  /// Postsynaptic × presynaptic neuron; of synapses that carry spikes, rows of postsynaptic neuron, presynaptic neuron
  /// and weight.
  arma::mat weights(const std::string &projection) const;

  /// What "record" kept of it.
  StoredWeights recorded_weights(const std::string &projection) const;
  /// In a row: postsynaptic × presynaptic neuron, or one column of synapses.
  arma::mat weights_after(const StoredWeights &stored, std::size_t row) const;
  std::vector<double> statistics_after(const StoredWeights &stored, const std::vector<std::string> &names,
                                       std::size_t row) const;
  /// A column of numbers of the table of trials; empty where there is none.
  std::vector<double> trial_numbers(const std::string &column) const;
  /// Number of units, and the spikes of one, in seconds.
  std::size_t units() const;
  std::vector<double> spikes(std::size_t unit) const;

  /// Ends the child until more is read, so that it holds no memory of this process.
  void pause() const { file_.pause(); }

  /// The terms of the objective whose losses are in the tables, in their order; empty where there was one.
  std::vector<std::string> terms() const;
  std::vector<TrialRow> trials() const;
  std::vector<CurvePoint> curve() const;
  std::string model_json() const;
  std::uint64_t seed() const;
  /// A text under /scratch, as "status" or "engram_version"; "" where there is none.
  std::string text(const std::string &name) const;
  /// A number under /scratch, as "kept_epoch" or "test_loss".
  std::optional<double> number(const std::string &name) const;
  /// ISO 8601 with zone.
  std::string session_start() const;
  /// Whole epochs after which state() was; none in files of earlier versions, and in PATH.partial.
  std::optional<std::size_t> epochs_done() const;
  /// What learning kept beside the weights, by name, in double precision.
  std::vector<learning::Saved> state() const;

private:
  std::string one_text(const std::string &path) const;
  std::string projection_of(const std::string &dataset) const;
  std::size_t rows_of(const std::string &table) const;
  template <class T> std::vector<T> column(const std::string &table, const std::string &name, std::size_t rows) const;
  std::vector<std::string> texts(const std::string &table, const std::string &name, std::size_t rows) const;
  std::size_t axis(const std::string &matrix, std::size_t which) const;

  hdf5::ForeignFile file_;
};

} // namespace engram::record
