// exponential_euler moves neurons whose slopes are linear in their states exactly, and the gradient goes back through
// it.
#include "dynamics/exact_steps.hpp"
#include "catch.hpp"
#include "equations.hpp"
#include "input/input_error.hpp"
#include "neurons.hpp"

#include <fmt/format.h>

#include <cmath>
#include <complex>

using namespace engram;
using neurons::CellRun;

namespace {

std::string by_exponentials(double step) {
  return fmt::format(R"("step": {}, "integrator": "exponential_euler")", step);
}

// Two states that drive each other, and a rate that is not linear in them.
const std::string linear_pair = R"json({ "type": "equations",
  "states": { "x": "(-x - 2*y + I + 0.5*apical)/tau", "y": { "slope": "(x - y)/(2*tau)", "initial": 0.3 } },
  "parameters": { "tau": 3 }, "rate": "softplus(x)*sigmoid(y)", "potential": "x + y*y/2", "settles": true })json";

circuits::Circuit in_a_circuit(const std::string &cells, bool feedforward = false) {
  const auto give = [&](model::Region &region) {
    if (cells == "linear_pair") return equations::give(region, linear_pair);
    region.dynamics =
        cells == "resonator" ? neurons::typed(cells, {{"tau", 4}, {"frequency", 60}}) : neurons::typed(cells);
    region.activation = circuits::activation("tanh");
  };
  return neurons::recurrent(give, "exponential_euler", feedforward);
}

bool is_linear(const std::string &slope) {
  return equations::compiled(R"({ "type": "equations", "states": { "v": ")" + slope +
                             R"(", "w": "-w" }, "parameters": { "a": 2, "b": 3 }, "rate": "v" })")
             ->table.linear == 1;
}

} // namespace

TEST_CASE("a linear rate neuron follows its closed form in steps of any length", "[dynamics][exact]") {
  // z = x + i y of the resonator: z' = λ z + I / tau, λ = i ω − 1 / tau. One state: tau u' = −u + I.
  using namespace std::complex_literals;
  const std::string resonator = R"("resonator")", written = R"json({ "type": "equations", "activation": "linear",
      "states": { "x": "(I - x)/tau - omega*y", "y": "omega*x - y/tau" },
      "let": { "omega": "2*pi*f/1000" }, "parameters": { "tau": 100, "f": 10 } })json",
                    leaky = R"({ "type": "leaky_rate", "tau": 13 })";
  const double omega = 2 * 3.14159265358979323846 * 10 / 1000;
  for (const double step : {0.1, 2.5, 40.0}) {
    INFO(step);
    const auto run = [&](const std::string &cell) {
      return CellRun(equations::model_of(cell, R"("size": 2, "bias": [1.5, -3])", by_exponentials(step), 200))
          .potential;
    };
    const auto plugin = run(resonator), own = run(written), one = run(leaky);
    REQUIRE(plugin.size() == static_cast<std::size_t>(std::llround(200 / step)));
    double worst = 0, worst_leaky = 0;
    for (std::size_t k = 0; k < plugin.size(); ++k)
      for (const std::size_t i : {0, 1}) {
        const double t = static_cast<double>(k) * step, I = i == 0 ? 1.5 : -3;
        const std::complex<double> lambda = -0.01 + 1i * omega, z = -(I / 100) / lambda * (1.0 - std::exp(lambda * t));
        worst = std::max({worst, std::abs(plugin[k](i, 0) - z.real()), std::abs(own[k](i, 0) - z.real())});
        worst_leaky = std::max(worst_leaky, std::abs(one[k](i, 0) - I * (1 - std::exp(-t / 13))));
      }
    CHECK(worst < 1e-12);
    CHECK(worst_leaky < 1e-12);
  }
}

TEST_CASE("all linear neurons of engram step exactly: as a fourth-order method does in short steps",
          "[dynamics][exact]") {
  for (const std::string cell :
       {R"("leaky_rate")", R"("dendritic")", R"({ "type": "dendritic", "apical_input": "current" })",
        R"("supralinear")", R"("burst")", R"({ "type": "wilson_cowan", "refractory": 0 })"}) {
    INFO(cell);
    const auto rates = [&](const std::string &time) {
      return CellRun(equations::model_of(cell, R"("size": 2, "bias": [0.4, 1.3])", time, 40)).rate;
    };
    const auto exact = rates(by_exponentials(5)), short_steps = rates(R"("step": 0.02, "integrator": "runge_kutta4")");
    REQUIRE(exact.size() == 8);
    REQUIRE(short_steps.size() == 2000);
    double worst = 0;
    for (std::size_t k = 0; k < exact.size(); ++k)
      worst = std::max(worst, arma::abs(exact[k] - short_steps[250 * k]).max());
    CHECK(worst < 1e-9);
    CHECK(arma::abs(exact.back() - exact.front()).max() > 1e-3); // it went somewhere
  }
}

TEST_CASE("a potential that becomes infinite in an exact step ends the run", "[dynamics][exact][equations]") {
  const auto run = [](const std::string &integrator) {
    CellRun(equations::model_of(R"json({ "type": "equations", "threshold": 1, "reset": 0, "parameters": { "C": 0.01 },
        "states": { "v": { "slope": "(0 - v)/10 + I/C", "initial": 0 } } })json",
                                R"("size": 2, "bias": 1e308)", R"("step": 0.1)" + integrator));
  };
  for (const char *integrator : {"", R"(, "integrator": "runge_kutta4")"})
    CHECK_THROWS_WITH(run(integrator), ContainsSubstring("the slope of 'v' is inf"));
}

TEST_CASE("what rates send each other stays through an exact step", "[dynamics][exact]") {
  // tau u' = −u + w u + I with the u that it sends held: u(t + h) = a u + (1 − e) I, e = exp(−h / tau), a = e + (1 − e)
  // w. So u = I / (1 − w) (1 − aⁿ).
  const CellRun seen(R"({ "time": { "step": 2, "integrator": "exponential_euler" }, "architecture": { "regions": {
      "cell": { "size": 1, "bias": 0.7, "dynamics": { "type": "leaky_rate", "tau": 9, "activation": "linear" } } },
    "projections": [ { "from": "cell", "to": "cell", "weights": 0.6 } ] },
    "task": { "trial": [ { "phase": "run", "duration": 60 } ] } })");
  const double e = std::exp(-2.0 / 9), a = e + (1 - e) * 0.6;
  REQUIRE(seen.potential.size() == 30);
  for (std::size_t n = 0; n < 30; ++n)
    CHECK(seen.potential[n](0, 0) == Approx(0.7 / 0.4 * (1 - std::pow(a, n))).margin(1e-14));
}

TEST_CASE("the gradient through exact steps agrees with differences of the loss", "[dynamics][exact][gradient]") {
  for (const std::string cells : {"leaky_rate", "dendritic", "leaky_again", "resonator", "linear_pair"}) {
    INFO(cells);
    CHECK(neurons::gradient_error(in_a_circuit(cells)) < 1e-6);
  }
  CHECK(neurons::gradient_error(in_a_circuit("resonator", true)) < 1e-6);
  CHECK(neurons::gradient_error(in_a_circuit("linear_pair", true)) < 1e-6);
  // Where the state is the rate itself.
  circuits::Circuit c;
  c.model.time.integrator = circuits::typed("exponential_euler");
  const auto in = c.input(3), cell = c.region("cell", 4, neurons::typed("supralinear"), "softplus"),
             out = c.leaky("out", 2);
  c.learn("exact", "backprop");
  c.connect(in, cell, "exact", 0, "rate", "soma", 2);
  c.connect(cell, cell, "exact", 1, "rate", "soma", 1.5);
  c.connect(cell, cell, "exact", 0, "rate", "soma", 0.5);
  c.connect(cell, out, "exact");
  c.objective("mse", out);
  c.phase(12, 1, true);
  c.data(3);
  CHECK(neurons::gradient_error(c) < 1e-6);
}

TEST_CASE("neurons that are not linear, and conductances, take no exact steps", "[dynamics][exact]") {
  const auto refusal = [](const std::string &cell, const std::string &more = R"("size": 1)") {
    try {
      CellRun(equations::model_of(cell, more, by_exponentials(0.1)));
      return std::string();
    } catch (const input::InputError &error) {
      return std::string(error.what());
    }
  };
  const std::string spiking = R"json({ "type": "equations", "threshold": 1, "reset": 0, "states": {
      "v": { "slope": "(I - v)/9", "initial": 0 } } })json",
                    conductance = R"("size": 1, "receptors": { "e": "conductance_exponential" })";
  CHECK_THAT(refusal(R"("fitzhugh_nagumo")"),
             ContainsSubstring("/time/integrator: 'exponential_euler' moves neurons whose slopes are linear in their "
                               "states, and those of 'cell', which is 'fitzhugh_nagumo', are not: take runge_kutta4"));
  CHECK_THAT(refusal(R"("wilson_cowan")"), ContainsSubstring("which is 'wilson_cowan', are not"));
  CHECK(refusal(R"({ "type": "wilson_cowan", "refractory": 0 })") == "");
  CHECK_THAT(refusal(R"("adex")"), ContainsSubstring("which is 'adex', are not"));
  CHECK(refusal(spiking) == "");
  for (const auto &cell : {spiking, std::string(R"("glif")")})
    CHECK_THAT(refusal(cell, conductance), ContainsSubstring("are not where a receptor ('e') is a conductance"));
}

TEST_CASE("equations are linear by their form", "[dynamics][exact][equations]") {
  for (const char *slope : {"(-v + a*I)/b", "a > 1 ? -v : v", "-(v - 3)*exp(-a)*b", "I", "0", "apical - sqrt(b)*w"}) {
    INFO(slope);
    CHECK(is_linear(slope));
  }
  for (const char *slope : {"-v*v", "v*w", "abs(v)", "heaviside(v)", "a/(1 + v)", "v > 0 ? 1 : 2", "where(v, 1, 2)",
                            "min(v, 1)", "exp(-I)", "a^v", "v*I"}) {
    INFO(slope);
    CHECK_FALSE(is_linear(slope));
  }
}

TEST_CASE("linear equations that spike step exactly, unless the file names an integrator",
          "[dynamics][exact][equations]") {
  // Under a constant current: the exact potential, or Euler's, by its own recursion.
  const auto potentials = [](const std::string &integrator) {
    return CellRun(equations::model_of(
                       R"json({ "type": "equations", "threshold": 100, "reset": 0, "parameters": { "tau": 9 },
        "states": { "v": { "slope": "(I - v)/tau", "initial": 0 } } })json",
                       R"("size": 1, "bias": 5)", R"("step": 3)" + integrator, 30))
        .potential;
  };
  const auto usual = potentials(""), named = potentials(R"(, "integrator": "exponential_euler")"),
             euler = potentials(R"(, "integrator": "euler")");
  for (std::size_t n = 0; n < usual.size(); ++n) {
    CHECK(usual[n](0, 0) == Approx(5 * (1 - std::exp(-3.0 * static_cast<double>(n) / 9))).margin(1e-13));
    CHECK(usual[n](0, 0) == named[n](0, 0));
    CHECK(euler[n](0, 0) == Approx(5 * (1 - std::pow(1 - 3.0 / 9, n))).margin(1e-13));
  }
}

TEST_CASE("linear equations spike when lif does, at the same potentials", "[dynamics][exact][equations]") {
  const double decay = std::exp(-0.5 / 40);
  const auto cell = [&](const std::string &dynamics) {
    return CellRun(fmt::format(R"({{ "time": {{ "step": 0.5 }}, "architecture": {{ "regions": {{ "cell": {{
        "size": 3, "bias": [300, 420, 700], "noise": {{ "type": "gaussian", "sd": 30 }}, "dynamics": {} }} }} }},
        "task": {{ "trial": [ {{ "phase": "run", "duration": 400 }} ] }} }})",
                               dynamics));
  };
  const auto built_in = cell(R"({ "type": "lif", "tau": 15, "refractory": 3, "reset": -65, "adaptation_tau": 40,
                                  "adaptation": 0.7 })"),
             own = cell(fmt::format(R"json({{ "type": "equations",
      "states": {{ "v": {{ "slope": "(E - v)/tau + I/C", "initial": "E" }}, "theta": "-theta/tau_theta" }},
      "parameters": {{ "tau": 15, "C": 250, "E": -70, "tau_theta": 40, "raise": {:.17g} }},
      "threshold": "theta - 50", "reset": {{ "v": -65, "theta": "theta + raise" }}, "refractory": 3 }})json",
                                    0.7 / decay));
  CHECK(built_in.spikes.size() > 20);
  CHECK(built_in.spikes == own.spikes);
  CHECK(neurons::greatest_difference(built_in.potential, own.potential) < 1e-9);
}
