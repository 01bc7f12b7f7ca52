// A Graph holds expressions as nodes that share what they have in common. Programs are made of it, and it
// differentiates itself: a derivative is more nodes.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace engram::dynamics::equations {

/// What a node does with its arguments a, b, c. Truth is 1, and falsehood 0.
enum class Op : unsigned char {
  literal, ///< a number
  leaf,    ///< a number of each neuron that comes from outside
  negative,
  absolute,
  square_root,
  exponential,
  exponential_minus_one,
  logarithm,
  logarithm_of_one_plus,
  sine,
  cosine,
  tangent,
  arc_tangent,
  hyperbolic_sine,
  hyperbolic_cosine,
  hyperbolic_tangent,
  sigmoid,              ///< 1 / (1 + exp(−a))
  softplus,             ///< ln(1 + exp(a))
  relative_exponential, ///< ∫ sⁿ exp(a s) ds from 0 to 1, n = Node::order: (exp(a) − 1) / a and its n-th derivative
  is_not,               ///< a = 0
  add,
  subtract,
  multiply,
  divide,
  multiply_if, ///< a b, and 0 where a = 0: a slope that is asked for nowhere may be infinite there
  minimum,
  maximum,
  power,
  less,
  at_most,
  equal,
  both,   ///< a ≠ 0 and b ≠ 0
  either, ///< a ≠ 0 or b ≠ 0
  where   ///< b where a ≠ 0, else c
};

/// Where the numbers of a leaf come from.
struct Leaf {
  enum class Kind : unsigned char {
    state,
    constant, ///< a parameter, or after these a number that follows from parameters alone
    soma,     ///< currents
    apical,
    drive, ///< of neurons that spike: the current is drive − conductance · potential
    conductance,
    held,
    passed,
    beyond,
    spiked, ///< of the way back through spikes, as in engram_spike_cotangents
    spike_slope,
    dspike,
    through_reset,
    cotangent ///< dL/d(output `index`)
  };
  Kind kind = Kind::state;
  std::size_t index = 0;
  auto operator<=>(const Leaf &) const = default;
};

using NodeIndex = std::size_t;

struct Node {
  Op op = Op::literal;
  std::array<NodeIndex, 3> arguments{}; ///< as many as the op takes
  double value = 0;                     ///< of a literal
  Leaf leaf;
  int order = 0; ///< of a relative_exponential
};

/// How many arguments an op takes.
std::size_t arity(Op op);
/// The op of numbers.
double value_of(Op op, int order, double a, double b, double c);

class Graph {
public:
  const Node &operator[](NodeIndex k) const { return nodes_[k]; }
  std::size_t size() const { return nodes_.size(); } ///< arguments stand before the nodes that take them

  NodeIndex literal(double value);
  NodeIndex leaf(Leaf::Kind kind, std::size_t index = 0);
  /// Of literals the literal; what is 0 or 1 by its form is left out. A quotient by a constant becomes a product, as
  /// the reciprocal is computed once.
  NodeIndex make(Op op, NodeIndex a, NodeIndex b = 0, NodeIndex c = 0, int order = 0);

  NodeIndex sum(NodeIndex a, NodeIndex b) { return make(Op::add, a, b); }
  NodeIndex product(NodeIndex a, NodeIndex b) { return make(Op::multiply, a, b); }
  NodeIndex where(NodeIndex condition, NodeIndex a, NodeIndex b) { return make(Op::where, condition, a, b); }
  /// Does it follow from constants alone?
  bool is_constant(NodeIndex node) const { return constant_[node]; }
  bool is(NodeIndex node, double value) const { return nodes_[node].op == Op::literal && nodes_[node].value == value; }

private:
  NodeIndex add(const Node &node);

  struct Key {
    Op op;
    std::array<NodeIndex, 3> arguments;
    std::array<unsigned char, sizeof(double)> value; // bit by bit: −0 is not 0
    Leaf leaf;
    int order;
    auto operator<=>(const Key &) const = default;
  };
  std::vector<Node> nodes_;
  std::vector<bool> constant_; // by node
  std::map<Key, NodeIndex> known_;
};

/// Are the nodes, by their form, constants and multiples of states and currents, summed up? The constants and factors
/// follow from parameters alone.
bool are_linear(const Graph &graph, const std::vector<NodeIndex> &nodes);

/// The derivatives of Σ_k cotangents[k] · outputs[k] by each of the leaves `by`, in reverse mode.
std::vector<NodeIndex> gradient(Graph &graph, const std::vector<NodeIndex> &outputs,
                                const std::vector<NodeIndex> &cotangents, const std::vector<NodeIndex> &by);

} // namespace engram::dynamics::equations
