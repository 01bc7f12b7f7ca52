#include "cli/foreign_rules.hpp"

#include "cli/output.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

namespace engram::cli {
namespace fs = std::filesystem;

void tell_foreign_rule(const Context &context, const std::string &file, Runs runs) {
  std::error_code error;
  const auto real = fs::weakly_canonical(file, error);
  const auto folder = real.parent_path();
  if (std::any_of(context.plugin_folders.begin(), context.plugin_folders.end(), [&](const std::string &installed) {
        std::error_code absent;
        return fs::equivalent(folder, installed, absent);
      }))
    return;
  static std::set<std::pair<std::string, Runs>> told; // a command may load a model several times
  if (!told.emplace(real.string(), runs).second) return;
  say("engram: note: " + data::printable_line(file) + " is not an installed rule; its code runs " +
      (runs == Runs::apart ? "in a process of its own, to read its table" : "in this program"));
}

} // namespace engram::cli
