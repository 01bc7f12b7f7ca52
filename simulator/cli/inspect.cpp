// engram inspect FILE [--json] [--depth N]
#include "cli/context.hpp"
#include "cli/inspect_text.hpp"
#include "data/describe_file.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace engram::cli {
namespace {

struct InspectOptions {
  std::string file;
  bool json = false;
  std::size_t depth = 1000;
};

void cut(std::vector<data::Node> &nodes, std::size_t depth) {
  for (data::Node &node : nodes)
    if (depth <= 1)
      node.children.clear();
    else
      cut(node.children, depth - 1);
}

// Errors: data::DataError, which main() prints, exit 2.
void inspect(const InspectOptions &options) {
  data::FileDescription file = data::describe_file(options.file);
  if (options.json) {
    cut(file.children, options.depth);
    // What is no UTF-8 in the file becomes U+FFFD.
    std::printf("%s\n", data::to_json(file).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    std::fputs(inspect_text(file, options.depth).c_str(), stdout);
  }
}

} // namespace

void add_inspect(CLI::App &app, Context &) {
  auto options = std::make_shared<InspectOptions>();
  auto *command = app.add_subcommand("inspect", "says what a data file holds: NWB, HDF5, NumPy, MATLAB, IDX, csv");
  command->add_option("file", options->file, "the file")->required()->type_name("FILE");
  command->add_flag("--json", options->json, "as one JSON object");
  command->add_option("--depth", options->depth, "so many levels of the tree")
      ->check(CLI::Range(1, 1000))
      ->type_name("N");
  command->callback([options] { inspect(*options); });
}

} // namespace engram::cli
