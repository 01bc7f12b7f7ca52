// This is the command `engram inspect FILE [--json] [--depth N]`.
#include "cli/context.hpp"
#include "cli/inspect_text.hpp"
#include "cli/number_option.hpp"
#include "cli/output.hpp"
#include "data/describe_file.hpp"

#include <CLI/CLI.hpp>

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
    print_json(data::to_json(file));
  } else {
    print(inspect_text(file, options.depth));
  }
}

} // namespace

void add_inspect(CLI::App &app, Context &) {
  auto options = std::make_shared<InspectOptions>();
  auto *command = app.add_subcommand(
      "inspect",
      "says what a data file holds: NWB, SONATA, other HDF5, NumPy, MATLAB, IDX, csv, pictures, a folder of phy");
  command->add_option("FILE", options->file, "the file, or a folder of phy")->required();
  command->add_flag("--json", options->json, "as one JSON object");
  add_whole_number(*command, "--depth", options->depth, 1, 1000, "so many levels of the tree");
  command->callback([options] { inspect(*options); });
}

} // namespace engram::cli
