// check_step_order() refuses circles within a step. A signal may need a current of the same step, and that current
// needs signals.
#include "model/reader.hpp"

#include <algorithm>
#include <map>

namespace engram::model {
namespace {

struct Edge {
  std::size_t needs;
  std::string by; // what makes the one need the other
};

} // namespace

void check_step_order(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  // Nodes are currents: a region's soma is 2k, its apical compartment 2k + 1. Other compartments feed no signal.
  std::vector<std::vector<Edge>> edges(2 * model.regions.size());
  const auto add = [&](std::size_t node, std::size_t region, const std::string &name, const std::string &by) {
    for (const auto &signal : dynamics_of(model.regions[region], vocabulary).signals) {
      if (signal.name != name) continue;
      if (signal.needs_soma) edges[node].push_back({2 * region, by});
      if (signal.needs_apical) edges[node].push_back({2 * region + 1, by});
    }
  };
  for (const auto &projection : model.projections) {
    if (projection.from.region == unresolved || projection.to.region == unresolved || projection.delay > 0) continue;
    if (projection.to.port != "soma" && projection.to.port != "apical") continue;
    const std::string by = model.regions[projection.from.region].name + "." + projection.from.port + " -> " +
                           model.regions[projection.to.region].name + "." + projection.to.port;
    add(2 * projection.to.region + (projection.to.port == "apical"), projection.from.region, projection.from.port, by);
  }
  for (const Objective *term : terms_of(model)) {
    using Way = Objective::Delivery;
    const bool apical = term->delivery == Way::vector || term->delivery == Way::attention;
    if (term->region == unresolved || (!apical && term->delivery != Way::nudge)) continue;
    const std::string &to = model.regions[term->region].name;
    const auto read = [&](std::size_t region, const std::string &signal) {
      add(2 * term->region + apical, region, signal,
          model.regions[region].name + "." + signal + " -> (objective) -> " + to + (apical ? ".apical" : ".soma"));
    };
    if (term->delay == 0) read(term->region, term->signal);
    if (term->target.kind == Target::Kind::signal && term->target.from.region != unresolved)
      read(term->target.from.region, term->target.from.port);
  }

  // Take away currents that need nothing (more); what is left runs in circles or hangs on one.
  std::vector<std::size_t> open(edges.size());
  std::vector<std::vector<std::size_t>> needed_by(edges.size());
  std::vector<std::size_t> ready;
  for (std::size_t node = 0; node < edges.size(); ++node) {
    open[node] = edges[node].size();
    if (open[node] == 0) ready.push_back(node);
    for (const auto &edge : edges[node]) needed_by[edge.needs].push_back(node);
  }
  while (!ready.empty()) {
    const std::size_t node = ready.back();
    ready.pop_back();
    for (const std::size_t other : needed_by[node])
      if (--open[other] == 0) ready.push_back(other);
  }
  const auto left = std::find_if(open.begin(), open.end(), [](std::size_t count) { return count > 0; });
  if (left == open.end()) return;
  // Each node that is left needs another that is left: walk until one comes again.
  std::map<std::size_t, std::size_t> seen;
  std::vector<std::string> path;
  auto node = static_cast<std::size_t>(left - open.begin());
  while (seen.emplace(node, path.size()).second) {
    const auto edge =
        std::find_if(edges[node].begin(), edges[node].end(), [&](const Edge &e) { return open[e.needs] > 0; });
    path.push_back(edge->by);
    node = edge->needs;
  }
  std::string circle;
  for (std::size_t k = path.size(); k > seen.at(node); --k) circle += (circle.empty() ? "" : ", ") + path[k - 1];
  problems.add("/architecture/projections",
               "signals need each other within one step: " + circle + "; give one of these projections a delay");
}

} // namespace engram::model
