// probe() walks a whole HDF5 file, so that a crash on damaged data happens in the child process that calls it.
#include "data/hdf5_object.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <set>

namespace engram::data::hdf5 {

namespace {

constexpr std::size_t small = std::size_t{1} << 20; // bytes that are read whole
constexpr std::size_t deepest_visit = 64;

using Identities = std::set<std::pair<unsigned long, haddr_t>>;

void read_attributes(hid_t object) {
  const Quiet quiet;
  H5O_info_t info{};
  if (H5Oget_info2(object, &info, H5O_INFO_NUM_ATTRS) < 0) fail(object, "has damaged attributes");
  for (hsize_t i = 0; i < info.num_attrs; ++i) {
    const Handle attribute(H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT));
    const ssize_t length = attribute ? H5Aget_name(attribute.get(), 0, nullptr) : -1;
    if (length < 0) fail(object, "has a damaged attribute");
    std::string name(static_cast<std::size_t>(length) + 1, '\0');
    H5Aget_name(attribute.get(), name.size(), name.data());
    name.pop_back();
    attribute_texts(object, name);
    attribute_number(object, name, 0);
  }
}

/// A filter of a plugin that is not installed leaves sound data unreadable.
bool can_be_unpacked(hid_t layout) {
  const int filters = H5Pget_nfilters(layout);
  for (int i = 0; i < filters; ++i) {
    unsigned flags = 0, config = 0;
    std::size_t values = 0;
    const auto filter = H5Pget_filter2(layout, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config);
    if (filter >= 0 && H5Zfilter_avail(filter) <= 0) return false;
  }
  return true;
}

void read_dataset(hid_t dataset) {
  const Quiet quiet;
  const Handle space(H5Dget_space(dataset)), type(H5Dget_type(dataset)), layout(H5Dget_create_plist(dataset));
  if (!space || !type || !layout) fail(dataset, "is damaged");
  hsize_t chunks = 0;
  if (H5Pget_layout(layout.get()) == H5D_CHUNKED && H5Dget_num_chunks(dataset, space.get(), &chunks) < 0)
    fail(dataset, "has a damaged index of chunks"); // all of which this walks
  const std::size_t rows = row_count(dataset), width = row_width(dataset);
  if (rows == 0 || width == 0 || !can_be_unpacked(layout.get())) return;
  const std::size_t each = std::max<std::size_t>(16, H5Tget_size(type.get()));
  const bool whole = rows <= small / each / width;
  const std::size_t some = whole ? rows : std::clamp<std::size_t>(small / each / width, 1, rows);
  const auto touch = [&](std::size_t first) {
    if (holds_numbers(dataset)) read_rows(dataset, first, some);
    if (holds_texts(dataset)) read_text_rows(dataset, first, some);
  };
  touch(0);
  if (!whole) touch(rows - some);
}

void visit(hid_t object, std::size_t depth, Identities &seen) {
  if (!seen.insert(identity(object)).second) return;
  read_attributes(object);
  if (is_dataset(object)) read_dataset(object);
  if (!is_group(object) || depth == deepest_visit) return;
  for (const std::string &name : children(object)) {
    const Handle child = open_object(object, name);
    if (child)
      visit(child.get(), depth + 1, seen);
    else if (link_target(object, name).empty()) // soft and external links may lead nowhere
      fail(object, "has a damaged member " + printable(name));
  }
}

ssize_t open_objects() { return H5Fget_obj_count(static_cast<hid_t>(H5F_OBJ_ALL), H5F_OBJ_ALL); }

} // namespace

void probe(const std::string &path) {
  const ssize_t before = open_objects();
  {
    const Handle file = open_read(path);
    const Handle root = open_object(file.get(), "/");
    if (!root) fail(file.get(), "has no readable root group");
    Identities seen;
    visit(root.get(), 0, seen);
  }
  // HDF5 keeps some damaged files open for good.
  if (open_objects() != before) throw Failure(path + ": is damaged: it cannot be closed");
}

} // namespace engram::data::hdf5
