#include "learning/sensed.hpp"

namespace engram::learning {

std::size_t signal_of(const engram_signal &said) {
  const auto found = network::signal_named(said.name);
  if (!found) throw RuleFailure(std::string("a rule reads an unknown signal '") + said.name + "'");
  return static_cast<std::size_t>(*found);
}

std::vector<double> parameters_of(const engram_rule &rule, const model::Rule &said) {
  std::vector<double> out;
  for (std::size_t n = 0; n < rule.parameter_count; ++n) {
    const auto given = said.parameters.find(rule.parameters[n].name);
    out.push_back(given == said.parameters.end() ? rule.parameters[n].initial : given->second);
  }
  return out;
}

template <class T>
std::vector<std::bitset<network::signal_count>> signals_read(const model::Model &model,
                                                             const network::Network<T> &network,
                                                             const std::vector<const engram_rule *> &rules) {
  std::vector<std::bitset<network::signal_count>> read(network.regions.size());
  for (const auto &rule : model.rules)
    for (const auto &said : rule.modulators)
      if (said.given.empty())
        read[said.from.region].set(static_cast<std::size_t>(*network::signal_named(said.from.port)));
  network::each_projection(network, [&](const network::Projection &p) {
    for (const std::size_t attached : p.rules) {
      const auto &rule = *rules.at(attached);
      for (std::size_t k = 0; k < rule.signal_count; ++k) {
        const auto &said = rule.signals[k];
        if (said.place == ENGRAM_POST) read[p.target].set(signal_of(said));
        if (said.place == ENGRAM_PRE && !p.is_bias()) read[p.source].set(signal_of(said));
      }
    }
  });
  return read;
}

template <class T>
void broadcast(const model::Model &model, const network::Signals<T> &signals, Modulators<T> &modulators) {
  modulators.regions.resize(model.rules.size());
  for (std::size_t k = 0; k < model.rules.size(); ++k) {
    const auto &said = model.rules[k].modulators;
    modulators.regions[k].resize(said.size());
    for (std::size_t m = 0; m < said.size(); ++m) {
      if (!said[m].given.empty()) continue;
      const auto &of = signals[said[m].from.region][*network::signal_named(said[m].from.port)];
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

template std::vector<std::bitset<network::signal_count>>
signals_read(const model::Model &, const network::Network<float> &, const std::vector<const engram_rule *> &);
template std::vector<std::bitset<network::signal_count>>
signals_read(const model::Model &, const network::Network<double> &, const std::vector<const engram_rule *> &);
template void broadcast(const model::Model &, const network::Signals<float> &, Modulators<float> &);
template void broadcast(const model::Model &, const network::Signals<double> &, Modulators<double> &);

} // namespace engram::learning
