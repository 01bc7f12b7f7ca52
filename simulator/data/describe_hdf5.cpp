// describe_hdf5() describes any HDF5 file, and hands NWB files on to describe_nwb().
#include "data/describe_parts.hpp"
#include "data/hdf5_filter.hpp"
#include "data/hdf5_object.hpp"
#include "data/hdf5_outside.hpp"
#include "data/printable.hpp"
#include "data/spikes/describe_spikes.hpp"

#include <algorithm>
#include <set>

namespace engram::data {

namespace {

constexpr std::size_t deepest_group = 32;

std::string join(const std::vector<std::string> &texts) {
  std::string text;
  for (const std::string &one : texts) text += (text.empty() ? "" : ", ") + one;
  return text;
}

} // namespace

Node dataset_node(hid_t dataset, const std::string &name) {
  Node node;
  node.name = name;
  node.kind = "array";
  node.type = hdf5::dataset_type(dataset);
  const auto extents = hdf5::shape(dataset);
  node.shape.assign(extents.begin(), extents.end());
  node.unit = hdf5::attribute_text(dataset, "unit", hdf5::attribute_text(dataset, "units"));
  node.note = hdf5::attribute_text(dataset, "description", hdf5::attribute_text(dataset, "notes"));
  if (hdf5::is_null(dataset)) node.facts.emplace_back("empty");
  const std::size_t rows = hdf5::row_count(dataset), width = hdf5::row_width(dataset);
  node.of_values = rows * width;
  if (const std::string filter = hdf5::missing_filter(dataset); !filter.empty()) {
    node.facts.push_back("packed with " + filter + ", which HDF5 does not have here");
    return node;
  }
  if (node.of_values == 0) return node;
  // No more rows than it takes to show some values; a row that is too long is not read at all.
  const std::size_t some = std::min(rows, 1 + shown_values / width);
  if (width > described_rows) return node;
  if (hdf5::holds_numbers(dataset)) {
    node.values = hdf5::read_rows(dataset, 0, some);
    node.values.resize(std::min(node.values.size(), shown_values));
  } else if (hdf5::holds_texts(dataset)) {
    node.kind = "text";
    set_distinct(node,
                 hdf5::read_text_rows(dataset, 0, std::min(rows, std::max<std::size_t>(1, described_rows / width))));
  }
  return node;
}

namespace {

using Identities = std::set<std::pair<unsigned long, haddr_t>>;

Node group_node(hid_t group, const std::string &name, std::size_t depth, Identities &seen);

std::vector<Node> member_nodes(hid_t group, std::size_t depth, Identities &seen) {
  std::vector<Node> nodes;
  for (const std::string &name : hdf5::children(group)) {
    Node node;
    node.name = name;
    const std::string link = hdf5::link_target(group, name);
    const hdf5::Handle object = hdf5::open_object(group, name);
    try {
      if (!object)
        node.facts.emplace_back(link.empty() ? "cannot be opened" : "leads nowhere");
      else if (hdf5::is_dataset(object.get()))
        node = dataset_node(object.get(), name);
      else if (hdf5::is_group(object.get()))
        node = group_node(object.get(), name, depth + 1, seen);
    } catch (const hdf5::Failure &) {
      node.facts.emplace_back("cannot be read");
    } catch (const DataError &) {
      node.facts.emplace_back("cannot be read");
    }
    if (!link.empty()) node.facts.insert(node.facts.begin(), link);
    nodes.push_back(std::move(node));
  }
  return nodes;
}

Node group_node(hid_t group, const std::string &name, std::size_t depth, Identities &seen) {
  Node node;
  node.name = name;
  node.kind = "group";
  node.object = hdf5::attribute_text(group, "neurodata_type");
  node.note = hdf5::attribute_text(group, "description");
  if (!seen.insert(hdf5::identity(group)).second)
    node.facts.emplace_back("shown above");
  else if (depth < deepest_group)
    node.children = member_nodes(group, depth, seen);
  return node;
}

} // namespace

FileDescription describe_hdf5(const std::string &path) {
  const hdf5::Handle handle = hdf5::open_read(path), root = hdf5::open_object(handle.get(), "/");
  if (!root) throw DataError(path + ": has no readable root group");
  if (!hdf5::attribute_text(root.get(), "nwb_version").empty()) return describe_nwb(path); // which walks it itself
  const auto outside = hdf5::outside_files(path);
  FileDescription file;
  file.path = path;
  const auto old = hdf5::dataset_text(root.get(), "nwb_version");
  file.format = "HDF5";
  if (!old.empty()) file.title = old + " (of this version only the datasets are shown)";
  const auto title = hdf5::attribute_texts(root.get(), "title");
  if (file.title.empty()) file.title = join(title);
  if (!outside.empty()) file.facts.emplace_back("values also from", printable_list(outside));
  Identities seen;
  seen.insert(hdf5::identity(root.get()));
  file.children = member_nodes(root.get(), 0, seen);
  describe_sonata(handle.get(), file);
  return file;
}

} // namespace engram::data
