// These tests compare partial least squares regression with scikit-learn, and with least squares.
#include "measures/pls.hpp"
#include "catch.hpp"
#include "measures/not_applicable.hpp"
#include "measures/reference_data.hpp"
#include "numeric/random.hpp"

using namespace engram;
using namespace engram::measures;
using namespace reference_data;

// scikit-learn's PLSRegression(scale=False) with its power method run to the end. `many` and `many features` have more
// responses than are decomposed in full, so that the iteration for the dominant direction is at work.
TEST_CASE("partial least squares predicts as scikit-learn does", "[measures]") {
  const auto all = load("pls");
  for (const std::string name : {"tall", "one", "wide", "many", "many features"}) {
    const auto &r = all[name];
    for (std::size_t k = 0; k < r["components"].size(); ++k) {
      const auto components = r["components"][k].get<std::size_t>();
      INFO(name << ", " << components << " components");
      const auto fit = pls_fit(matrix(r["x"]), matrix(r["y"]), components);
      CHECK(fit.components == components);
      CHECK(off(predict(fit.map, matrix(r["at"])), matrix(r["predicted"][k])) < 1e-8);
    }
  }
}

TEST_CASE("partial least squares with all components is least squares", "[measures]") {
  const numeric::Random random{4, numeric::Purpose::noise, 0};
  arma::mat x(30, 5), y(30, 3);
  random.normals(x.memptr(), x.n_elem, 1);
  random.normals(y.memptr(), y.n_elem, 2);
  const arma::mat with_one = arma::join_rows(x, arma::vec(30, arma::fill::ones));
  const arma::mat expected = with_one * arma::solve(with_one, y);
  CHECK(off(predict(pls_fit(x, y, 5).map, x), expected) < 1e-12);
}

TEST_CASE("partial least squares stops where no covariance is left", "[measures]") {
  const numeric::Random random{5, numeric::Purpose::noise, 0};
  arma::mat latent(20, 2), mixing(2, 6);
  random.normals(latent.memptr(), latent.n_elem, 1);
  random.normals(mixing.memptr(), mixing.n_elem, 2);
  const arma::mat x = latent * mixing; // of rank 2
  const auto fit = pls_fit(x, latent + 4, 6);
  CHECK(fit.components == 2);
  CHECK(off(predict(fit.map, x), latent + 4) < 1e-12);
  const auto none = pls_fit(x, arma::mat(20, 2, arma::fill::value(3)), 4); // nothing to predict
  CHECK(none.components == 0);
  CHECK(arma::all(arma::vectorise(predict(none.map, x)) == 3));
}

TEST_CASE("partial least squares refuses what it cannot fit", "[measures]") {
  const arma::mat x(6, 3, arma::fill::eye), y(6, 2, arma::fill::eye);
  CHECK_THROWS_AS(pls_fit(x, y, 0), NotApplicable);
  CHECK_THROWS_AS(pls_fit(x, y, 4), NotApplicable);
  CHECK_THROWS_AS(pls_fit(x, y.rows(0, 4), 1), std::invalid_argument);
  arma::mat broken = y;
  broken(1, 1) = arma::datum::inf;
  CHECK_THROWS_AS(pls_fit(x, broken, 1), NotApplicable);
}
