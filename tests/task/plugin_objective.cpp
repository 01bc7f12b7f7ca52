// Terms of the objective that are plugins: beside built-in ones of the same meaning, closed forms, and finite
// differences in circuits.
#include "catch.hpp"
#include "circuits.hpp"
#include "simulation/gradient_error.hpp"
#include "task_plugins.hpp"

#include <cmath>
#include <limits>

using namespace engram;
using circuits::Circuit;

namespace {

task::Objective plugin_term(const std::string &type, std::map<std::string, double> parameters = {}) {
  task::Objective o;
  o.entry = &task::objective_named(type, task_plugins::entries());
  for (const auto &p : o.entry->words.parameters)
    o.values.push_back(parameters.contains(p.name) ? parameters[p.name] : p.initial);
  return o;
}

template <class T> arma::Mat<T> normal_numbers(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  const numeric::Random random{seed, numeric::Purpose::noise, 0};
  arma::Mat<T> out(rows, columns);
  for (std::size_t k = 0; k < out.n_elem; ++k) out[k] = static_cast<T>(random.normal(k));
  return out;
}

// Loss, gradient, and products with the second derivatives, by signal and target.
template <class T>
std::vector<arma::Mat<T>> derivatives_of(const task::Objective &o, const arma::Mat<T> &x, const arma::Mat<T> &y,
                                         const arma::Mat<T> &v) {
  arma::Mat<T> loss(1, x.n_cols);
  task::loss(o, x, y, loss);
  std::vector<arma::Mat<T>> out{loss};
  for (int k = 0; k < 4; ++k) out.emplace_back(arma::size(x), arma::fill::zeros);
  task::add_gradient(o, x, y, T(0.25), out[1]);
  task::add_hessian_product(o, x, y, v, T(0.25), out[2]);
  task::add_target_gradient(o, x, y, T(0.25), out[3]);
  task::add_target_hessian_product(o, x, y, v, T(0.25), out[4]);
  return out;
}

template <class T> void expect_mse(bool missing) {
  const auto x = normal_numbers<T>(13, 4, 1), v = normal_numbers<T>(13, 4, 3);
  auto y = normal_numbers<T>(13, 4, 2);
  if (missing) y(3, 1) = y(12, 3) = std::numeric_limits<T>::quiet_NaN();
  const auto own = derivatives_of(plugin_term("mse_again"), x, y, v),
             theirs = derivatives_of(plugin_term("mse"), x, y, v);
  // The sum of a trial may be rounded otherwise: a compiler may take a square and a sum in one operation.
  CHECK(arma::approx_equal(own[0], theirs[0], "reldiff", 8 * std::numeric_limits<T>::epsilon()));
  CHECK(arma::all(arma::vectorise(own[1] == theirs[1])));
  CHECK(arma::all(arma::vectorise(own[2] == theirs[2])));
  if (missing) return; // the built-in mse takes no gradient by a target of which some is missing
  CHECK(arma::all(arma::vectorise(own[3] == theirs[3])));
  CHECK(arma::all(arma::vectorise(own[4] == theirs[4])));
}

// Input → hidden (recurrent, with a delay) → out; and hidden → twin, of the size of out.
Circuit circuit_for_terms(const std::string &integrator) {
  Circuit c;
  c.model.time.integrator = circuits::typed(integrator, {{"absolute", 1e-12}, {"relative", 1e-12}});
  const auto in = c.input(4), hidden = c.leaky("hidden", 5, "tanh"), out = c.leaky("out", 4, "tanh"),
             twin = c.leaky("twin", 4, "softplus", 4);
  c.learn("exact", "backprop");
  c.connect(in, hidden, "exact");
  c.connect(hidden, hidden, "exact", 2, "rate", "soma", 0.5);
  c.connect(hidden, out, "exact");
  c.connect(hidden, twin, "exact");
  c.objective("mse", out);
  c.phase(3, 0, false);
  c.phase(4, 1, true);
  c.data(3);
  return c;
}

model::Objective judged(const std::string &type, std::size_t region, model::Target target, double delay = 0) {
  model::Objective out;
  out.type = out.name = type;
  out.region = region;
  out.target = std::move(target);
  out.delay = delay;
  for (const auto &p : task::objective_named(type, task_plugins::entries()).words.parameters)
    out.parameters[p.name] = model::Quantity::of(p.initial);
  return out;
}

} // namespace

TEST_CASE("mse as a plugin has the gradient of the built-in one, to the bit", "[objective][plugins]") {
  expect_mse<double>(false);
  expect_mse<double>(true);
  expect_mse<float>(false);
}

TEST_CASE("cross entropy as a plugin, whose neurons hang together, is the built-in one", "[objective][plugins]") {
  const arma::mat x = 3 * normal_numbers<double>(10, 3, 1), v = normal_numbers<double>(10, 3, 3);
  arma::mat y(10, 3, arma::fill::zeros);
  y(2, 0) = y(9, 1) = y(0, 2) = 1;
  const auto own = derivatives_of(plugin_term("softmax_again"), x, y, v),
             theirs = derivatives_of(plugin_term("cross_entropy"), x, y, v);
  for (std::size_t k = 0; k < 3; ++k) {
    CAPTURE(k);
    CHECK(arma::approx_equal(own[k], theirs[k], "absdiff", 1e-13));
  }
}

TEST_CASE("huber is its closed form on both sides of its width", "[objective][plugins]") {
  // Huber 1964: ½ e² where |e| ≤ k, else k |e| − k² / 2; its slope is e, or k with the sign of e.
  const arma::mat x{{0.25, 3, -2, 0.5}}, y{{0, 1, 0, 0}}, v{{1, 1, 1, 1}};
  const auto seen = derivatives_of(plugin_term("huber", {{"width", 0.5}}), x, y, v);
  const double losses[] = {0.03125, 0.875, 0.875, 0.125}, slopes[] = {0.25, 0.5, -0.5, 0.5}, curves[] = {1, 0, 0, 1};
  for (std::size_t k = 0; k < 4; ++k) {
    CAPTURE(k);
    CHECK(seen[0][k] == losses[k]);
    CHECK(seen[1][k] == 0.25 * slopes[k]);
    CHECK(seen[2][k] == 0.25 * curves[k]);
    CHECK(seen[3][k] == -0.25 * slopes[k]);
    CHECK(seen[4][k] == -0.25 * curves[k]);
  }
}

TEST_CASE("a term across trials has one loss for all of a batch", "[objective][plugins]") {
  // Two trials of one neuron, 1 and 3: the variance is 1, and a step is 2 ms; "half" halves it.
  auto o = plugin_term("variance_of_batch", {{"measure", 1}});
  o.step = 2;
  const arma::mat x{{1, 3}}, none;
  arma::mat loss(1, 2), slope(1, 2, arma::fill::zeros);
  task::loss(o, x, none, loss);
  CHECK(loss[0] == -1);
  CHECK(loss[1] == -1);
  task::add_gradient(o, x, none, 1.0, slope); // of the sum of both: 2 d(−variance)/dx
  CHECK(slope[0] == 2);
  CHECK(slope[1] == -2);
}

TEST_CASE("backprop is the gradient of terms that are plugins, with delays, targets of all kinds and each stepper",
          "[gradient][objective][plugins]") {
  const auto &entries = task_plugins::entries();
  using Kind = model::Target::Kind;
  const std::size_t hidden = 1, out = 2, twin = 3;
  model::Target of_task, of_twin, nothing;
  of_twin.kind = Kind::signal;
  of_twin.from = {twin, "rate"};
  nothing.kind = Kind::none;
  for (const std::string integrator : {"euler", "runge_kutta4", "controlled_dopri5"})
    for (const auto &term : {judged("mse_again", out, of_task), judged("softmax_again", out, of_task),
                             judged("huber", out, of_twin), judged("huber", out, of_twin, 2),
                             judged("softmax_again", out, of_twin), judged("variance_of_batch", hidden, nothing)}) {
      INFO(integrator << ", " << term.type << ", delay " << term.delay);
      auto c = circuit_for_terms(integrator);
      c.model.objective = term;
      CHECK(gradients::worst_error(c, integrator == "controlled_dopri5" ? 1e-3 : 1e-5, entries) < 1e-6);
    }
}

TEST_CASE("a circuit learns by mse as a plugin to the bit as by the built-in one", "[objective][plugins]") {
  std::vector<arma::mat> learned[2];
  for (const int own : {0, 1}) {
    auto c = circuit_for_terms("runge_kutta4");
    c.model.objective.type = c.model.objective.name = own ? "mse_again" : "mse";
    auto network = c.build<double>();
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1, dynamics::dynamics_entries(),
                                            task_plugins::entries());
    for (int k = 0; k < 5; ++k) simulator.run(c.all(true));
    for (const auto &p : network.dense) learned[own].push_back(p.weights);
  }
  for (std::size_t p = 0; p < learned[0].size(); ++p) CHECK(arma::all(arma::vectorise(learned[0][p] == learned[1][p])));
}
