// From a JSON file to a Model.
#pragma once

#include "model/input_error.hpp"
#include "model/model.hpp"
#include "model/vocabulary.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engram::model {

struct LoadOptions {
  std::vector<std::string> settings;  ///< "--set": "/pointer=value", value is JSON, or a bare word
  std::optional<std::uint64_t> seed;  ///< replaces the file's
  std::uint64_t memory_bytes = 0;     ///< a model that needs more is refused; 0: this machine's memory
};

/// Reads, expands (`extends`, settings, `feedback`), validates against the schema and then by meaning.
/// Errors: InputError with all problems that were found.
Model load(const std::string &path, const Vocabulary &vocabulary, const LoadOptions &options = {});

/// The same from text; `path` names it in messages and resolves relative paths.
Model load_text(const std::string &text, const std::string &path, const Vocabulary &vocabulary,
                const LoadOptions &options = {});

/// JSON Schema, draft-07, of a model file.
nlohmann::ordered_json schema(const Vocabulary &vocabulary);

} // namespace engram::model
