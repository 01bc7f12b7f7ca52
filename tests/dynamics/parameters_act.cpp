// Every parameter that the vocabulary offers acts: another value of it changes a signal of the region.
#include "catch.hpp"
#include "dynamics/entry.hpp"
#include "input/input_error.hpp"
#include "spiking.hpp"

using namespace engram;
using nlohmann::json;

namespace {

/// All signals that a region offers, step after step.
struct SignalLog final : simulation::Observer<double> {
  std::size_t region = 0;
  std::vector<double> seen;
  void step(std::size_t, const network::Signals<double> &signals) override {
    for (const auto &signal : signals[region].of) seen.insert(seen.end(), signal.begin(), signal.end());
    if (signals[region].spikes)
      for (const auto neuron : (*signals[region].spikes)[0]) seen.push_back(static_cast<double>(neuron));
  }
};

std::vector<double> signals_of(const model::Model &model) {
  auto network = network::build<double>(model, {});
  const auto trials = task::load_trials(model, {ENGRAM_SOURCE_DIR "/models/data", {}});
  SignalLog observer;
  std::vector<dynamics::SignalSet> wanted(model.regions.size());
  for (std::size_t r = 0; r < model.regions.size(); ++r) {
    if (model.regions[r].name != "cell") continue;
    observer.region = r;
    for (const auto &dynamics : spiking::vocabulary().dynamics)
      if (dynamics.name == model.regions[r].dynamics.type)
        for (const auto &signal : dynamics.signals)
          if (signal.name != "spike") wanted[r].set(static_cast<std::size_t>(*network::signal_named(signal.name)));
  }
  simulation::Simulator<double> simulator(model, network, trials, {}, wanted, 1);
  simulator.run({{0}, 0, true}, &observer);
  return observer.seen;
}

// One neuron that something reaches at the soma, and at the apical compartment or a receptor where it has them.
json reached(const model::Dynamics &dynamics, json entry, json receptor = json()) {
  const bool spiking = dynamics.receptors;
  const double current = dynamics.name == "izhikevich" ? 10
                         : dynamics.name == "lif"      ? 500
                         : dynamics.name == "poisson"  ? 50
                         : spiking                     ? 1000
                                                       : 0.5;
  entry["type"] = dynamics.name;
  json regions = {{"source", {{"size", 1}, {"dynamics", "static"}, {"bias", 1}}}, {"cell", {{"size", 1}}}};
  regions["cell"]["dynamics"] = entry;
  json projections = json::array();
  const auto &ports = dynamics.compartments;
  const auto has = [&](const char *port) { return std::find(ports.begin(), ports.end(), port) != ports.end(); };
  if (has("soma")) projections.push_back({{"from", "source"}, {"to", "cell"}, {"weights", current}});
  if (has("apical")) projections.push_back({{"from", "source"}, {"to", "cell.apical"}, {"weights", 0.4}});
  if (!receptor.is_null()) {
    regions["pulses"] = {
        {"size", 1}, {"dynamics", "spike_source"}, {"spikes", {{{"first", 5}, {"every", 5}, {"count", 5}}}}};
    regions["cell"]["receptors"] = {{"syn", receptor}};
    projections.push_back({{"from", "pulses"}, {"to", "cell.syn"}, {"weights", 2}});
  }
  if (dynamics.given_spikes) regions["cell"]["spikes"] = {{{"first", 5}, {"every", 5}, {"count", 5}}};
  return {{"time", {{"step", 0.1}}},
          {"architecture", {{"regions", regions}, {"projections", projections}}},
          {"task", {{"trial", {{{"phase", "run"}, {"duration", 30}}}}}}};
}

// The dynamics of engram itself, but those that a model file writes out. Those of plugins are tried by `engram check`.
std::vector<model::Dynamics> built_in() {
  std::vector<model::Dynamics> out;
  for (const auto &entry : dynamics::dynamics_entries())
    if (entry.words.define == nullptr) out.push_back(entry.words);
  return out;
}

// Another value that the parameter may have.
double other_value(const model::Parameter &p, double now) {
  if (!p.choices.empty()) return now == 0 ? 1 : 0; // by the word's place
  if (now == 0) return std::min(p.maximum, std::isinf(p.minimum) ? 20 : 1.5);
  return now * 1.3 <= p.maximum ? now * 1.3 : now * 0.7;
}

// Those that act only beside others, beside which they are tried.
json set_beside(const std::string &name) {
  if (name == "adex") return {{"spike_width", 1}, {"after_current", 100}, {"threshold_jump", 5}};
  if (name == "lif") return {{"adaptation", 2}};
  if (name == "poisson") return {{"rate", 500}};
  return json::object();
}

// `typed_in`: where a model holds the parameters. The model is read once: that takes longer than to run it.
template <class Find>
void check_parameters(const std::vector<model::Parameter> &parameters, const json &text, Find typed_in) {
  auto model = model::load_text(text.dump(), "m.json", spiking::vocabulary());
  const auto first = signals_of(model);
  const bool repeats = signals_of(model) == first; // or a change would say nothing
  CHECK(repeats);
  for (const auto &p : parameters) {
    if (p.file || p.name == "reset_slope") continue; // which acts on the gradient: tests/simulation/spike_gradient.cpp
    INFO(p.name);
    auto &value = typed_in(model).parameters.at(p.name);
    const auto before = value;
    value = model::Quantity::of(other_value(p, before.a));
    const bool acts = signals_of(model) != first; // a bool: thousands of numbers need not be printed
    CHECK(acts);
    value = before;
  }
}

model::Region &cell_of(model::Model &model) {
  return *std::find_if(model.regions.begin(), model.regions.end(), [](const auto &r) { return r.name == "cell"; });
}

} // namespace

TEST_CASE("every parameter of every dynamics acts", "[dynamics]") {
  for (const auto &dynamics : built_in()) {
    INFO(dynamics.name);
    check_parameters(
        dynamics.parameters, reached(dynamics, set_beside(dynamics.name)),
        [](model::Model & m) -> auto & { return cell_of(m).dynamics; });
  }
}

TEST_CASE("every parameter of every receptor acts, on every dynamics that has them", "[dynamics][spiking]") {
  for (const auto &dynamics : built_in()) {
    if (!dynamics.receptors) continue;
    for (const auto &receptor : spiking::vocabulary().receptors) {
      INFO(dynamics.name << ", " << receptor.name);
      const json entry = {{"type", receptor.name}, {"background_rate", 300}, {"background_weight", 1}};
      check_parameters(
          receptor.parameters, reached(dynamics, json::object(), entry),
          [](model::Model & m) -> auto & { return cell_of(m).receptors[0].kinetics; });
    }
  }
}

TEST_CASE("every parameter of short-term plasticity acts", "[dynamics][spiking]") {
  for (const auto &dynamics : built_in()) {
    if (dynamics.name != "lif") continue;
    for (const auto &kind : spiking::vocabulary().short_term) {
      INFO(kind.name);
      auto text = reached(dynamics, json::object(), "exponential");
      json entry = {{"type", kind.name}};
      if (!kind.parameters.empty()) entry["tau_facil"] = 50;
      text["architecture"]["projections"].back()["short_term"] = entry;
      check_parameters(
          kind.parameters, text, [](model::Model & m) -> auto & { return m.projections.back().short_term; });
    }
  }
}

TEST_CASE("every parameter of every noise and activation acts", "[dynamics]") {
  const auto &words = spiking::vocabulary();
  for (const auto &dynamics : built_in()) {
    if (!dynamics.activation || !dynamics.state) continue;
    for (const auto &noise : words.noises) {
      INFO(dynamics.name << ", " << noise.name);
      auto text = reached(dynamics, json::object());
      json entry = {{"type", noise.name}};
      if (noise.name == "pulses") entry["rate"] = 300;
      text["architecture"]["regions"]["cell"]["noise"] = entry;
      check_parameters(
          noise.parameters, text, [](model::Model & m) -> auto & { return cell_of(m).noise; });
    }
    for (const auto &activation : words.activations) {
      if (activation.pooled && !dynamics.pooled_activation) continue;
      INFO(dynamics.name << ", " << activation.name);
      check_parameters(
          activation.parameters, reached(dynamics, {{"activation", {{"type", activation.name}}}}),
          [](model::Model & m) -> auto & { return cell_of(m).activation; });
    }
  }
}

TEST_CASE("a parameter that would not act is refused by name, with the reason", "[dynamics]") {
  for (const double ms : {0.0, 2.0, 50.0}) try {
      (void)model::load_text(R"({ "architecture": { "regions": { "n": { "size": 1, "dynamics": { "type":
        "hodgkin_huxley", "refractory": )" +
                                 std::to_string(ms) + " } } } } }",
                             "m.json", spiking::vocabulary());
      FAIL("taken");
    } catch (const input::InputError &error) {
      const std::string told = error.what();
      INFO(told);
      CHECK(told.find("/architecture/regions/n/dynamics/refractory: ") != std::string::npos);
      CHECK(told.find("the channels make the neuron refractory") != std::string::npos);
    }
}
