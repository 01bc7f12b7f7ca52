// The adjoint takes a forward run back by its tape, with no rule and nothing that learns.
#include "simulation/adjoint.hpp"
#include "catch.hpp"
#include "circuits.hpp"
#include "task/entries.hpp"

#include <malloc.h>

using namespace engram;
using circuits::Circuit;

namespace {

struct GradientSum final : simulation::GradientSink<double> {
  std::vector<arma::mat> of; // by dense projection, sum over trials
  void add(std::size_t projection, double scale, const arma::mat &dcurrent, const arma::mat &signal) override {
    const arma::mat pre = signal.is_empty() ? arma::mat(1, dcurrent.n_cols, arma::fill::ones) : signal;
    const arma::mat product = scale * dcurrent * pre.t();
    if (of[projection].is_empty()) of[projection].zeros(product.n_rows, product.n_cols);
    of[projection] += product;
  }
  double *synapses(std::size_t) override { return nullptr; }
};

struct TwoWays {
  explicit TwoWays(const Circuit &circuit)
      : c(circuit), network(c.build<double>()), setup{c.model,
                                                      network,
                                                      c.trials,
                                                      task::schedule_of(c.model),
                                                      1,
                                                      dynamics::dynamics_entries(),
                                                      task::task_entries()},
        plasticity(c.model, network, c.rules, 1), spike_plasticity(c.model, network, c.rules, 1),
        forward(setup, c.rules, {}, plasticity, spike_plasticity), adjoint(setup, forward, watch) {}

  void steps(std::size_t first, std::size_t last) {
    for (std::size_t step = first; step < last; ++step) {
      forward.present(step);
      forward.evaluate(step);
      forward.judge(step);
      forward.move(step);
    }
  }
  // The mean loss over all trials.
  double run(simulation::Tape<double> *tape = nullptr) {
    forward.begin(c.all(false), tape);
    steps(0, setup.schedule.steps);
    return circuits::mean<double>(forward.finish(true));
  }
  std::vector<arma::mat> gradient(std::size_t every) {
    run(&adjoint.tape(every));
    adjoint.rewind(setup.schedule.steps);
    GradientSum sum;
    sum.of.resize(network.dense.size());
    const std::size_t end = setup.schedule.steps;
    for (std::size_t first = (end - 1) / every * every, last = end;; first -= every) {
      adjoint.replay(first, last);
      for (std::size_t step = last; step-- > first;) adjoint.pull_back(step, sum);
      if (first == 0) break;
      last = first;
    }
    return sum.of;
  }

  Circuit c;
  network::Network<double> network;
  simulation::Setup<double> setup;
  learning::Plasticity<double> plasticity;
  learning::SpikePlasticity<double> spike_plasticity;
  simulation::Watch watch;
  simulation::Forward<double> forward;
  simulation::Adjoint<double> adjoint;
};

// A loop, one with a delay, one through transposed weights, a bias, noise, and a sweep at the beginning: 9 steps.
Circuit looped() {
  Circuit c;
  const auto in = c.input(3), hidden = c.leaky("hidden", 4, "tanh", 4, 0.3), out = c.leaky("out", 2, "sigmoid", 4);
  c.connect(in, hidden);
  c.connect(hidden, hidden, "", 0, "rate", "soma", 0.5);
  const auto up = c.connect(hidden, out);
  c.connect(out, hidden, "", 2, "rate", "soma", 0.5);
  c.feed_back(out, hidden, up, "rate", "apical", 0.7);
  c.model.regions[hidden].bias = model::Quantity::of(0.3);
  c.model.regions[hidden].noise = circuits::typed("ornstein_uhlenbeck", {{"sd", 0.3}, {"tau", 4}});
  c.model.regions[hidden].feedforward = true;
  c.objective("mse", out);
  c.phase(5, false, false);
  c.phase(4, true, false);
  c.data(3);
  return c;
}

std::size_t bytes_in_use() {
  const auto now = mallinfo2();
  return now.uordblks + now.hblkhd;
}

// Bytes that 490 steps of 20 trials leave, after 10 steps in which all that stays was allocated.
[[maybe_unused]] std::ptrdiff_t bytes_left(bool with_tape) {
  Circuit c;
  const auto in = c.input(3), hidden = c.leaky("hidden", 50);
  c.connect(in, hidden);
  c.connect(hidden, hidden, "", 2, "rate", "soma", 0.5);
  c.phase(500, 0, false);
  c.data(20);
  TwoWays circuit(c);
  circuit.forward.begin(c.all(false), with_tape ? &circuit.adjoint.tape(1) : nullptr);
  circuit.steps(0, 10);
  const std::size_t before = bytes_in_use();
  circuit.steps(10, 500);
  return static_cast<std::ptrdiff_t>(bytes_in_use()) - static_cast<std::ptrdiff_t>(before);
}

} // namespace

TEST_CASE("the adjoint of a recorded run is the gradient of finite differences", "[simulation][gradient]") {
  TwoWays circuit(looped());
  const auto gradient = circuit.gradient(1);
  double scale = 0, worst = 0;
  for (const auto &of : gradient)
    if (!of.is_empty()) scale = std::max(scale, arma::abs(of).max());
  REQUIRE(scale > 1e-4);
  const double count = static_cast<double>(circuit.c.trials.count), h = 1e-4;
  for (std::size_t p = 0; p < gradient.size(); ++p) {
    if (!circuit.network.dense[p].has_weights()) continue; // another's act in their place
    auto &w = circuit.network.dense[p].weights;
    REQUIRE(gradient[p].n_elem == w.n_elem);
    for (std::size_t k = 0; k < w.n_elem; ++k) {
      const double before = w[k];
      const auto at = [&](double value) {
        w[k] = value;
        return circuit.run();
      };
      // Fourth-order central difference: the error is of order h⁴.
      const double slope =
          (8 * (at(before + h) - at(before - h)) - (at(before + 2 * h) - at(before - 2 * h))) / (12 * h);
      w[k] = before;
      worst = std::max(worst, std::abs(count * slope - gradient[p][k]) / scale);
    }
  }
  CHECK(worst < 1e-6);
}

TEST_CASE("steps that the adjoint simulates again are those of the run, bit for bit", "[simulation][gradient]") {
  TwoWays circuit(looped());
  const auto all = circuit.gradient(1);
  for (const std::size_t every : {2, 4, 9}) {
    INFO(every);
    const auto few = circuit.gradient(every);
    for (std::size_t p = 0; p < all.size(); ++p) CHECK(arma::approx_equal(all[p], few[p], "absdiff", 0.0));
  }
}

TEST_CASE("the adjoint takes back no step whose state it lacks, nor one of a run before", "[simulation][gradient]") {
  TwoWays circuit(looped());
  circuit.gradient(4); // ends with the stretch of steps 0 to 3
  circuit.run(&circuit.adjoint.tape(4));
  circuit.adjoint.rewind(circuit.setup.schedule.steps);
  GradientSum sum;
  sum.of.resize(circuit.network.dense.size());
  CHECK_THROWS_AS(circuit.adjoint.pull_back(3, sum), simulation::RunFailure);
  CHECK_THROWS_AS(circuit.adjoint.pull_back(9, sum), simulation::RunFailure);
  CHECK_THROWS_AS(circuit.adjoint.replay(4, 10), simulation::RunFailure);
  CHECK_NOTHROW(circuit.adjoint.pull_back(8, sum));
}

TEST_CASE("a run that nobody takes back keeps nothing of its steps", "[simulation]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return; // memory is not glibc's there, which counts it
#else
  const std::ptrdiff_t state = 50 * 20 * sizeof(double);
  CHECK(bytes_left(true) > 490 * state);
  CHECK(bytes_left(false) < state);
#endif
}
