// These methods describe the spikes of one side without a stimulus.
#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "measures/spike_synchrony.hpp"
#include "measures/spike_train.hpp"
#include "numeric/random.hpp"
#include "recordings/one_sided.hpp"
#include "recordings/train_metrics.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

namespace engram::recordings {

namespace {

void require_two_units(const Area &area) {
  require_spikes(area);
  if (area.trains.size() < 2) throw measures::NotApplicable(area.name + " has one unit alone");
}

} // namespace

Result mean_over_pairs(const Config &config, const std::string &method, const arma::mat &of_pairs) {
  const PairMean mean(of_pairs);
  const arma::uword units = of_pairs.n_rows;
  Result result;
  result.method = method;
  result.value = mean.of(arma::vec(units, arma::fill::ones));
  result.neurons = units;
  if (config.bootstrap == 0 || units < 3) return result;
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key(method)};
  arma::vec draws(config.bootstrap);
  for (std::size_t d = 0; d < config.bootstrap; ++d) {
    arma::vec weight(units, arma::fill::zeros);
    for (arma::uword k = 0; k < units; ++k)
      weight[static_cast<arma::uword>(random.uniform(k, d) * static_cast<double>(units))] += 1;
    draws[d] = mean.of(weight);
  }
  result.ci = measures::finite_percentile_interval(draws, config.confidence);
  return result;
}

std::vector<Result> spikes(const Config &config, const Area &area) {
  require_spikes(area);
  constexpr double fano_window = 100; // ms
  arma::vec rate(area.trains.size());
  rate.fill(absent); // a unit that was observed for no time has none
  arma::vec isi = rate, cv = rate, cv2 = rate, lv = rate, fano = rate;
  for (std::size_t u = 0; u < area.trains.size(); ++u) {
    const auto observed = observation_of(area, u);
    if (observed.empty()) continue;
    const auto found = measures::train_statistics(area.trains[u], observed, fano_window);
    rate[u] = found.rate;
    isi[u] = found.mean_interval;
    cv[u] = found.cv;
    cv2[u] = found.cv2;
    lv[u] = found.lv;
    fano[u] = found.fano;
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
  std::vector<measures::Observation> observed;
  for (const std::size_t u : which) {
    trains.push_back(area.trains[u]);
    observed.push_back(observation_of(area, u));
  }
  if (const auto apart = pairs_apart(observed); apart > 0)
    found.notes.push_back(fmt::format("{}: {} of {} pairs of units were never observed at one time, and are left out",
                                      area.name, apart, trains.size() * (trains.size() - 1) / 2));
  std::vector<Result> out;
  for (const auto &metric : train_metrics(method)) {
    if (metric.likeness) { // its pairs count by their spikes
      Result result;
      result.method = metric.name;
      result.value = measures::spike_synchronization(trains, observed);
      result.neurons = trains.size();
      out.push_back(result);
      continue;
    }
    arma::mat distance(trains.size(), trains.size(), arma::fill::zeros);
    measures::for_each_part(progress.threads, trains.size(), [&](std::size_t j) {
      for (std::size_t i = 0; i < j; ++i)
        distance.at(i, j) = distance.at(j, i) =
            metric.of(trains[i], trains[j], measures::common(observed[i], observed[j]));
    });
    out.push_back(mean_over_pairs(config, metric.name, distance));
  }
  return out;
}

} // namespace engram::recordings
