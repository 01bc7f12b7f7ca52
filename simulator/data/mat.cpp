#include "data/mat.hpp"

#include "data/isolated.hpp"
#include "data/mat_file.hpp"
#include "data/packed.hpp"

namespace engram::data {

namespace {

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
    Packer packer;
    packer.array(to_array(items, where));
    return packer.take();
  });
  return Unpacker(bytes, path).array();
}

std::vector<Array> read_mat_arrays(const std::string &path, const std::string &key) {
  const Bytes bytes = in_child(path, key, [](const std::vector<MatItem> &items, const std::string &where) {
    const auto arrays = to_arrays(items, where);
    Packer packer;
    packer.count(arrays.size());
    for (const Array &array : arrays) packer.array(array);
    return packer.take();
  });
  Unpacker unpacker(bytes, path);
  std::vector<Array> arrays;
  for (std::uint64_t left = unpacker.count(); left > 0; --left) arrays.push_back(unpacker.array());
  return arrays;
}

std::vector<std::string> read_mat_texts(const std::string &path, const std::string &key) {
  const Bytes bytes = in_child(path, key, [](const std::vector<MatItem> &items, const std::string &where) {
    std::vector<std::string> texts;
    for (const MatItem &item : items) add_texts(item, where, texts);
    Packer packer;
    packer.texts(texts);
    return packer.take();
  });
  return Unpacker(bytes, path).texts();
}

} // namespace engram::data
