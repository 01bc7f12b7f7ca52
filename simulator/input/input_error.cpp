#include "input/input_error.hpp"

namespace engram::input {

std::string to_text(const Problem &problem) {
  std::string text = problem.file;
  if (!text.empty() && problem.line > 0) text += ":" + std::to_string(problem.line);
  if (!text.empty()) text += ": ";
  if (!problem.pointer.empty()) text += problem.pointer + ": ";
  return text + problem.message;
}

namespace {
std::string all(const std::vector<Problem> &problems) {
  std::string text;
  for (const auto &problem : problems) text += (text.empty() ? "" : "\n") + to_text(problem);
  return text;
}
} // namespace

InputError::InputError(std::vector<Problem> problems)
    : Error(ErrorKind::wrong_input, all(problems)), problems_(std::move(problems)) {}

InputError::InputError(const std::string &message) : InputError(std::vector<Problem>{{"", 0, "", message}}) {}

} // namespace engram::input
