// The same method can be asked for in several variants. Their results have different names.
#pragma once

#include "recordings/method_entry.hpp"

#include <string>

namespace engram::recordings {

/// The name of a result with what makes its method another than the usual form, as the command line writes it: "rsa" of
/// rsa:crossnobis:cosine becomes "rsa:crossnobis:cosine", "tuning.width" of tuning:linear "tuning:linear.width". A
/// setting that the name has already, as in "distances.van_rossum", is not written twice.
std::string with_variant(const MethodWords &words, const Method &method, const std::string &result);

} // namespace engram::recordings
