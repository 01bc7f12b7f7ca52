// These functions describe .npy, .npz and IDX files.
#include "data/bytes.hpp"
#include "data/describe_parts.hpp"
#include "data/npy_header.hpp"
#include "data/parse.hpp"

#include <algorithm>
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

} // namespace

FileDescription describe_npy(const std::string &path) {
  const Bytes bytes = read_bytes(path);
  Node node = array_node("", parse_npy(bytes, path));
  node.type = stored_type(parse_npy_header(bytes, path));
  return one_array(path, "NumPy array", std::move(node));
}

FileDescription describe_npz(const std::string &path) {
  FileDescription file;
  file.path = path;
  file.format = "NumPy archive";
  each_npz(read_bytes(path), path, [&](const std::string &name, const Array *array, const std::string &why) {
    Node node;
    if (array != nullptr) {
      node = array_node(name, *array);
    } else { // of a type that is not read: the others still are
      node.name = name;
      node.kind = "array";
      node.facts.push_back(why);
    }
    file.children.push_back(std::move(node));
  });
  return file;
}

FileDescription describe_idx(const std::string &path) {
  return one_array(path, "IDX array", array_node("", parse_idx(read_bytes(path), path)));
}

} // namespace engram::data
