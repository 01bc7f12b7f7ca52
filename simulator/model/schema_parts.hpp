// The JSON Schema (draft-07) of a model file is built from these pieces.
#pragma once

#include "input/document.hpp"
#include "input/schema_words.hpp"
#include "model/vocabulary.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace engram::model {

/// The keys of a vocabulary entry's parameters.
input::Json parameter_properties(const std::vector<Parameter> &parameters);
/// A name alone, or {"type": name, parameters…}; `more` are keys that a type takes beside its parameters, and
/// `required_of` those that it must have.
input::Json typed(const std::vector<Named> &entries, const std::string &description,
                  const input::Json &more = input::Json::object(),
                  const std::map<std::string, std::vector<std::string>> &required_of = {});
/// The same of a key that may be left out: with the default of the list.
input::Json typed_or_default(const std::vector<Named> &entries, const std::string &description);

input::Json architecture_schema(const Vocabulary &vocabulary);
input::Json learning_schema(const Vocabulary &vocabulary);
input::Json task_schema(const Vocabulary &vocabulary);
input::Json environment_schema(const Vocabulary &vocabulary);
/// The objective: a term, or a list of them.
input::Json objective_schema();
/// "definitions": a term of the objective.
input::Json objective_term(const Vocabulary &vocabulary);
/// "definitions": quantity, weights, drawn_weights, activation.
input::Json definitions(const Vocabulary &vocabulary);

} // namespace engram::model
