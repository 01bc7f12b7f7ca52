// OneProjection calls one rule on one dense projection through the host, on random rates.
#pragma once

#include "circuits.hpp"
#include "numeric/product.hpp"

#include <memory>
#include <optional>

namespace benchmarks {

struct OneProjection {
  engram::numeric::Matrix<float> weights, pre, post; ///< what the same work without the host begins from

  OneProjection(const std::string &rule, double rate, std::size_t neurons, std::size_t trials) : trials_(trials) {
    engram::numeric::use_one_blas_thread();
    circuit_.model.single = true;
    circuit_.input(neurons);
    circuit_.fixed("post", neurons);
    circuit_.connect(0, 1, "rule");
    circuit_.learn("rule", rule, rate);
    network_ = circuit_.build<float>();
    weights = network_.dense[0].weights;
    plasticity_.emplace(circuit_.model, network_, circuit_.rules, 1);
    using engram::network::Signal;
    for (auto &region : *signals_) region[Signal::rate].randu(neurons, trials);
    pre = (*signals_)[0][Signal::rate];
    post = (*signals_)[1][Signal::rate];
    moment_.plastic = moment_.end_of_phase = moment_.end_of_trial = true;
  }

  /// A batch: the call of the rule and the change of the weights.
  void learn() {
    plasticity_->begin(trials_);
    plasticity_->call(moment_, signals_, history_, modulators_);
    plasticity_->apply(engram::model::Rule::Apply::trial);
  }

private:
  std::size_t trials_;
  circuits::Circuit circuit_;
  engram::network::Network<float> network_;
  std::optional<engram::learning::Plasticity<float>> plasticity_;
  std::shared_ptr<engram::network::Signals<float>> signals_ = std::make_shared<engram::network::Signals<float>>(2);
  engram::network::History<float> history_;
  engram::learning::Modulators<float> modulators_;
  engram::learning::Moment moment_;
};

} // namespace benchmarks
