#include "dynamics/equations/definition.hpp"
#include "dynamics/equations/functions.hpp"
#include "dynamics/words.hpp"
#include "input/nearest.hpp"
#include "input/schema_words.hpp"
#include "model/reader.hpp"

#include <engram/dynamics.h>

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace engram::dynamics::equations {

namespace {

constexpr std::size_t most_names = 256, most_terms = 20000;

input::Json text_schema(const std::string &description) {
  return {{"type", {"string", "number"}}, {"description", description}};
}

input::Json by_name(const input::Json &of, const std::string &description) {
  return {{"type", "object"},
          {"propertyNames", {{"pattern", "^[A-Za-z_][A-Za-z0-9_]*$"}, {"maxLength", ENGRAM_MAX_NAME}}},
          {"additionalProperties", of},
          {"description", description}};
}

// Reads what fits the schema.
class DefinitionReader {
public:
  DefinitionReader(const input::Json &value, const std::string &pointer, input::Problems &problems)
      : value_(value), pointer_(pointer), problems_(problems) {}

  Definition all() {
    if (!value_.is_object()) { // the name alone
      problem("", "needs \"states\", and \"rate\" or \"threshold\": engram help equations");
      return {};
    }
    states();
    if (value_.contains("parameters"))
      for (const auto &[name, given] : value_.at("parameters").items()) parameter(name, given);
    if (value_.contains("let"))
      for (const auto &[name, given] : value_.at("let").items())
        out_.names.push_back({name, text(given, input::below("/let", name))});
    out_.rate = optional_text("rate");
    out_.potential = optional_text("potential");
    out_.threshold = optional_text("threshold");
    if (value_.contains("reset")) reset(value_.at("reset"));
    out_.activation = value_.contains("activation");
    out_.settles = value_.value("settles", false);
    if (value_.contains("refractory")) out_.refractory = model::read_quantity(value_.at("refractory"));
    if (out_.parameters.size() > ENGRAM_MAX_PARAMETERS - 1)
      problem("/parameters", fmt::format("{} parameters; no more than {} are held", out_.parameters.size(),
                                         ENGRAM_MAX_PARAMETERS - 1));
    if (out_.names.size() > most_names)
      problem("/let", fmt::format("{} names; no more than {} are held", out_.names.size(), most_names));
    if (terms_ > most_terms)
      problem("", fmt::format("{} numbers, names and operators; no more than {} are held", terms_, most_terms));
    own_names();
    signal_names();
    kind();
    return std::move(out_);
  }

private:
  void problem(const std::string &below, const std::string &message) { problems_.add(pointer_ + below, message); }

  Text text(const input::Json &given, const std::string &below) {
    Text out{{}, below};
    const std::string written = given.is_string() ? given.get<std::string>() : fmt::format("{}", given.get<double>());
    try {
      out.expression = parse(written);
      terms_ += out.expression.terms.size();
    } catch (const Mistake &mistake) {
      problem(below, fmt::format("column {}: {}", mistake.column, mistake.message));
      out.expression.terms.push_back({}); // what else is wrong is told too
    }
    return out;
  }
  std::optional<Text> optional_text(const char *key) {
    if (!value_.contains(key)) return std::nullopt;
    return text(value_.at(key), std::string("/") + key);
  }
  std::string unit(const input::Json &given, const std::string &below) {
    const std::string out = given.value("unit", "");
    try {
      if (!out.empty()) unit_of(out);
    } catch (const Mistake &mistake) {
      problem(below + "/unit", mistake.message);
      return "";
    }
    return out;
  }

  void states() {
    for (const auto &[name, given] : value_.at("states").items()) {
      const std::string below = input::below("/states", name);
      DefinedState state{name, "", "", {}, 0, "", false};
      if (given.is_object()) {
        state.slope = text(given.at("slope"), below + "/slope");
        state.unit = unit(given, below);
        state.help = given.value("help", "");
        state.begins = given.contains("initial");
        if (state.begins && given.at("initial").is_string()) state.from = given.at("initial").get<std::string>();
        if (state.begins && given.at("initial").is_number()) state.initial = given.at("initial").get<double>();
      } else {
        state.slope = text(given, below);
      }
      out_.states.push_back(std::move(state));
    }
    if (out_.states.size() > ENGRAM_MAX_VARIABLES)
      problem("/states", fmt::format("{} states; no more than {} are held", out_.states.size(), ENGRAM_MAX_VARIABLES));
  }

  void parameter(const std::string &name, const input::Json &given) {
    const std::string below = input::below("/parameters", name);
    const bool in_full = given.is_object() && given.contains("value");
    out_.parameters.push_back({name, in_full ? unit(given, below) : "", in_full ? given.value("help", "") : "",
                               model::read_quantity(in_full ? given.at("value") : given),
                               in_full ? below + "/value" : below});
  }

  void reset(const input::Json &given) {
    if (!given.is_object()) { // of the potential
      out_.reset.emplace_back(0, text(given, "/reset"));
      return;
    }
    std::vector<std::string> known;
    for (const auto &state : out_.states) known.push_back(state.name);
    for (const auto &[name, to] : given.items()) {
      const std::string below = input::below("/reset", name);
      const auto found = std::find(known.begin(), known.end(), name);
      if (found == known.end())
        problem(below, input::unknown("state", input::shown(name), known));
      else
        out_.reset.emplace_back(static_cast<std::size_t>(found - known.begin()), text(to, below));
    }
  }

  // No name stands for two things.
  void own_names() {
    std::map<std::string, std::string> taken{{apical_name, "the current into the apical compartment"},
                                             {circle_name, "3.14159…"},
                                             {"and", "an operator"},
                                             {"or", "an operator"},
                                             {"not", "an operator"}};
    for (const auto &one : spiking_parameters()) taken[one.name] = "the key beside \"parameters\"";
    for (const char *name : soma_names) taken[name] = "the current into the soma";
    const auto take = [&](const std::string &name, const std::string &below, const char *what) {
      if (const auto other = taken.find(name); other != taken.end())
        problem(below, fmt::format("'{}' is {} already; give it another name", name, other->second));
      else if (is_taken(name))
        problem(below, fmt::format("'{}' is a function; give it another name", name));
      taken.emplace(name, what);
    };
    for (const auto &one : out_.states) take(one.name, input::below("/states", one.name), "a state");
    for (const auto &one : out_.parameters) take(one.name, input::below("/parameters", one.name), "a parameter");
    for (const auto &one : out_.names) take(one.name, input::below("/let", one.name), "a name of \"let\"");
  }

  // A record would show the signal in the place of the state, unless they are the same.
  void signal_names() {
    const auto signals = out_.spikes() ? spiking_signals(true, true) : rate_signals(false, false);
    for (const auto &state : out_.states) {
      const bool is_potential = state.name == "potential" && &state == &out_.states[0] && !out_.potential;
      const bool is_rate = out_.rate && state.name == "rate" && out_.rate->expression.terms.back().name == "rate";
      if (is_potential || is_rate || state.name == apical_name) continue; // the last is a current already
      if (std::any_of(signals.begin(), signals.end(), [&](const auto &one) { return one.name == state.name; }))
        problem(input::below("/states", state.name),
                fmt::format("'{}' is a signal, which is something else here; give it another name", state.name));
    }
  }

  // Neurons have rates, or spike; some keys are of the one kind.
  void kind() {
    const bool rates = out_.rate || out_.activation;
    if (!rates && !out_.spikes())
      problem("", "says neither \"rate\" (or \"activation\") nor \"threshold\": neurons have a rate, or spike");
    if (rates && out_.spikes())
      problem(out_.rate ? "/rate" : "/activation", "neurons that spike (\"threshold\") have no rate of their own");
    if (out_.rate && out_.activation) problem("/activation", "the rate is either \"rate\" or an activation");
    if (out_.potential && (out_.spikes() || out_.activation))
      problem("/potential", fmt::format("the potential of {} is the first state",
                                        out_.spikes() ? "neurons that spike" : "neurons with an activation"));
    if (!out_.spikes()) {
      std::vector<std::string> theirs{"reset"};
      for (const auto &one : spiking_parameters()) theirs.push_back(one.name);
      for (const auto &key : theirs)
        if (value_.contains(key)) problem("/" + key, "only neurons that spike have one, and there is no \"threshold\"");
    }
    if (out_.spikes() && out_.settles) problem("/settles", "neurons that spike settle nowhere");
  }

  const input::Json &value_;
  const std::string &pointer_;
  input::Problems &problems_;
  Definition out_;
  std::size_t terms_ = 0; // in all texts
};

} // namespace

std::vector<model::Parameter> spiking_parameters() {
  std::vector<model::Parameter> out{refractory(0)};
  for (auto &one : surrogate()) out.push_back(std::move(one));
  out.push_back(trace_tau());
  return out;
}

input::Json keys() {
  const input::Json quantity = input::reference("quantity", "for all neurons, for each neuron, or a distribution");
  const input::Json unit =
      input::type_schema("string", "such as mV, nS or pA/ms; where units are given they are checked");
  const input::Json help = input::type_schema("string", "what it stands for");
  const input::Json slope = text_schema("its slope, per ms");
  const input::Json state = {
      {"anyOf",
       {slope, input::closed("a state in full",
                             {{"slope", slope},
                              {"initial",
                               {{"type", {"number", "string"}},
                                {"default", 0},
                                {"description", "as a trial begins: a number, or the name of a parameter"}}},
                              {"unit", unit},
                              {"help", help}},
                             {"slope"})}}};
  const input::Json parameter = {
      {"anyOf",
       {quantity,
        input::closed("a parameter in full", {{"value", quantity}, {"unit", unit}, {"help", help}}, {"value"})}}};
  const input::Json text = text_schema("an expression");
  input::Json states = by_name(state, "states by name, each with its slope; the first is the potential");
  states["minProperties"] = 1;
  return {
      {"states", states},
      {"parameters", by_name(parameter, "numbers by name, for all neurons or for each")},
      {"let", by_name(text, "names for expressions, which others may hold")},
      {"rate", text_schema("the rate, of states and parameters")},
      {"potential", text_schema("the signal potential; else it is the first state")},
      {"activation", input::reference("activation", "in the place of \"rate\": the rate is that of the first state")},
      {"settles",
       {{"type", "boolean"},
        {"default", false},
        {"description", "every constant current leads to one state, at which a trial may begin"}}},
      {"threshold", text_schema("neurons spike when the first state, in mV, reaches it")},
      {"reset",
       {{"anyOf", {text_schema("the first state after a spike"), by_name(text, "states after a spike")}},
        {"description",
         "states after a spike, of those before it; without it a spike is a crossing upwards, and resets nothing"}}}};
}

std::optional<Definition> read_definition(const input::Json &value, const std::string &pointer,
                                          input::Problems &problems) {
  const std::size_t before = problems.count();
  Definition out = DefinitionReader(value, pointer, problems).all();
  if (problems.count() == before) check_definition(out, pointer, problems);
  if (problems.count() != before) return std::nullopt;
  return out;
}

} // namespace engram::dynamics::equations
