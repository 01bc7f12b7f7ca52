// Sums of RDMs with weights: the weights are the best that are not below 0, and what they gain is judged elsewhere.
#include "measures/weighted_model.hpp"
#include "catch.hpp"
#include "measures/not_applicable.hpp"
#include "measures/rdm.hpp"
#include "numeric/random.hpp"

#include <cmath>

using namespace engram;
using namespace engram::measures;

namespace {

arma::mat drawn_parts(arma::uword rows, arma::uword columns, std::uint32_t which) {
  const numeric::Random random{12, numeric::Purpose::noise, which};
  arma::mat out(rows, columns);
  random.normals(out.memptr(), out.n_elem, 0);
  return out;
}

// RDMs of drawn responses, as columns of pairs.
arma::mat drawn_rdms(arma::uword conditions, std::uint32_t count, std::uint32_t which) {
  arma::mat out(conditions * (conditions - 1) / 2, count);
  for (std::uint32_t k = 0; k < count; ++k)
    out.col(k) = upper_triangle(euclidean_rdm(drawn_parts(conditions, 6, which + k)));
  return out;
}

} // namespace

// The conditions of Kuhn and Tucker, which w of the least sum of squares with w ≥ 0 meets, and no other: the slope
// Aᵀ(b − A w) is 0 where w is above 0, and nowhere above 0.
TEST_CASE("nonnegative least squares meet the conditions of Kuhn and Tucker", "[measures]") {
  for (std::uint32_t k = 0; k < 40; ++k) {
    INFO(k);
    const arma::uword rows = 5 + k % 20, columns = 1 + k % 13;
    arma::mat A = drawn_parts(rows, columns, 100 + k);
    if (k % 4 == 0 && columns > 2) A.col(1) = A.col(0); // of equals, each may have the weight
    const double scale = k % 3 == 0 ? 1e-9 : k % 3 == 1 ? 1 : 1e7;
    const arma::vec b = scale * drawn_parts(rows, 1, 200 + k).col(0);
    const arma::vec w = nonnegative_least_squares(A, b), slope = A.t() * (b - A * w);
    const double most = 1e-9 * scale * static_cast<double>(rows);
    CHECK(w.min() >= 0);
    CHECK(slope.max() < most);
    CHECK(std::abs(arma::dot(slope, w)) < most * (1 + w.max()));
  }
  // By hand: the one column that points away from b has no weight.
  const arma::vec w = nonnegative_least_squares(arma::mat{{1, -1}, {0, 0}, {0, -1}}, arma::vec{2, 5, 1});
  CHECK(w[0] == Approx(2));
  CHECK(w[1] == 0);
  CHECK(nonnegative_least_squares(arma::mat(3, 2, arma::fill::zeros), arma::vec{1, 2, 3}).max() == 0);
  CHECK_THROWS_AS(nonnegative_least_squares(arma::mat(3, 2, arma::fill::zeros), arma::vec(2, arma::fill::zeros)),
                  std::invalid_argument);
  CHECK_THROWS_AS(nonnegative_least_squares(arma::mat(2, 2, arma::fill::zeros), arma::vec{1, arma::datum::nan}),
                  NotApplicable);
}

TEST_CASE("planted weights of RDMs are found, also without the pairs that are missing", "[measures]") {
  const arma::mat parts = drawn_rdms(16, 4, 300);
  const arma::vec planted{2, 0, 0.5, 0};
  arma::vec rdm = parts * planted;
  for (const auto how : {RdmComparison::pearson, RdmComparison::cosine}) {
    CHECK(arma::approx_equal(weights_of_parts(parts, rdm, how), planted, "absdiff", 1e-9));
    const auto found = cross_validated_model(parts, rdm, how, make_folds(16, 4, 1));
    CHECK(found.weighted == Approx(1));
    CHECK(found.equal < 0.99);
    for (arma::uword f = 0; f < 4; ++f) { // up to a factor
      const arma::vec weights = found.weights.col(f) * 2 / found.weights(0, f);
      CHECK(arma::approx_equal(weights, planted, "absdiff", 1e-9));
    }
    CHECK(std::isnan(found.ceiling.lower)); // one subject
  }
  // A constant is no matter to Pearson's correlation.
  CHECK(arma::approx_equal(weights_of_parts(parts, rdm + 3, RdmComparison::pearson), planted, "absdiff", 1e-9));
  rdm[7] = arma::datum::nan;
  CHECK(arma::approx_equal(weights_of_parts(parts, rdm, RdmComparison::pearson), planted, "absdiff", 1e-9));
  CHECK_THROWS_AS(weights_of_parts(parts, rdm, RdmComparison::spearman), std::invalid_argument);
}

// Forty parts fit the training pairs of an unrelated RDM well; held out there is nothing.
TEST_CASE("what weights gain by chance is not there in conditions that are held out", "[measures]") {
  std::vector<double> fitted, held_out;
  for (std::uint32_t k = 0; k < 20; ++k) {
    const arma::mat parts = drawn_rdms(16, 40, 1000 + 100 * k), rdm = drawn_rdms(16, 1, 5000 + k);
    const arma::vec weights = weights_of_parts(parts, rdm.col(0), RdmComparison::pearson);
    fitted.push_back(pearson(parts * weights, rdm.col(0)));
    const auto found = cross_validated_model(parts, rdm, RdmComparison::pearson, make_folds(16, 4, k));
    held_out.push_back(found.weighted);
  }
  CHECK(arma::mean(arma::vec(fitted)) > 0.3);
  // 20 means over 4 folds of 6 pairs each: an error of about 1 / √(20 · 4 · 5).
  CHECK(std::abs(arma::mean(arma::vec(held_out))) < 0.2);
}

TEST_CASE("a weighted model has the noise ceiling of the pairs that are held out", "[measures]") {
  const arma::mat parts = drawn_rdms(12, 2, 700);
  const arma::mat subjects = arma::repmat(arma::vec(parts * arma::vec{1, 3}), 1, 3);
  const auto found = cross_validated_model(parts, subjects, RdmComparison::pearson, make_folds(12, 4, 1));
  CHECK(found.ceiling.lower == Approx(1));
  CHECK(found.ceiling.upper == Approx(1));
  CHECK(found.weighted == Approx(1));
  CHECK_THROWS_AS(cross_validated_model(parts, subjects, RdmComparison::pearson, make_folds(12, 5, 1)), NotApplicable);
}

// A part that goes with the area within the first six conditions, and against it within the others. Fitted on the
// first it is at −1 in the others; fitted on the others it has no weight.
TEST_CASE("a fold in which no part has a weight is left out of all values", "[measures]") {
  const arma::uvec first{0, 1, 2, 3, 4, 5}, others{6, 7, 8, 9, 10, 11};
  const arma::mat part = drawn_rdms(12, 1, 800);
  arma::mat subjects = arma::repmat(part, 1, 2);
  arma::uword pair = 0;
  for (arma::uword i = 0; i < 12; ++i)
    for (arma::uword j = i + 1; j < 12; ++j, ++pair) {
      if (i >= 6) subjects.row(pair) = part.max() - subjects.row(pair);
      if (j < 6) subjects(pair, 1) *= 1 + 0.1 * static_cast<double>(i); // two subjects that differ there
    }
  const auto found = cross_validated_model(part, subjects, RdmComparison::pearson, {{first, others}, {others, first}});
  CHECK(found.weights(0, 0) > 0);
  CHECK(found.weights(0, 1) == 0);
  CHECK(found.valueless == 1);
  CHECK(found.weighted == Approx(-1));
  CHECK(found.equal == Approx(-1));
  CHECK(found.ceiling.lower == Approx(1));
  CHECK(found.ceiling.upper == Approx(1));
  const auto none = cross_validated_model(part, subjects, RdmComparison::pearson, {{others, first}});
  CHECK(none.valueless == 1);
  CHECK((std::isnan(none.weighted) && std::isnan(none.equal) && std::isnan(none.ceiling.upper)));
  std::size_t asked = 0;
  cross_validated_model(part, subjects, RdmComparison::pearson, make_folds(12, 4, 1), [&] { return ++asked < 2; });
  CHECK(asked == 2);
}

TEST_CASE("the ceiling of a weighted model is of the pairs that all parts have", "[measures]") {
  arma::mat parts = drawn_rdms(16, 2, 900), subjects = drawn_rdms(16, 3, 950);
  for (arma::uword s = 0; s < 3; ++s) subjects.col(s) += 3 * parts.col(0);
  for (arma::uword pair = 0; pair < parts.n_rows; pair += 7) parts(pair, 1) = arma::datum::nan;
  arma::mat without = subjects;
  without.rows(arma::find_nan(parts.col(1))).fill(arma::datum::nan);
  const auto ceiling = [&](const arma::mat &of) {
    return cross_validated_model(parts, of, RdmComparison::pearson, make_folds(16, 2, 1)).ceiling;
  };
  CHECK(ceiling(subjects).lower == Approx(ceiling(without).lower).epsilon(1e-12));
  CHECK(ceiling(subjects).upper == Approx(ceiling(without).upper).epsilon(1e-12));
}
