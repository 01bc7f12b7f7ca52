// are_linear() looks at the form of expressions.
#include "dynamics/equations/graph.hpp"

#include <algorithm>

namespace engram::dynamics::equations {

namespace {

enum class Form : unsigned char { constant, linear, other };

Form form_of(const Node &node, Form a, Form b, Form c) {
  switch (node.op) {
  case Op::literal:
    return Form::constant;
  case Op::leaf:
    return node.leaf.kind == Leaf::Kind::constant ? Form::constant : Form::linear;
  case Op::negative:
    return a;
  case Op::add:
  case Op::subtract:
    return std::max(a, b);
  case Op::multiply:
  case Op::multiply_if:
    if (a == Form::constant) return b;
    return b == Form::constant ? a : Form::other;
  case Op::divide:
    return b == Form::constant ? a : Form::other;
  case Op::where: // a step between two values is not linear
    return a == Form::constant ? std::max(b, c) : Form::other;
  default:
    return std::max({a, b, c}) == Form::constant ? Form::constant : Form::other;
  }
}

} // namespace

bool are_linear(const Graph &graph, const std::vector<NodeIndex> &nodes) {
  std::vector<Form> forms(graph.size(), Form::constant);
  for (NodeIndex k = 0; k < graph.size(); ++k) {
    const auto &node = graph[k];
    const auto argument = [&](std::size_t n) { return n < arity(node.op) ? forms[node.arguments[n]] : Form::constant; };
    forms[k] = form_of(node, argument(0), argument(1), argument(2));
  }
  return std::none_of(nodes.begin(), nodes.end(), [&](NodeIndex node) { return forms[node] == Form::other; });
}

} // namespace engram::dynamics::equations
