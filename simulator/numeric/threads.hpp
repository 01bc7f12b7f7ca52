// These functions say how many threads this process may have. Limits on processes (ulimit -u, pids.max of a control
// group) count threads.
#pragma once

namespace engram::numeric {

/// How many of `wanted` threads can be there at once, the calling one among them; at least 1. It starts the others,
/// which wait and end. The runtime of OpenMP ends the program where it cannot start a thread, so ask before.
int startable_threads(int wanted);

/// One for each core, or as many as can be started; not more than limit_threads() allows.
int available_threads();

/// From now on available_threads() is `most` at the most: what this process was asked to take.
void limit_threads(int most);

} // namespace engram::numeric
