// Objectives of several terms, as the model file says them, and what is refused.
#include "catch.hpp"
#include "input/input_error.hpp"
#include "spiking.hpp"

using namespace engram;

namespace {

std::string with_objective(const std::string &objective, const std::string &more = "") {
  return R"({ "architecture": { "regions": { "in": { "size": 3, "dynamics": "input" },
      "hidden": { "size": 3, "dynamics": { "type": "leaky_rate", "tau": 5 } }, "out": { "size": 2, "dynamics": "static" },
      "cells": { "size": 2, "dynamics": "izhikevich" }, "lif": { "size": 2, "dynamics": "lif" } },
    "projections": [ { "from": "in", "to": "hidden" }, { "from": "hidden", "to": "out" } ] },
    "objective": )" +
         objective + R"(, "task": { "stimuli": { "inputs": [[1, 0, 0], [0, 1, 0]], "targets": [[1, 0], [0, 1]],
      "counts": [[1, 2, 3], [0, 0, 1]] }, )" +
         more + R"( "trial": [ { "phase": "show", "duration": 4, "stimulus": "in", "objective": true },
      { "phase": "go", "duration": 2 } ] } })";
}

std::string wrong_with(const std::string &text) {
  try {
    model::load_text(text, "m.json", spiking::vocabulary());
  } catch (const input::InputError &error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("terms are read with all that they say", "[model][objective]") {
  const auto m = model::load_text(with_objective(R"([ { "type": "mse", "region": "out" },
      { "type": "reconstruction", "region": "hidden", "signal": "potential", "target": "in" },
      { "type": "prediction", "name": "next", "region": "hidden", "delay": 3, "weight": 0.5, "delivery": "scalar" },
      { "type": "poisson_likelihood", "region": "hidden", "target": "counts", "per_rate": 0.02, "phases": ["go"] },
      { "type": "sparsity", "region": "hidden", "measure": "kl", "rate": 0.1, "strength": 2 } ])"),
                                  "m.json", spiking::vocabulary());
  using Kind = model::Target::Kind;
  const auto terms = model::terms_of(m);
  REQUIRE(terms.size() == 5);
  CHECK(terms[0]->target.kind == Kind::task);
  CHECK(terms[0]->pointer == "/objective/0");
  CHECK(terms[1]->target.kind == Kind::signal);
  CHECK(terms[1]->target.from.region == 0);
  CHECK(terms[1]->target.from.port == "rate");
  CHECK(terms[1]->signal == "potential");
  CHECK(terms[2]->name == "next");
  CHECK(terms[2]->target.from.region == 1); // itself
  CHECK(terms[2]->delay == 3);
  CHECK(terms[2]->weight == 0.5);
  CHECK(terms[3]->target.array == "counts");
  CHECK(terms[3]->phases == std::vector<std::string>{"go"});
  CHECK(terms[3]->parameters.at("per_rate").a == 0.02);
  CHECK(terms[4]->parameters.at("measure").a == 2);
  CHECK(terms[4]->strength == 2);
  const auto one =
      model::load_text(with_objective(R"({ "type": "mse", "region": "out" })"), "m.json", spiking::vocabulary());
  CHECK(one.objective.pointer == "/objective");
  CHECK(one.further_terms.empty());
}

TEST_CASE("terms that cannot be meant are refused, each in one line with its pointer", "[model][objective]") {
  const auto [objective, pointer, because] = GENERATE(table<std::string, std::string, std::string>({
      {R"([])", "/objective", "must not be empty"},
      {R"("mse")", "/objective", "expected an object or an array"},
      {R"([ { "type": "mse" } ])", "/objective/0", "the key 'region' is missing"},
      {R"([ { "type": "mes", "region": "out" } ])", "/objective/0/type", "'mse'"},
      {R"([ { "type": "mse", "region": "out" }, { "type": "mse", "region": "out" } ])", "/objective/1",
       "two terms are called 'mse': give one of them another \"name\""},
      {R"([ { "type": "mse", "region": "aut" } ])", "/objective/0/region", "'out'"},
      {R"([ { "type": "mse", "region": "out", "signal": "rat" } ])", "/objective/0/signal", "'rate'"},
      {R"([ { "type": "sparsity", "region": "lif", "signal": "gain" } ])", "/objective/0/signal",
       "has no slope of its own"},
      {R"([ { "type": "mse", "region": "out", "name": "a b" } ])", "/objective/0/name", "letters, digits"},
      {R"([ { "type": "mse", "region": "out", "target": "nothing" } ])", "/objective/0/target",
       "'nothing' is neither an array of /task/stimuli nor a region"},
      {R"([ { "type": "mse", "region": "out", "target": "counts" } ])", "/objective/0/target",
       "'counts' has 3 numbers in a row, and 'out' has 2 neurons"},
      {R"([ { "type": "mse", "region": "out", "target": "hidden" } ])", "/objective/0/target",
       "'hidden' has 3 neurons, and 'out' has 2"},
      {R"([ { "type": "mse", "region": "out", "target": "out" } ])", "/objective/0/target", "a signal is what it is"},
      {R"([ { "type": "mse", "region": "out", "target": "in.rte" } ])", "/objective/0/target", "rte"},
      {R"([ { "type": "reconstruction", "region": "hidden" } ])", "/objective/0", "the key 'target' is missing"},
      {R"([ { "type": "prediction", "region": "hidden" } ])", "/objective/0", "the key 'delay' is missing"},
      {R"([ { "type": "prediction", "region": "hidden", "delay": 0 } ])", "/objective/0/delay", "must be above 0"},
      {R"([ { "type": "prediction", "region": "hidden", "delay": 1.5 } ])", "/objective/0/delay", "not a multiple"},
      {R"([ { "type": "prediction", "region": "hidden", "delay": 6 } ])", "/objective/0/delay",
       "no shorter than the trial"},
      {R"([ { "type": "sparsity", "region": "hidden", "target": "in" } ])", "/objective/0/target", "target"},
      {R"([ { "type": "sparsity", "region": "hidden", "measure": "l3" } ])", "/objective/0/measure", "l1"},
      {R"([ { "type": "sparsity", "region": "hidden", "measure": "kl", "rate": 0 } ])", "/objective/0/rate", "above 0"},
      {R"([ { "type": "activity", "region": "hidden", "delivery": "nudge" } ])", "/objective/0/delivery",
       "a nudge is given in each step"},
      {R"([ { "type": "mse", "region": "cells" } ])", "/objective/0/region", "has none"},
      {R"([ { "type": "mse", "region": "out", "phases": ["shwo"] } ])", "/objective/0/phases/0", "'show'"},
      {R"([ { "type": "contrastive", "region": "out" } ])", "/objective/0", "the task has none"},
      {R"([ { "type": "contrastive", "region": "out" } ])", "/task/batch", "a batch has one"},
      {R"([ { "type": "poisson_likelihood", "region": "hidden", "target": "in" } ])", "/objective/0/target",
       "takes an array of the task, and no signal"},
      {R"([ { "type": "reconstruction", "region": "hidden", "target": "in", "delivery": "clamp" } ])",
       "/objective/0/delivery", "a clamp holds the rate"},
      {R"([ { "type": "mse", "region": "out", "delivery": "clamp" },
            { "type": "mse", "name": "b", "region": "hidden", "target": "counts", "delivery": "clamp" } ])",
       "/objective/1/delivery", "one region is held at its target at a time"},
      {R"([ { "type": "reconstruction", "region": "out", "target": "out.apical" } ])", "", "signals need each other"},
  }));
  const auto text = wrong_with(with_objective(objective));
  INFO(objective << "\n" << text);
  CHECK(text.find(pointer + ": ") != std::string::npos);
  CHECK(text.find(because) != std::string::npos);
}

TEST_CASE("modulators of terms are read by their names", "[model][objective]") {
  const auto with_rule = [](const std::string &modulator) {
    auto text = with_objective(R"([ { "type": "mse", "region": "out" },
        { "type": "sparsity", "name": "cost", "region": "hidden" } ])");
    const std::string at = R"("projections": [ { "from": "in", "to": "hidden" },)";
    text.replace(text.find(at), at.size(), R"("projections": [ { "from": "in", "to": "hidden", "rule": "r" },)");
    text.insert(1, R"( "learning": { "rules": { "r": { "plugin": "three_factor", "modulators": { "modulator": ")" +
                       modulator + R"(" } } } }, )");
    return text;
  };
  const auto m = model::load_text(with_rule("cost.reward"), "m.json", spiking::vocabulary());
  CHECK(m.rules[0].modulators[0].given == "reward");
  CHECK(m.rules[0].modulators[0].term == 1u);
  CHECK_FALSE(model::load_text(with_rule("loss"), "m.json", spiking::vocabulary()).rules[0].modulators[0].term);
  CHECK(wrong_with(with_rule("cots.loss")).find("/learning/rules/r/modulators/modulator") != std::string::npos);
}

TEST_CASE("an array that is not there, too wide, or of negative counts is refused as the trials are read",
          "[model][objective]") {
  const auto refused = [](const std::string &objective, std::map<std::string, std::string> arrays) {
    auto text = with_objective(objective);
    for (const auto &[from, to] : arrays) text.replace(text.find(from), from.size(), to);
    const auto m = model::load_text(text, "m.json", spiking::vocabulary());
    try {
      task::load_trials(m, {ENGRAM_SOURCE_DIR "/models/data", {}});
    } catch (const input::InputError &error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string counts = R"([[1, 2, 3], [0, 0, 1]])";
  const std::string term = R"([ { "type": "poisson_likelihood", "region": "hidden", "target": "counts" } ])";
  CHECK(refused(term, {}).empty());
  CHECK(refused(term, {{counts, "[[1, 2, 3], [0, -1, 1]]"}}).find("has a number below 0") != std::string::npos);
}
