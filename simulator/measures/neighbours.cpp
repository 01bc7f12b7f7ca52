#include "measures/neighbours.hpp"

#include "measures/correlation.hpp"
#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace engram::measures {

std::vector<std::size_t> nearest_stimuli(const arma::mat &x, std::size_t apart, int threads) {
  if (!x.is_finite()) throw NotApplicable("stimuli that are not finite");
  if (x.n_rows <= 2 * apart + 1) throw NotApplicable("too few stimuli, which lie that far apart");
  constexpr std::size_t block = 256; // stimuli whose products are taken together
  const arma::mat columns = x.t();
  const arma::vec squares = arma::sum(arma::square(columns), 0).t();
  std::vector<std::size_t> out(x.n_rows);
  for_each_part(threads, (x.n_rows + block - 1) / block, [&](std::size_t part) {
    const std::size_t first = part * block, last = std::min<std::size_t>(first + block, x.n_rows) - 1;
    const arma::mat products = columns.t() * columns.cols(first, last); // C × block
    for (std::size_t c = first; c <= last; ++c) {
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t k = 0; k < x.n_rows; ++k) {
        if ((k > c ? k - c : c - k) <= apart) continue;
        const double distance = squares[k] + squares[c] - 2 * products(k, c - first);
        if (distance < least) {
          least = distance;
          out[c] = k;
        }
      }
    }
  });
  return out;
}

arma::vec correlation_with(const arma::mat &y, const std::vector<std::size_t> &nearest) {
  if (nearest.size() != y.n_rows) throw std::invalid_argument("responses to another number of stimuli");
  arma::uvec rows(nearest.size());
  std::copy(nearest.begin(), nearest.end(), rows.begin());
  return column_correlations(y, y.rows(rows));
}

} // namespace engram::measures
