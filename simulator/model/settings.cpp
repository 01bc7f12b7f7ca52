#include "model/expand.hpp"
#include "model/nearest.hpp"

#include <filesystem>

namespace engram::model {
namespace {

[[noreturn]] void refuse(const std::string &pointer, const std::string &message) {
  throw InputError({{"--set", 0, shown(pointer), message}});
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

std::size_t index_of(const std::string &token, const Json &array, const std::string &pointer) {
  const bool digits = !token.empty() && token.size() < 10 && token.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || std::stoul(token) >= array.size())
    refuse(pointer, "'" + shown(token) + "' is not an index into an array of " + std::to_string(array.size()));
  return std::stoul(token);
}

Json value_of(const std::string &text, const std::string &pointer) {
  const auto first = text.find_first_not_of(" \t\n");
  const char c = first == std::string::npos ? ' ' : text[first];
  try {
    return parse(text, "--set").value;
  } catch (const InputError &error) {
    const std::string &message = error.problems().front().message;
    // What was plainly meant as JSON is not quietly taken as a word.
    if (c == '{' || c == '[' || c == '"' || message.rfind("the number", 0) == 0) refuse(pointer, message);
  }
  Json word(text);
  try {
    (void)word.dump();
  } catch (const Json::exception &) {
    refuse(pointer, "the value is not valid UTF-8");
  }
  return word;
}

void apply(Document &document, const std::string &setting) {
  const auto equals = setting.find('=');
  if (equals == std::string::npos || setting.empty() || setting[0] != '/')
    refuse("", "expected /pointer=value, not '" + shown(setting) + "'");
  const std::string pointer = setting.substr(0, equals);
  const auto path = tokens(pointer);
  if (path.front() == "extends") refuse(pointer, "a setting cannot change what a file extends");
  Json *at = &document.value;
  std::string here;
  for (std::size_t k = 0; k < path.size(); ++k) {
    const bool last = k + 1 == path.size();
    if (at->is_array()) {
      at = &(*at)[index_of(path[k], *at, pointer)];
    } else if (at->is_object()) {
      if (!last && !at->contains(path[k])) {
        std::vector<std::string> keys;
        for (const auto &item : at->items()) keys.push_back(item.key());
        refuse(pointer, unknown("key", shown(path[k]), keys) + (here.empty() ? "" : " (in " + shown(here) + ")"));
      }
      if (last) try {
          (void)Json(path[k]).dump();
        } catch (const Json::exception &) {
          refuse(pointer, "the key is not valid UTF-8");
        }
      at = &(*at)[path[k]];
    } else {
      refuse(pointer, "'" + shown(here) + "' is neither an object nor an array");
    }
    here = below(here, path[k]);
  }
  *at = value_of(setting.substr(equals + 1), pointer);
  document.places.erase(here);
  document.places.set(here, {std::make_shared<const std::string>("--set"), 0});
}

} // namespace

void apply_settings(Document &document, const std::vector<std::string> &settings) {
  for (const auto &setting : settings) apply(document, setting);
  std::error_code error;
  // References in files are absolute by now, so only those of settings are moved.
  if (!settings.empty()) resolve_files(document.value, std::filesystem::current_path(error).string());
}

} // namespace engram::model
