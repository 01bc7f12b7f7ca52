// One trial of an environment, as its author sees it: names in the place of pointers.
#ifndef ENGRAM_ENVIRONMENT_TRIAL_HPP
#define ENGRAM_ENVIRONMENT_TRIAL_HPP

#include <engram/environment.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace engram {

/// What is seen of a region in this step, one number for each neuron; none where the channel is joined to no region.
struct Seen {
  const double *values;
  std::size_t neurons;
  double operator[](std::size_t n) const { return values[n]; }
  std::size_t size() const { return neurons; }
};

/// What a region shows from the next step on; it stays until it is changed. Of no region it is empty, and what is
/// written to it goes nowhere.
struct Shown {
  double *values;
  std::size_t neurons;
  std::size_t size() const { return neurons; }
  void set(std::size_t n, double value) const {
    if (n < neurons) values[n] = value;
  }
  void fill(double value) const {
    for (std::size_t n = 0; n < neurons; ++n) values[n] = value;
  }
  /// 1 at one neuron, 0 elsewhere.
  void one(std::size_t which) const {
    for (std::size_t n = 0; n < neurons; ++n) values[n] = n == which ? 1 : 0;
  }
};

/// The neuron with the highest value; of equal ones the first.
inline std::size_t highest(const Seen &seen) {
  std::size_t best = 0;
  for (std::size_t n = 1; n < seen.size(); ++n)
    if (seen[n] > seen[best]) best = n;
  return best;
}

/// A neuron that is drawn with the probabilities exp(a_i / T) / Σ_j exp(a_j / T), by a uniform number u.
inline std::size_t drawn_by_softmax(const Seen &seen, double temperature, double u) {
  const double top = seen[highest(seen)];
  double sum = 0;
  for (std::size_t n = 0; n < seen.size(); ++n) sum += std::exp((seen[n] - top) / temperature);
  double left = u * sum;
  for (std::size_t n = 0; n + 1 < seen.size(); ++n) {
    left -= std::exp((seen[n] - top) / temperature);
    if (left < 0) return n;
  }
  return seen.size() - 1;
}

namespace environments {

/// How many doubles a struct holds, which holds nothing else.
template <class Struct> constexpr std::size_t count_doubles() {
  static_assert(std::is_empty_v<Struct> || (std::is_trivially_copyable_v<Struct> &&
                                            sizeof(Struct) % sizeof(double) == 0 && alignof(Struct) == alignof(double)),
                "Parameters, State and Course hold doubles alone");
  return std::is_empty_v<Struct> ? 0 : sizeof(Struct) / sizeof(double);
}
template <class Struct> inline constexpr std::size_t doubles_in = count_doubles<Struct>();

template <class List>
std::size_t place_of(std::string_view name, const List &list, const char *what, const char *member) {
  std::string known;
  for (std::size_t k = 0; k < std::size(list); ++k) {
    if (name == list[k].name) return k;
    known += std::string(k == 0 ? "" : ", ") + list[k].name;
  }
  throw std::invalid_argument(std::string("its `") + member + "` declares no " + what + " '" + std::string(name) + "'" +
                              (known.empty() ? "" : "; declared: " + known));
}

/// The course of a trial that is to be set.
template <class E> class Events {
public:
  explicit Events(const engram_events &view) : view_(view) {}
  const auto &parameters() const { return *reinterpret_cast<const typename E::Parameters *>(view_.parameters); }
  std::uint64_t number() const { return view_.number; } ///< of the trial, from 0
  double uniform(std::uint64_t index) const { return view_.draw.uniform(view_.draw.of, 0, index); }
  double normal(std::uint64_t index) const { return view_.draw.normal(view_.draw.of, 0, index); }

private:
  const engram_events &view_;
};

} // namespace environments

/// One trial of an environment E, in one step.
template <class E> class Trial {
public:
  Trial(const engram_trial &view, engram_happening &now) : view_(view), now_(now) {}

  const auto &parameters() const { return *reinterpret_cast<const typename E::Parameters *>(view_.parameters); }
  auto &state() const { return *reinterpret_cast<typename E::State *>(view_.state); }
  const auto &course() const { return *reinterpret_cast<const typename E::Course *>(view_.course); }

  Seen sees(std::string_view name) const {
    const auto &seen = view_.sees[environments::place_of(name, E::sees, "channel", "sees")];
    return {seen.values, seen.neurons};
  }
  Shown shows(std::string_view name) const {
    const auto &shown = view_.shows[environments::place_of(name, E::shows, "channel", "shows")];
    return {shown.values, shown.neurons};
  }
  /// What terms of the objective are taught from the next step on (from begin: from the first). It stays until it is
  /// changed; NaN, as the trial begins, is no target. What no term asks for is empty.
  Shown target(std::string_view name) const {
    const auto place = environments::place_of(name, E::targets, "target", "targets");
    if (view_.struct_size <= offsetof(engram_trial, targets)) return {nullptr, 0}; // an engram that knows of no targets
    return {view_.targets[place].values, view_.targets[place].neurons};
  }
  double &column(std::string_view name) const {
    return view_.columns[environments::place_of(name, E::columns, "column", "columns")];
  }

  std::uint64_t step() const { return view_.step; }     ///< of the trial, from 0
  std::uint64_t number() const { return view_.number; } ///< of the trial in its epoch, from 0
  double step_ms() const { return view_.step_ms; }
  double ms() const { return static_cast<double>(view_.step) * view_.step_ms; } ///< since the trial began
  /// Steps of a time (ms), to the nearest.
  std::uint64_t steps(double time_ms) const {
    return static_cast<std::uint64_t>(std::llround(time_ms / view_.step_ms));
  }

  /// Uniform in (0, 1), and normal with mean 0 and variance 1: number `index` of a stream of this trial. The same index
  /// gives the same number again.
  double uniform(std::uint32_t stream, std::uint64_t index) const {
    return view_.draw.uniform(view_.draw.of, stream, index);
  }
  double normal(std::uint32_t stream, std::uint64_t index) const {
    return view_.draw.normal(view_.draw.of, stream, index);
  }

  /// The outcome: a reward, 0 too, which is compared with what was expected.
  void pay(double reward) {
    now_.reward += reward;
    now_.outcome = 1;
  }
  /// A reward (or a cost, which is negative) that comes by itself, and is compared with nothing.
  void add_reward(double reward) { now_.reward += reward; }
  /// A neuron of the first channel is chosen in this step.
  void choose(std::size_t neuron) { now_.choice = static_cast<std::int64_t>(neuron); }
  /// The trial ends with this step.
  void end() { now_.ends = 1; }

private:
  const engram_trial &view_;
  engram_happening &now_;
};

} // namespace engram

#endif
