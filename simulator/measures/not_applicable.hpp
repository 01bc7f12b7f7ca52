// A measure throws NotApplicable where its input has no such measure.
#pragma once

#include "error/error.hpp"

namespace engram::measures {

/// The measure does not apply to the values that it was given: they are too few, not finite, or do not vary. what()
/// says why, in words that a user can read as the reason for a missing result.
///
/// It is about the contents of the input alone. Shapes of two arguments that do not agree and options out of their
/// range are faults of the calling code: they throw std::invalid_argument.
class NotApplicable : public Error {
public:
  explicit NotApplicable(const std::string &why) : Error(ErrorKind::wrong_input, why) {}
};

} // namespace engram::measures
