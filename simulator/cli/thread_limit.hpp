// This checks that the limits on processes, which count threads, allow the threads that a command starts.
#pragma once

namespace engram::cli {

/// `asked` threads, or one for each core when it is 0. Where fewer than were asked for can be started, nothing is
/// computed; where there are fewer than cores, a note says so unless `quiet`, because results do not depend on them.
/// Errors: std::runtime_error.
void check_threads(int asked, bool quiet);

/// The same, and from now on all that this process does takes as many threads at the most.
void take_threads(int asked, bool quiet);

} // namespace engram::cli
