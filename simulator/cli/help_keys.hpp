// keys_of() reads from the schema what the keys of a part of a model file are.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace engram::cli {

struct KeyHelp {
  std::string name, help;
  std::string initial;       ///< the default, as JSON; "" where there is none
  std::string range;         ///< words, or bounds; "" where it is free
  std::vector<KeyHelp> keys; ///< of an object
};

/// `object`: a JSON Schema with "properties", or with "anyOf" of such, among others.
std::vector<KeyHelp> keys_of(const nlohmann::ordered_json &object);

} // namespace engram::cli
