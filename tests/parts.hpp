// This runs the tests in several processes at once. Each takes small parts of them, and their counts are added up.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace parts {

/// This process runs the tests whose number is `index` modulo `count`.
struct Part {
  std::size_t index = 0, count = 1;
};

struct Counts {
  bool ran = false;
  std::size_t passed = 0, failed = 0, skipped = 0;
};

/// Takes "--part I/N" and "--jobs N" out of the arguments; what is not of that form stays in, for Catch2 to refuse.
struct Options {
  Part part;
  std::size_t jobs = 1;
};
Options take(std::vector<std::string> &arguments);

/// The line that a run ends with.
std::string line(const Counts &counts);

/// Runs this program with `arguments` and one part after the other, `jobs` at a time. Prints what each prints when it
/// ends, and the sum of their counts. Returns the exit status: that of the first that failed.
int run(std::size_t jobs, const std::vector<std::string> &arguments);

} // namespace parts
