// Files of studies for the tests.
#pragma once

#include "command.hpp"
#include "studies/study.hpp"

#include <string>

namespace study_files {

/// Exclusive or in a file of its own, with the rule 'local'.
inline void write_model(const command::Folder &folder, const std::string &name = "xor.json",
                        const std::string &more = "") {
  folder.write(name, R"({ "extends": ")" + command::model("credit-assignment/xor.json") + "\"" + more + " }");
}

/// A study of that model.
inline engram::studies::Study study_of(const command::Folder &folder, const std::string &text) {
  return engram::studies::read_study(folder.write("study.json", text));
}

} // namespace study_files
