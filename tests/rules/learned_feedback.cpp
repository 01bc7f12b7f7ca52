// With these rules feedback weights learn to be the transpose of the forward weights.
#include "catch.hpp"
#include "circuits.hpp"
#include "command.hpp"
#include "record/run_read.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

using namespace engram;
using circuits::angle, circuits::Circuit;

namespace {

struct Result {
  double train_loss = 0, held_out_loss = 0, accuracy = 0;
  double degrees = 0; // of the feedback weights of the output to the transpose of the forward ones
};

// The mean over seeds.
Result learn(const std::string &model, int seeds, const std::string &arguments = "",
             const std::string &forward = "hidden->output",
             const std::string &feedback = "output.error->hidden.apical") {
  const command::Folder folder;
  Result mean;
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto r = command::engram("run " + command::model(model) + " --quiet --json --out run.nwb --seed " +
                                       std::to_string(seed) + " " + arguments,
                                   folder.path);
    INFO(r.err);
    REQUIRE(r.exit == 0);
    const auto printed = nlohmann::json::parse(command::last_line(r.out));
    if (!printed["train"]["loss"].is_null()) {
      mean.train_loss += printed["train"]["loss"].get<double>() / seeds;
      mean.held_out_loss += printed["held_out"]["loss"].get<double>() / seeds;
      mean.accuracy += printed["held_out"]["accuracy"].get<double>() / seeds;
    }
    const record::RunReader file((folder.path / "run.nwb").string());
    const auto names = file.projections();
    if (std::find(names.begin(), names.end(), feedback) != names.end())
      mean.degrees += angle(file.weights(feedback), file.weights(forward).t()) / seeds;
  }
  return mean;
}

// Replaces projection k of a model by one from `above` to `below` through the transpose of `forward`.
std::string transported(int k, const std::string &above, const std::string &below) {
  return "--set '/architecture/projections/" + std::to_string(k) + "={\"from\": \"" + above + ".error\", \"to\": \"" +
         below + ".apical\", \"weights\": {\"transpose_of\": \"" + below + "->" + above + "\"}}' ";
}

} // namespace

// Kolen & Pollack 1994: both weights receive the same change and decay by the same factor 1 − ηλ, so what tells them
// apart shrinks by that factor at each update, whatever is learnt meanwhile.
TEST_CASE("feedback by Kolen and Pollack's rule tends to the transpose, by 1 - rate decay at each update",
          "[rules][kolen_pollack]") {
  Circuit c;
  const auto in = c.input(5), h1 = c.fixed("h1", 7, "tanh"), h2 = c.fixed("h2", 6, "sigmoid"),
             out = c.fixed("out", 3, "linear");
  constexpr double rate = 0.1, decay = 0.05;
  c.learn("forward", "feedback_alignment", rate);
  c.learn("feedback", "kolen_pollack", rate);
  for (auto &rule : c.model.rules) rule.weight_decay = decay;
  c.connect(in, h1, "forward");
  const std::size_t up[] = {c.connect(h1, h2, "forward"), c.connect(h2, out, "forward")};
  const std::size_t down[] = {c.connect(h2, h1, "feedback", 0, "error", "apical"),
                              c.connect(out, h2, "feedback", 0, "error", "apical")};
  c.objective("mse", out);
  c.phase(1, 1, true);
  c.data(8);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  const auto apart = [&](std::size_t k) -> arma::mat {
    return network.dense[down[k]].weights - network.dense[up[k]].weights.t();
  };
  const arma::mat before[] = {apart(0), apart(1)};
  const arma::mat forward = network.dense[up[1]].weights;
  constexpr int updates = 200;
  for (int k = 0; k < updates; ++k) simulator.run(c.all(true));
  for (const std::size_t k : {0, 1})
    CHECK(arma::approx_equal(apart(k), std::pow(1 - rate * decay, updates) * before[k], "absdiff", 1e-12));
  CHECK(arma::norm(network.dense[up[1]].weights - forward, "fro") > 0.1); // something was learnt
}

namespace {

// Learnt feedback beside fixed feedback and beside backprop, in the same circuit from the same beginnings.
void between(const Result &learnt, const Result &fixed, const Result &backprop) {
  const auto line = [](const char *name, const Result &r) {
    std::ostringstream out;
    out << name << ": loss in training " << r.train_loss << ", held out " << r.held_out_loss << ", accuracy "
        << r.accuracy << ", degrees " << r.degrees << "\n";
    return out.str();
  };
  INFO(line("learnt", learnt) << line("fixed", fixed) << line("backprop", backprop));
  CHECK(learnt.degrees < 25);
  CHECK(fixed.degrees > 25);
  CHECK(learnt.train_loss < 0.7 * fixed.train_loss);
  CHECK(learnt.train_loss < 1.5 * backprop.train_loss);
  CHECK(learnt.held_out_loss < fixed.held_out_loss);
  CHECK(learnt.accuracy >= 0.96);
}

// Akrout et al. 2019 find Kolen-Pollack near backprop where feedback alignment falls behind: in deep networks.
void deep_network(int seeds) {
  const std::string model = "digits/deep-kolen_pollack.json", from = "h4->output", to = "output.error->h4.apical";
  between(learn(model, seeds, "", from, to), learn(model, seeds, "--set /learning/rules/feedback/rate=0", from, to),
          learn(model, seeds,
                transported(5, "output", "h4") + transported(6, "h4", "h3") + transported(7, "h3", "h2") +
                    transported(8, "h2", "h1")));
}

void mirrored_digits(int seeds) {
  const std::string model = "digits/weight_mirror.json";
  between(learn(model, seeds), learn(model, seeds, "--set /learning/rules/mirror/rate=0"),
          learn(model, seeds, transported(2, "output", "hidden")));
}

} // namespace

TEST_CASE("a deep network learns digits by Kolen and Pollack's rule as by backprop", "[rules][kolen_pollack]") {
  deep_network(1);
}
TEST_CASE("a deep network by Kolen and Pollack's rule, ten seeds", "[rules][slow][kolen_pollack]") { deep_network(10); }

TEST_CASE("digits by Kolen and Pollack's rule", "[rules][kolen_pollack]") {
  const auto learnt = learn("digits/kolen_pollack.json", 2);
  CHECK(learnt.accuracy >= 0.96); // 97.3 %
  CHECK(learnt.degrees < 25);
}

// Akrout et al. 2019, section 3: with independent noise of variance σ² in the lower region, the mean change is σ² Wᵀ.
TEST_CASE("the mean change of a weight mirror is the transpose times the variance of the noise",
          "[rules][weight_mirror]") {
  Circuit c;
  const auto in = c.input(1), lower = c.fixed("lower", 6, "linear"), upper = c.fixed("upper", 4, "linear");
  c.model.regions[lower].noise = circuits::typed("gaussian", {{"sd", 0.5}});
  c.learn("mirror", "weight_mirror", 0.1, {{"memory", 1}}); // means stay at 0, where they are
  (void)in;
  const auto up = c.connect(lower, upper), down = c.connect(upper, lower, "mirror", 0, "error", "apical");
  c.phase(1, 0, true, false);
  constexpr std::size_t samples = 40000;
  c.data(samples);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  simulator.measure(c.all(true));
  const arma::mat w = network.dense[up].weights, change = simulator.plasticity().change(down);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 4; ++j) {
      // Var(ξ_i Σ_k w_jk ξ_k) = σ⁴ (Σ_k w_jk² + w_ji²)
      const double of_mean = 0.25 * std::sqrt((arma::accu(arma::square(w.row(j))) + w(j, i) * w(j, i)) / samples);
      CHECK(std::abs(change(i, j) - 0.25 * w(j, i)) < 5 * of_mean);
    }
}

// Rates that have a mean bring outer products of the means into the change; the running means take them out.
TEST_CASE("a weight mirror takes the means of rates out", "[rules][weight_mirror]") {
  const auto mirrored = [](double memory) {
    Circuit c;
    c.input(1);
    const auto lower = c.fixed("lower", 30, "tanh"), upper = c.fixed("upper", 10, "linear");
    c.model.regions[lower].noise = circuits::typed("gaussian", {{"sd", 0.5}});
    c.model.regions[lower].bias = model::Quantity{model::Quantity::Kind::normal, 0.5, 0.5, {}};
    c.learn("mirror", "weight_mirror", 0.02, {{"memory", memory}});
    c.model.rules[0].weight_decay = 1;
    const auto up = c.connect(lower, upper), down = c.connect(upper, lower, "mirror", 0, "error", "apical");
    c.phase(8, 0, true, false);
    c.data(64);
    auto network = c.build<double>();
    const double before = angle(network.dense[down].weights, network.dense[up].weights.t());
    CHECK(before > 60); // independent draws
    simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
    for (std::size_t k = 0; k < 300; ++k) simulator.run({c.trials.training, k, true});
    return angle(network.dense[down].weights, network.dense[up].weights.t());
  };
  const double with = mirrored(0.9), without = mirrored(1);
  INFO("degrees to the transpose: " << with << " with running means, " << without << " without");
  CHECK(with < 25);
  CHECK(without > 45);
}

TEST_CASE("a weight mirror at rest is the transpose", "[rules][weight_mirror]") {
  const auto r =
      learn("credit-assignment/transpose-weight_mirror.json", 1, "", "lower->upper", "upper.error->lower.apical");
  INFO(r.degrees << " degrees");
  CHECK(r.degrees < 10);
}

TEST_CASE("digits by a weight mirror, better than by fixed feedback", "[rules][weight_mirror]") { mirrored_digits(1); }
TEST_CASE("digits by a weight mirror, ten seeds", "[rules][slow][weight_mirror]") { mirrored_digits(10); }
