// These functions describe .npy, .npz and IDX files.
#include "data/bytes.hpp"
#include "data/describe_parts.hpp"
#include "data/extent.hpp"
#include "data/npy_header.hpp"
#include "data/parse.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
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

// Of a large file the header and the first values are read.
FileDescription describe_npy(const std::string &path) {
  require_file(path);
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw DataError(path + ": cannot be opened: " + std::strerror(errno == 0 ? EIO : errno));
  const auto read = [&](std::size_t at, std::span<std::byte> to) {
    in.clear();
    in.seekg(static_cast<std::streamoff>(at));
    in.read(reinterpret_cast<char *>(to.data()), static_cast<std::streamsize>(to.size()));
    return to.first(static_cast<std::size_t>(in.gcount()));
  };
  Bytes beginning(npy_header_limit);
  const NpyHeader header = parse_npy_header(read(0, beginning), path);
  expect_bytes(header.count * header.bytes_each, std::filesystem::file_size(path) - header.data_begins, path);
  NpyHeader first = header;
  first.count = std::min(header.count, shown_values);
  first.shape = {first.count};
  first.fortran_order = false;
  Bytes values(first.count * header.bytes_each);
  for (std::size_t k = 0; k < first.count; ++k)
    read(header.data_begins + npy_place(header, k) * header.bytes_each,
         std::span(values).subspan(k * header.bytes_each, header.bytes_each));
  Node node = array_node("", npy_values(values, first, path));
  node.type = stored_type(header);
  node.shape = header.shape;
  node.of_values = header.count;
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
