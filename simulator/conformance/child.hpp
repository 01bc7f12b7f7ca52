// in_child() runs a piece of work in a process of its own, which may crash, hang or exit without harm to this one.
#pragma once

#include <functional>
#include <string>

namespace engram::conformance {

/// The result of the work: it returned text, or failed for a reason.
struct Verdict {
  bool passed = false;
  std::string text;    ///< what it returned, or why it failed: one line
  bool late = false;   ///< it was ended, for its time was up
  double computed = 0; ///< seconds of a processor that it had
};

/// Thrown by the work to say that it failed: a result of the rule that is tried, and no error of engram.
struct Failure {
  std::string reason;
  bool in_words = false; ///< the rule itself reported an error
};

/// Forks and runs `work` there. Not for a process with other threads. A crash, an exception that reaches no handler, an
/// exit, a call of the system that a rule has no use for, and `seconds` without an end are failures, each with its
/// reason.
Verdict in_child(double seconds, const std::function<std::string()> &work);

} // namespace engram::conformance
