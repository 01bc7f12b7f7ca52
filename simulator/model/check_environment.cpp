// check_environment() checks that what an environment sees and shows fits the regions, and that nothing else claims
// the same task.
#include "input/nearest.hpp"
#include "model/reader.hpp"
#include "model/time_grid.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace engram::model {
namespace {

const std::string place = "/task/environment";

void check_size(const Channel &channel, const Region &region, const std::string &pointer, input::Problems &problems) {
  if (region.size < channel.fewest || region.size > channel.most)
    problems.add(pointer, fmt::format("'{}' takes {}, and '{}' has {}", channel.name, neurons_of(channel), region.name,
                                      region.size));
}

void check_sees(const Model &model, const Named &words, input::Problems &problems) {
  const auto &sees = model.task.environment.sees;
  for (std::size_t k = 0; k < sees.size(); ++k)
    if (sees[k] && sees[k]->region != unresolved)
      check_size(words.sees[k], model.regions[sees[k]->region], input::below(place + "/sees", words.sees[k].name),
                 problems);
}

// The value of a choice is that of the neuron that was chosen.
void check_prediction(const Model &model, const Named &words, input::Problems &problems) {
  const Environment &environment = model.task.environment;
  if (environment.prediction != Environment::Prediction::value || environment.sees.empty()) return;
  const std::string at = place + "/prediction";
  const auto &seen = environment.sees.front();
  if (!words.chooses)
    problems.add(at, "'" + words.name + "' sees no choice of a neuron whose value could be the prediction");
  else if (seen && seen->region != unresolved && model.regions[seen->region].size < 2)
    problems.add(at, "'" + model.regions[seen->region].name + "' is one neuron: its sign is the choice, and no value");
}

void check_shows(const Model &model, const Named &words, const Vocabulary &vocabulary, input::Problems &problems) {
  const auto &shows = model.task.environment.shows;
  for (std::size_t k = 0; k < shows.size(); ++k) {
    if (!shows[k] || *shows[k] == unresolved) continue;
    const Region &region = model.regions[*shows[k]];
    const std::string at = input::below(place + "/shows", words.shows[k].name);
    check_size(words.shows[k], region, at, problems);
    if (!dynamics_of(region, vocabulary).stimulus)
      problems.add(at, "only a region whose dynamics is " + those_that(&Dynamics::stimulus, vocabulary.dynamics) +
                           " can be shown a stimulus, and '" + region.name + "' is '" + region.dynamics.type + "'");
    if (std::find(shows.begin(), shows.begin() + static_cast<std::ptrdiff_t>(k), shows[k]) !=
        shows.begin() + static_cast<std::ptrdiff_t>(k))
      problems.add(at, "'" + region.name + "' is shown another stimulus of the environment already");
  }
}

// The phases say how long a trial may last, and when rules may learn. What is shown, and what counts, the environment
// says.
void check_alone(const Model &model, input::Problems &problems) {
  const std::string type = "the environment '" + model.task.environment.kind.type + "'";
  const auto &stimuli = model.task.stimuli;
  if (!stimuli.dataset.empty() || !stimuli.arrays.empty())
    problems.add("/task/stimuli", type + " gives the stimuli: there are no others");
  for (std::size_t k = 0; k < model.task.trial.size(); ++k)
    if (!model.task.trial[k].stimuli.empty() && stimuli.arrays.empty() && stimuli.dataset.empty())
      problems.add(input::below("/task/trial", k) + "/stimulus", type + " gives the stimuli: \"shows\" says to whom");
  if (problems.given("/task/shuffle") && model.task.shuffle)
    problems.add("/task/shuffle", "the trials of an environment come in their order");
}

} // namespace

std::string neurons_of(const Channel &channel) {
  if (channel.most == channel.fewest) return fmt::format("{} neuron{}", channel.fewest, channel.fewest == 1 ? "" : "s");
  if (channel.most == std::numeric_limits<std::size_t>::max()) return fmt::format("{} neurons or more", channel.fewest);
  return fmt::format("{} to {} neurons", channel.fewest, channel.most);
}

void check_environment(const Model &model, const Vocabulary &vocabulary, input::Problems &problems) {
  const Environment &environment = model.task.environment;
  if (!environment.given()) return;
  const Named *words = entry_named(environment.kind.type, vocabulary.environments);
  if (!words) return;
  check_alone(model, problems);
  check_sees(model, *words, problems);
  check_shows(model, *words, vocabulary, problems);
  check_prediction(model, *words, problems);
  const std::size_t before = problems.count();
  if (words->conflict)
    if (const auto wrong = words->conflict(environment.kind, model.time.step); !wrong.empty())
      problems.add(place, wrong);
  if (!words->shortest || problems.count() != before) return;
  double length = 0;
  for (const Phase &phase : model.task.trial) length += phase.duration;
  const double least = words->shortest(environment.kind) + model.time.step; // the step of the outcome passes too
  if (least > length * (1 + grid_tolerance))
    problems.add("/task/trial", fmt::format("lasts {:g} ms at the most, and '{}' needs {:g} ms until its outcome: a "
                                            "longer phase, or shorter times",
                                            length, words->name, least));
}

} // namespace engram::model
