// Rules are attached to the projections that learn by them, once, when a simulation is made.
#include "learning/plasticity.hpp"
#include "model/plastic.hpp"

namespace engram::learning {

template <class T>
Plasticity<T>::Plasticity(const model::Model &model, network::Network<T> &network,
                          std::vector<const engram_rule *> rules, int threads)
    : model_(model), network_(network), globals_(network.dense.size(), network::none),
      sparse_globals_(network.sparse.size(), network::none), seed_(model.seed), threads_(threads) {
  bool looks_back = false, perturbs = false;
  const auto admit = [&](const Attached &a) {
    looks_back = looks_back || a.rule->form == ENGRAM_GLOBAL;
    perturbs = perturbs || a.rule->perturbation != 0;
    if (a.rule->perturbation != 0 && a.each_step) fail(a, "it perturbs weights for a phase: apply must be 'trial'");
    if (looks_back && each_step_)
      fail(a, "a global rule needs weights that stay during a trial: apply must be 'trial'");
    if (looks_back && perturbs) fail(a, "a global rule and one that perturbs weights exclude each other");
  };
  for (std::size_t k = 0; k < network.dense.size(); ++k) {
    const auto &p = network.dense[k];
    for (const std::size_t which : p.rules) {
      auto a = attachable(p, k, which, *rules.at(which));
      if (p.follows()) fail(a, "its weights follow those of another projection, so it cannot learn itself");
      admit(a);
      for (const auto &other : attached_)
        if (other.projection == k && other.rule->perturbation != 0 && a.rule->perturbation != 0)
          fail(a, "two rules that perturb the same weights exclude each other");
      if (learns_back(a)) globals_[k] = attached_.size();
      attached_.push_back(std::move(a));
    }
  }
  for (std::size_t k = 0; k < network.sparse.size(); ++k) {
    const auto &p = network.sparse[k];
    for (const std::size_t which : p.rules) {
      if (rules.at(which)->form != ENGRAM_GLOBAL) continue; // it is called at spikes, elsewhere
      auto a = attachable(p, k, which, *rules[which]);
      admit(a);
      if (learns_back(a)) sparse_globals_[k] = sparse_.size();
      sparse_.push_back(std::move(a));
    }
  }
}

template <class T>
auto Plasticity<T>::attachable(const network::Projection &p, std::size_t place, std::size_t which,
                               const engram_rule &rule) -> Attached {
  const auto &model_rule = model_.rules.at(which);
  Attached a(rule);
  a.name = p.name;
  a.projection = place;
  a.rule_index = which;
  a.callbacks = &rule.callbacks[precision_of<T>()];
  a.optimizer = optimizer_of<T>(model_rule);
  a.each_step = model_rule.apply == model::Rule::Apply::step;
  each_step_ = each_step_ || a.each_step;
  a.parameters = parameters_of(rule, model_rule);
  const bool offered = rule.form == ENGRAM_FACTORED   ? a.callbacks->pre_factors && a.callbacks->post_factors
                       : rule.form == ENGRAM_SYNAPTIC ? a.callbacks->synapses != nullptr
                                                      : a.callbacks->global != nullptr;
  if (!offered)
    fail(a, std::string("the rule does not offer ") + (precision_of<T>() ? "double" : "single") + " precision");
  for (std::size_t n = 0; n < rule.signal_count; ++n) a.signals.push_back(signal_of(rule.signals[n]));
  for (std::size_t n = 0; n < rule.state_count; ++n) a.states.push_back({&rule.states[n], {}});
  return a;
}

// A global rule is called once for the whole trial: it learns from a trial that is plastic in one phase or more.
template <class T> bool Plasticity<T>::learns_back(const Attached &a) {
  if (a.rule->form != ENGRAM_GLOBAL || !model::ever_plastic(model_.task, model_.rules[a.rule_index].name)) return false;
  global_ = a.rule;
  global_parameters_ = a.parameters;
  return true;
}

template class Plasticity<float>;
template class Plasticity<double>;

} // namespace engram::learning
