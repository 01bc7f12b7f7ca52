#include "measures/rsa_inference.hpp"

#include "measures/model_performance.hpp"
#include "measures/not_applicable.hpp"
#include "measures/unknown.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace engram::measures {

namespace {

std::vector<double> numbers_of(const arma::vec &values) {
  std::vector<double> numbers;
  for (const double v : values)
    if (!std::isnan(v)) numbers.push_back(v);
  return numbers;
}

double variance_of(const arma::vec &samples) {
  const auto numbers = numbers_of(samples);
  return numbers.size() < 2 ? unknown : arma::var(arma::vec(numbers));
}

double percentile_p(const arma::vec &samples) {
  const auto numbers = numbers_of(samples);
  std::size_t not_above = 0, not_below = 0;
  for (const double d : numbers) {
    not_above += d <= 0;
    not_below += d >= 0;
  }
  const auto fewer = static_cast<double>(1 + std::min(not_above, not_below));
  return numbers.empty() ? unknown : std::min(1.0, 2 * fewer / static_cast<double>(1 + numbers.size()));
}

double student_p(double difference, double variance, double degrees_of_freedom) {
  if (difference == 0) return 1;
  if (!(variance > 0)) return unknown;
  const boost::math::students_t student(degrees_of_freedom);
  return 2 * boost::math::cdf(boost::math::complement(student, std::abs(difference) / std::sqrt(variance)));
}

// Bootstrap samples of all that the variance needs.
struct Samples {
  arma::mat drawn;                // as asked for
  arma::mat conditions, subjects; // when both are drawn: only one of them
};

Samples samples_of(const arma::mat &models, const arma::mat &subjects, const RdmSimilarity &how, Bootstrap bootstrap) {
  Samples samples;
  samples.drawn = bootstrap_performance(models, subjects, how, bootstrap);
  if (bootstrap.resample != Resample::both) return samples;
  bootstrap.resample = Resample::conditions;
  samples.conditions = bootstrap_performance(models, subjects, how, bootstrap);
  bootstrap.resample = Resample::subjects;
  samples.subjects = bootstrap_performance(models, subjects, how, bootstrap);
  return samples;
}

double corrected(double n) { return n / (n - 1); }

double two_factor_variance(double both, double of_conditions, double of_subjects, double conditions, double subjects) {
  const double s = corrected(subjects) * of_subjects, c = corrected(conditions) * of_conditions;
  const double v = s + c - corrected(conditions) * corrected(subjects) * (both - of_subjects - of_conditions);
  return std::min(std::max({v, s, c}), both);
}

} // namespace

std::vector<ModelDifference> compare_models(const arma::mat &models, const arma::mat &subjects,
                                            const RdmSimilarity &how, const Bootstrap &bootstrap, double confidence) {
  const auto C = static_cast<double>(conditions_of(models, subjects)), S = static_cast<double>(subjects.n_cols);
  const bool draws_subjects = bootstrap.resample != Resample::conditions;
  if (draws_subjects && subjects.n_cols < 2)
    throw NotApplicable("RSA: one subject says nothing of others, draw conditions");
  const double n = bootstrap.resample == Resample::both ? std::min(C, S) : draws_subjects ? S : C;
  const arma::rowvec performance = model_performance(models, subjects, how);
  const Samples samples = samples_of(models, subjects, how, bootstrap);

  std::vector<ModelDifference> out;
  for (std::size_t a = 0; a < models.n_cols; ++a)
    for (std::size_t b = a + 1; b < models.n_cols; ++b) {
      const auto of_pair = [&](const arma::mat &x) -> arma::vec { return x.col(a) - x.col(b); };
      const arma::vec drawn = of_pair(samples.drawn);
      double variance = variance_of(drawn);
      variance = bootstrap.resample == Resample::both
                     ? two_factor_variance(variance, variance_of(of_pair(samples.conditions)),
                                           variance_of(of_pair(samples.subjects)), C, S)
                     : corrected(n) * variance;
      ModelDifference d;
      d.first = a;
      d.second = b;
      d.difference = performance[a] - performance[b];
      d.interval = finite_percentile_interval(drawn, confidence);
      d.p = student_p(d.difference, variance, n - 1);
      d.percentile_p = percentile_p(drawn);
      out.push_back(d);
    }
  return out;
}

} // namespace engram::measures
