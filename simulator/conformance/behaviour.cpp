#include "conformance/behaviour.hpp"

#include "conformance/bench.hpp"
#include "conformance/child.hpp"
#include "conformance/precisions.hpp"
#include "conformance/tried.hpp"
#include "input/diagnose.hpp"
#include "input/schema_words.hpp"
#include "learning/call_tile.hpp"
#include "learning/rule_table.hpp"
#include "model/schema_parts.hpp"
#include "model/time_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <thread>
#include <vector>

namespace engram::conformance {

namespace {

// More presynaptic neurons than a tile has columns; few enough to try many.
constexpr Sizes usual{7, 70, 3};
static_assert(usual.pres > learning::tile_columns);

template <class T> void finite(const Result<T> &result) {
  const auto bad = [](const std::vector<T> &values) {
    return std::any_of(values.begin(), values.end(), [](T x) { return !std::isfinite(x); });
  };
  if (bad(result.change)) throw Failure{"returns a change that is not a finite number"};
  if (std::any_of(result.states.begin(), result.states.end(), bad)) throw Failure{"a state is not a finite number"};
}

// Other numbers for one neuron of a side, or for one synapse, in all that the rule is given.
template <class T> void change_neuron(const engram_rule &rule, Inputs<T> &in, std::uint32_t place, std::size_t neuron) {
  const std::size_t neurons = place == ENGRAM_PRE ? in.sizes.pres : in.sizes.posts;
  const auto other = draw<T>(rule, in.sizes, 977);
  for (std::size_t c = 0; c < in.calls.size(); ++c) {
    auto &mine = place == ENGRAM_PRE ? in.calls[c].pre : in.calls[c].post;
    const auto &theirs = place == ENGRAM_PRE ? other.calls[c].pre : other.calls[c].post;
    auto &spikes = place == ENGRAM_PRE ? in.calls[c].pre_spikes : in.calls[c].post_spikes;
    for (std::size_t at = neuron; at < spikes.size(); at += neurons) spikes[at] = spikes[at] == 0;
    for (std::size_t k = 0; k < mine.size(); ++k)
      for (std::size_t b = 0; b < in.sizes.trials; ++b) mine[k][neuron + b * neurons] = theirs[k][neuron + b * neurons];
    show_spikes<T>(rule, in.calls[c]);
  }
  for (std::size_t k = 0; k < rule.state_count; ++k)
    if (rule.states[k].place == place)
      for (std::size_t at = neuron; at < in.states[k].size(); at += neurons) in.states[k][at] += T(0.25);
}
template <class T> void change_synapse(const engram_rule &rule, Inputs<T> &in, std::size_t i, std::size_t j) {
  const std::size_t at = i + j * in.sizes.posts;
  in.weights[at] += T(0.5);
  if (!in.perturbation.empty()) in.perturbation[at] += T(0.5);
  for (std::size_t k = 0; k < rule.state_count; ++k)
    if (rule.states[k].place == ENGRAM_SYNAPSE)
      for (std::size_t b = at; b < in.states[k].size(); b += in.weights.size()) in.states[k][b] += T(0.25);
}

// Names the first synapse or neuron whose result differs although it was not touched; "" when there is none.
template <class T>
std::string spread(const engram_rule &rule, const Inputs<T> &in, const Result<T> &before, const Result<T> &after,
                   const std::function<bool(std::size_t i, std::size_t j)> &synapse_touched,
                   const std::function<bool(std::uint32_t place, std::size_t)> &neuron_touched) {
  const std::size_t posts = in.sizes.posts, pres = in.sizes.pres;
  for (std::size_t j = 0; j < pres; ++j)
    for (std::size_t i = 0; i < posts; ++i)
      if (!synapse_touched(i, j) && !same_number(before.change[i + j * posts], after.change[i + j * posts]))
        return fmt::format("the synapse from {} to {} changes otherwise", j, i);
  for (std::size_t k = 0; k < rule.state_count; ++k) {
    const auto &state = rule.states[k];
    const auto shape = shape_of(state, in.sizes);
    for (std::size_t at = 0; at < before.states[k].size(); ++at) {
      const std::size_t row = at % shape.rows, column = at / shape.rows;
      const bool touched = state.place == ENGRAM_SYNAPSE ? synapse_touched(row, column % pres)
                           : state.place == ENGRAM_PRE_PAIRS
                               ? neuron_touched(ENGRAM_PRE, row) || neuron_touched(ENGRAM_PRE, column)
                               : neuron_touched(state.place, row);
      if (!touched && !same_number(before.states[k][at], after.states[k][at]))
        return fmt::format("state '{}' of {} moves otherwise", state.name, row);
    }
  }
  return "";
}

// A rule that says it is nonlocal may be; one that says it is local must be.
std::string locality(const engram_rule &rule, const std::string &found, const char *whole) {
  if (found.empty()) return rule.local ? whole : std::string(whole) + ", though the rule does not claim it";
  if (rule.local) throw Failure{found};
  return "nonlocal, as the rule says: " + found;
}

template <class T>
std::vector<T> permuted(const std::vector<T> &values, std::size_t rows, const std::vector<std::size_t> *row_order,
                        const std::vector<std::size_t> *column_order) {
  std::vector<T> out(values.size());
  const std::size_t period = column_order ? column_order->size() : 1;
  for (std::size_t at = 0; at < values.size(); ++at) {
    const std::size_t row = at % rows, column = at / rows, block = column / period * period;
    const std::size_t to_row = row_order ? (*row_order)[row] : row;
    const std::size_t to_column = column_order ? block + (*column_order)[column % period] : column;
    out[to_row + to_column * rows] = values[at];
  }
  return out;
}

} // namespace

std::string buffers(const engram_rule &rule) {
  each_precision(rule, [&](auto scalar) {
    using T = decltype(scalar);
    for (const Sizes sizes : {usual, Sizes{1, 1, 1}, Sizes{5, 129, 2}})
      for (const bool plastic : {true, false}) {
        auto in = draw<T>(rule, sizes, 1);
        for (auto &one : in.calls) one.plastic = plastic;
        call(rule, in, Memory::guarded);
      }
  });
  return "reads and writes only what it was given";
}

std::string numbers(const engram_rule &rule) {
  each_precision(rule, [&](auto scalar) {
    using T = decltype(scalar);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) finite(call(rule, draw<T>(rule, usual, seed)));
    auto silent = draw<T>(rule, usual, 1); // nothing happens anywhere
    for (auto &c : silent.calls) {
      for (auto &signal : c.pre) std::fill(signal.begin(), signal.end(), T(0));
      for (auto &signal : c.post) std::fill(signal.begin(), signal.end(), T(0));
      std::fill(c.pre_spikes.begin(), c.pre_spikes.end(), std::uint8_t{0});
      std::fill(c.post_spikes.begin(), c.post_spikes.end(), std::uint8_t{0});
    }
    finite(call(rule, silent));
  });
  return "finite numbers, of silence too";
}

std::string repeats(const engram_rule &rule) {
  each_precision(rule, [&](auto scalar) {
    using T = decltype(scalar);
    const auto one = draw<T>(rule, usual, 1), other = draw<T>(rule, usual, 2);
    const auto first = call(rule, one);
    call(rule, other);
    if (!(call(rule, one) == first))
      throw Failure{"the same input gives another output after other calls: it remembers something of its own"};
  });
  return "the same input gives the same bits";
}

std::string threads(const engram_rule &rule) {
  each_precision(rule, [&](auto scalar) {
    using T = decltype(scalar);
    constexpr std::size_t count = 4;
    std::array<Inputs<T>, count> in;
    std::array<Result<T>, count> alone;
    for (std::size_t k = 0; k < count; ++k) {
      in[k] = draw<T>(rule, usual, k + 1);
      alone[k] = call(rule, in[k]);
    }
    std::array<std::string, count> failures;
    std::vector<std::thread> running;
    for (std::size_t k = 0; k < count; ++k)
      running.emplace_back([&, k] {
        try {
          for (int times = 0; times < 40; ++times)
            if (!(call(rule, in[k]) == alone[k])) failures[k] = "called from several threads, it gives other results";
        } catch (const Failure &failure) {
          failures[k] = failure.reason;
        }
      });
    for (auto &thread : running) thread.join();
    for (const auto &failure : failures)
      if (!failure.empty()) throw Failure{failure};
  });
  return "the same results from several threads at once";
}

std::string neighbours(const engram_rule &rule) {
  std::string found;
  each_precision(rule, [&](auto scalar) {
    using T = decltype(scalar);
    const auto in = draw<T>(rule, usual, 1);
    const auto before = call(rule, in);
    for (const std::uint32_t place : {ENGRAM_PRE, ENGRAM_POST}) {
      const std::size_t neurons = place == ENGRAM_PRE ? usual.pres : usual.posts;
      for (std::size_t n = 0; n < neurons && found.empty(); ++n) {
        auto changed = in;
        change_neuron(rule, changed, place, n);
        const auto after = call(rule, changed);
        const auto touched = [&](std::uint32_t side, std::size_t k) { return side == place && k == n; };
        found = spread<T>(
            rule, in, before, after, [&](std::size_t i, std::size_t j) { return (place == ENGRAM_PRE ? j : i) == n; },
            touched);
        if (!found.empty())
          found += fmt::format(" when {} neuron {} does something else",
                               place == ENGRAM_PRE ? "presynaptic" : "postsynaptic", n);
      }
    }
  });
  return locality(rule, found, "a synapse senses no neurons but its own two");
}

std::string other_synapses(const engram_rule &rule) {
  std::string found;
  each_precision(rule, [&](auto scalar) {
    using T = decltype(scalar);
    const auto in = draw<T>(rule, usual, 1);
    const auto before = call(rule, in);
    for (std::size_t at = 0; at < in.weights.size() && found.empty(); at += 11) {
      const std::size_t post = at % usual.posts, pre = at / usual.posts;
      auto changed = in;
      change_synapse(rule, changed, post, pre);
      found = spread<T>(
          rule, in, before, call(rule, changed), [&](std::size_t i, std::size_t j) { return i == post && j == pre; },
          [](std::uint32_t, std::size_t) { return false; });
      if (!found.empty()) found += fmt::format(" when the weight or state of that from {} to {} is another", pre, post);
    }
  });
  return locality(rule, found, "a synapse knows no weight or state but its own");
}

std::string order(const engram_rule &rule) {
  std::string found;
  each_precision(rule, [&](auto scalar) {
    using T = decltype(scalar);
    const auto in = draw<T>(rule, usual, 1);
    std::vector<std::size_t> pre(usual.pres), post(usual.posts);
    for (std::size_t j = 0; j < pre.size(); ++j) pre[j] = (j * 37 + 11) % pre.size();  // 37 and 70 share no factor
    for (std::size_t i = 0; i < post.size(); ++i) post[i] = (i * 3 + 2) % post.size(); // 3 and 7 neither
    auto moved = in;
    for (auto &call : moved.calls) {
      for (auto &signal : call.pre) signal = permuted(signal, usual.pres, &pre, nullptr);
      for (auto &signal : call.post) signal = permuted(signal, usual.posts, &post, nullptr);
      if (!call.pre_spikes.empty()) call.pre_spikes = permuted(call.pre_spikes, usual.pres, &pre, nullptr);
      if (!call.post_spikes.empty()) call.post_spikes = permuted(call.post_spikes, usual.posts, &post, nullptr);
    }
    moved.weights = permuted(in.weights, usual.posts, &post, &pre);
    for (std::size_t k = 0; k < rule.state_count; ++k)
      if (learning::begins_as_weight(rule, rule.states[k]))
        moved.states[k] = permuted(in.states[k], usual.posts, &post, &pre);
    if (!in.perturbation.empty()) moved.perturbation = permuted(in.perturbation, usual.posts, &post, &pre);
    const auto here = call(rule, in), there = call(rule, moved);
    if (permuted(here.change, usual.posts, &post, &pre) != there.change)
      found = "neurons in another order change otherwise";
  });
  return locality(rule, found, "neurons in another order give the same changes in that order");
}

std::string batch_of_trials(const engram_rule &rule) {
  const bool remembers = std::any_of(rule.states, rule.states + rule.state_count,
                                     [](const engram_state &state) { return state.per_trial == 0; });
  if (remembers) return "not asked: it has state that trials share";
  if (rule.form == ENGRAM_SPIKING) return "not asked: it learns from one trial at a time";
  each_precision(rule, [&](auto scalar) {
    using T = decltype(scalar);
    const auto in = draw<T>(rule, usual, 1);
    const auto whole = call(rule, in);
    std::vector<double> sum(whole.change.size(), 0.0), size(whole.change.size(), 0.0);
    for (std::size_t b = 0; b < usual.trials; ++b) {
      auto alone = in;
      alone.sizes.trials = 1;
      const auto column = [&](auto &values) {
        const std::size_t rows = values.size() / usual.trials;
        values = {values.begin() + static_cast<std::ptrdiff_t>(b * rows),
                  values.begin() + static_cast<std::ptrdiff_t>((b + 1) * rows)};
      };
      for (auto &call : alone.calls)
        for (auto *list : {&call.pre, &call.post, &call.modulators})
          for (auto &values : *list) column(values);
      for (auto &call : alone.calls)
        for (auto *spikes : {&call.pre_spikes, &call.post_spikes}) column(*spikes);
      for (auto &state : alone.states) column(state);
      const auto one = call(rule, alone);
      for (std::size_t k = 0; k < sum.size(); ++k) {
        sum[k] += static_cast<double>(one.change[k]);
        size[k] += std::abs(static_cast<double>(one.change[k]));
      }
    }
    const double largest = *std::max_element(size.begin(), size.end());
    const double tolerance = 1e3 * static_cast<double>(std::numeric_limits<T>::epsilon());
    for (std::size_t k = 0; k < sum.size(); ++k)
      if (std::abs(static_cast<double>(whole.change[k]) - sum[k]) > tolerance * largest)
        throw Failure{fmt::format("a batch gives {:g} where its trials one by one give {:g}",
                                  static_cast<double>(whole.change[k]), sum[k])};
  });
  return "a batch is the sum of its trials";
}

std::string precisions(const engram_rule &rule) {
  if (!offers(rule, ENGRAM_SINGLE) || !offers(rule, ENGRAM_DOUBLE)) return "it offers one precision";
  const auto fine = call(rule, draw<double>(rule, usual, 1));
  const auto coarse = call(rule, draw<float>(rule, usual, 1));
  double largest = 0, apart = 0;
  for (std::size_t k = 0; k < fine.change.size(); ++k) {
    largest = std::max(largest, std::abs(fine.change[k]));
    apart = std::max(apart, std::abs(fine.change[k] - static_cast<double>(coarse.change[k])));
  }
  if (apart > 1e-3 * largest)
    throw Failure{fmt::format("single and double precision differ by {:.2g} of the largest change", apart / largest)};
  return "single and double precision agree";
}

std::string parameters(const engram_rule &rule, const std::string &file) {
  const auto info = learning::rule_info_of(rule, file);
  const auto table = input::closed("", model::parameter_properties(info.parameters), {});
  const auto refused = [&](const std::string &name, double value) {
    const input::Places places;
    input::Problems problems(places);
    input::diagnose(table, table, {{name, value}}, "", problems);
    return problems.count() > 0;
  };
  for (const auto &parameter : info.parameters) {
    if (!parameter.choices.empty()) continue;
    if (std::isfinite(parameter.minimum) &&
        !refused(parameter.name, parameter.minimum - 1 - std::abs(parameter.minimum)))
      throw Failure{"a value below the minimum of '" + parameter.name + "' is let through"};
    if (std::isfinite(parameter.maximum) &&
        !refused(parameter.name, parameter.maximum + 1 + std::abs(parameter.maximum)))
      throw Failure{"a value above the maximum of '" + parameter.name + "' is let through"};
  }
  // Values that are accepted must work: both ends of each range.
  for (std::size_t k = 0; k < rule.parameter_count && rule.form != ENGRAM_GLOBAL; ++k) {
    const auto &parameter = info.parameters[k];
    for (const double value : {parameter.minimum, parameter.maximum}) {
      if (!std::isfinite(value)) continue;
      each_precision(rule, [&](auto scalar) {
        using T = decltype(scalar);
        auto in = draw<T>(rule, usual, 1);
        in.parameters[k] = value;
        try {
          finite(call(rule, in, Memory::guarded));
        } catch (const Failure &failure) {
          // A rule that counts a time in steps may refuse one that is no multiple of the step, in words.
          const bool refused_time = parameter.unit == "ms" && !model::on_grid(value, bench_step) && failure.in_words;
          if (refused_time) return;
          throw Failure{
              fmt::format("with '{}' at {:g}, which its table allows: {}", parameter.name, value, failure.reason)};
        }
      });
    }
  }
  return info.parameters.empty() ? "it has none"
                                 : "values outside their ranges are refused, the ends of the ranges work";
}

} // namespace engram::conformance
