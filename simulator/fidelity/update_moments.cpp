#include "fidelity/update_moments.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace engram::fidelity {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr double aimed_cosine = 0.9;

double mean_of(const std::vector<double> &x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return x.empty() ? 0 : sum / static_cast<double>(x.size());
}

bool all_same(const std::vector<double> &x) {
  return std::all_of(x.begin(), x.end(), [&](double v) { return v == x.front(); });
}

// Estimates of a = ⟨m, g⟩, q = ‖m‖² and p = E‖ĝ‖² from n samples, and of how these estimates err together.
struct Known {
  double n = 0, quantile = 0;
  double a = 0, q = 0, p = 0;
  // Of the later half of the samples: their numbers, in which the mean that `q` is projected on is well known.
  std::vector<double> da, dq, dp; // linear influence of each sample on a, q and p
  double excess = 0;              // variance of dq that comes from that mean's own error
  double second_order = 0;        // 2 tr Σ² / n²

  /// Variance of a statistic with these slopes in a, q and p.
  double variance(double by_a, double by_q, double by_p) const {
    double sum = 0, squares = 0;
    for (std::size_t k = 0; k < da.size(); ++k) {
      const double h = by_a * da[k] + by_q * dq[k] + by_p * dp[k];
      sum += h;
      squares += h * h;
    }
    const auto count = static_cast<double>(da.size());
    const double spread = (squares - sum * sum / count) / (count - 1);
    return std::max(0.0, spread - by_q * by_q * excess) / n + by_q * by_q * second_order;
  }
};

Interval around(double value, double half) { return {value - half, value + half}; }

// Of a quantity that is positive: symmetric in its logarithm.
Interval around_positive(double value, double half) {
  if (!(value > 0)) return {0, std::max(0.0, value + half)};
  return {value * std::exp(-half / value), value * std::exp(half / value)};
}

// The values of θ = a² / (q G) in [0, 1] for which a² − θ q G = 0 is not refused.
Interval ratio_interval(const Known &known, double reference_square) {
  const auto refused = [&](double theta) {
    const double off = known.a * known.a - theta * known.q * reference_square;
    const double spread = known.variance(2 * known.a, -theta * reference_square, 0);
    return off * off > known.quantile * known.quantile * spread;
  };
  const double best = known.a * known.a / (known.q * reference_square);
  const double inside = known.q > 0 ? std::clamp(best, 0.0, 1.0) : 1.0;
  if (refused(inside)) return {inside, inside}; // the estimate lies beyond 1
  const auto end = [&](double kept, double beyond) {
    if (!refused(beyond)) return beyond;
    for (int k = 0; k < 60; ++k) {
      const double middle = 0.5 * (kept + beyond);
      (refused(middle) ? beyond : kept) = middle;
    }
    return kept;
  };
  return {end(inside, 0), end(inside, 1)};
}

} // namespace

UpdateMoments::UpdateMoments(std::vector<arma::vec> reference)
    : reference_(std::move(reference)), reference_squares_(reference_.size()), series_(reference_.size()) {
  for (std::size_t part = 0; part < reference_.size(); ++part) {
    const auto &g = reference_[part];
    reference_squares_[part] = arma::dot(g, g);
    sum_.emplace_back(g.n_elem, arma::fill::zeros);
    difference_.emplace_back(g.n_elem, arma::fill::zeros);
  }
}

template <class T> void UpdateMoments::project(UpdateSample<T> &sample) const {
  sample.along.assign(reference_.size(), 0);
  sample.square.assign(reference_.size(), 0);
  for (std::size_t part = 0; part < reference_.size(); ++part) {
    const T *x = sample.parts[part].memptr();
    const double *g = reference_[part].memptr();
    double along = 0, square = 0;
#pragma omp simd reduction(+ : along, square)
    for (std::size_t k = 0; k < reference_[part].n_elem; ++k) {
      const double v = static_cast<double>(x[k]);
      along += v * g[k];
      square += v * v;
    }
    sample.along[part] = along;
    sample.square[part] = square;
  }
}

template <class T> void UpdateMoments::add(const UpdateSample<T> &sample) {
  const std::size_t place = samples_ % 4;
  for (std::size_t part = 0; part < reference_.size(); ++part) {
    auto &series = series_[part];
    series.along.push_back(sample.along[part]);
    series.square.push_back(sample.square[part]);
    const T *x = sample.parts[part].memptr();
    double *sum = sum_[part].memptr(), *difference = difference_[part].memptr();
    const std::size_t count = reference_[part].n_elem;
    double onto = 0, across = 0;
    if (place < 2) { // difference: ĝ₁, then ĝ₁ − ĝ₂
      const double keep = place == 0 ? 0 : 1, sign = place == 0 ? 1 : -1;
#pragma omp simd reduction(+ : onto)
      for (std::size_t k = 0; k < count; ++k) {
        const double v = static_cast<double>(x[k]);
        onto += v * sum[k];
        sum[k] += v;
        difference[k] = keep * difference[k] + sign * v;
      }
    } else { // and its product with ĝ₃ and with ĝ₄
#pragma omp simd reduction(+ : onto, across)
      for (std::size_t k = 0; k < count; ++k) {
        const double v = static_cast<double>(x[k]);
        onto += v * sum[k];
        sum[k] += v;
        across += v * difference[k];
      }
      if (place == 2) series.differences.push_back(across);
      if (place == 3) series.differences.back() -= across;
    }
    series.onto_mean.push_back(samples_ == 0 ? 0 : onto / static_cast<double>(samples_));
  }
  ++samples_;
}

bool UpdateMoments::deterministic() const {
  return samples_ >= enough_to_be_deterministic && std::all_of(series_.begin(), series_.end(), [](const Series &s) {
           return all_same(s.along) && all_same(s.square);
         });
}

Fidelity UpdateMoments::part(std::size_t part) const { return estimate(series_[part], part, part + 1); }

Fidelity UpdateMoments::whole() const {
  Series all;
  const auto accumulate = [](std::vector<double> &to, const std::vector<double> &from) {
    to.resize(from.size());
    for (std::size_t k = 0; k < from.size(); ++k) to[k] += from[k];
  };
  for (const auto &series : series_) {
    accumulate(all.along, series.along);
    accumulate(all.square, series.square);
    accumulate(all.onto_mean, series.onto_mean);
    accumulate(all.differences, series.differences);
  }
  return estimate(all, 0, series_.size());
}

// ‖s m − g‖², with the mean as it is.
double UpdateMoments::residual_square(double scale, std::size_t first, std::size_t last) const {
  const double by = scale / static_cast<double>(samples_);
  double square = 0;
  for (std::size_t part = first; part < last; ++part)
    for (std::size_t k = 0; k < reference_[part].n_elem; ++k) {
      const double off = by * sum_[part][k] - reference_[part][k];
      square += off * off;
    }
  return square;
}

Fidelity UpdateMoments::estimate(const Series &series, std::size_t first, std::size_t last) const {
  double reference_square = 0;
  for (std::size_t part = first; part < last; ++part) reference_square += reference_squares_[part];
  Fidelity out;
  out.samples = samples_;
  const Estimate nothing{unknown, {unknown, unknown}};
  out.cosine = out.cosine_of_mean = out.scale = out.bias = out.variance = nothing;
  out.samples_to_cosine = unknown;
  const double p = mean_of(series.square), length = std::sqrt(reference_square);
  if (samples_ == 0 || !(reference_square > 0) || !(p > 0)) return out; // there is no direction to compare

  const auto exactly = [](double value) { return Estimate{value, {value, value}}; };
  const double a = mean_of(series.along);
  if (all_same(series.along) && all_same(series.square)) {
    // Without variance everything is known from one sample.
    out.cosine = out.cosine_of_mean = exactly(a / (std::sqrt(p) * length));
    out.scale = exactly(a / p);
    out.bias = exactly(std::min(1.0, std::sqrt(residual_square(a / p, first, last)) / length));
    out.variance = exactly(0);
    out.samples_to_cosine = out.cosine.value >= aimed_cosine ? 1 : unknown;
    if (samples_ < enough_to_be_deterministic) // equal so far
      for (auto *e : {&out.cosine, &out.cosine_of_mean, &out.scale, &out.bias, &out.variance}) e->ci = nothing.ci;
    return out;
  }
  if (samples_ < 8) return out;

  Known known;
  known.n = static_cast<double>(samples_);
  known.a = a;
  known.p = p;
  double pairs = 0;
  for (std::size_t t = 1; t < samples_; ++t) pairs += static_cast<double>(t) * series.onto_mean[t];
  known.q = 2 * pairs / (known.n * (known.n - 1));
  double trace_of_square = 0;
  for (const double f : series.differences) trace_of_square += f * f / 4;
  // A four that is not complete yet has added a product, not a difference of products.
  const std::size_t fours = samples_ / 4;
  if (series.differences.size() > fours) trace_of_square -= series.differences.back() * series.differences.back() / 4;
  trace_of_square /= static_cast<double>(std::max<std::size_t>(1, fours));
  known.second_order = 2 * trace_of_square / (known.n * known.n);
  double inverse = 0;
  for (std::size_t t = samples_ / 2; t < samples_; ++t) {
    known.da.push_back(series.along[t]);
    known.dq.push_back(2 * series.onto_mean[t]);
    known.dp.push_back(series.square[t]);
    inverse += 1 / static_cast<double>(t);
  }
  known.excess = 4 * trace_of_square * inverse / static_cast<double>(known.da.size());
  const boost::math::students_t student(static_cast<double>(known.da.size()) - 1);
  known.quantile = boost::math::quantile(student, 0.975);
  const auto half = [&](double by_a, double by_q, double by_p) {
    return known.quantile * std::sqrt(known.variance(by_a, by_q, by_p));
  };

  double cosine = 0, cosines = 0;
  for (std::size_t s = 0; s < samples_; ++s) {
    const double c = series.square[s] > 0 ? series.along[s] / (std::sqrt(series.square[s]) * length) : 0;
    cosine += c;
    cosines += c * c;
  }
  cosine /= known.n;
  const double spread = std::max(0.0, (cosines - known.n * cosine * cosine) / (known.n - 1));
  out.cosine = {cosine, around(cosine, known.quantile * std::sqrt(spread / known.n))};

  const Interval squared = ratio_interval(known, reference_square); // of the squared cosine of the mean
  out.bias.ci = {std::sqrt(1 - squared.high), std::sqrt(1 - squared.low)};
  const double sign = a < 0 ? -1 : 1;
  out.cosine_of_mean.ci = {sign * std::sqrt(squared.low), sign * std::sqrt(squared.high)};
  if (a < 0) std::swap(out.cosine_of_mean.ci.low, out.cosine_of_mean.ci.high);
  const double q = known.q, g = reference_square;
  if (!(q > 0)) return out; // the samples do not tell the mean from 0
  const double theta = std::min(1.0, a * a / (q * g));
  out.bias.value = std::sqrt(1 - theta);
  out.cosine_of_mean.value = sign * std::sqrt(theta);
  out.scale.value = a / q;
  const double scale_half = half(1 / q, -a / (q * q), 0);
  out.scale.ci = a > 0 ? around_positive(out.scale.value, scale_half) : around(out.scale.value, scale_half);
  const double trace = p - q; // tr Cov
  out.variance.value = a * a * trace / (q * q * g);
  out.variance.ci =
      around_positive(out.variance.value,
                      half(2 * a * trace / (q * q * g), -a * a * (2 * p - q) / (q * q * q * g), a * a / (q * q * g)));
  out.variance.value = std::max(0.0, out.variance.value);
  const double room = a * a / (aimed_cosine * aimed_cosine * g) - q;
  if (a > 0 && room > 0) out.samples_to_cosine = std::max(0.0, trace / room);
  return out;
}

template void UpdateMoments::project(UpdateSample<float> &) const;
template void UpdateMoments::project(UpdateSample<double> &) const;
template void UpdateMoments::add(const UpdateSample<float> &);
template void UpdateMoments::add(const UpdateSample<double> &);

} // namespace engram::fidelity
