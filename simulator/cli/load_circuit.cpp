#include "cli/load_circuit.hpp"

#include "data/read.hpp"
#include "data/spike_times.hpp"

#include <algorithm>
#include <thread>

namespace engram::cli {

std::vector<double> read_weights(const model::Weights &said, std::size_t, std::size_t) {
  const auto array = data::read_array(said.file, said.key);
  std::vector<double> values(array.size());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = array.at(k);
  return values;
}

std::vector<std::vector<double>> read_spikes(const model::SpikeTimes &said) {
  return data::read_spike_times(said.file, said.key);
}

protocol::Trials load_trials(const Context &context, const model::Model &model) {
  return protocol::load_trials(model, {context.share + "/models/data", {context.share + "/../shared/data"}});
}

int threads_or_all(int asked) {
  return asked > 0 ? asked : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

} // namespace engram::cli
