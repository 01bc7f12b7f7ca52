// run_local_queue() runs the programs of a queue on this machine: whenever one ends, the next begins, in their order.
#pragma once

#include "studies/job_queue.hpp"

namespace engram::studies {

/// The programs read nothing, print nothing, get no signals of the terminal, and are killed with this thread at the
/// latest. Call it while the process has no other thread that waits for SIGCHLD. Errors: std::system_error where not
/// one process can be started, and what a function of the queue throws; those at work have then ended.
void run_local_queue(const JobQueue &queue);

} // namespace engram::studies
