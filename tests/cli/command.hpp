// engram as its users meet it: a child process.
#pragma once

#include <armadillo>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace command {

struct Result {
  int exit = -1; ///< exit code, or 128 + signal
  std::string out, err;
  /// The object on the last line of stdout. Errors: nlohmann::json::exception when it is none.
  nlohmann::json last_line() const;
};

/// A folder of its own for one test, removed at the end.
class Folder {
public:
  Folder();
  ~Folder();
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;
  const std::string &path() const { return path_; }
  /// Path of a file in it, written when `text` is not empty.
  std::string file(const std::string &name, const std::string &text = "") const;
  /// Names of the files in it, sorted.
  std::vector<std::string> list() const;

private:
  std::string path_;
};

/// `engram WORDS…` in `folder`; ended with SIGKILL after `limit_s`. With interrupt_when, gets SIGINT as soon as that
/// text stands in its stderr.
Result run(const Folder &folder, const std::vector<std::string> &words, const std::string &interrupt_when = "",
           int limit_s = 300);

/// models/NAME of the source tree.
std::string model(const std::string &name);

/// What was recorded of a signal, "ring_rate": neuron × sample, trials one after another.
arma::mat series(const std::string &run_file, const std::string &name);
/// Weights of a run file by the name of their dataset ("weights_…"), row by row.
std::vector<double> weights(const std::string &run_file, const std::string &dataset);
/// Names of the weight sets of a run file.
std::vector<std::string> weight_sets(const std::string &run_file);

} // namespace command
