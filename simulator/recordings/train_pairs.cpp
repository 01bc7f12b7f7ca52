#include "recordings/train_pairs.hpp"

#include "measures/folds.hpp"
#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"
#include "recordings/tables.hpp"
#include "recordings/trial_trains.hpp"
#include "recordings/unit_summary.hpp"
#include "recordings/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engram::recordings {

namespace {

constexpr std::size_t most_trials = 10, most_permuted = 3; // of a condition
constexpr std::size_t most_pairs = 400'000;                // of trains, over all units

double mean_of(const std::vector<double> &values) {
  double sum = 0;
  std::size_t count = 0;
  for (const double v : values)
    if (std::isfinite(v)) {
      sum += v;
      ++count;
    }
  return count > 0 ? sum / static_cast<double>(count) : absent;
}

using Trains = std::vector<measures::SpikeTrain>;

double between(const TrainMetric &metric, const Trains &a, const Trains &b, const measures::Observation &observed) {
  std::vector<double> all;
  for (const auto &x : a)
    for (const auto &y : b) all.push_back(metric.of(x, y, observed));
  return mean_of(all);
}

double within(const TrainMetric &metric, const Trains &a, const measures::Observation &observed) {
  std::vector<double> all;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = i + 1; j < a.size(); ++j) all.push_back(metric.of(a[i], a[j], observed));
  return mean_of(all);
}

// All pairs of these many units are some ten seconds of work: the longer the trains, the fewer units.
std::size_t most_in_pairs(const Area &area) {
  constexpr double work = 4e8;
  double events = 0;
  for (std::size_t u = 0; u < area.trains.size(); ++u)
    events += static_cast<double>(area.trains[u].size() + observation_of(area, u).size());
  const double each = std::max(1.0, events / static_cast<double>(area.trains.size()));
  return std::clamp(static_cast<std::size_t>(std::sqrt(work / each)), most_units, 4 * most_units);
}

// Of one metric, by unit; `all`: conditions of the region × conditions of the area × units, for permutations.
struct Measured {
  arma::vec between, of_region, of_area;
  arma::cube all;
};

// The share of relabellings of the area's conditions at which the trains are at least as much alike.
double chance(const Config &config, const TrainMetric &metric, const arma::cube &all, double value) {
  const numeric::Random random{config.seed, numeric::Purpose::resample, numeric::name_key(metric.name)};
  std::size_t as_good = 0;
  for (std::size_t k = 0; k < config.permutations; ++k) {
    const auto order = numeric::permutation(random, all.n_rows, k);
    arma::vec units(all.n_slices);
    for (arma::uword u = 0; u < all.n_slices; ++u) {
      std::vector<double> conditions;
      for (arma::uword c = 0; c < all.n_rows; ++c) conditions.push_back(all(c, order[c], u));
      units[u] = mean_of(conditions);
    }
    const double median = measures::median(arma::vec(units(arma::find_finite(units))));
    as_good += metric.likeness ? median >= value - 1e-12 : median <= value + 1e-12;
  }
  return static_cast<double>(1 + as_good) / static_cast<double>(1 + config.permutations);
}

} // namespace

std::vector<Result> pairs_of_units(const Call &call, const std::vector<TrainMetric> &metrics, const Area &area) {
  require_spikes(area);
  if (area.trains.size() < 2) throw measures::NotApplicable(area.name + " has one unit alone");
  const auto which = drawn_units(call.config, area, most_in_pairs(area), call.found.notes);
  std::vector<measures::SpikeTrain> trains;
  std::vector<measures::Observation> observed;
  for (const std::size_t u : which) {
    trains.push_back(area.trains[u]);
    observed.push_back(observation_of(area, u));
  }
  if (const auto apart = pairs_apart(observed); apart > 0)
    call.found.notes.push_back(fmt::format("{}: {} of {} pairs of units were never observed at one time, and are left "
                                           "out",
                                           area.name, apart, trains.size() * (trains.size() - 1) / 2));
  std::vector<Result> out;
  std::vector<std::string> names;
  for (const std::size_t u : which) names.push_back(u < area.units.size() ? area.units[u] : std::to_string(u + 1));
  for (const auto &metric : metrics) {
    arma::mat distance(trains.size(), trains.size(), arma::fill::zeros);
    const auto with_earlier = [&](std::size_t j) {
      for (std::size_t i = 0; i < j; ++i)
        distance.at(i, j) = distance.at(j, i) =
            metric.of(trains[i], trains[j], measures::common(observed[i], observed[j]));
    };
    const std::size_t last = trains.size() - 1;
    measures::for_each_part(call.progress.threads, (last + 2) / 2, [&](std::size_t k) { // parts of equal work
      with_earlier(k);
      if (last - k != k) with_earlier(last - k);
    });
    // Of a train and itself.
    distance.diag().fill(metric.likeness ? 1 : 0);
    call.found.matrices.push_back(pair_table(metric.name, area, "unit", names, distance));
    if (metric.of_all)
      out.push_back(result_of(metric.name, metric.of_all(trains, observed), trains.size()));
    else
      out.push_back(mean_over_pairs(call.config, metric.name, distance));
  }
  return out;
}

std::vector<Result> trials_of_units(const Call &call, const std::vector<TrainMetric> &metrics, const Area &region,
                                    const Area &area) {
  const auto &config = call.config;
  const auto &progress = call.progress;
  if (region.trials.empty() != area.trials.empty())
    throw measures::NotApplicable((region.trials.empty() ? region.name : area.name) +
                                  " has no trials by condition, and the other side has");
  const bool permute = config.permutations > 0 && area.condition_count > 1;
  const std::size_t most = permute ? most_permuted : most_trials;
  const auto there = trial_windows(region), here = trial_windows(area);
  const std::size_t conditions = there.windows.size();
  const double duration = std::min(there.duration, here.duration);
  if (!(duration > 0)) throw measures::NotApplicable("a side was observed for no time");
  const std::size_t each = conditions * (permute ? conditions : 1);
  std::vector<std::string> notes;
  const auto pairs = pair_units(config, region, area,
                                std::clamp<std::size_t>(most_pairs / each / (most * most), 1, most_units), notes);
  if (has_more(there, most) || has_more(here, most))
    notes.push_back(
        fmt::format("{} and {}: the first {} trials of each condition are compared", region.name, area.name, most));
  if (std::abs(there.duration - here.duration) > 1e-6 * duration)
    notes.push_back(
        fmt::format("{} and {}: of each train the first {:.6g} ms are compared", region.name, area.name, duration));
  const std::size_t units = pairs.of_region.size();
  std::vector<Measured> measured(metrics.size());
  for (auto &m : measured) {
    m.between.set_size(units);
    m.of_region = m.of_area = m.between;
    if (permute) m.all.set_size(conditions, conditions, units);
  }
  measures::for_each_part(progress.threads, units, [&](std::size_t u) {
    if (progress.go_on && !progress.go_on()) return;
    const auto of_region = trains_by_trial(region, pairs.of_region[u], there, duration, most),
               of_area = trains_by_trial(area, pairs.of_area[u], here, duration, most);
    const auto &a = of_region.trains, &b = of_area.trains;
    const auto observed = measures::common(of_region.observed, of_area.observed);
    for (std::size_t k = 0; k < metrics.size(); ++k) {
      std::vector<double> across, first, second;
      for (std::size_t c = 0; c < conditions; ++c) {
        for (std::size_t d = 0; permute && d < conditions; ++d)
          measured[k].all(c, d, u) = between(metrics[k], a[c], b[d], observed);
        across.push_back(permute ? measured[k].all(c, c, u) : between(metrics[k], a[c], b[c], observed));
        first.push_back(within(metrics[k], a[c], of_region.observed));
        second.push_back(within(metrics[k], b[c], of_area.observed));
      }
      measured[k].between[u] = mean_of(across);
      measured[k].of_region[u] = mean_of(first);
      measured[k].of_area[u] = mean_of(second);
    }
  });
  if (progress.go_on && !progress.go_on()) return {};
  call.found.notes.insert(call.found.notes.end(), notes.begin(), notes.end());
  std::vector<Result> out;
  for (std::size_t k = 0; k < metrics.size(); ++k) {
    Result result = median_of(config, metrics[k].name, measured[k].between);
    result.of_pairs = true;
    result.region = region.name;
    result.area = area.name;
    result.conditions = area.trials.empty() ? 0 : conditions;
    const arma::vec own = measured[k].of_area(arma::find_finite(measured[k].of_area));
    if (!own.is_empty()) result.ceiling = {measures::median(own), measures::median(own)};
    if (permute) result.p = chance(config, metrics[k], measured[k].all, result.value);
    out.push_back(result);
    for (const bool of_area : {false, true}) {
      Result trials =
          median_of(config, metrics[k].name + ".own_trials", of_area ? measured[k].of_area : measured[k].of_region);
      if (trials.neurons == 0) continue;
      (of_area ? trials.area : trials.region) = of_area ? area.name : region.name;
      trials.conditions = result.conditions;
      out.push_back(std::move(trials));
    }
  }
  return out;
}

} // namespace engram::recordings
