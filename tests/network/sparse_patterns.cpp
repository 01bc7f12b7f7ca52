// These tests check which neurons a pattern joins where only the synapses that exist are kept.
#include "catch.hpp"
#include "network/patterns.hpp"
#include "network/sheet.hpp"
#include "spiking.hpp"

#include <algorithm>
#include <cmath>

using namespace engram;

TEST_CASE("each pattern joins the neurons that it says", "[spiking]") {
  const auto with = [](const std::string &connect) {
    return std::string(R"({ "seed": 2, "architecture": { "regions": {
      "a": { "size": 400, "dynamics": "lif", "receptors": { "r": "delta" } },
      "b": { "size": 300, "dynamics": "lif", "receptors": { "r": "delta" } } },
      "projections": [ { "from": "a", "to": "b.r", "connect": )" +
                       connect + R"( },
                       { "from": "a", "to": "a.r", "connect": )" +
                       connect + R"( } ] },
      "task": { "trial": [ { "phase": "run", "duration": 1 } ] } })");
  };
  const auto connectivity = [](const spiking::Circuit<> &c, std::size_t p) -> const network::Connectivity & {
    return *c.network.sparse[p].synapses.connectivity;
  };
  const auto no_twins = [](const network::Connectivity &j) {
    for (std::size_t pre = 0; pre < j.pres; ++pre)
      for (std::size_t k = j.first(pre, 0) + 1; k < j.last(pre, 0); ++k)
        if (j.target[k] <= j.target[k - 1]) return false;
    return true;
  };
  const auto has_autapse = [](const network::Connectivity &j) {
    for (std::size_t pre = 0; pre < j.pres; ++pre)
      if (std::binary_search(j.target.begin() + static_cast<std::ptrdiff_t>(j.first(pre, 0)),
                             j.target.begin() + static_cast<std::ptrdiff_t>(j.last(pre, 0)), pre))
        return true;
    return false;
  };
  SECTION("fixed_probability: a binomial number of synapses, none twice, none onto itself") {
    spiking::Circuit<> c(with(R"({"type": "fixed_probability", "probability": 0.2})"));
    CHECK(static_cast<double>(connectivity(c, 0).size()) == Approx(24000).margin(4 * std::sqrt(24000 * 0.8)));
    CHECK(no_twins(connectivity(c, 0)));
    CHECK_FALSE(has_autapse(connectivity(c, 1)));
    spiking::Circuit<> with_autapses(with(R"({"type": "fixed_probability", "probability": 0.2, "autapses": "yes"})"));
    CHECK(has_autapse(connectivity(with_autapses, 1)));
  }
  SECTION("fixed_indegree: as many onto each, from different sources that are drawn alike") {
    spiking::Circuit<> c(with(R"({"type": "fixed_indegree", "indegree": 37})"));
    for (const std::size_t p : {0, 1}) {
      const auto &j = connectivity(c, p);
      std::vector<int> onto(j.posts, 0);
      for (const auto i : j.target) ++onto[i];
      for (const int count : onto) CHECK(count == 37);
      CHECK(no_twins(j));
      std::vector<double> from;
      for (std::size_t pre = 0; pre < j.pres; ++pre)
        from.push_back(static_cast<double>(j.last(pre, 0) - j.first(pre, 0)));
      const double mean = 37.0 * static_cast<double>(j.posts) / static_cast<double>(j.pres);
      double variance = 0;
      for (const double n : from) variance += (n - mean) * (n - mean) / static_cast<double>(from.size());
      CHECK(variance == Approx(mean * (1 - 37.0 / 400)).epsilon(0.35)); // binomial
    }
    CHECK_FALSE(has_autapse(connectivity(c, 1)));
  }
  SECTION("gaussian: fewer with distance, as its bell says") {
    spiking::Circuit<> c(with(R"({"type": "gaussian", "sigma": 0.15, "peak": 0.8})"));
    const auto &j = connectivity(c, 0);
    double near = 0, expected_near = 0, all = 0, expected = 0;
    for (std::size_t pre = 0; pre < j.pres; ++pre) {
      const auto at = network::position_on_sheet(pre, j.pres);
      std::vector<bool> there(j.posts, false);
      for (std::size_t k = j.first(pre, 0); k < j.last(pre, 0); ++k) there[j.target[k]] = true;
      for (std::size_t i = 0; i < j.posts; ++i) {
        const auto to = network::position_on_sheet(i, j.posts);
        const double d2 = std::pow(at.x - to.x, 2) + std::pow(at.y - to.y, 2), p = 0.8 * std::exp(-d2 / 2 / 0.0225);
        all += there[i];
        expected += p;
        if (d2 < 0.01) near += there[i], expected_near += p;
      }
    }
    CHECK(all == Approx(expected).epsilon(0.03));
    CHECK(near == Approx(expected_near).epsilon(0.04));
  }
  SECTION("the weights and neurons of a sparse projection are those that a dense matrix would have") {
    spiking::Circuit<> c(R"({ "seed": 2, "architecture": { "regions": {
      "a": { "size": 40, "dynamics": { "type": "poisson", "rate": 5 } },
      "b": { "size": 30, "dynamics": "lif", "receptors": { "r": "delta" } } },
      "projections": [
        { "name": "p", "from": "a", "to": "b.r", "connect": { "type": "fixed_probability", "probability": 0.3 },
          "weights": { "normal": { "mean": 1, "sd": 0.5 } } } ] },
      "task": { "trial": [ { "phase": "run", "duration": 1 } ] } })");
    spiking::Circuit<> d(R"({ "seed": 2, "architecture": { "regions": {
      "a": { "size": 40, "dynamics": "input" },
      "b": { "size": 30, "dynamics": "static" } },
      "projections": [
        { "name": "p", "from": "a", "to": "b", "connect": { "type": "fixed_probability", "probability": 0.3 },
          "weights": { "normal": { "mean": 1, "sd": 0.5 } } } ] },
      "task": { "trial": [ { "phase": "run", "duration": 1 } ] } })");
    const auto &j = connectivity(c, 0);
    arma::mat sparse(30, 40, arma::fill::zeros);
    for (std::size_t pre = 0; pre < 40; ++pre)
      for (std::size_t k = j.first(pre, 0); k < j.last(pre, 0); ++k)
        sparse(j.target[k], pre) = c.network.sparse[0].synapses.weight(k);
    CHECK(arma::abs(sparse - d.network.dense[0].weights).max() == 0);
    CHECK(j.size() > 200);
  }
}
