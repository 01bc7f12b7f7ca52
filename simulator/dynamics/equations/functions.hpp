// The functions that an expression may call.
#pragma once

#include "dynamics/equations/graph.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace engram::dynamics::equations {

/// What a function makes of units.
enum class UnitRule {
  keeps,    ///< all arguments have one unit, and so has the result
  plain,    ///< numbers without a unit, from numbers without a unit
  compares, ///< all arguments have one unit; the result is 0 or 1
  truths,   ///< whatever the arguments are, the result is 0 or 1
  chooses,  ///< as keeps, without the first argument, which may have any
  root,
  product,
  quotient,
  power
};

struct Function {
  std::string name;
  std::size_t arguments = 1;
  UnitRule units = UnitRule::plain;
  std::string help; ///< "" of operators
  NodeIndex (*make)(Graph &graph, const std::vector<NodeIndex> &arguments) = nullptr;
};

/// Those of a model file, and after them the operators, which have no help.
const std::vector<Function> &functions();
/// Null where there is none.
const Function *function_named(const std::string &name, std::size_t arguments);
/// Errors: Mistake where there is no such function, or not of so many arguments.
void check_call(const std::string &name, std::size_t arguments, std::size_t column);
/// Is it the name of a function, or one that expressions read as a word of theirs?
bool is_taken(const std::string &name);

} // namespace engram::dynamics::equations
