#include "measures/repeat_variability.hpp"

#include "measures/correlation.hpp"
#include "measures/unknown.hpp"

#include <cmath>
#include <vector>

namespace engram::measures {

arma::mat mean_of_half(const arma::cube &responses, bool odd) {
  arma::mat sum(responses.n_rows, responses.n_cols, arma::fill::zeros), count = sum;
  for (arma::uword r = odd ? 0 : 1; r < responses.n_slices; r += 2)
    for (arma::uword k = 0; k < sum.n_elem; ++k) {
      const double value = responses.slice(r)(k);
      if (std::isnan(value)) continue;
      sum(k) += value;
      count(k) += 1;
    }
  return sum / count; // 0 / 0 is NaN
}

arma::vec odd_even_correlation(const arma::cube &responses) {
  const arma::mat odd = mean_of_half(responses, true), even = mean_of_half(responses, false);
  arma::vec out(responses.n_cols);
  for (arma::uword n = 0; n < out.n_elem; ++n) {
    const arma::uvec both = arma::find_finite(odd.col(n) + even.col(n));
    const arma::vec a = odd.col(n), b = even.col(n);
    out[n] = both.n_elem < 2 ? unknown : column_correlations(arma::mat(a(both)), arma::mat(b(both)))[0];
  }
  return out;
}

arma::vec fano_over_repeats(const arma::cube &counts) {
  arma::vec out(counts.n_cols);
  for (arma::uword n = 0; n < counts.n_cols; ++n) {
    double variance = 0, mean = 0, with_variance = 0, with_mean = 0;
    for (arma::uword c = 0; c < counts.n_rows; ++c) {
      std::vector<double> there;
      for (arma::uword r = 0; r < counts.n_slices; ++r)
        if (!std::isnan(counts(c, n, r))) there.push_back(counts(c, n, r));
      if (there.empty()) continue;
      mean += arma::mean(arma::vec(there));
      with_mean += 1;
      if (there.size() < 2) continue;
      variance += arma::var(arma::vec(there));
      with_variance += 1;
    }
    out[n] = with_variance > 0 && mean > 0 ? variance / with_variance / (mean / with_mean) : unknown;
  }
  return out;
}

} // namespace engram::measures
