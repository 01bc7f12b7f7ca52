#include "conformance/term_checks.hpp"

#include "conformance/differences.hpp"
#include "conformance/term_bench.hpp"
#include "conformance/tried.hpp"
#include "task/objective_entry.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <thread>

namespace engram::conformance {

namespace {

constexpr std::size_t term_neurons = 11,
                      term_trials_count = 5; // no multiple of what derivatives are taken by at a time

template <class T> TermInput<T> usual_input(const engram_objective &table, unsigned seed = 1) {
  return draw_term<T>(table, term_neurons, term_trials_count, seed, takes_positive_alone(table));
}

template <class T> void expect_same_term(const TermOutput<T> &a, const TermOutput<T> &b, const std::string &when) {
  const auto first = a.all(), second = b.all();
  for (std::size_t k = 0; k < first.size(); ++k)
    for (std::size_t i = 0; i < first[k].second->size(); ++i)
      if (!same_number((*first[k].second)[i], (*second[k].second)[i]))
        throw Failure{fmt::format("{} differs {}", first[k].first, when)};
}

template <class T> void numbers_of_term(const engram_objective &table) {
  const auto out = TermBench<T>(table).all(usual_input<T>(table));
  for (const auto &[name, values] : out.all())
    for (const T x : *values)
      if (!std::isfinite(x)) throw Failure{fmt::format("{} is {} with the default parameters", name, x)};
}

template <class T> void repeats_of_term(const engram_objective &table) {
  const TermBench<T> bench(table);
  const auto in = usual_input<T>(table), other = draw_term<T>(table, 3, 2, 2, takes_positive_alone(table));
  const auto first = bench.all(in);
  expect_same_term(first, bench.all(in), "when it is called again: it remembers something of its own");
  bench.all(other);
  expect_same_term(first, bench.all(in), "after a call with other numbers: it remembers something of its own");
  std::vector<TermOutput<T>> seen(4);
  std::vector<std::string> failed(4);
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < seen.size(); ++k)
    threads.emplace_back([&, k] {
      try {
        for (int round = 0; round < 20; ++round) seen[k] = bench.all(in);
      } catch (const Failure &failure) {
        failed[k] = failure.reason;
      }
    });
  for (auto &thread : threads) thread.join();
  for (std::size_t k = 0; k < seen.size(); ++k) {
    if (!failed[k].empty()) throw Failure{failed[k]};
    expect_same_term(first, seen[k], "when several threads call it at once");
  }
}

// Some trials of an input, or of what was returned: `rows` numbers of each trial stand together, step by step.
template <class T>
std::vector<T> columns_of(const std::vector<T> &all, std::size_t rows, std::size_t count,
                          const std::vector<std::size_t> &which) {
  std::vector<T> out;
  for (std::size_t block = 0; block + rows * count <= all.size() && rows > 0; block += rows * count)
    for (const std::size_t b : which)
      for (std::size_t i = 0; i < rows; ++i) out.push_back(all[block + b * rows + i]);
  return out;
}

template <class T> TermInput<T> only_trials(const TermInput<T> &in, const std::vector<std::size_t> &which) {
  auto out = in;
  out.trials = which.size();
  for (auto *values : {&out.signal, &out.way}) *values = columns_of(*values, in.neurons, in.trials, which);
  out.target = columns_of(in.target, in.target_rows, in.trials, which);
  return out;
}

template <class T>
TermOutput<T> only_trials(TermOutput<T> out, const TermInput<T> &in, const std::vector<std::size_t> &which) {
  out.loss = columns_of(out.loss, 1, in.trials, which);
  for (auto *values : {&out.by_signal, &out.product}) *values = columns_of(*values, in.neurons, in.trials, which);
  for (auto *values : {&out.by_target, &out.product_by_target})
    *values = columns_of(*values, in.target_rows, in.trials, which);
  return out;
}

// The trials of a batch come in any order: their losses are the same in another, but for rounding.
void order_of_trials(const engram_objective &table) {
  const TermBench<double> bench(table);
  const auto in = usual_input<double>(table);
  std::vector<std::size_t> other;
  for (std::size_t b = in.trials; b-- > 0;) other.push_back(b);
  const auto a = only_trials(bench.all(in), in, other), b = bench.all(only_trials(in, other));
  const auto firsts = a.all(), seconds = b.all();
  for (std::size_t k = 0; k < firsts.size(); ++k) {
    const auto &[name, first] = firsts[k];
    const auto *second = seconds[k].second;
    double size = 0;
    for (const double x : *first) size = std::max(size, std::abs(x));
    for (std::size_t i = 0; i < first->size(); ++i)
      if (!(std::abs((*first)[i] - (*second)[i]) <= 1e-9 * size))
        throw Failure{fmt::format("{} hangs on the order of the trials in their batch", name)};
  }
}

// The gradient of the last steps alone is that of the whole.
void last_steps(const TermBench<double> &bench, const TermInput<double> &in, const TermOutput<double> &whole) {
  auto tail = in;
  tail.from = 2;
  const auto last = bench.all(tail).by_signal;
  const std::size_t first = tail.from * in.neurons * in.trials;
  for (std::size_t k = 0; k < last.size(); ++k)
    if (!(std::abs(last[k] - whole.by_signal[first + k]) <= 1e-9 * (1 + std::abs(last[k]))))
      throw Failure{"the gradient of the last steps is another than when all steps are asked for"};
}

template <class T> void trials_of_term(const engram_objective &table) {
  const TermBench<T> bench(table);
  const auto in = usual_input<T>(table);
  const auto whole = bench.all(in);
  for (std::size_t b = 0; b < in.trials; ++b) {
    expect_same_term(only_trials(whole, in, {b}), bench.all(only_trials(in, {b})),
                     "where a trial is alone: its loss hangs on the others of the batch, "
                     "which the table does not say");
  }
}

double sum_of_losses(const TermBench<double> &bench, const TermInput<double> &in) {
  double sum = 0;
  for (const double x : bench.loss(in)) sum += x;
  return sum;
}

} // namespace

std::string term_numbers(const engram_objective &table) {
  numbers_of_term<float>(table);
  numbers_of_term<double>(table);
  return std::string("finite with the default parameters, for signals between ") +
         (takes_positive_alone(table) ? "0.05 and 0.95" : "-1 and 1");
}

std::string term_repeats(const engram_objective &table) {
  repeats_of_term<float>(table);
  repeats_of_term<double>(table);
  return "the same input gives the same bits, from several threads too";
}

std::string term_trials(const engram_objective &table) {
  if (table.across_trials != 0) {
    order_of_trials(table);
    return "hang together, as the table says, in whatever order";
  }
  trials_of_term<float>(table);
  trials_of_term<double>(table);
  return "each follows from itself alone";
}

std::string term_gradient(const engram_objective &table) {
  const TermBench<double> bench(table);
  double worst = 0;
  std::size_t told = 0, asked = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    const auto in = usual_input<double>(table, seed);
    const auto out = bench.all(in);
    if (table.over == ENGRAM_OVER_COURSE) last_steps(bench, in, out);
    Directions direction(seed + 100);
    const auto expect = [&](double exact, const std::pair<double, double> &seen, const char *what) {
      ++asked;
      told += expect_slope(exact, seen, 1e-3, what, worst);
    };
    const auto along = [&](double h, const std::vector<double> &way) {
      auto there = in;
      there.signal = moved_by(in.signal, h, way);
      return there;
    };
    const auto x = direction(in.signal.size()), y = direction(in.target.size()), w = direction(in.signal.size());
    expect(dot(out.by_signal, x), difference([&](double h) { return sum_of_losses(bench, along(h, x)); }),
           "the loss by the signal");
    if (!out.product.empty())
      expect(dot(out.product, w), difference([&](double h) { return dot(bench.all(along(h, in.way)).by_signal, w); }),
             "the gradient by the signal");
    if (table.target == ENGRAM_TARGET_NOTHING || table.target == ENGRAM_TARGET_LABELS || out.by_target.empty())
      continue;
    expect(dot(out.by_target, y), difference([&](double h) {
             auto there = in;
             there.target = moved_by(in.target, h, y);
             return sum_of_losses(bench, there);
           }),
           "the loss by the target");
    if (out.product_by_target.empty()) continue;
    expect(dot(out.product_by_target, y),
           difference([&](double h) { return dot(bench.all(along(h, in.way)).by_target, y); }),
           "the gradient by the target");
  }
  if (told == 0) throw Failure{"the loss has no derivative: its differences do not converge"};
  return fmt::format("agrees with finite differences within {:.1g}{}", worst,
                     told < asked ? fmt::format("; {} of {} lay at kinks", asked - told, asked) : "");
}

std::string term_missing(const engram_objective &table) {
  if (table.masks == 0) return "its targets are never missing";
  auto in = usual_input<double>(table);
  for (std::size_t k = 0; k < in.target.size(); k += 3) in.target[k] = std::numeric_limits<double>::quiet_NaN();
  const auto out = TermBench<double>(table).all(in);
  for (const auto &[name, values] : out.all())
    for (const double x : *values)
      if (!std::isfinite(x)) throw Failure{fmt::format("{} is {} where entries of the target are missing", name, x)};
  for (std::size_t k = 0; k < out.by_target.size(); k += 3)
    if (out.by_target[k] != 0) throw Failure{"dL/d(target) is not 0 where the target is missing"};
  return "what is missing of a target is left out";
}

std::string term_precisions(const engram_objective &table) {
  const auto twice = usual_input<double>(table);
  const TermInput<float> in{
      twice.neurons,           twice.trials,         twice.target_rows, twice.parameters, in_single(twice.signal),
      in_single(twice.target), in_single(twice.way), twice.steps,       twice.from};
  const auto a = TermBench<double>(table).all(twice);
  const auto b = TermBench<float>(table).all(in);
  expect_same_precisions(a.all(), b.all());
  return "single and double precision agree";
}

std::string term_parameters(const engram_objective &table) {
  const auto usual = usual_input<double>(table);
  for (std::size_t p = 0; p < table.parameter_count; ++p) {
    const auto &parameter = table.parameters[p];
    for (const double value : ends_of(parameter)) {
      auto in = usual;
      in.parameters[p] = value;
      for (const double x : TermBench<double>(table).loss(in))
        if (!std::isfinite(x))
          throw Failure{
              fmt::format("with '{}' at {:g}, an end of its range, the loss is {}", parameter.name, value, x)};
    }
  }
  return "the ends of all ranges give finite losses";
}

std::string term_speed(const engram_objective &table) {
  constexpr std::size_t many = 200;
  const auto best = [](auto &&f) { return 1e9 * shortest(10, f) / many; }; // ns
  const std::size_t batch = table.across_trials != 0 || table.target == ENGRAM_TARGET_LABELS ? 2 : 1;
  const auto in = draw_term<double>(table, many, batch, 1, takes_positive_alone(table));
  const auto given = TermBench<double>::compared(in);
  std::vector<double> slope(in.signal.size());
  const double own = best([&] {
    TermBench<double>::call(table.callbacks[ENGRAM_DOUBLE].gradient, &given, static_cast<void *>(slope.data()),
                            static_cast<void *>(nullptr));
  });
  task::Objective mse;
  mse.entry = &task::objective_named("mse");
  const arma::mat x(many, 1, arma::fill::randu), y(many, 1, arma::fill::randu);
  arma::mat out(many, 1, arma::fill::zeros);
  const double theirs = best([&] { task::add_gradient(mse, x, y, 1.0, out); });
  const bool course = table.over == ENGRAM_OVER_COURSE;
  return fmt::format("the gradient takes {:.2g} ns per neuron{}, of {} neurons in {} trial{}{}; that of mse {:.2g} ns",
                     own / static_cast<double>(batch * (course ? in.steps : 1)), course ? " and step" : "", many, batch,
                     batch == 1 ? "" : "s", course ? fmt::format(" of {} steps", in.steps) : "", theirs);
}

} // namespace engram::conformance
