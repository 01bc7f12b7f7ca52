// published_schema() also accepts files that extend another. Such a file is a merge patch (RFC 7396) of a model.
#include "model/load.hpp"
#include "model/schema_parts.hpp"

namespace engram::model {
namespace {

const std::string prefix = "#/definitions/";

input::Json patch_of(const input::Json &schema);

input::Json removal() { return {{"type", "null"}, {"description", "removes the key of the other file"}}; }

// A key may be changed, or removed.
input::Json patched_key(const input::Json &schema) {
  input::Json out = {{"anyOf", {patch_of(schema), removal()}}};
  if (schema.contains("description")) out["description"] = schema.at("description");
  return out;
}

input::Json patch_of(const input::Json &schema) {
  if (!schema.is_object()) return schema;
  input::Json out = input::Json::object();
  for (const auto &[key, value] : schema.items()) {
    if (key == "required" || key == "minProperties" || key == "default") continue; // what is left out stays as it was
    if (key == "$ref") {
      out[key] = prefix + "patch_" + value.get<std::string>().substr(prefix.size());
    } else if (key == "properties") {
      for (const auto &[name, property] : value.items()) out[key][name] = patched_key(property);
    } else if (key == "additionalProperties") {
      out[key] = value.is_object() ? patched_key(value) : removal(); // of a key that the other file's type has
    } else if (key == "anyOf" || key == "allOf") {
      out[key] = input::Json::array();
      for (const input::Json &part : value) out[key].push_back(patch_of(part));
    } else if (key == "then") {
      out[key] = patch_of(value);
    } else {
      out[key] = value; // "if" asks what is there; an array is replaced as a whole
    }
  }
  return out;
}

} // namespace

nlohmann::ordered_json published_schema(const Vocabulary &vocabulary) {
  input::Json whole = schema(vocabulary);
  input::Json definitions = whole.at("definitions"), patch = patch_of(whole);
  for (const auto &[name, definition] : whole.at("definitions").items())
    definitions["patch_" + name] = patch_of(definition);
  for (const char *key : {"$schema", "title", "definitions"}) {
    whole.erase(key);
    patch.erase(key);
  }
  // A patch names the file that it extends, and null cannot remove that key.
  patch["properties"]["extends"] = whole.at("properties").at("extends");
  definitions["model"] = std::move(whole);
  definitions["patch"] = std::move(patch);
  return {{"$schema", "http://json-schema.org/draft-07/schema#"},
          {"title", "engram model"},
          {"description", definitions.at("model").at("description")},
          {"type", "object"},
          {"if", {{"required", {"extends"}}}},
          {"then", {{"$ref", prefix + "patch"}}},
          {"else", {{"$ref", prefix + "model"}}},
          {"definitions", definitions}};
}

} // namespace engram::model
