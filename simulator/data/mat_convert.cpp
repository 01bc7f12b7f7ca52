// This converts MATLAB variables that matio has read into arrays and texts of engram.
#include "data/extent.hpp"
#include "data/mat_file.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace engram::data {

namespace {

constexpr std::size_t deepest_cell = 32; // cells within cells

/// A damaged file may claim more than matio read.
void check_values(const matvar_t *variable, std::size_t each, const std::string &where) {
  const std::size_t count = count_values(shape_of(variable), each, where);
  if (variable->isComplex) throw DataError(where + ": complex numbers are not read");
  if (count == 0) return;
  if (variable->data == nullptr || static_cast<std::size_t>(variable->data_size) != each ||
      variable->nbytes / each < count)
    throw DataError(where + ": is damaged: the values are missing");
}

/// Calls `place(from)` for every value in row-major order with its place in column-major order.
template <class F> void in_row_major_order(const std::vector<std::size_t> &shape, std::size_t count, F place) {
  std::vector<std::size_t> stride(shape.size(), 1), index(shape.size(), 0);
  for (std::size_t a = 1; a < shape.size(); ++a) stride[a] = stride[a - 1] * shape[a - 1];
  for (std::size_t to = 0, from = 0; to < count; ++to) {
    place(from);
    for (std::size_t a = shape.size(); a-- > 0;) {
      from += stride[a];
      if (++index[a] < shape[a]) break;
      from -= stride[a] * shape[a];
      index[a] = 0;
    }
  }
}

template <class Stored, class Kept> Array take(const std::vector<MatItem> &items, const std::string &where) {
  const auto shape = shape_of(items.front().variable);
  std::vector<Kept> values;
  const auto keep = [&](const matvar_t *variable, std::size_t from) {
    const Stored value = static_cast<const Stored *>(variable->data)[from];
    if constexpr (std::is_same_v<Stored, std::uint64_t>)
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        throw DataError(where + ": integers above 2^63 - 1 are not read");
    if (variable->isLogical)
      values.push_back(static_cast<Kept>(value != 0));
    else
      values.push_back(static_cast<Kept>(value)); // NOLINT(bugprone-signed-char-misuse): an int8 keeps its sign
  };
  for (const MatItem &item : items) {
    if (item.variable == nullptr || item.variable->class_type == MAT_C_EMPTY) continue; // 0×0, as all of them
    check_values(item.variable, sizeof(Stored), where);
    if (item.element) {
      if (*item.element >= count_of(item.variable)) throw DataError(where + ": is damaged: the values are missing");
      keep(item.variable, *item.element);
    } else {
      const std::size_t count = count_of(item.variable);
      if (values.empty()) values.reserve(count * items.size());
      in_row_major_order(shape, count, [&](std::size_t from) { keep(item.variable, from); });
    }
  }
  Array array;
  const bool scalars = items.front().element || count_of(items.front().variable) == 1;
  if (items.size() > 1) array.shape.push_back(items.size());
  if (items.size() == 1 && items.front().element)
    array.shape = {1, 1};
  else if (items.size() == 1 || !scalars)
    array.shape.insert(array.shape.end(), shape.begin(), shape.end());
  array.values = std::move(values);
  return array;
}

void check_equal(const std::vector<MatItem> &items, const std::string &where) {
  const MatItem &first = items.front();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const matvar_t *variable = items[i].variable;
    const std::string which = items.size() > 1 ? where + ": element " + std::to_string(i + 1) : where;
    if (!is_number(variable)) {
      const std::string hint = variable->class_type == MAT_C_SPARSE ? "; full() makes it plain"
                               : variable->class_type == MAT_C_CHAR ? "; it is text"
                                                                    : "";
      std::vector<std::string> fields = field_names(variable);
      std::string list;
      for (const auto &name : fields) list += (list.empty() ? "; fields: " : ", ") + name;
      throw DataError(which + " is a " + mat_shape(shape_of(variable)) + " " + class_name(variable) +
                      " array, not numbers" + hint + list);
    }
    if (shape_of(variable) != shape_of(first.variable))
      throw DataError(which + " is " + mat_shape(shape_of(variable)) + ", the first is " +
                      mat_shape(shape_of(first.variable)) + ": they cannot be stacked");
  }
}

bool equal_classes(const std::vector<MatItem> &items) {
  return std::all_of(items.begin(), items.end(), [&](const MatItem &item) {
    return class_name(item.variable) == class_name(items.front().variable);
  });
}

Array stacked(const std::vector<MatItem> &items, const std::string &where);

/// Elements of several classes: MATLAB keeps a double that holds 0 and 1 apart from a logical.
Array as_double(const std::vector<MatItem> &items, const std::string &where) {
  std::vector<double> values;
  Array array;
  for (const MatItem &item : items) {
    const Array one = stacked({item}, where);
    for (std::size_t i = 0; i < one.size(); ++i) values.push_back(one.at(i));
    array.shape = one.shape;
  }
  if (values.size() == items.size()) array.shape.clear(); // scalars
  array.shape.insert(array.shape.begin(), items.size());
  array.values = std::move(values);
  return array;
}

/// A cell array stands for its contents.
std::vector<MatItem> unfold(const std::vector<MatItem> &items) {
  if (items.size() != 1) return items;
  const MatItem &item = items.front();
  if (item.variable == nullptr || item.variable->class_type != MAT_C_CELL) return items;
  if (item.element) return {{content(item.variable, *item.element), std::nullopt}};
  std::vector<MatItem> contents;
  for (std::size_t at = 0; at < count_of(item.variable); ++at)
    contents.push_back({content(item.variable, at), std::nullopt});
  return contents;
}

void add_utf8(std::uint32_t code, std::string &text) {
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xc0 | code >> 6);
    add(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    add(0xe0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3f));
    add(0x80 | (code & 0x3f));
  } else if (code < 0x110000) {
    add(0xf0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3f));
    add(0x80 | (code >> 6 & 0x3f));
    add(0x80 | (code & 0x3f));
  }
}

/// `step` units apart from `first`: one row of a char array.
template <class Unit>
std::string text_of(const void *data, std::size_t first, std::size_t step, std::size_t length, bool is_utf8) {
  const auto *units = static_cast<const Unit *>(data);
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    std::uint32_t code = units[first + i * step];
    if (is_utf8) {
      text += static_cast<char>(static_cast<unsigned char>(code));
      continue;
    }
    if (sizeof(Unit) == 2 && code >= 0xd800 && code < 0xdc00 && i + 1 < length) { // the first of a pair of UTF-16
      const std::uint32_t low = units[first + (i + 1) * step];
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        ++i;
      }
    }
    add_utf8(code, text);
  }
  return text;
}

void add_rows(const matvar_t *variable, const std::string &where, std::vector<std::string> &texts) {
  const auto shape = shape_of(variable);
  const auto each = static_cast<std::size_t>(std::max(variable->data_size, 1));
  std::size_t count = count_values(shape, each, where);
  if (count == 0) {
    texts.emplace_back();
    return;
  }
  const std::size_t stored = variable->data == nullptr ? 0 : variable->nbytes / each;
  const bool is_utf8 = variable->data_type == MAT_T_UTF8;
  std::size_t rows = shape[0];
  if (is_utf8 && rows == 1) count = stored; // characters of several bytes
  if (stored < count || stored == 0) throw DataError(where + ": is damaged: the text is missing");
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t length = count / rows;
    std::string text = each == 1   ? text_of<std::uint8_t>(variable->data, row, rows, length, is_utf8)
                       : each == 2 ? text_of<std::uint16_t>(variable->data, row, rows, length, false)
                       : each == 4 ? text_of<std::uint32_t>(variable->data, row, rows, length, false)
                                   : throw DataError(where + ": text of this encoding is not read");
    if (rows > 1) text.erase(text.find_last_not_of(' ') + 1);
    texts.push_back(std::move(text));
  }
}

void add_all(const MatItem &item, const std::string &where, std::size_t depth, std::vector<std::string> &texts) {
  const matvar_t *variable = item.variable;
  if (depth > deepest_cell) throw DataError(where + ": cells are nested too deep");
  if (variable == nullptr || count_of(variable) == 0) {
    if (depth > 0 || variable == nullptr || variable->class_type != MAT_C_CELL) texts.emplace_back();
  } else if (variable->class_type == MAT_C_CHAR && !item.element) {
    add_rows(variable, where, texts);
  } else if (variable->class_type == MAT_C_CELL) {
    const std::size_t begin = item.element.value_or(0), end = item.element ? begin + 1 : count_of(variable);
    for (std::size_t at = begin; at < end; ++at)
      add_all({content(variable, at), std::nullopt}, where, depth + 1, texts);
  } else {
    throw DataError(where + " is a " + mat_shape(shape_of(variable)) + " " + class_name(variable) + " array, not text");
  }
}

/// Cells are not unfolded.
Array stacked(const std::vector<MatItem> &items, const std::string &where) {
  if (items.empty()) throw DataError(where + " is empty");
  check_equal(items, where);
  if (!equal_classes(items)) return as_double(items, where);
  const matvar_t *first = items.front().variable;
  switch (first == nullptr ? MAT_C_EMPTY : first->class_type) {
  case MAT_C_SINGLE:
    return take<float, float>(items, where);
  case MAT_C_INT8:
    return take<std::int8_t, std::int64_t>(items, where);
  case MAT_C_UINT8:
    return take<std::uint8_t, std::uint8_t>(items, where);
  case MAT_C_INT16:
    return take<std::int16_t, std::int64_t>(items, where);
  case MAT_C_UINT16:
    return take<std::uint16_t, std::int64_t>(items, where);
  case MAT_C_INT32:
    return take<std::int32_t, std::int64_t>(items, where);
  case MAT_C_UINT32:
    return take<std::uint32_t, std::int64_t>(items, where);
  case MAT_C_INT64:
    return take<std::int64_t, std::int64_t>(items, where);
  case MAT_C_UINT64:
    return take<std::uint64_t, std::int64_t>(items, where);
  default:
    return take<double, double>(items, where);
  }
}

} // namespace

Array to_array(const std::vector<MatItem> &found, const std::string &where) { return stacked(unfold(found), where); }

std::vector<Array> to_arrays(const std::vector<MatItem> &found, const std::string &where) {
  if (found.size() == 1 && !found.front().element && found.front().variable != nullptr &&
      found.front().variable->class_type == MAT_C_CELL) {
    const auto shape = shape_of(found.front().variable);
    if (std::count_if(shape.begin(), shape.end(), [](std::size_t extent) { return extent > 1; }) > 1)
      throw DataError(where + " is a " + mat_shape(shape) + " cell array: of cells, a row or a column is read");
  }
  const auto items = unfold(found);
  std::vector<Array> arrays;
  for (std::size_t k = 0; k < items.size(); ++k)
    arrays.push_back(stacked({items[k]}, items.size() == 1 ? where : where + ": element " + std::to_string(k + 1)));
  return arrays;
}

void add_texts(const MatItem &item, const std::string &where, std::vector<std::string> &texts) {
  add_all(item, where, 0, texts);
}

} // namespace engram::data
