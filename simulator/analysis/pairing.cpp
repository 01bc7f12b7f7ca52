#include "analysis/pairing.hpp"

#include <map>

namespace engram::analysis {

namespace {

template <class T> std::string name_of(const network::Network<T> &network, const network::Projection<T> &p) {
  const auto &target = network.regions[p.target].name;
  if (p.is_bias()) return target + ".bias";
  std::string name = network.regions[p.source].name;
  if (p.signal != network::Signal::rate)
    name += "." + std::string(network::signal_names[static_cast<std::size_t>(p.signal)]);
  name += "->" + target;
  if (p.compartment == network::Compartment::apical) name += ".apical";
  if (p.delay > 0) name += "@" + std::to_string(p.delay);
  return name;
}

// Projections by what they connect; one that is there twice gets a number. `all`: those too that do not learn, if their
// weights are their own.
struct Named {
  std::vector<std::string> order;
  std::map<std::string, std::size_t> index;
};

template <class T> Named named(const network::Network<T> &network, bool all) {
  Named out;
  for (std::size_t k = 0; k < network.projections.size(); ++k) {
    const auto &p = network.projections[k];
    const auto base = name_of(network, p);
    auto name = base;
    for (int n = 2; out.index.contains(name); ++n) name = base + "#" + std::to_string(n);
    if (all ? p.transpose_of != network::none : p.rules.empty()) continue;
    out.index[name] = k;
    out.order.push_back(name);
  }
  return out;
}

template <class T> bool same_size(const network::Projection<T> &a, const network::Projection<T> &b) {
  if (a.carries_spikes() != b.carries_spikes()) return false;
  if (a.carries_spikes())
    return a.synapses.joined->offset == b.synapses.joined->offset &&
           a.synapses.joined->target == b.synapses.joined->target;
  return a.weights.n_rows == b.weights.n_rows && a.weights.n_cols == b.weights.n_cols;
}

} // namespace

template <class T>
std::vector<Pair> pair_projections(const network::Network<T> &subject, const network::Network<T> &reference,
                                   std::vector<std::string> *notes) {
  const auto mine = named(subject, false), theirs = named(reference, false);
  const auto tell = [&](const std::string &what) {
    if (notes) notes->push_back(what);
  };
  std::vector<Pair> pairs;
  for (const auto &name : theirs.order) {
    const std::size_t k = theirs.index.at(name);
    const auto found = mine.index.find(name);
    if (found == mine.index.end())
      tell(name + " does not learn here");
    else if (same_size(subject.projections[found->second], reference.projections[k]))
      pairs.push_back({name, found->second, k});
    else
      tell(name + " is of another size than the reference's");
  }
  for (const auto &name : mine.order)
    if (!theirs.index.contains(name)) tell(name + " learns, but the reference has no such projection");
  return pairs;
}

template <class T>
std::vector<Pair> shared_projections(const network::Network<T> &subject, const network::Network<T> &reference) {
  const auto mine = named(subject, true), theirs = named(reference, true);
  std::vector<Pair> pairs;
  for (const auto &name : theirs.order) {
    const auto found = mine.index.find(name);
    if (found == mine.index.end()) continue;
    const std::size_t k = theirs.index.at(name);
    if (same_size(subject.projections[found->second], reference.projections[k]))
      pairs.push_back({name, found->second, k});
  }
  return pairs;
}

template <class T>
void copy_weights(const std::vector<Pair> &pairs, Direction direction, const network::Network<T> &from,
                  network::Network<T> &to) {
  for (const auto &pair : pairs) {
    const bool to_subject = direction == Direction::to_subject;
    auto &into = to.projections[to_subject ? pair.subject : pair.reference];
    const auto &out_of = from.projections[to_subject ? pair.reference : pair.subject];
    into.weights = out_of.weights;
    if (!into.carries_spikes()) continue;
    into.synapses.weights = std::make_shared<std::vector<T>>(*out_of.synapses.weights);
    into.synapses.same = out_of.synapses.same;
  }
  network::refresh_signs(to);
}

template std::vector<Pair> pair_projections(const network::Network<float> &, const network::Network<float> &,
                                            std::vector<std::string> *);
template std::vector<Pair> shared_projections(const network::Network<float> &, const network::Network<float> &);
template void copy_weights(const std::vector<Pair> &, Direction, const network::Network<float> &,
                           network::Network<float> &);
template std::vector<Pair> pair_projections(const network::Network<double> &, const network::Network<double> &,
                                            std::vector<std::string> *);
template std::vector<Pair> shared_projections(const network::Network<double> &, const network::Network<double> &);
template void copy_weights(const std::vector<Pair> &, Direction, const network::Network<double> &,
                           network::Network<double> &);

} // namespace engram::analysis
