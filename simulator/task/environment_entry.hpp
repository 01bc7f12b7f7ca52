// An entry is all that the simulator knows of one environment: its words, and what happens in one of its trials.
#pragma once

#include "model/vocabulary.hpp"
#include "numeric/random.hpp"

#include <engram/environment.h>

#include <cstdint>
#include <string>
#include <vector>

namespace engram::task {

/// A stream of random numbers of an environment: choices of a key of their own, beside those of an objective.
inline numeric::Random environment_random(std::uint64_t seed, std::uint32_t stream) {
  return {seed, numeric::Purpose::choice, numeric::name_key("environment") + stream};
}

struct EnvironmentEntry;

/// One trial of an environment. The host owns all memory: what an environment keeps stands in `state`, so trials run
/// side by side, and none knows of another. Lists are in the order of the words.
struct EnvironmentTrial {
  const EnvironmentEntry *entry = nullptr;
  struct Seen {
    const double *values = nullptr; ///< of this step, one for each neuron; null where the channel is joined to nothing
    std::size_t neurons = 0;
  };
  struct Shown {
    double *values = nullptr; ///< what the region shows from the next step on; it stays until it is changed
    std::size_t neurons = 0;
    void fill(double value) const {
      for (std::size_t n = 0; n < neurons; ++n) values[n] = value;
    }
    /// 1 at one neuron, 0 elsewhere.
    void one(std::size_t which) const {
      for (std::size_t n = 0; n < neurons; ++n) values[n] = n == which ? 1 : 0;
    }
  };
  const double *parameters = nullptr;
  double step_ms = 1;
  std::uint64_t step = 0;         ///< of the trial, from 0
  std::uint64_t number = 0;       ///< of the trial in its epoch, from 0
  const double *course = nullptr; ///< what the course of events is in this trial
  const Seen *sees = nullptr;
  const Shown *shows = nullptr;
  /// What terms of the objective are taught from the next step on; it stays until it is changed. NaN: nothing.
  const Shown *targets = nullptr;
  double *state = nullptr;   ///< 0 as the trial begins
  double *columns = nullptr; ///< of the table of trials; absent values as the trial begins
  std::uint64_t seed = 0, draw = 0;

  /// Steps of a parameter that is a time (ms).
  std::uint64_t steps(std::size_t parameter) const;
  /// Uniform in (0, 1), and standard normal: number `index` of a stream of this trial. Nothing is drawn in an order.
  double uniform(std::uint32_t stream, std::uint64_t index) const { return random(stream).uniform(index, draw); }
  double normal(std::uint32_t stream, std::uint64_t index) const { return random(stream).normal(index, draw); }

private:
  numeric::Random random(std::uint32_t stream) const { return environment_random(seed, 1 + stream); }
};

/// What happens in a step.
struct Happening {
  double reward = 0;
  bool outcome = false;     ///< what was expected comes, or does not: the reward, 0 too, is compared with it
  bool ends = false;        ///< the trial ends with this step
  std::int64_t choice = -1; ///< the neuron of the first channel that is chosen in this step
};

/// What is going to happen whatever the circuit does, as chances that drift: from trial to trial.
struct CourseOfEvents {
  const EnvironmentEntry *entry = nullptr;
  const double *parameters = nullptr;
  std::uint64_t number = 0; ///< of the trial
  std::uint64_t seed = 0;
  double uniform(std::uint64_t index) const { return random().uniform(index, number); }
  double normal(std::uint64_t index) const { return random().normal(index, number); }

private:
  numeric::Random random() const { return environment_random(seed, 0); }
};

/// One environment. environments/NAME.cpp defines `EnvironmentEntry NAME_environment()`, and CMake makes the list of
/// these files.
struct EnvironmentEntry {
  model::Named words;     ///< with `sees`, `shows`, `targets` and `columns`
  int place = 1000;       ///< lists show entries by place, and those of one place by name
  std::size_t states = 0; ///< numbers that a trial keeps
  std::size_t course = 0; ///< numbers of its course of events
  /// Sets the numbers of a trial; `before` are those of the trial before, null for the first. null: there are none.
  void (*next)(const CourseOfEvents &events, const double *before, double *now) = nullptr;
  /// The trial begins: sets what is shown in its first step.
  void (*begin)(const EnvironmentTrial &trial) = nullptr;
  /// A step, after its signals are known.
  Happening (*step)(const EnvironmentTrial &trial) = nullptr;
  const engram_environment *table = nullptr; ///< of a plugin
};

/// Those that engram comes with.
const std::vector<EnvironmentEntry> &environment_entries();

/// The entry of a name, of these. Errors: Broken where there is none.
const EnvironmentEntry &environment_named(const std::string &type);

/// Adds the words of all environments.
void add_environment_words(model::Vocabulary &vocabulary);

} // namespace engram::task
