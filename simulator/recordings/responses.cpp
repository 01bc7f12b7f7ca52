#include "recordings/responses.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace engram::recordings {

arma::cube over_time(const Responses &responses) {
  arma::cube sum = responses.values.at(0);
  if (responses.values.size() == 1) return sum;
  for (std::size_t t = 1; t < responses.values.size(); ++t) sum += responses.values[t];
  return sum / static_cast<double>(responses.values.size());
}

arma::mat over_repeats(const arma::cube &repeats) {
  arma::mat sum(repeats.n_rows, repeats.n_cols, arma::fill::zeros), count = sum;
  for (std::size_t r = 0; r < repeats.n_slices; ++r) {
    const arma::mat &slice = repeats.slice(r);
    for (std::size_t k = 0; k < slice.n_elem; ++k)
      if (!std::isnan(slice[k])) {
        sum[k] += slice[k];
        count[k] += 1;
      }
  }
  for (std::size_t k = 0; k < sum.n_elem; ++k)
    sum[k] = count[k] > 0 ? sum[k] / count[k] : std::numeric_limits<double>::quiet_NaN();
  return sum;
}

arma::mat mean_response(const Responses &responses) { return over_repeats(over_time(responses)); }

arma::mat time_course(const Responses &responses) {
  arma::mat course(responses.values.size(), responses.neuron_count());
  for (std::size_t t = 0; t < responses.values.size(); ++t) {
    const arma::mat mean = over_repeats(responses.values[t]);
    for (std::size_t n = 0; n < mean.n_cols; ++n) {
      const arma::vec column = mean.col(n);
      const arma::uvec there = arma::find_finite(column);
      course(t, n) = there.is_empty() ? std::numeric_limits<double>::quiet_NaN() : arma::mean(column(there));
    }
  }
  return course;
}

int bring_into_range(std::vector<arma::cube> &values) {
  constexpr double largest = 1e60, smallest = 1e-60;
  double most = 0;
  for (const auto &bin : values)
    for (const double x : bin)
      if (std::isfinite(x)) most = std::max(most, std::abs(x));
  if (most == 0 || (most <= largest && most >= smallest)) return 0;
  const int power = -std::ilogb(most);
  for (auto &bin : values)
    for (double &x : bin) x = std::ldexp(x, power);
  return power;
}

Responses pick_conditions(const Responses &responses, const std::vector<std::size_t> &which) {
  Responses out;
  for (const std::size_t c : which) out.conditions.push_back(responses.conditions.at(c));
  out.neurons = responses.neurons;
  out.times = responses.times;
  out.unit = responses.unit;
  bool same = which.size() == responses.condition_count();
  for (std::size_t k = 0; k < which.size(); ++k) same = same && which[k] == k;
  if (same) {
    out.values = responses.values;
    return out;
  }
  for (const arma::cube &from : responses.values) {
    arma::cube to(which.size(), from.n_cols, from.n_slices, arma::fill::none);
    for (std::size_t r = 0; r < from.n_slices; ++r)
      for (std::size_t n = 0; n < from.n_cols; ++n)
        for (std::size_t k = 0; k < which.size(); ++k) to(k, n, r) = from(which[k], n, r);
    out.values.push_back(std::move(to));
  }
  return out;
}

} // namespace engram::recordings
