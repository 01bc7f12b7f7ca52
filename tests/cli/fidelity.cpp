// These tests call `engram fidelity` as a user does.
#include "catch.hpp"
#include "command.hpp"

#include <nlohmann/json.hpp>

using command::Folder;

namespace {

const std::string digits = "fidelity " + command::model("digits/backprop.json") + " --models ";

nlohmann::json measured(const std::string &arguments) {
  const Folder folder;
  const auto r = command::engram(arguments + " --quiet --json", folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  return nlohmann::json::parse(command::last_line(r.out));
}

nlohmann::json result(const nlohmann::json &report, const std::string &rule, const std::string &at,
                      const std::string &along, const std::string &projection = "all") {
  for (const auto &r : report["results"])
    if (r["rule"] == rule && r["projection"] == projection && r["at"] == at &&
        (along.empty() ? r["along"].is_null() : r["along"] == along))
      return r;
  FAIL("no result of " << rule << " at " << at);
  return {};
}

std::string refusal(const std::string &arguments) {
  const Folder folder;
  const auto r = command::engram(arguments, folder.path);
  INFO(r.out << r.err);
  CHECK(r.exit == 2);
  CHECK(r.out.empty());
  return r.err;
}

} // namespace

TEST_CASE("a model without a name is called by its file", "[cli][fidelity]") {
  const auto model = command::model("credit-assignment/xor.json");
  CHECK(measured("fidelity " + model + " --set /name= --samples 16")["model"] == "xor");
  const Folder folder;
  const auto run =
      command::engram("run '" + model + "' --set /name= --set /task/epochs=1 --json --out x.nwb", folder.path);
  CHECK(nlohmann::json::parse(run.out)["model"] == "xor");
  CHECK(command::contains(command::engram("inspect x.nwb", folder.path).out, "xor"));
}

// Lillicrap et al. 2016, figure 2: the angle between the update and the gradient falls while it learns.
TEST_CASE("feedback alignment has no variance, and a bias that falls along its learning", "[cli][fidelity]") {
  const auto report =
      measured(digits + command::model("digits/feedback_alignment.json") + " --at initial,5%,trained --samples 100");
  const auto before = result(report, "feedback_alignment", "initial", ""),
             early = result(report, "feedback_alignment", "5%", "own"),
             after = result(report, "feedback_alignment", "trained", "own");
  for (const auto &r : {before, early, after}) {
    CHECK(r["variance"] == 0);
    CHECK(r["bias"] > 0.1);
    CHECK(r["samples"] == 16);
    CHECK(r["bias_ci"][0] == r["bias_ci"][1]);
  }
  CHECK(early["bias"] < before["bias"]);
  CHECK(after["bias"] < before["bias"]);
  // Its feedback stays random where the weights move by another rule.
  CHECK(result(report, "feedback_alignment", "trained", "reference")["bias"] > after["bias"]);
  // The last projection needs no feedback.
  CHECK(result(report, "feedback_alignment", "trained", "own", "hidden->output")["bias"] < 1e-6);
  CHECK(report["notes"].empty());
}

TEST_CASE("fidelity prints the same at any number of threads, and another seed another", "[cli][fidelity]") {
  const Folder folder;
  const std::string call = digits + command::model("digits/node_perturbation.json") + "," +
                           command::model("digits/agrel.json") + " --at initial,20% --samples 100 --quiet";
  const auto one = command::engram(call + " --threads 1", folder.path),
             two = command::engram(call + " --threads 2", folder.path),
             other = command::engram(call + " --seed 5", folder.path);
  REQUIRE(one.exit == 0);
  CHECK(one.out == two.out);
  CHECK(one.err.empty());
  CHECK(other.exit == 0);
  CHECK(other.out != one.out);
}

TEST_CASE("fidelity measures rules by name, to a precision, with minibatches, and writes its figures",
          "[cli][fidelity]") {
  const Folder folder;
  const auto r = command::engram("fidelity " + command::model("digits/feedback_alignment.json") +
                                     " --rules backprop,feedback_alignment --trials 64 --minibatch 16 --samples 300 "
                                     "--out figures --json",
                                 folder.path);
  INFO(r.err);
  REQUIRE(r.exit == 0);
  const auto report = nlohmann::json::parse(command::last_line(r.out));
  const auto exact = result(report, "backprop", "initial", "");
  CHECK(exact["bias"] < 1e-6);
  CHECK(exact["trials_to_cosine_0.9"] == 64);
  CHECK(exact["minibatch"]["own"] == 0);
  CHECK(exact["minibatch"]["choice"] > 0.01);
  CHECK(report["trials"] == 64);
  // One of each rule at the first point. A sample holds a forward pass, and the phases or the way back of its rule.
  REQUIRE(report["cost"].size() == 2);
  for (const auto &cost : report["cost"]) {
    CHECK((cost["rule"] == "backprop" || cost["rule"] == "feedback_alignment"));
    CHECK(cost["forward_passes"] > 0);
  }
  CHECK(report["cost"][0]["rule"] != report["cost"][1]["rule"]);
  for (const char *name : {"fidelity.svg", "cosine.svg", "fidelity.json"}) {
    const auto text = command::slurp(folder.path / "figures" / name);
    CHECK(text.find(name[0] == 'f' && name[9] == 'j' ? "\"results\"" : "</svg>") != std::string::npos);
    CHECK(text.find("nan") == std::string::npos);
  }
  const auto precise = measured(digits + command::model("digits/agrel.json") + " --samples 100000 --precision 0.1");
  const auto agrel = result(precise, "agrel", "initial", "");
  CHECK(agrel["samples"] < 5000);
  CHECK(agrel["bias_ci"][1].get<double>() - agrel["bias_ci"][0].get<double>() <= 0.2);
}

// Whose circuits differ in more than their rules may still share the way from the pixels to the output.
TEST_CASE("the models of the digits share the names of what they share", "[cli][fidelity]") {
  for (const char *name : {"burst_prop", "dendritic_error", "difference_target_propagation", "forward_forward"}) {
    INFO(name);
    const auto report = measured(digits + command::model(std::string("digits/") + name + ".json") + " --samples 16");
    result(report, name, "initial", "", "pixels->hidden");
    result(report, name, "initial", "", "hidden->output");
    CHECK(report["cost"][0]["rule"] == name);
  }
}

TEST_CASE("surrogate gradients are measured against the gradient by the times of spikes", "[cli][fidelity]") {
  const std::string circuit = ENGRAM_SOURCE_DIR "/examples/surrogate-bias/circuit.json";
  const auto report = measured("fidelity " + circuit +
                               " --reference eventprop --rules eventprop,backprop --samples 16 --trials 8 --set "
                               "/time/step=0.5");
  CHECK(report["reference"] == "eventprop");
  CHECK(result(report, "eventprop", "initial", "")["bias"] < 1e-6);
  CHECK(result(report, "backprop", "initial", "")["bias"] > 0.3);
  // No spike stands between the readout's weights and the loss: there both are the same.
  CHECK(result(report, "backprop", "initial", "", "hidden.trace->decision")["bias"] < 1e-6);
  CHECK(refusal("fidelity " + circuit + " --reference hebb").find("'hebb' gives no gradient; these do: ") !=
        std::string::npos);
  CHECK(refusal("fidelity " + circuit + " --reference eventpro").find("did you mean 'eventprop'?") !=
        std::string::npos);
}

TEST_CASE("what fidelity cannot compare it says", "[cli][fidelity]") {
  CHECK(refusal(digits + command::model("credit-assignment/xor.json")).find("4 trials, the reference has 1797") !=
        std::string::npos);
  CHECK(refusal("fidelity " + command::model("recurrent/wilson-cowan.json")).find("nothing learns here") !=
        std::string::npos);
  CHECK(refusal("fidelity " + command::model("unsupervised/pca-oja.json")).find("no /objective") != std::string::npos);
  const std::string alone = "fidelity " + command::model("digits/feedback_alignment.json");
  CHECK(refusal(alone + " --rules feedback_alignmnt").find("did you mean 'feedback_alignment'?") != std::string::npos);
  CHECK(refusal(alone + " --rules node_perturbation").find("with node_perturbation: ") != std::string::npos);
  CHECK(refusal(alone + " --at 30").find("'30' is no point of learning") != std::string::npos);
  CHECK(refusal(alone + " --at 130%").find("'130%' is no point of learning") != std::string::npos);
  CHECK(refusal(alone + " --trials 5000").find("1437 training trials") != std::string::npos);
  CHECK(refusal(alone + " --minibatch 64").find("cannot be drawn from 32") != std::string::npos);
  CHECK(refusal(alone + " --out /proc/none").find("cannot write into the folder") != std::string::npos);
  const auto report = measured(digits + command::model("digits/kolen_pollack.json") + " --samples 16");
  const auto notes = report["notes"].dump();
  CHECK(notes.find("the activation of hidden is tanh here and relu in the reference") != std::string::npos);
  CHECK(notes.find("output.error->hidden.apical learns, but the reference has no such projection") !=
        std::string::npos);
}

// Scellier & Bengio 2017: near its own gradient at rest; the gradient of backprop.json is that of another function.
TEST_CASE("a rule over phases is held against the gradient of its own circuit left alone", "[cli][fidelity]") {
  const auto model = command::model("digits/equilibrium_propagation.json");
  const auto own = result(measured(digits + model + "=own --samples 16"), "equilibrium_propagation", "initial", "");
  const auto other = result(measured(digits + model + " --samples 16"), "equilibrium_propagation", "initial", "");
  CHECK(own["bias"] < 0.1);
  CHECK(other["bias"] > own["bias"]);
  // With the loss in one phase and nothing that moves the circuit, left alone it is what it was.
  const auto plain = command::model("digits/feedback_alignment.json");
  const auto a = result(measured(digits + plain + "=own --samples 16"), "feedback_alignment", "initial", "");
  const auto b = result(measured("fidelity " + plain + " --samples 16"), "feedback_alignment", "initial", "");
  CHECK(a["bias"] == b["bias"]);
}
