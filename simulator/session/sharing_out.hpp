// A circuit is shared out among ranks: each has the synapses onto its own spiking neurons. Here is which circuits can
// be, and how what the ranks have learned comes together.
#pragma once

#include "learning/kept.hpp"
#include "network/network.hpp"
#include "ranks/ranks.hpp"
#include "session/open_model.hpp"
#include "simulation/batch.hpp"

#include <vector>

namespace engram::session {

inline network::Split split_of(const ranks::Ranks *ranks) {
  return ranks ? network::Split{static_cast<std::size_t>(ranks->rank()), static_cast<std::size_t>(ranks->size())}
               : network::Split{};
}

/// The observer of ranks without a run file: what is recorded of their neurons goes to rank 0 as they observe.
template <class T> struct BringsSignals final : simulation::Observer<T> {
  void step(std::size_t, const network::Signals<T> &) override {}
};

/// Errors: input::InputError, with all that ranks cannot share out.
void require_shareable(const LoadedModel &loaded);

/// On rank 0 the network with all synapses that learn, in the order in which one process has them; on others as it is.
/// The others' synapses are not taken in. All ranks make these calls.
template <class T> network::Network<T> gather_network(ranks::Ranks &ranks, const network::Network<T> &own);
/// The same of what learning keeps. `own`: the network of these states.
template <class T>
std::vector<learning::Saved> gather_state(ranks::Ranks &ranks, const model::Model &model,
                                          const network::Network<T> &own, std::vector<learning::Saved> state);

} // namespace engram::session
