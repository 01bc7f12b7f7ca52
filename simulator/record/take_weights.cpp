#include "record/take_weights.hpp"

#include "data/array.hpp"
#include "record/run_read.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace engram::record {

using learning::Saved;

namespace {

void require_finite(const std::string &run, const arma::mat &weights, const network::Projection &p) {
  const arma::uvec bad = arma::find_nonfinite(weights);
  if (bad.is_empty()) return;
  throw data::DataError(run + ": " + std::to_string(bad.n_elem) + " weights of '" + p.name +
                        "' are no finite numbers: value " + std::to_string(bad[0] % weights.n_rows) + ", " +
                        std::to_string(bad[0] / weights.n_rows) + " is " + std::to_string(weights[bad[0]]));
}

template <class T>
[[noreturn]] void refuse_shape(const std::string &run, const arma::mat &weights, const network::DenseProjection<T> &p) {
  throw data::DataError(run + ": the weights of '" + p.name + "' are " + std::to_string(weights.n_rows) + " x " +
                        std::to_string(weights.n_cols) + ", the model's are " + std::to_string(p.weights.n_rows) +
                        " x " + std::to_string(p.weights.n_cols));
}

// Only onto the same synapses: the model and its seed draw them.
template <class T> bool take_synapses(const arma::mat &rows, network::SparseProjection<T> &p) {
  const auto &connectivity = *p.synapses.connectivity;
  if (!p.synapses.plastic || rows.n_rows != connectivity.size() || rows.n_cols != 3) return false;
  for (std::size_t j = 0; j < connectivity.pres; ++j)
    for (std::size_t k = connectivity.first(j, 0); k < connectivity.last(j, connectivity.lags.size() - 1); ++k) {
      if (rows(k, 0) != connectivity.target[k] || rows(k, 1) != static_cast<double>(j)) return false;
      (*p.synapses.weights)[k] = static_cast<T>(rows(k, 2));
    }
  return true;
}

template <class T>
void take(const std::string &run, const arma::mat &weights, network::SparseProjection<T> &p, Taken &) {
  if (!take_synapses(weights, p))
    throw data::DataError(run + ": the synapses of '" + p.name + "' are not those of the model");
}

template <class T>
void take(const std::string &run, const arma::mat &weights, network::DenseProjection<T> &p, Taken &told) {
  if (arma::size(weights) != arma::size(p.weights)) refuse_shape(run, weights, p);
  p.weights = arma::conv_to<numeric::Matrix<T>>::from(weights);
  const numeric::Matrix<T> held = p.weights;
  network::constrain(p); // as after each update, and as the model's own
  if (!arma::approx_equal(held, p.weights, "reldiff", T(1e-6))) told.moved.push_back(p.name);
}

// Synapses that carry spikes and do not learn are in no run file: they follow from the model and its seed.
template <class T> bool is_kept_in_runs(const network::DenseProjection<T> &p) { return p.has_weights(); }
template <class T> bool is_kept_in_runs(const network::SparseProjection<T> &p) { return p.synapses.plastic; }

} // namespace

template <class T> Taken take_weights(const std::string &run, network::Network<T> &network) {
  Taken told;
  const RunReader reader(run);
  const auto names = reader.projections();
  std::set<std::string> own;
  network::each_projection(network, [&](auto &p) {
    own.insert(p.name);
    if (!p.has_weights()) return;
    if (std::find(names.begin(), names.end(), p.name) == names.end()) {
      if (is_kept_in_runs(p)) told.kept.push_back(p.name);
      return;
    }
    const arma::mat weights = reader.weights(p.name);
    reader.pause(); // or it would hold the weights that are replaced here
    require_finite(run, weights, p);
    take(run, weights, p, told);
    told.taken.push_back(p.name);
  });
  for (const auto &name : names)
    if (!own.contains(name)) told.unused.push_back(name);
  if (told.taken.empty()) throw data::DataError(run + ": holds no projection of this model");
  return told;
}

bool is_whole(const Taken &taken) { return taken.kept.empty() && taken.unused.empty() && taken.moved.empty(); }

std::string warning_of(const std::string &run, const Taken &taken) {
  std::string line = fmt::format("{}: warning: the weights of {} come from it", run, fmt::join(taken.taken, ", "));
  if (!taken.kept.empty())
    line += fmt::format("; it does not hold those of {}, which begin as the model says", fmt::join(taken.kept, ", "));
  if (!taken.unused.empty())
    line += fmt::format("; its {} {} no projection of the model", fmt::join(taken.unused, ", "),
                        taken.unused.size() == 1 ? "is" : "are");
  if (!taken.moved.empty()) line += fmt::format("; the constraints change those of {}", fmt::join(taken.moved, ", "));
  return line;
}

namespace {

std::string state_of_weights(const network::Projection &p) { return "weights/" + p.name; }

template <class T> Saved saved_weights(const network::DenseProjection<T> &p) {
  return {state_of_weights(p), p.weights.n_rows, p.weights.n_cols, std::vector<T>(p.weights.begin(), p.weights.end())};
}
template <class T> Saved saved_weights(const network::SparseProjection<T> &p) {
  return {state_of_weights(p), p.synapses.weights->size(), 1, *p.synapses.weights};
}
template <class T> learning::Kept weights_at(network::DenseProjection<T> &p) {
  return {state_of_weights(p), &p.weights, p.weights.n_rows, p.weights.n_cols};
}
template <class T> learning::Kept weights_at(network::SparseProjection<T> &p) {
  return {state_of_weights(p), p.synapses.weights.get(), p.synapses.weights->size(), 1};
}

// Of the weights that the run ended with.
template <class T> void restore_last(const std::string &run, const arma::mat &weights, network::DenseProjection<T> &p) {
  if (arma::size(weights) != arma::size(p.weights)) refuse_shape(run, weights, p);
  p.weights = arma::conv_to<numeric::Matrix<T>>::from(weights);
}
template <class T>
void restore_last(const std::string &run, const arma::mat &weights, network::SparseProjection<T> &p) {
  Taken ignored;
  take(run, weights, p, ignored);
}

} // namespace

template <class T> void write_weights_as_state(RunFile &file, const network::Network<T> &network) {
  network::each_projection(network, [&](const auto &p) {
    if (is_kept_in_runs(p)) file.add_state(saved_weights(p));
  });
}

template <class T> void restore_weights(const RunReader &run, std::vector<Saved> &state, network::Network<T> &network) {
  const auto names = run.projections();
  network::each_projection(network, [&](auto &p) {
    if (!is_kept_in_runs(p)) return;
    const auto is_it = [&](const Saved &saved) { return saved.name == state_of_weights(p); };
    if (const auto found = std::find_if(state.begin(), state.end(), is_it); found != state.end()) {
      learning::restore({weights_at(p)}, {*found}, run.path());
      state.erase(found);
      return;
    }
    if (std::find(names.begin(), names.end(), p.name) == names.end())
      throw data::DataError(run.path() + ": does not hold the weights of '" + p.name + "'");
    restore_last(run.path(), run.weights(p.name), p);
  });
}

template void write_weights_as_state(RunFile &, const network::Network<float> &);
template void write_weights_as_state(RunFile &, const network::Network<double> &);
template void restore_weights(const RunReader &, std::vector<Saved> &, network::Network<float> &);
template void restore_weights(const RunReader &, std::vector<Saved> &, network::Network<double> &);
template Taken take_weights(const std::string &, network::Network<float> &);
template Taken take_weights(const std::string &, network::Network<double> &);

} // namespace engram::record
