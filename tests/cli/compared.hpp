// These helpers call `engram compare` and find results in its JSON.
#pragma once

#include "catch.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>

using namespace command;

namespace {

inline nlohmann::json compared(const std::string &arguments, const fs::path &folder) {
  const auto r = command::engram("compare " + arguments + " --json --quiet", folder);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  const auto end = r.out.find_last_not_of('\n'), begin = r.out.rfind('\n', end);
  return nlohmann::json::parse(r.out.substr(begin == std::string::npos ? 0 : begin + 1));
}

// The value of a method, by "region/area".
inline std::map<std::string, nlohmann::json> by_pair(const nlohmann::json &found, const std::string &method) {
  std::map<std::string, nlohmann::json> out;
  for (const auto &r : found.at("results")) {
    if (r.at("method") != method) continue;
    const auto name = [&](const char *key) {
      return r.at(key).is_null() ? std::string("-") : r.at(key).get<std::string>();
    };
    out[name("region") + "/" + name("area")] = r;
  }
  return out;
}

} // namespace
