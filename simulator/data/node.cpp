#include "data/node.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace engram::data {

namespace {

using Json = nlohmann::json;

template <class T> void put(Json &json, const char *key, const T &value) {
  if (!value.empty()) json[key] = value;
}
void put(Json &json, const char *key, double value) {
  if (!std::isnan(value)) json[key] = value;
}

template <class T> void take(const Json &json, const char *key, T &value) {
  if (const auto at = json.find(key); at != json.end()) value = at->get<T>();
}

/// JSON has no NaN and no infinity.
Json numbers(const std::vector<double> &values) {
  Json list = Json::array();
  for (const double value : values)
    if (std::isfinite(value))
      list.push_back(value);
    else
      list.push_back(std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
  return list;
}

double number(const Json &json) {
  if (json.is_number()) return json.get<double>();
  const auto word = json.get<std::string>();
  if (word == "NaN") return Node::none;
  return word == "Infinity" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
}

Node node_from(const Json &json) {
  Node node;
  take(json, "name", node.name);
  take(json, "kind", node.kind);
  take(json, "type", node.type);
  take(json, "object", node.object);
  take(json, "shape", node.shape);
  take(json, "unit", node.unit);
  take(json, "rate_hz", node.rate_hz);
  take(json, "start_s", node.start_s);
  take(json, "duration_s", node.duration_s);
  take(json, "facts", node.facts);
  take(json, "note", node.note);
  if (const auto at = json.find("values"); at != json.end())
    for (const Json &value : *at) node.values.push_back(number(value));
  take(json, "texts", node.texts);
  take(json, "of_values", node.of_values);
  if (const auto at = json.find("children"); at != json.end())
    for (const Json &child : *at) node.children.push_back(node_from(child));
  return node;
}

} // namespace

Json to_json(const Node &node) {
  Json json = Json::object();
  put(json, "name", node.name);
  put(json, "kind", node.kind);
  put(json, "type", node.type);
  put(json, "object", node.object);
  put(json, "shape", node.shape);
  put(json, "unit", node.unit);
  put(json, "rate_hz", node.rate_hz);
  put(json, "start_s", node.start_s);
  put(json, "duration_s", node.duration_s);
  put(json, "facts", node.facts);
  put(json, "note", node.note);
  if (!node.values.empty()) json["values"] = numbers(node.values);
  put(json, "texts", node.texts);
  if (node.of_values != 0) json["of_values"] = node.of_values;
  for (const Node &child : node.children) json["children"].push_back(to_json(child));
  return json;
}

Json to_json(const FileDescription &file) {
  Json json = {{"path", file.path}, {"format", file.format}};
  put(json, "version", file.version);
  put(json, "title", file.title);
  put(json, "identifier", file.identifier);
  for (const auto &[name, value] : file.facts) json["facts"].push_back({{"name", name}, {"value", value}});
  json["children"] = Json::array();
  for (const Node &child : file.children) json["children"].push_back(to_json(child));
  return json;
}

FileDescription from_json(const Json &json) {
  FileDescription file;
  take(json, "path", file.path);
  take(json, "format", file.format);
  take(json, "version", file.version);
  take(json, "title", file.title);
  take(json, "identifier", file.identifier);
  if (const auto at = json.find("facts"); at != json.end())
    for (const Json &fact : *at) file.facts.emplace_back(fact.at("name"), fact.at("value"));
  if (const auto at = json.find("children"); at != json.end())
    for (const Json &child : *at) file.children.push_back(node_from(child));
  return file;
}

} // namespace engram::data
