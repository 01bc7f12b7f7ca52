#include "data/mat.hpp"

#include "data/isolated.hpp"
#include "data/mat_file.hpp"

#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace engram::data {

namespace {

// A child process hands over numbers as this machine holds them.

template <class T> void put(Bytes &bytes, const T *values, std::size_t count) {
  const auto *begin = reinterpret_cast<const std::byte *>(values);
  bytes.insert(bytes.end(), begin, begin + count * sizeof(T));
}

void put_number(Bytes &bytes, std::uint64_t number) { put(bytes, &number, 1); }

struct Reader {
  std::span<const std::byte> bytes;
  const std::string &path;

  std::span<const std::byte> take(std::size_t count) {
    if (count > bytes.size()) throw DataError(path + ": is damaged (the library that reads it failed)");
    const auto part = bytes.first(count);
    bytes = bytes.subspan(count);
    return part;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
};

Bytes encode(const Array &array) {
  Bytes bytes;
  put_number(bytes, array.values.index());
  put_number(bytes, array.shape.size());
  for (const std::size_t extent : array.shape) put_number(bytes, extent);
  put_number(bytes, array.size());
  std::visit([&](const auto &values) { put(bytes, values.data(), values.size()); }, array.values);
  return bytes;
}

template <class T> std::vector<T> decode_values(Reader &reader, std::size_t count) {
  const auto part = reader.take(count * sizeof(T));
  std::vector<T> values(count);
  if (count != 0) std::memcpy(values.data(), part.data(), part.size());
  return values;
}

Array decode_array(const Bytes &bytes, const std::string &path) {
  Reader reader{bytes, path};
  Array array;
  const std::uint64_t type = reader.number();
  array.shape.resize(static_cast<std::size_t>(reader.number()));
  for (std::size_t &extent : array.shape) extent = reader.number();
  const std::size_t count = reader.number();
  switch (type) {
  case 0:
    array.values = decode_values<std::uint8_t>(reader, count);
    break;
  case 1:
    array.values = decode_values<std::int64_t>(reader, count);
    break;
  case 2:
    array.values = decode_values<float>(reader, count);
    break;
  default:
    array.values = decode_values<double>(reader, count);
    break;
  }
  return array;
}

template <class Use> Bytes in_child(const std::string &path, const std::string &key, Use use) {
  const MatKey parsed = key.empty() ? MatKey{} : parse_mat_key(key, path);
  return isolated(path, path, [&] {
    const MatFile file(path);
    const MatVariable variable = file.read(parsed.variable);
    const std::string where = path + ": " + (key.empty() ? std::string(variable->name) : key);
    return use(find_items(variable.get(), parsed, path), where);
  });
}

} // namespace

Array read_mat(const std::string &path, const std::string &key) {
  const Bytes bytes = in_child(path, key, [](const std::vector<MatItem> &items, const std::string &where) {
    return encode(to_array(items, where));
  });
  return decode_array(bytes, path);
}

std::vector<std::string> read_mat_texts(const std::string &path, const std::string &key) {
  const Bytes bytes = in_child(path, key, [](const std::vector<MatItem> &items, const std::string &where) {
    std::vector<std::string> texts;
    for (const MatItem &item : items) add_texts(item, where, texts);
    Bytes all;
    put_number(all, texts.size());
    for (const std::string &text : texts) {
      put_number(all, text.size());
      put(all, text.data(), text.size());
    }
    return all;
  });
  Reader reader{bytes, path};
  std::vector<std::string> texts;
  for (std::uint64_t left = reader.number(); left > 0; --left) {
    const auto part = reader.take(reader.number());
    texts.emplace_back(reinterpret_cast<const char *>(part.data()), part.size());
  }
  return texts;
}

} // namespace engram::data
