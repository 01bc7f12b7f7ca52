// These tests check which neurons a pattern joins where only the synapses that exist are kept.
#include "catch.hpp"
#include "network/patterns.hpp"
#include "network/sheet.hpp"
#include "spiking.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

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

namespace {

// Neurons of `a` onto those of `b`, and of `a` onto themselves.
std::string in_total(const std::string &rest, const std::string &connect_rest = "") {
  return R"({ "seed": 3, "time": { "step": 0.1 }, "architecture": { "regions": {
      "a": { "size": 500, "dynamics": "lif", "receptors": { "r": "delta" } },
      "b": { "size": 300, "dynamics": "lif", "receptors": { "r": "delta" } } },
      "projections": [ { "from": "a", "to": "b.r", "connect": { "type": "fixed_total_number", "synapses": 60000)" +
         connect_rest + "}" + rest + R"( },
                       { "from": "a", "to": "a.r", "connect": { "type": "fixed_total_number", "synapses": 60000)" +
         connect_rest + "}" + rest + R"( } ] },
      "task": { "trial": [ { "phase": "run", "duration": 1 } ] } })";
}

struct Joined {
  std::vector<double> in, out;                                   ///< synapses onto and from each neuron
  std::map<std::pair<std::size_t, std::size_t>, double> between; ///< synapses of a pair: post, pre
};

Joined joined(const network::Connectivity &c) {
  Joined out{std::vector<double>(c.posts), std::vector<double>(c.pres), {}};
  for (std::size_t j = 0; j < c.pres; ++j)
    for (std::size_t k = c.first(j, 0); k < c.last(j, c.lags.size() - 1); ++k)
      ++out.in[c.target[k]], ++out.out[j], ++out.between[{c.target[k], j}];
  return out;
}

// Pearson's statistic of counts that should be alike: chi-square with one degree of freedom less than there are.
double pearson(const std::vector<double> &counts) {
  double sum = 0, squares = 0;
  for (const double n : counts) sum += n;
  const double mean = sum / static_cast<double>(counts.size());
  for (const double n : counts) squares += (n - mean) * (n - mean) / mean;
  return squares;
}

} // namespace

TEST_CASE("fixed_total_number makes so many synapses; source and target of each are uniform and independent",
          "[spiking]") {
  const auto text = in_total("", R"(, "autapses": "yes")");
  spiking::Circuit<> c(text);
  for (const std::size_t p : {0, 1}) {
    CAPTURE(p);
    const auto &connectivity = *c.network.sparse[p].synapses.connectivity;
    CHECK(connectivity.size() == 60000);
    const auto there = joined(connectivity);
    // In- and out-degrees are multinomial: chi-square with n − 1 degrees of freedom, sd sqrt(2 (n − 1)).
    for (const auto &degrees : {there.in, there.out}) {
      const double freedom = static_cast<double>(degrees.size()) - 1;
      CHECK(pearson(degrees) == Approx(freedom).margin(4.5 * std::sqrt(2 * freedom)));
    }
    // And so are the synapses of pairs: N_pre N_post cells of mean K / (N_pre N_post).
    const auto cells = static_cast<double>(connectivity.posts * connectivity.pres), mean = 60000 / cells;
    double statistic = (cells - static_cast<double>(there.between.size())) * mean;
    for (const auto &[pair, n] : there.between) statistic += (n - mean) * (n - mean) / mean;
    // The variance of Pearson's statistic with small cells: Haldane 1937, 2 (n − 1) (1 − 1/K).
    CHECK(statistic == Approx(cells - 1).margin(4.5 * std::sqrt(2 * cells)));
    // Pairs with no synapse: cells (1 − 1 / cells)^K, of a variance below their mean.
    const double none = cells * std::exp(60000 * std::log1p(-1 / cells));
    CHECK(cells - static_cast<double>(there.between.size()) == Approx(none).margin(4.5 * std::sqrt(none)));
    if (p == 1) {
      double itself = 0;
      for (const auto &[pair, n] : there.between) itself += pair.first == pair.second ? n : 0;
      CHECK(itself == Approx(60000.0 / 500).margin(4.5 * std::sqrt(60000.0 / 500))); // Poisson
    }
  }
  spiking::Circuit<> without(in_total(""));
  const auto &own = *without.network.sparse[1].synapses.connectivity;
  CHECK(own.size() == 60000);
  for (const auto &[pair, n] : joined(own).between) CHECK(pair.first != pair.second);
  CHECK(pearson(joined(own).in) == Approx(499).margin(4.5 * std::sqrt(2 * 499.0)));
}

TEST_CASE("each synapse of a pair has a weight and a delay of its own", "[spiking]") {
  spiking::Circuit<> c(in_total(R"(, "weights": { "normal": { "mean": 2, "sd": 0.2 } },
                                     "delay": { "normal": { "mean": 1.5, "sd": 0.75, "minimum": 0.05 } })"));
  const auto &synapses = c.network.sparse[0].synapses;
  const auto &connectivity = *synapses.connectivity;
  std::map<std::size_t, std::vector<std::pair<double, double>>> twins; // by pair: weight, delay
  std::set<double> weights;
  double sum = 0, squares = 0;
  for (std::size_t j = 0; j < connectivity.pres; ++j)
    for (std::size_t l = 0; l < connectivity.lags.size(); ++l)
      for (std::size_t k = connectivity.first(j, l); k < connectivity.last(j, l); ++k) {
        const double w = synapses.weight(k);
        twins[j * connectivity.posts + connectivity.target[k]].emplace_back(w, connectivity.lags[l].total());
        weights.insert(w);
        sum += w, squares += w * w;
      }
  CHECK(weights.size() == 60000); // none has another's
  const double mean = sum / 60000;
  CHECK(mean == Approx(2).margin(4.5 * 0.2 / std::sqrt(60000.0)));
  CHECK(std::sqrt(squares / 60000 - mean * mean) == Approx(0.2).epsilon(0.02));
  // Twins are independent: their products have the mean of a product of independents.
  double pairs = 0, weight_product = 0, alike = 0;
  for (const auto &[pair, some] : twins)
    for (std::size_t k = 1; k < some.size(); ++k) {
      weight_product += (some[k].first - 2) * (some[k - 1].first - 2) / 0.04;
      ++pairs;
    }
  double couples = 0; // pairs of exactly two synapses
  for (const auto &[pair, some] : twins)
    if (some.size() == 2) ++couples, alike += some[0].second == some[1].second;
  CHECK(pairs > 8000);
  CHECK(weight_product / pairs == Approx(0).margin(4.5 / std::sqrt(pairs)));
  // Two delays are alike by chance alone: the sum of squares of the shares of all lags.
  std::vector<double> of(connectivity.lags.size());
  for (std::size_t j = 0; j < connectivity.pres; ++j)
    for (std::size_t l = 0; l < of.size(); ++l)
      of[l] += static_cast<double>(connectivity.last(j, l) - connectivity.first(j, l)) / 60000;
  double chance = 0;
  for (const double share : of) chance += share * share;
  CHECK(alike / couples == Approx(chance).margin(4.5 * std::sqrt(chance / couples)));
}

TEST_CASE("a delay that falls below the minimum of its normal distribution is drawn again", "[spiking]") {
  spiking::Circuit<> c(in_total(R"(, "delay": { "normal": { "mean": 1.5, "sd": 0.75, "minimum": 0.05 } })"));
  const auto &connectivity = *c.network.sparse[0].synapses.connectivity;
  std::vector<double> of(200);
  for (std::size_t j = 0; j < connectivity.pres; ++j)
    for (std::size_t l = 0; l < connectivity.lags.size(); ++l)
      of.at(connectivity.lags[l].total()) += static_cast<double>(connectivity.last(j, l) - connectivity.first(j, l));
  // The share of d steps: the normal distribution between (d ∓ ½) 0.1 ms, over what of it lies above 0.05 ms.
  const auto beyond = [](double ms) { return std::erfc((ms - 1.5) / 0.75 / std::sqrt(2.0)) / 2; };
  CHECK(of[0] == 0);
  double statistic = 0, cells = 0;
  for (std::size_t d = 1; d <= 35; ++d) {
    const double at = 0.1 * static_cast<double>(d),
                 expected = 60000 * (beyond(at - 0.05) - beyond(at + 0.05)) / beyond(0.05);
    statistic += (of[d] - expected) * (of[d] - expected) / expected;
    ++cells;
  }
  CHECK(statistic < cells + 4.5 * std::sqrt(2 * cells));
  CHECK(statistic > cells - 4.5 * std::sqrt(2 * cells));
}

TEST_CASE("what several synapses of a pair cannot have is refused, and so is a minimum that nothing reaches",
          "[spiking]") {
  const auto refused = [](const std::string &text, const std::string &why) {
    try {
      model::load_text(text, "m.json", spiking::vocabulary());
      FAIL("not refused: " << why);
    } catch (const input::InputError &error) {
      CHECK_THAT(error.what(), ContainsSubstring(why));
    }
  };
  refused(in_total(R"(, "weights": { "file": "w.npy" })"), "/architecture/projections/0/weights: fixed_total_number");
  refused(in_total(R"(, "delay": { "normal": { "mean": 1, "sd": 0.1, "minimum": 1.4 } })"),
          "/delay/normal/minimum: next to nothing");
  refused(R"({ "architecture": { "regions": { "in": { "size": 3, "dynamics": "input" },
                                              "out": { "size": 3, "dynamics": "static" } },
               "projections": [ { "from": "in", "to": "out", "connect": "fixed_total_number" } ] } })",
          "a compartment has one weight for each pair");
  refused(R"({ "architecture": { "regions": {
               "one": { "size": 1, "dynamics": "lif", "receptors": { "r": "delta" } } },
               "projections": [ { "from": "one", "to": "one.r", "connect": "fixed_total_number" } ] } })",
          "'one' has one neuron, which may not project to itself");
}
