// load() turns a JSON file into a Model.
#pragma once

#include "input/document.hpp"
#include "input/input_error.hpp"
#include "model/model.hpp"
#include "model/plugin_kind.hpp"
#include "model/vocabulary.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engram::model {

/// A change of a model's document: the same as a setting, its value as JSON instead of text.
struct Edit {
  std::string pointer;
  nlohmann::ordered_json value;
};

struct LoadOptions {
  std::vector<std::string> settings; ///< "--set": "/pointer=value", value is JSON, or a bare word
  std::optional<std::uint64_t> seed; ///< replaces the file's
  std::uint64_t memory_bytes = 0;    ///< a model that needs more is refused; 0: this machine's memory
  std::vector<Edit> edits{};         ///< applied after the settings
  std::optional<std::string> text{}; ///< stands in the place of what the file holds, as where it is a run file
};

/// Reads, expands (`extends`, settings, `feedback`), validates against the schema and then by meaning.
/// Errors: InputError with all problems that were found.
/// `places` receives where each value of the model stands, for what is found wrong later.
Model load(const std::string &path, const Vocabulary &vocabulary, const LoadOptions &options = {},
           input::Places *places = nullptr);

/// The same from text; `path` names it in messages and resolves relative paths.
Model load_text(const std::string &text, const std::string &path, const Vocabulary &vocabulary,
                const LoadOptions &options = {}, input::Places *places = nullptr);

/// A plugin that a model file names by its path.
struct PluginFile {
  std::string path;
  PluginKind kind = PluginKind::rule;
  input::Problem at; ///< where it is named first; without a message, which the caller adds
};

/// Absolute paths of the plugins that a model file names by path (`"plugin": "./rule.so"`, `"type": "./neuron.so"`),
/// with `extends` and settings applied. The caller adds their tables to the vocabulary, with RuleInfo::file or
/// the name of the entry set to that path, before it loads the model. Errors: InputError when the file cannot be read
/// or parsed; what else is wrong with it `load` tells.
std::vector<PluginFile> plugin_files(const std::string &path, const LoadOptions &options = {});

/// Absolute paths of all files that running a model reads: its own, those that it extends, and those that it names
/// (weights, spikes, pairs, stimuli, plugins by path). Errors: InputError.
std::vector<std::string> files_read(const std::string &path, const LoadOptions &options = {});

/// JSON Schema, draft-07, of a model that is written out.
nlohmann::ordered_json schema(const Vocabulary &vocabulary);

/// JSON Schema, draft-07, of a model file: of a model, or, with `extends`, of a merge patch of one, in which null
/// removes a key and no key is required.
nlohmann::ordered_json published_schema(const Vocabulary &vocabulary);

} // namespace engram::model
