// alignment() compares two areas by their mean responses to the same conditions.
#include "measures/cka.hpp"
#include "measures/not_applicable.hpp"
#include "measures/procrustes.hpp"
#include "measures/svcca.hpp"
#include "numeric/random.hpp"
#include "recordings/jackknife.hpp"
#include "recordings/method_parts.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace engram::recordings {

namespace {

double similarity(const std::string &type, const arma::mat &x, const arma::mat &y, int threads) {
  if (type == "cka_linear") return measures::linear_cka(x, y, threads);
  if (type == "cka") return measures::debiased_linear_cka(x, y, threads);
  if (type == "procrustes") return 1 - measures::procrustes_angle(x, y) / (std::numbers::pi / 2);
  return measures::svcca(x, y);
}

double course_correlation(const arma::mat &x, const arma::mat &y) {
  return arma::as_scalar(arma::cor(arma::vec(arma::vectorise(x)), arma::vec(arma::vectorise(y))));
}

// The share of relabellings of the conditions that are at least as similar.
template <class Similarity>
double chance(const Config &config, const std::string &type, const arma::mat &x, const arma::mat &y, double value,
              const Progress &progress, Similarity &&similarity) {
  std::size_t above = 0;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key(type)};
  for (std::size_t k = 0; k < config.permutations; ++k) {
    if (progress.go_on && !progress.go_on()) return absent;
    const auto order = numeric::permutation(random, x.n_rows, k);
    arma::uvec rows(order.size());
    std::copy(order.begin(), order.end(), rows.begin());
    above += similarity(arma::mat(x.rows(rows)), y) >= value - 1e-12; // a relabelling that changes nothing counts
  }
  return static_cast<double>(1 + above) / static_cast<double>(1 + config.permutations);
}

// Of the population: C × T, the mean over neurons and repeats.
arma::mat population(const Responses &responses) {
  arma::mat course(responses.condition_count(), responses.values.size());
  for (std::size_t t = 0; t < responses.values.size(); ++t)
    course.col(t) = arma::mean(over_repeats(responses.values[t]), 1);
  return course;
}

// The interval is of conditions drawn with replacement, each with its whole course.
Result time_courses(const Config &config, const Area &region, const Area &area, const Progress &progress) {
  const auto &a = responses_of(region), &b = responses_of(area);
  if (a.values.size() != b.values.size() || a.values.size() < 3)
    throw measures::NotApplicable(
        "time courses need the same bins on both sides, three at least ('window' and 'bin'); " + region.name + " has " +
        std::to_string(a.values.size()) + ", " + area.name + " has " + std::to_string(b.values.size()));
  const arma::mat x = population(a), y = population(b);
  Result result;
  result.value = course_correlation(x, y);
  if (config.permutations > 0) result.p = chance(config, "psth", x, y, result.value, progress, course_correlation);
  if (config.bootstrap == 0 || x.n_rows < 3) return result;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key("psth")};
  arma::vec draws(config.bootstrap);
  arma::uvec rows(x.n_rows);
  for (std::size_t d = 0; d < config.bootstrap; ++d) {
    for (arma::uword c = 0; c < rows.n_elem; ++c)
      rows[c] = static_cast<arma::uword>(random.uniform(c, d) * static_cast<double>(x.n_rows));
    draws[d] = course_correlation(x.rows(rows), y.rows(rows));
  }
  result.ci = measures::finite_percentile_interval(draws, config.confidence);
  return result;
}

} // namespace

Result alignment(const Config &config, const Method &method, const Area &region, const Area &area,
                 const Progress &progress) {
  const std::string type = method.type == "cka" && method.form == "linear" ? "cka_linear" : method.type;
  Result result;
  if (method.type == "psth") {
    result = time_courses(config, region, area, progress);
  } else {
    const arma::mat x = mean_response(responses_of(region)), y = mean_response(responses_of(area));
    if (!x.is_finite() || !y.is_finite())
      throw measures::NotApplicable("some neurons have no response to some conditions");
    if (x.n_rows < 3) throw measures::NotApplicable("needs three conditions at least");
    result.value = similarity(type, x, y, progress.threads);
    if (config.bootstrap > 0 && x.n_rows > 5)
      result.ci = jackknife(config, x.n_rows, result.value, progress, [&](const arma::uvec &conditions) {
        return similarity(type, x.rows(conditions), y.rows(conditions), progress.threads);
      });
    if (config.permutations > 0)
      result.p = chance(config, type, x, y, result.value, progress, [&](const arma::mat &a, const arma::mat &b) {
        return similarity(type, a, b, progress.threads);
      });
  }
  result.method = type;
  result.region = region.name;
  result.area = area.name;
  result.conditions = area.condition_count;
  result.neurons = responses_of(area).neuron_count();
  return result;
}

} // namespace engram::recordings
