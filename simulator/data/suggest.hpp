// suggest() says what a message adds about a name that does not exist: the nearest one, or all that there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engram::data {

/// "did you mean 'RDM'?" when a name is near, else "there are: RDM, name, …", or "there are none".
std::string suggest(std::string_view wanted, const std::vector<std::string> &names);

} // namespace engram::data
