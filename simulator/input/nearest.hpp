// nearest() finds the name that a user most likely meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engram::input {

/// The candidate with the fewest edits (insert, delete, replace, swap of neighbours; case is free) from `name`, or ""
/// when none is near enough to be a slip of the pen.
std::string nearest(std::string_view name, const std::vector<std::string> &candidates);

/// "unknown region 'V11'; did you mean 'V1'?", or with the known names when none is near.
std::string unknown(std::string_view what, std::string_view name, const std::vector<std::string> &candidates);

} // namespace engram::input
