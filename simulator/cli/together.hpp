// Commands that several ranks may do together, started by mpirun or another launcher.
#pragma once

#include "ranks/ranks.hpp"

#include <string>

namespace engram::cli {

struct Context;

/// All ranks but the first of those that a launcher started fall silent. Errors: Error (wrong input) where a launcher
/// started several, and `command` is done by one process alone.
void check_ranks(const std::string &command);

/// The ranks that do this command, in context.ranks: of one process where no launcher started several. Call it once the
/// command line is known to be right. Errors: as ranks::open().
ranks::Ranks &open_ranks(Context &context);

/// `asked` threads; where it is 0 and there are several ranks, this rank's share of the cores of its machine.
int threads_beside(const ranks::Ranks &ranks, int asked);

/// Called where a command has failed. On the first rank it returns at once. On others it waits for the first to tell
/// the same, which then ends all of them; what is wrong with this rank alone is told by it, with its number.
void let_first_rank_tell(const Context &context);

} // namespace engram::cli
