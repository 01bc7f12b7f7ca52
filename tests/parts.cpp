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

// What Catch2 says of each part, and says nothing about the tests.
bool is_frame(const std::string &line) {
  const auto begins = [&](const char *words) { return line.rfind(words, 0) == 0; };
  return begins("=====") || line == "\n" || begins("All tests passed") || begins("No test") || begins("Filters: ");
}

// Prints what a child has printed, but for frames at its beginning and end, and its line of counts, which is added.
void pass_on(Child &child, Counts &sum) {
  std::rewind(child.output.get());
  char *text = nullptr;
  std::size_t room = 0;
  Counts one;
  std::string frame; // waits for something to stand around
  bool begun = false;
  while (getline(&text, &room, child.output.get()) >= 0)
    if (std::sscanf(text, "%zu passed, %zu failed, %zu skipped", &one.passed, &one.failed, &one.skipped) == 3) {
      sum.passed += one.passed;
      sum.failed += one.failed;
      sum.skipped += one.skipped;
    } else if (is_frame(text)) {
      frame += begun ? text : "";
    } else {
      std::printf("%s%s", frame.c_str(), text);
      frame.clear();
      begun = true;
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
  // Small parts, of which each process takes the next: none waits long for another at the end.
  const std::size_t parts = 8 * jobs;
  std::vector<Child> children;
  Counts sum;
  int failure = 0;
  for (std::size_t begun = 0; begun < parts || !children.empty();) {
    if (begun < parts && children.size() < jobs) {
      children.push_back(start(arguments, begun++, parts));
      continue;
    }
    int status = 0;
    const pid_t ended = wait(&status);
    const auto child = std::find_if(children.begin(), children.end(), [&](const Child &c) { return c.pid == ended; });
    if (child == children.end()) throw std::runtime_error("a process of the tests was lost");
    const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    pass_on(*child, sum);
    if (WIFSIGNALED(status)) std::printf("a part of the tests was ended by signal %d\n", WTERMSIG(status));
    std::fflush(stdout);
    if (failure == 0) failure = code;
    children.erase(child);
  }
  std::printf("%s\n", line(sum).c_str());
  return failure;
}

} // namespace parts
