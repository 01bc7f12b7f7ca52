// These functions write out `extends` and settings in the document of a model, and make its file names absolute.
#pragma once

#include "input/document.hpp"
#include "model/load.hpp"

namespace engram::model {

/// Parses `text`, merges it over the file that it extends (RFC 7396; null removes, arrays replace), and so on.
/// File references are resolved against the folder of the file that contains them. `files` receives the paths of all
/// files of the chain. Errors: InputError.
input::Document with_bases(const std::string &text, const std::string &path, std::vector<std::string> *files = nullptr);

/// Merges `patch` into `target`, which both stand at `pointer` (RFC 7396: null removes, arrays replace).
void merge_patch(input::Json &target, input::Places &places, const input::Json &patch,
                 const input::Places &patch_places, const std::string &pointer);

/// Applies "/pointer=value": the merge patch that holds `value` at `pointer`. Parents that are missing are made, null
/// removes; beyond RFC 7396 a pointer may lead to or through an element of an array: the element itself is then
/// replaced, or removed. Edits follow, with values that are JSON already; messages name both "--set". Files named in a
/// value are resolved against the current folder. Errors: InputError.
void apply_settings(input::Document &document, const std::vector<std::string> &settings,
                    const std::vector<Edit> &edits = {});

/// Makes file references of a model file absolute.
void resolve_files(input::Json &model, const std::string &folder);

/// The files that a model file names: of weights, spikes, pairs, stimuli, groups and parts of trials, the run that it
/// begins with, and plugins by path. After resolve_files().
std::vector<std::string> files_named(const input::Json &model);

/// Whether a rule's "plugin" is a path rather than the name of an installed rule.
bool is_path(const std::string &plugin);

} // namespace engram::model
