// This writes JSON as text that is valid UTF-8 and harmless on a terminal, whatever the strings hold.
#pragma once

#include "data/printable.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace engram::data {

/// On one line, or with `indent` blanks a level. Bytes that are no UTF-8 become U+FFFD.
template <class Json> std::string json_text(const Json &json, int indent = -1) {
  return printable_json(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

} // namespace engram::data
