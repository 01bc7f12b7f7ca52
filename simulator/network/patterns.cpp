#include "network/patterns.hpp"

namespace engram::network {

void describe(model::Vocabulary &vocabulary) {
  vocabulary.patterns = {
      {"dense", "every neuron of the source projects to every neuron of the target", "", {}},
      {"one_to_one", "neuron i projects to neuron i; both regions have the same size", "", {}},
      {"no_autapses", "every neuron projects to every other of its region", "", {}},
      {"hierarchical", "neuron j projects to the neurons of its region that come after it", "", {}},
  };
}

} // namespace engram::network
