// A Pattern is one entry of "connect": its words, its checks and the wiring that it makes.
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

/// One pattern. patterns/NAME.cpp defines `Pattern NAME_pattern()`, and CMake makes the list of these files.
struct Pattern {
  model::Named words; ///< name, help, parameters; what a model file may get wrong, and how many synapses there are
  int place = 1000;   ///< lists show entries by place, and those of one place by name
  /// `read` is called for a pattern that is wired by a file. Errors: input::InputError where that does not fit.
  std::unique_ptr<const Wiring> (*wire)(const WiringRequest &request, const ReadPairs &read) = nullptr;
};

/// Those that engram comes with.
const std::vector<Pattern> &pattern_entries();

/// As Pattern::wire, for most patterns: those that a wiring of this kind follows from without a file.
template <class Kind> std::unique_ptr<const Wiring> make_wiring(const WiringRequest &request, const ReadPairs &) {
  return std::make_unique<const Kind>(request);
}

/// The wiring of a projection between regions of `posts` and `pres` neurons, of which those onto `own` are asked for,
/// by the pattern of the list that its "connect" names. Errors: those of Pattern::wire; Broken for a name that is not
/// in the list.
std::unique_ptr<const Wiring> wire(const model::Projection &projection, std::size_t posts, std::size_t pres,
                                   std::uint64_t seed, const ReadPairs &read, const std::vector<Pattern> &patterns,
                                   Range own = {});

/// The words of all patterns.
void add_pattern_words(model::Vocabulary &vocabulary);

} // namespace engram::network
