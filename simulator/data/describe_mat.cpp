// describe_mat() describes MATLAB files.
#include "data/describe_parts.hpp"
#include "data/mat_file.hpp"

#include <algorithm>

namespace engram::data {

namespace {

constexpr std::size_t deepest_field = 8, most_fields = 200;

Node items_node(const std::string &name, const std::vector<const matvar_t *> &items, std::size_t depth);

/// The elements of a field over a struct array, or of a cell array, that have it.
void add_fields(Node &node, const std::vector<const matvar_t *> &items, std::size_t depth) {
  const auto names = field_names(items.front());
  for (std::size_t f = 0; f < std::min(names.size(), most_fields); ++f) {
    std::vector<const matvar_t *> values;
    for (const matvar_t *item : items) {
      const std::size_t count = std::min(count_of(item), described_rows);
      for (std::size_t at = 0; at < count; ++at) values.push_back(field(item, names[f], at));
    }
    if (!values.empty()) node.children.push_back(items_node(names[f], values, depth + 1));
  }
}

void add_contents(Node &node, const matvar_t *cell, std::size_t depth) {
  std::vector<const matvar_t *> contents;
  for (std::size_t at = 0; at < std::min(count_of(cell), described_rows); ++at) contents.push_back(content(cell, at));
  const bool all_text = std::all_of(contents.begin(), contents.end(), [](const matvar_t *item) {
    return item != nullptr && item->class_type == MAT_C_CHAR;
  });
  if (all_text && !contents.empty()) {
    std::vector<std::string> texts;
    add_texts({cell, std::nullopt}, "", texts);
    node.facts.emplace_back("texts");
    set_distinct(node, texts);
    return;
  }
  for (std::size_t at = 0; at < std::min<std::size_t>(contents.size(), shown_texts); ++at)
    node.children.push_back(items_node("{" + std::to_string(at + 1) + "}", {contents[at]}, depth + 1));
  if (contents.size() > shown_texts) node.facts.push_back("the first " + std::to_string(shown_texts) + " are shown");
}

void add_values(Node &node, const std::vector<const matvar_t *> &items) {
  const matvar_t *first = items.front();
  const bool scalars =
      std::all_of(items.begin(), items.end(), [](const matvar_t *item) { return count_of(item) == 1; });
  std::vector<MatItem> chosen;
  for (const matvar_t *item : items) {
    if (!chosen.empty() && (!scalars || chosen.size() == shown_values)) break;
    chosen.push_back({item, std::nullopt});
  }
  node.of_values = scalars ? items.size() : count_of(first);
  if (node.of_values == 0) return;
  const Array array = to_array(chosen, "");
  for (std::size_t i = 0; i < std::min(array.size(), shown_values); ++i) node.values.push_back(array.at(i));
}

/// One variable, or one field of all elements of a struct array.
Node items_node(const std::string &name, const std::vector<const matvar_t *> &items, std::size_t depth) {
  const matvar_t *first = items.front();
  Node node;
  node.name = name;
  node.kind = "array";
  node.type = class_name(first);
  node.shape = shape_of(first);
  if (items.size() > 1) {
    const bool equal = std::all_of(items.begin(), items.end(),
                                   [&](const matvar_t *item) { return shape_of(item) == shape_of(first); });
    node.facts.push_back((equal ? "in each of " : "the first of ") + std::to_string(items.size()));
  }
  try {
    if (first != nullptr && first->class_type == MAT_C_STRUCT) {
      node.kind = "struct";
      if (depth < deepest_field) add_fields(node, items, depth);
    } else if (first != nullptr && first->class_type == MAT_C_CELL) {
      node.kind = "cell";
      if (depth < deepest_field) add_contents(node, first, depth);
    } else if (first != nullptr && first->class_type == MAT_C_CHAR) {
      node.kind = "text";
      node.facts.clear();
      std::vector<std::string> texts;
      for (const matvar_t *item : items) add_texts({item, std::nullopt}, "", texts);
      set_distinct(node, texts);
      node.type = "text";
      node.shape = {texts.size()};
    } else if (is_number(first)) {
      if (first != nullptr && first->isComplex)
        node.facts.emplace_back("complex");
      else
        add_values(node, items);
    }
  } catch (const DataError &) {
    node.facts.emplace_back("the values cannot be read");
  }
  return node;
}

} // namespace

FileDescription describe_mat(const std::string &path) {
  if (mat_kind(path) == MatKind::plain_hdf5) return describe_hdf5(path);
  const MatFile mat(path);
  FileDescription file;
  file.path = path;
  file.format = "MATLAB";
  file.version = mat.kind() == MatKind::version73 ? "7.3" : "5";
  file.title = mat.header();
  std::size_t unread = 0;
  std::string reason;
  for (const std::string &name : mat.names()) {
    try {
      const MatVariable variable = mat.read(name);
      file.children.push_back(items_node(name, {variable.get()}, 0));
    } catch (const DataError &error) {
      Node node;
      node.name = name;
      node.kind = "array";
      node.facts.emplace_back("cannot be read");
      file.children.push_back(std::move(node));
      reason = error.what();
      ++unread;
    }
  }
  if (unread > 0 && unread == file.children.size()) throw DataError(reason);
  return file;
}

} // namespace engram::data
