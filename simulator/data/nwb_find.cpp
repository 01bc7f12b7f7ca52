// This finds all objects of an NWB file.
#include "data/array.hpp"
#include "data/hdf5_object.hpp"
#include "data/nwb_objects.hpp"

#include <algorithm>
#include <set>

namespace engram::data::nwb {

namespace {
constexpr std::size_t deepest = 64; // groups within groups
} // namespace

NwbObjects find_objects(hid_t file, const std::string &path) {
  const hdf5::Handle root = hdf5::open_object(file, "/");
  if (!root) hdf5::fail(file, "has no readable root group");
  if (hdf5::attribute_text(root.get(), "nwb_version").empty()) {
    const bool old = hdf5::exists(root.get(), "nwb_version");
    throw DataError(path +
                    (old ? ": is an NWB file of version 1, 2 is read" : ": is an HDF5 file, but not an NWB file"));
  }
  NwbObjects found;
  using Identities = std::set<std::pair<unsigned long, haddr_t>>;
  Identities known, walked;
  const auto note = [&](hid_t object, const std::string &place) {
    if (!known.insert(hdf5::identity(object)).second) return;
    if (auto series = as_series(object, place))
      found.series.push_back(std::move(*series));
    else if (auto table = as_table(object, place))
      found.tables.push_back(std::move(*table));
    else if (auto image = as_image(object, place))
      found.images.push_back(std::move(*image));
  };
  const auto walk = [&](const auto &self, hid_t group, const std::string &above, std::size_t depth,
                        bool links) -> void {
    if (depth > deepest || !walked.insert(hdf5::identity(group)).second) return;
    for (const std::string &name : hdf5::children(group)) {
      if (above.empty() && name == "specifications") continue;
      if (!links && !hdf5::link_target(group, name).empty()) continue;
      const hdf5::Handle object = hdf5::open_object(group, name);
      if (!object) continue;
      const std::string place = above.empty() ? name : above + "/" + name;
      note(object.get(), place);
      if (hdf5::is_group(object.get())) self(self, object.get(), place, depth + 1, links);
    }
  };
  // Without links at first, so that every object goes by the name of its own place; then what only a link leads to.
  for (const bool links : {false, true}) {
    walked.clear();
    walk(walk, root.get(), "", 0, links);
  }
  const auto by_path = [](const auto &a, const auto &b) { return a.path < b.path; };
  std::sort(found.series.begin(), found.series.end(), by_path);
  std::sort(found.tables.begin(), found.tables.end(), by_path);
  std::sort(found.images.begin(), found.images.end(), by_path);
  return found;
}

std::optional<NwbImage> as_image(hid_t object, const std::string &path) {
  if (!hdf5::is_dataset(object)) return std::nullopt;
  const std::string type = hdf5::attribute_text(object, "neurodata_type");
  const auto extents = hdf5::shape(object);
  const std::vector<std::size_t> shape(extents.begin(), extents.end());
  if (!type.ends_with("Image") || (shape.size() != 2 && shape.size() != 3) || !hdf5::holds_numbers(object))
    return std::nullopt;
  return NwbImage{path, type, hdf5::attribute_text(object, "description"), shape};
}

} // namespace engram::data::nwb
