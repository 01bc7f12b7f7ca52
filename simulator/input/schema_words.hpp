// All JSON Schemas (draft-07) of engram are built from these pieces.
#pragma once

#include "input/document.hpp"

#include <string>
#include <vector>

namespace engram::input {

/// {"type": type, "description": description}
Json type_schema(const char *type, const std::string &description);
/// A string out of `words`; `initial` is its default unless empty.
Json one_of_words(const std::vector<std::string> &words, const std::string &description, const std::string &initial);
/// An object that takes these keys and no others.
Json closed(const std::string &description, Json properties, std::vector<std::string> required);
/// {"normal": {"mean", "sd"}} and {"uniform": {"low", "high"}}, drawn for each `owner` ("neuron", "synapse"). `number`
/// and `sd`: the schemas of the values. `from_minimum`: the normal one may have a "minimum".
Json normal_distribution(const std::string &owner, const Json &number, const Json &sd, bool from_minimum = false);
Json uniform_distribution(const std::string &owner, const Json &number);
Json reference(const char *definition, const std::string &description);

} // namespace engram::input
