#include "record/weight_recorder.hpp"

#include "data/array.hpp"
#include "input/document.hpp"
#include "input/input_error.hpp"
#include "record/run_read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace engram::record {

namespace {

using What = model::RecordedWeights::What;

// Where in the matrix the weight of a synapse is; nothing where there is none.
template <class T>
std::optional<std::size_t> place_of(const network::DenseProjection<T> &p, std::size_t post, std::size_t pre) {
  if (post >= p.weights.n_rows || pre >= p.weights.n_cols) return std::nullopt;
  const std::size_t place = pre * p.weights.n_rows + post;
  const bool masked = !p.mask.is_empty() && p.mask[place] == 0;
  const bool off = p.one_to_one && post != pre;
  if (masked || off || (p.sharing && p.sharing->group[place] == network::Sharing::none)) return std::nullopt;
  return place;
}

// The first of several that join the same neurons.
template <class T>
std::optional<std::size_t> place_of(const network::SparseProjection<T> &p, std::size_t post, std::size_t pre) {
  const auto &connectivity = *p.synapses.connectivity;
  if (pre >= connectivity.pres) return std::nullopt;
  for (std::size_t k = connectivity.first(pre, 0); k < connectivity.last(pre, connectivity.lags.size() - 1); ++k)
    if (connectivity.target[k] == post) return k;
  return std::nullopt;
}

template <class T> std::vector<std::size_t> existing(const network::DenseProjection<T> &p) {
  if (p.mask.is_empty() && !p.one_to_one && !p.sharing) return {};
  std::vector<std::size_t> places;
  for (std::size_t j = 0; j < p.weights.n_cols; ++j)
    for (std::size_t i = 0; i < p.weights.n_rows; ++i)
      if (const auto place = place_of(p, i, j)) places.push_back(*place);
  return places;
}
template <class T> std::vector<std::size_t> existing(const network::SparseProjection<T> &) { return {}; }

template <class T> std::vector<std::size_t> shape_of(const network::DenseProjection<T> &p) {
  return {p.weights.n_rows, p.weights.n_cols};
}
template <class T> std::vector<std::size_t> shape_of(const network::SparseProjection<T> &p) {
  return {p.synapses.weights->size()};
}

// Calls `f` with the projection of this name, if the network has it.
template <class T, class F> bool with_projection(const network::Network<T> &network, const std::string &name, F &&f) {
  bool found = false;
  network::each_projection(network, [&](const auto &p) {
    if (p.name != name || found) return;
    found = true;
    f(p);
  });
  return found;
}

template <class T> std::string why_none(const network::DenseProjection<T> &p, const network::Network<T> &network) {
  const auto *of = p.transpose_of();
  return of ? fmt::format("has no weights of its own: those of '{}' act", network.dense[of->other].name) : "";
}
template <class T> std::string why_none(const network::SparseProjection<T> &p, const network::Network<T> &) {
  return p.synapses.plastic ? "" : "carries spikes and does not learn: its weights stay as the model says";
}

template <class T> arma::Mat<T> view(const network::DenseProjection<T> &p) {
  return arma::Mat<T>(const_cast<T *>(p.weights.memptr()), p.weights.n_rows, p.weights.n_cols, false, true); // no copy
}
template <class T> arma::Mat<T> view(const network::SparseProjection<T> &p) {
  return arma::Mat<T>(p.synapses.weights->data(), p.synapses.weights->size(), 1, false, true); // no copy
}

} // namespace

template <class T> void check_recorded_weights(const model::Model &model, const network::Network<T> &network) {
  std::vector<input::Problem> problems;
  const auto tell = [&](const std::string &pointer, const std::string &what) {
    problems.push_back({model.file, 0, pointer, what});
  };
  for (const auto &recorded : model.record_weights) {
    const bool found = with_projection(network, recorded.projection, [&](const auto &p) {
      if (const auto why = why_none(p, network); !why.empty()) {
        tell(recorded.pointer, fmt::format("'{}' {}", p.name, why));
        return;
      }
      for (std::size_t k = 0; k < recorded.synapses.size(); ++k) {
        const auto [post, pre] = recorded.synapses[k];
        const std::size_t posts = network.regions[p.target].size;
        const std::size_t pres = p.is_bias() ? 1 : network.regions[p.source].size;
        const auto at = input::below(recorded.pointer + "/weights", k);
        if (post >= posts || pre >= pres)
          tell(at, fmt::format("there is no synapse [{}, {}]: '{}' has {} postsynaptic and {} presynaptic neuron{}, "
                               "from 0",
                               post, pre, p.name, posts, pres, pres == 1 ? "" : "s"));
        else if (!place_of(p, post, pre))
          tell(at,
               fmt::format("there is no synapse [{}, {}] in '{}': these neurons are not connected", post, pre, p.name));
      }
    });
    if (!found)
      tell(recorded.pointer, fmt::format("'{}' has no weights: it is 0 and does not learn", recorded.projection));
  }
  if (!problems.empty()) throw input::InputError(problems);
}

std::vector<std::string> statistics_names(const model::RecordedWeights &recorded) {
  std::vector<std::string> names{"mean", "sd", "min", "max", "norm"};
  for (const double quantile : recorded.quantiles) names.push_back(fmt::format("quantile_{}", quantile));
  return names;
}

std::vector<double> statistics_of(std::vector<double> &weights, const std::vector<double> &quantiles) {
  if (weights.empty()) return std::vector<double>(5 + quantiles.size(), std::numeric_limits<double>::quiet_NaN());
  const auto n = static_cast<double>(weights.size());
  std::sort(weights.begin(), weights.end()); // also gives the sums an order
  double sum = 0, squares = 0, deviations = 0;
  for (const double w : weights) {
    sum += w;
    squares += w * w;
  }
  const double mean = sum / n;
  for (const double w : weights) deviations += (w - mean) * (w - mean);
  std::vector<double> out{mean, std::sqrt(deviations / n), weights.front(), weights.back(), std::sqrt(squares)};
  for (const double quantile : quantiles) {
    const double at = quantile * (n - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, weights.size() - 1);
    out.push_back(weights[below] + (at - static_cast<double>(below)) * (weights[above] - weights[below]));
  }
  return out;
}

template <class T>
WeightRecorder<T>::WeightRecorder(const model::Model &model, const network::Network<T> &network, RunFile &file)
    : model_(model), file_(file) {
  for (const auto &recorded : model.record_weights)
    with_projection(network, recorded.projection, [&](const auto &p) {
      Table table;
      table.recorded = &recorded;
      table.projection = p.index;
      WeightsInfo info{p.name, std::is_same_v<T, float>, {}, {}, {}};
      if (recorded.what == What::all) table.shape = shape_of(p);
      if (recorded.what == What::synapses) {
        table.shape = {recorded.synapses.size()};
        info.chosen = recorded.synapses;
        for (const auto &[post, pre] : recorded.synapses) table.places.push_back(place_of(p, post, pre).value());
      }
      if (recorded.what == What::statistics) {
        info.statistics = statistics_names(recorded);
        table.places = existing(p);
      }
      info.shape = table.shape;
      table.number = file.add_weights(info);
      tables_.push_back(std::move(table));
    });
}

template <class T> void WeightRecorder<T>::after_epoch(std::size_t epoch, const network::Network<T> &network) {
  for (const auto &table : tables_) {
    if (!table.recorded->epochs.hold(epoch)) continue;
    const auto write = [&](const auto &p) {
      if (p.index != table.projection) return;
      if (table.recorded->what == What::all) {
        file_.write_row(table.number, epoch, view(p), {});
        return;
      }
      const auto values = p.values();
      if (table.recorded->what == What::synapses) {
        arma::Mat<T> chosen(table.places.size(), 1);
        for (std::size_t k = 0; k < table.places.size(); ++k) chosen[k] = values[table.places[k]];
        file_.write_row(table.number, epoch, chosen, {});
        return;
      }
      std::vector<double> weights;
      if (table.places.empty())
        weights.assign(values.begin(), values.end());
      else
        for (const std::size_t place : table.places) weights.push_back(static_cast<double>(values[place]));
      file_.write_row(table.number, epoch, arma::Mat<T>(), statistics_of(weights, table.recorded->quantiles));
    };
    network::each_projection(network, write);
  }
}

template <class T> void WeightRecorder<T>::restore(const RunReader &run, std::size_t epochs_done) {
  for (const auto &table : tables_) {
    const auto stored = run.recorded_weights(table.recorded->projection);
    const auto &epochs = table.recorded->epochs;
    std::size_t row = 0;
    for (std::size_t epoch = 0; epoch <= epochs_done; ++epoch) {
      if (!epochs.hold(epoch)) continue;
      if (row >= stored.epochs.size() || stored.epochs[row] != epoch || stored.shape != table.shape)
        throw data::DataError(fmt::format("{}: does not hold the weights of '{}' after epoch {}, which were recorded",
                                          run.path(), table.recorded->projection, epoch));
      arma::Mat<T> weights;
      if (!table.shape.empty()) weights = arma::conv_to<arma::Mat<T>>::from(run.weights_after(stored, row));
      const auto statistics = table.recorded->what == What::statistics
                                  ? run.statistics_after(stored, statistics_names(*table.recorded), row)
                                  : std::vector<double>{};
      file_.write_row(table.number, epoch, weights, statistics);
      ++row;
    }
  }
}

template void check_recorded_weights(const model::Model &, const network::Network<float> &);
template void check_recorded_weights(const model::Model &, const network::Network<double> &);
template class WeightRecorder<float>;
template class WeightRecorder<double>;

} // namespace engram::record
