#include "network/build.hpp"

#include "data/array.hpp"
#include "input/input_error.hpp"
#include "model/time_grid.hpp"
#include "network/draw.hpp"
#include "network/given_values.hpp"
#include "network/initial.hpp"
#include "network/network.hpp"
#include "network/patterns.hpp"
#include "numeric/random.hpp"
#include "numeric/threads.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

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

template <class T>
numeric::Matrix<T> initial_weights(const model::Projection &said, const Wiring &wiring, const ReadWeights &read) {
  using Kind = model::Weights::Kind;
  const std::size_t posts = wiring.posts, pres = wiring.pres;
  const numeric::Random random{wiring.seed, numeric::Purpose::weights, wiring.key};
  numeric::Matrix<T> w(posts, pres, arma::fill::zeros);
  const auto &how = said.weights;
  if (how.kind == Kind::values || how.kind == Kind::file) {
    const auto rows = how.kind == Kind::file ? read(how, posts, pres) : how.values;
    if (rows.size() != posts * pres)
      throw input::InputError("weights of '" + said.name + "' have " + std::to_string(rows.size()) + " values, not " +
                              std::to_string(posts) + " × " + std::to_string(pres));
    for (std::size_t i = 0; i < posts; ++i)
      for (std::size_t j = 0; j < pres; ++j) w(i, j) = static_cast<T>(rows[i * pres + j]);
    return w;
  }
  if (how.kind == Kind::listed) {
    const auto &listed = *wiring.listed;
    for (std::size_t j = 0; j < pres; ++j)
      for (std::size_t k = listed.begin[j]; k < listed.begin[j + 1]; ++k)
        w(listed.target[k], j) = static_cast<T>(how.a * listed.weight[k]);
    return w;
  }
  const double synapses = fan_in(wiring);
  const auto there = joined(wiring);
  for (std::size_t j = 0; j < pres; ++j)
    for (std::size_t i = 0; i < posts; ++i)
      if (there[i + j * posts]) w(i, j) = static_cast<T>(drawn(how, synapses, random, weight_index(wiring, i, j)));
  return w;
}

template <class T> void set_constraints(Projection<T> &p, const Wiring &wiring) {
  using Sign = model::Constraints::Sign;
  if (p.constraints.mask || wiring.connect->type != "dense") {
    const auto there = joined(wiring);
    p.mask.ones(p.weights.n_rows, p.weights.n_cols);
    for (std::size_t k = 0; k < p.mask.n_elem; ++k)
      if (!there[k] || (p.constraints.mask && p.weights[k] == T(0))) p.mask[k] = 0;
  }
  // A sign that is imposed makes the drawn weights follow it, so that no half of them begins at zero.
  if (p.constraints.sign == Sign::excitatory) p.weights = arma::abs(p.weights);
  if (p.constraints.sign == Sign::inhibitory) p.weights = -arma::abs(p.weights);
  if (p.constraints.sign != Sign::free) {
    p.sign = p.weights;
    const T zero_sign = p.constraints.sign == Sign::inhibitory ? T(-1) : T(1);
    p.sign.transform([zero_sign](T w) { return w > 0 ? T(1) : w < 0 ? T(-1) : zero_sign; });
  }
  if (p.constraints.norm)
    p.norm = numeric::Vector<T>(p.weights.n_rows, arma::fill::value(static_cast<T>(*p.constraints.norm)));
}

std::optional<std::size_t> receptor_named(const model::Region &region, const std::string &name) {
  for (std::size_t k = 0; k < region.receptors.size(); ++k)
    if (region.receptors[k].name == name) return k;
  return std::nullopt;
}

// Which synapses have one weight: of a convolution that is shared.
std::shared_ptr<const Sharing> sharing_of(const Wiring &wiring) {
  if (!wiring.convolution.shared) return nullptr;
  auto out = std::make_shared<Sharing>();
  const auto there = joined(wiring);
  out->group.assign(there.size(), Sharing::none);
  for (std::size_t k = 0; k < there.size(); ++k) {
    if (!there[k]) continue;
    out->group[k] = static_cast<std::uint32_t>(weight_index(wiring, k % wiring.posts, k / wiring.posts));
    out->groups = std::max<std::size_t>(out->groups, out->group[k] + 1);
  }
  return out;
}

template <class T>
Synapses<T> spiking_synapses(const model::Projection &said, const model::Model &model, const Wiring &wiring,
                             const ReadWeights &read, std::string *told, std::size_t &below_zero) {
  using Kind = model::Weights::Kind;
  const auto given = said.weights.kind == Kind::file     ? read(said.weights, wiring.posts, wiring.pres)
                     : said.weights.kind == Kind::values ? said.weights.values
                                                         : std::vector<double>{};
  auto synapses = make_synapses<T>(said, wiring, given, model.time.step, numeric::available_threads(), below_zero);
  if (told && may_begin_otherwise(said)) *told = told_of_initial(said, wiring, given, synapses);
  return synapses;
}

// Of a projection whose synapses stand in a file; else empty.
Listed listed_in(const model::Projection &said, std::size_t posts, std::size_t pres, const ReadPairs &read) {
  if (said.connect.type != "pairs") return {};
  auto out = listed(read(said.connect), posts, pres);
  if (said.weights.kind == model::Weights::Kind::listed && out.weight.empty())
    throw input::InputError(said.connect.file + ": two columns, and '" + said.name +
                            "' takes its weights from a third one");
  return out;
}

// `warnings` gets a line for what a file holds and the trial is too short for.
std::vector<std::vector<double>> sorted_spikes(const model::Region &said, const model::Model &model,
                                               const ReadSpikes &read, std::vector<std::string> &warnings) {
  auto times = said.spikes->file.empty() ? said.spikes->times : read(*said.spikes);
  if (times.size() > said.size)
    throw input::InputError("'" + said.name + "' has " + std::to_string(said.size) + " neurons, and spikes of " +
                            std::to_string(times.size()) + " are given");
  times.resize(said.size); // the last ones of a file may be silent
  for (std::size_t n = 0; n < times.size(); ++n) {
    for (const double ms : times[n])
      if (!(ms >= 0 && std::isfinite(ms)))
        throw input::InputError(fmt::format("{}: neuron {} of '{}' spikes at {} ms; a trial begins at 0",
                                            said.spikes->file, n, said.name, ms));
    std::sort(times[n].begin(), times[n].end());
  }
  if (said.spikes->file.empty()) return times; // told as the model was checked
  if (model.task.trial.empty()) return times;  // there is no end of a trial to come after
  double length = 0;
  for (const auto &phase : model.task.trial) length += phase.duration;
  if (const auto late = model::spikes_outside(times, said.name, model.time.step, length); !late.empty())
    warnings.push_back(said.spikes->file + ": warning: " + late);
  return times;
}

} // namespace

template <class T> void constrain(Projection<T> &p) {
  if (!p.mask.is_empty()) p.weights %= p.mask;
  if (!p.sign.is_empty())
    for (std::size_t k = 0; k < p.weights.n_elem; ++k)
      if (p.weights[k] * p.sign[k] < 0) p.weights[k] = 0;
  if (p.constraints.minimum || p.constraints.maximum) {
    const T low = p.constraints.minimum ? static_cast<T>(*p.constraints.minimum) : std::numeric_limits<T>::lowest();
    const T high = p.constraints.maximum ? static_cast<T>(*p.constraints.maximum) : std::numeric_limits<T>::max();
    p.weights.clamp(low, high);
  }
  if (!p.norm.is_empty()) {
    const numeric::Vector<T> now = arma::sqrt(arma::sum(arma::square(p.weights), 1));
    for (std::size_t i = 0; i < p.weights.n_rows; ++i)
      if (now[i] > 0) p.weights.row(i) *= p.norm[i] / now[i];
  }
}

template <class T> void share(const Projection<T> &p, numeric::Matrix<T> &change) {
  if (!p.sharing) return;
  std::vector<T> sum(p.sharing->groups, T(0));
  const auto &group = p.sharing->group;
  for (std::size_t k = 0; k < group.size(); ++k)
    if (group[k] != Sharing::none) sum[group[k]] += change[k];
  for (std::size_t k = 0; k < group.size(); ++k) change[k] = group[k] == Sharing::none ? T(0) : sum[group[k]];
}

template <class T> void refresh_signs(Network<T> &network) {
  for (auto &p : network.projections) {
    if (p.sign_of == none) continue;
    const auto &other = network.projections[p.sign_of].weights;
    for (std::size_t j = 0; j < p.weights.n_cols; ++j)
      for (std::size_t i = 0; i < p.weights.n_rows; ++i)
        p.weights(i, j) = other(j, i) > 0 ? p.magnitude(i, j) : other(j, i) < 0 ? -p.magnitude(i, j) : T(0);
  }
}

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
  Builder(const model::Model &model, const Readers &read, std::vector<input::Problem> *told)
      : model_(model), read_(finite_only(read)), told_(told) {}

  Network<T> all() {
    Wrong wrong(model_);
    for (const auto &said : model_.regions) {
      network_.regions.push_back({said.name, said.size, {}});
      if (said.spikes)
        wrong.at(said.pointer + "/spikes", [&] {
          network_.regions.back().spikes = sorted_spikes(said, model_, read_.spikes, network_.warnings);
        });
    }
    for (const auto &said : model_.projections) {
      network_.projections.push_back(begun(said));
      const std::size_t posts = model_.regions[said.to.region].size, pres = model_.regions[said.from.region].size;
      Listed pairs;
      if (wrong.at(said.pointer + "/connect", [&] { pairs = listed_in(said, posts, pres, read_.pairs); }))
        wrong.at(said.pointer + "/weights",
                 [&] { weigh(said, wiring_of(said, posts, pres, model_.seed, &pairs), network_.projections.back()); });
    }
    wrong.raise();
    for (std::size_t k = 0; k < model_.projections.size(); ++k) // copies, once all others have their weights
      if (model_.projections[k].weights.kind == model::Weights::Kind::copy_of)
        wrong.at(model_.projections[k].pointer, [&] { copy(model_.projections[k], network_.projections[k]); });
    wrong.raise();
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

  void tell(const model::Projection &said, const std::string &what) {
    if (told_ && !what.empty()) told_->push_back({model_.file, 0, said.pointer, what});
  }

  Projection<T> begun(const model::Projection &said) const {
    Projection<T> p;
    p.name = said.name;
    p.source = said.from.region;
    p.target = said.to.region;
    p.signal = signal_named(said.from.port).value();
    p.rules = rule_indices(said.rules);
    p.constraints = said.constraints;
    return p;
  }

  void weigh(const model::Projection &said, const Wiring &wiring, Projection<T> &p) {
    using Kind = model::Weights::Kind;
    if (const auto receptor = receptor_named(model_.regions[p.target], said.to.port)) {
      p.receptor = *receptor;
      std::string told;
      std::size_t below_zero = 0;
      p.synapses = spiking_synapses<T>(said, model_, wiring, read_.weights, told_ ? &told : nullptr, below_zero);
      tell(said, told);
      tell(said, told_of_delays(below_zero, p.synapses.joined->size()));
      return;
    }
    p.compartment = compartment_named(said.to.port).value();
    p.delay = model::steps_of(said.delay, model_.time.step);
    if (said.weights.kind == Kind::transpose_of) {
      p.transpose_of = said.weights.other;
      p.gain = static_cast<T>(said.weights.a);
    } else if (said.weights.kind != Kind::copy_of) {
      p.weights = initial_weights<T>(said, wiring, read_.weights);
      if (said.weights.kind == Kind::sign_of) {
        p.sign_of = said.weights.other;
        p.magnitude = arma::abs(p.weights);
      }
      finish(said, wiring, p);
    }
  }

  void copy(const model::Projection &said, Projection<T> &p) {
    p.weights = static_cast<T>(said.weights.a) * network_.projections[said.weights.other].weights;
    const auto pairs = listed_in(said, p.weights.n_rows, p.weights.n_cols, read_.pairs);
    finish(said, wiring_of(said, p.weights.n_rows, p.weights.n_cols, model_.seed, &pairs), p);
  }

  // Of weights that are the projection's own: what they share and how they are held.
  void finish(const model::Projection &said, const Wiring &wiring, Projection<T> &p) {
    const bool watched = told_ && may_begin_otherwise(said);
    const numeric::Matrix<T> written = watched ? p.weights : numeric::Matrix<T>();
    p.one_to_one = said.connect.type == "one_to_one";
    p.sharing = sharing_of(wiring);
    set_constraints(p, wiring);
    constrain(p);
    if (watched) tell(said, told_of_initial(said, wiring, written, p.weights));
  }

  void add_bias(std::size_t r) {
    const auto &said = model_.regions[r];
    const bool zero = said.bias.kind == model::Quantity::Kind::constant && said.bias.a == 0;
    if (zero && said.bias_rules.empty()) return;
    Projection<T> p;
    p.name = said.name + ".bias";
    p.target = r;
    p.weights = values_of<T>(said.bias, said.size, model_.seed, numeric::name_key(p.name));
    p.rules = rule_indices(said.bias_rules);
    network_.projections.push_back(std::move(p));
  }

  const model::Model &model_;
  const Readers read_;
  std::vector<input::Problem> *told_;
  Network<T> network_;
};

} // namespace

template <class T> Network<T> build(const model::Model &model, const Readers &read) {
  return Builder<T>(model, read, nullptr).all();
}

template <class T> Network<T> build(const model::Model &model, const Readers &read, std::vector<input::Problem> &told) {
  return Builder<T>(model, read, &told).all();
}

template Network<float> build(const model::Model &, const Readers &);
template Network<double> build(const model::Model &, const Readers &);
template Network<float> build(const model::Model &, const Readers &, std::vector<input::Problem> &);
template Network<double> build(const model::Model &, const Readers &, std::vector<input::Problem> &);
template numeric::Vector<float> values_of(const model::Quantity &, std::size_t, std::uint64_t, std::uint32_t);
template numeric::Vector<double> values_of(const model::Quantity &, std::size_t, std::uint64_t, std::uint32_t);
template void constrain(Projection<float> &);
template void constrain(Projection<double> &);
template void share(const Projection<float> &, numeric::Matrix<float> &);
template void share(const Projection<double> &, numeric::Matrix<double> &);
template void refresh_signs(Network<float> &);
template void refresh_signs(Network<double> &);

} // namespace engram::network
