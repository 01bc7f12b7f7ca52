#include "cli/command.hpp"

#include "record/hdf5.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace command {
namespace fs = std::filesystem;

namespace {

std::string read(const std::string &path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

} // namespace

nlohmann::json Result::last_line() const {
  const auto end = out.find_last_not_of('\n');
  if (end == std::string::npos) return nlohmann::json::parse("");
  const auto start = out.rfind('\n', end);
  return nlohmann::json::parse(out.substr(start == std::string::npos ? 0 : start + 1, end + 1));
}

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "engram_test_XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no folder for a test: " + name);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Folder::file(const std::string &name, const std::string &text) const {
  const std::string path = path_ + "/" + name;
  if (!text.empty()) std::ofstream(path) << text;
  return path;
}

std::vector<std::string> Folder::list() const {
  std::vector<std::string> names;
  for (const auto &entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Result run(const Folder &folder, const std::vector<std::string> &words, const std::string &interrupt_when,
           int limit_s) {
  const Folder streams; // apart from the folder that the command writes to
  const std::string out = streams.file("out"), err = streams.file("err");
  const std::string program = ENGRAM_BUILD_DIR "/engram";
  std::vector<std::string> all{program};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char *> arguments;
  for (auto &word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_CREAT | O_WRONLY, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_CREAT | O_WRONLY, 0600);
  posix_spawn_file_actions_addchdir_np(&actions, folder.path().c_str());
  pid_t child = 0;
  const int failed = posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + program);

  Result result;
  bool interrupted = interrupt_when.empty();
  const auto start = std::chrono::steady_clock::now();
  for (int status = 0;;) {
    if (waitpid(child, &status, WNOHANG) == child) {
      result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      break;
    }
    if (!interrupted && read(err).find(interrupt_when) != std::string::npos) {
      kill(child, SIGINT);
      interrupted = true;
    }
    if (std::chrono::steady_clock::now() - start > std::chrono::seconds(limit_s)) kill(child, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  result.out = read(out);
  result.err = read(err);
  return result;
}

std::string model(const std::string &name) { return std::string(ENGRAM_SOURCE_DIR "/models/") + name; }

std::vector<std::string> weight_sets(const std::string &run_file) {
  const auto file = engram::record::hdf5::open_read(run_file);
  auto names = engram::record::hdf5::children(engram::record::hdf5::open_group(file.get(), "scratch").get());
  std::erase_if(names, [](const std::string &name) { return name.rfind("weights_", 0) != 0; });
  return names;
}

arma::mat series(const std::string &run_file, const std::string &name) {
  const auto file = engram::record::hdf5::open_read(run_file);
  const auto group = engram::record::hdf5::open_group(file.get(), "acquisition/" + name);
  const auto data = engram::record::hdf5::open_dataset(group.get(), "data");
  const auto shape = engram::record::hdf5::shape(data.get()); // time × neuron, row by row
  const auto values = engram::record::hdf5::read_all<double>(data.get());
  return arma::mat(values.data(), shape.at(1), shape.at(0));
}

std::vector<double> weights(const std::string &run_file, const std::string &dataset) {
  const auto file = engram::record::hdf5::open_read(run_file);
  const auto scratch = engram::record::hdf5::open_group(file.get(), "scratch");
  return engram::record::hdf5::read_all<double>(engram::record::hdf5::open_dataset(scratch.get(), dataset).get());
}

} // namespace command
