// pairs: a file lists the synapses one by one.
#include "input/document.hpp"
#include "network/patterns.hpp"

#include <algorithm>

namespace engram::network {

namespace {

class ListedPairs final : public RowWiring {
public:
  ListedPairs(const WiringRequest &request, PairList synapses) : RowWiring(request), synapses_(std::move(synapses)) {}
  void append_targets(std::size_t pre, std::vector<std::uint32_t> &out) const override {
    const auto row = synapses_.target.begin();
    out.insert(out.end(), row + static_cast<std::ptrdiff_t>(synapses_.begin[pre]),
               row + static_cast<std::ptrdiff_t>(synapses_.begin[pre + 1]));
  }
  /// On average over neurons.
  double fan_in() const override {
    return std::max(1.0, static_cast<double>(synapses_.target.size()) / static_cast<double>(posts));
  }
  const PairList *pair_list() const override { return &synapses_; }

private:
  const PairList synapses_;
};

std::unique_ptr<const Wiring> wire_pairs(const WiringRequest &request, const ReadPairs &read) {
  return std::make_unique<const ListedPairs>(request,
                                             network::pair_list(read(request.connect), request.posts, request.pres));
}

void check_pairs(const model::Projection &projection, const model::Model &, input::Problems &problems) {
  if (projection.connect.file.empty())
    problems.add(projection.pointer + "/connect",
                 "pairs are read from a file: {\"type\": \"pairs\", \"file\": \"wiring.csv\"}");
}

} // namespace

Pattern pairs_pattern() {
  model::Parameter file;
  file.name = "file";
  file.help = "csv, npy or npz, from this file's folder";
  file.file = true;
  return {.words = {.name = "pairs",
                    .help = "those that a file lists: an array of two columns, presynaptic and postsynaptic neuron "
                            "(from 0), or three, with the weight",
                    .reference = "",
                    .parameters = {file},
                    .check = check_pairs,
                    .lists_synapses = true},
          .place = 100,
          .wire = wire_pairs};
}

} // namespace engram::network
