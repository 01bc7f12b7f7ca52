// Pieces of the JSON Schema of a model file (draft-07).
#pragma once

#include "model/document.hpp"
#include "model/vocabulary.hpp"

#include <initializer_list>

namespace engram::model {

/// {"type": type, "description": description}
Json described(const char *type, const std::string &description);
/// A string out of `words`; `initial` is its default unless empty.
Json one_of_words(const std::vector<std::string> &words, const std::string &description, const std::string &initial);
/// An object that takes these keys and no others.
Json closed(const std::string &description, Json properties, std::vector<std::string> required);
/// The keys of a vocabulary entry's parameters.
Json parameter_properties(const std::vector<Parameter> &parameters);
/// A name alone, or {"type": name, parameters…}; `more` are keys that a type takes beside its parameters.
Json typed(const std::vector<Named> &entries, const std::string &description, const std::string &initial,
           const Json &more = Json::object());
/// {"normal": {"mean", "sd"}} and {"uniform": {"low", "high"}}, drawn for each `owner` ("neuron", "synapse"). `number`
/// and `sd`: the schemas of the values.
Json normal_distribution(const std::string &owner, const Json &number, const Json &sd);
Json uniform_distribution(const std::string &owner, const Json &number);
Json reference(const char *definition, const std::string &description);

Json architecture_schema(const Vocabulary &vocabulary);
Json learning_schema(const Vocabulary &vocabulary);
Json task_schema(const Vocabulary &vocabulary);
/// "definitions": quantity, weights, drawn_weights, activation.
Json definitions(const Vocabulary &vocabulary);

} // namespace engram::model
