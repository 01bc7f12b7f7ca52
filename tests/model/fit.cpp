// load() accepts every rule that `rules --for` says fits, and refuses every other.
#include "model/fit.hpp"
#include "catch.hpp"
#include "model/load.hpp"
#include "spiking.hpp"

#include <string>

using namespace engram;

namespace {

// Four trials at a time, which no rule that is called at spikes can learn from.
const std::string spiking_batch = R"({"time": {"step": 0.1},
  "architecture": {"regions": {"in": {"size": 3, "dynamics": "spike_source", "spikes": [[1], [2], [3]]},
    "R": {"size": 2, "dynamics": "lif", "receptors": {"a": {"type": "exponential", "tau": 5}}}},
    "projections": [{"from": "in.spike", "to": "R.a", "weights": 1.0}]},
  "learning": {"rules": {}},
  "task": {"batch": 4, "stimuli": {"inputs": [[1], [2], [3], [4]]},
    "trial": [{"phase": "p", "duration": 10, "plastic": true}]}})";

struct Tried {
  std::string place, rule;
  bool fits = false;
};

// Every rule in every place, by reasons_against() and by loading the model with the rule written there. "feedback"
// stands for projections that the text does not hold, so the rule is written into the model as `engram show` prints it.
std::size_t disagreements(const std::string &given, const std::string &file, std::vector<Tried> &tried) {
  const auto &words = spiking::vocabulary();
  const auto text = model::load_text(given, file, words).expanded;
  auto model = model::load_text(text, file, words);
  std::size_t wrong = 0;
  const auto look = [&](const std::string &pointer, std::vector<std::string> &place) {
    for (const auto &rule : words.rules) {
      const auto reasons = model::reasons_against(rule.name, place, model, words);
      std::string name = rule.name;
      model::LoadOptions with;
      const auto own = std::find_if(model.rules.begin(), model.rules.end(),
                                    [&](const model::Rule &r) { return r.plugin == rule.name; });
      if (own != model.rules.end())
        name = own->name;
      else
        with.settings.push_back("/learning/rules/" + name + "={\"plugin\": \"" + name + "\"}");
      with.settings.push_back(pointer + "=" + name);
      std::string refusal;
      try {
        model::load_text(text, file, words, with);
      } catch (const input::InputError &error) {
        refusal = error.what();
      }
      INFO(file << " " << pointer << " " << rule.name << "\n"
                << refusal << "\n"
                << (reasons.empty() ? "" : reasons[0]));
      CHECK(reasons.empty() == refusal.empty());
      wrong += reasons.empty() != refusal.empty();
      tried.push_back({pointer, rule.name, reasons.empty()});
    }
  };
  for (auto &p : model.projections)
    if (p.pointer.starts_with("/architecture")) look(p.pointer + "/rule", p.rules);
  for (auto &region : model.regions)
    if (!region.bias_rules.empty()) look(region.pointer + "/bias/rule", region.bias_rules);
  return wrong;
}

std::string text_of(const std::string &file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("rules --for and validate agree on every rule in every place", "[model]") {
  std::vector<Tried> tried;
  CHECK(disagreements(spiking_batch, "batch.json", tried) == 0);
  for (const auto &one : tried) CHECK_FALSE((one.rule == "stdp_pair" && one.fits)); // "batch" is 4
  tried.clear();
  auto single = spiking_batch;
  single.replace(single.find("\"batch\": 4"), 10, "\"batch\": 1");
  CHECK(disagreements(single, "single.json", tried) == 0);
  CHECK(std::any_of(tried.begin(), tried.end(), [](const Tried &t) { return t.rule == "stdp_pair" && t.fits; }));
}

TEST_CASE("so they do for models that ship", "[model][slow]") {
  std::vector<Tried> tried;
  for (const std::string name : {"credit-assignment/xor", "reinforcement/xor-node_perturbation",
                                 "credit-assignment/xor-contrastive_hebbian", "spiking/dopamine"}) {
    const std::string file = ENGRAM_SOURCE_DIR "/models/" + name + ".json";
    tried.clear();
    CHECK(disagreements(text_of(file), file, tried) == 0);
    CHECK(std::any_of(tried.begin(), tried.end(), [](const Tried &t) { return t.fits; }));
  }
}

TEST_CASE("rules that exclude each other, or what they stand on, are refused as the model is read", "[model]") {
  const auto refusal = [](const std::string &projections, const std::string &rules, const std::string &more = "") {
    const std::string text =
        R"({"architecture": {"regions": {"in": {"size": 2, "dynamics": "input"},
      "out": {"size": 2, "dynamics": {"type": "static", "activation": "linear"})" +
        more + R"(}}, "projections": [)" + projections + R"(]}, "learning": {"rules": {)" + rules + R"(}},
      "objective": {"type": "mse", "region": "out", "delivery": "scalar"},
      "task": {"stimuli": {"inputs": [[1, 2]], "targets": [[1, 1]]},
        "trial": [{"phase": "p", "duration": 2, "stimulus": "in", "objective": true, "noise": true, "plastic": true}]}})";
    try {
      model::load_text(text, "m.json", spiking::vocabulary());
    } catch (const input::InputError &error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string on = R"({"from": "in", "to": "out", "rule": )";
  const auto has = [](const std::string &text, const std::string &part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  };
  CHECK(refusal(on + R"("a"})", R"("a": {"plugin": "weight_perturbation"})").empty());
  has(refusal(on + R"("a"})", R"("a": {"plugin": "weight_perturbation", "apply": "step"})"),
      "'weight_perturbation' perturbs weights for a phase, so its changes cannot be applied at each step");
  // Once, though the rule stands in two places.
  CHECK(refusal(on + R"("a"}, {"from": "out", "to": "out", "delay": 1, "rule": "a"})",
                R"("a": {"plugin": "weight_perturbation", "apply": "step"})") ==
        refusal(on + R"("a"})", R"("a": {"plugin": "weight_perturbation", "apply": "step"})"));
  has(refusal(on + R"(["a", "b"]})",
              R"("a": {"plugin": "weight_perturbation"}, "b": {"plugin": "weight_perturbation"})"),
      "a projection takes one rule that perturbs it at most");
  has(refusal(on + R"("a"}, {"from": "out", "to": "out", "weights": {"sign_of": "in->out"}, "delay": 1, "rule": "a"})",
              R"("a": {"plugin": "hebb"})"),
      "weights that are the sign of another projection's cannot learn by themselves");
  has(refusal(on + R"("a"})", R"("a": {"plugin": "hebb"}, "s": {"plugin": "stdp_pair"})",
              R"(, "bias": {"initial": 0, "rule": "s"})"),
      "no spike reaches a bias");
}
