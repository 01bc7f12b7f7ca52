#include "data/mat.hpp"

#include "data/isolated.hpp"
#include "data/mat_file.hpp"

#include <new>
#include <stdexcept>

namespace engram::data {

namespace {

void put(ChildStream &to, const Array &array) {
  put(to, array.shape);
  put(to, array.values.index());
  std::visit([&](const auto &values) { put(to, values); }, array.values);
}

template <std::size_t... types> void take_values(ChildStream &from, Array &array, std::index_sequence<types...>) {
  const auto type = taken<std::size_t>(from);
  ((type == types ? take(from, array.values.emplace<types>()) : void()), ...);
}

void take(ChildStream &from, Array &array) {
  take(from, array.shape);
  take_values(from, array, std::make_index_sequence<std::variant_size_v<decltype(array.values)>>());
}

/// `use` makes of the items of a key what is returned here.
template <class T, class Use> T in_child(const std::string &path, const std::string &key, Use use) {
  const MatKey parsed = key.empty() ? MatKey{} : parse_mat_key(key, path);
  const auto work = [&](ChildStream &out) {
    const MatFile file(path);
    const MatVariable variable = file.read(parsed.variable);
    const std::string where = path + ": " + (key.empty() ? std::string(variable->name) : key);
    put(out, use(find_items(variable.get(), parsed, path), where));
  };
  T result;
  try {
    isolated(path, path, work, [&](ChildStream &in) { take(in, result); });
  } catch (const std::bad_alloc &) {
    throw DataError(path + ": does not fit into memory");
  } catch (const std::length_error &) { // of a vector that no memory can hold
    throw DataError(path + ": does not fit into memory");
  }
  return result;
}

} // namespace

Array read_mat(const std::string &path, const std::string &key) {
  return in_child<Array>(
      path, key, [](const std::vector<MatItem> &items, const std::string &where) { return to_array(items, where); });
}

std::vector<std::string> read_mat_texts(const std::string &path, const std::string &key) {
  using Texts = std::vector<std::string>;
  return in_child<Texts>(path, key, [](const std::vector<MatItem> &items, const std::string &where) {
    Texts texts;
    for (const MatItem &item : items) add_texts(item, where, texts);
    return texts;
  });
}

} // namespace engram::data
