// These tests compare the objectives with closed forms, and their derivatives with finite differences.
#include "catch.hpp"
#include "numeric/random.hpp"
#include "task/objective_entry.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace engram;
using task::Objective;

namespace {

Objective objective_like(const std::string &type, bool probabilities = false, double temperature = 1) {
  Objective o;
  o.entry = &task::objective_named(type);
  o.probabilities = probabilities;
  o.temperature = temperature;
  for (const auto &parameter : o.entry->words.parameters) o.values.push_back(parameter.initial);
  return o;
}

// Are its rates to be above 0?
bool takes_positive(const Objective &o) { return o.probabilities || o.entry->counts; }

// Every objective that is known of a trial in a step, and the other forms that some take.
std::vector<Objective> all_objectives() {
  std::vector<Objective> out{objective_like("cross_entropy", true), objective_like("choice_reward", false, 0.4)};
  for (const auto &entry : task::objective_entries())
    if (entry.functions.of<double>().loss && entry.words.compared != model::Compared::classes)
      out.push_back(objective_like(entry.words.name));
  for (auto &o : out)
    if (o.entry->words.name == "sparsity") o.values[0] = 1; // l2, which is smooth
  return out;
}

template <class T> arma::Mat<T> losses(const Objective &o, const arma::Mat<T> &rate, const arma::Mat<T> &target) {
  arma::Mat<T> out(1, rate.n_cols);
  task::loss(o, rate, target, out);
  return out;
}

arma::mat gradient_of(const Objective &o, const arma::mat &rate, const arma::mat &target) {
  arma::mat out(arma::size(rate), arma::fill::zeros);
  task::add_gradient(o, rate, target, 1.0, out);
  return out;
}

arma::mat hessian_product(const Objective &o, const arma::mat &rate, const arma::mat &target, const arma::mat &v) {
  arma::mat out(arma::size(rate), arma::fill::zeros);
  task::add_hessian_product(o, rate, target, v, 1.0, out);
  return out;
}

arma::mat drawn(std::size_t rows, std::size_t columns, std::uint64_t seed, bool positive = false) {
  const numeric::Random random{seed, numeric::Purpose::noise, 0};
  arma::mat out(rows, columns);
  for (std::size_t k = 0; k < out.n_elem; ++k) out[k] = positive ? 0.1 + random.uniform(k) : random.normal(k);
  return out;
}

arma::mat softmax(const arma::mat &rate) {
  arma::mat p = arma::exp(rate);
  p.each_row() /= arma::sum(p, 0);
  return p;
}

} // namespace

TEST_CASE("the squared error is half of the squared distance, trial by trial", "[objective]") {
  const arma::mat rate{{1, 0}, {2, -3}}, target{{0, 0}, {4, 1}};
  const auto o = objective_like("mse");
  CHECK(arma::approx_equal(losses(o, rate, target), arma::mat{{2.5, 8}}, "absdiff", 0)); // (1 + 4) / 2, 16 / 2
  CHECK(arma::approx_equal(gradient_of(o, rate, target), rate - target, "absdiff", 0));
}

TEST_CASE("cross-entropy is that of the softmax, and of probabilities where the region is a softmax", "[objective]") {
  const auto o = objective_like("cross_entropy"), of_probabilities = objective_like("cross_entropy", true);
  // Of 3 neurons with the same rate each has a third; one with log 2 more has half of four quarters.
  CHECK(losses<double>(o, arma::vec{7, 7, 7}, arma::vec{0, 1, 0})[0] == Approx(std::log(3.0)).epsilon(1e-14));
  CHECK(losses<double>(o, arma::vec{std::log(2.0), 0, 0}, arma::vec{1, 0, 0})[0] ==
        Approx(std::log(2.0)).epsilon(1e-14));
  CHECK(losses<double>(of_probabilities, arma::vec{0.5, 0.25, 0.25}, arma::vec{0, 1, 0})[0] ==
        Approx(std::log(4.0)).epsilon(1e-14));

  // Both forms agree, for soft targets too; the gradient by rates is (Σ y) p − y, and no shift of all rates changes it.
  const arma::mat rate = drawn(5, 4, 1), target = drawn(5, 4, 2, true), p = softmax(rate);
  CHECK(arma::approx_equal(losses(o, rate, target), losses(of_probabilities, p, target), "reldiff", 1e-13));
  arma::mat expected = p;
  expected.each_row() %= arma::sum(target, 0);
  expected -= target;
  CHECK(arma::approx_equal(gradient_of(o, rate, target), expected, "absdiff", 1e-13));
  CHECK(arma::approx_equal(losses<double>(o, rate + 30, target), losses(o, rate, target), "reldiff", 1e-12));
  CHECK(arma::abs(arma::sum(gradient_of(o, rate, target), 0)).max() < 1e-13);
}

TEST_CASE("the loss of a choice is minus the reward that is expected of it", "[objective]") {
  // Of two neurons the first is chosen with the probability 1 / (1 + e^{−(r₁ − r₂) / T}).
  for (const double temperature : {0.25, 1.0, 5.0}) {
    const auto o = objective_like("choice_reward", false, temperature);
    const double p = 1 / (1 + std::exp(-(1.5 - 0.7) / temperature));
    CHECK(losses<double>(o, arma::vec{1.5, 0.7}, arma::vec{1, 0})[0] == Approx(-p).epsilon(1e-14));
    CHECK(losses<double>(o, arma::vec{1.5, 0.7}, arma::vec{3, -2})[0] == Approx(-3 * p + 2 * (1 - p)).epsilon(1e-13));
    // ∂p / ∂r₁ = p (1 − p) / T
    const arma::mat gradient = gradient_of(o, arma::vec{1.5, 0.7}, arma::vec{1, 0});
    CHECK(gradient[0] == Approx(-p * (1 - p) / temperature).epsilon(1e-13));
    CHECK(gradient[1] == Approx(p * (1 - p) / temperature).epsilon(1e-13));
  }
  // Where every choice is paid alike, nothing is to be gained.
  const auto o = objective_like("choice_reward");
  CHECK(arma::abs(gradient_of(o, drawn(4, 3, 5), arma::mat(4, 3, arma::fill::ones))).max() < 1e-15);
}

TEST_CASE("gradients are those of finite differences, scaled and added", "[objective][gradient]") {
  for (const auto &o : all_objectives()) {
    CAPTURE(o.entry->words.name, o.probabilities, o.temperature);
    const arma::mat rate = drawn(6, 3, 11, takes_positive(o)), target = drawn(6, 3, 12, true);
    const arma::mat gradient = gradient_of(o, rate, target);
    REQUIRE(arma::abs(gradient).max() > 0.01);
    const double h = 1e-4;
    for (std::size_t k = 0; k < rate.n_elem; ++k) {
      const auto at = [&](double d) {
        arma::mat moved = rate;
        moved[k] += d;
        return losses(o, moved, target)[k / rate.n_rows];
      };
      const double slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      CHECK(gradient[k] == Approx(slope).epsilon(1e-7).margin(1e-9));
    }
    arma::mat sum = rate;
    task::add_gradient(o, rate, target, -2.5, sum);
    CHECK(arma::approx_equal(sum, rate - 2.5 * gradient, "absdiff", 1e-12 * arma::abs(gradient).max()));
  }
}

TEST_CASE("Hessian products are differences of gradients, and symmetric", "[objective][gradient]") {
  for (const auto &o : all_objectives()) {
    CAPTURE(o.entry->words.name, o.probabilities, o.temperature);
    const arma::mat rate = drawn(5, 4, 21, takes_positive(o)), target = drawn(5, 4, 22, true), u = drawn(5, 4, 23),
                    v = drawn(5, 4, 24);
    const arma::mat product = hessian_product(o, rate, target, v);
    const double h = 1e-4;
    const auto at = [&](double d) { return gradient_of(o, rate + d * v, target); };
    const arma::mat slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    REQUIRE(arma::abs(product).max() > 0.01);
    CHECK(arma::abs(product - slope).max() < 1e-6 * arma::abs(product).max());
    const arma::rowvec one = arma::sum(u % product, 0), other = arma::sum(v % hessian_product(o, rate, target, u), 0);
    CHECK(arma::approx_equal(one, other, "absdiff", 1e-11 * arma::abs(product).max()));
    arma::mat sum = rate;
    task::add_hessian_product(o, rate, target, v, 0.5, sum);
    CHECK(arma::approx_equal(sum, rate + 0.5 * product, "absdiff", 1e-12 * arma::abs(product).max()));
  }
}

TEST_CASE("trials of a batch do not know each other, and single precision finds the same", "[objective]") {
  for (const auto &o : all_objectives()) {
    CAPTURE(o.entry->words.name, o.probabilities, o.temperature);
    const arma::mat rate = drawn(6, 5, 31, takes_positive(o)), target = drawn(6, 5, 32, true);
    const arma::mat all = losses(o, rate, target), gradient = gradient_of(o, rate, target);
    for (arma::uword b = 0; b < rate.n_cols; ++b) {
      CHECK(losses<double>(o, rate.col(b), target.col(b))[0] == all[b]);
      CHECK(arma::all(arma::vectorise(gradient_of(o, rate.col(b), target.col(b)) == gradient.col(b))));
    }
    const arma::fmat single = losses(o, arma::conv_to<arma::fmat>::from(rate), arma::conv_to<arma::fmat>::from(target));
    CHECK(arma::approx_equal(arma::conv_to<arma::mat>::from(single), all, "absdiff", 1e-5));
  }
}

TEST_CASE("large rates have a finite loss and gradient, and a rate that is no number is not hidden", "[objective]") {
  for (const auto &o : all_objectives()) {
    CAPTURE(o.entry->words.name, o.probabilities, o.temperature);
    // Far beyond what exp() can take; for probabilities: one that has underflowed.
    const arma::vec rate = o.probabilities ? arma::vec{1, 0, 0} : arma::vec{5000, -5000, 0}, target{0, 1, 0};
    CHECK(std::isfinite(losses<double>(o, rate, target)[0]));
    CHECK(gradient_of(o, rate, target).is_finite());
    const arma::fvec rates = arma::conv_to<arma::fvec>::from(rate), targets = arma::conv_to<arma::fvec>::from(target);
    CHECK(std::isfinite(losses<float>(o, rates, targets)[0]));
  }
  CHECK(losses<double>(objective_like("cross_entropy"), arma::vec{5000, -5000, 0}, arma::vec{0, 1, 0})[0] ==
        Approx(10000).epsilon(1e-14));
  for (const auto &o : all_objectives()) {
    CAPTURE(o.entry->words.name, o.probabilities, o.temperature);
    for (const arma::uword place : {0U, 1U, 2U}) {
      arma::vec rate{0.2, 0.3, 0.5};
      rate[place] = std::numeric_limits<double>::quiet_NaN();
      CHECK(std::isnan(losses<double>(o, rate, arma::vec{0.1, 0.2, 0.7})[0]));
    }
  }
}

TEST_CASE("an objective is read as the model has it", "[objective]") {
  model::Model m;
  m.regions.resize(2);
  m.regions[1].rates = model::Rates::probabilities;
  m.objective.type = "cross_entropy";
  m.objective.strength = 0.3;
  CHECK_FALSE(task::objective_of(m).probabilities);
  CHECK(task::objective_of(m).strength == 0.3);
  m.objective.region = 1;
  CHECK(task::objective_of(m).probabilities); // the region is a softmax itself
  m.objective.type = "mse";
  CHECK(task::objective_of(m).entry->words.name == "mse");
  CHECK_FALSE(task::objective_of(m).chooses);
  m.objective.type = "choice_reward";
  m.objective.parameters = {{"temperature", model::Quantity::of(0.7)}, {"exploration", model::Quantity::of(0.1)}};
  const auto o = task::objective_of(m);
  CHECK(o.entry->words.name == "choice_reward");
  CHECK(o.chooses);
  CHECK(o.temperature == 0.7);
  CHECK(o.exploration == 0.1);

  // Each objective that a model file may name has words, and what it takes is among them.
  model::Vocabulary vocabulary;
  task::add_objective_words(vocabulary);
  REQUIRE(vocabulary.objectives.size() == 11);
  for (const auto &words : vocabulary.objectives) {
    CHECK_FALSE(words.help.empty());
    CHECK((words.parameters.size() == 2) >= words.chooses);
    for (const auto &parameter : words.parameters) CHECK_FALSE(parameter.help.empty());
  }
}

TEST_CASE("the slopes by a target that is a signal are those of finite differences", "[objective][gradient]") {
  for (const auto &o : all_objectives()) {
    if (!o.entry->functions.of<double>().add_target_gradient) continue;
    CAPTURE(o.entry->words.name, o.probabilities);
    const arma::mat rate = drawn(4, 3, 41, takes_positive(o)), target = drawn(4, 3, 42, true), v = drawn(4, 3, 43);
    arma::mat gradient(4, 3, arma::fill::zeros), product = gradient;
    task::add_target_gradient(o, rate, target, 1.0, gradient);
    task::add_target_hessian_product(o, rate, target, v, 1.0, product);
    const double h = 1e-3; // all are polynomials of the target
    for (std::size_t k = 0; k < rate.n_elem; ++k) {
      const auto moved = [&](double d) {
        arma::mat out = target;
        out[k] += d;
        return out;
      };
      const std::size_t b = k / rate.n_rows;
      CHECK(
          gradient[k] ==
          Approx((losses(o, rate, moved(h))[b] - losses(o, rate, moved(-h))[b]) / (2 * h)).epsilon(1e-9).margin(1e-9));
      const arma::mat slope = (gradient_of(o, rate, moved(h)) - gradient_of(o, rate, moved(-h))) / (2 * h);
      CHECK(product[k] == Approx(arma::accu(slope % v)).epsilon(1e-9).margin(1e-9));
    }
  }
}

TEST_CASE("entries of a target that are missing count for nothing", "[objective]") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  for (const std::string name : {"mse", "prediction", "poisson_likelihood"}) {
    INFO(name);
    const auto o = objective_like(name);
    const arma::vec rate{0.3, 0.9, 1.4}, target{2, missing, 1}, less{0.3, 1.4}, known{2, 1};
    CHECK(losses<double>(o, rate, target)[0] == Approx(losses<double>(o, less, known)[0]).epsilon(1e-14));
    const arma::mat gradient = gradient_of(o, rate, target), of_known = gradient_of(o, less, known);
    CHECK(gradient[1] == 0);
    CHECK(gradient[0] == of_known[0]);
    CHECK(gradient[2] == of_known[1]);
    CHECK(hessian_product(o, rate, target, arma::vec{1, 1, 1})[1] == 0);
  }
}

TEST_CASE("the likelihood of counts is that of Poisson distributions", "[objective]") {
  // -log(e^-m m^n / n!) of m = 0.5 · 3, n = 2 and of m = 0.5 · 4, n = 0.
  auto o = objective_like("poisson_likelihood");
  o.values[0] = 0.5;
  const double expected = -std::log(std::exp(-1.5) * 1.5 * 1.5 / 2) - std::log(std::exp(-2.0));
  CHECK(losses<double>(o, arma::vec{3, 4}, arma::vec{2, 0})[0] == Approx(expected).epsilon(1e-14));
}

TEST_CASE("the contrastive loss is that of the pairs of a batch", "[objective][gradient]") {
  // Hadsell, Chopra & LeCun 2006: half of the squared distance of like trials, of others that of what lacks to the
  // margin. Distances here: 3-4-5 between the first two (alike), 0.6 between the first and the third (not).
  auto o = objective_like("contrastive");
  const arma::mat signal{{0, 3, 0.6}, {0, 4, 0}}, labels{{7, 7, 2}};
  const double far = std::hypot(2.4, 4);
  CHECK(far > 1);
  const arma::mat loss = losses(o, signal, labels);
  CHECK(loss[0] == Approx((12.5 + 0.08) / 2).epsilon(1e-14));
  CHECK(loss[1] == Approx((12.5 + 0) / 2).epsilon(1e-14));
  CHECK(loss[2] == Approx((0.08 + 0) / 2).epsilon(1e-14));
  o.values[0] = 6; // a margin that all others are within
  arma::mat gradient(2, 3, arma::fill::zeros);
  task::add_gradient(o, signal, labels, 1.0, gradient);
  const double h = 1e-4;
  for (std::size_t k = 0; k < signal.n_elem; ++k) {
    const auto at = [&](double d) {
      arma::mat moved = signal;
      moved[k] += d;
      return arma::accu(losses(o, moved, labels)); // of all trials
    };
    CHECK(gradient[k] == Approx((8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)).epsilon(1e-8));
  }
  CHECK(losses<double>(o, signal.col(0), arma::mat(1, 1).fill(7))[0] == 0); // nothing to compare it with
}

namespace {

arma::mat whole_losses(const Objective &o, const std::vector<arma::mat> &steps) {
  task::Gathered<double> gathered;
  for (const auto &signal : steps) task::gather(o, signal, {}, gathered);
  arma::mat out(1, steps[0].n_cols);
  task::loss(o, gathered, out);
  return out;
}

} // namespace

TEST_CASE("terms of the trial as a whole are their closed forms, and their gradients finite differences",
          "[objective][gradient]") {
  std::vector<arma::mat> steps;
  for (std::uint64_t k = 0; k < 4; ++k) steps.push_back(0.5 * drawn(3, 2, 60 + k, true));
  arma::mat all(3, 8), mean(3, 2, arma::fill::zeros); // of all steps and trials side by side; over the steps
  for (std::size_t k = 0; k < 4; ++k) {
    all.cols(2 * k, 2 * k + 1) = steps[k];
    mean += steps[k] / 4;
  }
  auto kl = objective_like("sparsity");
  kl.values = {2, 0.2};
  auto activity = objective_like("activity");
  activity.values = {0.1};
  const arma::vec rho = arma::mean(all, 1);
  double divergence = 0;
  for (const double r : rho) divergence += 0.2 * std::log(0.2 / r) + 0.8 * std::log(0.8 / (1 - r));
  arma::mat covariance = arma::cov(all.t(), 1);
  covariance.diag().zeros();
  const auto is = [](const arma::mat &a, const arma::mat &b) { return arma::approx_equal(a, b, "absdiff", 1e-13); };
  CHECK(is(whole_losses(kl, steps), arma::mat(1, 2).fill(divergence)));
  CHECK(is(whole_losses(activity, steps), arma::sum(arma::square(mean - 0.1), 0) / 2));
  const auto decorrelation = objective_like("decorrelation");
  CHECK(is(whole_losses(decorrelation, steps), arma::mat(1, 2).fill(arma::accu(arma::square(covariance)) / 2)));
  for (const auto &o : {kl, activity, decorrelation}) {
    INFO(o.entry->words.name);
    task::Gathered<double> gathered;
    for (const auto &signal : steps) task::gather(o, signal, {}, gathered);
    double largest = 0;
    for (std::size_t s = 0; s < steps.size(); ++s) {
      arma::mat gradient(3, 2, arma::fill::zeros);
      task::add_gradient(o, gathered, s, steps[s], 1.0, gradient);
      largest = std::max(largest, arma::abs(gradient).max());
      for (std::size_t k = 0; k < gradient.n_elem; ++k) {
        const double h = 1e-4;
        const auto at = [&](double d) {
          auto moved = steps;
          moved[s][k] += d;
          return arma::accu(whole_losses(o, moved));
        };
        CHECK(gradient[k] ==
              Approx((8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)).epsilon(1e-7).margin(1e-10));
      }
    }
    CHECK(largest > 1e-3);
  }
}
