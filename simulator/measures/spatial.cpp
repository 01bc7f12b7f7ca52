#include "measures/spatial.hpp"

#include "measures/not_applicable.hpp"
#include "measures/parabola.hpp"
#include "measures/unknown.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <stdexcept>
#include <utility>
#include <vector>

namespace engram::measures {

namespace {

arma::uword bins_along(double low, double high, double bin) {
  if (!(bin > 0) || !(high > low) || !std::isfinite(high - low)) throw NotApplicable("an arena without extent");
  const double count = std::round((high - low) / bin);
  if (count < 1 || std::abs(count * bin - (high - low)) > 1e-6 * bin)
    throw NotApplicable("a side of the arena is not a whole number of bins");
  return static_cast<arma::uword>(count);
}

// Bin of a place; `count` when it lies outside. The far wall belongs to the last bin.
arma::uword bin_of(double place, double low, double high, double bin, arma::uword count) {
  if (!(place >= low && place <= high)) return count;
  return std::min(count - 1, static_cast<arma::uword>((place - low) / bin));
}

void require_path(const Path &path) {
  if (path.time.n_elem != path.x.n_elem || path.time.n_elem != path.y.n_elem)
    throw NotApplicable("a path has not one position for each time");
  if (!path.time.is_finite() || !path.time.is_sorted("strictascend"))
    throw NotApplicable("the times of a path do not increase");
}

// Weights of a Gaussian from each bin to each, cut off at 4 standard deviations.
arma::mat gaussian_weights(arma::uword count, double sd) {
  arma::mat out(count, count, arma::fill::zeros);
  const double reach = std::floor(4 * sd + 0.5);
  for (arma::uword i = 0; i < count; ++i)
    for (arma::uword j = 0; j < count; ++j) {
      const double apart = std::abs(static_cast<double>(i) - static_cast<double>(j));
      if (apart <= reach) out(i, j) = std::exp(-0.5 * apart * apart / (sd * sd));
    }
  return out;
}

// Of a Gaussian that no wall cuts.
double sum_of_weights(double sd) {
  double out = 1;
  for (double apart = 1; sd > 0 && apart <= std::floor(4 * sd + 0.5); ++apart)
    out += 2 * std::exp(-0.5 * apart * apart / (sd * sd));
  return out;
}

double correlation(const arma::vec &a, const arma::vec &b) {
  const arma::vec x = a - arma::mean(a), y = b - arma::mean(b);
  const double scale = std::sqrt(arma::dot(x, x) * arma::dot(y, y));
  return scale > 0 ? arma::dot(x, y) / scale : unknown;
}

// Where a bin lies about the middle of a map with odd sides.
struct Offset {
  double row = 0, column = 0;
  double radius() const { return std::hypot(row, column); }
};

Offset offset(const arma::mat &map, arma::uword k) {
  return {static_cast<double>(k % map.n_rows) - static_cast<double>(map.n_rows / 2),
          static_cast<double>(k / map.n_rows) - static_cast<double>(map.n_cols / 2)};
}

// Bilinear; NaN outside of the map or when a bin that counts is NaN.
double interpolated(const arma::mat &map, const Offset &at) {
  const double row = at.row + static_cast<double>(map.n_rows / 2),
               column = at.column + static_cast<double>(map.n_cols / 2);
  const double last_row = static_cast<double>(map.n_rows - 1), last_column = static_cast<double>(map.n_cols - 1);
  if (row < -1e-9 || column < -1e-9 || row > last_row + 1e-9 || column > last_column + 1e-9) return unknown;
  const double i = std::clamp(std::floor(row + 1e-9), 0.0, last_row),
               j = std::clamp(std::floor(column + 1e-9), 0.0, last_column);
  const double down = std::max(0.0, row - i), right = std::max(0.0, column - j);
  double sum = 0;
  for (const bool next_row : {false, true})
    for (const bool next_column : {false, true}) {
      const double weight = (next_row ? down : 1 - down) * (next_column ? right : 1 - right);
      if (weight < 1e-9) continue; // rounding of a turn by 90 degrees
      sum += weight * map(static_cast<arma::uword>(i) + next_row, static_cast<arma::uword>(j) + next_column);
    }
  return sum;
}

arma::mat turned(const arma::mat &map, double degrees) {
  const double c = std::cos(degrees * std::numbers::pi / 180), s = std::sin(degrees * std::numbers::pi / 180);
  arma::mat out(arma::size(map));
  for (arma::uword k = 0; k < map.n_elem; ++k) {
    const auto at = offset(map, k);
    out(k) = interpolated(map, {c * at.row - s * at.column, s * at.row + c * at.column});
  }
  return out;
}

// Radius of the central peak in bins.
double central_radius(const arma::mat &map) {
  const auto reach = static_cast<std::size_t>(std::min(map.n_rows, map.n_cols) / 2);
  std::vector<double> sum(reach + 1, 0), count(reach + 1, 0);
  for (arma::uword k = 0; k < map.n_elem; ++k) {
    const auto distance = static_cast<std::size_t>(std::lround(offset(map, k).radius()));
    if (distance > reach || std::isnan(map(k))) continue;
    sum[distance] += map(k);
    count[distance] += 1;
  }
  const auto profile = [&](std::size_t d) { return sum[d] / count[d]; };
  for (std::size_t d = 1; d < reach; ++d)
    if (profile(d) < 0.2 || (profile(d) < profile(d - 1) && profile(d) <= profile(d + 1)))
      return static_cast<double>(d);
  return static_cast<double>(reach);
}

// Number of the field of each bin, from 1; 0 outside of fields.
arma::umat fields_of(const arma::mat &rate, double least_rate, double least_bins) {
  arma::umat field(arma::size(rate), arma::fill::zeros);
  arma::umat seen(arma::size(rate), arma::fill::zeros);
  arma::uword fields = 0;
  std::vector<arma::uword> members;
  const auto visit = [&](arma::uword row, arma::uword column) {
    const arma::uword k = row + column * rate.n_rows;
    if (seen(k) || !(rate(k) > least_rate)) return;
    seen(k) = 1;
    members.push_back(k);
  };
  for (arma::uword first = 0; first < rate.n_elem; ++first) {
    members.clear();
    visit(first % rate.n_rows, first / rate.n_rows);
    for (std::size_t k = 0; k < members.size(); ++k) {
      const arma::uword row = members[k] % rate.n_rows, column = members[k] / rate.n_rows;
      if (row > 0) visit(row - 1, column);
      if (row + 1 < rate.n_rows) visit(row + 1, column);
      if (column > 0) visit(row, column - 1);
      if (column + 1 < rate.n_cols) visit(row, column + 1);
    }
    if (members.empty() || static_cast<double>(members.size()) < least_bins - 1e-9) continue;
    ++fields;
    for (const arma::uword k : members) field(k) = fields;
  }
  return field;
}

double wall_coverage(const arma::umat &field) {
  double most = 0;
  const auto along = [&](const arma::uvec &wall) {
    for (arma::uword f = 1; f <= field.max(); ++f)
      most = std::max(most, static_cast<double>(arma::accu(wall == f)) / static_cast<double>(wall.n_elem));
  };
  along(field.col(0));
  along(field.col(field.n_cols - 1));
  along(field.row(0).t());
  along(field.row(field.n_rows - 1).t());
  return most;
}

// Is a bin the greatest of those within a radius?
bool is_peak(const arma::mat &map, arma::uword k, double radius) {
  const auto reach = static_cast<arma::sword>(radius), rows = static_cast<arma::sword>(map.n_rows),
             columns = static_cast<arma::sword>(map.n_cols);
  const auto row = static_cast<arma::sword>(k) % rows, column = static_cast<arma::sword>(k) / rows;
  for (arma::sword j = std::max<arma::sword>(0, column - reach); j <= std::min(columns - 1, column + reach); ++j)
    for (arma::sword i = std::max<arma::sword>(0, row - reach); i <= std::min(rows - 1, row + reach); ++i)
      if (std::hypot(i - row, j - column) <= radius &&
          map(static_cast<arma::uword>(i), static_cast<arma::uword>(j)) > map(k))
        return false;
  return true;
}

// About the middle; NaN at the rim and beside it are no neighbours.
Offset place_of_peak(const arma::mat &map, arma::uword k) {
  auto place = offset(map, k);
  const arma::uword row = k % map.n_rows, column = k / map.n_rows;
  if (row > 0 && row + 1 < map.n_rows) place.row += summit(map(row - 1, column), map(k), map(row + 1, column));
  if (column > 0 && column + 1 < map.n_cols) place.column += summit(map(row, column - 1), map(k), map(row, column + 1));
  return place;
}

// Of the six peaks nearest to the middle; `radius` is that of the central one.
void measure_hexagon(const arma::mat &map, double radius, GridScore &out) {
  std::vector<Offset> peaks;
  for (arma::uword k = 0; k < map.n_elem; ++k)
    if (map(k) > 0 && offset(map, k).radius() > radius && is_peak(map, k, std::max(1.5, radius)))
      peaks.push_back(place_of_peak(map, k));
  if (peaks.size() < 6) return;
  std::sort(peaks.begin(), peaks.end(), [](const auto &a, const auto &b) { return a.radius() < b.radius(); });
  peaks.resize(6);
  out.spacing = (peaks[2].radius() + peaks[3].radius()) / 2;
  out.orientation = 360;
  for (const auto &peak : peaks) {
    const double angle = std::atan2(peak.row, peak.column) * 180 / std::numbers::pi;
    out.orientation = std::min(out.orientation, angle < -1e-9 ? angle + 360 : std::max(0.0, angle));
  }
}

} // namespace

RateMap rate_map(const Path &path, const SpikeTrain &train, const Arena &arena, const RateMapOptions &options) {
  require_path(path);
  require_sorted(train);
  if (!(options.smoothing >= 0) || !(options.least_occupancy >= 0) || !(options.least_smoothed >= 0) ||
      !(options.longest_gap >= 0))
    throw std::invalid_argument("an option of a rate map is negative");
  const arma::uword rows = bins_along(arena.y_min, arena.y_max, arena.bin);
  const arma::uword columns = bins_along(arena.x_min, arena.x_max, arena.bin);
  RateMap out;
  out.occupancy.zeros(rows, columns);
  out.spikes.zeros(rows, columns);
  std::size_t spike = 0;
  for (arma::uword k = 0; k + 1 < path.time.n_elem; ++k) {
    const double begin = path.time(k), end = path.time(k + 1);
    while (spike < train.size() && train[spike] < begin) ++spike;
    std::size_t beyond = spike;
    while (beyond < train.size() && train[beyond] < end) ++beyond;
    const auto count = static_cast<double>(beyond - spike);
    spike = beyond;
    const arma::uword row = bin_of(path.y(k), arena.y_min, arena.y_max, arena.bin, rows);
    const arma::uword column = bin_of(path.x(k), arena.x_min, arena.x_max, arena.bin, columns);
    if (row == rows || column == columns || end - begin > options.longest_gap) continue;
    out.occupancy(row, column) += end - begin;
    out.spikes(row, column) += count;
  }
  const double sd = options.smoothing / arena.bin;
  const arma::mat along_y = sd > 0 ? gaussian_weights(rows, sd) : arma::mat(arma::eye(rows, rows));
  const arma::mat along_x = sd > 0 ? gaussian_weights(columns, sd) : arma::mat(arma::eye(columns, columns));
  const arma::mat time = along_y * out.occupancy * along_x;
  out.rate = 1000 * (along_y * out.spikes * along_x) / time;
  if (options.least_smoothed > 0) // the weights of a whole Gaussian, which walls may cut, sum up to 1
    out.rate.elem(arma::find(time < options.least_smoothed * std::pow(sum_of_weights(sd), 2))).fill(unknown);
  else
    out.rate.elem(arma::find(out.occupancy <= options.least_occupancy)).fill(unknown);
  return out;
}

SpatialInformation spatial_information(const arma::mat &rate, const arma::mat &occupancy) {
  if (arma::size(rate) != arma::size(occupancy)) throw std::invalid_argument("rate and occupancy differ in size");
  const arma::uvec visited = arma::find(occupancy > 0 && rate == rate);
  const arma::vec time = occupancy.elem(visited), hertz = rate.elem(visited);
  const double total = arma::accu(time);
  const double average = total > 0 ? arma::dot(time, hertz) / total : 0;
  if (!(average > 0)) return {unknown, unknown, unknown};
  SpatialInformation out;
  for (arma::uword k = 0; k < hertz.n_elem; ++k)
    if (hertz(k) > 0) out.bits_per_second += time(k) / total * hertz(k) * std::log2(hertz(k) / average);
  out.bits_per_spike = out.bits_per_second / average;
  out.sparsity = average * average * total / arma::dot(time, arma::square(hertz));
  return out;
}

arma::mat spatial_autocorrelogram(const arma::mat &rate, std::size_t least_overlap) {
  if (rate.is_empty()) throw NotApplicable("the autocorrelogram of an empty map");
  const arma::uword rows = 2 * rate.n_rows - 1, columns = 2 * rate.n_cols - 1;
  const arma::uvec known = arma::find_finite(rate);
  arma::mat mask(arma::size(rate), arma::fill::zeros), x = mask;
  arma::mat out(rows, columns);
  out.fill(unknown);
  if (known.is_empty()) return out;
  mask.elem(known).ones();
  // About the mean and in units of the deviation, so that the differences of sums below keep their digits.
  const double spread = arma::stddev(rate.elem(known));
  if (!(spread > 0)) return out;
  x.elem(known) = (rate.elem(known) - arma::mean(rate.elem(known))) / spread;

  // Σ a(p) b(p + shift) for every shift.
  const arma::cx_mat fm = arma::fft2(mask, rows, columns), fx = arma::fft2(x, rows, columns);
  const arma::cx_mat fxx = arma::fft2(arma::mat(arma::square(x)), rows, columns);
  const auto correlate = [](const arma::cx_mat &a, const arma::cx_mat &b) {
    return arma::mat(arma::real(arma::ifft2(arma::conj(a) % b)));
  };
  const arma::mat n = arma::round(correlate(fm, fm)), first = correlate(fx, fm), second = correlate(fm, fx);
  const arma::mat first_squares = correlate(fxx, fm), second_squares = correlate(fm, fxx), product = correlate(fx, fx);
  for (arma::uword j = 0; j < columns; ++j)
    for (arma::uword i = 0; i < rows; ++i) {
      if (n(i, j) < std::max(2.0, static_cast<double>(least_overlap))) continue;
      const double va = first_squares(i, j) - first(i, j) * first(i, j) / n(i, j);
      const double vb = second_squares(i, j) - second(i, j) * second(i, j) / n(i, j);
      if (!(std::min(va, vb) > 1e-10 * n(i, j))) continue; // constant but for rounding
      // Shift 0 goes to the middle.
      out((i + rate.n_rows - 1) % rows, (j + rate.n_cols - 1) % columns) =
          std::clamp((product(i, j) - first(i, j) * second(i, j) / n(i, j)) / std::sqrt(va * vb), -1.0, 1.0);
    }
  return out;
}

GridScore grid_score(const arma::mat &autocorrelogram, double margin) {
  if (autocorrelogram.n_rows % 2 == 0 || autocorrelogram.n_cols % 2 == 0)
    throw std::invalid_argument("an autocorrelogram without a middle");
  if (!(margin >= 0)) throw std::invalid_argument("the margin of a ring is negative");
  constexpr std::array<double, 5> angles{30, 60, 90, 120, 150};
  std::array<arma::mat, 5> rotated;
  for (std::size_t a = 0; a < angles.size(); ++a) rotated[a] = turned(autocorrelogram, angles[a]);
  arma::mat radius(arma::size(autocorrelogram));
  for (arma::uword k = 0; k < radius.n_elem; ++k) radius(k) = offset(radius, k).radius();

  GridScore best{unknown, central_radius(autocorrelogram), unknown, unknown, unknown};
  measure_hexagon(autocorrelogram, best.inner, best);
  const double widest = static_cast<double>(std::min(radius.n_rows, radius.n_cols) / 2 + 1) - margin;
  for (double outer = best.inner + std::max(1.0, margin); outer <= widest; outer += 1) {
    std::array<double, 5> r{};
    for (std::size_t a = 0; a < angles.size(); ++a) {
      const arma::uvec ring = arma::find(radius > best.inner && radius <= outer && autocorrelogram == autocorrelogram &&
                                         rotated[a] == rotated[a]);
      r[a] = ring.n_elem < 2 ? unknown : correlation(autocorrelogram.elem(ring), rotated[a].elem(ring));
    }
    if (std::any_of(r.begin(), r.end(), [](double value) { return std::isnan(value); })) continue;
    const double score = std::min(r[1], r[3]) - std::max({r[0], r[2], r[4]});
    if (score > best.score || std::isnan(best.score)) {
      best.score = score;
      best.outer = outer;
    }
  }
  return best;
}

BorderScore border_score(const arma::mat &rate, double bin, double threshold, double least_area) {
  if (!(bin > 0)) throw std::invalid_argument("the side of a bin is not positive");
  const BorderScore nothing{unknown, unknown, unknown};
  const arma::uvec known = arma::find_finite(rate);
  if (known.is_empty()) return nothing;
  const double most = arma::max(rate.elem(known));
  if (!(most > 0)) return nothing;
  const arma::umat field = fields_of(rate, threshold * most, least_area / (bin * bin));
  if (field.max() == 0) return nothing;
  double weight = 0, sum = 0;
  for (arma::uword j = 0; j < rate.n_cols; ++j)
    for (arma::uword i = 0; i < rate.n_rows; ++i) {
      if (field(i, j) == 0) continue;
      const arma::uword nearest = std::min({i, rate.n_rows - 1 - i, j, rate.n_cols - 1 - j});
      weight += rate(i, j);
      sum += rate(i, j) * (static_cast<double>(nearest) + 0.5);
    }
  BorderScore out;
  out.coverage = wall_coverage(field);
  out.distance = sum / weight / (static_cast<double>(std::min(rate.n_rows, rate.n_cols)) / 2);
  out.score = (out.coverage - out.distance) / (out.coverage + out.distance);
  return out;
}

} // namespace engram::measures
