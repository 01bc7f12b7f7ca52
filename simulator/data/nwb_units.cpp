// NwbFile reads units here: their spike times and observation intervals.
#include "data/array.hpp"
#include "data/nwb.hpp"
#include "data/nwb_extent.hpp"

#include <algorithm>

namespace engram::data {

double NwbUnits::rate_hz(std::size_t u, const NwbExtent &extent) const {
  std::vector<std::pair<double, double>> when{{extent.start_s, extent.stop_s}};
  if (!obs_intervals_s.empty() && !obs_intervals_s.at(u).empty()) when = obs_intervals_s[u];
  std::erase_if(when, [](const auto &interval) { return !(interval.first < interval.second); });
  std::sort(when.begin(), when.end());
  double observed = 0, known_to = -std::numeric_limits<double>::infinity();
  std::size_t inside = 0;
  for (auto [start, stop] : when) { // what intervals share counts once
    const bool after = start > known_to;
    start = std::max(start, known_to);
    if (!(start < stop)) continue;
    observed += stop - start;
    known_to = stop;
    inside += static_cast<std::size_t>(
        std::count_if(spike_times_s.at(u).begin(), spike_times_s[u].end(),
                      [&, from = start](double t) { return (after ? t >= from : t > from) && t <= known_to; }));
  }
  return observed > 0 ? static_cast<double>(inside) / observed : not_given;
}

namespace {

const NwbTable *units_table(const std::vector<NwbTable> &tables) {
  const auto at = std::find_if(tables.begin(), tables.end(), [](const NwbTable &t) { return t.path == "units"; });
  return at == tables.end() ? nullptr : &*at;
}

} // namespace

bool NwbFile::has_units() const { return units_table(objects_.tables) != nullptr; }

NwbUnits NwbFile::units() const {
  const NwbTable *table = units_table(objects_.tables);
  if (table == nullptr) throw DataError(path_ + ": has no units");
  NwbUnits units;
  units.ids = read_ids(*table);
  units.spike_times_s.resize(table->rows);
  if (const NwbColumn *column = table->find("spike_times"); column != nullptr && column->numbers) {
    const NwbRows rows = read_column(*table, "spike_times");
    for (std::size_t u = 0; u < table->rows; ++u) units.spike_times_s[u] = rows.row_numbers(u);
  }
  const NwbColumn *column = table->find("obs_intervals");
  if (column == nullptr || !column->numbers || column->shape.size() != 2 || column->shape[1] != 2) return units;
  const NwbRows rows = read_column(*table, "obs_intervals");
  units.obs_intervals_s.resize(table->rows);
  for (std::size_t u = 0; u < table->rows; ++u) {
    const auto bounds = rows.row_numbers(u);
    for (std::size_t i = 0; i + 1 < bounds.size(); i += 2)
      units.obs_intervals_s[u].emplace_back(bounds[i], bounds[i + 1]);
  }
  return units;
}

} // namespace engram::data
