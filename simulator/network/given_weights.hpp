// check_shape() checks the shape of weights that a file holds.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace engram::network {

/// Is it the shape of N_post × N_pre weights? A vector passes where one of the two is 1. Errors: data::DataError that
/// begins with `file` and says both shapes, and "transposed" where it is N_pre × N_post.
void check_shape(const std::vector<std::size_t> &shape, std::size_t posts, std::size_t pres, const std::string &file);

} // namespace engram::network
