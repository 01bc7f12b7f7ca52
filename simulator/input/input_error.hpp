// An InputError lists all that is wrong with the user's input at once.
#pragma once

#include "error/error.hpp"

#include <string>
#include <vector>

namespace engram::input {

struct Problem {
  std::string file;
  std::size_t line = 0; ///< from 1; 0 when unknown
  std::string pointer;  ///< JSON pointer, "" when it does not apply
  std::string message;  ///< one sentence
};

/// "file:line: /pointer: message"
std::string to_text(const Problem &problem);

/// The input is wrong: exit code 2. what() holds one line for each problem.
class InputError : public Error {
public:
  explicit InputError(std::vector<Problem> problems);
  explicit InputError(const std::string &message);
  const std::vector<Problem> &problems() const { return problems_; }

private:
  std::vector<Problem> problems_;
};

} // namespace engram::input
