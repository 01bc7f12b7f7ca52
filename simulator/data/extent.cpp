#include "data/extent.hpp"

#include "data/array.hpp"

#include <algorithm>
#include <cstdint>

namespace engram::data {

std::size_t count_values(const std::vector<std::size_t> &shape, std::size_t bytes_each, const std::string &name) {
  if (shape.size() > maximum_axes)
    throw DataError(name + ": " + std::to_string(shape.size()) + " axes, at most " + std::to_string(maximum_axes) +
                    " are read");
  // An axis of 0 makes the array empty, but the others must still be sane: callers size buffers by them.
  const std::size_t limit = PTRDIFF_MAX / bytes_each;
  std::size_t product = 1;
  bool empty = false;
  for (const std::size_t axis : shape) {
    empty = empty || axis == 0;
    const std::size_t factor = std::max<std::size_t>(axis, 1);
    if (product > limit / factor) throw DataError(name + ": the header claims more values than any file can hold");
    product *= factor;
  }
  return empty ? 0 : product;
}

void expect_bytes(std::size_t claimed, std::size_t there, const std::string &name) {
  if (there == claimed) return;
  throw DataError(name + ": the header claims " + std::to_string(claimed) + " bytes of values, the file holds " +
                  (there < claimed ? "only " : "") + std::to_string(there));
}

} // namespace engram::data
