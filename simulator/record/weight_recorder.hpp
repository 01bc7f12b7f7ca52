// A WeightRecorder keeps weights as they change, or statistics of them, after the epochs that a model's "record" names.
#pragma once

#include "model/model.hpp"
#include "network/network.hpp"
#include "record/run_file.hpp"

#include <cstddef>
#include <vector>

namespace engram::record {

class RunReader;

/// Errors: input::InputError, where a projection has no weights of its own, or a synapse is none of it.
template <class T> void check_recorded_weights(const model::Model &model, const network::Network<T> &network);

/// Names of what is kept by "statistics": mean, sd (by n), min, max, norm (L2), and quantiles (as NumPy's: linear).
std::vector<std::string> statistics_names(const model::RecordedWeights &recorded);
/// Their values. NaN without a weight. Changes the order of `weights`.
std::vector<double> statistics_of(std::vector<double> &weights, const std::vector<double> &quantiles);

/// Memory beside the network: a copy of the weights of one projection, where statistics are kept.
template <class T> class WeightRecorder {
public:
  /// `network`: where the weights will be. It was checked.
  WeightRecorder(const model::Model &model, const network::Network<T> &network, RunFile &file);
  /// With these weights; epoch 0: before the first.
  void after_epoch(std::size_t epoch, const network::Network<T> &network);
  /// Takes over what another file of the run holds until this epoch. Errors: data::DataError, where it is not there.
  void restore(const RunReader &run, std::size_t epochs_done);

private:
  struct Table {
    const model::RecordedWeights *recorded = nullptr;
    std::size_t projection = 0, number = 0; // index in the network; in the file
    std::vector<std::size_t> shape;         // of a row
    std::vector<std::size_t> places;        // of the weights that are kept or counted; empty: all
  };
  const model::Model &model_;
  RunFile &file_;
  std::vector<Table> tables_;
};

} // namespace engram::record
