// An Expression is the text of an equation, parsed.
#pragma once

#include "dynamics/equations/graph.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace engram::dynamics::equations {

/// A part of an expression: a number, a name, or a function of parts before it. Operators are functions by their sign:
/// "+", "-" with one argument or two, "<", "and", ….
struct Term {
  enum class Kind { number, name, call };
  Kind kind = Kind::number;
  double number = 0;
  std::string name;               ///< of a name or a function
  std::vector<std::size_t> parts; ///< arguments of a function, by their places in Expression::terms
  std::size_t column = 0;         ///< where it begins in the text, in characters from 1; an operator's own place
};

struct Expression {
  std::vector<Term> terms; ///< each after its parts; the last is the whole
};

/// What is wrong with a text, at a column of it.
struct Mistake {
  std::size_t column = 0;
  std::string message;
};

/// Errors: Mistake, which is thrown as it is.
///
/// expression: sums, products, x ^ y, parentheses, function(a, b), comparisons, and, or, not, condition ? a : b
Expression parse(std::string_view text);

/// The nodes of an expression. `names`: those of every name that it holds; its functions are known.
NodeIndex nodes_of(const Expression &expression, const std::map<std::string, NodeIndex> &names, Graph &graph);

} // namespace engram::dynamics::equations
