#include "recordings/variant.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace engram::recordings {

namespace {

std::string text_of(const Value &value) {
  if (const bool *yes = std::get_if<bool>(&value)) return *yes ? "true" : "false";
  if (const double *number = std::get_if<double>(&value)) return fmt::format("{:g}", *number);
  return std::get<std::string>(value);
}

// The value where it is not the usual one.
std::optional<Value> unusual(const Parameter &parameter, const Method &method) {
  const auto given = method.settings.find(parameter.name);
  if (given == method.settings.end() || given->second == parameter.initial) return std::nullopt;
  return given->second;
}

// Settings in the order of the parameters. One that is usual is written out before one that is not; of two such, names
// are shorter.
std::string settings_of(const std::vector<Parameter> &parameters, const Method &method) {
  std::string out;
  bool in_order = true;
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    const auto value = unusual(parameters[k], method);
    if (value) {
      out += ":" + (in_order ? "" : parameters[k].name + "=") + text_of(*value);
      continue;
    }
    const bool next = k + 1 < parameters.size() && unusual(parameters[k + 1], method);
    if (in_order && next && parameters[k].has_initial())
      out += ":" + text_of(parameters[k].initial);
    else
      in_order = false;
  }
  return out;
}

} // namespace

std::string with_variant(const MethodWords &words, const Method &method, const std::string &result) {
  std::string stem = words.name;
  if (!result.starts_with(stem)) return result;
  std::vector<Parameter> rest = words.parameters;
  for (std::size_t k = 0; k < rest.size(); ++k) {
    const auto value = unusual(rest[k], method);
    if (!value || !std::holds_alternative<std::string>(*value)) continue;
    for (const char *between : {".", "_"})
      if (const std::string longer = stem + between + std::get<std::string>(*value); result.starts_with(longer)) {
        stem = longer;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
        return stem + settings_of(rest, method) + result.substr(stem.size());
      }
  }
  return stem + settings_of(rest, method) + result.substr(stem.size());
}

} // namespace engram::recordings
