#include "cli/help_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace engram::cli {

namespace {

using Json = nlohmann::ordered_json;

// A schema, and the ways that it offers.
std::vector<const Json *> ways_of(const Json &schema) {
  std::vector<const Json *> out{&schema};
  if (const auto ways = schema.find("anyOf"); ways != schema.end())
    for (const auto &way : *ways) out.push_back(&way);
  return out;
}

std::string bounds_of(const Json &schema) {
  std::string out;
  if (schema.contains("minimum")) out = fmt::format("from {:g}", schema.at("minimum").get<double>());
  if (schema.contains("exclusiveMinimum")) out = fmt::format("above {:g}", schema.at("exclusiveMinimum").get<double>());
  if (schema.contains("exclusiveMaximum"))
    out += fmt::format(" below {:g}", schema.at("exclusiveMaximum").get<double>());
  return out;
}

// "last | best", "from 0", "from 0 | above 0 below 1"
std::string range_of(const Json &schema) {
  std::vector<std::string> out;
  const auto add = [&](const std::string &text) {
    if (!text.empty() && std::find(out.begin(), out.end(), text) == out.end()) out.push_back(text);
  };
  for (const auto *way : ways_of(schema)) {
    add(bounds_of(*way));
    if (way->contains("enum"))
      for (const auto &word : way->at("enum")) add(word.is_string() ? word.get<std::string>() : word.dump());
    if (way->contains("const")) add(way->at("const").is_string() ? way->at("const").get<std::string>() : "");
    if (way->value("type", Json()) == "boolean") add("true | false");
  }
  return fmt::format("{}", fmt::join(out, " | "));
}

std::string first_line(const std::string &text) { return text.substr(0, text.find('\n')); }

} // namespace

std::vector<KeyHelp> keys_of(const Json &object) {
  std::vector<KeyHelp> out;
  for (const auto *way : ways_of(object)) {
    const auto properties = way->find("properties");
    if (properties == way->end()) continue;
    for (const auto &[name, schema] : properties->items()) {
      const auto has_name = [&, &key = name](const KeyHelp &one) { return one.name == key; };
      const auto known = std::find_if(out.begin(), out.end(), has_name);
      if (known != out.end()) { // of another way
        if (const auto range = range_of(schema); !range.empty()) known->range += " | " + range;
        continue;
      }
      const auto initial = schema.find("default");
      out.push_back({name, first_line(schema.value("description", "")),
                     initial == schema.end() ? ""
                     : initial->is_string()  ? initial->template get<std::string>()
                                             : initial->dump(),
                     range_of(schema), keys_of(schema)});
    }
  }
  return out;
}

} // namespace engram::cli
