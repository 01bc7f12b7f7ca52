// These functions carry an Array from a child process.
#pragma once

#include "data/array.hpp"
#include "data/child_stream.hpp"

#include <utility>
#include <variant>

namespace engram::data {

inline void put(ChildStream &to, const Array &array) {
  put(to, array.shape);
  put(to, array.values.index());
  std::visit([&](const auto &values) { put(to, values); }, array.values);
}

template <std::size_t... types> void take_values(ChildStream &from, Array &array, std::index_sequence<types...>) {
  const auto type = taken<std::size_t>(from);
  ((type == types ? take(from, array.values.emplace<types>()) : void()), ...);
}

inline void take(ChildStream &from, Array &array) {
  take(from, array.shape);
  take_values(from, array, std::make_index_sequence<std::variant_size_v<decltype(array.values)>>());
}

} // namespace engram::data
