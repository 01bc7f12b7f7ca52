#include "conformance/bench.hpp"

#include "conformance/child.hpp"
#include "conformance/guarded.hpp"
#include "data/printable.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string_view>

namespace engram::conformance {

namespace {

constexpr std::size_t tile_columns = 64; // as the host does

template <class T> constexpr int precision_of() { return std::is_same_v<T, float> ? ENGRAM_SINGLE : ENGRAM_DOUBLE; }

template <class T> using Array = GuardedArray<T>;
template <class T> using Arrays = std::vector<std::unique_ptr<Array<T>>>;
using Access = Guarded::Access;

void intact(const Guarded &array) {
  if (array.damaged()) throw Failure{"writes before " + array.name()};
}

// A list of addresses that ends where the declared entries end: the next one cannot be read.
template <class P>
std::unique_ptr<GuardedArray<P>> addresses(const std::string &name, const std::vector<P> &list, Access access) {
  return std::make_unique<GuardedArray<P>>(name, list, access);
}

const char *side_name(std::uint32_t place) { return place == ENGRAM_PRE ? "pre." : "post."; }

} // namespace

StateShape shape_of(const engram_state &state, Sizes sizes) {
  if (state.place == ENGRAM_PRE_PAIRS) return {sizes.pres, sizes.pres};
  const std::size_t trials = state.per_trial ? sizes.trials : 1;
  if (state.place == ENGRAM_SYNAPSE) return {sizes.posts, sizes.pres * trials};
  return {state.place == ENGRAM_PRE ? sizes.pres : sizes.posts, trials};
}

template <class T> Inputs<T> draw(const engram_rule &rule, Sizes sizes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0.05, 0.95);
  const auto numbers = [&](std::size_t count, bool positive) {
    std::vector<T> out(count);
    for (auto &x : out) x = static_cast<T>(positive ? uniform(random) : normal(random));
    return out;
  };
  Inputs<T> in;
  const bool spiking = rule.form == ENGRAM_SPIKING;
  if (spiking) sizes.trials = 1;
  in.sizes = sizes;
  const auto spikes = [&](std::size_t count) {
    std::vector<std::uint8_t> out(spiking ? count : 0);
    for (auto &x : out) x = uniform(random) < 0.5;
    return out;
  };
  const double strengths[] = {0, 0.5, -0.5}; // a free phase, one with the objective, one with its opposite
  for (const double strength : strengths) {
    typename Inputs<T>::Call call;
    call.objective = strength;
    call.pre_spikes = spikes(sizes.pres);
    call.post_spikes = spikes(sizes.posts);
    for (std::size_t k = 0; k < rule.signal_count; ++k) {
      const std::string_view name = rule.signals[k].name;
      const bool pre = rule.signals[k].place == ENGRAM_PRE;
      auto values =
          numbers((pre ? sizes.pres : sizes.posts) * sizes.trials, name == "rate" || name == "gain" || name == "burst");
      (pre ? call.pre : call.post).push_back(std::move(values));
    }
    for (std::size_t k = 0; k < rule.modulator_count; ++k) {
      auto values = numbers(sizes.trials, true);
      if (std::string_view(rule.modulators[k]) == "reward") // right or wrong
        for (auto &x : values) x = x > T(0.5) ? T(1) : T(0);
      call.modulators.push_back(std::move(values));
    }
    in.calls.push_back(std::move(call));
  }
  for (std::size_t k = 0; k < rule.state_count; ++k) {
    const auto shape = shape_of(rule.states[k], sizes);
    std::vector<T> values(shape.rows * shape.columns, static_cast<T>(rule.states[k].initial));
    if (rule.states[k].place == ENGRAM_PRE_PAIRS)
      for (std::size_t i = 0; i < shape.rows; ++i)
        for (std::size_t j = 0; j < shape.columns; ++j)
          if (i != j) values[i + j * shape.rows] = 0;
    in.states.push_back(std::move(values));
  }
  in.weights = numbers(sizes.posts * sizes.pres, false);
  for (std::size_t k = 0; k < rule.parameter_count; ++k) in.parameters.push_back(rule.parameters[k].initial);
  if (rule.perturbation != 0) {
    in.perturbation = numbers(sizes.posts * sizes.pres, false);
    for (auto &x : in.perturbation) x *= static_cast<T>(in.parameters[rule.perturbation - 1]);
  }
  return in;
}

template <class T>
Result<T> call(const engram_rule &rule, const Inputs<T> &in, Memory memory, double *seconds,
               const std::function<void()> &around) {
  const bool guarded = memory == Memory::guarded;
  const Access readable = guarded ? Access::read : Access::plain, writable = guarded ? Access::write : Access::plain;
  const std::size_t posts = in.sizes.posts, pres = in.sizes.pres, trials = in.sizes.trials;
  const auto &calls = rule.callbacks[precision_of<T>()];
  const Array<double> parameters("the parameters", in.parameters, readable);
  const Array<T> weights("the weights", in.weights, readable);
  const Array<T> perturbation("the perturbation", in.perturbation, readable);
  Arrays<T> states;
  for (std::size_t k = 0; k < rule.state_count; ++k)
    states.push_back(std::make_unique<Array<T>>(std::string("state ") + rule.states[k].name, in.states[k], writable));
  const auto states_at = [&](std::uint32_t place, std::size_t offset) {
    std::vector<void *> list;
    for (std::size_t k = 0; k < rule.state_count; ++k)
      if (rule.states[k].place == place) list.push_back(states[k]->get() + offset);
    if (place == ENGRAM_PRE)
      for (std::size_t k = 0; k < rule.state_count; ++k)
        if (rule.states[k].place == ENGRAM_PRE_PAIRS) list.push_back(states[k]->get());
    return list;
  };
  Result<T> result;
  result.change.assign(posts * pres, T(0));

  for (std::size_t c = 0; c < in.calls.size(); ++c) {
    const auto &given = in.calls[c];
    Arrays<T> pre_signals, post_signals, modulators;
    std::size_t pre_at = 0, post_at = 0;
    for (std::size_t k = 0; k < rule.signal_count; ++k) {
      const bool pre = rule.signals[k].place == ENGRAM_PRE;
      const auto &values = pre ? given.pre[pre_at++] : given.post[post_at++];
      (pre ? pre_signals : post_signals)
          .push_back(std::make_unique<Array<T>>(std::string(side_name(rule.signals[k].place)) + rule.signals[k].name,
                                                values, readable));
    }
    for (std::size_t k = 0; k < rule.modulator_count; ++k)
      modulators.push_back(
          std::make_unique<Array<T>>(std::string("modulator ") + rule.modulators[k], given.modulators[k], readable));
    const auto list_of = [](const Arrays<T> &arrays, std::size_t offset) {
      std::vector<const void *> list;
      for (const auto &array : arrays) list.push_back(array->get() + offset);
      return list;
    };
    const auto modulator_list = addresses("the modulators", list_of(modulators, 0), readable);
    engram_moment_info now{};
    now.struct_size = sizeof now;
    now.moment = rule.moment;
    now.phase = static_cast<std::uint32_t>(c);
    now.phases = static_cast<std::uint32_t>(in.calls.size());
    now.plastic = given.plastic;
    now.time = static_cast<double>(c);
    now.step = bench_step;
    now.trials = trials;
    now.parameters = parameters.get();
    now.modulators = modulator_list->get();
    now.objective = given.objective;
    // Only the callback that works sees a side; the other side's arrays are elsewhere.
    const auto side = [&](std::size_t neurons, const void *const *signals, void *const *state) {
      engram_neurons n{};
      n.struct_size = sizeof n;
      n.neurons = n.stride = neurons;
      n.trials = trials;
      n.signals = signals;
      n.state = state;
      return n;
    };
    const auto pre_list = addresses("the presynaptic signals", list_of(pre_signals, 0), readable);
    const auto post_list = addresses("the postsynaptic signals", list_of(post_signals, 0), readable);
    const auto pre_states = addresses("the presynaptic states", states_at(ENGRAM_PRE, 0), readable);
    const auto post_states = addresses("the postsynaptic states", states_at(ENGRAM_POST, 0), readable);
    const auto pre_side = side(pres, pre_list->get(), pre_states->get());
    const auto post_side = side(posts, post_list->get(), post_states->get());
    char text[ENGRAM_MESSAGE_SIZE + 1] = ""; // the last byte stays 0
    engram_message message{text, ENGRAM_MESSAGE_SIZE};
    // Calls it, and takes the time.
    const auto good = [&](const auto &callback) {
      if (around) around();
      const auto start = std::chrono::steady_clock::now();
      // An exception must not leave a callback: here it ends the process, whose handler tells of it.
      const engram_status status = [&]() noexcept { return callback(); }();
      if (seconds) *seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      if (around) around();
      text[ENGRAM_MESSAGE_SIZE] = '\0';
      if (status != ENGRAM_OK) throw Failure{"reports an error: " + data::printable(text, ENGRAM_MESSAGE_SIZE), true};
    };

    if (rule.form == ENGRAM_FACTORED) {
      const auto sided = [&](engram_factors callback, const engram_neurons &neurons, bool gains, const char *name,
                             const Arrays<T> &signals, std::vector<std::vector<T>> &factors, std::vector<T> &gain) {
        Arrays<T> buffers;
        std::vector<const void *> slots;
        for (std::size_t k = 0; k < rule.factors; ++k) {
          buffers.push_back(
              std::make_unique<Array<T>>(std::string("the ") + name + "synaptic factor " + std::to_string(k),
                                         std::vector<T>(neurons.neurons * trials, T(0)), writable));
          slots.push_back(buffers.back()->get());
        }
        GuardedArray<const void *> slot_list(std::string("the ") + name + "synaptic factors", slots, writable);
        Array<T> gain_array(std::string("the ") + name + "synaptic gains",
                            std::vector<T>(gains ? neurons.neurons : 0, T(0)), writable);
        good([&] { return callback(&now, &neurons, slot_list.get(), gains ? gain_array.get() : nullptr, &message); });
        for (std::size_t k = 0; k < rule.factors; ++k) {
          const void *slot = slot_list.get()[k];
          const bool own = slot == slots[k] || std::any_of(signals.begin(), signals.end(),
                                                           [&](const auto &signal) { return slot == signal->get(); });
          if (!own) throw Failure{"points a factor at memory that is neither its buffer nor one of its signals"};
          const T *values = static_cast<const T *>(slot);
          factors.emplace_back(values, values + neurons.neurons * trials);
          intact(*buffers[k]);
        }
        intact(gain_array);
        gain = gain_array.values();
      };
      std::vector<std::vector<T>> x, y;
      std::vector<T> pre_gain, post_gain;
      sided(calls.pre_factors, pre_side, rule.pre_gain != 0, "pre", pre_signals, x, pre_gain);
      sided(calls.post_factors, post_side, rule.post_gain != 0, "post", post_signals, y, post_gain);
      if (given.plastic)
        for (std::size_t j = 0; j < pres; ++j)
          for (std::size_t i = 0; i < posts; ++i) {
            T sum = 0;
            for (std::size_t k = 0; k < rule.factors; ++k)
              for (std::size_t b = 0; b < trials; ++b) sum += y[k][i + b * posts] * x[k][j + b * pres];
            if (rule.pre_gain) sum += pre_gain[j] * in.weights[i + j * posts];
            if (rule.post_gain) sum += post_gain[i] * in.weights[i + j * posts];
            result.change[i + j * posts] += sum;
          }
    } else if (rule.form == ENGRAM_SPIKING) {
      const auto &at = rule.spiking[precision_of<T>()];
      if (at.pre_state) good([&] { return at.pre_state(&now, &pre_side, &message); });
      if (at.post_state) good([&] { return at.post_state(&now, &post_side, &message); });
      const auto who = [](const std::vector<std::uint8_t> &spikes) {
        std::vector<std::uint32_t> out;
        for (std::size_t k = 0; k < spikes.size(); ++k)
          if (spikes[k]) out.push_back(static_cast<std::uint32_t>(k));
        return out;
      };
      const auto all_of = [&](std::size_t count) {
        std::vector<std::uint32_t> out(count);
        std::iota(out.begin(), out.end(), 0u);
        return std::make_unique<GuardedArray<std::uint32_t>>("the other neurons of a row", out, readable);
      };
      const auto all_posts = all_of(posts), all_pres = all_of(pres);
      // A row as the host hands it over: of a presynaptic neuron side by side, of a postsynaptic one by their places.
      const auto row_of = [&](engram_at_spike callback, std::size_t neuron, bool pre_row) {
        const std::size_t count = pre_row ? posts : pres;
        std::optional<GuardedArray<std::uint32_t>> place_list; // guarded memory takes its time: only where it is used
        if (!pre_row) {
          std::vector<std::uint32_t> places(count);
          for (std::size_t k = 0; k < count; ++k) places[k] = static_cast<std::uint32_t>(neuron + k * posts);
          place_list.emplace("the places of a row", places, readable);
        }
        Array<T> change("the change of a row", std::vector<T>(count, T(0)), writable);
        const std::size_t first = pre_row ? neuron * posts : 0;
        const auto row_states = addresses("the synaptic states", states_at(ENGRAM_SYNAPSE, first), readable);
        engram_row row{};
        row.struct_size = sizeof row;
        row.synapses = count;
        row.neuron = static_cast<std::uint32_t>(neuron);
        row.others = (pre_row ? all_posts : all_pres)->get();
        row.places = place_list ? place_list->get() : nullptr;
        row.pre = pre_side;
        row.post = post_side;
        row.weights = weights.get() + first;
        row.state = row_states->get();
        row.change = change.get();
        good([&] { return callback(&now, &row, &message); });
        intact(change);
        const auto values = change.values();
        if (!given.plastic) return;
        for (std::size_t k = 0; k < count; ++k)
          result.change[pre_row ? k + neuron * posts : neuron + k * posts] += values[k];
      };
      const auto pre_who = who(given.pre_spikes), post_who = who(given.post_spikes);
      if (at.on_pre)
        for (const auto j : pre_who) row_of(at.on_pre, j, true);
      if (at.on_post)
        for (const auto i : post_who) row_of(at.on_post, i, false);
      const auto spiked = [&](engram_spiked callback, const engram_neurons &neurons,
                              const std::vector<std::uint32_t> &list) {
        const GuardedArray<std::uint32_t> guarded_list("the neurons that spike", list, readable);
        if (callback && !list.empty())
          good([&] { return callback(&now, &neurons, guarded_list.get(), list.size(), &message); });
      };
      spiked(at.pre_spike, pre_side, pre_who);
      spiked(at.post_spike, post_side, post_who);
      if (at.sweep && rule.sweep_every > 0)
        for (std::size_t j = 0; j < pres; ++j) row_of(at.sweep, j, true);
    } else {
      if (calls.pre_state) good([&] { return calls.pre_state(&now, &pre_side, &message); });
      if (calls.post_state) good([&] { return calls.post_state(&now, &post_side, &message); });
      for (std::size_t first = 0; first < pres; first += tile_columns) {
        const std::size_t columns = std::min(tile_columns, pres - first);
        // The change of a tile is an array of its own, with guards at its own ends.
        Array<T> change("the change of a tile",
                        std::vector<T>(result.change.begin() + static_cast<std::ptrdiff_t>(first * posts),
                                       result.change.begin() + static_cast<std::ptrdiff_t>((first + columns) * posts)),
                        writable);
        const auto tile_signals = addresses("the presynaptic signals", list_of(pre_signals, first), readable);
        const auto tile_pre = addresses("the presynaptic states", states_at(ENGRAM_PRE, first), readable);
        const auto tile_synapses = addresses("the synaptic states", states_at(ENGRAM_SYNAPSE, first * posts), readable);
        engram_tile tile{};
        tile.struct_size = sizeof tile;
        tile.pre = side(columns, tile_signals->get(), tile_pre->get());
        tile.pre.stride = pres;
        tile.post = post_side;
        tile.weights = weights.get() + first * posts;
        tile.change = change.get();
        tile.stride = posts;
        tile.state = tile_synapses->get();
        tile.state_trial_stride = posts * pres;
        tile.perturbation = in.perturbation.empty() ? nullptr : perturbation.get() + first * posts;
        good([&] { return calls.synapses(&now, &tile, &message); });
        intact(change);
        const auto values = change.values();
        if (given.plastic)
          std::copy(values.begin(), values.end(), result.change.begin() + static_cast<std::ptrdiff_t>(first * posts));
      }
    }
  }
  for (const auto &state : states) {
    intact(*state);
    result.states.push_back(state->values());
  }
  return result;
}

template Inputs<float> draw(const engram_rule &, Sizes, std::uint64_t);
template Inputs<double> draw(const engram_rule &, Sizes, std::uint64_t);
template Result<float> call(const engram_rule &, const Inputs<float> &, Memory, double *,
                            const std::function<void()> &);
template Result<double> call(const engram_rule &, const Inputs<double> &, Memory, double *,
                             const std::function<void()> &);

} // namespace engram::conformance
