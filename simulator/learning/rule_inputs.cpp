#include "learning/rule_inputs.hpp"

namespace engram::learning {

std::size_t signal_of(const engram_signal &signal) {
  const auto found = network::signal_named(signal.name);
  if (!found) throw RuleFailure(std::string("a rule reads an unknown signal '") + signal.name + "'");
  return static_cast<std::size_t>(*found);
}

std::vector<double> parameters_of(const engram_rule &rule, const model::Rule &model_rule) {
  std::vector<double> out;
  for (std::size_t n = 0; n < rule.parameter_count; ++n) {
    const auto given = model_rule.parameters.find(rule.parameters[n].name);
    out.push_back(given == model_rule.parameters.end() ? rule.parameters[n].initial : given->second);
  }
  return out;
}

template <class T>
std::vector<dynamics::SignalSet> signals_read(const model::Model &model, const network::Network<T> &network,
                                              const std::vector<const engram_rule *> &rules) {
  std::vector<dynamics::SignalSet> read(network.regions.size());
  for (const auto &rule : model.rules)
    for (const auto &modulator : rule.modulators)
      if (modulator.given.empty())
        read[modulator.from.region].set(static_cast<std::size_t>(*network::signal_named(modulator.from.port)));
  network::each_projection(network, [&](const network::Projection &p) {
    for (const std::size_t attached : p.rules) {
      const auto &rule = *rules.at(attached);
      for (std::size_t k = 0; k < rule.signal_count; ++k) {
        const auto &signal = rule.signals[k];
        if (signal.place == ENGRAM_POST) read[p.target].set(signal_of(signal));
        if (signal.place == ENGRAM_PRE && !p.is_bias()) read[p.source].set(signal_of(signal));
      }
    }
  });
  return read;
}

template <class T>
void broadcast(const model::Model &model, const network::Signals<T> &signals, Modulators<T> &modulators) {
  modulators.regions.resize(model.rules.size());
  for (std::size_t k = 0; k < model.rules.size(); ++k) {
    const auto &given_modulators = model.rules[k].modulators;
    modulators.regions[k].resize(given_modulators.size());
    for (std::size_t m = 0; m < given_modulators.size(); ++m) {
      if (!given_modulators[m].given.empty()) continue;
      const auto &of = signals[given_modulators[m].from.region][*network::signal_named(given_modulators[m].from.port)];
      auto &mean = modulators.regions[k][m];
      mean.set_size(1, of.n_cols); // of the same size from step to step: nothing is allocated
      for (std::size_t b = 0; b < of.n_cols; ++b) {
        T sum = 0;
        for (std::size_t i = 0; i < of.n_rows; ++i) sum += of(i, b);
        mean[b] = sum / static_cast<T>(of.n_rows);
      }
    }
  }
}

template std::vector<dynamics::SignalSet> signals_read(const model::Model &, const network::Network<float> &,
                                                       const std::vector<const engram_rule *> &);
template std::vector<dynamics::SignalSet> signals_read(const model::Model &, const network::Network<double> &,
                                                       const std::vector<const engram_rule *> &);
template void broadcast(const model::Model &, const network::Signals<float> &, Modulators<float> &);
template void broadcast(const model::Model &, const network::Signals<double> &, Modulators<double> &);

} // namespace engram::learning
