// refusal() returns the message with which a reader refuses a file.
#pragma once

#include "catch.hpp"
#include "data/array.hpp"

#include <string>

namespace engram::data::testing {

/// The message, which is one line that begins with the file's name; "" where `read` throws none.
template <class F> std::string refusal(const std::string &path, F read) {
  try {
    read();
  } catch (const DataError &error) {
    const std::string what = error.what();
    CHECK(what.starts_with(path + ": "));
    CHECK(what.find('\n') == std::string::npos);
    return what;
  }
  return "";
}

} // namespace engram::data::testing
