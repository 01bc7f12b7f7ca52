#include "network/patterns.hpp"

#include "numeric/random.hpp"

#include <algorithm>
#include <stdexcept>

namespace engram::network {

const std::vector<Pattern> &patterns::all() {
  static const std::vector<Pattern> list{
      dense(),          one_to_one(), no_autapses(), hierarchical(), topographic(), fixed_probability(),
      fixed_indegree(), gaussian(),   convolution(), pairs()};
  return list;
}

std::unique_ptr<const Wiring> wire(const model::Projection &projection, std::size_t posts, std::size_t pres,
                                   std::uint64_t seed, const ReadPairs &read, const std::vector<Pattern> &patterns) {
  const auto found = std::find_if(patterns.begin(), patterns.end(),
                                  [&](const Pattern &one) { return one.words.name == projection.connect.type; });
  if (found == patterns.end())
    throw std::logic_error("no pattern is made for the type '" + projection.connect.type + "' of \"connect\"");
  return found->wire({projection.connect, posts, pres, projection.from.region == projection.to.region, seed,
                      numeric::name_key(projection.name)},
                     read);
}

void add_pattern_words(model::Vocabulary &vocabulary) {
  for (const auto &pattern : patterns::all()) vocabulary.patterns.push_back(pattern.words);
}

} // namespace engram::network
