// run_in_child() runs a part of the work in a process of its own, which may crash, hang or exit without harm to this
// one.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace engram::learning {

/// The result of such work.
struct ChildResult {
  std::string sent;         ///< what the work sent, as far as it came
  bool late = false;        ///< it was ended, for its time was up
  double computed = 0;      ///< seconds of a processor that it had
  bool called_exit = false; ///< the work ended the process by exit()
  int signal = 0;           ///< that ended the process; 0: none did

  /// How it ended: "ends the process by exit()", ….
  std::string how() const;
};

/// How long to wait. `of_silence`: the seconds begin anew with all that is sent.
struct Patience {
  double seconds = 10;
  bool of_silence = false;
};

/// Forks, calls work(descriptor) there, which sends by writing, and waits for its end. The child ends with this
/// process at the latest, reads nothing and prints nothing; no exit handler of this program runs in it. Other threads
/// of this process do not run in the child: the work must not wait for them. Errors: Failed when no process
/// can be started.
ChildResult run_in_child(Patience patience, const std::function<void(int)> &work);

/// Writes all of it, for work(descriptor); ends the process when nobody listens any more.
void send(int descriptor, const void *bytes, std::size_t size);

} // namespace engram::learning
