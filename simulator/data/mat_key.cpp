#include "data/mat_key.hpp"

#include "data/array.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace engram::data {

namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string take_name(std::string_view &rest) {
  std::size_t end = 0;
  while (end < rest.size() && is_name_character(rest[end])) ++end;
  std::string name(rest.substr(0, end));
  rest.remove_prefix(end);
  return name;
}

/// "2,1)" and on; empty when it is no list of numbers from 1.
std::optional<std::vector<std::size_t>> take_index(std::string_view &rest, char closing) {
  std::vector<std::size_t> index;
  for (;;) {
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc() || number == 0) return std::nullopt;
    index.push_back(number);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (rest.empty() || (rest.front() != ',' && rest.front() != closing)) return std::nullopt;
    const bool done = rest.front() == closing;
    rest.remove_prefix(1);
    if (done) return index;
  }
}

using Shape = std::vector<std::size_t>;

/// The last number counts through all axes that are left, as in MATLAB.
std::optional<std::size_t> folded(const Shape &index, const Shape &shape) {
  std::size_t place = 0, stride = 1;
  for (std::size_t axis = 0; axis < index.size(); ++axis) {
    std::size_t extent = axis < shape.size() ? shape[axis] : 1;
    if (axis + 1 == index.size())
      for (std::size_t left = axis + 1; left < shape.size(); ++left) extent *= shape[left];
    if (index[axis] > extent) return std::nullopt;
    place += (index[axis] - 1) * stride;
    stride *= extent;
  }
  return place;
}

std::optional<std::size_t> squeezed(const Shape &index, Shape shape) {
  std::erase(shape, std::size_t{1});
  return index.size() == shape.size() ? folded(index, shape) : std::nullopt;
}

} // namespace

MatKey parse_mat_key(const std::string &key, const std::string &file) {
  const auto wrong = [&](const std::string &why) -> DataError {
    return DataError(file + ": cannot read the key " + data::quoted(key) + ": " + why);
  };
  std::string_view rest = key;
  MatKey parsed;
  parsed.variable = take_name(rest);
  if (parsed.variable.empty()) throw wrong("a variable's name comes first, as in Models(3).RDM");
  while (!rest.empty()) {
    const char opening = rest.front();
    rest.remove_prefix(1);
    MatStep step;
    if (opening == '.') {
      step.name = take_name(rest);
      if (step.name.empty()) throw wrong("a field's name comes after '.'");
    } else if (opening == '(' || opening == '{') {
      step.kind = opening == '(' ? MatStep::elements : MatStep::content;
      const auto index = take_index(rest, opening == '(' ? ')' : '}');
      if (!index) throw wrong("numbers from 1, parted by commas, stand between brackets, as in (2,1)");
      step.index = *index;
    } else {
      throw wrong("expected is .field, (index) or {index}");
    }
    parsed.steps.push_back(std::move(step));
  }
  return parsed;
}

std::size_t mat_element(const std::vector<std::size_t> &index, const std::vector<std::size_t> &shape,
                        const std::string &where) {
  const auto plain = folded(index, shape), short_form = squeezed(index, shape);
  if (index.size() > 1 && plain && short_form && *plain != *short_form)
    throw DataError(where + " can be meant in two ways in a " + mat_shape(shape) +
                    " array: write one number for each axis");
  if (!plain && !short_form) throw DataError(where + " is beyond the end of a " + mat_shape(shape) + " array");
  return plain ? *plain : *short_form;
}

std::string mat_shape(const std::vector<std::size_t> &shape) {
  std::string text;
  for (const std::size_t extent : shape) text += (text.empty() ? "" : "×") + std::to_string(extent);
  return text;
}

} // namespace engram::data
