#include "measures/summary.hpp"

#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace engram::measures {

namespace {

// Linear between order statistics of sorted values.
double at_share(const arma::vec &sorted, double p) {
  const double place = p * static_cast<double>(sorted.n_elem - 1), below = std::floor(place);
  const auto k = static_cast<arma::uword>(below);
  return k + 1 < sorted.n_elem ? sorted[k] + (place - below) * (sorted[k + 1] - sorted[k]) : sorted[k];
}

} // namespace

Summary summarize(const arma::vec &values) {
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept), [](double v) { return !std::isnan(v); });
  Summary out;
  out.count = kept.size();
  out.missing = values.n_elem - kept.size();
  if (kept.empty()) {
    out.mean = out.deviation = out.least = out.first_quartile = out.median = out.third_quartile = out.greatest =
        out.excess_kurtosis = unknown;
    return out;
  }
  std::sort(kept.begin(), kept.end());
  const arma::vec sorted(kept);
  out.least = sorted.front();
  out.first_quartile = at_share(sorted, 0.25);
  out.median = at_share(sorted, 0.5);
  out.third_quartile = at_share(sorted, 0.75);
  out.greatest = sorted.back();
  out.mean = arma::mean(sorted);
  const arma::vec squares = arma::square(sorted - out.mean);
  const double second = arma::mean(squares);
  out.deviation = std::sqrt(second);
  out.excess_kurtosis = out.greatest > out.least ? arma::mean(arma::square(squares)) / (second * second) - 3 : unknown;
  return out;
}

Summary summarize_differences(const arma::cube &pictures) {
  if (pictures.n_cols < 2) return summarize({});
  const arma::cube steps = pictures.cols(1, pictures.n_cols - 1) - pictures.cols(0, pictures.n_cols - 2);
  return summarize(arma::vectorise(steps));
}

} // namespace engram::measures
