#include "conformance/neuron_checks.hpp"

#include "conformance/differences.hpp"
#include "conformance/neuron_bench.hpp"
#include "conformance/tried.hpp"
#include "dynamics/integrator_entry.hpp"
#include "dynamics/plugin_dynamics.hpp"
#include "dynamics/stepper.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>
#include <thread>

namespace engram::conformance {

namespace {

constexpr std::size_t neurons = 37, trials = 3; // no multiple of a vector's length

template <class T> NeuronOutput<T> output_of(const engram_dynamics &table, const NeuronInput<T> &in) {
  return NeuronBench<T>(table, in).all(cotangents_of(in));
}

template <class T> void expect_same(const NeuronOutput<T> &a, const NeuronOutput<T> &b, const std::string &when) {
  const auto first = a.all(), second = b.all();
  for (std::size_t k = 0; k < first.size(); ++k)
    for (std::size_t i = 0; i < first[k].second->size(); ++i)
      if (!same_number((*first[k].second)[i], (*second[k].second)[i]))
        throw Failure{fmt::format("{} differs {}", first[k].first, when)};
}

// For each entry of an array of N (K) × B: its neuron and trial.
struct Place {
  std::size_t neuron, trial;
};
Place place_in(std::size_t at, std::size_t size, std::size_t of_neurons, std::size_t of_trials) {
  const std::size_t column = size / of_trials;
  return {at % column % of_neurons, at / column};
}

template <class T> std::string numbers_of(const engram_dynamics &table) {
  const auto in = draw_neurons<T>(table, neurons, trials, 1);
  const auto out = output_of(table, in);
  for (const auto &[name, values] : out.all())
    for (const T x : *values)
      if (!std::isfinite(x)) throw Failure{fmt::format("{} is {} with the default parameters", name, x)};
  return "finite with the default parameters";
}

template <class T> void repeats_of(const engram_dynamics &table) {
  const auto in = draw_neurons<T>(table, neurons, trials, 1), other = draw_neurons<T>(table, 300, 2, 2);
  const auto first = output_of(table, in);
  expect_same(first, output_of(table, in), "when it is called again: it remembers something of its own");
  output_of(table, other);
  expect_same(first, output_of(table, in), "after a call with other neurons: it remembers something of its own");
  std::vector<NeuronOutput<T>> seen(4);
  std::vector<std::string> failed(4);
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < seen.size(); ++k)
    threads.emplace_back([&, k] {
      try {
        for (int round = 0; round < 20; ++round) seen[k] = output_of(table, in);
      } catch (const Failure &failure) {
        failed[k] = failure.reason;
      }
    });
  for (auto &thread : threads) thread.join();
  for (std::size_t k = 0; k < seen.size(); ++k) {
    if (!failed[k].empty()) throw Failure{failed[k]};
    expect_same(first, seen[k], "when several threads call it at once");
  }
}

// Other numbers for one neuron in one trial change nothing elsewhere; another parameter changes no other neuron.
template <class T> void neighbours_of(const engram_dynamics &table) {
  const auto in = draw_neurons<T>(table, neurons, trials, 1);
  const auto first = output_of(table, in);
  const auto look = [&](const NeuronInput<T> &other, std::size_t neuron, std::size_t trial, bool all_trials,
                        const char *what) {
    const auto second = output_of(table, other);
    const auto a = first.all(), b = second.all();
    for (std::size_t k = 0; k < a.size(); ++k) {
      const std::size_t size = a[k].second->size(), of_trials = std::string(a[k].first) == "begin" ? 1 : trials;
      for (std::size_t i = 0; i < size; ++i) {
        const auto place = place_in(i, size, neurons, of_trials);
        const bool own = place.neuron == neuron && (all_trials || of_trials == 1 || place.trial == trial);
        if (!own && !same_number((*a[k].second)[i], (*b[k].second)[i]))
          throw Failure{
              fmt::format("{} of a neuron changes with the {} of another one, or of another trial", a[k].first, what)};
      }
    }
  };
  for (const std::size_t neuron : {std::size_t{0}, neurons / 2, neurons - 1}) {
    const std::size_t trial = neuron % trials;
    auto other = in;
    for (std::size_t k = 0; k < table.state_count; ++k)
      other.state[neuron + (k + trial * table.state_count) * neurons] += T(0.1);
    look(other, neuron, trial, false, "states");
    other = in;
    other.soma[neuron + trial * neurons] += T(0.5);
    other.apical[neuron + trial * neurons] += T(0.5);
    look(other, neuron, trial, false, "currents");
    for (std::size_t p = 0; p < table.parameter_count; ++p) {
      const auto &parameter = table.parameters[p];
      if (parameter.choices != nullptr) continue;
      other = in;
      const double up = parameter.initial + 0.01 * std::max(1.0, std::abs(parameter.initial));
      other.parameters[p][neuron] =
          static_cast<T>(up <= parameter.maximum ? up : 0.5 * (parameter.initial + parameter.minimum));
      look(other, neuron, trial, true, parameter.name);
    }
  }
}

template <class T> void order_of(const engram_dynamics &table) {
  const auto in = draw_neurons<T>(table, neurons, trials, 1);
  const std::size_t K = table.state_count;
  const auto first = NeuronBench<T>(table, in).all(cotangents_of(in));
  // Neuron i goes to place (i + 5) mod N, and trial b to (b + 1) mod B.
  const auto moved = [&](const std::vector<T> &from, std::size_t of_trials) {
    std::vector<T> to(from.size());
    const std::size_t column = from.size() / of_trials, states = column / neurons;
    for (std::size_t b = 0; b < of_trials; ++b)
      for (std::size_t k = 0; k < states; ++k)
        for (std::size_t i = 0; i < neurons; ++i)
          to[(i + 5) % neurons + (k + (b + 1) % of_trials * states) * neurons] = from[i + (k + b * states) * neurons];
    return to;
  };
  auto other = in;
  other.state = moved(in.state, trials);
  other.soma = moved(in.soma, trials);
  other.apical = moved(in.apical, trials);
  const auto second = NeuronBench<T>(table, other).all(moved(cotangents_of(in), trials));
  const auto a = first.all(), b = second.all();
  for (std::size_t k = 0; k < a.size(); ++k) {
    if (a[k].second->empty()) continue;
    const auto expected = moved(*a[k].second, std::string(a[k].first) == "begin" ? 1 : trials);
    for (std::size_t i = 0; i < expected.size(); ++i)
      if (!same_number(expected[i], (*b[k].second)[i]))
        throw Failure{fmt::format("{} has other bits where neurons and trials stand in another order", a[k].first)};
  }
  // One trial alone.
  NeuronInput<T> alone{neurons, 1, in.parameters, {}, {}, {}};
  const auto last = [&](const std::vector<T> &all) {
    return std::vector<T>(all.end() - static_cast<std::ptrdiff_t>(all.size() / trials), all.end());
  };
  alone.state = last(in.state);
  alone.soma = last(in.soma);
  alone.apical = last(in.apical);
  const auto one = NeuronBench<T>(table, alone).slope(alone.state, alone.soma, alone.apical);
  const auto expected = last(first.slope);
  for (std::size_t i = 0; i < neurons * K; ++i)
    if (!same_number(expected[i], one[i])) throw Failure{"derivative has other bits where a trial is alone"};
}

} // namespace

std::string neuron_numbers(const engram_dynamics &table) {
  numbers_of<float>(table);
  return numbers_of<double>(table);
}

std::string neuron_repeats(const engram_dynamics &table) {
  repeats_of<float>(table);
  repeats_of<double>(table);
  return "the same input gives the same bits, from several threads too";
}

std::string neuron_neighbours(const engram_dynamics &table) {
  neighbours_of<float>(table);
  neighbours_of<double>(table);
  return "a neuron follows from its own numbers alone";
}

std::string neuron_order(const engram_dynamics &table) {
  order_of<float>(table);
  order_of<double>(table);
  return "the same bits in another order of neurons and trials, and trial by trial";
}

std::string neuron_precisions(const engram_dynamics &table) {
  const auto twice = draw_neurons<double>(table, neurons, trials, 1);
  NeuronInput<float> in{neurons, trials, {}, in_single(twice.state), in_single(twice.soma), in_single(twice.apical)};
  for (const auto &one : twice.parameters) in.parameters.push_back(in_single(one));
  const auto a = NeuronBench<double>(table, twice).all(cotangents_of(twice));
  const auto b = NeuronBench<float>(table, in).all(in_single(cotangents_of(twice)));
  expect_same_precisions(a.all(), b.all());
  return "single and double precision agree";
}

std::string neuron_parameters(const engram_dynamics &table) {
  const auto usual = draw_neurons<double>(table, neurons, 1, 1);
  for (std::size_t p = 0; p < table.parameter_count; ++p) {
    const auto &parameter = table.parameters[p];
    for (const double end : ends_of(parameter)) {
      auto in = usual;
      in.parameters[p].assign(neurons, end);
      const NeuronBench<double> bench(table, in);
      for (const double x : bench.slope(in.state, in.soma, in.apical))
        if (!std::isfinite(x))
          throw Failure{fmt::format("with '{}' at {:g}, an end of its range, a slope is {}", parameter.name, end, x)};
    }
  }
  return "the ends of all ranges give finite slopes";
}

namespace {

// One neuron, which goes from its beginning under a constant current.
class OneNeuron {
public:
  explicit OneNeuron(const engram_dynamics &table)
      : in_(draw_neurons<double>(table, 1, 1, 3)), bench_(table, in_), begin_(bench_.begin()) {}

  /// Where it is after `time` (ms); at_each(state) is called after each step.
  template <class AtEach>
  numeric::Vector<double> walk(const std::string &integrator, std::size_t steps, double time, AtEach at_each) const {
    model::Typed typed{integrator, {}, {}};
    for (const auto &entry : dynamics::integrator_entries())
      if (entry.words.name == integrator)
        for (const auto &p : entry.words.parameters) typed.parameters[p.name] = model::Quantity::of(p.initial);
    const auto stepper = dynamics::stepper_of<double>(typed);
    numeric::Vector<double> u(begin_), du(begin_.size());
    const auto f = [&](const numeric::Vector<double> &x, numeric::Vector<double> &dx) {
      const auto out = bench_.slope({x.begin(), x.end()}, in_.soma, in_.apical);
      std::copy(out.begin(), out.end(), dx.begin());
    };
    std::vector<double> pieces;
    for (std::size_t k = 0; k < steps; ++k) {
      f(u, du);
      stepper->step(f, u, du, time / static_cast<double>(steps), pieces);
      at_each(u);
    }
    return u;
  }
  /// The time (ms) in which its fastest state relaxes, at that place of a way of this time where it is fastest.
  double fastest_time() const {
    const double first = relaxation(begin_);
    double time = first > 0 ? 1 / first : 1;
    for (int round = 0; round < 60; ++round) {
      double fastest = 0;
      walk("runge_kutta_dopri5", 512, time, [&](const numeric::Vector<double> &u) {
        const double here = relaxation({u.begin(), u.end()});
        fastest = std::isfinite(here) ? std::max(fastest, here) : std::numeric_limits<double>::infinity();
      });
      if (fastest * time <= 2) break;
      time = std::isfinite(fastest) ? 1 / fastest : time / 2;
    }
    return time;
  }

private:
  double relaxation(const std::vector<double> &state) const {
    return bench_.relaxation(state, in_.soma, in_.apical).front();
  }

  NeuronInput<double> in_;
  NeuronBench<double> bench_;
  std::vector<double> begin_;
};

} // namespace

std::string neuron_steps(const engram_dynamics &table) {
  const OneNeuron neuron(table);
  const double time = neuron.fastest_time(); // an eighth of it is the coarsest step
  const auto end_of = [&](const std::string &integrator, std::size_t steps) {
    return neuron.walk(integrator, steps, time, [](const auto &) {});
  };
  const auto reference = end_of("runge_kutta_dopri5", 512);
  const double size = 1 + arma::abs(reference).max();
  std::string seen;
  for (const auto &entry : dynamics::integrator_entries()) {
    if (entry.exponential) continue; // it does not go by slopes alone, and is exact where slopes are linear
    const auto &name = entry.words.name;
    const auto error = [&](std::size_t steps) { return arma::abs(end_of(name, steps) - reference).max(); };
    const double coarse = error(8), fine = error(16);
    if (entry.words.adapts_step || coarse < 1e-12 * size) {
      if (!(fine < 1e-4 * size)) throw Failure{fmt::format("'{}' ends {:.2g} from the reference", name, fine)};
      seen += fmt::format("{}{} exact", seen.empty() ? "" : ", ", name);
      continue;
    }
    const double order = std::log2(coarse / std::max(fine, 1e-300));
    if (!(order > 0.7) && !(fine <= 1e-12 * size))
      throw Failure{
          fmt::format("'{}' does not converge: half the step makes the error {:.2g} of {:.2g}", name, fine, coarse)};
    seen += fmt::format("{}{} {:.1f}", seen.empty() ? "" : ", ", name, order);
  }
  return "order " + seen;
}

std::string neuron_speed(const engram_dynamics &table) {
  constexpr std::size_t many = 1000;
  const auto best = [](auto &&f) { // ns
    return 1e8 *
           shortest(30,
                    [&] { // ten calls
                      for (int k = 0; k < 10; ++k) f();
                    }) /
           many;
  };
  const auto in = draw_neurons<double>(table, many, 1, 1);
  const NeuronBench<double> bench(table, in);
  const auto all = bench.population(1);
  const void *apical = table.reads_apical != 0 ? in.apical.data() : nullptr;
  std::vector<double> slope(in.state.size());
  const double own = best([&] {
    bench.call(bench.calls().derivative, &all, static_cast<const void *>(in.state.data()),
               static_cast<const void *>(in.soma.data()), apical, static_cast<void *>(slope.data()));
  });
  model::Region region;
  region.name = "cell";
  region.size = many;
  region.dynamics = {"leaky_rate", {{"tau", model::Quantity::of(10)}, {"apical_coupling", model::Quantity::of(0)}}, {}};
  region.activation = {"tanh", {}, {}};
  const auto &entry = dynamics::entry_of("leaky_rate", dynamics::dynamics_entries());
  const auto built_in = entry.make.twice(region, 1);
  dynamics::RegionSignals<double> signals;
  signals.soma.zeros(many, 1);
  numeric::Matrix<double> u(many, 1, arma::fill::zeros), du(many, 1);
  const double theirs = best([&] { built_in->derivative(u, signals, du); });
  return fmt::format("a derivative takes {:.2g} ns per neuron; that of leaky_rate {:.2g} ns", own, theirs);
}

} // namespace engram::conformance
