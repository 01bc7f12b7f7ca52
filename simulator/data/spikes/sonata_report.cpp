// This is the part of sonata.hpp that reads reports.
#include "data/array_stream.hpp"
#include "data/bytes.hpp"
#include "data/hdf5_array.hpp"
#include "data/hdf5_foreign.hpp"
#include "data/hdf5_object.hpp"
#include "data/hdf5_outside.hpp"
#include "data/isolated.hpp"
#include "data/printable.hpp"
#include "data/spikes/sonata.hpp"
#include "data/suggest.hpp"

#include <algorithm>
#include <cmath>

namespace engram::data {

auto members(SonataReport &report) {
  return std::tie(report.name, report.values, report.unit, report.time_unit, report.start, report.step,
                  report.elements);
}

namespace {

bool is_report(hid_t group) {
  const hdf5::Handle data = hdf5::open_object(group, "data"), time = hdf5::open_object(group, "mapping/time");
  return data && hdf5::is_dataset(data.get()) && hdf5::holds_numbers(data.get()) &&
         hdf5::shape(data.get()).size() == 2 && time && hdf5::is_dataset(time.get()) &&
         hdf5::holds_numbers(time.get()) && hdf5::row_count(time.get()) == 3 && hdf5::row_width(time.get()) == 1;
}

std::vector<double> mapping_of(hid_t group, const std::string &name, const std::string &where) {
  const hdf5::Handle dataset = hdf5::open_object(group, "mapping/" + name);
  if (!dataset || !hdf5::is_dataset(dataset.get()) || hdf5::row_width(dataset.get()) != 1)
    throw DataError(where + " has no list mapping/" + name);
  return hdf5::read_rows(dataset.get(), 0, hdf5::row_count(dataset.get()));
}

/// Node k has the elements pointers[k] to pointers[k + 1] − 1.
std::vector<std::string> elements_of(hid_t group, std::size_t count, const std::string &where) {
  const auto nodes = mapping_of(group, "node_ids", where), pointers = mapping_of(group, "index_pointers", where),
             ids = mapping_of(group, "element_ids", where);
  const auto whole = [](double value) {
    return std::to_string(static_cast<long long>(std::clamp(value, -9e15, 9e15)));
  };
  std::vector<std::string> elements;
  for (std::size_t k = 0; k < nodes.size() && k + 1 < pointers.size(); ++k) {
    if (!(pointers[k] == static_cast<double>(elements.size())) || !(pointers[k + 1] >= pointers[k]) ||
        !(pointers[k + 1] <= static_cast<double>(count)))
      throw DataError(where + ": its mapping does not tell the elements of nodes apart");
    const auto first = static_cast<std::size_t>(pointers[k]), last = static_cast<std::size_t>(pointers[k + 1]);
    for (std::size_t e = first; e < last; ++e)
      elements.push_back(last - first == 1 ? whole(nodes[k])
                                           : whole(nodes[k]) + ":" + whole(e < ids.size() ? ids[e] : 0));
  }
  if (elements.size() != count)
    throw DataError(where + ": its mapping is of " + std::to_string(elements.size()) + " elements, and its data of " +
                    std::to_string(count));
  return elements;
}

SonataReport read_open_report(hid_t file, const std::string &path, const std::string &key) {
  const auto paths = report_paths(file);
  std::vector<std::string> names;
  for (const std::string &one : paths) names.push_back(one.substr(7));
  std::string wanted = key;
  while (wanted.starts_with('/')) wanted.erase(0, 1);
  if (wanted.starts_with("report/")) wanted.erase(0, 7);
  if (paths.empty()) throw DataError(path + ": holds no report of SONATA");
  if (wanted.empty() && names.size() > 1)
    throw DataError(path + ": holds several reports, name one of: " + printable_list(names));
  if (wanted.empty()) wanted = names.front();
  if (std::find(names.begin(), names.end(), wanted) == names.end())
    throw DataError(path + ": no report " + data::quoted(wanted) + "; " + suggest(wanted, names));
  const std::string where = path + ": report " + printable(wanted);
  const hdf5::Handle group = hdf5::open_group(file, "report/" + wanted), data = hdf5::open_dataset(group.get(), "data"),
                     time = hdf5::open_dataset(group.get(), "mapping/time");
  SonataReport report;
  report.name = wanted;
  report.values = hdf5::read_array(data.get());
  report.unit = hdf5::attribute_text(data.get(), "units");
  report.time_unit = hdf5::attribute_text(time.get(), "units");
  const auto times = hdf5::read_rows(time.get(), 0, 3); // start, stop, step
  report.start = times[0];
  report.step = times[2];
  if (!(report.step > 0) || !std::isfinite(report.start) || !std::isfinite(report.step))
    throw DataError(where + ": its step of time is no number above 0");
  report.elements = elements_of(group.get(), report.values.shape[1], where);
  return report;
}

} // namespace

std::vector<std::string> report_paths(hid_t file) {
  std::vector<std::string> paths;
  const hdf5::Handle reports = hdf5::open_object(file, "report");
  if (!reports || !hdf5::is_group(reports.get())) return paths;
  for (const std::string &name : hdf5::children(reports.get())) {
    const hdf5::Handle group = hdf5::open_object(reports.get(), name);
    if (group && hdf5::is_group(group.get()) && is_report(group.get())) paths.push_back("report/" + name);
  }
  return paths;
}

SonataReport read_sonata_report(const std::string &path, const std::string &key) {
  require_file(path);
  const auto read = [&](ChildStream &out) {
    const hdf5::Handle file = hdf5::open_read(path);
    hdf5::outside_files(path);
    put(out, read_open_report(file.get(), path, key));
  };
  SonataReport report;
  hdf5::as_data_error(path, [&] { isolated(path, path, read, [&](ChildStream &in) { take(in, report); }); });
  const auto &shape = report.values.shape;
  if (shape.size() != 2 || shape[1] != report.elements.size() || shape[0] * shape[1] != report.values.size())
    throw DataError(path + ": is damaged (the library that reads it failed)");
  return report;
}

} // namespace engram::data
