#include "recordings/units.hpp"

#include "measures/not_applicable.hpp"
#include "numeric/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace engram::recordings {

std::vector<std::size_t> drawn(const Config &config, std::size_t count, std::size_t most) {
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  if (count <= most) return out;
  const auto order = numeric::permutation({config.seed, numeric::Purpose::resample, numeric::name_key("units")}, count);
  out.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most));
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::size_t> drawn_units(const Config &config, const Area &area, std::size_t most,
                                     std::vector<std::string> &notes) {
  const std::size_t count = area.units.size();
  if (count > most)
    notes.push_back(fmt::format("{}: {} of {} units are drawn (seed {}), whose pairs are measured", area.name, most,
                                count, config.seed));
  return drawn(config, count, most);
}

UnitPairs pair_units(const Config &config, const Area &region, const Area &area, std::size_t most,
                     std::vector<std::string> &notes) {
  require_spikes(region);
  require_spikes(area);
  const std::size_t count = region.units.size();
  if (count != area.units.size())
    throw measures::NotApplicable(fmt::format("{} has {} units and {} has {}: which is which?", region.name, count,
                                              area.name, area.units.size()));
  std::map<std::string, std::size_t> index;
  for (std::size_t u = 0; u < count; ++u) index.emplace(area.units[u], u);
  const bool named = index.size() == count && std::all_of(region.units.begin(), region.units.end(),
                                                          [&](const auto &name) { return index.contains(name); });
  UnitPairs out;
  out.of_region = drawn(config, count, most);
  for (const std::size_t u : out.of_region) out.of_area.push_back(named ? index.at(region.units[u]) : u);
  notes.push_back(
      fmt::format("units of {} and {} are paired by their {}", region.name, area.name, named ? "names" : "order"));
  if (count > most)
    notes.push_back(fmt::format("{} and {}: {} of {} pairs of units are drawn (seed {})", region.name, area.name, most,
                                count, config.seed));
  return out;
}

std::size_t pairs_apart(const std::vector<measures::Observation> &observed) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < observed.size(); ++i)
    for (std::size_t j = i + 1; j < observed.size(); ++j) out += measures::common(observed[i], observed[j]).empty();
  return out;
}

measures::Path path_while_watched(const measures::Path &path, const Area &area, std::size_t unit) {
  measures::Path out = path;
  if (area.watched.empty()) return out;
  const auto &observed = *area.watched.at(unit);
  for (arma::uword k = 0; k + 1 < path.time.n_elem; ++k)
    if (!measures::covers(observed, {path.time[k], path.time[k + 1]}, measures::rounding_at(path.time[k])))
      out.x[k] = out.y[k] = std::numeric_limits<double>::quiet_NaN();
  return out;
}

} // namespace engram::recordings
