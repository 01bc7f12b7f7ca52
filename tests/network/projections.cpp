// These tests check the two kinds of projections in a network, and weights that follow another projection's.
#include "catch.hpp"
#include "circuits.hpp"
#include "spiking.hpp"

using namespace engram;
using circuits::Circuit;

TEST_CASE("projections of both kinds keep the order of the model, and biases come last", "[network]") {
  const auto model = model::load_text(R"({ "architecture": { "regions": {
      "source": { "size": 3, "dynamics": { "type": "poisson", "rate": 5 } },
      "cell": { "size": 2, "bias": 0.5, "dynamics": "lif", "receptors": { "r": "delta" } },
      "out": { "size": 1, "bias": 0.1, "dynamics": "static" } },
    "projections": [
      { "name": "a", "from": "source", "to": "cell.r" }, { "name": "b", "from": "cell.spike", "to": "out" },
      { "name": "c", "from": "cell", "to": "cell.r" }, { "name": "d", "from": "out", "to": "cell", "delay": 1 } ] },
    "task": { "trial": [ { "phase": "run", "duration": 1 } ] } })",
                                      "m.json", spiking::vocabulary());
  auto network = network::build<double>(model, {});
  std::vector<std::string> names;
  std::vector<std::size_t> indices;
  network::each_projection(network, [&](const network::Projection &p) {
    names.push_back(p.name);
    indices.push_back(p.index);
  });
  CHECK(names == std::vector<std::string>{"a", "b", "c", "d", "cell.bias", "out.bias"});
  CHECK(indices == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
  for (const std::size_t k : indices) {
    CAPTURE(k);
    CHECK(network.at(k).name == names[k]);
    const bool is_sparse = k == 0 || k == 2;
    CHECK((network.sparse_at(k) != nullptr) == is_sparse);
    CHECK((network.dense_at(k) == nullptr) == is_sparse);
    CHECK(network.at(k).is_bias() == (k > 3));
  }
  CHECK(network.dense_at(6) == nullptr);
}

TEST_CASE("signs are those of what another projection's weights are, through transposes and other signs", "[network]") {
  Circuit c;
  const auto in = c.input(3), out = c.fixed("out", 4, "linear");
  const auto follow = [&](std::size_t p, std::size_t other, model::Weights::Kind kind, double gain = 1) {
    c.model.projections[p].weights.kind = kind;
    c.model.projections[p].weights.other = other;
    c.model.projections[p].weights.a = gain;
  };
  using Kind = model::Weights::Kind;
  // Each stands before the one that it follows.
  const auto of_signs = c.connect(in, out), of_transpose = c.connect(in, out, "", 1), signs = c.connect(out, in),
             transpose = c.connect(out, in, "", 1), forward = c.connect(in, out, "", 2);
  follow(of_signs, signs, Kind::sign_of);
  follow(of_transpose, transpose, Kind::sign_of);
  follow(signs, forward, Kind::sign_of);
  follow(transpose, forward, Kind::transpose_of, -0.5);
  auto network = c.build<double>();
  const auto agree = [&] {
    const arma::mat w = arma::sign(network.dense[forward].weights);
    CHECK(arma::approx_equal(arma::sign(network.dense[signs].weights), w.t(), "absdiff", 0));
    CHECK(arma::approx_equal(arma::sign(network.dense[of_signs].weights), w, "absdiff", 0));
    CHECK(arma::approx_equal(arma::sign(network.dense[of_transpose].weights), -w, "absdiff", 0));
  };
  agree();
  const arma::mat magnitude = arma::abs(network.dense[of_signs].weights);
  network.dense[forward].weights *= -1;
  network::refresh_signs(network);
  agree();
  CHECK(arma::approx_equal(arma::abs(network.dense[of_signs].weights), magnitude, "absdiff", 0));
}

TEST_CASE("no weights follow those of synapses that carry spikes", "[network]") {
  const auto refusal = [](const std::string &weights) -> std::string {
    try {
      model::load_text(R"({ "architecture": { "regions": {
          "source": { "size": 2, "dynamics": { "type": "poisson", "rate": 5 } },
          "cell": { "size": 2, "dynamics": "lif", "receptors": { "r": "delta" } },
          "out": { "size": 2, "dynamics": "static" } },
        "projections": [ { "name": "spiking", "from": "source", "to": "cell.r" },
                         { "from": "cell.spike", "to": "out", "weights": )" +
                           weights + R"( } ] },
        "task": { "trial": [ { "phase": "run", "duration": 1 } ] } })",
                       "m.json", spiking::vocabulary());
    } catch (const input::InputError &error) {
      return error.what();
    }
    return "";
  };
  for (const std::string kind : {"transpose_of", "sign_of", "copy_of"})
    CHECK_THAT(refusal("{ \"" + kind + "\": \"spiking\" }"),
               ContainsSubstring("/architecture/projections/1/weights: 'spiking' carries spikes"));
}

TEST_CASE("feedback of the same sign follows the forward weights", "[network]") {
  Circuit c;
  const auto in = c.input(3), h = c.fixed("h", 4), out = c.fixed("out", 2, "linear");
  c.learn("r", "feedback_alignment", 0.5);
  c.connect(in, h, "r");
  const auto forward = c.connect(h, out, "r"), back = c.connect(out, h, "", 0, "error", "apical");
  c.model.projections[back].weights.kind = model::Weights::Kind::sign_of;
  c.model.projections[back].weights.other = forward;
  c.objective("mse", out);
  c.phase(1, true, true);
  c.data(10);
  auto network = c.build<double>();
  simulation::Simulator<double> simulator(c.model, network, c.trials, c.rules, {}, 1);
  const arma::mat magnitude = arma::abs(network.dense[back].weights);
  const arma::mat before = arma::sign(network.dense[forward].weights);
  for (int k = 0; k < 200; ++k) simulator.run(c.all(true));
  const auto &w = network.dense[forward].weights;
  CHECK(arma::approx_equal(network.dense[back].weights, magnitude % arma::sign(w.t()), "absdiff", 0.0));
  CHECK(arma::accu(arma::sign(w) != before) > 0); // some synapse has changed its sign, and the feedback with it
}
