// A RunFile keeps the results of a run in one HDF5 file of the form NWB 2.7, so that the same code reads a model and a
// brain.
//
//   /acquisition/REGION_SIGNAL   TimeSeries: data (time × neuron); starting_time in seconds with its rate in Hz where
//                                samples are a regular series, else timestamps in seconds
//   /intervals/trials            TimeIntervals: start_time, stop_time, trial, label, choice, loss, held_out, epoch;
//                                where labels are words also label_name, choice_name; where an environment pays
//                                rewards also reward, and the environment's own columns; where there is a test also
//                                test
//   /units                       Units: region, neuron, spike_times, obs_intervals (where spikes are recorded)
//   /general                     experiment_description, keywords, and what the model's "session" says
//   /scratch/recorded_signals    DynamicTable: which series holds which signal of which region
//   /scratch/recorded_neurons_SERIES      ScratchData: neurons of the columns, where chosen ones are recorded
//   /scratch/recorded_weights_PROJECTION  DynamicTable: epoch, and weights or statistics of them after it
//   /scratch/recorded_synapses_PROJECTION ScratchData (synapse × postsynaptic, presynaptic neuron): chosen ones
//   /scratch/learning_curve      DynamicTable: one row for each point of the curve; with an environment also rewards
//   /scratch/weights_PROJECTION  ScratchData (postsynaptic × presynaptic neuron), attribute `projection` the full name
//   /scratch/synapses_PROJECTION ScratchData (synapse × postsynaptic, presynaptic neuron, weight), of synapses that
//                                carry spikes and learn
//   /scratch/state_NAME          ScratchData (rows × columns), attribute `state` the full name: what learning keeps
//                                (below), after the epoch that epochs_done says; without values: nothing yet
//   /scratch/epochs_done         ScratchData: whole epochs; the next would begin with these states and weights
//   /scratch/files_read          ScratchData, JSON: the files, data and plugins of the run, with their checksums
//   /scratch/initial_weights     ScratchData: the run file whose weights the run began with; absent without one
//   /scratch/kept_epoch          ScratchData: where the weights of the best epoch are kept, which that is
//   /scratch/stopped             ScratchData: why learning ended before all epochs; absent where it did not
//   /scratch/test_loss, test_loss_TERM, test_accuracy, test_reward   ScratchData: means over the trials of the test
//   /scratch/model_json, model_name, seed, precision, engram_version   ScratchData
//   /scratch/status              ScratchData: "complete", "interrupted" or "failed"; absent until it is finished
//
// A table without rows is not there, for tools that read NWB take it for a mistake.
//
// States have names like "V1->V2/r/pre/x", the state x of rule r by presynaptic neuron (post, synapse, pre_pairs);
// "V1->V2/r/optimizer/velocity"; "objective/mse/reward/mean", "…/by_trial" and "environment/reward/mean", rewards that
// are expected; "weights/V1->V2", the weights by then, where those of the file are others: the run
// ended within a later epoch, or the weights of an earlier one are kept.
#pragma once

#include "error/error.hpp"
#include "learning/kept.hpp"
#include "model/model.hpp"
#include "model/vocabulary.hpp"
#include "record/ending.hpp"

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace engram::record {

struct RunInfo {
  std::string model_name;
  std::string model_json;                 ///< the expanded model, whole
  std::string description;                ///< of the model
  std::uint64_t seed = 0;                 ///< up to 2^63 - 1, as a model file allows
  std::string version;                    ///< of engram
  std::string precision;                  ///< "single" or "double"
  std::string session_start;              ///< ISO 8601 with zone, "2026-01-31T12:00:00+01:00"
  std::vector<std::string> label_names{}; ///< of the classes 0, 1, …, where labels are words
  double step_ms = 1;                     ///< of the grid of time on which samples lie
  model::Session session{};               ///< who ran it, where
  std::vector<model::Column> columns{};   ///< what an environment adds to the table of trials
  bool rewards = false;                   ///< does an environment pay rewards?
  std::vector<std::string> terms{};       ///< names of the objective's terms, where there are several
  std::string files_read{};               ///< JSON, as session/inputs.hpp makes it; "" is not written
  std::string initial_weights{};          ///< run file that the run began with; "": none
  bool test = false;                      ///< are there trials of a test?
};

struct SeriesInfo {
  std::string region, signal;
  std::string unit; ///< "" is written as "n.a.", as NWB wants it for numbers without a unit
  std::string description;
  std::size_t neurons = 0;
  bool single = false;               ///< stored in 4 bytes instead of 8
  std::size_t every = 1;             ///< steps from sample to sample
  std::vector<std::size_t> chosen{}; ///< of the region, whose number `neurons` then is; empty: all
};

/// Weights of a projection, or statistics of them, epoch by epoch.
struct WeightsInfo {
  std::string projection;
  bool single = false;                                       ///< weights are stored in 4 bytes instead of 8
  std::vector<std::size_t> shape{};                          ///< of the weights after one epoch; empty: none are kept
  std::vector<std::string> statistics{};                     ///< names of their columns
  std::vector<std::pair<std::size_t, std::size_t>> chosen{}; ///< post, pre of each weight, where some are chosen
};

struct TrialRow {
  double start_s = 0, stop_s = 0;
  std::int64_t trial = 0;   ///< row of the data set
  std::int64_t label = -1;  ///< -1: none
  std::int64_t choice = -1; ///< -1: none
  double loss = std::numeric_limits<double>::quiet_NaN();
  bool held_out = false;
  std::int64_t epoch = 0;                                   ///< passes over the data set by then, this one included
  std::vector<double> terms{};                              ///< losses by RunInfo::terms; empty: none was judged
  double reward = std::numeric_limits<double>::quiet_NaN(); ///< sum over the trial
  std::vector<double> columns{};                            ///< those of RunInfo::columns, in their order
  bool test = false;                                        ///< held out until all was learned
};

/// Values that do not apply are NaN.
struct CurvePoint {
  std::size_t epoch = 0;
  double train_loss = std::numeric_limits<double>::quiet_NaN();
  double train_accuracy = std::numeric_limits<double>::quiet_NaN();
  double held_out_loss = std::numeric_limits<double>::quiet_NaN();
  double held_out_accuracy = std::numeric_limits<double>::quiet_NaN();
  double seconds = 0;                                  ///< wall time of learning in this epoch, without the test
  std::vector<double> train_terms{}, held_out_terms{}; ///< losses by RunInfo::terms
  double train_reward = std::numeric_limits<double>::quiet_NaN();
  double held_out_reward = std::numeric_limits<double>::quiet_NaN();
};

/// What is told of the end of learning.
struct RunEnd {
  std::size_t kept_epoch = 0; ///< after which the weights of the file were, where the best are kept; 0: the last are
  std::string stopped{};      ///< why learning ended before all epochs, in words; "": it did not
  std::optional<CurvePoint> test{}; ///< loss, accuracy, reward and terms of the test, as those of held-out trials
};

/// The run file could not be written: the disk is full, or the like. what() says where what was saved lies.
class WriteFailure : public Failed {
public:
  explicit WriteFailure(const std::string &what, bool closed = false) : Failed(what), closed_(closed) {}
  /// Has other code in this process closed the file's descriptor?
  bool closed() const { return closed_; }

private:
  bool closed_;
};

/// Writes the file as PATH.partial, and gives it its name when it is finished. PATH.partial is locked throughout, so
/// of two writers of one PATH the second is refused.
/// A resumed one may take over what was left there, and a checkpoint is written as PATH.new.
///
/// A process that is killed between two calls of flush() leaves PATH.partial as it was at the last of them: it opens,
/// and holds all that had been written by then; only weights, which are overwritten where they lie, may be newer, and
/// some of their rows newer than others. (A kill within flush() itself, or a loss of power, may still break it.)
/// Errors: WriteFailure, one line that begins with the file's name, where the file cannot be written; from then on
/// nothing more is, and HDF5 holds nothing of it. std::logic_error (std::invalid_argument, std::out_of_range) where the
/// caller is wrong. Use from one thread.
class RunFile {
public:
  /// Errors, before anything is computed: input::InputError for a path that cannot be written, and for a file that is
  /// there and that engram did not write (unless `force`); Failed when another program writes it.
  RunFile(const std::string &path, const RunInfo &info, bool force = false, FileKind kind = FileKind::result);
  /// Without finish(): closes, and leaves PATH.partial with all that was written.
  ~RunFile();
  RunFile(RunFile &&) noexcept;
  RunFile &operator=(RunFile &&) noexcept;

  /// Returns the number by which the series is written.
  std::size_t add_series(const SeriesInfo &info);
  /// `samples`: neuron × sample. Samples may come in any order; those never written read as NaN.
  template <class T> void write(std::size_t series, std::size_t first_sample, const arma::Mat<T> &samples);
  /// When `count` samples were taken: the first in `first_step` of the run, which began with step 0, and each after it
  /// SeriesInfo::every steps later. The times of all samples must be given, in any order.
  void write_times(std::size_t series, std::size_t first_sample, std::uint64_t first_step, std::size_t count);
  void add_trial(const TrialRow &trial);
  /// `weights`: postsynaptic × presynaptic neuron. Called again for the same projection it overwrites, and then the
  /// shape must be the same.
  template <class T>
  void write_weights(const std::string &projection, const arma::Mat<T> &weights, const std::string &description);
  /// Synapse by synapse: postsynaptic neuron, presynaptic neuron, weight. As write_weights().
  void write_synapses(const std::string &projection, const arma::mat &synapses);

  /// Returns the number by which the table is written.
  std::size_t add_weights(const WeightsInfo &info);
  /// The next row. `weights`: in the shape of WeightsInfo, or one column; `statistics`: by its names.
  template <class T>
  void write_row(std::size_t table, std::size_t epoch, const arma::Mat<T> &weights,
                 const std::vector<double> &statistics);
  /// All that was recorded until now, for a checkpoint. Errors: as of both files.
  void copy_recorded(RunFile &to);

  /// Once, before finish().
  void write_end(const RunEnd &end);
  /// A state beside those of write_state(), by a name of its own.
  void add_state(const learning::Saved &state);
  /// What learning keeps beside the weights, once.
  void write_state(const std::vector<learning::Saved> &state, std::size_t epochs_done);

  /// Neurons of a region whose spikes will be added, by their numbers there; returns the number of the first unit.
  std::size_t add_units(const std::string &region, const std::vector<std::size_t> &neurons);
  /// In seconds since the start of the run; a unit's spikes come in their order.
  void add_spike(std::size_t unit, double seconds);
  /// A stretch of time, in seconds, in which the units that begin with `first` were watched.
  void observe(std::size_t first, double start_s, double stop_s);
  /// The next point of the learning curve. Memory does not grow with their number.
  void add_curve_point(const CurvePoint &point);

  void flush();
  /// Checks that each series has as many times as samples, closes, syncs to the disk and renames: to PATH, or where
  /// that may not be replaced (partial_file.hpp) to a name like PATH's with ".interrupted", ".failed" or ".new" in it.
  void finish(Ending ending = Ending::complete);
  /// The same of a checkpoint, which says of no ending, and takes the place of the one before in one step.
  void finish_checkpoint();
  /// Where the data lie now: PATH.partial, and its last name after finish().
  std::string location() const;
  /// The absolute path of what lies beside PATH under its name and `ending`.
  std::string beside(const std::string &ending) const;
  /// PATH may be an earlier state of this run: an interrupted one then takes its place.
  void supersede();
  /// One line about a file that was found under the name of this one and moved aside, or ""; and about the place, where
  /// finish() had to take another than PATH's.
  const std::string &note() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

extern template void RunFile::write(std::size_t, std::size_t, const arma::Mat<float> &);
extern template void RunFile::write(std::size_t, std::size_t, const arma::Mat<double> &);
extern template void RunFile::write_row(std::size_t, std::size_t, const arma::Mat<float> &,
                                        const std::vector<double> &);
extern template void RunFile::write_row(std::size_t, std::size_t, const arma::Mat<double> &,
                                        const std::vector<double> &);
extern template void RunFile::write_weights(const std::string &, const arma::Mat<float> &, const std::string &);
extern template void RunFile::write_weights(const std::string &, const arma::Mat<double> &, const std::string &);

} // namespace engram::record
