// These tests load model files, from sound ones to each kind of mistake.
#include "model/load.hpp"
#include "catch.hpp"
#include "small_vocabulary.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace engram;
using namespace engram::model;
namespace fs = std::filesystem;

namespace {

const std::string small = R"({"architecture": {"regions": {
  "in": {"size": 3, "dynamics": "input"},
  "a": {"size": 2, "dynamics": "static"},
  "b": {"size": 2, "dynamics": "leaky_rate"}},
 "projections": [{"from": "in", "to": "a"}, {"from": "a", "to": "b"}]}})";

LoadOptions with(std::vector<std::string> settings) {
  LoadOptions options;
  options.settings = std::move(settings);
  return options;
}

Model load_small(std::vector<std::string> settings) {
  return load_text(small, "small.json", small_vocabulary(), with(std::move(settings)));
}

std::string refusal(const std::string &text, const LoadOptions &options = {}) {
  try {
    load_text(text, "m.json", small_vocabulary(), options);
  } catch (const input::InputError &error) {
    return error.what();
  }
  return "";
}

std::string digits_refusal(std::vector<std::string> settings) {
  return refusal(digits_model, with(std::move(settings)));
}
std::string small_refusal(std::vector<std::string> settings) { return refusal(small, with(std::move(settings))); }

struct Folder {
  fs::path path = fs::temp_directory_path() / ("engram_model_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path / "base"); }
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string &name, const std::string &text) const {
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
};

} // namespace

TEST_CASE("a model file becomes structs with every default filled in", "[model]") {
  const Model m = load_text(digits_model, "m.json", small_vocabulary());
  CHECK(m.seed == 7);
  CHECK(m.time.integrator.type == "runge_kutta4");
  REQUIRE(m.regions.size() == 3);
  CHECK(m.regions[0].name == "retina"); // the file's order, not the alphabet's
  CHECK(m.regions[1].dynamics.number("tau") == 20);
  CHECK(m.regions[2].dynamics.number("tau") == 10); // the vocabulary's default
  CHECK(m.regions[1].activation.type == "power_law");
  CHECK(m.regions[1].activation.number("exponent") == 3);
  CHECK(m.regions[1].bias.a == 0.5);
  CHECK(m.regions[1].bias_rules == std::vector<std::string>{"gated"});
  CHECK(m.regions[1].noise.number("sd") == 0.1);
  CHECK(m.regions[2].noise.type == "none");
  CHECK(m.regions[2].initial->kind == Quantity::Kind::uniform);
  CHECK(m.regions[2].initial->a == -1);
  REQUIRE(m.projections.size() == 4);
  CHECK(m.projections[0].name == "retina->V1");
  CHECK(m.projections[0].weights.a == 2);
  CHECK(m.projections[0].constraints.maximum == 3.0);
  CHECK(m.projections[0].constraints.mask);
  CHECK(m.projections[1].delay == 2);
  CHECK(m.projections[1].weights.kind == Weights::Kind::gain);
  CHECK(m.projections[2].name == "lateral");
  CHECK(m.projections[2].rules.empty());
  REQUIRE(m.rules.size() == 1);
  CHECK(m.rules[0].parameters == std::map<std::string, double>{{"decay", 0.25}, {"variant", 1}});
  CHECK(m.rules[0].optimizer.number("beta1") == 0.5);
  CHECK(m.task.held_out.fraction == 0.2);
  CHECK(m.task.trial[1].stimuli[0].array == "inputs");
  CHECK(m.task.trial[1].plastic);
  CHECK(m.record[1].which == Recorded::Which::held_out);
  CHECK(m.record[1].to == 70);
}

TEST_CASE("feedback is written out as projections", "[model]") {
  const auto v = small_vocabulary();
  const auto feedback = [&](const std::string &kind) {
    const Model m = load_text(digits_model, "m.json", v, with({"/learning/feedback=" + kind}));
    REQUIRE(m.projections.size() == 4);
    CHECK(m.projections[3].name == "decision.error->V1.apical");
    CHECK(m.expanded.find("\"feedback\":") == std::string::npos);
    return m.projections[3].weights;
  };
  CHECK(feedback("random").kind == Weights::Kind::gain);
  CHECK(feedback("direct").kind == Weights::Kind::gain);
  CHECK(feedback("transpose").kind == Weights::Kind::transpose_of);
  CHECK(feedback("transpose").other == 1);
  CHECK(feedback(R"({"type":"sign","gain":3})").a == 3);
  CHECK(feedback(R"({"type":"random","weights":{"uniform":{"low":-2,"high":2}}})").b == 2);
  CHECK_THAT(digits_refusal({"/objective/delivery=scalar"}),
             ContainsSubstring("/learning/feedback: feedback carries errors"));
}

TEST_CASE("direct feedback skips layers, random feedback does not", "[model]") {
  const std::string deep = R"({"architecture": {"regions": {"i": {"size": 2, "dynamics": "input"},
    "a": {"size": 3, "dynamics": "static"}, "b": {"size": 4, "dynamics": "static"}, "c": {"size": 5, "dynamics": "static"},
    "side": {"size": 2, "dynamics": "static"}},
    "projections": [{"from": "i", "to": "a"}, {"from": "a", "to": "b"}, {"from": "b", "to": "c"}, {"from": "a", "to": "side"}]},
    "objective": {"type": "mse", "region": "c"}, "learning": {"feedback": "random"}})";
  const auto names = [&](const std::string &kind) {
    const Model m = load_text(deep, "m.json", small_vocabulary(), with({"/learning/feedback=" + kind}));
    std::vector<std::string> out;
    for (std::size_t k = 4; k < m.projections.size(); ++k) out.push_back(m.projections[k].name);
    return out;
  };
  CHECK(names("random") == std::vector<std::string>{"b.error->a.apical", "c.error->b.apical"});
  CHECK(names("direct") == std::vector<std::string>{"c.error->a.apical", "c.error->b.apical"});
}

TEST_CASE("what is shown loads again to the same", "[model]") {
  const Model m = load_text(digits_model, "m.json", small_vocabulary());
  const Model again = load_text(m.expanded, "m.json", small_vocabulary());
  CHECK(again.expanded == m.expanded);
  CHECK(again.projections.size() == m.projections.size());
  for (std::size_t k = 0; k < m.projections.size(); ++k) {
    CHECK(again.projections[k].name == m.projections[k].name);
    CHECK(again.projections[k].weights.a == m.projections[k].weights.a);
    CHECK(again.projections[k].pointer == m.projections[k].pointer);
  }
  CHECK(again.rules[0].parameters == m.rules[0].parameters);
  CHECK(again.regions[1].activation.parameters.at("exponent").a == 3);
}

TEST_CASE("each problem is told once, with its line and what was meant", "[model]") {
  const std::string text = "{\n \"architecture\": {\"regions\": {\n  \"V1\": {\"size\": 3,\n"
                           "   \"dynamics\": {\"type\": \"leaky_rate\",\n    \"tua\": 3}},\n"
                           "  \"V2\": {\"size\": 0, \"dynamics\": \"laeky_rate\"}}},\n \"sede\": 1}";
  const std::string told = refusal(text);
  CHECK_THAT(told, ContainsSubstring(
                       "m.json:5: /architecture/regions/V1/dynamics/tua: unknown key 'tua'; did you mean 'tau'?"));
  CHECK_THAT(told, ContainsSubstring("m.json:6: /architecture/regions/V2/size: must be at least 1, not 0"));
  CHECK_THAT(told,
             ContainsSubstring(
                 "m.json:6: /architecture/regions/V2/dynamics: unknown name 'laeky_rate'; did you mean 'leaky_rate'?"));
  CHECK_THAT(told, ContainsSubstring("m.json:7: /sede: unknown key 'sede'; did you mean 'seed'?"));
  CHECK(std::count(told.begin(), told.end(), '\n') == 3);
}

TEST_CASE("text that is not plain JSON is refused with its place", "[model]") {
  CHECK_THAT(refusal("{\n\"a\": 1,\n\"a\": 2}"), ContainsSubstring("m.json:3: /a: the key stands here a second time"));
  CHECK_THAT(refusal("{\n\"seed\":\n1e999}"), ContainsSubstring("m.json:3: /seed: the number is too large"));
  CHECK_THAT(refusal("{\n\"seed\": NaN}"), ContainsSubstring("m.json:2: /seed: syntax error"));
  CHECK_THAT(refusal(std::string(100000, '[')), ContainsSubstring("nested more than 64 deep"));
  CHECK_THAT(refusal(""), ContainsSubstring("m.json:1: "));
  CHECK_THAT(refusal("[1]"), ContainsSubstring("a model file holds one object"));
}

TEST_CASE("settings change values that have a place", "[model]") {
  CHECK(load_small({"/architecture/regions/b/dynamics={\"type\":\"leaky_rate\",\"tau\":5}",
                    "/architecture/regions/b/dynamics/tau=4"})
            .regions[2]
            .dynamics.number("tau") == 4);
  CHECK(load_small({"/seed=9e18"}).seed == 9000000000000000000); // a whole number, as JSON Schema means it
  CHECK(load_small({"/name=rate and time"}).name == "rate and time");
  CHECK(load_small({"/architecture/projections/1/delay=3"}).projections[1].delay == 3);
  CHECK_THAT(small_refusal({"/architecture/regoins/b/size=4"}),
             ContainsSubstring("--set: /architecture/regoins: unknown key 'regoins'; did you mean 'regions'?"));
  CHECK_THAT(small_refusal({"/architecture/projections/2/delay=3"}),
             ContainsSubstring("not an index into an array of 2"));
  CHECK_THAT(small_refusal({"/seed=1e999"}), ContainsSubstring("too large"));
  CHECK_THAT(small_refusal({"/seed=-1"}), ContainsSubstring("--set: /seed: must be at least 0"));
  LoadOptions seed;
  seed.seed = 99;
  CHECK(load_text(digits_model, "m.json", small_vocabulary(), seed).seed == 99);
}

TEST_CASE("edits are settings whose values are JSON already, and come after them", "[model]") {
  LoadOptions options = with({"/name=setting", "/time/step=2"});
  options.edits = {{"/time/step", 0.5}, {"/architecture/projections/1/delay", 3}, {"/name", "7"}};
  const auto edited = load_text(small, "small.json", small_vocabulary(), options);
  CHECK(edited.name == "7"); // a setting would take it for a number
  CHECK(edited.expanded ==
        load_small({"/name=setting", "/time/step=0.5", "/architecture/projections/1/delay=3", "/name=\"7\""}).expanded);
  options.edits = {{"/seed", -1}};
  CHECK_THROWS_WITH(load_text(small, "small.json", small_vocabulary(), options),
                    ContainsSubstring("--set: /seed: must be at least 0"));
}

// RFC 7396, and the same word for word as a file that extends.
TEST_CASE("settings are merge patches", "[model]") {
  // A missing parent is made.
  CHECK(load_small({"/time/step=0.5"}).time.step == 0.5);
  CHECK(load_small({"/time/integrator/type=runge_kutta4"}).time.integrator.type == "runge_kutta4");
  // null removes; what is not there may be removed too.
  CHECK(load_small({"/architecture/projections/1/delay=3", "/architecture/projections/1/delay=null"})
            .projections[1]
            .delay == 0);
  CHECK(load_small({"/name=x", "/name=null", "/description=null"}).name.empty());
  CHECK(load_small({"/time/step=null"}).time.step == 1);
  // An object is merged, key by key; with null its keys go.
  const auto merged = load_small({"/time/step=0.5", R"(/time={"integrator":"runge_kutta4"})"});
  CHECK(merged.time.step == 0.5);
  CHECK(merged.time.integrator.type == "runge_kutta4");
  CHECK(load_small({"/time/step=0.5", R"(/time={"step":null})"}).time.step == 1);
  // An array is replaced as a whole, and so is an element; null removes an element.
  CHECK(load_small({R"(/architecture/projections=[{"from":"in","to":"b"}])"}).projections.size() == 1);
  CHECK(load_small({"/architecture/projections/0/delay=2", R"(/architecture/projections/0={"from":"in","to":"b"})"})
            .projections[0]
            .delay == 0);
  const auto shorter = load_small({"/architecture/projections/0=null"});
  REQUIRE(shorter.projections.size() == 1);
  CHECK(shorter.projections[0].name == "a->b");
  // What is no object gives way to one, as in a merge patch; whether it may, the schema says.
  CHECK_THAT(small_refusal({"/seed/x=1"}), ContainsSubstring("--set: /seed: expected a whole number, not an object"));
  // The same model by an extending file.
  const Folder folder;
  folder.write("base/base.json", small);
  const std::string patch = R"("time": {"step": 0.5}, "architecture": {"regions": {"b": {"size": 4}}})";
  const Model extended =
      load(folder.write("v.json", R"({"extends": "base/base.json", )" + patch + "}"), small_vocabulary());
  const Model set = load_small({R"(/time={"step": 0.5})", R"(/architecture={"regions": {"b": {"size": 4}}})"});
  CHECK(extended.expanded == set.expanded);
}

TEST_CASE("a file changes the file that it extends", "[model]") {
  const Folder folder;
  std::string base = small;
  base.insert(
      base.rfind('}'),
      R"(, "seed": 4, "name": "base", "task": {"stimuli": {"inputs": {"file": "x.npy"}}, "trial": [{"phase": "p", "duration": 1}]})");
  folder.write("base/base.json", base);
  const std::string variant =
      folder.write("variant.json", "{\"extends\": \"base/base.json\", \"name\": null,\n\"seed\": 5,\n\"architecture\": "
                                   "{\"regions\": {\"a\": {\"size\": 9}}}}");
  const Model m = load(variant, small_vocabulary());
  CHECK(m.seed == 5);
  CHECK(m.name.empty());
  CHECK(m.regions[1].size == 9);
  CHECK(m.regions[1].dynamics.type == "static");
  CHECK(m.task.stimuli.arrays.at("inputs").file == (folder.path / "base/x.npy").string());
  const std::string wrong = folder.write("wrong.json", "{\"extends\": \"variant.json\",\n\n\"sede\": 5}");
  CHECK_THROWS_WITH(load(wrong, small_vocabulary()), ContainsSubstring("wrong.json:3: /sede"));
  folder.write("c1.json", R"({"extends": "c2.json"})");
  folder.write("c2.json", R"({"extends": "c1.json"})");
  CHECK_THROWS_WITH(load((folder.path / "c1.json").string(), small_vocabulary()), ContainsSubstring("extends itself"));
  CHECK_THROWS_WITH(load((folder.path / "none.json").string(), small_vocabulary()), ContainsSubstring("no such file"));
}

TEST_CASE("names that mean nothing are refused with the nearest that does", "[model]") {
  CHECK_THAT(digits_refusal({"/architecture/projections/0/from=retnia"}),
             ContainsSubstring("unknown region 'retnia'; did you mean 'retina'?"));
  CHECK_THAT(digits_refusal({"/architecture/projections/0/from=retina.rat"}),
             ContainsSubstring("unknown signal 'rat'; did you mean 'rate'?"));
  CHECK_THAT(digits_refusal({"/architecture/projections/0/to=V1.apcial"}), ContainsSubstring("did you mean 'apical'?"));
  CHECK_THAT(digits_refusal({"/architecture/projections/0/to=retina"}), ContainsSubstring("no projection can target"));
  CHECK_THAT(digits_refusal({"/architecture/projections/0/rule=gatd"}),
             ContainsSubstring("unknown rule 'gatd'; did you mean 'gated'?"));
  CHECK_THAT(digits_refusal({"/learning/rules/gated/plugin=feedbck_alignment"}),
             ContainsSubstring("did you mean 'feedback_alignment'?"));
  CHECK_THAT(digits_refusal({R"(/learning/rules/gated/parameters={"decya":1})"}),
             ContainsSubstring("/learning/rules/gated/parameters/decya: unknown key 'decya'; did you mean 'decay'?"));
  CHECK_THAT(digits_refusal({"/record/V1/0=spike"}), ContainsSubstring("unknown signal 'spike'"));
  CHECK_THAT(small_refusal({R"(/architecture/projections/0/weights={"transpose_of":"a->bb"})"}),
             ContainsSubstring("unknown projection 'a->bb'; did you mean 'a->b'?"));
  CHECK_THAT(small_refusal({R"(/architecture/projections/0/weights={"copy_of":"a->bb"})"}),
             ContainsSubstring("unknown projection 'a->bb'; did you mean 'a->b'?"));
  CHECK_THAT(small_refusal({R"(/learning={"rules":{"x":{"plugin":"/rules/own.so","parameters":{"decya":1}}}})"}),
             ContainsSubstring("did you mean 'decay'?"));
  CHECK(load_small({R"(/learning={"rules":{"x":{"plugin":"/rules/own.so","parameters":{"decay":1}}}})"})
            .rules[0]
            .parameters.at("decay") == 1);
}

TEST_CASE("a rule where none is installed is refused for what it is", "[model]") {
  auto vocabulary = small_vocabulary();
  REQUIRE_FALSE(vocabulary.rules.empty());
  vocabulary.rules.clear();
  std::string told;
  try {
    load_text(digits_model, "m.json", vocabulary, {});
  } catch (const input::InputError &error) {
    told = error.what();
  }
  CHECK(told.find("/plugin: '") != std::string::npos);
  CHECK(told.find("' is not the path of an .so (and no rule is installed by name)") != std::string::npos);
}

TEST_CASE("what does not fit together is refused", "[model]") {
  CHECK_THAT(small_refusal({"/architecture/projections/0/connect=one_to_one"}),
             ContainsSubstring("one_to_one joins regions of one size"));
  CHECK_THAT(small_refusal({"/architecture/projections/0/weights=[[1,2],[3,4],[5,6]]"}),
             ContainsSubstring("3 rows of 2 numbers, not 2 rows"));
  CHECK(load_small({"/architecture/projections/0/weights=[[1,2,3],[4,5,6]]"}).projections[0].weights.values[3] == 4);
  CHECK_THAT(small_refusal({"/architecture/projections/0/weights=[[1,2,3],[4,5]]"}),
             ContainsSubstring("the row has 2 numbers"));
  CHECK_THAT(small_refusal({"/architecture/regions/b/bias=[1,2,3]"}),
             ContainsSubstring("3 numbers for the 2 neurons of 'b'"));
  CHECK_THAT(small_refusal({"/architecture/regions/in/bias=1"}), ContainsSubstring("no soma"));
  CHECK_THAT(small_refusal({R"(/architecture/projections/1={"from":"in","to":"a"})"}),
             ContainsSubstring("a second projection named 'in->a'"));
  CHECK_THAT(small_refusal({R"(/architecture/projections/0/weights={"transpose_of":"a->b"})"}),
             ContainsSubstring("needs the transpose of 2 × 3"));
  CHECK_THAT(small_refusal({R"(/architecture/projections/1/weights={"transpose_of":"a->b"})"}),
             ContainsSubstring("depend on themselves"));
  CHECK_THAT(small_refusal({R"(/architecture/projections/0/weights={"copy_of":"a->b"})"}),
             ContainsSubstring("needs 2 × 3 weights, and 'a->b' has 2 × 2"));
  CHECK_THAT(small_refusal({R"(/architecture/projections/1/weights={"copy_of":"a->b"})"}),
             ContainsSubstring("follow from another projection's"));
  CHECK_THAT(small_refusal({"/architecture/projections/0/delay=1.5"}), ContainsSubstring("not a multiple of the step"));
  CHECK_THAT(digits_refusal({"/task/trial/0/duration=1e-9"}), ContainsSubstring("shorter than a step"));
  CHECK_THAT(digits_refusal({"/task/trial/0/duration=1e300"}), ContainsSubstring("more than 10^9 steps"));
  CHECK_THAT(digits_refusal({"/task/batch=0"}), ContainsSubstring("must be at least 1"));
  CHECK_THAT(small_refusal({R"(/architecture/projections/0/constraints={"norm":2,"maximum":0.6})"}),
             ContainsSubstring("/constraints/norm: weights are scaled to it, past a 'minimum' or a 'maximum'"));
  CHECK_NOTHROW(load_small({R"(/architecture/projections/0/constraints={"norm":2,"minimum":0})"}));
  CHECK_THAT(digits_refusal({"/task/trial/0/stimulus=V1"}),
             ContainsSubstring("only a region whose dynamics is 'input'"));
  CHECK_THAT(digits_refusal({"/architecture/regions/V1/size=1000000000000000000"}), ContainsSubstring("GB of memory"));
  CHECK_THAT(digits_refusal({"/learning/rules/gated/plugin=backprop", "/learning/rules/gated/parameters=null",
                             "/precision=single", "/learning/rules/gated/apply=step"}),
             ContainsSubstring("does not offer single precision") && ContainsSubstring("/learning/rules/gated/apply"));
  CHECK_THAT(digits_refusal({"/objective/delivery=clamp"}),
             ContainsSubstring("needs an objective whose delivery is 'vector'"));
  CHECK_THAT(small_refusal({R"(/learning={"rules":{"x":{"plugin":"feedback_alignment"}}})",
                            "/architecture/projections/0/rule=x"}),
             ContainsSubstring("and the model has none"));
  CHECK_THAT(digits_refusal({R"(/architecture/regions/V1/dynamics={"type":"wilson_cowan"})"}),
             ContainsSubstring("reads the postsynaptic signal 'error', which 'V1'"));
}

TEST_CASE("signals may not need each other within a step", "[model]") {
  const std::string back = R"(/architecture/regions/b/dynamics=static)";
  const std::string loop = R"(/architecture/projections/0={"from":"b","to":"a"})";
  CHECK_THAT(small_refusal({back, loop}), ContainsSubstring("a.rate -> b.soma") &&
                                              ContainsSubstring("b.rate -> a.soma") && ContainsSubstring("delay"));
  CHECK_NOTHROW(load_small({back, loop, "/architecture/projections/0/delay=1"}));
  CHECK_NOTHROW(load_small({loop})); // b has a state: its rate is known before its current
}
