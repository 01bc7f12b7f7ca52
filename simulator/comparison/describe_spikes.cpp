// What spikes say without a stimulus.
#include "comparison/describe_parts.hpp"
#include "measures/spike_distance.hpp"
#include "measures/spike_synchrony.hpp"
#include "network/random.hpp"

#include <stdexcept>

namespace engram::comparison {

namespace {

void require_two_units(const Area &area) {
  require_spikes(area);
  if (area.trains.size() < 2) throw std::invalid_argument(area.name + " has one unit alone");
}

// Of units that are drawn with these weights; a unit with itself is no pair.
double mean_over_pairs(const arma::mat &distance, const arma::vec &weight) {
  const double all = arma::accu(weight), pairs = all * all - arma::dot(weight, weight);
  return pairs > 0 ? arma::as_scalar(weight.t() * distance * weight) / pairs : absent;
}

// The mean over pairs, with its bootstrap interval over units.
Result mean_distance(const Config &config, const std::string &method, const arma::mat &distance) {
  const arma::uword units = distance.n_rows;
  Result result;
  result.method = method;
  result.value = mean_over_pairs(distance, arma::vec(units, arma::fill::ones));
  result.neurons = units;
  if (config.bootstrap == 0 || units < 3) return result;
  const network::Random random{config.seed, network::Purpose::resample, network::name_key(method)};
  arma::vec draws(config.bootstrap);
  for (std::size_t d = 0; d < config.bootstrap; ++d) {
    arma::vec weight(units, arma::fill::zeros);
    for (arma::uword k = 0; k < units; ++k)
      weight[static_cast<arma::uword>(random.uniform(k, d) * static_cast<double>(units))] += 1;
    draws[d] = mean_over_pairs(distance, weight);
  }
  result.ci = measures::finite_percentile_interval(draws, config.confidence);
  return result;
}

} // namespace

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

std::vector<Result> synchrony(const Area &area) {
  require_two_units(area);
  const auto result = [&](const std::string &method, double value) {
    Result out;
    out.method = method;
    out.value = value;
    out.neurons = area.trains.size();
    return out;
  };
  return {result("synchrony.spike_synchronization", measures::spike_synchronization(area.trains, area.observed)),
          result("synchrony.spike_distance", measures::spike_distance(area.trains, area.observed)),
          result("synchrony.isi_distance", measures::isi_distance(area.trains, area.observed))};
}

std::vector<Result> distances(const Config &config, const Method &method, const Area &area) {
  require_two_units(area);
  constexpr double usual_cost = 0.1, usual_constant = 10; // per ms; ms
  std::vector<Result> out;
  if (method.metric != "van_rossum")
    out.push_back(mean_distance(config, "distances.victor_purpura",
                                measures::victor_purpura(area.trains, method.scale > 0 ? method.scale : usual_cost)));
  if (method.metric != "victor_purpura")
    out.push_back(mean_distance(config, "distances.van_rossum",
                                measures::van_rossum(area.trains, method.scale > 0 ? method.scale : usual_constant)));
  return out;
}

} // namespace engram::comparison
