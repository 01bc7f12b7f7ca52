#include "data/npz_write.hpp"

#include "error/error.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <set>
#include <stdexcept>
#include <zlib.h>

namespace engram::data {

namespace {

static_assert(std::endian::native == std::endian::little, "the bytes of numbers are written as they are");

void put(std::string &out, std::uint64_t value, int bytes) {
  for (int k = 0; k < bytes; ++k) out += static_cast<char>(value >> (8 * k) & 0xff);
}

// The code points of UTF-8; U+FFFD for a byte that is none of it.
std::vector<std::uint32_t> code_points(const std::string &text) {
  std::vector<std::uint32_t> out;
  for (std::size_t k = 0; k < text.size();) {
    const auto first = static_cast<unsigned char>(text[k]);
    const std::size_t more = first < 0x80 ? 0 : first >> 5 == 6 ? 1 : first >> 4 == 14 ? 2 : first >> 3 == 30 ? 3 : 9;
    std::uint32_t point = more == 0 ? first : first & (0x3fu >> more);
    std::size_t there = 0;
    while (there < more && k + 1 + there < text.size() &&
           (static_cast<unsigned char>(text[k + 1 + there]) & 0xc0u) == 0x80u) {
      point = point << 6 | (static_cast<unsigned char>(text[k + 1 + there]) & 0x3fu);
      ++there;
    }
    const bool sound = there == more && point <= 0x10ffff;
    out.push_back(sound ? point : 0xfffd);
    k += sound ? 1 + more : 1;
  }
  return out;
}

// NumPy's format 1.0: a header that ends at a multiple of 64 bytes, then the values.
std::string npy_of(const NamedArray &array) {
  std::size_t count = 1;
  for (const std::size_t axis : array.shape) count *= axis;
  std::string kind = "<f8", values;
  if (const auto *numbers = std::get_if<std::vector<double>>(&array.values)) {
    if (numbers->size() != count) throw std::invalid_argument(array.key + " has not as many values as its shape");
    values.assign(reinterpret_cast<const char *>(numbers->data()), 8 * numbers->size());
  } else {
    const auto &texts = std::get<std::vector<std::string>>(array.values);
    if (texts.size() != count) throw std::invalid_argument(array.key + " has not as many values as its shape");
    std::vector<std::vector<std::uint32_t>> all;
    std::size_t longest = 1;
    for (const auto &text : texts) {
      all.push_back(code_points(text));
      longest = std::max(longest, all.back().size());
    }
    kind = "<U" + std::to_string(longest);
    for (auto &points : all) {
      points.resize(longest, 0);
      for (const std::uint32_t point : points) put(values, point, 4);
    }
  }
  std::string shape;
  for (const std::size_t axis : array.shape) shape += std::to_string(axis) + ", ";
  std::string header = "{'descr': '" + kind + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  put(out, header.size(), 2);
  return out + header + values;
}

// What the local header of an entry and the central directory both say of it.
std::string entry_of(const std::string &name, const std::string &npy) {
  std::string out;
  put(out, 20, 2);      // version 2.0 of the format
  put(out, 1 << 11, 2); // the name is UTF-8
  put(out, 0, 2);       // stored
  put(out, 0, 2);       // time, and the first day of DOS: the same results are the same bytes
  put(out, 33, 2);
  put(out, crc32_z(0, reinterpret_cast<const Bytef *>(npy.data()), npy.size()), 4);
  put(out, npy.size(), 4);
  put(out, npy.size(), 4);
  put(out, name.size(), 2);
  put(out, 0, 2);
  return out;
}

} // namespace

std::string npz_of(const std::vector<NamedArray> &arrays) {
  if (arrays.size() > 0xffff) throw Failed("more than 65535 arrays do not fit into an npz archive");
  std::set<std::string> keys;
  std::string out, directory;
  for (const auto &array : arrays) {
    if (!keys.insert(array.key).second) throw std::invalid_argument("the key " + array.key + " stands twice");
    const std::string npy = npy_of(array), name = array.key + ".npy", entry = entry_of(name, npy);
    if (out.size() + npy.size() > 0xf0000000) throw Failed("arrays of more than 4 GB do not fit into an npz archive");
    directory += "PK\x01\x02";
    put(directory, 20, 2); // written by version 2.0
    directory += entry;
    put(directory, 0, 2); // comment
    put(directory, 0, 2); // disk
    put(directory, 0, 2); // attributes
    put(directory, 0, 4);
    put(directory, out.size(), 4);
    directory += name;
    out += "PK\x03\x04" + entry + name + npy;
  }
  const std::size_t begin = out.size();
  out += directory + "PK\x05\x06";
  put(out, 0, 4); // disks
  for (int k = 0; k < 2; ++k) put(out, arrays.size(), 2);
  put(out, directory.size(), 4);
  put(out, begin, 4);
  put(out, 0, 2); // comment
  return out;
}

} // namespace engram::data
