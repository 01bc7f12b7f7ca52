// Trials hold the stimuli and targets of a task. batches() gives the order in which they are run.
#pragma once

#include "data/dataset.hpp"
#include "model/model.hpp"
#include "numeric/matrix.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace engram::task {

/// All trials of a task: K rows.
struct Trials {
  std::size_t count = 0;                     ///< K
  std::map<std::string, data::Array> arrays; ///< stimuli by name, K × N
  double scale = 1;                          ///< multiplies `inputs`
  std::vector<std::int64_t> labels;          ///< K class numbers, or empty
  data::Array targets;                       ///< K × N_output, when targets are given rather than labels
  bool has_targets = false;
  std::vector<std::size_t> training, held_out; ///< rows, in ascending order
  std::vector<std::size_t> test;               ///< the same, of those that are run once, when all is learned
};

/// Reads the arrays and splits them. Errors: input::InputError (with pointers) for what does not fit, data::DataError.
Trials load_trials(const model::Model &model, const data::DatasetFolders &folders);

/// Rows of the batches of an epoch: shuffled by (seed, epoch) when the task says so; the last may be smaller.
std::vector<std::vector<std::size_t>> batches(const std::vector<std::size_t> &rows, std::size_t batch, bool shuffle,
                                              std::uint64_t seed, std::size_t epoch);

/// Frames of an array of K × frames × neurons: they follow each other in equal parts of a phase. 1 when each row is
/// shown as it is.
std::size_t frames(const data::Array &array, std::size_t neurons);

/// Which frame of the arrays of a batch is gathered: the rows, the epoch (0 for trials that are only tested), and the
/// step among the steps of the phase.
struct BatchFrame {
  const std::vector<std::size_t> &rows;
  std::size_t epoch = 0;
  std::size_t step = 0, steps = 1;
};

/// Stimuli of the rows into `out` (N × B). Some follow from the labels: `targets` (1 at the label, 0 elsewhere),
/// `wrong_targets` (1 at another label, drawn anew for each trial and epoch), `likely_wrong_targets` (the same, but
/// drawn in proportion to `likely`), `even_targets` (the same for all classes, of sum 1). `likely`: the rates of the
/// output as the phase begins (N × B); those below 0 count as 0, and where no wrong label has any, all are equally
/// likely.
template <class T>
void gather(const Trials &trials, const std::string &array, const BatchFrame &frame, std::uint64_t seed,
            const numeric::Matrix<T> &likely, numeric::Matrix<T> &out);
/// What a term compares the signal of so many neurons with, in the rows, where the task says it: N × B; of the labels
/// as numbers 1 × B.
template <class T>
void gather_targets(const Trials &trials, const model::Target &target, const BatchFrame &frame, std::size_t neurons,
                    numeric::Matrix<T> &out);
/// Frames of what gather_targets() gives.
std::size_t target_frames(const Trials &trials, const model::Target &target, std::size_t neurons);

} // namespace engram::task
