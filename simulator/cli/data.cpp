// engram data mnist [--dir D]
#include "cli/context.hpp"
#include "data/dataset.hpp"
#include "model/input_error.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace engram::cli {
namespace {

// The folder in which data::load_dataset looks by itself.
std::string cache_folder() {
  if (const char *cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0')
    return std::string(cache) + "/engram";
  if (const char *home = std::getenv("HOME"); home != nullptr && *home != '\0')
    return std::string(home) + "/.cache/engram";
  throw model::InputError("neither XDG_CACHE_HOME nor HOME is set: name a folder with --dir");
}

} // namespace

void add_data(CLI::App &app, Context &) {
  auto *command = app.add_subcommand("data", "gets data sets")->require_subcommand(1);
  auto *mnist = command->add_subcommand("mnist", "gets the MNIST digits into the user's cache folder");
  auto folder = std::make_shared<std::string>();
  mnist->add_option("--dir", *folder, "another folder");
  mnist->callback([folder] {
    const auto place = data::fetch_mnist(folder->empty() ? cache_folder() : *folder,
                                         [](const std::string &line) { std::fprintf(stderr, "%s\n", line.c_str()); });
    std::printf("%s\n", place.c_str());
  });
}

} // namespace engram::cli
