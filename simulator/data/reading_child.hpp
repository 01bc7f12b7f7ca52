// A Child is a process that reads a file for this one, and answers what it is asked about it.
//
// It is a fork of this process without its other threads: it may read and compute, but not use OpenMP or the BLAS. What
// it prints is dropped. It ends with the Child, and with the thread that made the Child. Interrupts are for this
// process alone to obey.
#pragma once

#include "data/child_stream.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <sys/types.h>

namespace engram::data {

/// Takes one question from the stream, and puts the answer.
using Answer = std::function<void(ChildStream &)>;

class Child final : public ChildStream {
public:
  /// Runs `begin` in a child. What it puts is the first message to take; what it returns answers questions, unless it
  /// is empty. What either throws is thrown here, as the next value of its message is taken: an Error that is not of
  /// engram itself, an error of the system and too little memory as DataError, anything else as Broken. `name` begins
  /// the messages. `file` is what the child reads: its size bounds the child's memory, and its processor time for each
  /// message. `most_memory`: bytes that `begin` needs at most beyond what this process has.
  /// Errors: std::system_error where no child could be started, which says nothing of the file. Of all that takes or
  /// asks also DataError, for how the child died.
  Child(const std::string &name, const std::string &file, const std::function<Answer(ChildStream &)> &begin,
        std::uint64_t most_memory = std::numeric_limits<std::uint64_t>::max());
  ~Child() override;

  /// Sends a question; then its answer is to be taken.
  template <class... Values> void ask(const Values &...values) {
    pass_to_end(); // of the answer before
    (put(*this, values), ...);
    end_message();
    begin_message();
  }

  /// It has ended, and all that is asked is an error.
  bool is_lost() const { return id_ <= 0; }

private:
  Child(const std::string &name, const std::string &file, const std::function<Answer(ChildStream &)> &begin,
        std::uint64_t most_memory, std::array<int, 2> ends);
  [[noreturn]] void lost(bool silent) override;
  int wait(); ///< for its end; returns how it was, by <sys/wait.h>

  pid_t id_ = 0;
  std::string why_lost_;
};

/// Why no process could be started, by errno's number; names the limits that EAGAIN stands for.
std::string no_process(int error);

} // namespace engram::data
