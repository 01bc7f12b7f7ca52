#include "data/bytes.hpp"
#include "data/describe_parts.hpp"
#include "data/npy_header.hpp"
#include "data/parse.hpp"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <memory>
#include <set>

namespace engram::data {

Node array_node(const std::string &name, const Array &array) {
  constexpr const char *types[] = {"uint8", "int64", "float32", "float64"};
  Node node;
  node.name = name;
  node.kind = "array";
  node.type = types[array.values.index()];
  node.shape = array.shape;
  node.of_values = array.size();
  for (std::size_t i = 0; i < std::min(array.size(), shown_values); ++i) node.values.push_back(array.at(i));
  return node;
}

void set_distinct(Node &node, const std::vector<std::string> &texts) {
  std::set<std::string> distinct;
  for (const std::string &text : texts)
    if (distinct.insert(text).second && node.texts.size() < shown_texts) node.texts.push_back(text);
  node.of_values = distinct.size();
}

namespace {

/// As it is stored, which the array in memory need not be.
std::string stored_type(const NpyHeader &header) {
  const char *kind = header.kind == 'f' ? "float" : header.kind == 'u' ? "uint" : header.kind == 'b' ? "bool" : "int";
  return header.kind == 'b' ? kind : kind + std::to_string(8 * header.bytes_each);
}

FileDescription one_array(const std::string &path, const char *format, Node node) {
  FileDescription file;
  file.path = path;
  file.format = format;
  file.children.push_back(std::move(node));
  return file;
}

/// Names of the arrays of an npz archive.
std::vector<std::string> npz_names(const Bytes &bytes, const std::string &path) {
  const std::unique_ptr<archive, int (*)(archive *)> zip(archive_read_new(), &archive_read_free);
  if (!zip || archive_read_support_format_zip_seekable(zip.get()) != ARCHIVE_OK ||
      archive_read_open_memory(zip.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    throw DataError(path + ": is not an npz archive");
  std::vector<std::string> names;
  archive_entry *entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(zip.get(), &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
    const char *text = archive_entry_pathname_utf8(entry);
    const std::string name = text == nullptr ? "" : text;
    if (name.ends_with(".npy")) names.push_back(name.substr(0, name.size() - 4));
  }
  if (status != ARCHIVE_EOF) throw DataError(path + ": is a damaged npz archive");
  return names;
}

} // namespace

FileDescription describe_npy(const std::string &path) {
  const Bytes bytes = read_bytes(path);
  Node node = array_node("", parse_npy(bytes, path));
  node.type = stored_type(parse_npy_header(bytes, path));
  return one_array(path, "NumPy array", std::move(node));
}

FileDescription describe_npz(const std::string &path) {
  const Bytes bytes = read_bytes(path);
  FileDescription file;
  file.path = path;
  file.format = "NumPy archive";
  for (const std::string &name : npz_names(bytes, path)) {
    try {
      file.children.push_back(array_node(name, parse_npz(bytes, path, name)));
    } catch (const DataError &error) { // of a type that is not read: the others still are
      Node node;
      node.name = name;
      node.kind = "array";
      node.facts.emplace_back(error.what() + std::min(path.size() + 2, std::string(error.what()).size()));
      file.children.push_back(std::move(node));
    }
  }
  return file;
}

FileDescription describe_idx(const std::string &path) {
  return one_array(path, "IDX array", array_node("", parse_idx(read_bytes(path), path)));
}

} // namespace engram::data
