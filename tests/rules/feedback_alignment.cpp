// These tests compare feedback alignment with the exact gradient (Lillicrap, Cownden, Tweed & Akerman 2016, Nat Commun
// 7:13276).
#include "catch.hpp"
#include "circuits.hpp"

#include <cmath>

using namespace engram;
using circuits::angle, circuits::changes, circuits::Circuit;

namespace {

// Input → two hidden regions → output with error fed back through transposed weights; all forward weights learn.
Circuit taught(const std::string &plugin, const std::string &kind, const std::string &objective,
               const std::string &feedback = "transpose") {
  Circuit c;
  const auto in = c.input(5);
  const auto make = [&](const char *name, std::size_t n, const char *phi) {
    return kind == "static" ? c.fixed(name, n, phi) : c.leaky(name, n, phi, 4);
  };
  const auto h1 = make("h1", 7, "tanh"), h2 = make("h2", 6, "sigmoid"), out = make("out", 3, "linear");
  c.learn("rule", plugin);
  c.layer(in, h1, h2, out, feedback == "transpose");
  c.objective(objective, out);
  if (kind == "static") {
    c.phase(1, true, true);
  } else {
    c.phase(200, false, false); // 50 τ: at rest to 1e-20
    c.phase(3, true, true);
  }
  c.data(6);
  return c;
}

} // namespace

TEST_CASE("feedback alignment through the transpose is backprop in a static circuit", "[rules]") {
  for (const std::string objective : {"mse", "cross_entropy"}) {
    const auto local = changes(taught("feedback_alignment", "static", objective));
    const auto exact = changes(taught("backprop", "static", objective));
    for (std::size_t p = 0; p < local.size(); ++p) CHECK(arma::approx_equal(local[p], exact[p], "absdiff", 1e-12));
  }
}

TEST_CASE("feedback alignment through the transpose is backprop in a leaky circuit at rest", "[rules]") {
  // Away from rest they differ: backprop knows that the loss of a step follows from earlier rates too. At rest all
  // earlier rates are the same; what is left is the first-order effect of the discrete steps, below 1e-9 here.
  const auto local = changes(taught("feedback_alignment", "leaky", "mse"));
  const auto exact = changes(taught("backprop", "leaky", "mse"));
  for (std::size_t p = 0; p < local.size(); ++p) {
    const double scale = arma::abs(exact[p]).max();
    CHECK(arma::abs(local[p] - exact[p]).max() / scale < 1e-9);
  }
}

TEST_CASE("feedback alignment comes to point along the gradient while it learns", "[rules]") {
  // Lillicrap et al. 2016: with random feedback the angle to the gradient falls below 90° and on.
  auto c = taught("feedback_alignment", "static", "mse", "random");
  auto reference = taught("backprop", "static", "mse", "random");
  // A teacher of the same shape makes the task learnable.
  {
    auto teacher = taught("backprop", "static", "mse", "random");
    teacher.model.seed = 99;
    teacher.data(60);
    c.data(60);
    reference.data(60);
    auto network = teacher.build<double>();
    struct Out final : simulation::Observer<double> {
      std::vector<double> rows;
      void step(std::size_t, const network::Signals<double> &s) override {
        const auto &r = s[3][network::Signal::rate];
        rows.assign(r.begin(), r.end());
      }
    } out;
    teacher.trials.arrays = c.trials.arrays;
    simulation::Simulator<double> simulator(teacher.model, network, teacher.trials, teacher.rules, {}, 1);
    simulator.run(teacher.all(false), &out);
    c.trials.targets = reference.trials.targets = data::Array{{60, 3}, out.rows};
  }
  auto network = c.build<double>(), mirror = reference.build<double>();
  simulation::Simulator<double> local(c.model, network, c.trials, c.rules, {}, 1);
  simulation::Simulator<double> exact(reference.model, mirror, reference.trials, reference.rules, {}, 1);
  const auto first_angle = [&] {
    for (std::size_t p = 0; p < network.dense.size(); ++p) mirror.dense[p].weights = network.dense[p].weights;
    local.measure(c.all(true));
    exact.measure(reference.all(true));
    const double a = angle(local.plasticity().change(1), exact.plasticity().change(1));
    local.plasticity().discard();
    exact.plasticity().discard();
    return a;
  };
  const double before = first_angle();
  double loss = 0;
  for (int k = 0; k < 2000; ++k) loss = circuits::mean<double>(local.run(c.all(true)));
  const double after = first_angle();
  INFO("angle from " << before << "° to " << after << "°, loss " << loss);
  CHECK(after < 90);
  CHECK(after < before);
}
