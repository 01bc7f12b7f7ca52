// command::engram() runs the program as a user would.
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace command {

namespace fs = std::filesystem;

struct Result {
  int exit = -1;
  std::string out, err;
};

/// A folder of its own, removed at the end.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "engram-test-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;
  std::string write(const std::string &name, const std::string &text) const {
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

inline std::string slurp(const fs::path &path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// `arguments` as a shell would read them; runs in `folder`.
inline Result run_program(const std::string &program, const std::string &arguments, const fs::path &folder,
                          const std::string &before = "") {
  Folder scratch;
  const auto out = scratch.path / "out", err = scratch.path / "err";
  const std::string line = "cd '" + folder.string() + "' && " + before + " '" + program + "' " + arguments + " >'" +
                           out.string() + "' 2>'" + err.string() + "' </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(out), slurp(err)};
}
inline Result engram(const std::string &arguments, const fs::path &folder, const std::string &before = "") {
  return run_program(ENGRAM_BUILD_DIR "/engram", arguments, folder, before);
}

inline std::string model(const std::string &name) { return std::string(ENGRAM_SOURCE_DIR) + "/models/" + name; }

inline bool contains(const std::string &text, const std::string &part) { return text.find(part) != std::string::npos; }

inline std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
}

} // namespace command
