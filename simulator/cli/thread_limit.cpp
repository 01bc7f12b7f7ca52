#include "cli/thread_limit.hpp"

#include "cli/output.hpp"
#include "error/error.hpp"
#include "numeric/threads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace engram::cli {

void check_threads(int asked, bool quiet) {
  const int wanted = asked > 0 ? asked : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const int there = numeric::startable_threads(wanted);
  if (there == wanted) return;
  const auto found = fmt::format("of {} threads {} can be started, because the number of processes is limited "
                                 "(ulimit -u, or pids.max of the control group)",
                                 wanted, there);
  if (asked > 0) throw Failed(fmt::format("{}: raise the limit, or take --threads {}", found, there));
  if (!quiet) say("engram: note: " + found + ": this takes longer");
}

void take_threads(int asked, bool quiet) {
  check_threads(asked, quiet);
  if (asked > 0) numeric::limit_threads(asked);
}

} // namespace engram::cli

// OpenBLAS starts a thread for each core as it is loaded, and raises SIGINT where it cannot. The program multiplies in
// threads of its own and has no use for them. So it answers here, before OpenBLAS's own function of this name, how many
// are asked for: a name inside of OpenBLAS since 0.2.15, without which its threads are started and wait. It is weak for
// a program that OpenBLAS is linked into.
extern "C" [[gnu::weak, gnu::visibility("default")]] int openblas_num_threads_env();
int openblas_num_threads_env() { return 1; }
