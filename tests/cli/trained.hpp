// Runs a model that ships, and reads what it reports.
#pragma once

#include "catch.hpp"
#include "cli/command.hpp"

#include <nlohmann/json.hpp>

namespace command {

/// The summary of `engram run models/NAME`; the held-out trials are run at the end alone.
inline nlohmann::json trained(const std::string &name, const std::string &arguments = "") {
  Folder folder;
  const auto r = engram("run " + model(name) + " --quiet --json --set /task/evaluate=end " + arguments, folder.path);
  INFO(name << " " << arguments << ": " << r.err);
  REQUIRE(r.exit == 0);
  return nlohmann::json::parse(last_line(r.out));
}

inline double held_out_accuracy(const std::string &name, const std::string &arguments = "") {
  return trained(name, arguments)["held_out"]["accuracy"].get<double>();
}

} // namespace command
