#include "cli/together.hpp"

#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "error/error.hpp"
#include "numeric/threads.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

namespace engram::cli {
namespace {

// Commands that call open_ranks(), and `study`, whose ranks share a folder.
const std::vector<std::string_view> done_together = {"fidelity", "run", "study"};

bool is_one_of_several(const std::optional<ranks::Launched> &launched) { return launched && launched->size != 1; }

} // namespace

void check_ranks(const std::string &command) {
  const auto launched = ranks::launched();
  if (!is_one_of_several(launched)) return;
  if (launched->rank > 0) silence(true);
  if (std::find(std::begin(done_together), std::end(done_together), command) != std::end(done_together)) return;
  throw Error(ErrorKind::wrong_input,
              fmt::format("{} is done by one process, and the launcher started {}", command,
                          launched->size > 0 ? std::to_string(launched->size) : std::string("more")));
}

ranks::Ranks &open_ranks(Context &context) {
  context.seeks_ranks = true;
  if (!context.ranks) context.ranks = ranks::open(context.mpi_library);
  return *context.ranks;
}

int threads_beside(const ranks::Ranks &ranks, int asked) {
  return asked > 0 || ranks.size() == 1 ? asked : std::max(1, numeric::available_threads() / ranks.on_this_machine());
}

void let_first_rank_tell(const Context &context) {
  const auto launched = ranks::launched();
  if (!is_one_of_several(launched)) return;
  const int rank = context.ranks ? context.ranks->rank() : launched->rank;
  if (rank == 0) return;
  // Long enough for the first, which comes to the same error at about the same time, and for the launcher to end the
  // others; the higher ranks leave it to the lower ones.
  const auto patience = std::chrono::milliseconds(3000 + 20 * std::min(rank, 100));
  for (const auto until = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < until;) {
    if (stop_was_asked()) ::_exit(failed);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (context.seeks_ranks) // before that only the command line was looked at, which all have alike
    silence(false, fmt::format("rank {}: ", rank));
}

} // namespace engram::cli
