#include "data/spikes/spike_columns.hpp"

#include "data/spikes/stored_spikes.hpp"

namespace engram::data {

std::string time_unit_of_column(const std::string &name) {
  if (is_among(name, ms_names)) return "ms";
  return is_among(name, second_names) ? "s" : "";
}

Table unit_and_time(Table table, const std::string &file, std::string &time_unit) {
  std::vector<std::string> times = ms_names;
  times.insert(times.end(), second_names.begin(), second_names.end());
  times.insert(times.end(), time_names.begin(), time_names.end());
  table = in_order(std::move(table), file, {unit_names, times}, 0);
  time_unit = table.columns.size() == 2 ? time_unit_of_column(table.columns[1]) : "";
  return table;
}

} // namespace engram::data
