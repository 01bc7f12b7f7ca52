#include "data/spikes/phy.hpp"

#include "data/bytes.hpp"
#include "data/csv_columns.hpp"
#include "data/csv_lines.hpp"
#include "data/printable.hpp"
#include "data/read.hpp"
#include "data/spikes/stored_spikes.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

namespace engram::data {

namespace {

namespace fs = std::filesystem;

std::string in_folder(const std::string &folder, const char *name) { return (fs::path(folder) / name).string(); }

bool is_there(const std::string &file) {
  std::error_code failed;
  return fs::is_regular_file(file, failed);
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/// A plain number of Python, as 30000., 3e4 or 30_000; 0 where it is something else.
double python_number(std::string_view text) {
  std::string digits;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const bool between = k > 0 && k + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[k - 1])) != 0 &&
                         std::isdigit(static_cast<unsigned char>(text[k + 1])) != 0;
    if (text[k] != '_' || !between) digits += text[k];
  }
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() && std::isfinite(value) ? value : 0;
}

/// A plain text of Python: 'a', "a" or r'a', without escapes; "" where it is something else.
std::string python_text(std::string_view text) {
  const bool raw = text.starts_with('r');
  if (raw) text.remove_prefix(1);
  if (text.size() < 2 || (text.front() != '\'' && text.front() != '"') || text.back() != text.front()) return "";
  const std::string_view inside = text.substr(1, text.size() - 2);
  if (inside.find(text.front()) != std::string_view::npos) return "";
  return !raw && inside.find('\\') != std::string_view::npos ? "" : std::string(inside);
}

/// A comment may follow a number; within a text a # is no comment.
std::string_view without_comment(std::string_view value) {
  return value.find_first_of("'\"") == std::string_view::npos ? value.substr(0, value.find('#')) : value;
}

std::vector<double> values_of(const std::string &file) {
  const Array array = read_array(file, "");
  const auto wide =
      std::count_if(array.shape.begin(), array.shape.end(), [](std::size_t extent) { return extent > 1; });
  if (wide > 1) throw DataError(file + ": is a matrix, not one number for each spike");
  std::vector<double> values(array.size());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = array.at(k);
  return values;
}

/// Reads cluster_NAME.tsv: cluster_id (or id) and properties. `columns` receives, by property and cluster, what it
/// says.
void read_properties(const std::string &file, std::vector<std::string> &names,
                     std::map<std::string, std::map<std::string, std::string>> &columns) {
  const Bytes bytes = read_bytes(file);
  Lines lines({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  std::vector<std::string> head;
  std::size_t id = 0;
  const char separator = file.ends_with(".csv") ? 0 : '\t';
  char used = separator;
  for (std::string_view line; lines.next(line);) {
    if (head.empty()) {
      if (used == 0) used = line.find('\t') != std::string_view::npos ? '\t' : ','; // older phy writes tabs into .csv
      for (const std::string_view field : fields_of(line, used)) head.emplace_back(field);
      const auto found =
          std::find_if(head.begin(), head.end(), [](const auto &name) { return name == "cluster_id" || name == "id"; });
      if (found == head.end()) throw DataError(file + ": has no column 'cluster_id'");
      id = static_cast<std::size_t>(found - head.begin());
      for (const std::string &name : head)
        if (name != head[id] && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      continue;
    }
    const auto fields = fields_of(line, used);
    if (fields.size() != head.size())
      throw DataError(file + ": line " + std::to_string(lines.number()) + " has " + std::to_string(fields.size()) +
                      " fields, not " + std::to_string(head.size()));
    for (std::size_t k = 0; k < fields.size(); ++k)
      if (k != id) columns[head[k]][std::string(fields[id])] = fields[k];
  }
}

void add_columns(const std::string &folder, SpikeTrains &trains) {
  std::vector<std::string> names;
  std::map<std::string, std::map<std::string, std::string>> columns;
  // What phy says of each property alone is newer than the table of all.
  for (const char *file : {"cluster_info.tsv", "cluster_KSLabel.tsv", "cluster_groups.csv", "cluster_group.tsv"})
    if (const std::string path = in_folder(folder, file); is_there(path)) read_properties(path, names, columns);
  for (const std::string &name : names) {
    trains.columns.push_back({name, {}});
    for (const std::string &unit : trains.units) trains.columns.back().values.push_back(columns[name][unit]);
  }
}

std::size_t bytes_of_type(const std::string &dtype) {
  if (dtype == "int16" || dtype == "uint16" || dtype == "float16") return 2;
  if (dtype == "int32" || dtype == "float32") return 4;
  return dtype == "int8" || dtype == "uint8" ? 1 : dtype == "float64" || dtype == "int64" ? 8 : 0;
}

/// Samples of the raw recording; nothing where it is not there.
std::optional<double> recorded_samples(const std::string &folder, const PhyParameters &parameters) {
  const std::size_t each = bytes_of_type(parameters.dtype);
  if (parameters.dat_path.empty() || each == 0 || !(parameters.channels >= 1)) return std::nullopt;
  std::error_code failed;
  const auto size = fs::file_size(fs::path(folder) / parameters.dat_path, failed);
  if (failed) return std::nullopt;
  const double samples =
      (static_cast<double>(size) - parameters.offset) / (parameters.channels * static_cast<double>(each));
  return samples > 0 ? std::optional(std::floor(samples)) : std::nullopt;
}

std::string counts_of(const UnitColumn &column) {
  std::map<std::string, std::size_t> counts;
  for (const std::string &value : column.values) ++counts[value.empty() ? "not labelled" : value];
  std::string text;
  for (const auto &[value, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + printable(value);
  return text;
}

} // namespace

std::string phy_folder(const std::string &path) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) return path;
  const fs::path parent = fs::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

bool is_phy(const std::string &path) {
  std::error_code failed;
  const bool folder = fs::is_directory(path, failed), parameters = fs::path(path).filename() == "params.py";
  return (folder || parameters) && is_there(in_folder(phy_folder(path), "spike_times.npy"));
}

PhyParameters read_phy_parameters(const std::string &path) {
  constexpr std::size_t longest = 1 << 20;
  const Bytes bytes = read_bytes(path);
  if (bytes.size() > longest) throw DataError(path + ": is too long for parameters of phy");
  Lines lines({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  PhyParameters parameters;
  for (std::string_view line; lines.next(line);) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = without_blanks(line.substr(0, equals)),
                           value = without_blanks(without_comment(line.substr(equals + 1)));
    if (name == "sample_rate") parameters.sample_rate = python_number(value);
    if (name == "n_channels_dat") parameters.channels = python_number(value);
    if (name == "offset") parameters.offset = python_number(value);
    if (name == "dat_path") parameters.dat_path = python_text(value);
    if (name == "dtype") parameters.dtype = python_text(value);
  }
  return parameters;
}

SpikeTrains read_phy(const SpikeSource &source, std::vector<std::string> &notes) {
  const std::string folder = phy_folder(source.file), parameter_file = in_folder(folder, "params.py");
  if (!source.clusters_file.empty() || !source.clusters_key.empty() || !source.key.empty() || !source.layout.empty())
    throw DataError(source.file +
                    ": is a folder of phy, which has its own clusters: leave 'key', 'clusters' and 'layout' out");
  PhyParameters parameters;
  if (is_there(parameter_file)) parameters = read_phy_parameters(parameter_file);
  if (parameters.sample_rate <= 0 && source.rate_hz <= 0)
    throw DataError(source.file +
                    (is_there(parameter_file) ? ": its params.py gives no sample_rate as a plain number"
                                              : ": has no params.py with the sample_rate") +
                    "; give the \"rate\" in Hz");
  std::string clusters = in_folder(folder, "spike_clusters.npy");
  if (!is_there(clusters)) {
    clusters = in_folder(folder, "spike_templates.npy"); // before anything was merged or split by hand
    if (!is_there(clusters)) throw DataError(source.file + ": has neither spike_clusters.npy nor spike_templates.npy");
    notes.push_back(source.file + ": has no spike_clusters.npy; units are the templates");
  }
  StoredSpikes stored =
      spikes_of_pairs(values_of(clusters), values_of(in_folder(folder, "spike_times.npy")), source.file);
  stored.time_unit = "samples";
  stored.rate_hz = parameters.sample_rate;
  SpikeTrains trains = in_ms(std::move(stored), source);
  const double rate = source.rate_hz > 0 ? source.rate_hz : parameters.sample_rate;
  if (const auto samples = recorded_samples(folder, parameters)) {
    trains.start_ms = 0;
    trains.stop_ms = *samples / rate * 1000;
  }
  add_columns(folder, trains);
  for (const UnitColumn &column : trains.columns)
    if (column.name == "group")
      notes.push_back(source.file + ": clusters by group: " + counts_of(column) + "; 'units' picks those of a group");
  return trains;
}

} // namespace engram::data
