// These functions run models that ship, and read their results.
#pragma once

#include "catch.hpp"
#include "command.hpp"
#include "data/nwb.hpp"
#include "record/run_read.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace command {

/// The summary of `engram run models/NAME`; the held-out trials are run at the end alone.
inline nlohmann::json trained(const std::string &name, const std::string &arguments = "") {
  const Folder folder;
  const auto r = engram("run " + model(name) + " --quiet --json --set /task/evaluate=end " + arguments, folder.path);
  INFO(name << " " << arguments << ": " << r.err);
  REQUIRE(r.exit == 0);
  return nlohmann::json::parse(last_line(r.out));
}

inline double held_out_accuracy(const std::string &name, const std::string &arguments = "") {
  return trained(name, arguments)["held_out"]["accuracy"].get<double>();
}

/// The mean over the seeds 1 … `seeds`.
inline double mean_accuracy(const std::string &name, int seeds) {
  double sum = 0;
  for (int seed = 1; seed <= seeds; ++seed) sum += held_out_accuracy(name, "--seed " + std::to_string(seed));
  return sum / seeds;
}

/// Runs models/NAME in `folder` and opens what it wrote.
inline engram::record::RunReader run_file(const Folder &folder, const std::string &name,
                                          const std::string &arguments = "") {
  const auto r = engram("run " + model(name) + " --quiet --out run.nwb " + arguments, folder.path);
  INFO(name << " " << arguments << ": " << r.err);
  REQUIRE(r.exit == 0);
  return engram::record::RunReader((folder.path / "run.nwb").string());
}

/// Runs the model file `model` in `folder`, and reads the spikes that it has recorded.
inline engram::data::NwbUnits units_after(const Folder &folder, const std::string &model,
                                          const std::string &out = "o.nwb") {
  const auto r = engram("run " + model + " --quiet --out " + out, folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  return engram::data::NwbFile((folder.path / out).string()).units();
}

/// Neuron × sample of one recorded signal.
inline arma::mat recorded(const engram::record::RunReader &file, const std::string &region,
                          const std::string &signal = "rate") {
  for (const auto &s : file.series())
    if (s.region == region && s.signal == signal) return file.data(s);
  throw std::runtime_error("not recorded: " + region + "." + signal);
}

} // namespace command
