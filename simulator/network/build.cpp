#include "network/draw.hpp"
#include "network/network.hpp"
#include "network/patterns.hpp"
#include "network/random.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <thread>

namespace engram::network {

template <class T>
Vector<T> values_of(const model::Quantity &quantity, std::size_t neurons, std::uint64_t seed, std::uint32_t what) {
  const Random random{seed, Purpose::parameters, what};
  Vector<T> out(neurons);
  for (std::size_t i = 0; i < neurons; ++i) out[i] = static_cast<T>(drawn(quantity, random, i));
  return out;
}

namespace {

template <class T>
Matrix<T> initial_weights(const model::Projection &said, std::size_t posts, std::size_t pres, std::uint64_t seed,
                          bool same_region, const ReadWeights &read) {
  using Kind = model::Weights::Kind;
  const Random random{seed, Purpose::weights, name_key(said.name)};
  Matrix<T> w(posts, pres, arma::fill::zeros);
  const auto &how = said.weights;
  if (how.kind == Kind::values || how.kind == Kind::file) {
    const auto rows = how.kind == Kind::file ? read(how, posts, pres) : how.values;
    if (rows.size() != posts * pres)
      throw std::runtime_error("weights of '" + said.name + "' have " + std::to_string(rows.size()) + " values, not " +
                               std::to_string(posts) + " × " + std::to_string(pres));
    for (std::size_t i = 0; i < posts; ++i)
      for (std::size_t j = 0; j < pres; ++j) w(i, j) = static_cast<T>(rows[i * pres + j]);
    return w;
  }
  const double synapses = fan_in(said.connect, posts, pres);
  const auto draw = [&](std::size_t index) { return drawn(how, synapses, random, index); };
  if (said.connect.type == "one_to_one") {
    for (std::size_t i = 0; i < posts; ++i) w(i, i) = static_cast<T>(draw(i));
  } else {
    const auto there = joined(said.connect, posts, pres, same_region, seed, name_key(said.name));
    for (std::size_t k = 0; k < w.n_elem; ++k)
      if (there[k]) w[k] = static_cast<T>(draw(k));
  }
  return w;
}

template <class T> void set_constraints(Projection<T> &p, const model::Typed &connect, std::uint64_t seed) {
  using Sign = model::Constraints::Sign;
  if (p.constraints.mask || connect.type != "dense") {
    const auto there =
        joined(connect, p.weights.n_rows, p.weights.n_cols, p.source == p.target, seed, name_key(p.name));
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
  if (p.constraints.norm) p.norm = Vector<T>(p.weights.n_rows, arma::fill::value(static_cast<T>(*p.constraints.norm)));
}

std::optional<std::size_t> receptor_named(const model::Region &region, const std::string &name) {
  for (std::size_t k = 0; k < region.receptors.size(); ++k)
    if (region.receptors[k].name == name) return k;
  return std::nullopt;
}

template <class T>
Synapses<T> spiking_synapses(const model::Projection &said, const model::Model &model, const ReadWeights &read) {
  const std::size_t posts = model.regions[said.to.region].size, pres = model.regions[said.from.region].size;
  using Kind = model::Weights::Kind;
  const auto given = said.weights.kind == Kind::file     ? read(said.weights, posts, pres)
                     : said.weights.kind == Kind::values ? said.weights.values
                                                         : std::vector<double>{};
  return make_synapses<T>(said, posts, pres, said.from.region == said.to.region, given, model.seed, model.time.step,
                          static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
}

std::vector<std::vector<double>> sorted_spikes(const model::Region &said, const ReadSpikes &read) {
  auto times = said.spikes->file.empty() ? said.spikes->times : read(*said.spikes);
  if (times.size() > said.size)
    throw std::runtime_error("'" + said.name + "' has " + std::to_string(said.size) + " neurons, and spikes of " +
                             std::to_string(times.size()) + " are given");
  times.resize(said.size); // the last ones of a file may be silent
  for (auto &train : times) std::sort(train.begin(), train.end());
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
    const Vector<T> now = arma::sqrt(arma::sum(arma::square(p.weights), 1));
    for (std::size_t i = 0; i < p.weights.n_rows; ++i)
      if (now[i] > 0) p.weights.row(i) *= p.norm[i] / now[i];
  }
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

template <class T> Network<T> build(const model::Model &model, const ReadWeights &read, const ReadSpikes &spikes) {
  Network<T> network;
  for (const auto &said : model.regions) {
    network.regions.push_back({said.name, said.size, {}});
    if (said.spikes) network.regions.back().spikes = sorted_spikes(said, spikes);
  }
  const auto rule_indices = [&](const std::vector<std::string> &names) {
    std::vector<std::size_t> out;
    for (const auto &name : names)
      for (std::size_t k = 0; k < model.rules.size(); ++k)
        if (model.rules[k].name == name) out.push_back(k);
    return out;
  };
  for (const auto &said : model.projections) {
    Projection<T> p;
    p.name = said.name;
    p.source = said.from.region;
    p.target = said.to.region;
    p.signal = signal_named(said.from.port).value();
    p.rules = rule_indices(said.rules);
    p.constraints = said.constraints;
    if (const auto receptor = receptor_named(model.regions[p.target], said.to.port)) {
      p.receptor = *receptor;
      p.synapses = spiking_synapses<T>(said, model, read);
      network.projections.push_back(std::move(p));
      continue;
    }
    p.compartment = compartment_named(said.to.port).value();
    p.delay = static_cast<std::size_t>(std::llround(said.delay / model.time.step));
    const std::size_t posts = network.regions[p.target].size, pres = network.regions[p.source].size;
    if (said.weights.kind == model::Weights::Kind::transpose_of) {
      p.transpose_of = said.weights.other;
      p.gain = static_cast<T>(said.weights.a);
    } else if (said.weights.kind != model::Weights::Kind::copy_of) {
      p.one_to_one = said.connect.type == "one_to_one";
      p.weights = initial_weights<T>(said, posts, pres, model.seed, p.source == p.target, read);
      if (said.weights.kind == model::Weights::Kind::sign_of) {
        p.sign_of = said.weights.other;
        p.magnitude = arma::abs(p.weights);
      }
      set_constraints(p, said.connect, model.seed);
      constrain(p);
    }
    network.projections.push_back(std::move(p));
  }
  for (std::size_t k = 0; k < model.projections.size(); ++k) { // copies, once all others have their weights
    const auto &said = model.projections[k];
    if (said.weights.kind != model::Weights::Kind::copy_of) continue;
    auto &p = network.projections[k];
    p.one_to_one = said.connect.type == "one_to_one";
    p.weights = static_cast<T>(said.weights.a) * network.projections[said.weights.other].weights;
    set_constraints(p, said.connect, model.seed);
    constrain(p);
  }
  for (std::size_t r = 0; r < model.regions.size(); ++r) {
    const auto &said = model.regions[r];
    const bool zero = said.bias.kind == model::Quantity::Kind::constant && said.bias.a == 0;
    if (zero && said.bias_rules.empty()) continue;
    Projection<T> p;
    p.name = said.name + ".bias";
    p.target = r;
    p.weights = values_of<T>(said.bias, said.size, model.seed, name_key(p.name));
    p.rules = rule_indices(said.bias_rules);
    network.projections.push_back(std::move(p));
  }
  refresh_signs(network);
  return network;
}

template Network<float> build(const model::Model &, const ReadWeights &, const ReadSpikes &);
template Network<double> build(const model::Model &, const ReadWeights &, const ReadSpikes &);
template Vector<float> values_of(const model::Quantity &, std::size_t, std::uint64_t, std::uint32_t);
template Vector<double> values_of(const model::Quantity &, std::size_t, std::uint64_t, std::uint32_t);
template void constrain(Projection<float> &);
template void constrain(Projection<double> &);
template void refresh_signs(Network<float> &);
template void refresh_signs(Network<double> &);

} // namespace engram::network
