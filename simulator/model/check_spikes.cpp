// check_spikes() checks the parts that only spiking regions and synapses that carry spikes may have, and those that
// these must not have.
#include "model/reader.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::model {
namespace {

void check_spiking_parts(const Region &region, const Vocabulary &vocabulary, input::Problems &problems) {
  const auto &dynamics = dynamics_of(region, vocabulary);
  const std::string kind = "'" + region.name + "' is '" + dynamics.name + "'";
  if (!region.receptors.empty() && !dynamics.receptors)
    problems.add(region.pointer + "/receptors", kind + ", which takes no spikes");
  for (const auto &receptor : region.receptors) {
    const std::string at = input::below(region.pointer + "/receptors", receptor.name);
    for (const auto &[name, quantity] : receptor.kinetics.parameters)
      if (quantity.kind == Quantity::Kind::values && quantity.values.size() != region.size)
        problems.add(at + "/" + name, fmt::format("{} numbers for the {} neurons of '{}'", quantity.values.size(),
                                                  region.size, region.name));
    if (std::find(dynamics.compartments.begin(), dynamics.compartments.end(), receptor.name) !=
        dynamics.compartments.end())
      problems.add(at, "'" + receptor.name + "' is the name of a compartment");
    if (!receptor.is_conductance()) continue;
    const auto below_zero = [](const Quantity &q) {
      return q.kind == Quantity::Kind::values
                 ? std::any_of(q.values.begin(), q.values.end(), [](double x) { return x < 0; })
                 : q.kind != Quantity::Kind::normal && q.a < 0;
    };
    for (const char *name : {"background_weight", "initial"})
      if (below_zero(receptor.kinetics.at(name)))
        problems.add(at + "/" + name, "a conductance is not negative; its reversal potential says which way it pulls");
  }
  if (region.spikes && !dynamics.given_spikes)
    problems.add(region.pointer + "/spikes", kind + ", whose spikes are its own; " +
                                                 those_that(&Dynamics::given_spikes, vocabulary.dynamics) +
                                                 " is given them");
  if (!region.spikes && dynamics.given_spikes)
    problems.add(region.pointer, kind + ", and needs \"spikes\": when its neurons spike");
  if (region.spikes && region.spikes->file.empty() && region.spikes->times.size() != region.size)
    problems.add(region.pointer + "/spikes", fmt::format("spikes of {} neurons, and '{}' has {}",
                                                         region.spikes->times.size(), region.name, region.size));
}

void check_rate_synapses(const Projection &p, const Vocabulary &vocabulary, input::Problems &problems) {
  const auto varies = [](const Quantity &q) { return q.kind != Quantity::Kind::constant; };
  const std::string delay = p.pointer + "/delay";
  if (varies(p.axonal) || varies(p.dendritic) || p.dendritic.a != 0)
    problems.add(delay, "synapses onto a compartment have one delay; those onto a receptor, which carry spikes, may "
                        "have more");
  if (!is_none(p.short_term, vocabulary.short_term))
    problems.add(p.pointer + "/short_term", "only synapses onto a receptor, which carry spikes, have it");
}

// Spikes are kept for as long as they travel.
void check_lag(const Quantity &lag, double step, const std::string &pointer, input::Problems &problems) {
  constexpr double most_steps = 1e6;
  const double longest = lag.kind == Quantity::Kind::uniform  ? lag.b
                         : lag.kind == Quantity::Kind::normal ? lag.a + 6 * lag.b
                                                              : lag.a;
  if (!(longest / step <= most_steps))
    problems.add(pointer, fmt::format("{:g} ms is more than 10^6 steps of {:g} ms", longest, step));
}

void check_spiking_synapses(const Projection &p, const Model &model, input::Problems &problems) {
  using Kind = Weights::Kind;
  const Region &source = model.regions[p.from.region], &target = model.regions[p.to.region];
  const std::string to = "'" + target.name + "." + p.to.port + "'";
  if (p.from.port != "spike")
    problems.add(p.pointer + "/from", fmt::format("{} is a receptor and takes spikes, and this is '{}' of '{}'", to,
                                                  p.from.port, source.name));
  check_lag(p.axonal, model.time.step, p.pointer + "/delay", problems);
  check_lag(p.dendritic, model.time.step, p.pointer + "/delay", problems);
  const Kind kind = p.weights.kind;
  if (kind == Kind::transpose_of || kind == Kind::sign_of || kind == Kind::copy_of)
    problems.add(p.pointer + "/weights",
                 "weights onto a receptor are their own, and follow from no other projection's");
  if (p.constraints.norm) problems.add(p.pointer + "/constraints/norm", "not offered for synapses onto a receptor");
  const auto receptor = std::find_if(target.receptors.begin(), target.receptors.end(),
                                     [&](const Receptor &r) { return r.name == p.to.port; });
  const bool negative = (kind == Kind::constant && p.weights.a < 0) || (kind == Kind::uniform && p.weights.a < 0);
  if (receptor->is_conductance() && negative && p.constraints.sign != Constraints::Sign::excitatory)
    problems.add(p.pointer + "/weights", to + " is a conductance, which is not negative; its reversal potential says "
                                              "which way it pulls");
}

} // namespace

void check_spikes(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  for (const auto &region : model.regions) check_spiking_parts(region, vocabulary, problems);
  for (const auto &projection : model.projections) {
    if (projection.from.region == unresolved || projection.to.region == unresolved) continue;
    if (carries_spikes(projection, model))
      check_spiking_synapses(projection, model, problems);
    else
      check_rate_synapses(projection, vocabulary, problems);
  }
}

} // namespace engram::model
