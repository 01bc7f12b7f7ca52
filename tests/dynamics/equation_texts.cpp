// The texts of equations: what they mean as numbers, their slopes, their units, and what is refused.
#include "catch.hpp"
#include "dynamics/equations/blocks.hpp"
#include "dynamics/equations/functions.hpp"
#include "dynamics/equations/units.hpp"
#include "equations.hpp"
#include "input/input_error.hpp"

#include <cmath>

using namespace engram;
namespace eq = engram::dynamics::equations;

namespace {

// The value of an expression of x and y.
double value_of_text(const std::string &text, double x = 0, double y = 0) {
  eq::Graph graph;
  return graph[eq::nodes_of(eq::parse(text), {{"x", graph.literal(x)}, {"y", graph.literal(y)}}, graph)].value;
}

// The values of all nodes where the states are these.
std::vector<double> values_at(const eq::Graph &graph, const std::vector<double> &states) {
  std::vector<double> values(graph.size());
  for (eq::NodeIndex k = 0; k < graph.size(); ++k) {
    const auto &one = graph[k];
    const auto [a, b, c] = one.arguments;
    values[k] = one.op == eq::Op::literal ? one.value
                : one.op == eq::Op::leaf  ? states.at(one.leaf.index)
                                          : eq::value_of(one.op, one.order, values[a], values[b], values[c]);
  }
  return values;
}

// The slopes by x and y of an expression of both.
std::vector<double> slopes_of_text(const std::string &text, double x, double y = 0) {
  eq::Graph graph;
  const std::vector<eq::NodeIndex> leaves{graph.leaf(eq::Leaf::Kind::state, 0), graph.leaf(eq::Leaf::Kind::state, 1)};
  const eq::NodeIndex value = eq::nodes_of(eq::parse(text), {{"x", leaves[0]}, {"y", leaves[1]}}, graph);
  const auto slopes = eq::gradient(graph, {value}, {graph.literal(1)}, leaves);
  const auto values = values_at(graph, {x, y});
  return {values[slopes[0]], values[slopes[1]]};
}

std::string mistake_of(const std::string &text) {
  try {
    eq::parse(text);
    return "";
  } catch (const eq::Mistake &mistake) {
    return std::to_string(mistake.column) + ": " + mistake.message;
  }
}

std::string unit_mistake(const std::string &text) {
  const auto in = [](const char *unit) { return eq::Measure{eq::Measure::Kind::known, eq::unit_of(unit)}; };
  try {
    const auto found = eq::measure_of(eq::parse(text), {{"v", in("mV")},
                                                        {"g", in("nS")},
                                                        {"i", in("pA")},
                                                        {"n", in("nA")},
                                                        {"tau", in("ms")},
                                                        {"c", in("pF")},
                                                        {"free", {}}});
    return found.kind == eq::Measure::Kind::known ? eq::to_text(found.unit) : "";
  } catch (const eq::Mistake &mistake) {
    return std::to_string(mistake.column) + ": " + mistake.message;
  }
}

// What is wrong with the dynamics of a region.
std::string refusal_of_equations(const std::string &dynamics, const std::string &more = R"("size": 3)") {
  try {
    model::load_text(::equations::model_of(dynamics, more), "m.json", spiking::vocabulary());
    return "";
  } catch (const input::InputError &error) {
    return error.what();
  }
}

std::string rate_neuron(const std::string &slope, const std::string &more = "") {
  return R"({ "type": "equations", "states": { "v": ")" + slope +
         R"(" }, "parameters": { "tau": 10, "E": -70 }, "rate": "v")" + more + " }";
}

} // namespace

TEST_CASE("expressions have the value that arithmetic gives them", "[dynamics][equations]") {
  CHECK(value_of_text("1 + 2 * 3 - 4 / 8") == 6.5);
  CHECK(value_of_text("2 ^ 3 ^ 2") == 512);
  CHECK(value_of_text("-x ^ 2", 3) == -9);
  CHECK(value_of_text("x ** -2", 2) == 0.25);
  CHECK(value_of_text("8 / 4 / 2 - 3 - 2") == -4);
  CHECK(value_of_text("(1 + x) * (1 - x)", 0.5) == 0.75);
  CHECK(value_of_text("1.5e-3 + .5") == 0.5015);
  CHECK(value_of_text("x < y and not y <= 1 or 0", 1, 2) == 1);
  CHECK(value_of_text("x > 1 ? 2 : x == 1 ? 3 : 4", 1) == 3);
  CHECK(value_of_text("where(x != 1, 2, 3)", 1) == 3);
  CHECK(value_of_text("clip(x, -1, 1)", -7) == -1);
  CHECK(value_of_text("heaviside(x) + relu(y)", 0, -2) == 1);
  CHECK(value_of_text("exprel(x)", 0) == 1);
  CHECK(value_of_text("exprel(x)", 2) == Approx((std::exp(2.0) - 1) / 2).epsilon(1e-15));
  CHECK(value_of_text("sigmoid(x) + softplus(x)", 0.5) ==
        Approx(1 / (1 + std::exp(-0.5)) + std::log(1 + std::exp(0.5))).epsilon(1e-14));
  CHECK(value_of_text("log(exp(x)) + log1p(expm1(y))", 0.25, 0.5) == Approx(0.75).epsilon(1e-14));
  CHECK(value_of_text("sqrt(x) * x ^ 0.5 + abs(-y) + pow(x, 3)", 4, 1.5) == 69.5);
  CHECK(std::isnan(value_of_text("max(x, 0)", std::nan("")))); // what is no number does not become one
  CHECK(std::isnan(value_of_text("min(1, x)", std::nan(""))));
}

TEST_CASE("what is wrong with a text is told with its column", "[dynamics][equations]") {
  CHECK(mistake_of("") == "1: the text ends where a number, a name or a '(' should stand");
  CHECK(mistake_of("1 + (2 * x") == "11: the text ends where a ')' should stand");
  CHECK(mistake_of("2 x") == "3: 'x' stands where an operator should");
  CHECK(mistake_of("10ms") == "3: 'm' follows a number; a product is written with *, and a unit in \"unit\"");
  CHECK(mistake_of("x + τ") == "5: unexpected 'τ'");
  CHECK(mistake_of("x = 1") == "3: '=' is no operator; equality is written ==");
  CHECK(mistake_of("1 < x < 2") == "7: comparisons are not chained: write a < b and b < c in the place of a < b < c");
  CHECK(mistake_of("exp(x, 2)") == "1: 'exp' takes 1 argument, not 2");
  CHECK_THAT(mistake_of("3 * sigmiod(x)"), ContainsSubstring("5: unknown function 'sigmiod'; did you mean 'sigmoid'?"));
  CHECK_THAT(mistake_of(std::string(20000, '(')), ContainsSubstring("no more than 10000 are read"));
  CHECK_THAT(mistake_of(std::string(5000, '(')), ContainsSubstring("more than 100 expressions within each other"));
  CHECK_THAT(mistake_of(std::string(5000, '-') + "x"), ContainsSubstring("more than 100 expressions"));
  std::string sum = "x"; // long is not deep
  for (int k = 0; k < 3000; ++k) sum += "+x";
  CHECK(value_of_text(sum, 1) == 3001);
}

TEST_CASE("derivatives are those of differences", "[dynamics][equations][gradient]") {
  constexpr double x = 0.37, y = 0.81, h = 1e-5;
  for (const char *text : {"x*y - x/y",
                           "exp(x*y) + expm1(x)",
                           "log(x + y) + log1p(x*y)",
                           "sqrt(x*y)",
                           "abs(y - 3*x)",
                           "sin(x)*cos(y)",
                           "tan(x*y)",
                           "atan(x/y)",
                           "sinh(x)*cosh(y)",
                           "tanh(x - y)",
                           "sigmoid(3*x)",
                           "softplus(x - 2*y)",
                           "exprel(2*x - y)",
                           "exprel(x + 2*y)",
                           "x^y",
                           "x^3 + y^-1 + x^1.7",
                           "min(x, y)*max(x, 2*y)",
                           "where(x < y, x^2, y)",
                           "clip(x, 0.2, 0.5)*y",
                           "exprel(tanh(x)*y)*exprel(x*x)"}) {
    INFO(text);
    eq::Graph graph;
    const std::vector<eq::NodeIndex> leaves{graph.leaf(eq::Leaf::Kind::state, 0), graph.leaf(eq::Leaf::Kind::state, 1)};
    const eq::NodeIndex value = eq::nodes_of(eq::parse(text), {{"x", leaves[0]}, {"y", leaves[1]}}, graph);
    const auto slopes = eq::gradient(graph, {value}, {graph.literal(1)}, leaves);
    const auto curvature = eq::gradient(graph, {slopes[0]}, {graph.literal(1)}, leaves);
    const auto at = [&](eq::NodeIndex node, double first, double second) {
      return values_at(graph, {first, second})[node];
    };
    const auto difference = [&](eq::NodeIndex node, double dx, double dy) {
      return (8 * (at(node, x + dx, y + dy) - at(node, x - dx, y - dy)) -
              (at(node, x + 2 * dx, y + 2 * dy) - at(node, x - 2 * dx, y - 2 * dy))) /
             (12 * h);
    };
    CHECK(at(slopes[0], x, y) == Approx(difference(value, h, 0)).margin(1e-9));
    CHECK(at(slopes[1], x, y) == Approx(difference(value, 0, h)).margin(1e-9));
    CHECK(at(curvature[0], x, y) == Approx(difference(slopes[0], h, 0)).margin(1e-8));
    CHECK(at(curvature[1], x, y) == Approx(difference(slopes[0], 0, h)).margin(1e-8));
  }
}

TEST_CASE("slopes at kinks and beyond a function's range are finite", "[dynamics][equations][gradient]") {
  using Slopes = std::vector<double>;
  for (const auto &function : eq::functions()) { // √x has no slope at 0, and below it no value
    if (function.help.empty()) continue;
    const std::string call = function.name + (function.arguments == 1   ? "(sqrt(x))"
                                              : function.arguments == 2 ? "(sqrt(x), sqrt(x) + 1)"
                                                                        : "(sqrt(x), log(x), 1/sqrt(x))");
    INFO(call);
    CHECK(slopes_of_text("where(x > 0, " + call + ", y)", -1) == Slopes{0, 1});
    CHECK(slopes_of_text("where(x > 0, " + call + ", y)", 0) == Slopes{0, 1});
  }
  CHECK(slopes_of_text("relu(x)", 0) == Slopes{0, 0}); // as of the activation
  CHECK(slopes_of_text("max(x, y) + min(x, y)", 2, 2) == Slopes{2, 0});
  CHECK(slopes_of_text("clip(x, -1, 1)", 3) == Slopes{0, 0});
  CHECK(std::abs(slopes_of_text("abs(x)", 0)[0]) <= 1);
  CHECK(slopes_of_text("x ^ y", 0, 2) == Slopes{0, 0});
  CHECK(slopes_of_text("x ^ y", 0, 0)[0] == 0);
  CHECK(slopes_of_text("x ^ 5", -2) == Slopes{80, 0});
  CHECK(slopes_of_text("x ^ 0", 0) == Slopes{0, 0});
}

TEST_CASE("a program has the values of its nodes", "[dynamics][equations]") {
  const double nan = std::nan("");
  const std::vector<double> x{-2, -0.5, 0, 0.25, 1, 3, nan, 1}, y{1, -0.5, 0, 2, 1, -3, 1, nan};
  for (const auto &function : eq::functions()) {
    const std::string call = function.arguments == 3   ? function.name + "(x, y, x + y)"
                             : !function.help.empty()  ? function.name + (function.arguments == 1 ? "(x)" : "(x, y)")
                             : function.arguments == 1 ? function.name + " x"
                                                       : "x " + function.name + " y";
    INFO(call);
    eq::Graph graph;
    const auto node =
        eq::nodes_of(eq::parse(call),
                     {{"x", graph.leaf(eq::Leaf::Kind::state, 0)}, {"y", graph.leaf(eq::Leaf::Kind::state, 1)}}, graph);
    const auto program = eq::flatten(graph, {node}, {});
    const auto given = [&](const eq::Leaf &leaf, std::size_t, std::size_t) { return (leaf.index == 0 ? x : y).data(); };
    const double *const out =
        eq::run_block<double>(program, eq::scratch<double>(0), given, eq::nowhere<double>, 0, 0, x.size())[0];
    for (std::size_t k = 0; k < x.size(); ++k) {
      INFO(x[k] << " and " << y[k]);
      const double wanted = values_at(graph, {x[k], y[k]})[node];
      if (std::isfinite(wanted))
        CHECK(out[k] == Approx(wanted).epsilon(1e-14).margin(1e-300));
      else
        CHECK((std::isnan(wanted) ? std::isnan(out[k]) : out[k] == wanted));
    }
  }
}

TEST_CASE("units multiply, and only what has one unit is added", "[dynamics][equations]") {
  CHECK(unit_mistake("g * v") == "pA");
  CHECK(unit_mistake("i / c") == "mV/ms");
  CHECK(unit_mistake("c / g") == "ms");
  CHECK(unit_mistake("v ^ 2 / v") == "mV");
  CHECK(unit_mistake("v ^ (-1/2) * v ^ (3/2)") == "mV");
  CHECK(unit_mistake("sqrt(v * v) + 3") == "mV"); // a number may be of any unit where it is added
  CHECK(unit_mistake("free * v").empty());
  CHECK(unit_mistake("free * v + g") == "nS");
  CHECK(unit_mistake("exp(v / (2 * v)) * v") == "mV");
  CHECK(unit_mistake("v + g") == "3: '+' of mV and nS: they are not of one kind");
  CHECK(unit_mistake("i - n") == "3: '-' of pA and nA: numbers are not converted, so both must have the same unit");
  CHECK(unit_mistake("0.04 * v ^ 2 + 5 * v") == "14: '+' of mV^2 and mV: they are not of one kind");
  CHECK(unit_mistake("1 + exp(v)") == "5: 'exp' of mV: it takes a number without a unit");
  CHECK(unit_mistake("v < g ? v : v") == "3: '<' of mV and nS: they are not of one kind");
  CHECK(unit_mistake("v ^ free") == "3: the exponent of mV is to be written as a number");
  CHECK(eq::is_same(eq::unit_of("1/(MOhm ms)"), eq::unit_of("uS/ms")));
  CHECK(eq::is_same(eq::unit_of("uA/cm^2"), eq::unit_of("uA/cm2")));
  CHECK(eq::is_same(eq::unit_of("µS"), eq::unit_of("uS")));
  CHECK(eq::is_same(eq::unit_of("GOhm*pA"), eq::unit_of("mV")));
  CHECK(eq::is_plain(eq::unit_of("1")));
  for (const char *text : {"mX", "12 ms", "12ms", "15", "10", "mV^12", " "})
    CHECK_THROWS_AS(eq::unit_of(text), eq::Mistake);
  CHECK_THROWS_AS(eq::unit_of("mV/"), eq::Mistake);
}

TEST_CASE("what is wrong with equations in a model file is one line with its pointer", "[dynamics][equations]") {
  const std::string at = "/architecture/regions/cell/dynamics";
  CHECK(refusal_of_equations(rate_neuron("(-(v - E) + I)/tau")).empty());
  CHECK_THAT(refusal_of_equations(rate_neuron("(-(v - E) + I)/tao")),
             ContainsSubstring(at + "/states/v: column 16: unknown symbol 'tao'; did you mean 'tau'?"));
  CHECK_THAT(refusal_of_equations(rate_neuron("(-(v - E + I)/tau")),
             ContainsSubstring(at + "/states/v: column 18: the text ends where a ')' should stand"));
  CHECK_THAT(refusal_of_equations(R"({ "type": "equations", "states": { "v": "-v + I" } })"),
             ContainsSubstring(at + ": says neither \"rate\" (or \"activation\") nor \"threshold\""));
  CHECK_THAT(refusal_of_equations(R"("equations")"), ContainsSubstring(at + ": needs \"states\""));
  CHECK_THAT(refusal_of_equations(R"({ "type": "equations", "rate": "1" })"), ContainsSubstring("states"));
  CHECK_THAT(refusal_of_equations(
                 R"({ "type": "equations", "states": { "E": "-E" }, "parameters": { "E": 1 }, "rate": "E" })"),
             ContainsSubstring(at + "/parameters/E: 'E' is a state already; give it another name"));
  CHECK_THAT(refusal_of_equations(R"({ "type": "equations", "states": { "exp": "1" }, "rate": "1" })"),
             ContainsSubstring("'exp' is a function; give it another name"));
  CHECK_THAT(refusal_of_equations(R"({ "type": "equations", "states": { "I": "1" }, "rate": "1" })"),
             ContainsSubstring("'I' is the current into the soma already"));
  CHECK_THAT(refusal_of_equations(
                 R"({ "type": "equations", "states": { "v": "a" }, "let": { "a": "b", "b": "a + 1" }, "rate": "v" })"),
             ContainsSubstring(at + "/let/a: is defined by itself: a → b → a"));
  CHECK_THAT(refusal_of_equations(R"({ "type": "equations", "states": { "v": "-v" }, "rate": "v + I" })"),
             ContainsSubstring(at + "/rate: holds the current 'I', which only slopes may"));
  CHECK_THAT(refusal_of_equations(rate_neuron("-v", R"(, "reset": "1")")),
             ContainsSubstring(at + "/reset: only neurons that spike have one, and there is no \"threshold\""));
  CHECK_THAT(refusal_of_equations(rate_neuron("-v", R"(, "threshold": 1)")),
             ContainsSubstring(at + "/rate: neurons that spike (\"threshold\") have no rate of their own"));
  CHECK_THAT(refusal_of_equations(
                 R"({ "type": "equations", "states": { "v": "-v + I" }, "threshold": 1, "reset": { "w": "0" } })"),
             ContainsSubstring(at + "/reset/w: unknown state 'w'"));
  CHECK_THAT(
      refusal_of_equations(R"({ "type": "equations", "states": { "v": "-v + I" }, "threshold": 1, "reset": "0" })"),
      ContainsSubstring(at + "/states/v: says not where the potential begins"));
  for (const char *threshold : {"v > -50", "v", "let_v + 1", "w > 1", "w > 1 and not (w < 0)"})
    CHECK_THAT(
        refusal_of_equations(
            R"({ "type": "equations", "states": { "v": { "slope": "I", "initial": 0 }, "w": "0" }, "threshold": ")" +
            std::string(threshold) + R"(", "let": { "let_v": "2 * v" } })"),
        ContainsSubstring(at + R"(/threshold: is the value that 'v' reaches, as "-50", and no condition)"));
  CHECK_THAT(refusal_of_equations(R"({ "type": "equations", "states": { "rate": "-rate + I" }, "rate": "2 * rate" })"),
             ContainsSubstring(at + "/states/rate: 'rate' is a signal, which is something else here"));
  CHECK(refusal_of_equations(R"({ "type": "equations", "states": { "rate": "-rate + I" }, "rate": "rate" })").empty());
  CHECK_THAT(refusal_of_equations(R"({ "type": "equations", "states": { "v": { "slope": "E - v + g", "unit": "mV" } },
                         "parameters": { "E": { "value": 1, "unit": "mV" }, "g": { "value": 1, "unit": "nS" } },
                         "rate": "v" })"),
             ContainsSubstring(at + "/states/v/slope: column 7: '+' of mV and nS: they are not of one kind"));
  CHECK_THAT(refusal_of_equations(R"({ "type": "equations", "states": { "v": { "slope": "-v/tau", "unit": "mV" } },
                         "parameters": { "tau": { "value": 1, "unit": "s" } }, "rate": "v" })"),
             ContainsSubstring("and the slope of this state is in mV/ms"));
  CHECK_THAT(refusal_of_equations(
                 R"({ "type": "equations", "states": { "v": { "slope": "-v", "unit": "mX" } }, "rate": "v" })"),
             ContainsSubstring(at + "/states/v/unit: 'mX' is no unit"));
  CHECK_THAT(refusal_of_equations(R"({ "type": "equations", "states": { "v": { "slope": "-v", "initial": "Ee" } },
                         "parameters": { "EL": 1 }, "rate": "v" })"),
             ContainsSubstring(at + "/states/v/initial: unknown parameter 'Ee'"));
  CHECK_THAT(refusal_of_equations(
                 R"({ "type": "equations", "states": { "v": "-v + a" }, "parameters": { "a": [1, 2] }, "rate": "v" })"),
             ContainsSubstring(at + "/parameters/a: 2 numbers for the 3 neurons of 'cell'"));
  CHECK_THAT(refusal_of_equations(rate_neuron("-v"), R"("size": 3, "bias": 1)"), ContainsSubstring("has no soma"));
  CHECK_THAT(refusal_of_equations(rate_neuron("-v", R"(, "rte": "v")")), ContainsSubstring("rte"));
}

TEST_CASE("what no equation reads is told", "[dynamics][equations]") {
  const auto model =
      model::load_text(::equations::model_of(rate_neuron("(E - v + I)/5")), "m.json", spiking::vocabulary());
  REQUIRE(model.warnings.size() == 1);
  CHECK_THAT(model.warnings[0],
             ContainsSubstring("/dynamics/parameters/tau: warning: no equation reads this parameter"));
}
