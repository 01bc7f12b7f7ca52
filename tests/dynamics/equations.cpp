// Neurons by equations: beside the same neurons built in and as plugins, their gradient, and the checks of plugins.
#include "equations.hpp"
#include "catch.hpp"
#include "conformance/neuron_bench.hpp"
#include "conformance/neuron_checks.hpp"
#include "dynamics/equations/functions.hpp"
#include "input/input_error.hpp"
#include "neurons.hpp"

#include <cmath>
#include <fmt/format.h>

using namespace engram;
using circuits::Circuit;
using neurons::CellRun;
using neurons::greatest_difference;

namespace {

const std::string fitzhugh_nagumo_text = R"json({ "type": "equations",
  "states": { "v": { "slope": "(v - v*v*v/3 - w + I)/time", "initial": -1.199408035244035 },
              "w": { "slope": "(v + a - b*w)/(tau*time)", "initial": -0.6242600440550439 } },
  "parameters": { "time": 1, "tau": 12.5, "a": 0.7, "b": 0.8, "slope": 4, "threshold": 0 },
  "rate": "sigmoid(slope*(v - threshold))" })json";

// As the plugin has it, with its default parameters; n begins where it would be at rest.
const std::string morris_lecar_text = R"json({ "type": "equations",
  "states": { "v": { "slope": "(I - gL*(v - EL) - gCa*m*(v - ECa) - gK*n*(v - EK))/C", "initial": -60, "unit": "mV" },
              "n": { "slope": "phi*(n_rest - n)*cosh((v - V3)/(2*V4))", "initial": "n0", "unit": "1" } },
  "let": { "m": "0.5*(1 + tanh((v - V1)/V2))", "n_rest": "0.5*(1 + tanh((v - V3)/V4))" },
  "parameters": { "C": { "value": 20, "unit": "uF/cm^2" }, "gL": { "value": 2, "unit": "mS/cm^2" },
    "gCa": { "value": 4.4, "unit": "mS/cm^2" }, "gK": { "value": 8, "unit": "mS/cm^2" },
    "EL": { "value": -60, "unit": "mV" }, "ECa": { "value": 120, "unit": "mV" }, "EK": { "value": -84, "unit": "mV" },
    "V1": { "value": -1.2, "unit": "mV" }, "V2": { "value": 18, "unit": "mV" }, "V3": { "value": 2, "unit": "mV" },
    "V4": { "value": 30, "unit": "mV" }, "phi": { "value": 0.04, "unit": "1/ms" }, "n0": NZERO,
    "at": { "value": 0, "unit": "mV" }, "over": { "value": 5, "unit": "mV" } },
  "rate": "sigmoid((v - at)/over)" })json";

// The built-in adex, without the width and the traces of its spikes.
const std::string adex_text = R"({ "type": "equations",
  "states": { "v": { "slope": "(gL*(EL - v) + gL*min(D*exp(min((v - VT)/D, 80)), 1e7) - w + I)/C", "initial": "EL" },
              "w": "(a*(v - EL) - w)/tau_w" },
  "parameters": { "C": 281, "gL": 30, "EL": -70.6, "VT": -50.4, "D": 2, "tau_w": 144, "a": 2, "b": 80.5, "peak": -20 },
  "threshold": "peak", "reset": { "v": "EL", "w": "w + b" }, "refractory": 2 })";

// Every function at once, smooth where it is looked at.
const std::string all_functions_text = R"json({ "type": "equations",
  "states": {
    "x": "-x + sin(y) + expm1(0.3*x)*exprel(y) + softplus(x) + log1p(y^2) + log(2 + x^2) - 0.1*sinh(x)*cosh(y) + c1",
    "y": { "slope": "c0 - y*sqrt(1 + x^2) + atan(x)*cos(y) + c2 + c3 + c4 + I/(1 + exp(-k*x))", "initial": 0.5 } },
  "let": {
    "c0": "exp(-k)/(1 + k^2)*pi",
    "c1": "apical*tan(0.3*x)",
    "c2": "clip(x, -9, 9) + where(x > -5 and not (y < -5), tanh(x*y), x)",
    "c3": "max(x, y - 9) - min(x, 2*y + 9) + (1.5 + y^2)^x + relu(x + 3)",
    "c4": "heaviside(y + 5)*exp(-abs(x + 5))" },
  "parameters": { "k": 1.3 },
  "rate": "sigmoid(x)*exprel(y) + tanh(x*y)", "potential": "x*y" })json";

Circuit recurrent_equations(const std::string &cells, const std::string &integrator, bool feedforward = false) {
  return neurons::recurrent([&](model::Region &region) { equations::give(region, cells); }, integrator, feedforward);
}

std::string with_replaced(std::string text, const std::string &what, const std::string &by) {
  text.replace(text.find(what), what.size(), by);
  return text;
}

// n of Morris & Lecar at rest at −60 mV.
std::string morris_lecar_at_rest() {
  return with_replaced(morris_lecar_text, "NZERO", fmt::format("{:.17g}", 0.5 * (1 + std::tanh((-60.0 - 2) / 30))));
}

} // namespace

TEST_CASE("neurons by equations pass the checks of plugins", "[dynamics][equations]") {
  for (const auto &text : {fitzhugh_nagumo_text, morris_lecar_at_rest(), adex_text, all_functions_text}) {
    const auto neurons = equations::compiled(text);
    INFO(text);
    for (const auto check : {conformance::neuron_numbers, conformance::neuron_repeats, conformance::neuron_neighbours,
                             conformance::neuron_order, conformance::neuron_gradient, conformance::neuron_precisions}) {
      std::string failed;
      try {
        check(neurons->table);
      } catch (const conformance::Failure &failure) {
        failed = failure.reason;
      }
      INFO(failed);
      CHECK(failed.empty());
    }
  }
}

TEST_CASE("each integrator converges on neurons by equations", "[dynamics][equations]") {
  const auto neurons = equations::compiled(fitzhugh_nagumo_text);
  CHECK_NOTHROW(conformance::neuron_steps(neurons->table));
}

TEST_CASE("equations move as the same neurons do as plugins", "[dynamics][equations]") {
  // The same operations in another grouping (a plugin fuses products with sums): rounding alone differs, and an
  // excitable neuron lets it grow.
  const std::string currents = R"("size": 3, "bias": [0.2, 0.5, 1.6])",
                    milliamps = R"("size": 3, "bias": [20, 90, 150])";
  const std::string time = R"("step": 0.1, "integrator": "runge_kutta4")";
  const CellRun fitzhugh(equations::model_of(fitzhugh_nagumo_text, currents, time, 100)),
      fitzhugh_plugin(equations::model_of(R"("fitzhugh_nagumo")", currents, time, 100));
  CHECK(arma::abs(fitzhugh.potential.back()).max() > 0.5);
  CHECK(greatest_difference(fitzhugh.potential, fitzhugh_plugin.potential) < 1e-10);
  CHECK(greatest_difference(fitzhugh.rate, fitzhugh_plugin.rate) < 1e-10);
  const CellRun morris(equations::model_of(morris_lecar_at_rest(), milliamps, time, 100)),
      morris_plugin(equations::model_of(R"("morris_lecar")", milliamps, time, 100));
  CHECK(greatest_difference(morris.potential, morris_plugin.potential) < 1e-8);
}

TEST_CASE("leaky_rate by equations has the rates and the gradient of the built-in", "[dynamics][equations][gradient]") {
  const auto circuit = [](bool by_equations) {
    auto c = neurons::graded([&](model::Region &region) {
      if (by_equations)
        equations::give(region, R"({ "type": "equations", "states": { "u": "(-u + I)/tau" },
          "parameters": { "tau": 5 }, "activation": "tanh" })");
    });
    c.model.time.integrator = circuits::typed("runge_kutta4");
    return c;
  };
  const neurons::GradedRun built_in(circuit(false)), own(circuit(true));
  REQUIRE(built_in.rate.size() == 20);
  CHECK(greatest_difference(built_in.rate, own.rate) < 1e-14);
  CHECK(neurons::changes_apart(built_in, own) < 1e-13);
}

TEST_CASE("adex by equations spikes when the built-in does, in a network with receptors",
          "[dynamics][equations][spiking]") {
  for (const char *integrator : {"runge_kutta4", "euler", "controlled_dopri5"}) {
    INFO(integrator);
    const CellRun built_in(
        neurons::spiking_network(R"({ "type": "adex", "peak": -20, "a": 2, "refractory": 2 })", integrator)),
        own(neurons::spiking_network(adex_text, integrator));
    CHECK(built_in.spikes.size() > 80);
    CHECK(built_in.spikes == own.spikes);
    CHECK(greatest_difference(built_in.potential, own.potential) < 1e-6);
  }
}

TEST_CASE("a reset takes all states as they were before the spike", "[dynamics][equations][spiking]") {
  const auto neurons =
      equations::compiled(R"({ "type": "equations", "states": { "v": { "slope": "I", "initial": 0 }, "w": "0" },
      "threshold": "1", "reset": { "v": "w", "w": "v" } })");
  conformance::NeuronInput<double> in{3, 1, {}, {}, {}, {}};
  const conformance::NeuronBench<double> bench(neurons->table, in);
  std::vector<double> state{2, 0.5, 3, -7, -8, -9}, zero(3, 0.0);
  std::vector<std::uint32_t> who(3);
  std::size_t count = 0;
  const engram_spiking_step step{sizeof(engram_spiking_step), zero.data(), nullptr, zero.data(), nullptr};
  const auto all = bench.population(1);
  bench.call(bench.calls().fire, &all, static_cast<void *>(state.data()), &step, who.data(), &count);
  CHECK(count == 2);
  CHECK(who[1] == 2);
  CHECK(state == std::vector<double>{-7, 0.5, -9, 2, -8, 3});
}

TEST_CASE("the gradient through neurons by equations agrees with differences of the loss",
          "[dynamics][equations][gradient]") {
  const std::string coupled = R"json({ "type": "equations",
    "states": { "x": "(-x - y*x*x + tanh(y) + I + 0.5*apical*sigmoid(x))/tau",
                "y": { "slope": "(x - y^3 - y)/(2*tau)", "initial": 0.3 } },
    "parameters": { "tau": 3 }, "rate": "softplus(x)*sigmoid(y)", "potential": "x + y/2", "settles": true })json";
  for (const char *integrator : {"euler", "modified_midpoint", "runge_kutta4", "runge_kutta_dopri5"}) {
    INFO(integrator);
    CHECK(neurons::gradient_error(recurrent_equations(coupled, integrator)) < 1e-6);
  }
  CHECK(neurons::gradient_error(recurrent_equations(coupled, "runge_kutta4", true)) < 1e-6);
  CHECK(neurons::gradient_error(recurrent_equations(fitzhugh_nagumo_text, "runge_kutta4")) < 1e-6);
}

TEST_CASE("neurons by equations have one result, in single precision as in double", "[dynamics][equations]") {
  const auto c = recurrent_equations(fitzhugh_nagumo_text, "runge_kutta4");
  const auto loss = [&](auto scalar) {
    using T = decltype(scalar);
    auto network = c.build<T>();
    simulation::Simulator<T> simulator(c.model, network, c.trials, c.rules, {}, 1);
    return circuits::mean<T>(simulator.measure(c.all(true)));
  };
  CHECK(loss(float{}) == Approx(loss(double{})).epsilon(1e-5));
}

TEST_CASE("neurons by equations have the same bits at one thread and at two", "[dynamics][equations]") {
  const std::string more = R"("size": 700, "bias": { "uniform": { "low": 0, "high": 1.5 } })",
                    time = R"("step": 0.1, "integrator": "runge_kutta4")";
  const auto text = equations::model_of(fitzhugh_nagumo_text, more, time, 5);
  CHECK(greatest_difference(CellRun(text, 1, 1).potential, CellRun(text, 1, 2).potential) == 0);
}

TEST_CASE("neurons that settle begin where their slopes are 0", "[dynamics][equations]") {
  // u + u³ / 2 = I: at u = 1 for I = 1.5.
  const auto text = equations::model_of(R"({ "type": "equations", "states": { "u": "(-u - u^3/2 + I)/8" },
      "rate": "u", "settles": true })",
                                        R"("size": 2, "initial": "feedforward", "bias": 1.5)", R"("step": 0.5)");
  const CellRun seen(text);
  CHECK(arma::abs(seen.rate.front() - 1).max() < 1e-12);
  CHECK(arma::abs(seen.rate.back() - 1).max() < 1e-12);
  CHECK_THROWS_WITH(CellRun(with_replaced(text, R"(, "settles": true)", "")),
                    ContainsSubstring("is not known to have"));
}

TEST_CASE("a slope that is not finite ends the run", "[dynamics][equations]") {
  CHECK_THROWS_WITH(
      CellRun(equations::model_of(R"({ "type": "equations", "states": { "u": "1/u + I" }, "rate": "u" })")),
      ContainsSubstring("region 'cell'"));
}

TEST_CASE("a threshold that is not a number ends the run", "[dynamics][equations][spiking]") {
  const std::string cell = R"json({ "type": "equations", "states": { "v": { "slope": "I", "initial": 0 }, "w": "-1" },
      "threshold": "TOP", "reset": "0" })json";
  const auto run = [&](const char *top) { return CellRun(equations::model_of(with_replaced(cell, "TOP", top))); };
  CHECK_NOTHROW(run("sqrt(w + 21)"));
  CHECK_THROWS_WITH(run("sqrt(w + 1)"), ContainsSubstring("a threshold is not a number")); // after 1 ms
}

TEST_CASE("neurons with a rate take the integrator that they ask for", "[dynamics][equations][plugins]") {
  const std::string currents = R"("size": 3, "bias": [0.2, 0.5, 1.6])";
  for (const auto &neurons : {fitzhugh_nagumo_text, std::string(R"("fitzhugh_nagumo")")}) {
    const auto by = [&](const std::string &integrator) {
      return CellRun(equations::model_of(neurons, currents, R"("step": 0.1)" + integrator, 20)).potential;
    };
    const auto usual = by("");
    CHECK(greatest_difference(usual, by(R"(, "integrator": "runge_kutta4")")) == 0);
    CHECK(greatest_difference(usual, by(R"(, "integrator": "euler")")) > 1e-3);
  }
}

TEST_CASE("parameters of equations are drawn and given by neuron", "[dynamics][equations]") {
  const auto at = [](const std::string &tau) {
    const std::string neurons = R"json({ "type": "equations",
        "states": { "u": { "slope": "-u/(2*tau)", "initial": "start" } }, "rate": "u",
        "parameters": { "start": [1, 2, 3], "tau": )json" +
                                tau + " } }";
    return CellRun(equations::model_of(neurons, R"("size": 3)", R"("step": 0.5)")).rate.back();
  };
  const auto listed = at("[5, 10, 20]");
  const double ms = 19.5; // the last step is seen at its beginning
  const double taus[] = {5, 10, 20};
  for (arma::uword n = 0; n < 3; ++n)
    CHECK(listed(n, 0) ==
          Approx(static_cast<double>(n + 1) * std::exp(-ms / (2 * taus[n]))).epsilon(1e-6)); // runge_kutta4
  const auto drawn = at(R"({ "uniform": { "low": 5, "high": 20 } })");
  CHECK(drawn(0, 0) != drawn(1, 0) / 2);
}

TEST_CASE("the schema and the words describe equations", "[dynamics][equations]") {
  const auto text = model::schema(spiking::vocabulary()).dump();
  CHECK_THAT(text, ContainsSubstring("neurons spike when the first state, in mV, reaches it"));
  for (const auto &function : dynamics::equations::functions())
    if (!function.help.empty()) CHECK_THAT(equations::words().manual, ContainsSubstring(function.name + "(x"));
}
