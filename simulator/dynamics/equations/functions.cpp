#include "dynamics/equations/functions.hpp"

#include "dynamics/equations/expression.hpp"
#include "input/nearest.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace engram::dynamics::equations {

namespace {

using Arguments = std::vector<NodeIndex>;

template <Op op> NodeIndex make_of(Graph &g, const Arguments &x) {
  return g.make(op, x[0], x.size() > 1 ? x[1] : 0, x.size() > 2 ? x[2] : 0);
}

// Small whole powers as products: their slope is known at 0 and below, and they cost less.
NodeIndex make_power(Graph &g, const Arguments &x) {
  const NodeIndex base = x[0], square = g.product(base, base);
  if (g.is(x[1], 0.5)) return g.make(Op::square_root, base);
  if (g.is(x[1], 1)) return base;
  if (g.is(x[1], 2)) return square;
  if (g.is(x[1], 3)) return g.product(square, base);
  if (g.is(x[1], 4)) return g.product(square, square);
  if (g.is(x[1], -1)) return g.make(Op::divide, g.literal(1), base);
  return g.make(Op::power, base, x[1]);
}

std::vector<Function> make_functions() {
  using Rule = UnitRule;
  std::vector<Function> out{
      {"exp", 1, Rule::plain, "exponential", make_of<Op::exponential>},
      {"expm1", 1, Rule::plain, "exp(x) - 1, exact near 0", make_of<Op::exponential_minus_one>},
      {"exprel", 1, Rule::plain, "(exp(x) - 1) / x, and 1 at 0", make_of<Op::relative_exponential>},
      {"log", 1, Rule::plain, "natural logarithm", make_of<Op::logarithm>},
      {"log1p", 1, Rule::plain, "log(1 + x), exact near 0", make_of<Op::logarithm_of_one_plus>},
      {"sqrt", 1, Rule::root, "square root", make_of<Op::square_root>},
      {"pow", 2, Rule::power, "x to the power y, as x ^ y", make_power},
      {"abs", 1, Rule::keeps, "absolute value", make_of<Op::absolute>},
      {"min", 2, Rule::keeps, "the lesser", make_of<Op::minimum>},
      {"max", 2, Rule::keeps, "the greater", make_of<Op::maximum>},
      {"clip", 3, Rule::keeps, "x, at least the second and at most the third",
       [](Graph &g, const Arguments &x) { return g.make(Op::minimum, g.make(Op::maximum, x[0], x[1]), x[2]); }},
      {"relu", 1, Rule::keeps, "max(0, x), whose slope at 0 is 0",
       [](Graph &g, const Arguments &x) { return g.make(Op::maximum, g.literal(0), x[0]); }},
      {"sin", 1, Rule::plain, "sine", make_of<Op::sine>},
      {"cos", 1, Rule::plain, "cosine", make_of<Op::cosine>},
      {"tan", 1, Rule::plain, "tangent", make_of<Op::tangent>},
      {"atan", 1, Rule::plain, "arc tangent", make_of<Op::arc_tangent>},
      {"sinh", 1, Rule::plain, "hyperbolic sine", make_of<Op::hyperbolic_sine>},
      {"cosh", 1, Rule::plain, "hyperbolic cosine", make_of<Op::hyperbolic_cosine>},
      {"tanh", 1, Rule::plain, "hyperbolic tangent", make_of<Op::hyperbolic_tangent>},
      {"sigmoid", 1, Rule::plain, "1 / (1 + exp(-x))", make_of<Op::sigmoid>},
      {"softplus", 1, Rule::plain, "log(1 + exp(x))", make_of<Op::softplus>},
      {"heaviside", 1, Rule::truths, "1 where x >= 0, else 0",
       [](Graph &g, const Arguments &x) { return g.make(Op::at_most, g.literal(0), x[0]); }},
      {"where", 3, Rule::chooses, "the second where the first is not 0, else the third; as c ? a : b",
       make_of<Op::where>},
      {"+", 2, Rule::keeps, "", make_of<Op::add>},
      {"-", 2, Rule::keeps, "", make_of<Op::subtract>},
      {"-", 1, Rule::keeps, "", make_of<Op::negative>},
      {"*", 2, Rule::product, "", make_of<Op::multiply>},
      {"/", 2, Rule::quotient, "", make_of<Op::divide>},
      {"<", 2, Rule::compares, "", make_of<Op::less>},
      {"<=", 2, Rule::compares, "", make_of<Op::at_most>},
      {">", 2, Rule::compares, "", [](Graph &g, const Arguments &x) { return g.make(Op::less, x[1], x[0]); }},
      {">=", 2, Rule::compares, "", [](Graph &g, const Arguments &x) { return g.make(Op::at_most, x[1], x[0]); }},
      {"==", 2, Rule::compares, "", make_of<Op::equal>},
      {"!=", 2, Rule::compares, "",
       [](Graph &g, const Arguments &x) { return g.make(Op::is_not, g.make(Op::equal, x[0], x[1])); }},
      {"and", 2, Rule::truths, "", make_of<Op::both>},
      {"or", 2, Rule::truths, "", make_of<Op::either>},
      {"not", 1, Rule::truths, "", make_of<Op::is_not>}};
  return out;
}

} // namespace

const std::vector<Function> &functions() {
  static const auto all = make_functions();
  return all;
}

const Function *function_named(const std::string &name, std::size_t arguments) {
  for (const auto &one : functions())
    if (one.name == name && one.arguments == arguments) return &one;
  return nullptr;
}

void check_call(const std::string &name, std::size_t arguments, std::size_t column) {
  std::vector<std::string> known;
  for (const auto &one : functions()) {
    if (one.help.empty()) continue;
    known.push_back(one.name);
    if (one.name != name || one.arguments == arguments) continue;
    throw Mistake{column, fmt::format("'{}' takes {} argument{}, not {}", name, one.arguments,
                                      one.arguments == 1 ? "" : "s", arguments)};
  }
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw Mistake{column, input::unknown("function", name.substr(0, 64), known)};
}

bool is_taken(const std::string &name) {
  return std::any_of(functions().begin(), functions().end(), [&](const Function &one) { return one.name == name; });
}

NodeIndex nodes_of(const Expression &expression, const std::map<std::string, NodeIndex> &names, Graph &graph) {
  std::vector<NodeIndex> nodes;
  for (const auto &term : expression.terms) {
    switch (term.kind) {
    case Term::Kind::number:
      nodes.push_back(graph.literal(term.number));
      break;
    case Term::Kind::name:
      nodes.push_back(names.at(term.name));
      break;
    case Term::Kind::call: {
      Arguments arguments;
      for (const std::size_t part : term.parts) arguments.push_back(nodes[part]);
      nodes.push_back(function_named(term.name, arguments.size())->make(graph, arguments));
      break;
    }
    }
  }
  return nodes.back();
}

} // namespace engram::dynamics::equations
