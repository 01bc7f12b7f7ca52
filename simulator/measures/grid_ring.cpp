#include "measures/grid_ring.hpp"

#include "measures/correlation.hpp"
#include "measures/interval.hpp"
#include "measures/parabola.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

namespace engram::measures {

namespace {

void require_middle(const arma::mat &map) {
  if (map.n_rows % 2 == 0 || map.n_cols % 2 == 0) throw std::invalid_argument("an autocorrelogram without a middle");
}

// Bilinear; NaN beyond the map, or beside a bin that is NaN.
double between_bins(const arma::mat &map, double row, double column) {
  const auto rows = static_cast<double>(map.n_rows - 1), columns = static_cast<double>(map.n_cols - 1);
  if (!(row >= 0 && column >= 0 && row <= rows && column <= columns)) return unknown;
  const double top = std::min(std::floor(row), rows), left = std::min(std::floor(column), columns);
  double sum = 0;
  for (const double down : {0.0, 1.0})
    for (const double right : {0.0, 1.0}) {
      const double weight =
          (down > 0 ? row - top : 1 - (row - top)) * (right > 0 ? column - left : 1 - (column - left));
      if (weight > 0) sum += weight * map(static_cast<arma::uword>(top + down), static_cast<arma::uword>(left + right));
    }
  return sum;
}

constexpr arma::uword places_around = 360; // places of a ring

// Of a ring, radii × angles, with itself turned by so many degrees.
double turned_correlation(const arma::mat &ring, arma::uword degrees) {
  std::vector<double> a, b;
  for (arma::uword k = 0; k < places_around; ++k)
    for (arma::uword r = 0; r < ring.n_rows; ++r) {
      const double here = ring(r, k), there = ring(r, (k + places_around - degrees) % places_around);
      if (std::isnan(here) || std::isnan(there)) continue;
      a.push_back(here);
      b.push_back(there);
    }
  if (a.size() < 2) return unknown;
  return column_correlations(arma::vec(a), arma::vec(b))[0];
}

} // namespace

arma::vec peak_distances(const arma::mat &autocorrelogram, bool between) {
  require_middle(autocorrelogram);
  const auto rows = static_cast<arma::sword>(autocorrelogram.n_rows),
             columns = static_cast<arma::sword>(autocorrelogram.n_cols);
  const auto at = [&](arma::sword i, arma::sword j) {
    return autocorrelogram(static_cast<arma::uword>(i), static_cast<arma::uword>(j));
  };
  std::vector<double> out;
  for (arma::sword j = 0; j < columns; ++j)
    for (arma::sword i = 0; i < rows; ++i) {
      if (!(at(i, j) > 0) || (i == rows / 2 && j == columns / 2)) continue;
      bool greatest = true;
      for (arma::sword b = std::max<arma::sword>(0, j - 1); b <= std::min(columns - 1, j + 1); ++b)
        for (arma::sword a = std::max<arma::sword>(0, i - 1); a <= std::min(rows - 1, i + 1); ++a)
          greatest = greatest && ((a == i && b == j) || !(at(a, b) >= at(i, j)));
      if (!greatest) continue;
      const bool beside_rim = i == 0 || j == 0 || i == rows - 1 || j == columns - 1;
      const bool moved = between && !beside_rim;
      const double row = moved ? summit(at(i - 1, j), at(i, j), at(i + 1, j)) : 0,
                   column = moved ? summit(at(i, j - 1), at(i, j), at(i, j + 1)) : 0;
      out.push_back(std::hypot(static_cast<double>(i - rows / 2) + row, static_cast<double>(j - columns / 2) + column));
    }
  std::sort(out.begin(), out.end());
  return out;
}

double spacing_of(const arma::vec &distances) {
  return distances.n_elem < 6 ? unknown : median(arma::vec(distances.head(6)));
}

double ring_score(const arma::mat &autocorrelogram, double spacing) {
  require_middle(autocorrelogram);
  if (!(spacing > 0) || !std::isfinite(spacing)) return unknown;
  std::vector<double> radii;
  for (std::size_t k = 0;; ++k) {
    const double radius = 0.5 * spacing + 0.5 * static_cast<double>(k);
    if (radius >= 1.5 * spacing - 1e-9) break;
    radii.push_back(radius);
  }
  const double row = static_cast<double>(autocorrelogram.n_rows / 2),
               column = static_cast<double>(autocorrelogram.n_cols / 2);
  arma::mat ring(radii.size(), places_around);
  for (arma::uword k = 0; k < places_around; ++k)
    for (arma::uword r = 0; r < ring.n_rows; ++r) {
      const double angle = static_cast<double>(k) * std::numbers::pi / 180;
      ring(r, k) = between_bins(autocorrelogram, row + radii[r] * std::sin(angle), column + radii[r] * std::cos(angle));
    }
  std::array<double, 5> r{};
  for (arma::uword a = 0; a < 5; ++a) {
    r[a] = turned_correlation(ring, 30 * (a + 1));
    if (std::isnan(r[a])) return unknown;
  }
  return std::min(r[1], r[3]) - std::max({r[0], r[2], r[4]});
}

SpikeTrain circularly_shifted(const SpikeTrain &train, const Window &window, std::size_t i, std::size_t n,
                              double least) {
  require_train(train, window);
  const double all = window.duration();
  if (i == 0 || i > n || !(all > 2 * least)) throw std::invalid_argument("a shuffle is one of n, of a long window");
  const double by = least + (all - 2 * least) * static_cast<double>(i) / static_cast<double>(n + 1);
  SpikeTrain out;
  for (const double time : train) out.push_back(window.start + std::fmod(time - window.start + by, all));
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace engram::measures
