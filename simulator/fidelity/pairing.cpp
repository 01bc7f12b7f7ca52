#include "fidelity/pairing.hpp"

#include <map>

namespace engram::fidelity {

namespace {

// What a dense projection has beside its two ends.
template <class T> std::string way_of(const network::DenseProjection<T> &p) {
  return (p.compartment == network::Compartment::apical ? ".apical" : "") +
         (p.delay > 0 ? "@" + std::to_string(p.delay) : "");
}
template <class T> std::string way_of(const network::SparseProjection<T> &) { return ""; }

template <class T, class Kind> std::string name_of(const network::Network<T> &network, const Kind &p) {
  const auto &target = network.regions[p.target].name;
  if (p.is_bias()) return target + ".bias";
  std::string name = network.regions[p.source].name;
  if (p.signal != network::Signal::rate)
    name += "." + std::string(network::signal_names[static_cast<std::size_t>(p.signal)]);
  return name + "->" + target + way_of(p);
}

// Projections by what they connect; one that is there twice gets a number. `all`: those too that do not learn, if their
// weights are their own.
struct Named {
  std::vector<std::string> order;
  std::map<std::string, std::size_t> index;
};

template <class T> Named named(const network::Network<T> &network, bool all) {
  Named out;
  network::each_projection(network, [&](const auto &p) {
    const auto base = name_of(network, p);
    auto name = base;
    for (int n = 2; out.index.contains(name); ++n) name = base + "#" + std::to_string(n);
    if (all ? !p.has_weights() : p.rules.empty()) return;
    out.index[name] = p.index;
    out.order.push_back(name);
  });
  return out;
}

template <class T>
bool same_size(const network::Network<T> &mine, std::size_t my_index, const network::Network<T> &theirs,
               std::size_t their_index) {
  const auto *a = mine.dense_at(my_index), *b = theirs.dense_at(their_index);
  if (a && b) return arma::size(a->weights) == arma::size(b->weights);
  if (a || b) return false;
  const auto &one = *mine.sparse_at(my_index)->synapses.connectivity,
             &other = *theirs.sparse_at(their_index)->synapses.connectivity;
  return one.offset == other.offset && one.target == other.target;
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
    else if (same_size(subject, found->second, reference, k))
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
    if (same_size(subject, found->second, reference, k)) pairs.push_back({name, found->second, k});
  }
  return pairs;
}

template <class T>
void copy_weights(const std::vector<Pair> &pairs, Direction direction, const network::Network<T> &from,
                  network::Network<T> &to) {
  for (const auto &pair : pairs) {
    const bool to_subject = direction == Direction::to_subject;
    const std::size_t into = to_subject ? pair.subject : pair.reference;
    const std::size_t out_of = to_subject ? pair.reference : pair.subject;
    if (auto *p = to.dense_at(into)) {
      p->weights = from.dense_at(out_of)->weights;
      continue;
    }
    auto &synapses = to.sparse_at(into)->synapses;
    const auto &others = from.sparse_at(out_of)->synapses;
    synapses.weights = std::make_shared<std::vector<T>>(*others.weights);
    synapses.same = others.same;
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

} // namespace engram::fidelity
