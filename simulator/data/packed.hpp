// A Packer writes numbers, texts and arrays as bytes, and an Unpacker reads them back: what a child process hands to
// its parent (isolated.hpp). Numbers are as this machine holds them.
#pragma once

#include "data/array.hpp"
#include "data/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace engram::data {

class Packer {
public:
  void count(std::uint64_t number);
  void number(double value);
  void numbers(const std::vector<double> &values);
  void text(std::string_view text);
  void texts(const std::vector<std::string> &texts);
  void array(const Array &array);
  Bytes take() { return std::move(bytes_); }

private:
  void put(const void *values, std::size_t size);
  Bytes bytes_;
};

/// Reads what a Packer wrote, in its order. Errors: DataError, "PATH: is damaged", where the bytes end early.
class Unpacker {
public:
  Unpacker(std::span<const std::byte> bytes, const std::string &path) : bytes_(bytes), path_(path) {}
  std::uint64_t count();
  double number();
  std::vector<double> numbers();
  std::string text();
  std::vector<std::string> texts();
  Array array();

private:
  std::span<const std::byte> take(std::size_t size);
  template <class T> std::vector<T> values(std::size_t count);
  std::span<const std::byte> bytes_;
  const std::string &path_;
};

} // namespace engram::data
