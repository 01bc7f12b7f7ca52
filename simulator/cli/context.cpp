#include "cli/context.hpp"

#include <filesystem>

namespace engram::cli {
namespace fs = std::filesystem;

Context find_folders() {
  Context context;
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  if (fs::exists(ENGRAM_BUILD_DIR, error) && fs::equivalent(program.parent_path(), ENGRAM_BUILD_DIR, error)) {
    context.plugin_folders = {ENGRAM_BUILD_DIR "/plugins"};
    context.share = ENGRAM_SOURCE_DIR;
    context.package = ENGRAM_BUILD_DIR;
  } else {
    const auto prefix = program.parent_path().parent_path();
    context.plugin_folders = {(prefix / "lib/engram/plugins").string()};
    context.share = (prefix / "share/engram").string();
    context.package = prefix.string();
  }
  return context;
}

} // namespace engram::cli
