// This is the command `engram new-rule NAME [--dir D]`.
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "cli/scaffold.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>

namespace engram::cli {
namespace fs = std::filesystem;
namespace {

bool is_good(const std::string &name) {
  return !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

void write(const fs::path &file, const std::string &text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush()) throw Failed(file.string() + ": cannot be written");
}

void make(const std::string &name, const std::string &parent, const Context &context) {
  if (!is_good(name))
    throw input::InputError("'" + name +
                            "': a new rule's name begins with a lower-case letter and goes on with "
                            "lower-case letters, digits and '_', 64 at most");
  const fs::path folder = (fs::path(parent) / name).lexically_normal();
  std::error_code error;
  if (fs::exists(fs::symlink_status(folder, error))) throw input::InputError(folder.string() + ": exists already");
  if (!fs::is_directory(parent, error)) throw input::InputError(parent + ": no such folder");
  if (!fs::create_directory(folder, error)) throw Failed(folder.string() + ": cannot be made: " + error.message());
  try {
    for (const auto &file : scaffold(name)) write(folder / file.name, file.text);
  } catch (...) {
    fs::remove_all(folder, error); // it was made just now: nothing half written is left
    throw;
  }

  const auto place = folder.string();
  print(fmt::format("{0}: a learning rule, ready to build. Next:\n"
                    "  cmake -S {0} -B {0}/build -DCMAKE_PREFIX_PATH={1}\n"
                    "  cmake --build {0}/build\n"
                    "  engram check-rule {0}/build/plugins/{2}.so\n"
                    "  engram run {0}/model.json\n",
                    place, context.package, name));
}

} // namespace

void add_new_rule(CLI::App &app, Context &context) {
  struct Options {
    std::string name, folder = ".";
  };
  auto options = std::make_shared<Options>();
  auto *command = app.add_subcommand("new-rule", "writes a folder with a learning rule that builds as it is");
  command->add_option("NAME", options->name, "its name: lower-case letters, digits, '_'")->required();
  command->add_option("--dir", options->folder, "where the folder is made; unless given, here");
  command->callback([options, &context] { make(options->name, options->folder, context); });
}

} // namespace engram::cli
