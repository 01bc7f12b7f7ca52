// check_memory() estimates the least memory that a run needs, and refuses a model that does not fit, before anything is
// allocated.
#include "model/available_memory.hpp"
#include "model/reader.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::model {
namespace {

double fewest_synapses(const Projection &projection, const Vocabulary &vocabulary, double pre, double post) {
  const Named &pattern = pattern_of(projection, vocabulary);
  return pattern.fewest_synapses ? pattern.fewest_synapses(projection.connect, post, pre) : std::min(pre, post);
}

} // namespace

void check_memory(const Model &model, const Vocabulary &vocabulary, std::uint64_t limit, input::Problems &problems) {
  const Memory there = limit ? Memory{static_cast<double>(limit), "allowed"} : available_memory();
  const double available = there.bytes;
  if (available <= 0) return;
  // Doubles: sizes up to 10^18 multiplied do not overflow them.
  const double scalar = model.single ? 4 : 8;
  double batch = static_cast<double>(model.task.batch);
  for (const auto &[name, array] : model.task.stimuli.arrays)
    if (!array.shape.empty()) batch = std::min(batch, static_cast<double>(array.shape[0]));
  double total = 0, largest = 0;
  std::string pointer;
  const auto add = [&](double bytes, const std::string &at) {
    total += bytes;
    if (bytes > largest) {
      largest = bytes;
      pointer = at;
    }
  };
  for (const auto &region : model.regions) {
    const auto &dynamics = dynamics_of(region, vocabulary);
    const auto arrays = static_cast<double>(std::max<std::size_t>(1, dynamics.compartments.size()));
    add(scalar * static_cast<double>(region.size) * batch * arrays, region.pointer + "/size");
  }
  for (const auto &projection : model.projections) {
    if (projection.from.region == unresolved || projection.to.region == unresolved) continue;
    const auto pre = static_cast<double>(model.regions[projection.from.region].size);
    const auto post = static_cast<double>(model.regions[projection.to.region].size);
    const double copies = projection.weights.kind == Weights::Kind::transpose_of ? 0 : projection.rules.empty() ? 1 : 2;
    if (carries_spikes(projection, model)) { // and its target, 4 bytes
      add((4 + scalar) * fewest_synapses(projection, vocabulary, pre, post), projection.pointer);
      continue;
    }
    add(scalar * (copies * pre * post + pre * batch * projection.delay / model.time.step), projection.pointer);
  }
  for (const Objective *term : terms_of(model)) // what the signal was until its target is known
    if (term->region != unresolved && term->delay > 0)
      add(scalar * static_cast<double>(model.regions[term->region].size) * batch * term->delay / model.time.step,
          term->pointer);
  if (total > available)
    problems.add(
        pointer,
        fmt::format("the model needs at least {:.3g} GB of memory ({:.3g} GB here), and {:.3g} GB are there ({})",
                    total / 1e9, largest / 1e9, available / 1e9, there.limit));
}

} // namespace engram::model
