// diagnose() says in sentences why a document does not fit its schema. The cascade of anyOf errors that a validator
// reports does not tell this.
#pragma once

#include "input/document.hpp"

namespace engram::input {

/// Adds a problem for each place where `value` does not fit `schema`. Knows the keywords that our schema uses.
void diagnose(const Json &schema, const Json &root, const Json &value, const std::string &pointer, Problems &problems);

/// The full validator's word (valijson) on the whole document: "" when it fits. `pointer` receives the innermost place
/// that does not.
std::string validate(const Json &schema, const Json &value, std::string *pointer = nullptr);

} // namespace engram::input
