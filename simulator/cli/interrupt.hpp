// Ctrl-C ends long work cleanly.
#pragma once

namespace engram::cli {

/// From now on SIGINT and SIGTERM are remembered, and end nothing themselves.
void catch_signals();
bool stop_was_asked();

} // namespace engram::cli
