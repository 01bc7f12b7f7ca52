// forbid_changes() stops the system calls that a rule has no use for, before they do anything.
#pragma once

namespace engram::conformance {

/// From now on a call by which this process would make, change or remove files, go to another folder, start a program
/// or open a connection raises SIGSYS in its place (seccomp, Linux). For a process that runs a rule and ends. False
/// where the system does not offer it: then nothing is stopped.
bool forbid_changes();

/// Did forbid_changes() succeed in this process?
bool changes_are_forbidden();

/// Says what the call would have done: "removes a file (unlinkat)". The handler of SIGSYS may call this.
const char *forbidden_deed(int call);

} // namespace engram::conformance
