// These rules find the directions in which the input varies: sanger, anti_hebbian with oja, covariance.
#include "catch.hpp"
#include "data/dataset.hpp"
#include "rules/unsupervised.hpp"

#include <numeric>

using namespace unsupervised;

namespace {

constexpr std::size_t wide = 6, many = 200, found = 4;

// Centred inputs whose covariance has the eigenvalues 5, 3, 1.8, 1, 0.5, 0.2 exactly, along random directions.
arma::mat correlated() {
  arma::mat z = normals(wide, many, 3);
  z.each_col() -= arma::mean(z, 1);
  z = arma::solve(arma::trimatl(arma::chol(z * z.t() / double(many), "lower")), z);
  const arma::vec values{5, 3, 1.8, 1, 0.5, 0.2};
  arma::mat q, r;
  arma::qr(q, r, normals(wide, wide, 4));
  return q * arma::diagmat(arma::sqrt(values)) * z;
}

Circuit by_sanger() {
  Circuit c;
  const auto in = c.input(wide), out = c.fixed("out", found, "linear");
  c.learn("components", "sanger", 0.05);
  c.connect(in, out, "components", 0, "rate", "soma", 0.3);
  c.phase(1, false, true);
  show(c, correlated());
  return c;
}

// Oja's rule forward; lateral synapses down the hierarchy, unless the rate of their learning is 0.
Circuit by_decorrelation(double lateral_rate) {
  Circuit c;
  c.model.time.integrator = circuits::typed("euler");
  const auto in = c.input(wide), out = c.leaky("out", found, "linear", 1); // τ is one step: exact after `found` steps
  c.learn("oja", "oja", 0.05);
  c.learn("decorrelate", "anti_hebbian", lateral_rate);
  c.connect(in, out, "oja", 0, "rate", "soma", 0.3);
  const auto lateral = c.connect(out, out, "decorrelate");
  c.model.projections[lateral].connect = circuits::typed("hierarchical");
  c.model.projections[lateral].weights.kind = model::Weights::Kind::constant;
  c.model.projections[lateral].weights.a = 0;
  c.phase(found, false, false);
  c.phase(1, false, true);
  show(c, correlated());
  return c;
}

// |cosine| between each neuron's weights and the principal component of its number.
arma::vec agreement(const arma::mat &weights, const arma::mat &inputs) {
  const arma::mat components = arma::princomp(inputs.t());
  arma::vec out(weights.n_rows);
  for (std::size_t i = 0; i < weights.n_rows; ++i)
    out[i] = std::abs(arma::dot(arma::normalise(weights.row(i).t()), components.col(i)));
  return out;
}

// The digits' pixels, 64 × 1797, as they are shown.
arma::mat digits() {
  const auto set = data::load_dataset("digits", {std::string(ENGRAM_SOURCE_DIR) + "/models/data", {}});
  std::vector<std::size_t> rows(1797);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  arma::mat x(64, rows.size());
  set.inputs.gather(rows, set.scale, x.memptr());
  return x;
}

} // namespace

TEST_CASE("sanger is y x' - LT(y y') W, over many tiles of synapses", "[rules][sanger]") {
  // Sanger 1989: C(t+1) = C(t) + γ (y xᵀ − LT[y yᵀ] C(t)), LT: the lower triangle with the diagonal.
  Circuit c;
  const auto in = c.input(150), out = c.fixed("out", 7, "linear");
  c.learn("components", "sanger");
  const auto p = c.connect(in, out, "components");
  c.phase(1, false, true);
  show(c, normals(150, 9, 5));
  Running one(c), two(c, 2);
  const arma::mat w = one.weights(p), x = normals(150, 9, 5), y = w * x;
  const arma::mat expected = (y * x.t() - arma::trimatl(y * y.t()) * w) / 9;
  const arma::mat change = one.change(p);
  CHECK(arma::abs(change - expected).max() < 1e-12);
  CHECK(arma::approx_equal(change, two.change(p), "absdiff", 0.0));
  CHECK(circuits::rule("sanger")->local == 0); // it reads the weights of other neurons, and says so
}

TEST_CASE("sanger finds the principal components in their order", "[rules][sanger]") {
  const auto c = by_sanger();
  Running circuit(c);
  circuit.learn(3000);
  const arma::mat w = circuit.weights(0);
  CHECK(agreement(w, correlated()).min() > 1 - 1e-9);
  CHECK(arma::abs(w * w.t() - arma::eye(found, found)).max() < 1e-9);
}

TEST_CASE("anti-Hebbian lateral synapses find the same components, locally", "[rules][anti_hebbian]") {
  const auto c = by_decorrelation(0.1);
  Running circuit(c);
  circuit.learn(6000);
  const arma::mat w = circuit.weights(0);
  CHECK(agreement(w, correlated()).min() > 1 - 1e-9);
  CHECK(arma::abs(w * w.t() - arma::eye(found, found)).max() < 1e-8);
  CHECK(arma::abs(circuit.weights(1)).max() < 1e-8); // Rubner & Tavan 1989: the lateral weights vanish
  CHECK(circuits::rule("anti_hebbian")->local == 1);

  // The two networks agree neuron by neuron.
  const auto other = by_sanger();
  Running sanger(other);
  sanger.learn(3000);
  const arma::mat both = arma::abs(w * sanger.weights(0).t());
  CHECK(arma::abs(both - arma::eye(found, found)).max() < 1e-8);

  // Without lateral synapses that learn, all neurons find the first component: it is they that order the others.
  const auto alone = by_decorrelation(0);
  Running control(alone);
  control.learn(6000);
  const arma::vec first = arma::princomp(correlated().t()).eval().col(0);
  CHECK(arma::abs(arma::abs(control.weights(0) * first) - 1).max() < 1e-9);
}

TEST_CASE("anti_hebbian on lateral synapses takes correlations away, and on a bias the mean", "[rules][anti_hebbian]") {
  Circuit c;
  const auto in = c.input(3), out = c.fixed("out", 2, "linear");
  c.learn("decorrelate", "anti_hebbian", 0.5);
  c.connect(in, out);
  c.model.regions[out].bias_rules = {"decorrelate"};
  c.phase(1, false, true);
  show(c, normals(3, 40, 8) + 2);
  Running circuit(c);
  circuit.learn(100); // the mean falls by half each time
  const arma::vec mean = arma::mean(circuit.weights(0) * (normals(3, 40, 8) + 2), 1);
  CHECK(arma::abs(mean + circuit.weights(1)).max() < 1e-12);
}

TEST_CASE("pca-sanger.json and pca-anti_hebbian.json find the components of the digits",
          "[rules][sanger][anti_hebbian]") {
  const arma::mat x = digits();
  const arma::vec variances = arma::sort(arma::eig_sym(arma::cov(x.t())), "descend");
  // How far apart they are says how fast the components are told from one another: 179, 164, 142, 101, 70, 59 and 52
  // for pixels from 0 to 16.
  CHECK(256 * variances[0] == Approx(179.0).margin(0.1));
  CHECK(256 * variances[5] == Approx(59.1).margin(0.1));
  for (const std::string name : {"unsupervised/pca-sanger.json", "unsupervised/pca-anti_hebbian.json"}) {
    command::Folder folder;
    const auto file = run_file(folder, name);
    const arma::mat w = file.weights("centred->components");
    const arma::vec along = agreement(w, x);
    INFO(name << ": " << along.t());
    CHECK(along.min() > 0.98);
    CHECK(arma::abs(w * w.t() - arma::eye(6, 6)).max() < 0.1);
    CHECK(arma::abs(arma::vectorise(file.weights("centred.bias")) + arma::mean(x, 1)).max() < 0.05);
  }
}

TEST_CASE("the mean change of covariance is the covariance of the two rates", "[rules][covariance]") {
  // Two neurons that share a cause, seen one trial at a time, and one that is independent. All have mean 1, so that
  // plain Hebb would let every weight grow (by 1 for the independent one).
  constexpr std::size_t trials = 20000;
  const arma::mat z = normals(3, trials, 11);
  arma::mat pre(2, trials), post(1, trials);
  pre.row(0) = 1 + z.row(0);
  pre.row(1) = 1 + z.row(1);
  post.row(0) = 1 + 0.6 * z.row(0) + 0.8 * z.row(2);
  Circuit c;
  const auto in = c.input(2), teacher = c.region("teacher", 1, circuits::typed("input"));
  const auto out = c.fixed("out", 1, "linear");
  c.learn("covary", "covariance", 1.0 / trials, {{"tau", 200}});
  // The plastic synapses end on the apical compartment, which does not drive the rate: what is learnt leaves it alone.
  const auto p = c.connect(in, out, "covary", 0, "rate", "apical"), driven = c.connect(teacher, out);
  for (const auto k : {p, driven}) c.model.projections[k].weights.kind = model::Weights::Kind::constant;
  c.model.projections[p].weights.a = 0;
  c.phase(1, false, true);
  show(c, post, "teacher");
  show(c, pre);
  c.model.task.trial[0].stimuli.push_back({teacher, "teacher"});
  Running circuit(c);
  circuit.learn_one_by_one();
  const arma::mat w = circuit.weights(p);
  // Standard error of a mean product over 20000 trials: 1.2 / √20000 = 0.008. The running means lag: + 1/400 of it,
  // and the first 200 trials, in which they rise from 0, add 1 · 100 / 20000 = 0.005.
  CHECK(w(0, 0) == Approx(0.6).margin(0.03));
  CHECK(w(0, 1) == Approx(0).margin(0.03));
  CHECK(arma::as_scalar(arma::mean(pre.row(1) % post, 1)) == Approx(1).margin(0.05)); // what plain Hebb would learn

  // All trials at once, with means that have arrived: the covariance matrix itself.
  c.model.rules[0].rate = 0;
  Circuit at_once = c;
  at_once.model.rules[0].parameters["tau"] = 0.01;
  Running exact(at_once);
  exact.learn(2);
  CHECK(arma::abs(exact.change(p) - arma::cov(post.t(), pre.t(), 1)).max() < 1e-12);
}

TEST_CASE("association-covariance.json: cues that go with the teacher, against it, and neither",
          "[rules][covariance]") {
  command::Folder folder;
  const arma::mat w = run_file(folder, "memory/association-covariance.json").weights("cues->memory.apical");
  // 1000 steps of 0.001 · covariance (1, 0, −0.5), and what the first few learn before the means have arrived: less
  // than 0.001 · Σ e^{−n} · mean² = 0.0016.
  CHECK(w(0, 0) == Approx(1).margin(0.002));
  CHECK(w(0, 1) == Approx(0).margin(0.002));
  CHECK(w(0, 2) == Approx(-0.5).margin(0.002));
}

TEST_CASE("digits are read from what was learnt without labels", "[rules][sanger][anti_hebbian][covariance][bcm]") {
  // 360 trials held out, 1437 to learn from. A readout by the delta rule; of covariance, no hidden region.
  const auto accuracy = [](const std::string &name) { return command::held_out_accuracy("digits/" + name + ".json"); };
  CHECK(accuracy("sanger") >= 0.92);
  CHECK(accuracy("anti_hebbian") >= 0.91);
  CHECK(accuracy("bcm") >= 0.91);
  CHECK(accuracy("covariance") >= 0.84);
}

TEST_CASE("digits are read from a sparse code", "[rules][foldiak][slow]") {
  command::Folder folder;
  const auto file = run_file(folder, "digits/foldiak.json");
  CHECK(file.curve().back().held_out_accuracy >= 0.91);
  // Each neuron is active as often as it should be: p = 0.1.
  const arma::mat rate = recorded(file, "hidden");
  const double active = static_cast<double>(arma::accu(rate > 0.5)) / static_cast<double>(rate.n_elem);
  CHECK(active == Approx(0.1).margin(0.02));
}
