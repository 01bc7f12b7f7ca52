// These tests compare mean responses and time courses of two sides, and check the intervals.
#include "catch.hpp"
#include "input/input_error.hpp"
#include "measures/cka.hpp"
#include "measures/noise_covariance.hpp"
#include "measures/procrustes.hpp"
#include "measures/rdm.hpp"
#include "measures/rsa.hpp"
#include "measures/svcca.hpp"
#include "numeric/random.hpp"
#include "recordings/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace engram;

namespace {

arma::mat noise(arma::uword rows, arma::uword columns, std::uint64_t seed) {
  const numeric::Random random{seed, numeric::Purpose::noise, 0};
  arma::mat out(rows, columns);
  random.normals(out.memptr(), out.n_elem);
  return out;
}

// Conditions × neurons in each bin, one repeat.
recordings::Area area_of(const std::string &name, const std::vector<arma::mat> &bins) {
  recordings::Area area;
  area.name = name;
  recordings::Responses responses;
  for (arma::uword c = 0; c < bins[0].n_rows; ++c) responses.conditions.push_back(std::to_string(c));
  for (arma::uword n = 0; n < bins[0].n_cols; ++n) responses.neurons.push_back(std::to_string(n));
  for (const arma::mat &bin : bins) {
    responses.values.emplace_back(bin.n_rows, bin.n_cols, 1);
    responses.values.back().slice(0) = bin;
  }
  area.conditions = responses.conditions;
  area.condition_count = bins[0].n_rows;
  area.responses = std::move(responses);
  return area;
}

// By one method.
recordings::Result compared(recordings::Config config, const std::string &method, const recordings::Area &region,
                            const recordings::Area &area) {
  config.methods = {recordings::method_of(method)};
  return recordings::compare(config, {region}, {area}, {}, {}).results.at(0);
}

} // namespace

TEST_CASE("time courses correlate over conditions and bins, with an interval over conditions", "[recordings]") {
  std::vector<arma::mat> x, y;
  for (std::uint64_t t = 0; t < 4; ++t) {
    x.emplace_back(noise(12, 3, 2 * t));
    y.emplace_back(x.back() + 2 * noise(12, 3, 2 * t + 1));
  }
  recordings::Config config;
  config.bootstrap = 400;
  const auto found = compared(config, "psth", area_of("a", x), area_of("b", y));
  arma::vec a, b;
  for (std::size_t t = 0; t < 4; ++t) {
    a = arma::join_cols(a, arma::vec(arma::mean(x[t], 1)));
    b = arma::join_cols(b, arma::vec(arma::mean(y[t], 1)));
  }
  const double r = arma::as_scalar(arma::cor(a, b));
  CHECK(found.value == Approx(r).epsilon(1e-12));
  // Fisher's z of 48 independent values has a deviation of 1 / √45; the bootstrap draws 12 conditions of 4.
  const double width =
      std::tanh(std::atanh(r) + 1.96 / std::sqrt(45)) - std::tanh(std::atanh(r) - 1.96 / std::sqrt(45));
  CHECK(found.ci.low < r);
  CHECK(found.ci.high > r);
  CHECK(found.ci.high - found.ci.low == Approx(width).epsilon(0.4));
  const auto same = compared(config, "psth", area_of("a", x), area_of("c", x));
  CHECK(same.ci.low == Approx(1));
  config.bootstrap = 0;
  CHECK(std::isnan(compared(config, "psth", area_of("a", x), area_of("b", y)).ci.low));
}

TEST_CASE("whitened cosines say what noise they take", "[recordings]") {
  recordings::Config config;
  config.bootstrap = 0;
  config.methods = {recordings::method_of("rsa:euclidean:whitened_cosine")};
  const auto area = area_of("a", {noise(6, 4, 1)});
  const auto found = recordings::compare(config, {area}, {area}, {}, {});
  CHECK(found.results.at(0).value == Approx(1));
  CHECK_THAT(found.notes.back(), ContainsSubstring("whitened_cosine takes the noise of the conditions as independent"));
  // With repeats it takes theirs: condition 3 is noisy, and counts little.
  arma::cube repeats(6, 4, 3);
  for (arma::uword r = 0; r < 3; ++r) {
    arma::mat off = 0.2 * noise(6, 4, 20 + r);
    off.row(3) *= 20;
    repeats.slice(r) = noise(6, 4, 1) + off;
  }
  auto recorded = area;
  recorded.responses->values = {repeats};
  const auto value = [&](const std::string &method) {
    config.methods = {recordings::method_of("rsa:euclidean:whitened_cosine" + method)};
    const auto compared = recordings::compare(config, {area}, {recorded}, {}, {});
    REQUIRE(compared.results.size() == 1);
    CHECK(compared.notes.empty() == !method.empty());
    return compared.results[0].value;
  };
  const auto pairs_of = [](const arma::mat &x) { return measures::upper_triangle(measures::euclidean_rdm(x)); };
  const arma::vec a = pairs_of(noise(6, 4, 1)), b = pairs_of(arma::mat(arma::mean(repeats, 2)));
  CHECK(value(":independent") == Approx(measures::whitened_cosine(
                                     a, b, measures::RdmWhitening(measures::independent_condition_noise(repeats)))));
  CHECK(value(":correlated") ==
        Approx(measures::whitened_cosine(a, b, measures::RdmWhitening(measures::correlated_condition_noise(repeats)))));
  CHECK(value(":independent") > value("") + 0.02);
  config.methods = {recordings::method_of("rsa:euclidean:whitened_cosine:independent")};
  const auto without = recordings::compare(config, {area}, {area}, {}, {});
  CHECK(without.results.empty());
  CHECK_THAT(without.notes.back(), ContainsSubstring("no two repeats"));
  CHECK_THROWS_AS(recordings::method_of("rsa:euclidean:cosine:independent"), input::InputError);
}

// Three animals see the model's responses, each through noise of its own.
TEST_CASE("areas of one name are the subjects of one comparison of dissimilarities", "[recordings]") {
  recordings::Config config;
  config.bootstrap = 100;
  config.methods = {recordings::method_of("rsa:euclidean:pearson"), recordings::method_of("cka")};
  const arma::mat seen = noise(12, 6, 1);
  const auto region = area_of("region", {seen});
  std::vector<recordings::Area> animals;
  for (std::uint64_t k = 0; k < 3; ++k) {
    animals.push_back(area_of("IT (animal " + std::to_string(k) + ")", {seen + 0.7 * noise(12, 6, 30 + k)}));
    animals.back().common = "IT";
  }
  auto found = recordings::compare(config, {region}, animals, {}, {});
  REQUIRE(found.results.size() == 4); // one of rsa, and one of cka for each
  arma::mat subjects(66, 3);
  for (arma::uword k = 0; k < 3; ++k)
    subjects.col(k) = measures::upper_triangle(measures::euclidean_rdm(animals[k].responses->values[0].slice(0)));
  const arma::vec model = measures::upper_triangle(measures::euclidean_rdm(seen));
  const auto ceiling = measures::noise_ceiling(subjects, measures::RdmComparison::pearson);
  CHECK(found.results[0].area == "IT");
  CHECK(found.results[0].neurons == 18);
  CHECK(found.results[0].value ==
        Approx((measures::pearson(model, subjects.col(0)) + measures::pearson(model, subjects.col(1)) +
                measures::pearson(model, subjects.col(2))) /
               3));
  CHECK(found.results[0].ceiling.low == Approx(ceiling.lower));
  CHECK(found.results[0].ceiling.high == Approx(ceiling.upper));
  CHECK(found.results[3].area == "IT (animal 2)");
  // Of few conditions and three animals, each way of drawing has its width; drawing both has the greatest.
  std::vector<double> width;
  for (const char *resample : {"conditions", "subjects", "both"}) {
    config.methods = {recordings::method_of(std::string("rsa:euclidean:pearson:resample=") + resample)};
    const auto ci = recordings::compare(config, {region}, animals, {}, {}).results.at(0).ci;
    width.push_back(ci.high - ci.low);
  }
  CHECK(width[2] > width[0]);
  CHECK(width[2] > width[1]);
  config.methods = {recordings::method_of("rsa:euclidean:pearson:resample=subjects")};
  CHECK_THAT(recordings::compare(config, {region}, {region}, {}, {}).notes.back(),
             ContainsSubstring("has one subject"));
}

namespace {

struct Coverage {
  double of_many = 0; ///< share of the intervals that hold the value of very many conditions
  double of_mean = 0; ///< that hold the mean over repetitions, of as many conditions
  double bias = 0;    ///< of the values
};

// Areas of 12 neurons see conditions through 4 common variables and noise.
std::pair<arma::mat, arma::mat> two_areas(arma::uword conditions, std::uint64_t seed) {
  static const arma::mat to_x = noise(4, 12, 1), to_y = noise(4, 12, 2);
  const arma::mat common = noise(conditions, 4, seed);
  return {common * to_x + 2 * noise(conditions, 12, seed + 1), common * to_y + 2 * noise(conditions, 12, seed + 2)};
}

Coverage coverage_of(const std::string &name, double truth, arma::uword conditions) {
  constexpr std::size_t repetitions = 200;
  std::vector<recordings::Result> found;
  double mean = 0;
  for (std::uint64_t k = 0; k < repetitions; ++k) {
    const auto [x, y] = two_areas(conditions, 10 + 3 * k);
    found.push_back(compared({}, name, area_of("x", {x}), area_of("y", {y})));
    mean += found.back().value / repetitions;
  }
  const auto share = [&](double value) {
    return static_cast<double>(std::count_if(found.begin(), found.end(),
                                             [&](const auto &r) { return r.ci.low <= value && value <= r.ci.high; })) /
           repetitions;
  };
  return {share(truth), share(mean), mean - truth};
}

} // namespace

// The shares of 200 have a standard error of 0.015 about 0.95.
TEST_CASE("how often the jackknife's 95 % interval holds the value of very many conditions", "[recordings][slow]") {
  const auto [x, y] = two_areas(100000, 3);
  const double cka = measures::debiased_linear_cka(x, y), svcca = measures::svcca(x, y),
               procrustes = 1 - measures::procrustes_angle(x, y) / (std::numbers::pi / 2);
  for (const arma::uword conditions : {20U, 50U, 200U}) {
    const auto found = coverage_of("cka", cka, conditions);
    INFO(conditions << " conditions; cka is off by " << found.bias << ", its interval covers " << found.of_many);
    CHECK(found.of_many > 0.9); // 0.955, 0.95, 0.94
    CHECK(found.of_many < 0.99);
  }
  // Of few conditions any two areas can be turned onto each other, and have directions in common: these are too high,
  // and their intervals, which say how much they vary over conditions, lie above the value of many.
  for (const auto &[name, truth] : {std::pair{"procrustes", procrustes}, {"svcca", svcca}})
    for (const arma::uword conditions : {20U, 50U, 200U}) {
      const auto found = coverage_of(name, truth, conditions);
      INFO(conditions << " conditions; " << name << " is off by " << found.bias << ", its interval covers "
                      << found.of_many << ", and its own mean " << found.of_mean);
      CHECK(found.bias > 0.03);   // procrustes: 0.24, 0.13, 0.05; svcca: 0.51, 0.29, 0.12
      CHECK(found.of_many < 0.1); // procrustes: 0, 0.005, 0.02; svcca: 0
      CHECK(found.of_mean > 0.9); // procrustes: 0.98, 0.985, 0.96; svcca: 1, 1, 0.995
    }
}
