#include "error/error.hpp"
#include "ranks/mpi/interface.hpp"
#include "ranks/ranks.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string_view>
#include <unistd.h>

namespace engram::ranks {
namespace {

// What launchers set: Open MPI, those that speak PMI (MPICH's hydra, srun --mpi=pmi2), and srun.
struct Variables {
  const char *rank, *size;
};
constexpr Variables launchers[] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                   {"PMI_RANK", "PMI_SIZE"},
                                   {"SLURM_PROCID", "SLURM_STEP_NUM_TASKS"}}; // outside of a step there is no size
constexpr const char *pmix_rank = "PMIX_RANK";                                // it tells no size

std::optional<int> number(const char *name) {
  const char *text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), value);
  if (error != std::errc() || *end != '\0' || value < 0) return std::nullopt;
  return value;
}

// An open library with the symbols that engram needs. It stays open: what MPI has started cannot be unloaded.
struct Opened {
  MpiVersion *version = nullptr;
  MpiOpen *open = nullptr;
  std::string problem;
};

Opened load(const std::string &file) {
  Opened out;
  if (::access(file.c_str(), R_OK) != 0) {
    out.problem = "there is no " + file + ": this engram was built where no MPI was found";
    return out;
  }
  // Open MPI loads parts of its own, which look for its symbols among those of the whole process.
  void *handle = dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (handle == nullptr) {
    const char *reason = dlerror();
    out.problem = reason != nullptr ? reason : file + " cannot be loaded";
    return out;
  }
  out.version = reinterpret_cast<MpiVersion *>(dlsym(handle, mpi_version_symbol));
  out.open = reinterpret_cast<MpiOpen *>(dlsym(handle, mpi_open_symbol));
  if (out.version == nullptr || out.open == nullptr) {
    out.problem = file + " is not engram's";
    return out;
  }
  const std::string_view version = out.version();
  const auto own = version.substr(0, version.find('\n'));
  if (own != ENGRAM_VERSION) out.problem = file + " is of engram " + std::string(own) + ", and this is " ENGRAM_VERSION;
  return out;
}

} // namespace

std::optional<Launched> launched() {
  for (const auto &[rank, size] : launchers) {
    const auto r = number(rank), n = number(size);
    if (r && n && *n > 0) return Launched{*r, *n};
  }
  if (const auto r = number(pmix_rank)) return Launched{*r, 0};
  return std::nullopt;
}

void forget_launcher() {
  for (const auto &[rank, size] : launchers) {
    ::unsetenv(rank);
    ::unsetenv(size);
  }
  ::unsetenv(pmix_rank);
}

std::unique_ptr<Ranks> open(const std::string &file) {
  const auto told = launched();
  if (!told || told->size == 1) return alone();
  const auto library = load(file);
  const std::string started =
      told->size > 0 ? "the launcher started " + std::to_string(told->size) + " processes" : "a launcher started this";
  if (!library.problem.empty())
    throw Error(ErrorKind::wrong_input, started + ", and they cannot work together: " + library.problem);
  std::unique_ptr<Ranks> out(library.open());
  if (told->size > 0 && out->size() != told->size) {
    const std::string_view version = library.version();
    throw Error(ErrorKind::wrong_input, started + ", and " + std::string(version.substr(version.find('\n') + 1)) +
                                            " knows of " + std::to_string(out->size()) +
                                            ": start them by the launcher of that MPI");
  }
  return out;
}

Library examine(const std::string &file) {
  const auto library = load(file);
  if (!library.problem.empty()) return {"", library.problem};
  const std::string_view version = library.version();
  return {std::string(version.substr(version.find('\n') + 1)), ""};
}

} // namespace engram::ranks
