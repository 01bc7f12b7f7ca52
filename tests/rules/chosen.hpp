// These functions build circuits that choose and are rewarded.
#pragma once

#include "circuits.hpp"

namespace chosen {

using namespace engram;
using circuits::Circuit;

// Input → two hidden regions → linear output; what is in the apical compartments travels back through the transpose.
inline Circuit layered(const std::string &plugin, const std::string &objective, const std::string &prediction = "") {
  Circuit c;
  const auto in = c.input(4), h1 = c.fixed("h1", 6, "tanh"), h2 = c.fixed("h2", 5, "sigmoid"),
             out = c.fixed("out", 3, "linear");
  c.learn("rule", plugin);
  c.layer(in, h1, h2, out);
  c.objective(objective, out);
  c.phase(1, 1, true);
  c.model.seed = 11;
  if (objective == "mse") { // one-hot, as the targets of a choice
    c.model.objective.type = "cross_entropy";
    c.data(1);
    c.model.objective.type = "mse";
  } else {
    c.data(1);
  }
  if (objective == "choice_reward") {
    using Objective = model::Objective;
    c.model.objective.parameters = {{"temperature", model::Quantity::of(1)}, {"exploration", model::Quantity::of(1)}};
    c.model.objective.delivery = Objective::Delivery::attention;
    c.model.objective.prediction =
        prediction == "value" ? Objective::Prediction::value : Objective::Prediction::probability;
  }
  return c;
}

} // namespace chosen
