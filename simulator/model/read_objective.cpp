// read_objective() reads the terms of the objective.
#include "input/nearest.hpp"
#include "model/expand.hpp"
#include "model/reader.hpp"

#include <algorithm>
#include <filesystem>

namespace engram::model {
namespace {

std::string arrays_and_regions(const Model &model, const input::Json *stimuli) {
  std::vector<std::string> words;
  if (stimuli)
    for (const auto &[name, value] : stimuli->items())
      if (name != "dataset" && name != "scale") words.push_back(name);
  for (const auto &region : model.regions) words.push_back(region.name);
  std::string out;
  for (const auto &word : words) out += (out.empty() ? "" : ", ") + input::shown(word);
  return out;
}

// "targets" and "labels" of the task, an array of its stimuli, or REGION or REGION.SIGNAL.
void read_target(const std::string &text, const Model &model, const Vocabulary &vocabulary, const input::Json *stimuli,
                 bool environment, const std::string &pointer, Target &target, input::Problems &problems) {
  const std::string region = text.substr(0, text.find('.'));
  const bool is_region =
      std::any_of(model.regions.begin(), model.regions.end(), [&](const Region &one) { return one.name == region; });
  const bool of_task = text == "targets" || text == "labels";
  const bool is_array = of_task || (stimuli && text != "dataset" && text != "scale" && stimuli->contains(text));
  if (is_region && is_array)
    problems.add(pointer, "'" + input::shown(text) + "' is a region, and an array of the task: give one another name");
  if (of_task) {
    target.kind = Target::Kind::task;
    target.array = text;
  } else if (is_array) {
    target.kind = Target::Kind::array;
    target.array = text;
  } else if (is_region) {
    target.kind = Target::Kind::signal;
    target.from = read_source(text, model, vocabulary, pointer, problems);
  } else {
    problems.add(pointer, "'" + input::shown(text) + "' is neither an array of /task/stimuli nor a region (" +
                              arrays_and_regions(model, stimuli) + ")" +
                              (environment ? R"(; a target of the environment is { "environment": ")" +
                                                 input::shown(text) + "\" }"
                                           : ""));
    target.kind = Target::Kind::none;
  }
}

Target::Kind usual_kind(Compared compared) {
  switch (compared) {
  case Compared::given:
  case Compared::array:
    return Target::Kind::task;
  case Compared::classes:
    return Target::Kind::classes;
  case Compared::before:
    return Target::Kind::itself;
  case Compared::signal:
  case Compared::later:
    return Target::Kind::signal;
  case Compared::nothing:
    break;
  }
  return Target::Kind::none;
}

Objective read_term(const input::Json &value, const std::string &pointer, const Vocabulary &vocabulary,
                    const Model &model, const input::Json *stimuli, bool environment, input::Problems &problems) {
  Objective term;
  term.pointer = pointer;
  term.type = value.at("type").get<std::string>();
  // A plugin that is named by its path is called what its file is.
  const auto usual = is_path(term.type) ? std::filesystem::path(term.type).stem().string() : term.type;
  term.name = value.value("name", usual);
  term.region = region_index(model, value.at("region").get<std::string>(), input::below(pointer, "region"), problems);
  term.parameters = read_typed(&value, vocabulary.objectives, "").parameters;
  const auto word = [&](const char *key, const std::vector<std::string> &words) {
    const std::string given = value.value(key, words.front());
    return static_cast<std::size_t>(std::find(words.begin(), words.end(), given) - words.begin());
  };
  // The words in the order of the enumerations; the schema lets no other through.
  term.delivery = static_cast<Objective::Delivery>(word("delivery", delivery_words));
  term.prediction = static_cast<Objective::Prediction>(word("prediction", prediction_words));
  term.strength = value.value("strength", 1.0);
  term.signal = value.value("signal", "rate");
  term.weight = value.value("weight", 1.0);
  term.delay = value.value("delay", 0.0);
  if (value.contains("phases")) term.phases = value.at("phases").get<std::vector<std::string>>();
  const Named *words = entry_named(term.type, vocabulary.objectives);
  term.target.kind = usual_kind(words ? words->compared : Compared::given);
  if (value.contains("target") && value.at("target").is_object()) {
    term.target.kind = Target::Kind::environment;
    term.target.array = value.at("target").at("environment").get<std::string>();
  } else if (value.contains("target"))
    read_target(value.at("target").get<std::string>(), model, vocabulary, stimuli, environment,
                input::below(pointer, "target"), term.target, problems);
  else if (term.target.kind == Target::Kind::signal) // a prediction of itself
    term.target.from = {term.region, term.signal};
  return term;
}

} // namespace

void read_objective(const input::Json &document, const Vocabulary &vocabulary, Model &model,
                    input::Problems &problems) {
  const input::Json &objective = document.at("objective");
  const input::Json *stimuli = nullptr;
  const bool environment = document.contains("task") && document.at("task").contains("environment");
  if (document.contains("task") && document.at("task").contains("stimuli"))
    stimuli = &document.at("task").at("stimuli");
  if (!objective.is_array()) {
    model.objective = read_term(objective, "/objective", vocabulary, model, stimuli, environment, problems);
    return;
  }
  for (std::size_t k = 0; k < objective.size(); ++k) {
    auto term =
        read_term(objective[k], input::below("/objective", k), vocabulary, model, stimuli, environment, problems);
    for (const Objective *before : terms_of(model))
      if (before->name == term.name)
        problems.add(term.pointer,
                     "two terms are called '" + input::shown(term.name) + "': give one of them another \"name\"");
    if (k == 0)
      model.objective = std::move(term);
    else
      model.further_terms.push_back(std::move(term));
  }
}

} // namespace engram::model
