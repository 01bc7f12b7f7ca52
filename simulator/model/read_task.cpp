// These functions read the rules and the task.
#include "input/diagnose.hpp"
#include "input/nearest.hpp"
#include "model/expand.hpp"
#include "model/reader.hpp"
#include "model/schema_parts.hpp"

#include <algorithm>

namespace engram::model {

const RuleInfo *rule_info(const std::string &plugin, const Vocabulary &vocabulary) {
  for (const auto &rule : vocabulary.rules)
    if (rule.name == plugin || (is_path(plugin) && rule.file == plugin)) return &rule;
  return nullptr;
}

namespace {

// Is it a modulator of the objective, or (TERM.loss) of one of its terms? Then it has its name and the term's number.
bool of_objective(const Model &model, Modulator &modulator) {
  const auto known = [](const std::string &name) {
    return std::find(objective_modulators.begin(), objective_modulators.end(), name) != objective_modulators.end();
  };
  if (known(modulator.given)) return true;
  const auto terms = terms_of(model);
  for (std::size_t k = 0; k < terms.size(); ++k) {
    const std::string begin = terms[k]->name + ".";
    if (!modulator.given.starts_with(begin) || !known(modulator.given.substr(begin.size()))) continue;
    modulator.given.erase(0, begin.size());
    modulator.term = k;
    return true;
  }
  return false;
}

} // namespace

void read_rules(const input::Json &rules, const Vocabulary &vocabulary, Model &model, input::Problems &problems) {
  for (const auto &[name, value] : rules.items()) {
    Rule rule;
    rule.name = name;
    rule.pointer = input::below("/learning/rules", name);
    rule.plugin = value.at("plugin").get<std::string>();
    rule.rate = value.value("rate", 0.01);
    rule.weight_decay = value.value("weight_decay", 0.0);
    if (value.contains("clip_norm")) rule.clip_norm = value.at("clip_norm").get<double>();
    if (value.contains("clip_value")) rule.clip_value = value.at("clip_value").get<double>();
    rule.optimizer = read_typed(value.contains("optimizer") ? &value.at("optimizer") : nullptr, vocabulary.optimizers);
    rule.schedule = read_typed(value.contains("schedule") ? &value.at("schedule") : nullptr, vocabulary.schedules);
    rule.apply = value.value("apply", "trial") == "step" ? Rule::Apply::step : Rule::Apply::trial;
    if (value.contains("modulators"))
      for (const auto &[modulator, given] : value.at("modulators").items()) {
        Modulator out{modulator, given.get<std::string>(), {}};
        if (!of_objective(model, out)) {
          out.from = read_source(out.given, model, vocabulary, input::below(rule.pointer + "/modulators", modulator),
                                 problems);
          out.given.clear();
        }
        rule.modulators.push_back(std::move(out));
      }
    const RuleInfo *info = rule_info(rule.plugin, vocabulary);
    if (!info) {
      problems.add(rule.pointer + "/plugin", "the plugin '" + input::shown(rule.plugin) + "' has not been loaded");
    } else {
      input::Json given = value.value("parameters", input::Json::object());
      // The schema knows the parameters of plugins by name; those of a plugin given by its path are looked at here.
      const std::size_t before = problems.count();
      const input::Json table = input::closed("", parameter_properties(info->parameters), {});
      input::diagnose(table, table, given, rule.pointer + "/parameters", problems);
      if (problems.count() == before) {
        given["type"] = "rule";
        for (const auto &[key, quantity] : read_typed(&given, {{"rule", "", "", info->parameters}}, "").parameters)
          rule.parameters[key] = quantity.a;
      }
    }
    model.rules.push_back(std::move(rule));
  }
}

namespace {

ArraySource read_array(const input::Json &value, const std::string &pointer, input::Problems &problems) {
  ArraySource out;
  if (value.is_object()) {
    out.file = value.at("file").get<std::string>();
    out.key = value.value("key", "");
    if (value.contains("luminance")) {
      out.height = value.at("luminance").at(0).get<std::size_t>();
      out.width = value.at("luminance").at(1).get<std::size_t>();
    }
    return out;
  }
  const input::Json &first = value.front();
  const std::size_t width = first.is_array() ? first.size() : 0;
  out.shape = {value.size()};
  if (first.is_array()) out.shape.push_back(width);
  for (std::size_t k = 0; k < value.size(); ++k) {
    const input::Json &row = value[k];
    const std::size_t own = row.is_array() ? row.size() : 0;
    if (own != width || row.is_array() != first.is_array())
      problems.add(input::below(pointer, k), "all rows must be of one length: this has " +
                                                 std::to_string(row.is_array() ? own : 1) + ", the first has " +
                                                 std::to_string(first.is_array() ? width : 1));
    if (row.is_array())
      for (const input::Json &x : row) out.values.push_back(x.get<double>());
    else
      out.values.push_back(row.get<double>());
  }
  return out;
}

Part read_part(const input::Json &value) {
  Part out;
  if (value.is_string()) {
    out.dataset = true;
    return out;
  }
  const double share = value.get<double>(); // 20 and 20.0 are a count, 0.2 is a share
  if (share > 0 && share < 1)
    out.fraction = share;
  else
    out.count = value.get<std::size_t>();
  return out;
}

// A word or a whole number for each trial.
ArraySource read_words(const input::Json &value, const std::string &pointer, input::Problems &problems) {
  if (value.is_object()) return read_array(value, pointer, problems);
  ArraySource out;
  out.shape = {value.size()};
  for (std::size_t k = 0; k < value.size(); ++k) {
    if (value[k].is_string() != value[0].is_string()) {
      problems.add(input::below(pointer, k), "words and numbers do not stand in one list");
      return out;
    }
    if (value[k].is_string())
      out.words.push_back(value[k].get<std::string>());
    else
      out.values.push_back(value[k].get<double>());
  }
  return out;
}

Split read_split(const input::Json &value, input::Problems &problems) {
  using Kind = Split::Kind;
  if (value.is_string()) return {value == "stratified" ? Kind::stratified : Kind::random, {}};
  const bool grouped = value.contains("groups");
  const char *key = grouped ? "groups" : "parts";
  return {grouped ? Kind::grouped : Kind::given, read_words(value.at(key), input::below("/task/split", key), problems)};
}

HeldOutValue held_out_value(const input::Json &word) {
  return word == "loss" ? HeldOutValue::loss : word == "accuracy" ? HeldOutValue::accuracy : HeldOutValue::reward;
}

} // namespace

void read_task(const input::Json &task, Model &model, input::Problems &problems) {
  Task &out = model.task;
  if (task.contains("stimuli")) {
    for (const auto &[key, value] : task.at("stimuli").items()) {
      if (key == "dataset")
        out.stimuli.dataset = value.get<std::string>();
      else if (key == "scale")
        out.stimuli.scale = value.get<double>();
      else
        out.stimuli.arrays[key] = read_array(value, input::below("/task/stimuli", key), problems);
    }
  }
  out.batch = task.value("batch", std::size_t{1});
  out.epochs = task.value("epochs", std::size_t{1});
  out.shuffle = task.value("shuffle", true);
  const input::Json &trial = task.at("trial");
  for (std::size_t k = 0; k < trial.size(); ++k) {
    const input::Json &value = trial[k];
    const std::string pointer = input::below("/task/trial", k) + "/stimulus";
    Phase phase;
    phase.name = value.at("phase").get<std::string>();
    phase.duration = value.at("duration").get<double>();
    if (value.contains("objective")) {
      const input::Json &objective = value.at("objective");
      phase.objective = objective.is_boolean() ? (objective.get<bool>() ? 1 : 0) : objective.get<double>();
    }
    phase.noise = value.value("noise", true);
    if (value.contains("plastic")) {
      const input::Json &plastic = value.at("plastic");
      phase.plastic = plastic.is_array() || plastic.get<bool>();
      if (plastic.is_array()) phase.plastic_rules = plastic.get<std::vector<std::string>>();
    }
    if (value.contains("stimulus")) {
      const input::Json &stimulus = value.at("stimulus");
      if (stimulus.is_string())
        phase.stimuli.push_back({region_index(model, stimulus.get<std::string>(), pointer, problems), "inputs"});
      else
        for (const auto &[region, array] : stimulus.items())
          phase.stimuli.push_back(
              {region_index(model, region, input::below(pointer, region), problems), array.get<std::string>()});
    }
    out.trial.push_back(std::move(phase));
  }
  if (task.contains("held_out")) out.held_out = read_part(task.at("held_out"));
  if (task.contains("test")) out.test = read_part(task.at("test"));
  if (task.contains("split")) out.split = read_split(task.at("split"), problems);
  // Those that are given may be held out by their parts.
  if (out.split.kind == Split::Kind::given) out.held_out.dataset = false;
  const std::string evaluate = task.value("evaluate", "epoch");
  out.evaluate = evaluate == "epoch" ? Task::Evaluate::epoch
                 : evaluate == "end" ? Task::Evaluate::end
                                     : Task::Evaluate::never;
  if (task.contains("stop")) {
    const input::Json &stop = task.at("stop");
    out.stop = {held_out_value(stop.at("held_out")), stop.at("patience").get<std::size_t>(),
                stop.value("min_change", 0.0)};
  }
  if (!task.contains("keep")) return;
  const input::Json &keep = task.at("keep");
  if (keep.is_object())
    out.keep_best = held_out_value(keep.at("best"));
  else if (keep == "best")
    out.keep_best = out.stop                       ? out.stop->value
                    : task.contains("environment") ? HeldOutValue::reward
                                                   : HeldOutValue::loss;
}

} // namespace engram::model
