#include "network/patterns.hpp"

#include "input/entries.hpp"
#include "numeric/random.hpp"

namespace engram::network {

std::unique_ptr<const Wiring> wire(const model::Projection &projection, std::size_t posts, std::size_t pres,
                                   std::uint64_t seed, const ReadPairs &read, const std::vector<Pattern> &patterns,
                                   Range own) {
  const auto &pattern = input::entry_named(projection.connect.type, patterns, "pattern");
  return pattern.wire({projection.connect, posts, pres, projection.from.region == projection.to.region, seed,
                       numeric::name_key(projection.name), own},
                      read);
}

void add_pattern_words(model::Vocabulary &vocabulary) {
  for (const auto &pattern : pattern_entries()) vocabulary.patterns.push_back(pattern.words);
}

} // namespace engram::network
