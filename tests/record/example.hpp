// This writes a small run file, and lists what a writer leaves in a folder.
#pragma once

#include "fixtures.hpp"
#include "record/run_file.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace engram::record::testing {

/// Steps of 100 ms.
inline const RunInfo info{"größe",  "{\"name\": \"größe\"}",     "", 7,  "0.1.0",
                          "double", "2026-01-31T12:00:00+01:00", {}, 100};

/// A temporary folder, and the names of the files that a writer of run files leaves in it.
struct OutputFolder : data::testing::TemporaryFolder {
  std::string file(const std::string &name) const { return (path / name).string(); }
  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto &entry : std::filesystem::directory_iterator(path))
      result.push_back(entry.path().filename().string());
    std::sort(result.begin(), result.end());
    return result;
  }
};

/// Two neurons and four samples, written back to front; weights written twice; one trial; a curve of two points.
inline void write_example(RunFile &run) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto series = run.add_series({"V1", "rate", "", "", 2, false});
  run.write(series, 2, arma::mat{{5, 7}, {6, 8}});
  run.write(series, 0, arma::mat{{1, 3}, {2, 4}});
  run.write_times(series, 0, 0, 4);
  run.write_weights("V1->décision.apical", arma::mat{{1, 2, 3}, {4, 5, 6}}, "");
  run.write_weights("V1->décision.apical", arma::mat{{10, 20, 30}, {40, 50, 60}}, "");
  run.add_trial({0.0, 0.4, 3, 1, 1, 0.5, true, 1});
  run.add_curve_point({1, 1.0, 0.5, none, none, 2.0});
  run.add_curve_point({2, 0.5, 0.75, none, none, 4.0});
}

} // namespace engram::record::testing
