#include "network/given_weights.hpp"

#include "data/array.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace engram::network {

void check_shape(const std::vector<std::size_t> &shape, std::size_t posts, std::size_t pres, const std::string &file) {
  using Shape = std::vector<std::size_t>;
  if (shape == Shape{posts, pres}) return;
  if ((posts == 1 || pres == 1) && shape == Shape{posts * pres}) return;
  throw data::DataError(fmt::format("{}: the weights are {}{}, not {} × {} (postsynaptic × presynaptic neurons){}",
                                    file, fmt::join(shape, " × "), shape.size() == 1 ? " numbers in one row" : "",
                                    posts, pres, shape == Shape{pres, posts} ? ": they are transposed" : ""));
}

} // namespace engram::network
