// weighted_rsa of planted areas: the sum of the regions, or neurons, that an area is made of is found.
#include "catch.hpp"
#include "measures/rdm.hpp"
#include "measures/weighted_model.hpp"
#include "numeric/random.hpp"
#include "recordings/comparison.hpp"
#include "recordings/results.hpp"

#include <algorithm>
#include <cmath>

using namespace engram;
using recordings::testing::value_of;

namespace {

recordings::Area area_of_means(const std::string &name, const arma::mat &means) {
  recordings::Area out;
  out.name = name;
  out.condition_count = means.n_rows;
  recordings::Responses responses;
  for (arma::uword c = 0; c < means.n_rows; ++c) responses.conditions.push_back("c" + std::to_string(c));
  for (arma::uword n = 0; n < means.n_cols; ++n) responses.neurons.push_back("n" + std::to_string(n));
  responses.values.emplace_back(means.n_rows, means.n_cols, 1);
  responses.values[0].slice(0) = means;
  out.conditions = responses.conditions;
  out.responses = std::move(responses);
  return out;
}

arma::mat drawn_means(std::uint32_t which) {
  arma::mat out(20, 5);
  numeric::Random{31, numeric::Purpose::noise, which}.normals(out.memptr(), out.n_elem, 0);
  return out;
}

recordings::Comparison weighted(const std::vector<recordings::Area> &regions, const recordings::Area &area,
                                const std::string &method) {
  recordings::Config config;
  config.bootstrap = 0;
  config.methods = {recordings::method_of(method)};
  return recordings::compare(config, regions, {area}, {}, {});
}

} // namespace

TEST_CASE("regions whose sum an area is have their weights", "[recordings]") {
  const arma::mat a = drawn_means(1), b = drawn_means(2), c = drawn_means(3);
  // Squared distances of neurons side by side add up: 5 of `a` and 5 of 2 `b`, over 10 neurons.
  const auto area = area_of_means("IT", arma::join_rows(a, arma::mat(2 * b)));
  const std::vector<recordings::Area> regions{area_of_means("A", a), area_of_means("B", b), area_of_means("C", c)};
  const auto found = weighted(regions, area, "weighted_rsa:rdm=euclidean:by=cosine");
  CHECK(value_of(found, "weighted_rsa") == Approx(1));
  CHECK(value_of(found, "weighted_rsa.equal") < 0.99);
  REQUIRE(found.results.size() == 2);
  CHECK(found.results[0].region == "A + B + C");
  CHECK(found.results[0].conditions == 20);
  REQUIRE(found.tables.size() == 1);
  CHECK(found.tables[0].rows == std::vector<std::string>{"A", "B", "C"});
  for (arma::uword column = 0; column < 2; ++column) { // of all conditions, and the mean over folds; up to a factor
    const arma::vec weights = found.tables[0].values.col(column);
    CHECK(weights[1] == Approx(4 * weights[0]));
    CHECK(weights[0] > 0);
    CHECK(weights[2] == Approx(0).margin(1e-9));
  }
}

TEST_CASE("neurons that an area has are told from those that it has not", "[recordings]") {
  arma::mat means = drawn_means(4);
  means.col(4).fill(3); // a neuron that tells nothing
  const auto area = area_of_means("IT", means.cols(0, 1));
  const auto found = weighted({area_of_means("A", means)}, area, "weighted_rsa:neurons:euclidean");
  CHECK(value_of(found, "weighted_rsa") == Approx(1));
  CHECK(value_of(found, "weighted_rsa.equal") < 0.99);
  const auto &weights = found.tables.at(0).values;
  for (arma::uword n = 0; n < 5; ++n) CHECK(weights(n, 0) / weights(0, 0) == Approx(n < 2 ? 1 : 0).margin(1e-9));
}

TEST_CASE("what cannot be summed or held out says why", "[recordings]") {
  const auto one = area_of_means("A", drawn_means(5));
  const auto lack = [&](const std::string &method) {
    const auto found = weighted({one}, one, method);
    CHECK(found.results.empty());
    return found.lacks.empty() ? "" : found.lacks.front();
  };
  CHECK_THAT(lack("weighted_rsa"), ContainsSubstring("there is one: 'parts' neurons sums its neurons"));
  CHECK_THAT(lack("weighted_rsa:parts=neurons:folds=7"), ContainsSubstring("20 conditions are too few for 7 folds"));
}

// Dissimilarities of regions that all fall where those of the area rise have no weight in any fold; those of unrelated
// ones have none in some.
TEST_CASE("folds in which no part goes with the area are told", "[recordings]") {
  const auto noted = [](const recordings::Comparison &found, const std::string &what) {
    return std::any_of(found.notes.begin(), found.notes.end(),
                       [&](const auto &note) { return note.find(what) != std::string::npos; });
  };
  const auto a = area_of_means("A", drawn_means(6));
  auto against = a;
  against.responses.reset();
  const arma::mat rdm = measures::euclidean_rdm(drawn_means(6));
  against.rdms.set_size(20, 20, 1);
  against.rdms.slice(0) = rdm.max() - rdm;
  against.rdms.slice(0).diag().zeros();
  const auto none = weighted({a, a}, against, "weighted_rsa:rdm=euclidean");
  REQUIRE(none.results.size() == 2);
  CHECK(std::isnan(none.results[0].value));
  CHECK(std::isnan(none.results[1].value));
  CHECK(noted(none, "no value: in each fold no part goes with the area"));
  CHECK_FALSE(noted(none, "of 4 folds"));
  std::size_t some = 0;
  for (std::uint32_t k = 0; k < 12; ++k) {
    const auto found =
        weighted({area_of_means("A", drawn_means(40 + 3 * k)), area_of_means("B", drawn_means(41 + 3 * k))},
                 area_of_means("IT", drawn_means(42 + 3 * k)), "weighted_rsa:rdm=euclidean");
    const arma::mat parts = arma::join_rows(measures::upper_triangle(measures::euclidean_rdm(drawn_means(40 + 3 * k))),
                                            measures::upper_triangle(measures::euclidean_rdm(drawn_means(41 + 3 * k))));
    const arma::vec area = measures::upper_triangle(measures::euclidean_rdm(drawn_means(42 + 3 * k)));
    const auto folds = measures::make_folds(20, 4, recordings::Config{}.seed);
    const auto left_out =
        measures::cross_validated_model(parts, area, measures::RdmComparison::pearson, folds).valueless;
    const bool is_some = left_out > 0 && left_out < 4;
    CHECK(noted(found, "in " + std::to_string(left_out) + " of 4 folds no part goes with the area") == is_some);
    some += is_some;
  }
  CHECK(some > 0);
}
