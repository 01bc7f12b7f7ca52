// A Parameter is a word, a number or a yes or no that a method takes. Settings hold what is asked of a method.
#pragma once

#include "input/document.hpp"

#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace engram::recordings {

/// Whether something is so, a number, or a word.
using Value = std::variant<bool, double, std::string>;

struct Parameter {
  std::string name, unit, help;
  Value initial;                  ///< of the parameter's kind; "" or 0: none, and the help says what is done
  std::vector<std::string> words; ///< that it may be
  double minimum = -std::numeric_limits<double>::infinity(); ///< inclusive
  double maximum = std::numeric_limits<double>::infinity();  ///< inclusive
  bool above_minimum = false;                                ///< minimum is exclusive
  bool whole = false;

  bool has_initial() const { return initial != Value(0.0) && initial != Value(std::string()); }
};

/// One of `words`; `initial` may be "".
Parameter word(const std::string &name, const std::vector<std::string> &words, const std::string &initial,
               const std::string &help);
/// Any text; several parts of it have "+" between them. "" unless given.
Parameter text(const std::string &name, const std::string &help);
/// The parts of such a text: "1+2" is "1", "2"; none of "".
std::vector<std::string> parts_of(const std::string &text);
/// The same as whole numbers; empty where one is none.
std::vector<std::size_t> whole_numbers(const std::string &text);
/// A number from `minimum` on.
Parameter number_from(const std::string &name, const std::string &unit, double minimum, double initial,
                      const std::string &help);
/// A number above 0; `initial` may be 0.
Parameter positive(const std::string &name, const std::string &unit, double initial, const std::string &help);
/// A whole number from `minimum` to 100000.
Parameter whole(const std::string &name, double minimum, double initial, const std::string &help);
/// True or false; false unless given.
Parameter yes_or_no(const std::string &name, const std::string &help);

/// The JSON Schema (draft-07) of a value.
input::Json schema_of(const Parameter &parameter);
/// A value that fits this schema.
Value value_of(const input::Json &json);

/// The value of each parameter of a method, given or initial. To ask for a parameter that the method does not have is a
/// fault of the calling code.
class Settings {
public:
  /// Errors: std::invalid_argument where a value is given of no parameter.
  Settings(const std::vector<Parameter> &parameters, const std::map<std::string, Value> &given);
  bool given(const std::string &name) const { return given_.contains(name); }
  const std::string &word(const std::string &name) const { return std::get<std::string>(values_.at(name)); }
  double number(const std::string &name) const { return std::get<double>(values_.at(name)); }
  std::size_t count(const std::string &name) const { return static_cast<std::size_t>(number(name)); }
  bool yes(const std::string &name) const { return std::get<bool>(values_.at(name)); }

private:
  std::map<std::string, Value> values_;
  std::set<std::string> given_;
};

} // namespace engram::recordings
