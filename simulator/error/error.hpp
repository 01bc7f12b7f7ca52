// Every error that engram throws on purpose is an Error, whose kind says whose fault it is.
#pragma once

#include <stdexcept>
#include <string>

namespace engram {

enum class ErrorKind {
  wrong_input, ///< of the user: what was given cannot be used. Exit code 2
  failed,      ///< the input is sound, and the run, a rule or the system failed. Exit code 1
  broken,      ///< an invariant of engram does not hold: the user is asked to report it. Exit code 3
};

/// what() is for the user: it names what is wrong and where. Where several things are, each has a line.
class Error : public std::runtime_error {
public:
  Error(ErrorKind kind, const std::string &what) : std::runtime_error(what), kind_(kind) {}
  ErrorKind kind() const noexcept { return kind_; }

private:
  ErrorKind kind_;
};

/// The input is sound, and something else failed.
class Failed : public Error {
public:
  explicit Failed(const std::string &what) : Error(ErrorKind::failed, what) {}
};

/// An invariant does not hold, whatever the user gave.
class Broken : public Error {
public:
  explicit Broken(const std::string &what) : Error(ErrorKind::broken, what) {}
};

} // namespace engram
