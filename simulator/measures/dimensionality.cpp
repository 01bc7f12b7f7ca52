#include "measures/dimensionality.hpp"

#include "error/error.hpp"
#include "measures/not_applicable.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace engram::measures {

namespace {

// The smaller of XᵀX and XXᵀ, of X with centred columns: they share the eigenvalues that are not 0.
arma::mat smaller_gram(const arma::mat &x) {
  if (x.n_rows < 2 || x.n_cols == 0) throw NotApplicable("dimensionality needs two conditions and one neuron");
  if (!x.is_finite()) throw NotApplicable("dimensionality of responses that are not finite");
  const arma::mat centred = x.each_row() - arma::mean(x, 0);
  if (x.n_cols < x.n_rows) return centred.t() * centred;
  return centred * centred.t();
}

} // namespace

arma::vec variance_spectrum(const arma::mat &x) {
  arma::vec values;
  if (!arma::eig_sym(values, smaller_gram(x))) throw Failed("the eigenvalues did not converge");
  values = arma::clamp(arma::reverse(values), 0.0, arma::datum::inf) / static_cast<double>(x.n_rows - 1);
  return values.head(std::min(x.n_rows - 1, x.n_cols));
}

double participation_ratio(const arma::mat &x) {
  const arma::mat gram = smaller_gram(x);
  const double sum = arma::trace(gram), squares = arma::dot(gram, gram);
  return squares > 0 ? sum * sum / squares : std::numeric_limits<double>::quiet_NaN();
}

std::size_t components_for_variance(const arma::mat &x, double share) {
  if (!(share > 0 && share <= 1)) throw std::invalid_argument("a share of variance lies between 0 and 1");
  const arma::vec reached = arma::cumsum(variance_spectrum(x));
  const double total = reached.back();
  if (!(total > 0)) return 0;
  // A share of 1 is reached up to rounding.
  const double wanted = total * std::min(share, 1 - 1e-12);
  return static_cast<std::size_t>(std::lower_bound(reached.begin(), reached.end(), wanted) - reached.begin()) + 1;
}

} // namespace engram::measures
