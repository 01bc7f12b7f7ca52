// apply_settings() applies the texts of `--set` to a document.
#include "input/nearest.hpp"
#include "model/expand.hpp"

#include <filesystem>

namespace engram::model {
namespace {

[[noreturn]] void refuse(const std::string &pointer, const std::string &message) {
  throw input::InputError({{"--set", 0, input::shown(pointer), message}});
}

std::vector<std::string> tokens(const std::string &pointer) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const char c = pointer[i];
    if (c == '/') {
      out.emplace_back();
    } else if (c == '~') {
      const char next = i + 1 < pointer.size() ? pointer[i + 1] : ' ';
      if (next != '0' && next != '1') refuse(pointer, "'~' is written ~0 in a pointer, and '/' within a key ~1");
      out.back() += next == '0' ? '~' : '/';
      ++i;
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::size_t index_of(const std::string &token, const input::Json &array, const std::string &pointer) {
  const bool digits = !token.empty() && token.size() < 10 && token.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoul(token) >= array.size())
    refuse(pointer, "'" + input::shown(token) + "' is not an index into an array of " + std::to_string(array.size()));
  return std::stoul(token);
}

input::Json value_of(const std::string &text, const std::string &pointer) {
  const auto first = text.find_first_not_of(" \t\n");
  const char c = first == std::string::npos ? ' ' : text[first];
  try {
    return input::parse(text, "--set").value;
  } catch (const input::InputError &error) {
    const std::string &message = error.problems().front().message;
    // A text that was plainly meant as JSON is not quietly taken as a word.
    if (c == '{' || c == '[' || c == '"' || message.rfind("the number", 0) == 0) refuse(pointer, message);
  }
  input::Json word(text);
  try {
    (void)word.dump();
  } catch (const input::Json::exception &) {
    refuse(pointer, "the value is not valid UTF-8");
  }
  return word;
}

// Every value of the patch stands at --set, as far as messages go.
void say(const input::Json &patch, const std::string &pointer, input::Places &places) {
  static const auto origin = std::make_shared<const std::string>("--set");
  places.set(pointer, {origin, 0});
  if (!patch.is_structured()) return;
  for (const auto &[key, value] : patch.items()) say(value, input::below(pointer, key), places);
}

// The keys along a pointer.
std::vector<std::string> path_of(const std::string &pointer) {
  auto path = tokens(pointer);
  if (path.front() == "extends") refuse(pointer, "a setting cannot change what a file extends");
  return path;
}

// `path`: of the pointer.
void put(input::Document &document, const std::string &pointer, const std::vector<std::string> &path,
         input::Json value) {
  for (const auto &key : path) try {
      (void)input::Json(key).dump();
    } catch (const input::Json::exception &) {
      refuse(pointer, "the key is not valid UTF-8");
    }
  // As far as there are values, among them elements of arrays, which a merge patch cannot reach.
  input::Json *at = &document.value;
  std::string here;
  std::size_t k = 0;
  for (; k < path.size(); ++k) {
    if (at->is_array()) {
      const std::size_t index = index_of(path[k], *at, pointer);
      if (k + 1 == path.size() && value.is_null()) {
        at->erase(index);
        document.places.erase(here); // the lines of the elements after it
        say(*at, here, document.places);
        return;
      }
      if (k + 1 == path.size()) { // arrays are not merged, nor are their elements
        const std::string element = input::below(here, path[k]);
        (*at)[index] = std::move(value);
        document.places.erase(element);
        say((*at)[index], element, document.places);
        return;
      }
      at = &(*at)[index];
    } else if (at->is_object() && at->contains(path[k]) && k + 1 < path.size()) {
      at = &(*at)[path[k]];
    } else {
      break;
    }
    here = input::below(here, path[k]);
  }
  for (std::size_t n = path.size(); n-- > k;) {
    input::Json parent = input::Json::object();
    parent[path[n]] = std::move(value);
    value = std::move(parent);
  }
  input::Places places;
  say(value, here, places);
  merge_patch(*at, document.places, value, places, here);
}

void apply(input::Document &document, const std::string &setting) {
  const auto equals = setting.find('=');
  if (equals == std::string::npos || setting.empty() || setting[0] != '/')
    refuse("", "expected /pointer=value, not '" + input::shown(setting) + "'");
  const std::string pointer = setting.substr(0, equals);
  const auto path = path_of(pointer);
  put(document, pointer, path, value_of(setting.substr(equals + 1), pointer));
}

} // namespace

void apply_settings(input::Document &document, const std::vector<std::string> &settings,
                    const std::vector<Edit> &edits) {
  for (const auto &setting : settings) apply(document, setting);
  for (const auto &edit : edits) put(document, edit.pointer, path_of(edit.pointer), edit.value);
  std::error_code error;
  // References in files are absolute by now, so only those of settings are moved.
  if (!settings.empty() || !edits.empty()) resolve_files(document.value, std::filesystem::current_path(error).string());
}

} // namespace engram::model
