#include "cli/context.hpp"

#include "cli/notes.hpp"

#include <filesystem>

namespace engram::cli {
namespace fs = std::filesystem;

Context make_context() {
  Context context;
  context.listener = telling_listener();
  std::string share; // holds models/
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  if (fs::exists(ENGRAM_BUILD_DIR, error) && fs::equivalent(program.parent_path(), ENGRAM_BUILD_DIR, error)) {
    context.folders.plugins = {ENGRAM_BUILD_DIR "/plugins"};
    share = ENGRAM_SOURCE_DIR;
    context.mpi_library = ENGRAM_BUILD_DIR "/libengram_mpi.so";
    context.package = ENGRAM_BUILD_DIR;
  } else {
    const auto prefix = program.parent_path().parent_path();
    context.folders.plugins = {(prefix / "lib/engram/plugins").string()};
    share = (prefix / "share/engram").string();
    context.mpi_library = (prefix / "lib/engram/libengram_mpi.so").string();
    context.package = prefix.string();
  }
  // Beside the data that ships: ../shared/data, where a checkout keeps what is too large for it.
  context.folders.data = {share + "/models/data", {share + "/../shared/data"}};
  return context;
}

} // namespace engram::cli
