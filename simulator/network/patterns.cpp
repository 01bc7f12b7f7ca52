#include "network/patterns.hpp"

#include <algorithm>
#include <cmath>

namespace engram::network {

void describe(model::Vocabulary &vocabulary) {
  model::Parameter radius;
  radius.name = "radius";
  radius.initial = 0.1;
  radius.minimum = 0;
  radius.maximum = 2;
  radius.help = "greatest distance, as a share of the sheet's width";
  vocabulary.patterns = {
      {"dense", "every neuron of the source projects to every neuron of the target", "", {}},
      {"one_to_one", "neuron i projects to neuron i; both regions have the same size", "", {}},
      {"no_autapses", "every neuron projects to every other of its region", "", {}},
      {"hierarchical", "neuron j projects to the neurons of its region that come after it", "", {}},
      {"topographic",
       "each region is a square sheet, row by row; neurons within `radius` of the same place are joined",
       "",
       {radius}},
  };
}

Place place_on_sheet(std::size_t k, std::size_t neurons) {
  const auto columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(neurons))));
  const std::size_t rows = (neurons + columns - 1) / columns;
  return {(static_cast<double>(k % columns) + 0.5) / static_cast<double>(columns),
          (static_cast<double>(k / columns) + 0.5) / static_cast<double>(rows)};
}

bool connected(const model::Typed &connect, std::size_t post, std::size_t posts, std::size_t pre, std::size_t pres) {
  if (connect.type == "one_to_one") return post == pre;
  if (connect.type == "no_autapses") return post != pre;
  if (connect.type == "hierarchical") return pre < post;
  if (connect.type == "topographic") {
    const Place a = place_on_sheet(post, posts), b = place_on_sheet(pre, pres);
    return std::hypot(a.x - b.x, a.y - b.y) <= connect.number("radius") * (1 + 1e-12);
  }
  return true;
}

double fan_in(const model::Typed &connect, std::size_t posts, std::size_t pres) {
  if (connect.type == "one_to_one") return 1;
  if (connect.type == "dense") return static_cast<double>(pres);
  if (connect.type != "topographic") return static_cast<double>(std::max<std::size_t>(pres, 2) - 1);
  std::size_t synapses = 0;
  for (std::size_t j = 0; j < pres; ++j)
    for (std::size_t i = 0; i < posts; ++i) synapses += connected(connect, i, posts, j, pres);
  return std::max(1.0, static_cast<double>(synapses) / static_cast<double>(posts));
}

} // namespace engram::network
