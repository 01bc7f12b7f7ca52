// A crash inside a rule ends the program with a line that names the rule, because the rule is foreign code.
#pragma once

namespace engram::cli {

/// From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) within a callback of a rule ends the program with
/// exit code 1 and one line that names the rule. Nothing more is saved: what lies in memory can no longer be trusted.
/// What a run had saved stays in its .partial file. A crash elsewhere ends the program as before. A signal that
/// somebody else handles (a sanitizer, a debugger's tool) is theirs.
void name_rules_that_crash();

} // namespace engram::cli
