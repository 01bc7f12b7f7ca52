// These functions describe .npy, .npz and IDX files.
#include "data/bytes.hpp"
#include "data/describe_parts.hpp"
#include "data/extent.hpp"
#include "data/idx_header.hpp"
#include "data/npy_header.hpp"
#include "data/npz.hpp"

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

namespace {

/// The first values of an array of `count`, in row-major order, by their place in the file.
template <class Place> std::vector<std::size_t> first_places(std::size_t count, Place place) {
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < std::min(count, shown_values); ++k) places.push_back(place(k));
  return places;
}

/// One member of an archive. All of it is read, so that damage is found, a block at a time.
Node npz_node(const std::string &name, const ByteSource &npy) {
  const NpyHeader header = read_npy_header(npy, "");
  const auto places = first_places(header.count, [&](std::size_t k) { return npy_place(header, k); });
  NpyHeader first = header;
  first.count = places.size();
  first.shape = {first.count};
  first.fortran_order = false;
  Node node = array_node(name, npy_values(values_at(places, npy, header.bytes_each, header.count, ""), first, ""));
  node.type = stored_type(header);
  node.shape = header.shape;
  node.of_values = header.count;
  return node;
}

} // namespace

FileDescription describe_npz(const std::string &path) {
  FileDescription file;
  file.path = path;
  file.format = "NumPy archive";
  const std::size_t others = each_npz(path, [&](const std::string &name, const ByteSource &npy) {
    try {
      file.children.push_back(npz_node(name, npy));
    } catch (const DataError &error) { // of a type that is not read: the others still are
      std::string why = error.what();
      for (const std::string &begins : {path + ": ", std::string(": ")})
        if (why.starts_with(begins)) why.erase(0, begins.size());
      Node node;
      node.name = name;
      node.kind = "array";
      node.facts.push_back(why);
      file.children.push_back(std::move(node));
    }
  });
  if (file.children.empty() && others > 0)
    throw DataError(path + ": is a zip archive, but no NumPy archive: no file in it is an array (.npy)");
  return file;
}

FileDescription describe_idx(const std::string &path) {
  const ByteSource source = content_source(path);
  const IdxHeader header = read_idx_header(source, path);
  const auto places = first_places(header.count, [](std::size_t k) { return k; });
  IdxHeader first = header;
  first.count = places.size();
  first.shape = {first.count};
  Node node = array_node("", idx_values(values_at(places, source, header.bytes_each, header.count, path), first, path));
  node.type = idx_type(header);
  node.shape = header.shape;
  node.of_values = header.count;
  return one_array(path, "IDX array", std::move(node));
}

} // namespace engram::data
