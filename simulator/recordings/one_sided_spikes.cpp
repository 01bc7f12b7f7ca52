// These methods describe the spikes of one side without a stimulus.
#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "measures/spike_synchrony.hpp"
#include "numeric/random.hpp"
#include "recordings/one_sided.hpp"
#include "recordings/train_metrics.hpp"
#include "recordings/units.hpp"

namespace engram::recordings {

namespace {

void require_two_units(const Area &area) {
  require_spikes(area);
  if (area.trains.size() < 2) throw measures::NotApplicable(area.name + " has one unit alone");
}

// Of units that are drawn with these weights; a unit with itself is no pair.
double weighted_mean(const arma::mat &of_pairs, const arma::vec &weight) {
  const double all = arma::accu(weight), pairs = all * all - arma::dot(weight, weight);
  return pairs > 0 ? arma::as_scalar(weight.t() * of_pairs * weight) / pairs : absent;
}

} // namespace

Result mean_over_pairs(const Config &config, const std::string &method, const arma::mat &of_pairs) {
  arma::mat distance = of_pairs;
  distance.diag().zeros();
  const arma::uword units = distance.n_rows;
  Result result;
  result.method = method;
  result.value = weighted_mean(distance, arma::vec(units, arma::fill::ones));
  result.neurons = units;
  if (config.bootstrap == 0 || units < 3) return result;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key(method)};
  arma::vec draws(config.bootstrap);
  for (std::size_t d = 0; d < config.bootstrap; ++d) {
    arma::vec weight(units, arma::fill::zeros);
    for (arma::uword k = 0; k < units; ++k)
      weight[static_cast<arma::uword>(random.uniform(k, d) * static_cast<double>(units))] += 1;
    draws[d] = weighted_mean(distance, weight);
  }
  result.ci = measures::finite_percentile_interval(draws, config.confidence);
  return result;
}

std::vector<Result> spikes(const Config &config, const Area &area) {
  require_spikes(area);
  constexpr double fano_window = 100; // ms
  arma::vec rate(area.trains.size()), isi = rate, cv = rate, cv2 = rate, lv = rate, fano = rate;
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    const auto &train = area.trains[u];
    const auto between = measures::intervals(train);
    rate[u] = measures::rate(train, area.observed);
    isi[u] = measures::mean_interval(between);
    cv[u] = measures::cv(between);
    cv2[u] = measures::cv2(between);
    lv[u] = measures::lv(between);
    fano[u] =
        area.observed.duration() >= 2 * fano_window ? measures::fano_factor(train, area.observed, fano_window) : absent;
  }
  return {median_of(config, "spikes.rate_hz", rate), median_of(config, "spikes.isi_ms", isi),
          median_of(config, "spikes.cv", cv),        median_of(config, "spikes.cv2", cv2),
          median_of(config, "spikes.lv", lv),        median_of(config, "spikes.fano_100ms", fano)};
}

std::vector<Result> pairs_of_units(const Config &config, const Method &method, const Area &area, Comparison &found,
                                   const Progress &progress) {
  require_two_units(area);
  const auto which = drawn_units(config, area, most_units, found.notes);
  std::vector<measures::SpikeTrain> trains;
  for (const std::size_t u : which) trains.push_back(area.trains[u]);
  std::vector<Result> out;
  for (const auto &metric : train_metrics(method)) {
    if (metric.likeness) { // its pairs count by their spikes
      Result result;
      result.method = metric.name;
      result.value = measures::spike_synchronization(trains, area.observed);
      result.neurons = trains.size();
      out.push_back(result);
      continue;
    }
    arma::mat distance(trains.size(), trains.size(), arma::fill::zeros);
    measures::for_each_part(progress.threads, trains.size(), [&](std::size_t j) {
      for (std::size_t i = 0; i < j; ++i)
        distance.at(i, j) = distance.at(j, i) = metric.of(trains[i], trains[j], area.observed);
    });
    out.push_back(mean_over_pairs(config, metric.name, distance));
  }
  return out;
}

} // namespace engram::recordings
