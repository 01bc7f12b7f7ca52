// These classes detect whether a rule leaves the process as it found it.
#pragma once

#include <cstdint>
#include <string>

namespace engram::conformance {

/// The parts of a process that outlive a call: the folder, the locale, the signal handlers, the threads, … .
class ProcessState {
public:
  ProcessState();
  /// Says in words how `later` differs: "leaves the locale changed"; "" when it does not.
  std::string changed(const ProcessState &later) const;

private:
  std::string folder_, locale_, environment_, handlers_, blocked_signals_, mask_, limits_;
  std::size_t descriptors_ = 0, threads_ = 0, timers_ = 0;
};

/// How the processor rounds and whether it flushes small numbers to zero; of this thread.
class Arithmetic {
public:
  Arithmetic();
  /// In words, as above.
  std::string changed(const Arithmetic &later) const;

private:
  int rounding_ = 0;
  std::uint64_t control_ = 0; // of the vector unit, without the flags that every operation sets
};

/// Catches what is printed on stdout and stderr from now on, in a process that ends with it.
class Printed {
public:
  Printed();
  /// The first line so far; "" when nothing was printed.
  std::string first_line() const;

private:
  int file_ = -1;
};

} // namespace engram::conformance
