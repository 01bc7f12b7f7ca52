// These functions find the files that tests read, and make temporary folders.
#pragma once

#include "catch.hpp"

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace engram::data::testing {

inline std::string fixture(const std::string &name) {
  return std::string(ENGRAM_SOURCE_DIR) + "/tests/data/fixtures/" + name;
}

inline std::string recorded(const std::string &name) {
  const char *folder = std::getenv("ENGRAM_SHARED");
  return (folder ? std::string(folder) : std::string(ENGRAM_SOURCE_DIR) + "/../shared") + "/data/" + name;
}

/// Says so where a recording is not here.
inline bool is_here(const std::string &path) {
  if (std::filesystem::exists(path)) return true;
  WARN(path << " is not here: skipped");
  return false;
}

inline std::vector<std::byte> bytes_of(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto *begin = reinterpret_cast<const std::byte *>(text.data());
  return {begin, begin + text.size()};
}

inline std::vector<std::byte> as_bytes(const std::string &text) {
  const auto *begin = reinterpret_cast<const std::byte *>(text.data());
  return {begin, begin + text.size()};
}

/// An empty folder that goes when the test ends.
struct TemporaryFolder {
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "engram-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    path = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  std::filesystem::path path;
};

/// Sets a variable of the environment for the length of a test.
struct Variable {
  Variable(const char *variable, const std::string &value) : name(variable) {
    if (const char *old = std::getenv(name))
      before = old;
    else
      was_set = false;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (was_set)
      ::setenv(name, before.c_str(), 1);
    else
      ::unsetenv(name);
  }
  Variable(const Variable &) = delete;
  Variable &operator=(const Variable &) = delete;
  const char *name;
  std::string before;
  bool was_set = true;
};

} // namespace engram::data::testing
