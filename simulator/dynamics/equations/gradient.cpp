// gradient() adds nodes for derivatives.
#include "dynamics/equations/graph.hpp"

#include <limits>

namespace engram::dynamics::equations {

namespace {

constexpr NodeIndex unreached = std::numeric_limits<NodeIndex>::max();

// The slopes of one node, by what its value is and what its arguments are.
class Backward {
public:
  Backward(Graph &graph, std::vector<NodeIndex> &adjoint, const std::vector<bool> &depends)
      : g_(graph), adjoint_(adjoint), depends_(depends) {}

  // Hands dL/d(node) = `d` on to the arguments of the node.
  void hand_on(NodeIndex at, NodeIndex d) {
    const Node node = g_[at]; // a copy: the graph grows
    const auto [a, b, c] = node.arguments;
    const NodeIndex one = g_.literal(1);
    switch (node.op) {
    case Op::literal:
    case Op::leaf:
    case Op::is_not:
    case Op::less:
    case Op::at_most:
    case Op::equal:
    case Op::both:
    case Op::either:
      return; // flat, or nothing below it
    case Op::negative:
      return give(a, g_.make(Op::negative, d));
    case Op::absolute: {
      const NodeIndex falls = g_.make(Op::less, a, g_.literal(0));
      return give(a, g_.where(falls, g_.make(Op::negative, d), d));
    }
    case Op::square_root:
      return give(a, scaled(d, g_.make(Op::divide, g_.literal(0.5), at)));
    case Op::exponential:
      return give(a, scaled(d, at));
    case Op::exponential_minus_one:
      return give(a, scaled(d, g_.sum(at, one)));
    case Op::logarithm:
      return give(a, scaled(d, g_.make(Op::divide, one, a)));
    case Op::logarithm_of_one_plus:
      return give(a, scaled(d, g_.make(Op::divide, one, g_.sum(one, a))));
    case Op::sine:
      return give(a, scaled(d, g_.make(Op::cosine, a)));
    case Op::cosine:
      return give(a, g_.make(Op::negative, scaled(d, g_.make(Op::sine, a))));
    case Op::tangent:
      return give(a, scaled(d, g_.sum(one, g_.product(at, at))));
    case Op::arc_tangent:
      return give(a, scaled(d, g_.make(Op::divide, one, g_.sum(one, g_.product(a, a)))));
    case Op::hyperbolic_sine:
      return give(a, scaled(d, g_.make(Op::hyperbolic_cosine, a)));
    case Op::hyperbolic_cosine:
      return give(a, scaled(d, g_.make(Op::hyperbolic_sine, a)));
    case Op::hyperbolic_tangent:
      return give(a, scaled(d, g_.make(Op::subtract, one, g_.product(at, at))));
    case Op::sigmoid:
      return give(a, scaled(d, g_.product(at, g_.make(Op::subtract, one, at))));
    case Op::softplus:
      return give(a, scaled(d, g_.make(Op::sigmoid, a)));
    case Op::relative_exponential:
      return give(a, scaled(d, g_.make(Op::relative_exponential, a, 0, 0, node.order + 1)));
    case Op::add:
      give(a, d);
      return give(b, d);
    case Op::subtract:
      give(a, d);
      return give(b, g_.make(Op::negative, d));
    case Op::multiply_if:
    case Op::multiply:
      give(a, scaled(d, b));
      return give(b, scaled(d, a));
    case Op::divide: {
      give(a, scaled(d, g_.make(Op::divide, one, b)));
      return give(b, g_.make(Op::negative, scaled(d, g_.make(Op::divide, at, b))));
    }
    case Op::minimum:
    case Op::maximum: { // of equal ones the first
      const NodeIndex second = node.op == Op::minimum ? g_.make(Op::less, b, a) : g_.make(Op::less, a, b);
      give(a, g_.where(second, g_.literal(0), d));
      return give(b, g_.where(second, d, g_.literal(0)));
    }
    case Op::power: {
      const NodeIndex less = g_.make(Op::power, a, g_.make(Op::subtract, b, one));
      give(a, scaled(d, scaled(b, less)));                              // of x⁰ it is 0 at x = 0 too
      return give(b, scaled(d, scaled(at, g_.make(Op::logarithm, a)))); // of 0ʸ it is 0, the limit of xʸ ln x
    }
    case Op::where:
      give(b, g_.where(a, d, g_.literal(0)));
      return give(c, g_.where(a, g_.literal(0), d));
    }
  }

private:
  // A slope may be infinite or no number where nothing asks for it, as in the branch that `where` leaves.
  NodeIndex scaled(NodeIndex d, NodeIndex slope) { return g_.make(Op::multiply_if, d, slope); }
  void give(NodeIndex to, NodeIndex d) {
    if (!depends_[to] || g_.is(d, 0)) return;
    adjoint_[to] = adjoint_[to] == unreached ? d : g_.sum(adjoint_[to], d);
  }

  Graph &g_;
  std::vector<NodeIndex> &adjoint_;
  const std::vector<bool> &depends_;
};

} // namespace

std::vector<NodeIndex> gradient(Graph &graph, const std::vector<NodeIndex> &outputs,
                                const std::vector<NodeIndex> &cotangents, const std::vector<NodeIndex> &by) {
  const std::size_t before = graph.size();
  std::vector<bool> depends(before, false);
  for (const NodeIndex leaf : by) depends[leaf] = true;
  for (NodeIndex k = 0; k < before; ++k)
    for (std::size_t n = 0; n < arity(graph[k].op); ++n)
      if (depends[graph[k].arguments[n]]) depends[k] = true;
  std::vector<NodeIndex> adjoint(before, unreached);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    NodeIndex &d = adjoint[outputs[k]];
    d = d == unreached ? cotangents[k] : graph.sum(d, cotangents[k]);
  }
  Backward backward(graph, adjoint, depends);
  for (NodeIndex k = before; k-- > 0;)
    if (depends[k] && adjoint[k] != unreached) backward.hand_on(k, adjoint[k]);
  std::vector<NodeIndex> out;
  for (const NodeIndex leaf : by) out.push_back(adjoint[leaf] == unreached ? graph.literal(0) : adjoint[leaf]);
  return out;
}

} // namespace engram::dynamics::equations
