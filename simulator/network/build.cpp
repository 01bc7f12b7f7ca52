#include "network/build.hpp"

#include "data/array.hpp"
#include "input/input_error.hpp"
#include "model/time_grid.hpp"
#include "network/dense_weights.hpp"
#include "network/draw.hpp"
#include "network/given_values.hpp"
#include "network/initial.hpp"
#include "network/network.hpp"
#include "numeric/random.hpp"
#include "numeric/threads.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <stdexcept>

namespace engram::network {

template <class T>
numeric::Vector<T> values_of(const model::Quantity &quantity, std::size_t neurons, std::uint64_t seed,
                             std::uint32_t what) {
  const numeric::Random random{seed, numeric::Purpose::parameters, what};
  numeric::Vector<T> out(neurons);
  for (std::size_t i = 0; i < neurons; ++i) out[i] = static_cast<T>(drawn(quantity, random, i));
  return out;
}

namespace {

std::optional<std::size_t> receptor_named(const model::Region &region, const std::string &name) {
  for (std::size_t k = 0; k < region.receptors.size(); ++k)
    if (region.receptors[k].name == name) return k;
  return std::nullopt;
}

template <class T>
Synapses<T> spiking_synapses(const model::Projection &projection, const model::Model &model, const Wiring &wiring,
                             const ReadWeights &read, std::string *told, std::size_t &below_zero) {
  using Kind = model::Weights::Kind;
  const auto given = projection.weights.kind == Kind::file     ? read(projection.weights, wiring.posts, wiring.pres)
                     : projection.weights.kind == Kind::values ? projection.weights.values
                                                               : std::vector<double>{};
  auto synapses =
      make_synapses<T>(projection, wiring, given, model.time.step, numeric::available_threads(), below_zero);
  if (told && may_begin_otherwise(projection, wiring))
    *told = initial_weights_note(projection, wiring, given, synapses);
  return synapses;
}

// `warnings` gets a line for what a file holds and the trial is too short for.
std::vector<std::vector<double>> sorted_spikes(const model::Region &region, const model::Model &model,
                                               const ReadSpikes &read, std::vector<std::string> &warnings) {
  auto times = region.spikes->file.empty() ? region.spikes->times : read(*region.spikes);
  if (times.size() > region.size)
    throw input::InputError("'" + region.name + "' has " + std::to_string(region.size) + " neurons, and spikes of " +
                            std::to_string(times.size()) + " are given");
  times.resize(region.size); // the last ones of a file may be silent
  for (std::size_t n = 0; n < times.size(); ++n) {
    for (const double ms : times[n])
      if (!(ms >= 0 && std::isfinite(ms)))
        throw input::InputError(fmt::format("{}: neuron {} of '{}' spikes at {} ms; a trial begins at 0",
                                            region.spikes->file, n, region.name, ms));
    std::sort(times[n].begin(), times[n].end());
  }
  if (region.spikes->file.empty()) return times; // told as the model was checked
  if (model.task.trial.empty()) return times;    // there is no end of a trial to come after
  double length = 0;
  for (const auto &phase : model.task.trial) length += phase.duration;
  if (const auto late = model::spikes_outside(times, region.name, model.time.step, length); !late.empty())
    warnings.push_back(region.spikes->file + ": warning: " + late);
  return times;
}

} // namespace

namespace {

// The content of a file may not fit. That is reported at the place of the model that names the file.
class Wrong {
public:
  explicit Wrong(const model::Model &model) : model_(model) {}
  /// Returns whether all went well.
  template <class F> bool at(const std::string &pointer, F &&f) {
    try {
      f();
      return true;
    } catch (const data::DataError &error) {
      problems_.push_back({model_.file, 0, pointer, error.what()});
    } catch (const input::InputError &error) {
      for (const auto &problem : error.problems())
        problems_.push_back(problem.pointer.empty() ? input::Problem{model_.file, 0, pointer, problem.message}
                                                    : problem);
    }
    return false;
  }
  void raise() const {
    if (!problems_.empty()) throw input::InputError(problems_);
  }

private:
  const model::Model &model_;
  std::vector<input::Problem> problems_;
};

template <class T> class Builder {
public:
  Builder(const model::Model &model, const Readers &read, std::vector<input::Problem> *told,
          const std::vector<Pattern> &patterns, Split split = {})
      : model_(model), read_(finite_only(read)), told_(told), patterns_(patterns), split_(split) {}

  Network<T> all() {
    Wrong wrong(model_);
    for (const auto &region : model_.regions) {
      network_.regions.push_back({region.name, region.size, {}});
      if (region.spikes)
        wrong.at(region.pointer + "/spikes", [&] {
          network_.regions.back().spikes = sorted_spikes(region, model_, read_.spikes, network_.warnings);
        });
    }
    for (std::size_t k = 0; k < model_.projections.size(); ++k) {
      const auto &projection = model_.projections[k];
      const auto receptor = receptor_named(model_.regions[projection.to.region], projection.to.port);
      const std::size_t posts = model_.regions[projection.to.region].size,
                        pres = model_.regions[projection.from.region].size;
      if (receptor)
        network_.sparse.push_back(sparse(k, *receptor));
      else
        network_.dense.push_back(dense(k));
      std::unique_ptr<const Wiring> wiring;
      if (!wrong.at(projection.pointer + "/connect",
                    [&] { wiring = wired(projection, posts, pres, receptor ? split_.own(posts) : Range{}); }))
        continue;
      wrong.at(projection.pointer + "/weights", [&] {
        if (receptor)
          weigh(projection, *wiring, network_.sparse.back());
        else
          weigh(projection, std::move(wiring), network_.dense.back());
      });
    }
    wrong.raise();
    for (const auto &copy : copies_) { // once all others have their weights
      auto &p = network_.dense[copy.place];
      const auto &projection = model_.projections[p.index];
      wrong.at(projection.pointer, [&] {
        p.weights = static_cast<T>(projection.weights.a) * network_.dense[followed(projection.weights.other)].weights;
        finish(projection, copy.connections, p);
      });
    }
    wrong.raise();
    follow();
    for (std::size_t r = 0; r < model_.regions.size(); ++r) add_bias(r);
    refresh_signs(network_);
    refuse_not_finite(model_, network_);
    refuse_negative_conductances(model_, network_);
    return std::move(network_);
  }

private:
  std::vector<std::size_t> rule_indices(const std::vector<std::string> &names) const {
    std::vector<std::size_t> out;
    for (const auto &name : names)
      for (std::size_t k = 0; k < model_.rules.size(); ++k)
        if (model_.rules[k].name == name) out.push_back(k);
    return out;
  }

  std::unique_ptr<const Wiring> wired(const model::Projection &projection, std::size_t posts, std::size_t pres,
                                      Range own) const {
    auto wiring = wire(projection, posts, pres, model_.seed, read_.pairs, patterns_, own);
    if (projection.weights.kind != model::Weights::Kind::listed) return wiring;
    if (!wiring->pair_list()) throw std::logic_error("weights are listed by a pattern that lists none");
    if (wiring->pair_list()->weight.empty())
      throw input::InputError(projection.connect.file + ": two columns, and '" + projection.name +
                              "' takes its weights from a third one");
    return wiring;
  }

  void tell(const model::Projection &projection, const std::string &what) {
    if (told_ && !what.empty()) told_->push_back({model_.file, 0, projection.pointer, what});
  }

  void begin(std::size_t index, Projection &p) const {
    const auto &projection = model_.projections[index];
    p.name = projection.name;
    p.index = index;
    p.source = projection.from.region;
    p.target = projection.to.region;
    p.signal = signal_named(projection.from.port).value();
    p.rules = rule_indices(projection.rules);
    p.constraints = projection.constraints;
  }

  SparseProjection<T> sparse(std::size_t index, std::size_t receptor) const {
    SparseProjection<T> p;
    begin(index, p);
    p.receptor = receptor;
    return p;
  }

  DenseProjection<T> dense(std::size_t index) const {
    const auto &projection = model_.projections[index];
    DenseProjection<T> p;
    begin(index, p);
    p.compartment = compartment_named(projection.to.port).value();
    p.delay = model::steps_of(projection.delay, model_.time.step);
    return p;
  }

  void weigh(const model::Projection &projection, const Wiring &wiring, SparseProjection<T> &p) {
    std::string told;
    std::size_t below_zero = 0;
    p.synapses = spiking_synapses<T>(projection, model_, wiring, read_.weights, told_ ? &told : nullptr, below_zero);
    tell(projection, told);
    tell(projection, clipped_delays_note(below_zero, p.synapses.connectivity->size()));
  }

  void weigh(const model::Projection &projection, std::unique_ptr<const Wiring> wiring, DenseProjection<T> &p) {
    using Kind = model::Weights::Kind;
    if (projection.weights.kind == Kind::transpose_of) return;
    Connections connections(std::move(wiring));
    if (projection.weights.kind == Kind::copy_of) {
      copies_.push_back({network_.dense.size() - 1, std::move(connections)});
      return;
    }
    p.weights = initial_weights<T>(projection, connections, read_.weights);
    if (projection.weights.kind == Kind::sign_of) p.origin = SignOf<T>{{}, arma::abs(p.weights)};
    finish(projection, connections, p);
  }

  // Of weights that are the projection's own: what they share and how they are held.
  void finish(const model::Projection &projection, const Connections &connections, DenseProjection<T> &p) {
    const bool watched = told_ && may_begin_otherwise(projection, *connections.wiring);
    const numeric::Matrix<T> written = watched ? p.weights : numeric::Matrix<T>();
    hold(p, connections);
    constrain(p);
    if (watched) tell(projection, initial_weights_note(projection, connections, written, p.weights));
  }

  // The place in Network::dense of a projection of the model that others follow.
  std::size_t followed(std::size_t index) const {
    const auto *p = network_.dense_at(index);
    if (!p)
      throw std::logic_error("weights follow those of '" + model_.projections.at(index).name + "', which is sparse");
    return static_cast<std::size_t>(p - network_.dense.data());
  }

  // The transpose of a projection of the model; where that is a transpose itself, what stands behind it.
  TransposeOf<T> transpose_of(std::size_t index) const {
    const auto &weights = model_.projections[index].weights;
    if (weights.kind != model::Weights::Kind::transpose_of) return {followed(index), true, T(1)};
    auto behind = transpose_of(weights.other);
    behind.transposed = !behind.transposed;
    behind.gain *= static_cast<T>(weights.a);
    return behind;
  }

  // Once all projections are there: finds out whose weights act in the place of others, or give them their signs.
  void follow() {
    using Kind = model::Weights::Kind;
    for (auto &p : network_.dense) {
      const auto &weights = model_.projections[p.index].weights;
      if (weights.kind == Kind::transpose_of) {
        auto of = transpose_of(weights.other);
        of.gain *= static_cast<T>(weights.a);
        p.origin = of;
      } else if (weights.kind == Kind::sign_of) {
        std::get<SignOf<T>>(p.origin).signs = transpose_of(weights.other);
      }
    }
    for (std::size_t k = 0; k < network_.dense.size(); ++k) order_signs(k);
  }

  // The checks of the model exclude that signs follow each other in a ring.
  void order_signs(std::size_t k) {
    auto &order = network_.sign_order;
    const auto *of = network_.dense[k].sign_of();
    if (!of || std::find(order.begin(), order.end(), k) != order.end()) return;
    order_signs(of->signs.other);
    order.push_back(k);
  }

  void add_bias(std::size_t r) {
    const auto &region = model_.regions[r];
    const bool zero = region.bias.kind == model::Quantity::Kind::constant && region.bias.a == 0;
    if (zero && region.bias_rules.empty()) return;
    DenseProjection<T> p;
    p.name = region.name + ".bias";
    p.index = network_.dense.size() + network_.sparse.size();
    p.target = r;
    p.weights = values_of<T>(region.bias, region.size, model_.seed, numeric::name_key(p.name));
    p.rules = rule_indices(region.bias_rules);
    network_.dense.push_back(std::move(p));
  }

  const model::Model &model_;
  const Readers read_;
  std::vector<input::Problem> *told_;
  const std::vector<Pattern> &patterns_;
  const Split split_;
  struct Copy {
    std::size_t place; // in Network::dense
    Connections connections;
  };
  std::vector<Copy> copies_; // that wait for the weights of others
  Network<T> network_;
};

} // namespace

template <class T>
Network<T> build(const model::Model &model, const Readers &read, const std::vector<Pattern> &patterns) {
  return Builder<T>(model, read, nullptr, patterns).all();
}

template <class T>
Network<T> build(const model::Model &model, const Readers &read, std::vector<input::Problem> &told, Split split) {
  return Builder<T>(model, read, &told, pattern_entries(), split).all();
}

template Network<float> build(const model::Model &, const Readers &, const std::vector<Pattern> &);
template Network<double> build(const model::Model &, const Readers &, const std::vector<Pattern> &);
template Network<float> build(const model::Model &, const Readers &, std::vector<input::Problem> &, Split);
template Network<double> build(const model::Model &, const Readers &, std::vector<input::Problem> &, Split);
template numeric::Vector<float> values_of(const model::Quantity &, std::size_t, std::uint64_t, std::uint32_t);
template numeric::Vector<double> values_of(const model::Quantity &, std::size_t, std::uint64_t, std::uint32_t);

} // namespace engram::network
