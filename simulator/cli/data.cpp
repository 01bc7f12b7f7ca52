// This is the command `engram data mnist [--dir D]`.
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "data/dataset.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace engram::cli {
void add_data(CLI::App &app, Context &) {
  auto *command = app.add_subcommand("data", "gets data sets")->require_subcommand(1);
  auto *mnist =
      command->add_subcommand("mnist", "gets the MNIST digits (11 MB) into the user's cache folder, ~/.cache/engram");
  auto folder = std::make_shared<std::string>();
  mnist->add_option("--dir", *folder, "into this folder instead");
  mnist->callback([folder] {
    const auto place = data::fetch_mnist(*folder, [](const std::string &line) { say(line); });
    print(place + "\n");
  });
}

} // namespace engram::cli
