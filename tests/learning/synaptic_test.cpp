// Rules in synaptic form against their factored twin, and against the sum written out.
#include "catch.hpp"
#include "circuits.hpp"

#include <cmath>

using namespace engram;
using circuits::Circuit;

namespace {

const std::string test_plugins = "../tests/plugins/";

// Weights after many batches under a rule; 130 presynaptic neurons make tiles of 64, 64 and 2.
arma::mat learnt(const std::string &plugin, int threads) {
  Circuit c;
  const auto in = c.input(130), out = c.fixed("out", 9, "tanh");
  c.learn("rule", plugin, 0.01);
  c.connect(in, out, "rule");
  c.phase(3, false, true);
  c.data(20);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, threads);
  for (int k = 0; k < 100; ++k) // batches of 7, 7 and 6
    for (const auto &rows : protocol::batches(c.trials.training, 7, false, 1, 0)) simulator.run({rows, 0, true});
  return network.projections[0].weights;
}

struct Rates final : simulation::Observer<double> {
  std::size_t source, target;
  std::vector<arma::mat> pre, post;
  Rates(std::size_t from, std::size_t to) : source(from), target(to) {}
  void step(std::size_t, const network::Signals<double> &s) override {
    pre.push_back(s[source][network::Signal::rate]);
    post.push_back(s[target][network::Signal::rate]);
  }
};

} // namespace

TEST_CASE("a synaptic Oja learns the weights of the factored one", "[rules]") {
  const auto factored = learnt("oja", 1), synaptic = learnt(test_plugins + "oja_synaptic", 1);
  CHECK(arma::abs(factored - synaptic).max() < 1e-12);
  Circuit c; // and it did learn
  c.connect(c.input(130), c.fixed("out", 9, "tanh"));
  CHECK(arma::abs(synaptic - c.build<double>().projections[0].weights).max() > 0.01);
}

TEST_CASE("a synaptic rule gives the same bits at 1 and 2 threads", "[rules][determinism]") {
  const auto one = learnt(test_plugins + "oja_synaptic", 1), two = learnt(test_plugins + "oja_synaptic", 2);
  CHECK(arma::approx_equal(one, two, "absdiff", 0.0));
}

TEST_CASE("a trace in each synapse and trial is the sum written out", "[rules]") {
  Circuit c;
  const auto in = c.input(70), out = c.leaky("out", 4, "tanh", 8);
  c.learn("rule", test_plugins + "eligibility", 0.1, {{"tau", 12}});
  c.connect(in, out, "rule");
  c.phase(6, false, false); // the trace moves here as well, the weights do not
  c.phase(5, false, true);
  c.data(3);
  auto network = c.build<double>();
  const arma::mat before = network.projections[0].weights;
  Rates seen(in, out);
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {dynamics::Wanted(), dynamics::Wanted()},
                                          2);
  for (int batch = 0; batch < 2; ++batch) { // the trace begins anew in the second
    const arma::mat w = network.projections[0].weights;
    seen.pre.clear();
    seen.post.clear();
    simulator.run(c.all(true), &seen);
    REQUIRE(seen.pre.size() == 11);
    arma::mat change(4, 70, arma::fill::zeros);
    for (arma::uword b = 0; b < 3; ++b) {
      arma::mat trace(4, 70, arma::fill::zeros);
      for (std::size_t t = 0; t < 11; ++t) {
        trace = trace - trace / 12 + seen.post[t].col(b) * seen.pre[t].col(b).t();
        if (t >= 6) change += trace;
      }
    }
    // mean over 3 trials and 5 plastic steps, times the rate
    CHECK(arma::abs(network.projections[0].weights - (w + 0.1 * change / 15)).max() < 1e-12);
  }
  CHECK(arma::abs(network.projections[0].weights - before).max() > 1e-3);
}
