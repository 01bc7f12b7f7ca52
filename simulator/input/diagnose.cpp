#include "input/diagnose.hpp"
#include "input/nearest.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <regex>

namespace engram::input {
namespace {

const Json &resolved(const Json &schema, const Json &root) {
  const Json *at = &schema;
  while (at->contains("$ref")) at = &root.at(Json::json_pointer(at->at("$ref").get<std::string>().substr(1)));
  return *at;
}

bool is_type(const Json &value, const std::string &type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "number") return value.is_number();
  if (type == "integer") // 4.0 is one (draft-07, as draft-06 before it)
    return value.is_number_integer() ||
           (value.is_number_float() && std::floor(value.get<double>()) == value.get<double>());
  if (type == "boolean") return value.is_boolean();
  return value.is_null();
}

std::string article(const std::string &type) {
  if (type == "integer") return "a whole number";
  if (type == "boolean") return "true or false";
  if (type == "null") return "null";
  return (type == "object" || type == "array" ? "an " : "a ") + type;
}

std::string kind(const Json &value) {
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number()) return value.dump();
  if (value.is_string()) return "the text '" + shown(value.get<std::string>()) + "'";
  return article(value.type_name());
}

std::vector<std::string> types(const Json &schema) {
  if (!schema.contains("type")) return {};
  const Json &type = schema.at("type");
  if (type.is_array()) return type.get<std::vector<std::string>>();
  return {type.get<std::string>()};
}

bool fits(const Json &value, const std::vector<std::string> &any) {
  return any.empty() || std::any_of(any.begin(), any.end(), [&](const auto &type) { return is_type(value, type); });
}

std::string alternatives(const std::vector<std::string> &words) {
  std::string out;
  for (std::size_t k = 0; k < words.size(); ++k) out += (k ? (k + 1 == words.size() ? " or " : ", ") : "") + words[k];
  return out;
}

// The branches of nested anyOf, each without a $ref.
void branches(const Json &schema, const Json &root, std::vector<const Json *> &out) {
  const Json &at = resolved(schema, root);
  if (at.contains("anyOf"))
    for (const Json &branch : at.at("anyOf")) branches(branch, root, out);
  else
    out.push_back(&at);
}

struct Diagnosis {
  const Json &root;
  Problems &problems;

  bool holds(const Json &schema, const Json &value) const {
    const Places nowhere;
    Problems silent(nowhere);
    Diagnosis{root, silent}.check(schema, value, "");
    return silent.empty();
  }

  void number(const Json &schema, const Json &value, const std::string &pointer) {
    const double x = value.get<double>();
    const auto bound = [&](const char *key, auto broken, const char *words) {
      if (!schema.contains(key)) return;
      const double limit = schema.at(key).get<double>();
      const Json &written = schema.at(key); // 9e18 in full, as it can be typed
      const std::string as_text = written.is_number_integer() ? written.dump() : fmt::format("{:g}", limit);
      if (broken(x, limit)) problems.add(pointer, fmt::format("must be {} {}, not {}", words, as_text, value.dump()));
    };
    bound("minimum", std::less<>(), "at least");
    bound("exclusiveMinimum", std::less_equal<>(), "above");
    bound("maximum", std::greater<>(), "at most");
    bound("exclusiveMaximum", std::greater_equal<>(), "below");
  }

  void text(const Json &schema, const std::string &value, const std::string &pointer) {
    // The length first: std::regex recurses on each character.
    const auto length = static_cast<std::size_t>(std::count_if(
        value.begin(), value.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    if (schema.contains("minLength") && length < schema.at("minLength").get<std::size_t>())
      return problems.add(pointer, "must not be empty");
    if (schema.contains("maxLength") && length > schema.at("maxLength").get<std::size_t>())
      return problems.add(pointer, fmt::format("longer than {} characters", schema.at("maxLength").get<std::size_t>()));
    if (schema.contains("pattern") && !std::regex_search(value, std::regex(schema.at("pattern").get<std::string>())))
      problems.add(pointer, schema.contains("description") ? fmt::format("'{}' is not {}", shown(value),
                                                                         schema.at("description").get<std::string>())
                                                           : fmt::format("'{}' does not have the form {}", shown(value),
                                                                         schema.at("pattern").get<std::string>()));
  }

  void object(const Json &schema, const Json &value, const std::string &pointer) {
    const Json none = Json::object();
    const Json &properties = schema.contains("properties") ? schema.at("properties") : none;
    if (schema.contains("required"))
      for (const Json &key : schema.at("required"))
        if (!value.contains(key.get<std::string>()))
          problems.add(pointer, "the key '" + key.get<std::string>() + "' is missing");
    if (schema.contains("minProperties") && value.size() < schema.at("minProperties").get<std::size_t>())
      problems.add(pointer, "must not be empty");
    for (const auto &[key, item] : value.items()) {
      const std::string at = below(pointer, key);
      if (schema.contains("propertyNames")) {
        const std::size_t before = problems.count();
        text(schema.at("propertyNames"), key, at);
        if (problems.count() != before) continue;
      }
      if (properties.contains(key)) {
        check(properties.at(key), item, at);
      } else if (schema.contains("additionalProperties")) {
        const Json &others = schema.at("additionalProperties");
        if (others.is_object()) {
          check(others, item, at);
          continue;
        }
        // A key that is not there yet is meant first; one that is there may be meant by a patch.
        std::vector<std::string> absent, all;
        for (const auto &entry : properties.items()) {
          if (entry.value().contains("not")) continue;
          all.push_back(entry.key());
          if (!value.contains(entry.key())) absent.push_back(entry.key());
        }
        const bool resembles = !nearest(shown(key), absent).empty() || nearest(shown(key), all).empty();
        problems.add(at, unknown("key", shown(key), resembles && !absent.empty() ? absent : all));
      }
    }
  }

  void items(const Json &schema, const Json &value, const std::string &pointer) {
    constexpr auto no_limit = std::numeric_limits<std::size_t>::max();
    const std::size_t least = schema.value("minItems", std::size_t{0}), most = schema.value("maxItems", no_limit);
    if (value.size() >= least && value.size() <= most) return;
    if (value.empty() && least == 1) return problems.add(pointer, "must not be empty");
    const std::string wanted = least == most      ? std::to_string(least)
                               : most == no_limit ? "at least " + std::to_string(least)
                                                  : fmt::format("{} to {}", least, most);
    problems.add(pointer, fmt::format("must have {} values, not {}", wanted, value.size()));
  }

  void any_of(const Json &schema, const Json &value, const std::string &pointer) {
    std::vector<const Json *> all, fitting;
    branches(schema, root, all);
    for (const Json *branch : all) {
      if (!fits(value, types(*branch))) continue;
      if (holds(*branch, value)) return;
      fitting.push_back(branch);
    }
    if (fitting.empty()) {
      std::vector<std::string> expected;
      for (const Json *branch : all)
        for (const auto &type : types(*branch))
          if (std::find(expected.begin(), expected.end(), article(type)) == expected.end())
            expected.push_back(article(type));
      return problems.add(pointer, "expected " + alternatives(expected) + ", not " + kind(value));
    }
    if (value.is_string()) {
      std::vector<std::string> words;
      for (const Json *branch : fitting)
        if (branch->contains("enum"))
          for (const Json &word : branch->at("enum")) words.push_back(word.get<std::string>());
      if (!words.empty()) return problems.add(pointer, unknown("name", value.get<std::string>(), words));
    }
    // A form that takes any key is not known by its keys.
    const bool any_key = fitting.size() == 1 && !fitting.front()->contains("properties");
    check(value.is_object() && !any_key ? *chosen(fitting, value, pointer) : *fitting.front(), value, pointer);
  }

  // Of several forms of an object, the one that its "type" names, else the one whose required keys it has most of.
  const Json *chosen(const std::vector<const Json *> &forms, const Json &value, const std::string &pointer) {
    static const Json nothing = Json::object(); // fits: what is wrong has been told
    std::vector<std::string> words, keys;
    const Json *best = nullptr;
    std::size_t most = 0;
    for (const Json *form : forms) {
      if (!form->contains("properties")) continue;
      const Json &properties = form->at("properties");
      if (properties.contains("type") && properties.at("type").contains("const")) {
        words.push_back(properties.at("type").at("const").get<std::string>());
        if (value.contains("type") && value.at("type") == properties.at("type").at("const")) return form;
      }
      std::size_t present = 0;
      if (form->contains("required"))
        for (const Json &key : form->at("required")) {
          keys.push_back(key.get<std::string>());
          present += value.contains(keys.back());
        }
      if (present > most) {
        most = present;
        best = form;
      }
    }
    if (!words.empty() && best && value.contains("type")) {
      const Json &type = value.at("type");
      problems.add(below(pointer, "type"), type.is_string() ? unknown("type", type.get<std::string>(), words)
                                                            : "expected the name of a type, not " + kind(type));
      return &nothing;
    }
    if (!words.empty()) {
      problems.add(pointer, "the key 'type' is missing");
      return &nothing;
    }
    if (best) return best;
    if (value.empty()) {
      problems.add(pointer, "expected one of the keys " + alternatives(keys));
      return &nothing;
    }
    problems.add(below(pointer, value.begin().key()), unknown("key", shown(value.begin().key()), keys));
    return &nothing;
  }

  void check(const Json &given, const Json &value, const std::string &pointer) {
    const Json &schema = resolved(given, root);
    if (schema.contains("not"))
      return problems.add(pointer, schema.value("description", "nothing is known that could stand here"));
    const auto allowed = types(schema);
    if (!fits(value, allowed)) {
      std::vector<std::string> expected;
      for (const auto &type : allowed) expected.push_back(article(type));
      return problems.add(pointer, "expected " + alternatives(expected) + ", not " + kind(value));
    }
    if (schema.contains("const") && schema.at("const") != value)
      return problems.add(pointer, "expected " + schema.at("const").dump() + ", not " + kind(value));
    if (schema.contains("enum")) {
      const Json &words = schema.at("enum");
      if (!value.is_string()) {
        std::vector<std::string> names;
        for (const Json &word : words) names.push_back(word.dump());
        return problems.add(pointer, "expected " + alternatives(names) + ", not " + kind(value));
      }
      if (std::find(words.begin(), words.end(), value) == words.end())
        return problems.add(pointer, unknown("name", value.get<std::string>(), words.get<std::vector<std::string>>()));
    }
    if (value.is_number()) number(schema, value, pointer);
    if (value.is_string()) text(schema, value.get_ref<const std::string &>(), pointer);
    if (value.is_object()) object(schema, value, pointer);
    if (value.is_array()) {
      items(schema, value, pointer);
      if (schema.contains("items"))
        for (std::size_t k = 0; k < value.size(); ++k) check(schema.at("items"), value[k], below(pointer, k));
    }
    if (schema.contains("anyOf")) any_of(schema, value, pointer);
    if (schema.contains("allOf"))
      for (const Json &part : schema.at("allOf")) check(part, value, pointer);
    if (schema.contains("if") && holds(schema.at("if"), value)) check(schema.at("then"), value, pointer);
  }
};

} // namespace

void diagnose(const Json &schema, const Json &root, const Json &value, const std::string &pointer, Problems &problems) {
  Diagnosis{root, problems}.check(schema, value, pointer);
}

} // namespace engram::input
