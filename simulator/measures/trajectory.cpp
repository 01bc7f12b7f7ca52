#include "measures/trajectory.hpp"

#include "measures/interval.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace engram::measures {

PathSummary describe_path(const Path &path, const Arena &arena, double longest_step, double wall) {
  // It checks path and arena, and its occupancy has the arena's shape.
  arma::umat seen(arma::size(rate_map(path, {}, arena).occupancy), arma::fill::zeros);
  PathSummary out;
  out.bins = seen.n_elem;
  std::vector<double> speed;
  for (arma::uword k = 0; k + 1 < path.time.n_elem; ++k) {
    const double distance = std::hypot(path.x[k + 1] - path.x[k], path.y[k + 1] - path.y[k]);
    if (std::isnan(distance)) continue;
    ++out.steps;
    const double step = path.time[k + 1] - path.time[k];
    if (step > longest_step)
      ++out.gaps;
    else
      speed.push_back(1000 * distance / step);
  }
  std::size_t inside = 0, beside = 0;
  for (arma::uword k = 0; k < path.time.n_elem; ++k) {
    const double x = path.x[k], y = path.y[k];
    out.unknown_samples += std::isnan(x + y);
    const double nearest = std::min({x - arena.x_min, arena.x_max - x, y - arena.y_min, arena.y_max - y});
    if (!(nearest >= 0)) continue;
    ++inside;
    beside += nearest < wall;
    const auto bin = [&](double place, double low, arma::uword count) {
      return std::min(count - 1, static_cast<arma::uword>((place - low) / arena.bin));
    };
    seen(bin(y, arena.y_min, seen.n_rows), bin(x, arena.x_min, seen.n_cols)) = 1;
  }
  out.visited = arma::accu(seen);
  out.mean_speed = speed.empty() ? unknown : arma::mean(arma::vec(speed));
  out.median_speed = speed.empty() ? unknown : median(arma::vec(speed));
  out.wall_share = inside == 0 ? unknown : static_cast<double>(beside) / static_cast<double>(inside);
  return out;
}

} // namespace engram::measures
