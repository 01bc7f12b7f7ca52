// NwbFile opens an NWB file here, and reads the session and single images.
#include "data/hdf5_foreign.hpp"
#include "data/nwb_objects.hpp"
#include "data/printable.hpp"
#include "data/suggest.hpp"

#include <algorithm>

namespace engram::data {

namespace {

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

/// The only text of a dataset; "" where there is none.
std::string one_text(const hdf5::ForeignFile &file, const std::string &path) {
  const hdf5::About about = file.about(path);
  const bool one = std::all_of(about.shape.begin(), about.shape.end(), [](std::size_t extent) { return extent == 1; });
  return about.texts && one ? file.texts(path, 0, 1).front() : "";
}

void add_texts(const hdf5::ForeignFile &file, const std::string &group, const std::string &prefix,
               std::vector<std::pair<std::string, std::string>> &out) {
  if (!file.about(group).is_group()) return;
  for (const std::string &name : file.children(group)) {
    const std::string path = group + "/" + name;
    const hdf5::About about = file.about(path);
    if (!about.texts || !std::all_of(about.shape.begin() + (about.shape.empty() ? 0 : 1), about.shape.end(),
                                     [](std::size_t extent) { return extent == 1; }))
      continue;
    std::string text;
    for (const std::string &one : file.texts(path, 0, std::min<std::size_t>(about.rows(), 20)))
      text += (text.empty() ? "" : "; ") + one;
    if (!text.empty()) out.emplace_back(prefix + name, text);
  }
}

} // namespace

NwbFile::NwbFile(const std::string &path) : path_(path) {
  file_ = std::make_unique<hdf5::ForeignFile>(
      path, [&](hid_t file, ChildStream &to) { put(to, nwb::find_objects(file, path)); },
      [&](ChildStream &from) { take(from, objects_); });
}

NwbFile NwbFile::here(const std::string &path) {
  NwbFile nwb;
  nwb.path_ = path;
  nwb.file_ = std::make_unique<hdf5::ForeignFile>(
      hdf5::ForeignFile::here(path, [&](hid_t file) { nwb.objects_ = nwb::find_objects(file, path); }));
  return nwb;
}

NwbFile::~NwbFile() = default;
NwbFile::NwbFile(NwbFile &&) noexcept = default;
NwbFile &NwbFile::operator=(NwbFile &&) noexcept = default;

const std::vector<std::string> &NwbFile::outside() const { return file_->outside(); }

NwbSession NwbFile::session() const {
  NwbSession session;
  const auto version = file_->attribute("/", "nwb_version");
  session.version = version.size() == 1 ? version.front() : "";
  session.identifier = one_text(*file_, "/identifier");
  session.description = one_text(*file_, "/session_description");
  session.start_time = one_text(*file_, "/session_start_time");
  add_texts(*file_, "/general", "", session.general);
  add_texts(*file_, "/general/subject", "subject/", session.general);
  return session;
}

const NwbSeries &NwbFile::find_series(const std::string &path) const {
  return find(objects_.series, path, "time series", path_);
}
const NwbTable &NwbFile::find_table(const std::string &path) const {
  return find(objects_.tables, path, "table", path_);
}

Array NwbFile::read_image(const NwbImage &image) const {
  const std::string path = "/" + image.path;
  const hdf5::About about = file_->about(path);
  if (!about.is_dataset()) throw DataError(path_ + ": " + printable(path, 200) + " is not an image");
  const std::string &type = about.type;
  Array array;
  array.shape = about.shape;
  const auto values = file_->numbers<double>(path);
  if (type == "uint8" || type == "bool")
    array.values = std::vector<std::uint8_t>(values.begin(), values.end());
  else if (type == "float32")
    array.values = std::vector<float>(values.begin(), values.end());
  else if (type.find("int") != std::string::npos && type != "int64" && type != "uint64") // exact in a double
    array.values = std::vector<std::int64_t>(values.begin(), values.end());
  else
    array.values = values;
  return array;
}

} // namespace engram::data
