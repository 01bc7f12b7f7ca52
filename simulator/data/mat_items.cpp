// find_items() follows a key through MATLAB's struct arrays and cells.
#include "data/mat_file.hpp"

#include "data/printable.hpp"
#include "data/suggest.hpp"

#include <limits>

namespace engram::data {

std::vector<std::size_t> shape_of(const matvar_t *variable) {
  if (variable == nullptr || variable->dims == nullptr || variable->rank <= 0) return {0, 0};
  return {variable->dims, variable->dims + variable->rank};
}

std::size_t count_of(const matvar_t *variable) {
  std::size_t count = 1;
  for (const std::size_t extent : shape_of(variable))
    if (__builtin_mul_overflow(count, extent, &count)) return std::numeric_limits<std::size_t>::max();
  return count;
}

bool is_number(const matvar_t *variable) {
  if (variable == nullptr || variable->class_type == MAT_C_EMPTY) return true;
  return variable->class_type >= MAT_C_DOUBLE && variable->class_type <= MAT_C_UINT64;
}

std::string class_name(const matvar_t *variable) {
  if (variable == nullptr) return "double";
  if (variable->isLogical) return "logical";
  constexpr const char *names[] = {"double", "cell",   "struct", "object", "char",     "sparse",
                                   "double", "single", "int8",   "uint8",  "int16",    "uint16",
                                   "int32",  "uint32", "int64",  "uint64", "function", "object"};
  const auto number = static_cast<std::size_t>(variable->class_type);
  return number < std::size(names) ? names[number] : "unknown";
}

std::vector<std::string> field_names(const matvar_t *variable) {
  std::vector<std::string> names;
  if (variable == nullptr || variable->class_type != MAT_C_STRUCT) return names;
  const unsigned count = Mat_VarGetNumberOfFields(const_cast<matvar_t *>(variable));
  char *const *fields = Mat_VarGetStructFieldnames(variable);
  for (unsigned i = 0; fields != nullptr && i < count; ++i) names.emplace_back(fields[i] == nullptr ? "" : fields[i]);
  return names;
}

const matvar_t *content(const matvar_t *variable, std::size_t at) {
  if (variable->data == nullptr || at >= count_of(variable) || at >= variable->nbytes / sizeof(matvar_t *))
    return nullptr;
  return static_cast<matvar_t *const *>(variable->data)[at];
}

const matvar_t *field(const matvar_t *variable, const std::string &name, std::size_t at) {
  if (variable->data == nullptr) return nullptr;
  return Mat_VarGetStructFieldByName(const_cast<matvar_t *>(variable), name.c_str(), at);
}

namespace {

std::string shown(const MatStep &step) {
  if (step.kind == MatStep::field) return "." + step.name;
  std::string text;
  for (const std::size_t number : step.index) text += (text.empty() ? "" : ",") + std::to_string(number);
  return step.kind == MatStep::elements ? "(" + text + ")" : "{" + text + "}";
}

std::size_t elements(const MatItem &item) { return item.element ? 1 : count_of(item.variable); }

void take_fields(const MatItem &item, const MatStep &step, const std::string &where, std::vector<MatItem> &found) {
  if (item.variable == nullptr || item.variable->class_type != MAT_C_STRUCT)
    throw DataError(where + " is a " + class_name(item.variable) + " array and has no fields, " +
                    data::quoted(step.name) + " cannot be taken from it");
  const auto names = field_names(item.variable);
  bool there = false;
  for (const auto &name : names) there = there || name == step.name;
  if (!there) throw DataError(where + " has no field " + data::quoted(step.name) + "; " + suggest(step.name, names));
  const std::size_t begin = item.element.value_or(0);
  for (std::size_t at = begin; at < begin + elements(item); ++at)
    found.push_back({field(item.variable, step.name, at), std::nullopt});
}

MatItem take_element(const MatItem &item, const MatStep &step, const std::string &where) {
  const bool cell = item.variable != nullptr && item.variable->class_type == MAT_C_CELL;
  if (step.kind == MatStep::content && !cell)
    throw DataError(where + " is a " + class_name(item.variable) + " array, {…} takes the content of a cell");
  if (item.element) { // one element already: as an array of one
    for (const std::size_t number : step.index)
      if (number != 1) throw DataError(where + shown(step) + " is beyond the end of one element");
    return step.kind == MatStep::content ? MatItem{content(item.variable, *item.element), std::nullopt} : item;
  }
  const std::size_t at = mat_element(step.index, shape_of(item.variable), where + shown(step));
  if (step.kind == MatStep::content) return {content(item.variable, at), std::nullopt};
  return {item.variable, at};
}

} // namespace

std::vector<MatItem> find_items(const matvar_t *variable, const MatKey &key, const std::string &path) {
  std::vector<MatItem> items{{variable, std::nullopt}};
  std::string where = path + ": " + key.variable;
  for (const MatStep &step : key.steps) {
    std::vector<MatItem> found;
    if (step.kind == MatStep::field) {
      for (const MatItem &item : items) take_fields(item, step, where, found);
    } else {
      if (items.size() != 1)
        throw DataError(where + " is " + std::to_string(items.size()) + " arrays: the index goes before the field");
      found.push_back(take_element(items.front(), step, where));
    }
    items = std::move(found);
    where += shown(step);
  }
  return items;
}

} // namespace engram::data
