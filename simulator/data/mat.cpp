#include "data/mat.hpp"

#include "data/array_stream.hpp"
#include "data/hdf5_foreign.hpp"
#include "data/isolated.hpp"
#include "data/mat_file.hpp"

namespace engram::data {

namespace {

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
  hdf5::as_data_error(path, [&] { isolated(path, path, work, [&](ChildStream &in) { take(in, result); }); });
  return result;
}

} // namespace

Array read_mat(const std::string &path, const std::string &key) {
  return in_child<Array>(
      path, key, [](const std::vector<MatItem> &items, const std::string &where) { return to_array(items, where); });
}

std::vector<Array> read_mat_arrays(const std::string &path, const std::string &key) {
  return in_child<std::vector<Array>>(path, key, to_arrays);
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
