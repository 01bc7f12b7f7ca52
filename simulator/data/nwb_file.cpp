// NwbFile finds all objects of an NWB file here, and reads the session and single images.
#include "data/hdf5_foreign.hpp"
#include "data/hdf5_object.hpp"
#include "data/nwb_objects.hpp"
#include "data/printable.hpp"
#include "data/suggest.hpp"

#include <algorithm>
#include <set>

namespace engram::data {

namespace {

constexpr std::size_t deepest = 64; // groups within groups

std::vector<std::size_t> extents_of(hid_t dataset) {
  const auto extents = hdf5::shape(dataset);
  return {extents.begin(), extents.end()};
}

/// By its path, or by the end of it when that is one object's alone.
template <class T>
const T &find(const std::vector<T> &all, std::string wanted, const char *what, const std::string &file) {
  if (wanted.starts_with('/')) wanted.erase(0, 1);
  std::vector<std::string> paths;
  const T *by_end = nullptr;
  std::size_t ends = 0;
  for (const T &one : all) {
    if (one.path == wanted) return one;
    if (one.path.ends_with("/" + wanted)) {
      by_end = &one;
      ++ends;
    }
    paths.push_back(one.path);
  }
  if (ends == 1) return *by_end;
  throw DataError(file + ": no " + what + " " + data::quoted(wanted) + "; " + suggest(wanted, paths));
}

void add_texts(hid_t group, const std::string &prefix, std::vector<std::pair<std::string, std::string>> &out) {
  for (const std::string &name : hdf5::children(group)) {
    const hdf5::Handle object = hdf5::open_object(group, name);
    if (!object || !hdf5::is_dataset(object.get()) || !hdf5::holds_texts(object.get())) continue;
    const std::size_t count = hdf5::row_count(object.get());
    if (hdf5::row_width(object.get()) != 1) continue;
    std::string text;
    for (const std::string &one : hdf5::read_text_rows(object.get(), 0, std::min<std::size_t>(count, 20)))
      text += (text.empty() ? "" : "; ") + one;
    if (!text.empty()) out.emplace_back(prefix + name, text);
  }
}

} // namespace

NwbFile::NwbFile(const std::string &path) : path_(path) {
  auto opened = hdf5::open_foreign(path);
  file_ = std::move(opened.file);
  outside_ = std::move(opened.outside);
  nwb::as_data_error(path_, [&] {
    const hdf5::Handle root = hdf5::open_object(file_.get(), "/");
    if (!root) hdf5::fail(file_.get(), "has no readable root group");
    if (hdf5::attribute_text(root.get(), "nwb_version").empty()) {
      const bool old = hdf5::exists(root.get(), "nwb_version");
      throw DataError(path_ +
                      (old ? ": is an NWB file of version 1, 2 is read" : ": is an HDF5 file, but not an NWB file"));
    }
    find_objects();
  });
}

hdf5::Handle NwbFile::open(const std::string &path) const {
  hdf5::Handle object = hdf5::open_object(file_.get(), "/" + path);
  if (!object) throw DataError(path_ + ": /" + printable(path) + " cannot be opened");
  return object;
}

void NwbFile::find_objects() {
  using Identities = std::set<std::pair<unsigned long, haddr_t>>;
  Identities known, walked;
  const auto note = [&](hid_t object, const std::string &place) {
    if (!known.insert(hdf5::identity(object)).second) return;
    if (auto series = nwb::as_series(object, place))
      series_.push_back(std::move(*series));
    else if (auto table = nwb::as_table(object, place))
      tables_.push_back(std::move(*table));
    else if (auto image = nwb::as_image(object, place))
      images_.push_back(std::move(*image));
  };
  const auto walk = [&](const auto &self, hid_t group, const std::string &path, std::size_t depth, bool links) -> void {
    if (depth > deepest || !walked.insert(hdf5::identity(group)).second) return;
    for (const std::string &name : hdf5::children(group)) {
      if (path.empty() && name == "specifications") continue;
      if (!links && !hdf5::link_target(group, name).empty()) continue;
      const hdf5::Handle object = hdf5::open_object(group, name);
      if (!object) continue;
      const std::string place = path.empty() ? name : path + "/" + name;
      note(object.get(), place);
      if (hdf5::is_group(object.get())) self(self, object.get(), place, depth + 1, links);
    }
  };
  const hdf5::Handle root = hdf5::open_object(file_.get(), "/");
  // Without links at first, so that every object goes by the name of its own place; then what only a link leads to.
  for (const bool links : {false, true}) {
    walked.clear();
    walk(walk, root.get(), "", 0, links);
  }
  const auto by_path = [](const auto &a, const auto &b) { return a.path < b.path; };
  std::sort(series_.begin(), series_.end(), by_path);
  std::sort(tables_.begin(), tables_.end(), by_path);
  std::sort(images_.begin(), images_.end(), by_path);
}

NwbSession NwbFile::session() const {
  return nwb::as_data_error(path_, [&] {
    const hdf5::Handle root = open("");
    NwbSession session;
    session.version = hdf5::attribute_text(root.get(), "nwb_version");
    session.identifier = hdf5::dataset_text(root.get(), "identifier");
    session.description = hdf5::dataset_text(root.get(), "session_description");
    session.start_time = hdf5::dataset_text(root.get(), "session_start_time");
    const hdf5::Handle general = hdf5::open_object(root.get(), "general");
    if (!general || !hdf5::is_group(general.get())) return session;
    add_texts(general.get(), "", session.general);
    const hdf5::Handle subject = hdf5::open_object(general.get(), "subject");
    if (subject && hdf5::is_group(subject.get())) add_texts(subject.get(), "subject/", session.general);
    return session;
  });
}

const NwbSeries &NwbFile::find_series(const std::string &path) const {
  return find(series_, path, "time series", path_);
}
const NwbTable &NwbFile::find_table(const std::string &path) const { return find(tables_, path, "table", path_); }

namespace nwb {

std::optional<NwbImage> as_image(hid_t object, const std::string &path) {
  if (!hdf5::is_dataset(object)) return std::nullopt;
  const std::string type = hdf5::attribute_text(object, "neurodata_type");
  const auto shape = extents_of(object);
  if (!type.ends_with("Image") || (shape.size() != 2 && shape.size() != 3) || !hdf5::holds_numbers(object))
    return std::nullopt;
  return NwbImage{path, type, hdf5::attribute_text(object, "description"), shape};
}

} // namespace nwb

Array NwbFile::read_image(const NwbImage &image) const {
  return nwb::as_data_error(path_, [&] {
    const hdf5::Handle dataset = open(image.path);
    if (!hdf5::is_dataset(dataset.get())) throw DataError(path_ + ": /" + image.path + " is not an image");
    const auto values = hdf5::read_rows(dataset.get(), 0, hdf5::row_count(dataset.get()));
    const std::string type = hdf5::dataset_type(dataset.get());
    Array array;
    array.shape = extents_of(dataset.get());
    if (type == "uint8" || type == "bool")
      array.values = std::vector<std::uint8_t>(values.begin(), values.end());
    else if (type == "float32")
      array.values = std::vector<float>(values.begin(), values.end());
    else if (type.find("int") != std::string::npos && type != "int64" && type != "uint64") // exact in a double
      array.values = std::vector<std::int64_t>(values.begin(), values.end());
    else
      array.values = values;
    return array;
  });
}

} // namespace engram::data
