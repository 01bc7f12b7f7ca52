#include "cli/load_circuit.hpp"

#include "cli/output.hpp"
#include "data/read.hpp"
#include "data/spike_times.hpp"

#include <algorithm>
#include <thread>

namespace engram::cli {

namespace {

std::vector<double> values_of(const data::Array &array) {
  std::vector<double> values(array.size());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = array.at(k);
  return values;
}

network::Pairs read_pairs(const model::Typed &connect) {
  const auto array = data::read_array(connect.file, "");
  return {connect.file, array.shape.size() == 2 ? array.shape[1] : 1, values_of(array)};
}

std::vector<std::vector<double>> read_spikes(const model::SpikeTimes &said) {
  std::vector<std::string> outside;
  auto times = data::read_spike_times(said.file, said.key, outside);
  if (!outside.empty()) say("engram: " + said.file + ": takes values also from " + data::printable_list(outside));
  return times;
}

} // namespace

network::Readers readers() {
  return {[](const model::Weights &said, std::size_t, std::size_t) {
            return values_of(data::read_array(said.file, said.key));
          },
          read_spikes, read_pairs};
}

protocol::Trials load_trials(const Context &context, const model::Model &model) {
  return protocol::load_trials(model, {context.share + "/models/data", {context.share + "/../shared/data"}});
}

int threads_or_all(int asked) {
  return asked > 0 ? asked : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

} // namespace engram::cli
