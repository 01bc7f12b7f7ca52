#include "session/run_output.hpp"

#include "model/title.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace engram::session {

namespace {

std::string now_with_zone() {
  const std::time_t now = std::time(nullptr);
  std::string text = fmt::format("{:%Y-%m-%dT%H:%M:%S%z}", fmt::localtime(now)); // …+0100
  return text.insert(text.size() - 2, ":");
}

// Those that do not learn follow from the model and its seed.
template <class T> void write_synapses(record::RunFile &file, const network::SparseProjection<T> &p) {
  if (!p.synapses.plastic) return;
  const auto &connectivity = *p.synapses.connectivity;
  arma::mat rows(connectivity.size(), 3);
  for (std::size_t j = 0; j < connectivity.pres; ++j)
    for (std::size_t k = connectivity.first(j, 0); k < connectivity.last(j, connectivity.lags.size() - 1); ++k) {
      rows(k, 0) = connectivity.target[k];
      rows(k, 1) = static_cast<double>(j);
      rows(k, 2) = static_cast<double>(p.synapses.weight(k));
    }
  file.write_synapses(p.name, rows);
}

} // namespace

record::RunInfo run_info(const model::Model &model, const std::vector<std::string> &label_names,
                         const task::TaskEntries &entries) {
  record::RunInfo info{model::title_of(model), model.expanded,
                       model.description,      model.seed,
                       ENGRAM_VERSION,         model.single ? "single" : "double",
                       now_with_zone(),        label_names,
                       model.time.step,        model.session};
  if (!model.further_terms.empty())
    for (const auto *term : model::terms_of(model)) info.terms.push_back(term->name);
  info.rewards = model.task.environment.given();
  if (info.rewards) info.columns = task::environment_named(model.task.environment.kind.type, entries).words.columns;
  return info;
}

record::CurvePoint as_recorded(const simulation::Epoch &e) {
  return {e.epoch,   e.train_loss,  e.train_accuracy, e.held_out_loss, e.held_out_accuracy,
          e.seconds, e.train_terms, e.held_out_terms, e.train_reward,  e.held_out_reward};
}

simulation::Epoch as_epoch(const record::CurvePoint &point) {
  simulation::Epoch out;
  out.epoch = point.epoch;
  out.train_loss = point.train_loss;
  out.train_accuracy = point.train_accuracy;
  out.held_out_loss = point.held_out_loss;
  out.held_out_accuracy = point.held_out_accuracy;
  out.seconds = point.seconds;
  out.train_reward = point.train_reward;
  out.held_out_reward = point.held_out_reward;
  out.train_terms = point.train_terms;
  out.held_out_terms = point.held_out_terms;
  return out;
}

template <class T> void write_weights(record::RunFile &file, const network::Network<T> &network) {
  network::each_projection(
      network,
      [&](const network::DenseProjection<T> &p) {
        if (p.has_weights())
          file.write_weights(p.name, p.weights,
                             "weights of projection " + p.name + " (postsynaptic x presynaptic neuron)");
      },
      [&](const network::SparseProjection<T> &p) { write_synapses(file, p); });
}

template void write_weights(record::RunFile &, const network::Network<float> &);
template void write_weights(record::RunFile &, const network::Network<double> &);

} // namespace engram::session
