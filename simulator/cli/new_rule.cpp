// These are the commands `engram new NAME --kind rule|dynamics|objective|environment [--dir D]` and `engram new-rule
// NAME [--dir D]`.
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "cli/scaffold.hpp"
#include "dynamics/entry.hpp"
#include "error/error.hpp"
#include "input/input_error.hpp"
#include "input/nearest.hpp"
#include "task/entries.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace engram::cli {
namespace fs = std::filesystem;
namespace {

bool is_good(const std::string &name) {
  return !name.empty() && name.size() <= 64 && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

// Is it the name of an entry that is part of engram? A model that names it would mean that one.
bool is_own(const std::string &kind, const std::string &name) {
  const auto among = [&](const auto &entries) {
    return std::any_of(entries.begin(), entries.end(), [&](const auto &entry) { return entry.words.name == name; });
  };
  return (kind == "dynamics" && among(dynamics::dynamics_entries())) ||
         (kind == "objective" && among(task::objective_entries())) ||
         (kind == "environment" && among(task::environment_entries()));
}

void write(const fs::path &file, const std::string &text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush()) throw Failed(file.string() + ": cannot be written");
}

struct NewOptions {
  std::string name, folder = ".", kind = "rule";
};

void make(const NewOptions &options, const Context &context) {
  const std::string &name = options.name, &parent = options.folder, &kind = options.kind;
  struct Kind {
    const char *name, *what, *check;
    std::vector<ScaffoldFile> (*files)(const std::string &);
  };
  static constexpr Kind kinds[] = {{"rule", "a learning rule", "check-rule", scaffold},
                                   {"dynamics", "the dynamics of a neuron", "check", scaffold_dynamics},
                                   {"objective", "a term of the objective", "check", scaffold_objective},
                                   {"environment", "an environment", "check", scaffold_environment}};
  const auto *const made =
      std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind &k) { return k.name == kind; });
  if (made == std::end(kinds))
    throw input::InputError("--kind: " +
                            input::unknown("kind", kind, {"rule", "dynamics", "objective", "environment"}));
  if (!is_good(name))
    throw input::InputError("'" + name +
                            "': a new plugin's name begins with a lower-case letter and goes on with "
                            "lower-case letters, digits and '_', 64 at most");
  if (is_own(kind, name))
    throw input::InputError(fmt::format("'{}' is {} of engram itself; give yours another name", name, made->what));
  const fs::path folder = (fs::path(parent) / name).lexically_normal();
  std::error_code error;
  if (fs::exists(fs::symlink_status(folder, error))) throw input::InputError(folder.string() + ": exists already");
  if (!fs::is_directory(parent, error)) throw input::InputError(parent + ": no such folder");
  if (!fs::create_directory(folder, error)) throw Failed(folder.string() + ": cannot be made: " + error.message());
  try {
    for (const auto &file : made->files(name)) write(folder / file.name, file.text);
  } catch (...) {
    fs::remove_all(folder, error); // it was made just now: nothing half written is left
    throw;
  }

  const auto place = folder.string();
  print(fmt::format("{0}: {3}, ready to build. Next:\n"
                    "  cmake -G Ninja -S {0} -B {0}/build -DCMAKE_PREFIX_PATH={1}\n"
                    "  cmake --build {0}/build\n"
                    "  engram {4} {0}/build/plugins/{2}.so\n"
                    "  engram run {0}/model.json\n",
                    place, context.package, name, made->what, made->check));
}

} // namespace

void add_new(CLI::App &app, Context &context) {
  const auto add = [&](const char *command_name, const char *help, bool asks) {
    auto options = std::make_shared<NewOptions>();
    auto *command = app.add_subcommand(command_name, help);
    command->add_option("NAME", options->name, "its name: lower-case letters, digits, '_'")->required();
    if (asks)
      command->add_option("--kind", options->kind, "rule, dynamics, objective or environment; unless given, rule");
    command->add_option("--dir", options->folder, "where the folder is made; unless given, here");
    command->callback([options, &context] { make(*options, context); });
  };
  add("new", "writes a folder with a plugin that builds as it is: a learning rule, a neuron, a term or an environment",
      true);
  add("new-rule", "writes a folder with a learning rule that builds as it is", false);
}

} // namespace engram::cli
