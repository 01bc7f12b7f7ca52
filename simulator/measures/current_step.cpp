#include "measures/current_step.hpp"

#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <algorithm>

namespace engram::measures {

namespace {

// Sums of the first k samples about the sweep's mean, (N + 1) × sweeps.
arma::mat sums_of(const arma::mat &current) {
  arma::mat out(current.n_rows + 1, current.n_cols, arma::fill::zeros);
  out.tail_rows(current.n_rows) = arma::cumsum(current.each_row() - arma::mean(current, 0), 0);
  return out;
}

// Variance between the n samples of [first, last) and the other N − n, over sweeps: s² N / (n (N − n)) with s the sum
// about the mean of the samples within.
double between(const arma::mat &sums, std::size_t first, std::size_t last) {
  const auto all = static_cast<double>(sums.n_rows - 1), within = static_cast<double>(last - first);
  if (last <= first || last - first + 1 >= sums.n_rows) return 0;
  double squares = 0;
  for (arma::uword k = 0; k < sums.n_cols; ++k) {
    const double sum = sums(last, k) - sums(first, k);
    squares += sum * sum;
  }
  return squares * all / (within * (all - within));
}

struct Best {
  std::size_t first = 0, last = 0;
  double value = 0;
};

// The best of places in steps of `apart` within `reach` of those that were best.
Best improved(const arma::mat &sums, const Best &from, std::size_t apart, std::size_t reach) {
  const std::size_t end = sums.n_rows - 1;
  Best out = from;
  const auto low = [&](std::size_t place) { return place > reach ? place - reach : 0; };
  for (std::size_t a = low(from.first); a <= std::min(end, from.first + reach); a += apart)
    for (std::size_t b = std::max(a, low(from.last)); b <= std::min(end, from.last + reach); b += apart)
      if (const double value = between(sums, a, b); value > out.value) out = {a, b, value};
  return out;
}

} // namespace

CurrentStep find_step(const arma::mat &current) {
  if (current.n_rows < 3 || current.n_cols == 0) throw NotApplicable("a current of fewer than three samples");
  if (!current.is_finite()) throw NotApplicable("a current is not known at every sample");
  const arma::mat sums = sums_of(current);
  const double all = arma::accu(arma::square(current.each_row() - arma::mean(current, 0)));
  if (!(all > 0)) throw NotApplicable("the current never changes");
  std::size_t apart = std::max<std::size_t>(1, current.n_rows / 400);
  Best best = improved(sums, {}, apart, current.n_rows);
  while (apart > 1) {
    const std::size_t reach = apart;
    apart = std::max<std::size_t>(1, apart / 8);
    best = improved(sums, best, apart, reach);
  }
  CurrentStep out{best.first, best.last, best.value / all};
  if (out.first == 0) {
    out.first = best.last;
    out.last = current.n_rows;
  }
  return out;
}

arma::vec step_heights(const arma::mat &current, const CurrentStep &step) {
  arma::vec out(current.n_cols, arma::fill::value(unknown));
  if (step.first == 0 || step.last <= step.first || step.last > current.n_rows) return out;
  for (arma::uword k = 0; k < current.n_cols; ++k) {
    const arma::vec sweep = current.col(k);
    out[k] = arma::median(sweep.subvec(step.first, step.last - 1)) - arma::median(sweep.head(step.first));
  }
  return out;
}

} // namespace engram::measures
