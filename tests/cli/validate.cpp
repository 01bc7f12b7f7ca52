// validate refuses, in the same words, whatever run refuses before its first step. It also warns of what a model
// declares and never uses.
#include "catch.hpp"
#include "cli/npy_file.hpp"
#include "command.hpp"

#include <filesystem>
#include <sstream>

using namespace command;

namespace {

const std::string sound_model = R"({
  "architecture": { "regions": { "in": { "size": 2, "dynamics": "input" }, "out": { "size": 2, "dynamics": "static" } },
    "projections": [ { "from": "in", "to": "out", "rule": "r" } ] },
  "objective": { "type": "mse", "region": "out" },
  "learning": { "rules": { "r": { "plugin": "backprop" } } },
  "task": { "stimuli": { "inputs": [[1, 0], [0, 1]], "targets": [[1, 0], [0, 1]] }, "trial": [ { "phase": "p",
    "duration": 1, "stimulus": "in", "objective": true, "plastic": true } ] } })";

std::string with_set(const std::string &setting) { return " --set '" + setting + "'"; }

} // namespace

TEST_CASE("validate refuses what run refuses before its first step", "[cli][validate]") {
  const Folder folder;
  folder.write("m.json", sound_model);
  folder.write("wide.csv", "1,0,0\n0,1,0\n");
  folder.write("short.csv", "1,0\n");
  folder.write("words.csv", "1,0\n0,x\n");
  folder.write("spikes.csv", "neuron,ms\n0,1\n7,2\n");
  const std::string stimuli = "/task/stimuli/",
                    source = R"(/architecture/regions/s={"size":2,"dynamics":"spike_source",)";
  for (const auto &[settings, because] : std::vector<std::pair<std::string, std::string>>{
           {with_set(stimuli + R"(inputs={"file":"absent.npy"})"), "/task/stimuli/inputs"},
           {with_set(stimuli + R"(inputs={"file":"wide.csv"})"), "shows 3 values to region 'in' of 2 neurons"},
           {with_set(stimuli + R"(targets={"file":"wide.csv"})"), "has 3 values a trial"},
           {with_set(stimuli + R"(inputs={"file":"short.csv"})"), "rows where others have"},
           {with_set(stimuli + R"(inputs={"file":"words.csv"})"), "'x' is not a number"},
           {with_set(stimuli + R"(inputs={"file":"m.json"})"), "unknown kind of file"},
           {with_set(source + R"("spikes":{"file":"absent.csv"}})"), "/architecture/regions/s/spikes"},
           {with_set(source + R"("spikes":{"file":"spikes.csv"}})"), "'s' has 2 neurons, and spikes of 8 are given"},
           {with_set(R"(/architecture/projections/0/weights={"file":"absent.npy"})"),
            "/architecture/projections/0/weights"},
           {with_set(R"(/architecture/regions/s={"size":200,"dynamics":{"type":"leaky_rate",)"
                     R"("tau":{"normal":{"mean":10,"sd":100}}}})"),
            "of 200 neurons are outside"},
           {with_set(R"(/learning/rules/r/optimizer={"type":"adam","beta1":1})"), "must be at most 0.999999, not 1"},
           {with_set(R"(/learning/rules/r/optimizer={"type":"adam","beta2":1})"), "must be at most 0.999999, not 1"},
           {with_set(R"(/learning/rules/r/optimizer={"type":"adam","epsilon":0})"), "must be above 0, not 0"},
           {with_set("/task/held_out=2"), "keeps 2 trials for testing"}}) {
    INFO(settings);
    const auto valid = command::engram("validate m.json" + settings, folder.path);
    const auto run = command::engram("run m.json --quiet" + settings, folder.path);
    INFO(valid.err);
    CHECK(valid.exit == 2);
    CHECK(valid.out.empty());
    CHECK_THAT(valid.err, ContainsSubstring(because));
    CHECK(valid.err == run.err);
    CHECK(run.exit == 2);
  }
}

TEST_CASE("what a neuron drew is refused with the line of its distribution", "[cli][validate]") {
  const Folder folder;
  folder.write("m.json", R"({
  "architecture": { "regions": {
    "cells": { "size": 200,
      "dynamics": { "type": "leaky_rate",
        "tau": { "normal": { "mean": 10, "sd": 100 } } } } } },
  "task": { "trial": [ { "phase": "p", "duration": 1 } ] } })");
  for (const std::string name : {"validate m.json", "run m.json --quiet"}) {
    const auto r = command::engram(name, folder.path);
    INFO(name << "\n" << r.err);
    CHECK(r.exit == 2);
    CHECK_THAT(r.err, ContainsSubstring("m.json:5: /architecture/regions/cells/dynamics/tau: neuron "));
  }
}

TEST_CASE("all files that are wrong are told together", "[cli][validate]") {
  const Folder folder;
  folder.write("m.json", sound_model);
  const auto r = command::engram("validate m.json" + with_set(R"(/task/stimuli/inputs={"file":"a.npy"})") +
                                     with_set(R"(/task/stimuli/targets={"file":"b.npy"})") +
                                     with_set(R"(/architecture/projections/0/weights={"file":"c.npy"})"),
                                 folder.path);
  CHECK(r.exit == 2);
  for (const std::string name : {"a.npy", "b.npy", "c.npy"}) CHECK_THAT(r.err, ContainsSubstring(name));
}

TEST_CASE("frames that a phase has no step for are told", "[cli][validate]") {
  const Folder folder;
  folder.write("m.json", sound_model);
  write_numbers(folder, "film.npy", {2, 2, 2}, {1, 0, 0, 1, 0, 1, 1, 0}); // trials × frames × neurons
  const auto frames = with_set(R"(/task/stimuli/inputs={"file":"film.npy"})");
  const auto one = command::engram("validate m.json" + frames, folder.path);
  CHECK(one.exit == 0);
  CHECK_THAT(one.err, ContainsSubstring("/task/stimuli/inputs: has 2 frames where phase 'p' has 1 step"));
  const auto two = command::engram("validate m.json" + frames + with_set("/task/trial/0/duration=2"), folder.path);
  CHECK(two.exit == 0);
  CHECK(two.err.empty());
}

TEST_CASE("what a model says and never uses is told in a line", "[cli][validate]") {
  const Folder folder;
  folder.write("m.json", sound_model);
  const auto quiet = command::engram("validate m.json", folder.path);
  CHECK(quiet.exit == 0);
  CHECK(quiet.err.empty());
  for (const auto &[settings, where, what] : std::vector<std::array<std::string, 3>>{
           {with_set("/task/trial/0/plastic=false"), "/learning/rules/r", "no phase of the trial is plastic"},
           {with_set("/task/trial/0/plastic=null"), "/learning/rules/r", "no phase of the trial is plastic"},
           {with_set(R"(/learning/rules/other={"plugin":"hebb"})"), "/learning/rules/other",
            "no projection and no bias"},
           {with_set(R"(/learning/rules/other={"plugin":"hebb"})") + with_set(R"(/task/trial/0/plastic=["other"])"),
            "/learning/rules/r", "no phase of the trial is plastic"},
           {with_set("/task/stimuli/cue=[1, 2]"), "/task/stimuli/cue", "no phase of the trial shows it"},
           {with_set("/task/trial/0/stimulus=null"), "/architecture/regions/in", "shows it a stimulus"},
           {with_set("/task/trial/0/objective=false"), "/objective", "no phase of the trial delivers it"},
           {with_set(R"(/record/out={"signals":["rate"],"trials":"held_out"})"), "/record/out/trials",
            "no trial is tested"},
           {with_set(R"(/record/out={"signals":["rate"],"trials":[5]})"), "/record/out/trials", "there is no trial 5"},
           {with_set("/architecture/projections/0/weights=[[1, -1], [0, 2]]") +
                with_set("/architecture/projections/0/constraints/minimum=0"),
            "/architecture/projections/0", "from neuron 1 to neuron 0 the model says -1"},
           {with_set("/architecture/projections/0/weights=-0.5") +
                with_set("/architecture/projections/0/constraints/sign=excitatory"),
            "/architecture/projections/0", "the model says -0.5, and 0.5 is what it begins with"},
           {with_set(R"(/architecture/projections/0/weights={"uniform":{"low":-1,"high":1}})") +
                with_set("/architecture/projections/0/constraints/maximum=-0.9"),
            "/architecture/projections/0", "cut off"},
           {with_set("/architecture/projections/0/weights=[[1, 1], [0, 2]]") +
                with_set("/architecture/projections/0/connect=one_to_one"),
            "/architecture/projections/0", "1 weight stands that is not 0 where 'one_to_one' makes no synapse"},
           {with_set("/architecture/regions/out/initial=1"), "/architecture/regions/out/initial",
            "'static' has no state that could begin with it"},
           {with_set("/architecture/projections/0/delay=50"), "/architecture/projections/0/delay",
            "50 ms is no shorter than a trial, 1 ms, so nothing arrives"},
           {with_set(R"(/architecture/regions/cell={"size":1,"dynamics":"lif","receptors":{"a":)"
                     R"({"type":"exponential","tau":5,"background_rate":900}}})"),
            "/architecture/regions/cell/receptors/a", "has a rate and no weight"},
           {with_set(R"(/architecture/regions/cell={"size":1,"dynamics":"lif","receptors":{"a":)"
                     R"({"type":"exponential","tau":5,"background_weight":9}}})"),
            "/architecture/regions/cell/receptors/a", "has a weight and no rate"},
           {with_set("/task/held_out=0.1"), "/task/held_out", "of 2 trials"}}) {
    INFO(settings);
    const auto valid = command::engram("validate m.json" + settings, folder.path);
    const auto run = command::engram("run m.json --quiet" + settings, folder.path);
    INFO(valid.err);
    CHECK(valid.exit == 0);
    CHECK(run.exit == 0);
    CHECK(run.err == valid.err);
    CHECK(std::count(valid.err.begin(), valid.err.end(), '\n') >= 1);
    CHECK_THAT(valid.err, ContainsSubstring(where + ": warning: ") && ContainsSubstring(what));
  }
}

TEST_CASE("backprop is called at the end of a trial and learns from a phase before it, and nothing is warned of",
          "[cli][validate]") {
  const Folder folder;
  folder.write("m.json", sound_model);
  const auto r = command::engram("validate m.json" +
                                     with_set(R"(/task/trial=[{"phase":"p","duration":1,"stimulus":"in","plastic":true},
        {"phase":"q","duration":1,"objective":true}])"),
                                 folder.path);
  INFO(r.err);
  CHECK(r.exit == 0);
  CHECK(r.err.empty()); // backprop looks at the whole trial
}

TEST_CASE("shipped models are valid, and nothing in them is left unused", "[cli][validate]") {
  const Folder folder;
  const std::string models = std::string(ENGRAM_SOURCE_DIR) + "/models";
  // Those of MNIST need its files; the largest networks take long to build.
  const std::vector<std::string> left_out{
      "mnist", "brunel", "inhibitory-plasticity", "full", "microcircuit.json", "microcircuit-poisson"};
  std::size_t tried = 0;
  for (const auto &entry : fs::recursive_directory_iterator(models)) {
    const auto path = entry.path().string();
    if (entry.path().extension() != ".json") continue;
    if (std::any_of(left_out.begin(), left_out.end(), [&](const auto &part) { return contains(path, part); })) continue;
    INFO(path);
    const auto r = command::engram("validate '" + path + "'", folder.path);
    CHECK(r.exit == 0);
    // What a rate of rules that move weights at each step counts for is said of some, and that no gradient goes through
    // an environment; neither is a warning.
    std::istringstream lines(r.err);
    for (std::string line; std::getline(lines, line);)
      CHECK_THAT(line, ContainsSubstring(": note: rule '") || ContainsSubstring("note: no gradient goes through the "));
    ++tried;
  }
  CHECK(tried > 40);
}
