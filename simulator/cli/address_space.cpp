#include "cli/address_space.hpp"

#include "cli/context.hpp"
#include "cli/output.hpp"
#include "model/available_memory.hpp"

#include <fmt/format.h>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace engram::cli {

namespace {
constexpr std::size_t blas_buffer = std::size_t{128} << 20; // OpenBLAS on x86-64: BUFFER_SIZE, 32 << 22
constexpr std::size_t own_room = std::size_t{64} << 20;     // what any run takes, stacks of threads among it

bool there_is_room(std::size_t bytes) {
  void *room = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return false;
  ::munmap(room, bytes);
  return true;
}
} // namespace

void check_address_space(int threads) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  const std::size_t wanted = own_room + static_cast<std::size_t>(threads) * blas_buffer;
  if (there_is_room(wanted)) return;
  say(fmt::format("engram: the address space is limited to {:.3g} GB (ulimit -v), of which {:.3g} GB are in use, and "
                  "the linear algebra library needs {:.3g} GB for {} thread{}: raise the limit{}",
                  static_cast<double>(limit.rlim_cur) / 1e9, model::address_space_in_use() / 1e9,
                  static_cast<double>(wanted) / 1e9, threads, threads == 1 ? "" : "s",
                  threads == 1 ? "" : ", or take fewer --threads"));
  ::_exit(failed); // an orderly end would wait for threads of the library that ask for their buffers for ever
}

} // namespace engram::cli

// OpenBLAS 0.3.29 asks for its first buffer as it is loaded, and where it gets none it asks for ever. So this runs
// before the libraries are initialised: nothing but system calls can be used.
namespace {

void check_before_libraries(int, char **, char **) {
  rlimit limit{};
  if (::syscall(SYS_prlimit64, 0, RLIMIT_AS, nullptr, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  constexpr std::size_t wanted = engram::cli::own_room + engram::cli::blas_buffer;
  if (engram::cli::there_is_room(wanted)) return;
  static_assert(wanted / 1'000'000 == 201); // as the line says
  constexpr char text[] = "engram: the limit of the address space (ulimit -v) leaves less than the 0.201 GB that the "
                          "linear algebra library needs: raise the limit\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, sizeof text - 1);
  ::_exit(engram::cli::failed);
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const before_libraries)(int, char **,
                                                                             char **) = check_before_libraries;

} // namespace
