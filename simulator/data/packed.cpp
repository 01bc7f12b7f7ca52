#include "data/packed.hpp"

#include <cstring>

namespace engram::data {

void Packer::put(const void *values, std::size_t size) {
  const auto *begin = static_cast<const std::byte *>(values);
  if (size != 0) bytes_.insert(bytes_.end(), begin, begin + size);
}

void Packer::count(std::uint64_t number) { put(&number, sizeof number); }
void Packer::number(double value) { put(&value, sizeof value); }

void Packer::numbers(const std::vector<double> &values) {
  count(values.size());
  put(values.data(), values.size() * sizeof(double));
}

void Packer::text(std::string_view text) {
  count(text.size());
  put(text.data(), text.size());
}

void Packer::texts(const std::vector<std::string> &texts) {
  count(texts.size());
  for (const std::string &one : texts) text(one);
}

void Packer::array(const Array &array) {
  count(array.values.index());
  count(array.shape.size());
  for (const std::size_t extent : array.shape) count(extent);
  count(array.size());
  std::visit([this](const auto &values) { put(values.data(), values.size() * sizeof(values[0])); }, array.values);
}

std::span<const std::byte> Unpacker::take(std::size_t size) {
  if (size > bytes_.size()) throw DataError(path_ + ": is damaged (the library that reads it failed)");
  const auto part = bytes_.first(size);
  bytes_ = bytes_.subspan(size);
  return part;
}

template <class T> std::vector<T> Unpacker::values(std::size_t count) {
  if (count > bytes_.size() / sizeof(T)) take(bytes_.size() + 1); // which refuses
  const auto part = take(count * sizeof(T));
  std::vector<T> values(count);
  if (count != 0) std::memcpy(values.data(), part.data(), part.size());
  return values;
}

std::uint64_t Unpacker::count() { return values<std::uint64_t>(1).front(); }
double Unpacker::number() { return values<double>(1).front(); }
std::vector<double> Unpacker::numbers() { return values<double>(count()); }

std::string Unpacker::text() {
  const auto part = take(count());
  return {reinterpret_cast<const char *>(part.data()), part.size()};
}

std::vector<std::string> Unpacker::texts() {
  std::vector<std::string> all;
  for (std::uint64_t left = count(); left > 0; --left) all.push_back(text());
  return all;
}

Array Unpacker::array() {
  Array array;
  const std::uint64_t type = count();
  for (std::uint64_t left = count(); left > 0; --left) array.shape.push_back(count());
  const std::size_t size = count();
  switch (type) {
  case 0:
    array.values = values<std::uint8_t>(size);
    break;
  case 1:
    array.values = values<std::int64_t>(size);
    break;
  case 2:
    array.values = values<float>(size);
    break;
  default:
    array.values = values<double>(size);
    break;
  }
  return array;
}

} // namespace engram::data
