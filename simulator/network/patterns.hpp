// A Pattern is one entry of "connect": its words, its checks and the wiring that it makes. One file of patterns/ holds
// one pattern, and patterns::all() lists them.
#pragma once

#include "model/vocabulary.hpp"
#include "network/wiring.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engram::network {

/// Reads the file that lists the synapses of a projection.
using ReadPairs = std::function<Pairs(const model::Typed &connect)>;

struct Pattern {
  model::Named words; ///< name, help, parameters; what a model file may get wrong, and how many synapses there are
  /// `read` is called for a pattern that is wired by a file. Errors: input::InputError where that does not fit.
  std::unique_ptr<const Wiring> (*wire)(const WiringRequest &request, const ReadPairs &read) = nullptr;
};

/// As Pattern::wire, for most patterns: those that a wiring of this kind follows from without a file.
template <class Kind> std::unique_ptr<const Wiring> make_wiring(const WiringRequest &request, const ReadPairs &) {
  return std::make_unique<const Kind>(request);
}

/// The wiring of a projection between regions of `posts` and `pres` neurons, by the pattern of the list that its
/// "connect" names. Errors: those of Pattern::wire; Broken for a name that is not in the list.
std::unique_ptr<const Wiring> wire(const model::Projection &projection, std::size_t posts, std::size_t pres,
                                   std::uint64_t seed, const ReadPairs &read, const std::vector<Pattern> &patterns);

/// The words of all patterns.
void add_pattern_words(model::Vocabulary &vocabulary);

namespace patterns {

/// All patterns, in the order in which they are shown.
const std::vector<Pattern> &all();

// The entries, each in a file of its own.
Pattern dense();
Pattern one_to_one();
Pattern no_autapses();
Pattern hierarchical();
Pattern topographic();
Pattern fixed_probability();
Pattern fixed_indegree();
Pattern gaussian();
Pattern convolution();
Pattern pairs();

} // namespace patterns

} // namespace engram::network
