// Wrong labels may be drawn in proportion to the rates of the output. These tests count them.
#include "catch.hpp"
#include "circuits.hpp"

#include <cmath>

using namespace engram;
using circuits::Circuit;

namespace {

constexpr std::size_t classes = 4, trials = 4000;

struct Watch final : simulation::Observer<double> {
  arma::mat label;
  void step(std::size_t k, const network::Signals<double> &signals) override {
    if (k == 2) label = signals[0][network::Signal::rate]; // the second of the two steps
  }
};

// The labels shown to the label neurons in a phase that follows one in which the output had the rates `bias`.
arma::mat shown(const std::vector<double> &bias, std::size_t epoch = 0) {
  Circuit c;
  c.region("label", classes, circuits::typed("input"));
  const auto output = c.fixed("output", classes, "linear");
  c.model.regions[output].bias.kind = model::Quantity::Kind::values;
  c.model.regions[output].bias.values = bias;
  c.objective("cross_entropy", output);
  c.phase(1, false, false, false);
  c.phase(2, false, false, false);
  c.model.task.trial.back().stimuli.push_back({0, "likely_wrong_targets"});
  c.trials.count = trials;
  for (std::size_t k = 0; k < trials; ++k) {
    c.trials.training.push_back(k);
    c.trials.labels.push_back(static_cast<std::int64_t>(k % classes));
  }
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  Watch observer;
  simulator.run({c.trials.training, epoch, true}, &observer);
  return observer.label;
}

} // namespace

TEST_CASE("wrong labels are drawn in proportion to the rates of the output", "[simulation]") {
  // Rates below 0 are none; where no wrong label has any, each is drawn as often.
  const std::vector<double> bias = GENERATE(std::vector<double>{0.1, 0.2, 0.3, 0.4}, std::vector<double>{2, 0, 6, -1},
                                            std::vector<double>{0, 0, 0, -3});
  const arma::mat label = shown(bias);
  REQUIRE(label.n_cols == trials);
  CHECK(arma::all(arma::sum(label, 0) == 1.0));
  for (std::size_t right = 0; right < classes; ++right) {
    arma::vec rate = arma::clamp(arma::vec(bias), 0, arma::datum::inf);
    rate[right] = 0;
    if (arma::accu(rate) == 0) {
      rate.fill(1);
      rate[right] = 0;
    }
    const arma::vec p = rate / arma::accu(rate);
    const double n = static_cast<double>(trials) / classes;
    arma::vec count(classes);
    for (std::size_t k = right; k < trials; k += classes) count += label.col(k);
    for (std::size_t i = 0; i < classes; ++i) // 4 standard deviations of a binomial number
      CHECK(std::abs(count[i] - n * p[i]) <= 4 * std::sqrt(n * p[i] * (1 - p[i])));
    CHECK(count[right] == 0);
  }
}

TEST_CASE("wrong labels are drawn anew in each epoch, and the same for the same seed", "[simulation]") {
  const std::vector<double> bias{0.1, 0.2, 0.3, 0.4};
  CHECK(arma::approx_equal(shown(bias), shown(bias), "absdiff", 0));
  CHECK(arma::accu(shown(bias, 0) % shown(bias, 1)) < 0.9 * trials);
}
