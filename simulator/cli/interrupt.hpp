// Signals end long work: at once while there is nothing to keep, and in good order once there are results.
#pragma once

#include <atomic>

namespace engram::cli {

/// SIGPIPE and SIGXFSZ (ulimit -f) no longer end the program: the write that they are about fails, and says why.
void let_writes_fail();

/// From now on SIGINT, SIGTERM, SIGHUP (unless it is ignored, as under nohup), SIGXCPU, SIGUSR1 and SIGUSR2 (by which
/// batch systems announce the end) end the program at once, with one line and exit code 1: while it loads and builds.
/// Of several ranks the first tells it.
void end_on_signals();
/// From now on they are remembered, and end nothing themselves. A second SIGINT, SIGTERM or SIGHUP, later than 0.3 s
/// after the first, ends the program at once by that signal. (Sooner it is the same request: timeout(1), for one, sends
/// to the process and then to its group.)
void remember_signals();
/// True once a signal has come that is remembered. Threads may read it at any time.
const std::atomic<bool> &stop_flag();
bool stop_was_asked();

} // namespace engram::cli
