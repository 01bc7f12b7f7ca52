// The same method can be asked for in several variants. Their results have different names.
#pragma once

#include "recordings/config.hpp"

#include <string>

namespace engram::recordings {

/// The name of a result with what makes its method another than the usual form, as the command line writes it: "rsa" of
/// rsa:crossnobis:cosine becomes "rsa:crossnobis:cosine", "tuning.width" of tuning:linear "tuning:linear.width". What
/// the command line has no word for stands as KEY=VALUE. A name that says it all stays, as "cka_linear" does.
std::string with_variant(const Method &method, const std::string &result);

} // namespace engram::recordings
