// engram data mnist [--dir D]
#include "cli/context.hpp"
#include "data/dataset.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace engram::cli {
void add_data(CLI::App &app, Context &) {
  auto *command = app.add_subcommand("data", "gets data sets")->require_subcommand(1);
  auto *mnist =
      command->add_subcommand("mnist", "gets the MNIST digits (11 MB) into the user's cache folder, ~/.cache/engram");
  auto folder = std::make_shared<std::string>();
  mnist->add_option("--dir", *folder, "into this folder instead");
  mnist->callback([folder] {
    const auto place =
        data::fetch_mnist(*folder, [](const std::string &line) { std::fprintf(stderr, "%s\n", line.c_str()); });
    std::printf("%s\n", place.c_str());
  });
}

} // namespace engram::cli
