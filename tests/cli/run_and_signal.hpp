// run_and_signal() sends signals to a run once it is at work, however slow the machine is.
#pragma once

#include "command.hpp"

#include <csignal>
#include <cstdlib>
#include <string>

namespace command {

/// A program inherits which signals are ignored, and engram goes on to ignore SIGHUP where it was. Here it is not,
/// whoever started the tests.
class HangupHeard {
public:
  HangupHeard() : before_(std::signal(SIGHUP, SIG_DFL)) {}
  ~HangupHeard() { std::signal(SIGHUP, before_); }
  HangupHeard(const HangupHeard &) = delete;
  HangupHeard &operator=(const HangupHeard &) = delete;

private:
  void (*before_)(int);
};

/// `engram run` MODEL, which options may follow, into run.nwb of the folder: until it is asked to end, some time after
/// it has begun to write; then for at most a minute more. `before` is said in the shell first.
inline Result run_and_signal(const Folder &folder, const std::string &model, const std::string &signals,
                             const std::string &before = "") {
  const HangupHeard as_at_a_terminal;
  folder.write("go.sh",
               "engram=$1; shift\n" + before + "\n" + "\"$engram\" run " + model +
                   " --out run.nwb & run=$!\n"
                   "n=0; while [ ! -e run.nwb.partial ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n+1)); done\n"
                   // Until it has computed for half a second, however much else the machine has to do.
                   "used() { awk '{ print $14 + $15 }' /proc/$run/stat; }\n"
                   "before=$(used); n=0\n"
                   "while [ $(used) -lt $((before + 50)) ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n+1)); done\n" +
                   signals + "\n(sleep 60; kill -KILL $run) 2>/dev/null & guard=$!\n" +
                   "wait $run; status=$?; kill $guard; exit $status\n");
  const Folder scratch;
  const auto out = scratch.path / "out", err = scratch.path / "err";
  const std::string line = "cd '" + folder.path.string() + "' && bash go.sh '" + ENGRAM_BUILD_DIR + "/engram' >'" +
                           out.string() + "' 2>'" + err.string() + "' </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(out), slurp(err)};
}

} // namespace command
