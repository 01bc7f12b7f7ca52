#include "dynamics/equations/graph.hpp"

#include "dynamics/equations/relative_exponential.hpp"

#include <cmath>
#include <cstring>
#include <utility>

namespace engram::dynamics::equations {

std::size_t arity(Op op) {
  if (op <= Op::leaf) return 0;
  if (op <= Op::is_not) return 1;
  return op < Op::where ? 2 : 3;
}

double value_of(Op op, int order, double a, double b, double c) {
  const auto truth = [](bool is_so) { return is_so ? 1.0 : 0.0; };
  switch (op) {
  case Op::literal:
  case Op::leaf:
    return a;
  case Op::negative:
    return -a;
  case Op::absolute:
    return std::abs(a);
  case Op::square_root:
    return std::sqrt(a);
  case Op::exponential:
    return std::exp(a);
  case Op::exponential_minus_one:
    return std::expm1(a);
  case Op::logarithm:
    return std::log(a);
  case Op::logarithm_of_one_plus:
    return std::log1p(a);
  case Op::sine:
    return std::sin(a);
  case Op::cosine:
    return std::cos(a);
  case Op::tangent:
    return std::tan(a);
  case Op::arc_tangent:
    return std::atan(a);
  case Op::hyperbolic_sine:
    return std::sinh(a);
  case Op::hyperbolic_cosine:
    return std::cosh(a);
  case Op::hyperbolic_tangent:
    return std::tanh(a);
  case Op::sigmoid:
    return 1 / (1 + std::exp(-a));
  case Op::softplus:
    return (a > 0 ? a : 0) + std::log1p(std::exp(-std::abs(a)));
  case Op::relative_exponential:
    return relative_exponential(a, order);
  case Op::is_not:
    return truth(a == 0);
  case Op::add:
    return a + b;
  case Op::subtract:
    return a - b;
  case Op::multiply:
    return a * b;
  case Op::divide:
    return a / b;
  case Op::multiply_if:
    return a == 0 ? 0 : a * b;
  case Op::minimum:
    return b < a || std::isnan(b) ? b : a;
  case Op::maximum:
    return b > a || std::isnan(b) ? b : a;
  case Op::power:
    return std::pow(a, b);
  case Op::less:
    return truth(a < b);
  case Op::at_most:
    return truth(a <= b);
  case Op::equal:
    return truth(a == b);
  case Op::both:
    return truth(a != 0 && b != 0);
  case Op::either:
    return truth(a != 0 || b != 0);
  case Op::where:
    return a != 0 ? b : c;
  }
  return 0;
}

NodeIndex Graph::add(const Node &node) {
  Key key{node.op, node.arguments, {}, node.leaf, node.order};
  std::memcpy(key.value.data(), &node.value, sizeof node.value);
  const auto [at, is_new] = known_.emplace(key, nodes_.size());
  if (!is_new) return at->second;
  bool constant = node.op != Op::leaf || node.leaf.kind == Leaf::Kind::constant;
  for (std::size_t n = 0; n < arity(node.op); ++n) constant = constant && constant_[node.arguments[n]];
  constant_.push_back(constant);
  nodes_.push_back(node);
  return at->second;
}

NodeIndex Graph::literal(double value) {
  Node node;
  node.value = value;
  return add(node);
}

NodeIndex Graph::leaf(Leaf::Kind kind, std::size_t index) {
  Node node;
  node.op = Op::leaf;
  node.leaf = {kind, index};
  return add(node);
}

NodeIndex Graph::make(Op op, NodeIndex a, NodeIndex b, NodeIndex c, int order) {
  const std::size_t count = arity(op);
  const std::array<NodeIndex, 3> given{a, count > 1 ? b : 0, count > 2 ? c : 0};
  const auto is_literal = [&](NodeIndex k) { return nodes_[k].op == Op::literal; };
  bool all = true;
  for (std::size_t k = 0; k < count; ++k) all = all && is_literal(given[k]);
  if (all) return literal(value_of(op, order, nodes_[a].value, nodes_[given[1]].value, nodes_[given[2]].value));
  const auto negated = [&](NodeIndex k) { return nodes_[k].op == Op::negative; };
  const auto inside = [&](NodeIndex k) { return nodes_[k].arguments[0]; };
  switch (op) { // these change no bit of a finite result but the sign of 0, and the last one of quotients by constants
  case Op::negative:
    if (negated(a)) return inside(a);
    break;
  case Op::add:
    if (is(a, 0)) return b;
    if (is(b, 0)) return a;
    if (negated(b)) return make(Op::subtract, a, inside(b));
    if (negated(a)) return make(Op::subtract, b, inside(a));
    break;
  case Op::subtract:
    if (is(b, 0)) return a;
    if (is(a, 0)) return make(Op::negative, b);
    if (negated(b)) return make(Op::add, a, inside(b));
    break;
  case Op::multiply_if:
  case Op::multiply:
    if (is(a, 0) || is(b, 0)) return literal(0);
    if (is(a, 1)) return b;
    if (is(b, 1)) return a;
    if (is(a, -1)) return make(Op::negative, b);
    if (is(b, -1)) return make(Op::negative, a);
    if (op == Op::multiply_if && is_literal(a)) return make(Op::multiply, a, b);
    break;
  case Op::divide:
    if (is(a, 0)) return literal(0);
    if (is(b, 1)) return a;
    if (constant_[b] && !constant_[a]) return make(Op::multiply, a, make(Op::divide, literal(1), b));
    break;
  case Op::where:
    if (is_literal(a)) return nodes_[a].value != 0 ? b : c;
    if (b == c) return b;
    break;
  default:
    break;
  }
  Node node;
  node.op = op;
  node.arguments = given;
  node.order = order;
  return add(node);
}

} // namespace engram::dynamics::equations
