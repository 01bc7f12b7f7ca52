// read_environment() reads what the circuit acts on in a closed loop.
#include "input/nearest.hpp"
#include "model/reader.hpp"

#include <algorithm>

namespace engram::model {

void read_environment(const input::Json &environment, const Vocabulary &vocabulary, Model &model,
                      input::Problems &problems) {
  Environment &out = model.task.environment;
  out.kind = read_typed(&environment, vocabulary.environments, "");
  if (!problems.given("/task/shuffle")) model.task.shuffle = false; // its trials are a course of events
  out.trials = environment.at("trials").get<std::size_t>();
  const std::string expectation = environment.value("prediction", expectation_words.front());
  out.prediction = static_cast<Environment::Prediction>(
      std::find(expectation_words.begin(), expectation_words.end(), expectation) - expectation_words.begin());
  const Named *words = entry_named(out.kind.type, vocabulary.environments);
  if (!words) return;
  const input::Json none = input::Json::object();
  const input::Json &sees = environment.at("sees"), shows = environment.value("shows", none);
  for (const auto &channel : words->sees) {
    auto &seen = out.sees.emplace_back();
    if (sees.contains(channel.name))
      seen = read_source(sees.at(channel.name).get<std::string>(), model, vocabulary,
                         input::below("/task/environment/sees", channel.name), problems);
  }
  for (const auto &channel : words->shows) {
    auto &shown = out.shows.emplace_back();
    if (shows.contains(channel.name))
      shown = region_index(model, shows.at(channel.name).get<std::string>(),
                           input::below("/task/environment/shows", channel.name), problems);
  }
}

} // namespace engram::model
