// NwbFile reads units here: their spike times and observation intervals.
#include "data/array.hpp"
#include "data/nwb.hpp"

#include <algorithm>

namespace engram::data {

double NwbUnits::rate_hz(std::size_t u) const {
  const auto &spikes = spike_times_s.at(u);
  double observed = 0;
  std::size_t inside = 0;
  if (!obs_intervals_s.empty() && !obs_intervals_s.at(u).empty()) {
    for (const auto &[start, stop] : obs_intervals_s[u]) {
      observed += stop - start;
      inside += static_cast<std::size_t>(std::count_if(
          spikes.begin(), spikes.end(), [low = start, high = stop](double t) { return t >= low && t <= high; }));
    }
  } else {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const auto &times : spike_times_s)
      for (const double t : times) {
        low = std::min(low, t);
        high = std::max(high, t);
      }
    observed = high - low;
    inside = spikes.size();
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
