#include "parts.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace parts {

namespace {

struct Close {
  void operator()(std::FILE *file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

struct Child {
  pid_t pid = -1;
  File output;
};

Child start(const std::vector<std::string> &arguments, std::size_t index, std::size_t count) {
  std::vector<std::string> words{"engram_tests"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  words.emplace_back("--part");
  words.push_back(std::to_string(index) + "/" + std::to_string(count));
  std::vector<char *> raw;
  for (auto &word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  Child child;
  child.output.reset(std::tmpfile());
  if (!child.output) throw std::runtime_error("no temporary file for the output of the tests");
  std::fflush(stdout);
  child.pid = fork();
  if (child.pid < 0) throw std::runtime_error("no process for the tests");
  if (child.pid == 0) {
    dup2(fileno(child.output.get()), STDOUT_FILENO);
    dup2(fileno(child.output.get()), STDERR_FILENO);
    execv("/proc/self/exe", raw.data());
    _exit(127);
  }
  return child;
}

// Prints what a child has printed, but for its line of counts, which is added.
void pass_on(Child &child, Counts &sum) {
  std::rewind(child.output.get());
  char *text = nullptr;
  std::size_t room = 0;
  Counts one;
  while (getline(&text, &room, child.output.get()) >= 0)
    if (std::sscanf(text, "%zu passed, %zu failed, %zu skipped", &one.passed, &one.failed, &one.skipped) == 3) {
      sum.passed += one.passed;
      sum.failed += one.failed;
      sum.skipped += one.skipped;
    } else {
      std::fputs(text, stdout);
    }
  std::free(text);
}

} // namespace

Options take(std::vector<std::string> &arguments) {
  Options options;
  for (std::size_t k = 0; k + 1 < arguments.size();) {
    const char *value = arguments[k + 1].c_str();
    const bool part =
        arguments[k] == "--part" && std::sscanf(value, "%zu/%zu", &options.part.index, &options.part.count) == 2;
    const bool jobs = arguments[k] == "--jobs" && std::sscanf(value, "%zu", &options.jobs) == 1;
    if (part || jobs)
      arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(k),
                      arguments.begin() + static_cast<std::ptrdiff_t>(k + 2));
    else
      ++k;
  }
  options.part.count = std::max<std::size_t>(1, options.part.count);
  return options;
}

std::string line(const Counts &counts) {
  return std::to_string(counts.passed) + " passed, " + std::to_string(counts.failed) + " failed, " +
         std::to_string(counts.skipped) + " skipped";
}

int run(std::size_t jobs, const std::vector<std::string> &arguments) {
  std::vector<Child> children;
  for (std::size_t k = 0; k < jobs; ++k) children.push_back(start(arguments, k, jobs));
  Counts sum;
  int failure = 0;
  for (auto &child : children) {
    int status = 0;
    waitpid(child.pid, &status, 0);
    const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    pass_on(child, sum);
    if (WIFSIGNALED(status)) std::printf("a part of the tests was ended by signal %d\n", WTERMSIG(status));
    if (failure == 0) failure = code;
  }
  std::printf("%s\n", line(sum).c_str());
  return failure;
}

} // namespace parts
