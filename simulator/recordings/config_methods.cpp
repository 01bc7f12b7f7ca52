#include "recordings/config_methods.hpp"

#include "input/diagnose.hpp"
#include "input/nearest.hpp"
#include "input/schema_words.hpp"
#include "recordings/method_entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <sstream>

namespace engram::recordings {

using input::InputError;
using input::Json;

namespace {

std::vector<std::string> names_of(const MethodEntries &entries) {
  std::vector<std::string> out;
  for (const auto &entry : entries) out.push_back(entry.words.name);
  return out;
}

const MethodEntry *find(const std::string &name, const MethodEntries &entries) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto &entry) { return entry.words.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

std::vector<Conflict> conflicts_of(const MethodEntry &entry, const Method &method) {
  if (!entry.check) return {};
  return entry.check(Settings(entry.words.parameters, method.settings));
}

// The word of the command line as a file would hold it: a number, true or false, or text. Where text is asked for, a
// number is text too, as the history 1.
Json as_json(const std::string &text, const Parameter &parameter) {
  if (std::holds_alternative<std::string>(parameter.initial)) return text;
  if (text == "true" || text == "false") return text == "true";
  char *end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(number)) return text;
  return number;
}

// What is wrong with a value; absent where it fits.
std::optional<std::string> misfit(const Parameter &parameter, const Json &value) {
  const input::Places nowhere;
  input::Problems problems(nowhere);
  const Json schema = schema_of(parameter);
  input::diagnose(schema, schema, value, "", problems);
  try {
    problems.raise();
  } catch (const InputError &error) {
    return error.problems().front().message;
  }
  return std::nullopt;
}

} // namespace

Json method_schema(const MethodEntries &entries) {
  std::string listing = "what is compared";
  for (const auto &entry : entries) listing += "\n" + entry.words.name + ": " + entry.words.help;
  Json forms = Json::array({input::one_of_words(names_of(entries), listing, "")});
  for (const auto &entry : entries) {
    Json properties = {{"type", {{"const", entry.words.name}, {"description", "the method"}}}};
    for (const auto &parameter : entry.words.parameters) properties[parameter.name] = schema_of(parameter);
    forms.push_back(input::closed(entry.words.name + ": " + entry.words.help, std::move(properties), {"type"}));
  }
  return {{"anyOf", std::move(forms)}};
}

Method read_method(const Json &value, const std::string &pointer, const MethodEntries &entries,
                   input::Problems &problems) {
  Method out;
  out.type = value.is_string() ? value.get<std::string>() : value.at("type").get<std::string>();
  if (value.is_object())
    for (const auto &[key, setting] : value.items())
      if (key != "type") out.settings[key] = value_of(setting);
  for (const auto &conflict : conflicts_of(*find(out.type, entries), out))
    problems.add(input::below(pointer, conflict.parameter), conflict.what);
  return out;
}

std::string settings_order(const MethodEntry &entry) {
  std::string out = entry.words.name;
  for (const auto &parameter : entry.words.parameters) {
    out += ':';
    for (const char c : parameter.name) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

std::string methods_help(const MethodEntries &entries) {
  std::string listing, settings;
  for (const auto &entry : entries) {
    const auto &words = entry.words;
    listing += fmt::format("  {:<17}{}{}\n", words.name, words.help,
                           words.reference.empty() ? "" : " (" + words.reference + ")");
    if (!words.parameters.empty()) settings += "  " + settings_order(entry) + "\n";
  }
  return "Methods:\n" + listing +
         "Settings follow the name, in this order, or by name as METHOD:SETTING=VALUE (engram help METHOD):\n" +
         settings;
}

Method method_of(const std::string &text, const MethodEntries &entries) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ':');) parts.push_back(part);
  Method out;
  out.type = parts.empty() ? "" : parts[0];
  const MethodEntry *entry = find(out.type, entries);
  if (!entry) throw InputError("--method: " + input::unknown("method", out.type, names_of(entries)));
  const auto refuse = [&](const std::string &what) {
    throw InputError(fmt::format("--method: '{}': {}", input::shown(text), what));
  };
  const auto &parameters = entry->words.parameters;
  std::size_t place = 0;
  for (std::size_t k = 1; k < parts.size(); ++k) {
    const auto equals = parts[k].find('=');
    const std::string name = equals == std::string::npos ? "" : parts[k].substr(0, equals);
    std::vector<std::string> known;
    for (const auto &parameter : parameters) known.push_back(parameter.name);
    if (equals == std::string::npos && place >= parameters.size())
      refuse(parameters.empty() ? out.type + " has no settings" : "the settings are " + settings_order(*entry));
    const auto parameter =
        equals == std::string::npos
            ? parameters.begin() + static_cast<std::ptrdiff_t>(place++)
            : std::find_if(parameters.begin(), parameters.end(), [&](const Parameter &p) { return p.name == name; });
    if (parameter == parameters.end()) refuse(input::unknown("setting", input::shown(name), known));
    const Json value = as_json(equals == std::string::npos ? parts[k] : parts[k].substr(equals + 1), *parameter);
    if (const auto fault = misfit(*parameter, value)) refuse(parameter->name + ": " + *fault);
    if (!out.settings.emplace(parameter->name, value_of(value)).second) refuse(parameter->name + ": is given twice");
  }
  for (const auto &conflict : conflicts_of(*entry, out)) refuse(conflict.parameter + ": " + conflict.what);
  return out;
}

} // namespace engram::recordings
