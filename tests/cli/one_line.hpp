// expect_one_line() holds that a wrong model is refused in one line.
#pragma once

#include "catch.hpp"
#include "command.hpp"

#include <sstream>
#include <string>

namespace command {

/// `validate` and `run` refuse the model in one line that names its file and holds `words`.
inline void expect_one_line(const Folder &folder, const std::string &model, const std::string &words) {
  folder.write("m.json", model);
  for (const char *deed : {"validate", "run"}) {
    INFO(deed << " " << model);
    const auto r = engram(std::string(deed) + " m.json", folder.path);
    INFO(r.err);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring(words));
    std::size_t wrong = 0;
    std::istringstream lines(r.err);
    for (std::string line; std::getline(lines, line);) wrong += contains(line, "m.json:");
    CHECK(wrong == 1);
  }
}

} // namespace command
