// describe_nwb() describes NWB files: the session, then series, tables and units.
#include "data/describe_parts.hpp"
#include "data/hdf5_object.hpp"
#include "data/nwb.hpp"
#include "data/nwb_extent.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <set>

namespace engram::data {

namespace {

constexpr std::size_t deepest_object = 32, many_spikes = 20'000'000;

std::string plural(std::size_t count, const char *noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

/// "4.5 Hz", or "0.2 to 31 Hz, median 4.5".
std::string range(std::vector<double> values, const char *unit) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return "";
  std::sort(values.begin(), values.end());
  if (values.front() == values.back()) return fmt::format("{:.4g} {}", values.front(), unit);
  const double middle = (values[values.size() / 2] + values[(values.size() - 1) / 2]) / 2;
  return fmt::format("{:.4g} to {:.4g} {}, median {:.4g}", values.front(), values.back(), unit, middle);
}

void add_fact(Node &node, const std::string &fact) {
  if (!fact.empty()) node.facts.push_back(fact);
}

void add_time(const NwbFile &file, const NwbSeries &series, Node &node) {
  node.rate_hz = series.rate_hz;
  node.start_s = series.starting_time_s;
  if (series.timestamps == 0) {
    if (series.rate_hz > 0 && series.samples > 0)
      node.duration_s = static_cast<double>(series.samples) / series.rate_hz;
    if (std::isnan(series.rate_hz)) node.facts.emplace_back("no rate and no timestamps");
    return;
  }
  const double last = file.read_times(series.path, series.timestamps - 1, 1).at(0);
  node.duration_s = last - series.starting_time_s;
  std::string fact = plural(series.timestamps, "timestamp");
  if (node.duration_s > 0)
    fact += fmt::format(" (mean {:.6g} Hz)", static_cast<double>(series.timestamps - 1) / node.duration_s);
  node.facts.push_back(fact);
}

/// What is said of values that cannot be read: the filter that is missing, where it is one (hdf5_filter.hpp).
std::string unread_fact(const std::string &why) {
  const auto begin = why.find("packed with filter"), end = why.find(" here (", begin);
  return begin == std::string::npos || end == std::string::npos ? "cannot be read" : why.substr(begin, end + 5 - begin);
}

Node series_node(const NwbFile &file, const NwbSeries &series, const std::string &name) {
  Node node;
  node.name = name;
  node.kind = "series";
  node.object = series.type;
  node.type = series.stored;
  node.shape = series.shape;
  node.unit = series.unit;
  node.note = series.description == "no description" ? "" : series.description;
  add_time(file, series, node);
  if (series.conversion != 1) node.facts.push_back(fmt::format("conversion {:g}", series.conversion));
  if (series.offset != 0) node.facts.push_back(fmt::format("offset {:g}", series.offset));
  if (!series.channel_conversion.empty()) node.facts.emplace_back("a conversion for each channel");
  if (!series.data_link.empty()) node.facts.push_back("data " + series.data_link);
  if (!series.timestamps_link.empty()) node.facts.push_back("timestamps " + series.timestamps_link);
  if (!series.electrode.empty())
    node.facts.push_back("electrode " + series.electrode.substr(series.electrode.rfind('/') + 1));
  if (!series.external_files.empty()) {
    node.facts.push_back(plural(series.external_files.size(), "external file"));
    node.texts.assign(series.external_files.begin(),
                      series.external_files.begin() +
                          std::min<std::ptrdiff_t>(2, static_cast<std::ptrdiff_t>(series.external_files.size())));
    node.of_values = series.external_files.size();
  }
  if (series.samples == 0 || series.channels == 0 || series.channels > described_rows) return node;
  const std::size_t some = std::min(series.samples, 1 + shown_values / series.channels);
  node.of_values = series.samples * series.channels;
  if (series.stored == "text") return node;
  try {
    const arma::mat rows = file.read_series(series.path, 0, some);
    for (arma::uword r = 0; r < rows.n_rows; ++r)
      for (arma::uword c = 0; c < rows.n_cols && node.values.size() < shown_values; ++c)
        node.values.push_back(rows(r, c));
  } catch (const DataError &error) {
    node.facts.push_back(unread_fact(error.what()));
  }
  return node;
}

std::size_t row_width(const NwbColumn &column) {
  std::size_t width = 1;
  for (std::size_t a = 1; a < column.shape.size(); ++a)
    if (__builtin_mul_overflow(width, column.shape[a], &width)) return std::numeric_limits<std::size_t>::max();
  return width;
}

Node column_node(const NwbFile &file, const NwbTable &table, const NwbColumn &column) {
  Node node;
  node.name = column.name;
  node.kind = "column";
  node.type = column.type;
  node.shape = column.shape;
  node.note = column.description;
  if (column.ragged) node.facts.emplace_back("ragged");
  if (!column.region.empty()) node.facts.push_back("rows of " + column.region);
  if (table.rows == 0) return node;
  if (column.numbers) {
    const std::size_t width = row_width(column);
    node.of_values = (column.shape.empty() ? 1 : column.shape[0]) * width;
    if (width > described_rows) return node;
    const std::size_t some = column.ragged ? 1 : std::min(table.rows, shown_values);
    node.values = file.read_column(table, column.name, 0, some).numbers;
    node.values.resize(std::min(node.values.size(), shown_values));
  } else if (column.texts) {
    set_distinct(node, file.read_column(table, column.name, 0, std::min(table.rows, described_rows)).texts);
  }
  return node;
}

void add_units(const NwbFile &file, const NwbTable &table, Node &node) {
  const NwbColumn *times = table.find("spike_times");
  if (times == nullptr || times->shape.empty()) return;
  add_fact(node, plural(times->shape[0], "spike"));
  if (times->shape[0] > many_spikes) return;
  const NwbUnits units = file.units();
  NwbExtent extent;
  std::string unknown_extent;
  try {
    extent = extent_of(file, units);
  } catch (const DataError &error) {
    unknown_extent = unread_fact(error.what());
  }
  std::vector<double> rates;
  std::size_t without = 0;
  double first = Node::none, last = Node::none;
  for (std::size_t u = 0; u < units.ids.size(); ++u) {
    rates.push_back(units.rate_hz(u, extent));
    without += u >= units.obs_intervals_s.size() || units.obs_intervals_s[u].empty();
    for (const double t : units.spike_times_s[u]) {
      first = std::isnan(first) ? t : std::min(first, t);
      last = std::isnan(last) ? t : std::max(last, t);
    }
  }
  add_fact(node, range(rates, "Hz"));
  if (without > 0) {
    const std::string who = without == units.ids.size() ? "" : fmt::format("{} units have ", without);
    add_fact(node, who + "no observation intervals: " +
                       (extent.known() ? fmt::format("rates from {:.6g} to {:.6g} s, {}", extent.start_s, extent.stop_s,
                                                     extent.source())
                                       : "no rates, as nothing says how long was recorded" +
                                             (unknown_extent.empty() ? "" : " (" + unknown_extent + ")")));
  }
  node.start_s = first;
  node.duration_s = last - first;
}

void add_intervals(const NwbFile &file, const NwbTable &table, Node &node) {
  const NwbColumn *start = table.find("start_time"), *stop = table.find("stop_time");
  if (start == nullptr || stop == nullptr || !start->numbers || !stop->numbers || table.rows == 0) return;
  const std::size_t rows = std::min(table.rows, described_rows);
  const auto starts = file.read_column(table, "start_time", 0, rows).numbers;
  const auto stops = file.read_column(table, "stop_time", 0, rows).numbers;
  if (starts.size() != rows || stops.size() != rows) return;
  std::vector<double> lengths;
  for (std::size_t r = 0; r < rows; ++r) lengths.push_back(stops[r] - starts[r]);
  const std::string text = range(lengths, "s");
  if (!text.empty()) add_fact(node, "lasting " + text);
  node.start_s = starts.front();
  node.duration_s = stops.back() - starts.front();
}

Node table_node(const NwbFile &file, const NwbTable &table, const std::string &name) {
  Node node;
  node.name = name;
  node.kind = "table";
  node.object = table.type;
  node.note = table.description;
  const char *noun = table.path == "units" ? "unit" : table.path == "intervals/trials" ? "trial" : "row";
  node.facts.push_back(plural(table.rows, noun));
  if (table.path == "units") add_units(file, table, node);
  add_intervals(file, table, node);
  for (const NwbColumn &column : table.columns) {
    try {
      node.children.push_back(column_node(file, table, column));
    } catch (const DataError &error) {
      Node broken;
      broken.name = column.name;
      broken.kind = "column";
      broken.type = column.type;
      broken.facts.push_back(unread_fact(error.what()));
      node.children.push_back(std::move(broken));
    }
  }
  return node;
}

/// Do the first lines of the description say this already?
bool said_above(const std::string &path) {
  static const std::set<std::string> names{"specifications",     "identifier",       "session_description",
                                           "session_start_time", "file_create_date", "timestamps_reference_time"};
  return names.contains(path);
}

class Walk {
public:
  explicit Walk(const NwbFile &file) : file_(file), handle_(hdf5::open_read(file.path())) {
    for (const NwbSeries &one : file.series()) series_[one.path] = &one;
    for (const NwbTable &one : file.tables()) tables_[one.path] = &one;
    for (const NwbImage &one : file.images()) images_[one.path] = &one;
  }

  std::vector<Node> all() {
    const hdf5::Handle root = hdf5::open_object(handle_.get(), "/");
    if (!root) hdf5::fail(handle_.get(), "has no readable root group");
    return members(root.get(), "", 0);
  }

private:
  std::vector<Node> members(hid_t group, const std::string &path, std::size_t depth) {
    std::vector<Node> nodes;
    if (depth > deepest_object) return nodes;
    for (const std::string &name : hdf5::children(group)) {
      const std::string place = path.empty() ? name : path + "/" + name;
      if (said_above(place)) continue;
      const auto unread = [&](const std::string &why) {
        Node node;
        node.name = name;
        node.facts.push_back(unread_fact(why));
        nodes.push_back(std::move(node));
      };
      try {
        add(group, name, place, depth, nodes);
      } catch (const hdf5::Failure &error) {
        unread(error.what());
      } catch (const DataError &error) {
        unread(error.what());
      }
    }
    return nodes;
  }

  void add(hid_t group, const std::string &name, const std::string &place, std::size_t depth,
           std::vector<Node> &nodes) {
    if (const auto at = series_.find(place); at != series_.end()) {
      nodes.push_back(series_node(file_, *at->second, name));
    } else if (const auto table = tables_.find(place); table != tables_.end()) {
      nodes.push_back(table_node(file_, *table->second, name));
    } else if (const std::string link = hdf5::link_target(group, name); !link.empty()) {
      const bool whole = static_cast<bool>(hdf5::open_object(group, name));
      Node node;
      node.name = name;
      node.kind = "link";
      node.facts.push_back(whole ? link : link + " (leads nowhere)");
      nodes.push_back(std::move(node));
    } else if (const hdf5::Handle object = hdf5::open_object(group, name); object && hdf5::is_group(object.get())) {
      add_group(object.get(), name, place, depth, nodes);
    } else if (object && hdf5::is_dataset(object.get())) {
      const bool text_above = place.starts_with("general/") && hdf5::holds_texts(object.get()) &&
                              (depth == 1 || place.starts_with("general/subject/"));
      if (text_above) return;
      nodes.push_back(dataset_node(object.get(), name));
      if (images_.contains(place)) nodes.back().kind = "image";
      nodes.back().object = hdf5::attribute_text(object.get(), "neurodata_type");
    }
  }

  void add_group(hid_t group, const std::string &name, const std::string &place, std::size_t depth,
                 std::vector<Node> &nodes) {
    if (!seen_.insert(hdf5::identity(group)).second) return;
    Node node;
    node.name = name;
    node.kind = "group";
    node.object = hdf5::attribute_text(group, "neurodata_type");
    node.note = hdf5::attribute_text(group, "description");
    node.children = members(group, place, depth + 1);
    // Every file has some groups for what it might have had.
    if (!node.children.empty() || (!node.object.empty() && node.object != "Subject")) nodes.push_back(std::move(node));
  }

  const NwbFile &file_;
  hdf5::Handle handle_;
  std::map<std::string, const NwbSeries *> series_;
  std::map<std::string, const NwbTable *> tables_;
  std::map<std::string, const NwbImage *> images_;
  std::set<std::pair<unsigned long, haddr_t>> seen_;
};

} // namespace

FileDescription describe_nwb(const std::string &path) {
  const NwbFile nwb = NwbFile::here(path); // this runs in a child process
  const NwbSession session = nwb.session();
  FileDescription file;
  file.path = path;
  file.format = "NWB";
  file.version = session.version;
  file.title = session.description;
  file.identifier = session.identifier;
  if (!session.start_time.empty()) file.facts.emplace_back("start", session.start_time);
  if (!nwb.outside().empty()) file.facts.emplace_back("values also from", printable_list(nwb.outside()));
  file.facts.insert(file.facts.end(), session.general.begin(), session.general.end());
  file.children = Walk(nwb).all();
  return file;
}

} // namespace engram::data
