// These tests compare ridge regression and cross-validation with scikit-learn, and check the folds.
#include "measures/ridge.hpp"
#include "catch.hpp"
#include "measures/not_applicable.hpp"
#include "measures/reference_data.hpp"
#include "numeric/random.hpp"

#include <atomic>
#include <stdexcept>

using namespace engram;
using namespace engram::measures;
using namespace reference_data;

namespace {

arma::mat ridge_noise(arma::uword rows, arma::uword columns, std::uint64_t which) {
  arma::mat out(rows, columns);
  numeric::Random{2, numeric::Purpose::noise, 0}.normals(out.memptr(), out.n_elem, which);
  return out;
}

} // namespace

TEST_CASE("ridge regression is that of scikit-learn, in primal and dual form", "[measures]") {
  const auto all = load("ridge");
  for (const std::string name : {"tall", "wide"}) {
    INFO(name);
    const auto &r = all[name];
    const arma::mat x = matrix(r["x"]), y = matrix(r["y"]);
    const arma::vec penalties = vector(r["penalties"]);
    const auto path = ridge_path(x, y, matrix(r["at"]), penalties);
    for (arma::uword l = 0; l < penalties.n_elem; ++l) CHECK(off(path.slice(l), matrix(r["path"][l])) < 1e-11);
    const auto fit = ridge_fit(x, y, penalties);
    CHECK(off(fit.penalty.t(), vector(r["penalty"])) == 0);
    CHECK(off(fit.map.weights, matrix(r["weights"])) < 1e-11);
    CHECK(off(fit.map.intercept.t(), vector(r["intercept"])) < 1e-11);
    const auto common = ridge_fit(x, y, penalties, PenaltyChoice::common);
    CHECK(arma::all(common.penalty == r["common_penalty"].get<double>()));
  }
}

// Expected: as many fits of scikit-learn's Ridge as there are conditions.
TEST_CASE("the error of leaving one condition out is exact", "[measures]") {
  const auto all = load("ridge");
  for (const std::string name : {"tall", "wide"}) {
    const auto &r = all[name];
    CHECK(off(ridge_fit(matrix(r["x"]), matrix(r["y"]), vector(r["penalties"])).error, matrix(r["error"])) < 1e-10);
  }
}

// Expected: RidgeCV of scikit-learn on the training conditions of each fold.
TEST_CASE("held-out predictions are those of nested cross-validation by scikit-learn", "[measures]") {
  const auto all = load("ridge");
  for (const std::string name : {"tall", "wide"}) {
    INFO(name);
    const auto &r = all[name];
    const arma::mat x = matrix(r["x"]), y = matrix(r["y"]);
    const auto prepared = ridge_folds(x, folds(r["held_out"], x.n_rows));
    CHECK(prepared.dual == (name == "wide"));
    const auto found = ridge_predict(prepared, y, vector(r["penalties"]));
    CHECK(off(found.predicted, matrix(r["predicted"])) < 1e-11);
    CHECK(off(found.penalty, matrix(r["chosen"])) == 0);
  }
}

// Of 21 conditions 15 or 16 are trained on: 16 and 40 features take the dual form, 3 and 14 the primal one.
TEST_CASE("held-out predictions are those of a fit to each fold", "[measures]") {
  for (const arma::uword features : {3u, 14u, 16u, 40u}) {
    INFO(features);
    const arma::mat x = ridge_noise(21, features, 1) + 3, y = ridge_noise(21, 5, 2);
    const auto parts = make_folds(21, 4, 9);
    const auto prepared = ridge_folds(x, parts);
    CHECK(prepared.dual == (features > 14));
    for (const auto choice : {PenaltyChoice::per_response, PenaltyChoice::common}) {
      const arma::vec penalties = ridge_penalties(x);
      const auto found = ridge_predict(prepared, y, penalties, choice);
      for (std::size_t k = 0; k < parts.size(); ++k) {
        const auto fit = ridge_fit(x.rows(parts[k].training), y.rows(parts[k].training), penalties, choice);
        CHECK(off(found.predicted.rows(parts[k].held_out), predict(fit.map, x.rows(parts[k].held_out))) < 1e-9);
        CHECK(off(found.penalty.row(k), fit.penalty) == 0);
      }
    }
  }
}

TEST_CASE("the forms of ridge regression agree where they meet", "[measures]") {
  const arma::mat x = ridge_noise(21, 16, 1) + 3, y = ridge_noise(21, 3, 2);
  const arma::vec penalties{0.5, 5};
  // A feature that is 0 turns the primal form into the dual one, and changes nothing else.
  arma::mat more = arma::join_rows(x, arma::mat(21, 20, arma::fill::zeros));
  CHECK(off(ridge_path(more, y, more, penalties).slice(0), ridge_path(x, y, x, penalties).slice(0)) < 1e-11);
  CHECK(off(ridge_fit(more, y, penalties).error, ridge_fit(x, y, penalties).error) < 1e-10);
}

TEST_CASE("ridge predictions have the same bits at any number of threads", "[measures]") {
  const arma::mat x = ridge_noise(40, 60, 3), y = ridge_noise(40, 7, 4);
  const auto parts = make_folds(40, 5, 1);
  const arma::vec penalties = ridge_penalties(x);
  const auto one = ridge_predict(ridge_folds(x, parts, 1), y, penalties, PenaltyChoice::per_response, 1);
  const auto three = ridge_predict(ridge_folds(x, parts, 3), y, penalties, PenaltyChoice::per_response, 3);
  CHECK(arma::all(arma::vectorise(one.predicted == three.predicted)));
}

TEST_CASE("the penalty that is chosen grows with the noise", "[measures]") {
  const arma::mat x = ridge_noise(60, 20, 5), signal = x * ridge_noise(20, 30, 6);
  const arma::vec penalties = ridge_penalties(x, 12);
  CHECK(penalties.n_elem == 12);
  const double quiet = arma::mean(arma::log(ridge_fit(x, signal + ridge_noise(60, 30, 7), penalties).penalty));
  const double loud = arma::mean(arma::log(ridge_fit(x, signal + 20 * ridge_noise(60, 30, 7), penalties).penalty));
  CHECK(loud > quiet + 2);
}

TEST_CASE("ridge regression refuses what it cannot fit", "[measures]") {
  const arma::mat x = ridge_noise(6, 3, 8), y = ridge_noise(6, 2, 9);
  const arma::vec penalties{1};
  CHECK_THROWS_AS(ridge_fit(x, ridge_noise(5, 2, 9), penalties), std::invalid_argument);
  CHECK_THROWS_AS(ridge_fit(x, y, arma::vec{0}), std::invalid_argument);
  CHECK_THROWS_AS(ridge_fit(x, y, arma::vec{}), std::invalid_argument);
  CHECK_THROWS_AS(ridge_fit(x.row(0), y.row(0), penalties), NotApplicable);
  CHECK_THROWS_AS(ridge_path(x, y, ridge_noise(2, 4, 1), penalties), std::invalid_argument);
  arma::mat broken = x;
  broken(0, 0) = arma::datum::nan;
  CHECK_THROWS_AS(ridge_fit(broken, y, penalties), NotApplicable);
  CHECK_THROWS_AS(ridge_folds(x, make_folds(5, 2, 0)), std::invalid_argument);
}

TEST_CASE("folds hold out every condition once, in sizes that differ by one at most", "[measures]") {
  const auto parts = make_folds(23, 5, 4);
  CHECK_NOTHROW(require_partition(parts, 23));
  for (const auto &part : parts) {
    CHECK((part.held_out.n_elem == 4 || part.held_out.n_elem == 5));
    CHECK(part.held_out.is_sorted());
  }
  CHECK(arma::any(make_folds(23, 5, 5)[0].held_out.head(4) != parts[0].held_out.head(4)));
  CHECK_THROWS_AS(make_folds(3, 4, 0), NotApplicable);
  CHECK_THROWS_AS(make_folds(3, 1, 0), NotApplicable);
  auto wrong = parts;
  wrong[1] = wrong[0];
  CHECK_THROWS_AS(require_partition(wrong, 23), std::invalid_argument);
}

TEST_CASE("stratified folds share out each label evenly", "[measures]") {
  arma::uvec labels(37);
  for (arma::uword k = 0; k < 37; ++k) labels[k] = k < 20 ? 3 : k < 33 ? 8 : 1;
  const auto parts = make_folds(labels, 4, 6);
  CHECK_NOTHROW(require_partition(parts, 37));
  for (const auto &part : parts) {
    CHECK((part.held_out.n_elem == 9 || part.held_out.n_elem == 10));
    const arma::uvec held = labels.elem(part.held_out);
    CHECK(arma::accu(held == 3) == 5);
    CHECK((arma::accu(held == 8) == 3 || arma::accu(held == 8) == 4));
    CHECK(arma::accu(held == 1) == 1);
  }
}

TEST_CASE("work in parts is done once each, and its exception comes out", "[measures]") {
  std::vector<std::atomic<int>> times(50);
  for_each_part(4, 50, [&](std::size_t k) { ++times[k]; });
  CHECK(std::all_of(times.begin(), times.end(), [](const auto &t) { return t == 1; }));
  CHECK_NOTHROW(for_each_part(4, 0, [](std::size_t) { throw std::runtime_error("never"); }));
  CHECK_THROWS_AS(for_each_part(3, 9,
                                [](std::size_t k) {
                                  if (k == 5) throw std::out_of_range("5");
                                }),
                  std::out_of_range);
}
