// Weights move in plastic phases alone, whatever the form of the rule, and by the same bits at any number of threads.
#include "catch.hpp"
#include "circuits.hpp"

#include <algorithm>

using namespace engram;
using circuits::Circuit;

namespace {

// input → hidden → output, two rules of one plugin: "a" moves the first projection, "b" the second. Two phases.
struct Deep {
  Circuit c;
  explicit Deep(const std::string &plugin) {
    const auto in = c.input(4), hidden = c.leaky("hidden", 5), out = c.leaky("out", 3, "linear");
    c.learn("a", plugin);
    c.learn("b", plugin);
    c.connect(in, hidden, "a");
    c.connect(hidden, out, "b");
    c.objective("mse", out);
    c.phase(3, 0, false);
    c.phase(3, 1, false);
    c.data(4);
  }
  // How far each of the two projections moves in one batch.
  std::pair<double, double> moved() const {
    auto network = c.build<double>();
    const auto before = network;
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    simulator.run(c.all(true));
    const auto far = [&](std::size_t p) { return arma::abs(network.dense[p].weights - before.dense[p].weights).max(); };
    return {far(0), far(1)};
  }
};

} // namespace

TEST_CASE("backprop moves weights in trials that are plastic for it, and in no others", "[learning][gradient]") {
  Deep frozen("backprop");
  CHECK(frozen.moved() == std::pair{0.0, 0.0}); // no phase is plastic

  Deep whole("backprop");
  for (auto &phase : whole.c.model.task.trial) phase.plastic = true;
  const auto all = whole.moved();
  CHECK(all.first > 0);
  CHECK(all.second > 0);

  // The gradient is that of the trial: one plastic phase, whichever it is, lets it act in full.
  for (const std::size_t k : {0, 1}) {
    Deep one("backprop");
    one.c.model.task.trial[k].plastic = true;
    CHECK(one.moved() == all);
  }

  // Named rules alone move, by as much as they would beside the others: weights move after the whole trial.
  Deep named("backprop");
  named.c.model.task.trial[1].plastic = true;
  named.c.model.task.trial[1].plastic_rules = {"b"};
  CHECK(named.moved() == std::pair{0.0, all.second});
  named.c.model.task.trial[0].plastic = true;
  named.c.model.task.trial[0].plastic_rules = {"a"};
  CHECK(named.moved() == all);
}

TEST_CASE("a frozen global rule leaves momentum and weight decay at rest too", "[learning][gradient]") {
  Deep decaying("backprop");
  for (auto &rule : decaying.c.model.rules) {
    rule.weight_decay = 0.5;
    rule.optimizer = circuits::typed("momentum", {{"momentum", 0.9}});
  }
  CHECK(decaying.moved() == std::pair{0.0, 0.0});
}

TEST_CASE("local rules obey the same words as global ones", "[learning]") {
  for (const std::string plugin : {"hebb", "oja"}) {
    INFO(plugin);
    Deep frozen(plugin);
    CHECK(frozen.moved() == std::pair{0.0, 0.0});
    Deep named(plugin);
    named.c.model.task.trial[1].plastic = true;
    named.c.model.task.trial[1].plastic_rules = {"a"};
    CHECK(named.moved().first > 0);
    CHECK(named.moved().second == 0);
  }
}

TEST_CASE("updates are the same bits at 1 and 2 threads", "[rules][determinism]") {
  Circuit c;
  const auto in = c.input(200), h = c.fixed("h", 300, "tanh"), out = c.fixed("out", 3, "linear");
  c.learn("rule", "backprop");
  c.connect(in, h, "rule");
  c.connect(h, out, "rule");
  c.objective("mse", out);
  c.phase(1, true, true);
  c.data(128);
  const auto one = changes(c, 1), two = changes(c, 2);
  for (std::size_t p = 0; p < one.size(); ++p) CHECK(arma::approx_equal(one[p], two[p], "absdiff", 0.0));
}
