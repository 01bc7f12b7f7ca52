// psth is the correlation of the time courses of two populations.
#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"
#include "recordings/alignment.hpp"
#include "recordings/completeness.hpp"

namespace engram::recordings {

namespace {

double course_correlation(const arma::mat &x, const arma::mat &y) {
  return arma::as_scalar(arma::cor(arma::vec(arma::vectorise(x)), arma::vec(arma::vectorise(y))));
}

// Of the population: C × T, the mean over neurons and repeats. Neurons and conditions are those that are complete.
arma::mat population_course(const Responses &responses, const Means &used) {
  arma::mat course(used.conditions.n_elem, responses.values.size());
  for (std::size_t t = 0; t < responses.values.size(); ++t)
    course.col(t) = arma::mean(arma::mat(over_repeats(responses.values[t]).submat(used.conditions, used.neurons)), 1);
  return course;
}

// Of conditions drawn with replacement, each with its whole course.
measures::Interval course_interval(const Config &config, const arma::mat &x, const arma::mat &y) {
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key("psth")};
  arma::vec draws(config.bootstrap);
  arma::uvec rows(x.n_rows);
  for (std::size_t d = 0; d < config.bootstrap; ++d) {
    for (arma::uword c = 0; c < rows.n_elem; ++c)
      rows[c] = static_cast<arma::uword>(random.uniform(c, d) * static_cast<double>(x.n_rows));
    draws[d] = course_correlation(x.rows(rows), y.rows(rows));
  }
  return measures::finite_percentile_interval(draws, config.confidence);
}

std::vector<Result> compare_courses(const Call &call, const Area &region, const Area &area) {
  const auto &config = call.config;
  const auto &a = responses_of(region), &b = responses_of(area);
  if (a.values.size() != b.values.size() || a.values.size() < 3)
    throw measures::NotApplicable(
        "time courses need the same bins on both sides, three at least ('window' and 'bin'); " + region.name + " has " +
        std::to_string(a.values.size()) + ", " + area.name + " has " + std::to_string(b.values.size()));
  const auto used = complete_means(region, mean_response(a), area, mean_response(b), "psth", call.found.notes);
  const arma::mat x = population_course(a, used.region), y = population_course(b, used.area);
  Result result;
  result.value = course_correlation(x, y);
  if (config.permutations > 0) result.p = relabelled(call, "psth", x, y, result.value, course_correlation);
  if (config.bootstrap > 0 && x.n_rows >= 3) result.ci = course_interval(config, x, y);
  return {of_pair(result, "psth", region, area, used.area.values)};
}

} // namespace

MethodEntry psth_method() {
  return {.words = {.name = "psth",
                    .help = "correlation of the population's time courses over conditions and bins",
                    .reference = "",
                    .interval = "bootstrap over conditions",
                    .parameters = {}},
          .place = 70,
          .compare = compare_courses};
}

} // namespace engram::recordings
