#include "cli/run_output.hpp"

#include "cli/output.hpp"
#include "record/is_run_file.hpp"
#include "record/output_path.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <filesystem>

namespace engram::cli {
namespace fs = std::filesystem;

namespace {

std::string now_with_zone() {
  const std::time_t now = std::time(nullptr);
  std::string text = fmt::format("{:%Y-%m-%dT%H:%M:%S%z}", fmt::localtime(now)); // …+0100
  return text.insert(text.size() - 2, ":");
}

// Those that do not learn follow from the model and its seed.
template <class T> void write_synapses(record::RunFile &file, const network::Projection<T> &p) {
  if (!p.synapses.plastic) return;
  const auto &joined = *p.synapses.joined;
  arma::mat rows(joined.size(), 3);
  for (std::size_t j = 0; j < joined.pres; ++j)
    for (std::size_t k = joined.first(j, 0); k < joined.last(j, joined.lags.size() - 1); ++k) {
      rows(k, 0) = joined.target[k];
      rows(k, 1) = static_cast<double>(j);
      rows(k, 2) = static_cast<double>(p.synapses.weight(k));
    }
  file.write_synapses(p.name, rows);
}

} // namespace

std::string run_file_path(const std::string &asked, const ModelOptions &model, const std::string &weights, bool force) {
  std::string path = asked.empty() ? fs::path(model.file).stem().string() + ".nwb" : asked;
  record::OutputRules rules{model::files_read(model.file, model.load), force, record::is_run_file};
  if (!weights.empty()) rules.inputs.push_back(weights);
  record::output_path(path, rules);
  return path;
}

record::RunInfo run_info(const model::Model &model, const std::vector<std::string> &label_names) {
  return {model.name,      model.expanded, "", model.seed, ENGRAM_VERSION, model.single ? "single" : "double",
          now_with_zone(), label_names};
}

record::CurvePoint as_recorded(const simulation::Epoch &e) {
  return {e.epoch, e.train_loss, e.train_accuracy, e.held_out_loss, e.held_out_accuracy, e.seconds};
}

template <class T> void write_weights(record::RunFile &file, const network::Network<T> &network) {
  for (const auto &p : network.projections)
    if (p.carries_spikes())
      write_synapses(file, p);
    else if (p.transpose_of == network::none)
      file.write_weights(p.name, p.weights, "weights of projection " + p.name + " (postsynaptic x presynaptic neuron)");
}

template <class T> void save_elsewhere(const model::Model &model, const network::Network<T> &network) {
  try {
    const auto path = fs::temp_directory_path() / (fs::path(model.file).stem().string() + ".nwb");
    record::RunFile file(path.string(), run_info(model));
    write_weights(file, network);
    file.finish(record::Ending::failed);
    say(fmt::format("engram: the weights at that moment are in {}", file.location()));
  } catch (const std::exception &) { // the first failure has been told
  }
}

template void write_weights(record::RunFile &, const network::Network<float> &);
template void write_weights(record::RunFile &, const network::Network<double> &);
template void save_elsewhere(const model::Model &, const network::Network<float> &);
template void save_elsewhere(const model::Model &, const network::Network<double> &);

} // namespace engram::cli
