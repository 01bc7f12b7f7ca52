#include "fidelity/sampling.hpp"

#include "fidelity/rank_samples.hpp"
#include "numeric/flush_denormals.hpp"
#include "numeric/random.hpp"
#include "simulation/training.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>

namespace engram::fidelity {

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// How many samples there are when the estimates are next looked at: the looks do not come to cost more than the
// samples.
constexpr std::size_t first_look = 64;
std::size_t next_look(std::size_t samples) { return samples + std::max(first_look, samples / 16); }

// Rules that move weights at each step are summed over the trial instead: a sample leaves the weights as they are.
model::Model for_measuring(const model::Model &model) {
  auto measured = model;
  for (auto &rule : measured.rules) rule.apply = model::Rule::Apply::trial;
  return measured;
}

// One simulator with weights of its own.
template <class T> struct Bench {
  Bench(const Subject<T> &subject, const Snapshot<T> &at)
      : model(for_measuring(*subject.model)), network(at.network),
        simulator(model, network, *subject.trials, subject.rules,
                  std::vector<dynamics::SignalSet>(model.regions.size()), 1, *subject.dynamics, *subject.task) {
    simulator.watch({subject.stop, {}});
    if (at.has_memory) simulator.recall(at.memory);
  }
  model::Model model;
  network::Network<T> network;
  simulation::Simulator<T> simulator;

  UpdateSample<T> take(const std::vector<std::size_t> &rows, std::size_t epoch, const std::vector<Pair> &pairs) {
    if (simulator.measure({rows, epoch, true}).interrupted) throw Interrupted();
    UpdateSample<T> sample;
    for (const auto &pair : pairs) sample.parts.push_back(simulator.change(pair.subject));
    simulator.discard();
    return sample;
  }
};

std::vector<std::size_t> drawn_rows(const Sampling &sampling, std::uint64_t seed, std::size_t sample) {
  if (sampling.minibatch == 0) return sampling.rows;
  // Without replacement within a minibatch, as in learning.
  const numeric::Random random{seed, numeric::Purpose::shuffle, numeric::name_key("fidelity.minibatch")};
  auto order = numeric::permutation(random, sampling.rows.size(), (sampling.stream << 32) + sample);
  order.resize(sampling.minibatch);
  std::vector<std::size_t> rows;
  rows.reserve(order.size());
  for (const std::size_t k : order) rows.push_back(sampling.rows[k]);
  return rows;
}

// Lets threads into a section one after another, by number, until one of them ends it.
class Turns {
public:
  // Waits for the turn of `number`; false when it has ended before.
  bool wait(std::size_t number, std::unique_lock<std::mutex> &lock) {
    lock = std::unique_lock(mutex_);
    changed_.wait(lock, [&] { return next_ == number || ended_; });
    return !ended_;
  }
  void pass(std::unique_lock<std::mutex> &lock) {
    ++next_;
    lock.unlock();
    changed_.notify_all();
  }
  void end(std::unique_lock<std::mutex> &lock) {
    ended_ = true;
    lock.unlock();
    changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0;
  bool ended_ = false;
};

} // namespace

template <class T>
void learn(const Subject<T> &subject, const std::vector<double> &fractions, int threads,
           const std::function<bool(double)> &go_on, std::vector<Snapshot<T>> &snapshots) {
  auto model = *subject.model;
  model.task.evaluate = model::Task::Evaluate::never;
  auto network = subject.network;
  simulation::Simulator<T> simulator(model, network, *subject.trials, subject.rules,
                                     std::vector<dynamics::SignalSet>(model.regions.size()), threads, *subject.dynamics,
                                     *subject.task);
  simulator.watch({subject.stop, {}});
  const std::size_t size = std::max<std::size_t>(1, model.task.batch);
  const std::size_t updates = model.task.epochs * ((subject.trials->training.size() + size - 1) / size);
  std::size_t done = 0;
  // Returns whether there are more to come.
  const auto keep = [&] {
    while (snapshots.size() < fractions.size() &&
           static_cast<double>(done) >= std::round(fractions[snapshots.size()] * static_cast<double>(updates)))
      snapshots.push_back({network, simulator.remember(), done > 0});
    return snapshots.size() < fractions.size();
  };
  if (!keep()) return;
  bool stopped = false;
  simulation::Hooks<T> hooks;
  hooks.progress = [&](const simulation::Progress &) {
    ++done;
    if (go_on && !go_on(static_cast<double>(done) / static_cast<double>(updates))) stopped = true;
    return keep() && !stopped;
  };
  simulation::run<T>(model, *subject.trials, simulator, hooks);
  if (stopped || (subject.stop && *subject.stop)) throw Interrupted();
}

template <class T>
std::vector<arma::vec> gradient(const Subject<T> &reference, const network::Network<T> &weights,
                                const std::vector<Pair> &pairs, const std::vector<std::size_t> &rows, int threads) {
  auto network = weights;
  simulation::Simulator<T> simulator(*reference.model, network, *reference.trials, reference.rules,
                                     std::vector<dynamics::SignalSet>(reference.model->regions.size()), threads,
                                     *reference.dynamics, *reference.task);
  simulator.watch({reference.stop, {}});
  if (simulator.measure({rows, 0, true}).interrupted) throw Interrupted();
  std::vector<arma::vec> parts;
  for (const auto &pair : pairs)
    parts.push_back(arma::conv_to<arma::vec>::from(arma::vectorise(simulator.change(pair.reference))));
  return parts;
}

MinibatchVariance minibatch_variance(const Sampled &sampled, std::size_t size) {
  const auto fidelity = sampled.moments.whole();
  const double by = fidelity.scale.value * fidelity.scale.value / sampled.moments.reference_square();
  MinibatchVariance out{size, fidelity.variance, {0, {0, 0}}, 0};
  if (!sampled.own.empty()) {
    const arma::vec own(sampled.own);
    const double half = 1.96 * arma::stddev(own) / std::sqrt(static_cast<double>(own.n_elem));
    out.own = {by * arma::mean(own), {by * std::max(0.0, arma::mean(own) - half), by * (arma::mean(own) + half)}};
  }
  out.choice = std::max(0.0, out.variance.value - out.own.value);
  return out;
}

bool is_precise(const Fidelity &fidelity, double precision) {
  const auto within = [](const Estimate &e, double half) {
    return (e.ci.high - e.ci.low) / 2 <= half;
  }; // false for NaN
  return within(fidelity.bias, precision) && within(fidelity.cosine, precision) &&
         within(fidelity.variance, precision * std::max(1.0, fidelity.variance.value));
}

template <class T>
Sampled sample(const Subject<T> &subject, const Snapshot<T> &at, const std::vector<Pair> &pairs,
               const std::vector<arma::vec> &reference, const Sampling &sampling) {
  Sampled out{UpdateMoments(reference), {}, 0};
  const auto seed = subject.model->seed;
  // Epochs far from those of any run, whose random numbers are not these.
  const std::size_t first_epoch = (std::size_t(1) << 33) + (sampling.stream << 29);

  Snapshot<T> start = at;
  if (!at.has_memory) {
    Bench<T> bench(subject, at);
    for (std::size_t k = 0; k < warm_up; ++k)
      bench.take(drawn_rows(sampling, seed, sampling.samples + k), first_epoch + 2 * sampling.samples + k, pairs);
    start.memory = bench.simulator.remember();
    start.has_memory = true;
  }

  const int workers = static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(std::max(1, sampling.threads)),
                                                             std::max<std::size_t>(1, sampling.samples)));
  // The shortest times: others ran while something else did.
  constexpr double never = std::numeric_limits<double>::infinity();
  std::vector<double> seconds(static_cast<std::size_t>(workers), never), forward(seconds.size(), never);
  const auto take = [&](std::optional<Bench<T>> &bench, std::size_t worker, std::size_t s) {
    TakenSample<T> taken;
    const bool first = !bench;
    if (first) bench.emplace(subject, start);
    const auto rows = drawn_rows(sampling, seed, s);
    const auto began = Clock::now();
    bench->simulator.recall(start.memory);
    taken.sample = bench->take(rows, first_epoch + 2 * s, pairs);
    out.moments.project(taken.sample);
    seconds[worker] = std::min(seconds[worker], since(began));
    if (sampling.twice) {
      bench->simulator.recall(start.memory);
      const auto again = bench->take(rows, first_epoch + 2 * s + 1, pairs);
      for (std::size_t p = 0; p < pairs.size(); ++p) {
        const arma::mat apart =
            arma::conv_to<arma::mat>::from(taken.sample.parts[p]) - arma::conv_to<arma::mat>::from(again.parts[p]);
        taken.own += arma::accu(arma::square(apart)) / 2;
      }
    }
    for (int k = 0; first && k < 8; ++k) { // what a forward pass takes
      const auto pass = Clock::now();
      bench->simulator.run({rows, 0, false});
      forward[worker] = std::min(forward[worker], since(pass));
    }
    return taken;
  };
  // In the order of the samples. Returns whether there are enough.
  std::size_t look = first_look;
  const auto add = [&](const TakenSample<T> &taken) {
    out.moments.add(taken.sample);
    if (sampling.twice) out.own.push_back(taken.own);
    const std::size_t count = out.moments.samples();
    bool enough = count == enough_to_be_deterministic && out.moments.deterministic();
    if (sampling.precision > 0 && count == look) {
      enough = enough || is_precise(out.moments.whole(), sampling.precision);
      look = next_look(count);
    }
    return enough;
  };
  const auto asked_to_end = [&] { return sampling.go_on && !sampling.go_on(out.moments); };

  std::vector<std::optional<Bench<T>>> benches(static_cast<std::size_t>(workers));
  if (sampling.ranks && sampling.ranks->size() > 1) {
    RankSamples<T> shared(*sampling.ranks, sampling.samples, workers);
    shared.take([&](std::size_t worker, std::size_t s) { return take(benches[worker], worker, s); }, add, asked_to_end);
  } else {
    Turns turns;
    std::exception_ptr failure;
    const auto work = [&](std::size_t worker) {
      const numeric::FlushDenormals flush;
      for (std::size_t s = worker; s < sampling.samples; s += static_cast<std::size_t>(workers)) {
        TakenSample<T> taken;
        std::exception_ptr failed;
        try {
          taken = take(benches[worker], worker, s);
        } catch (...) { // whatever it is, it is thrown again in the calling thread
          failed = std::current_exception();
        }
        std::unique_lock<std::mutex> lock;
        if (!turns.wait(s, lock)) return;
        bool end = static_cast<bool>(failed);
        if (failed) {
          failure = failed;
        } else {
          end = add(taken);
          if (!end && asked_to_end()) {
            failure = std::make_exception_ptr(Interrupted());
            end = true;
          }
        }
        if (end) {
          turns.end(lock);
          return;
        }
        turns.pass(lock);
      }
    };
    std::vector<std::thread> threads;
    for (int k = 1; k < workers; ++k) threads.emplace_back(work, static_cast<std::size_t>(k));
    work(0);
    for (auto &thread : threads) thread.join();
    if (failure) std::rethrow_exception(failure);
  }
  out.forward_passes =
      *std::min_element(seconds.begin(), seconds.end()) / *std::min_element(forward.begin(), forward.end());
  return out;
}

template void learn(const Subject<float> &, const std::vector<double> &, int, const std::function<bool(double)> &,
                    std::vector<Snapshot<float>> &);
template std::vector<arma::vec> gradient(const Subject<float> &, const network::Network<float> &,
                                         const std::vector<Pair> &, const std::vector<std::size_t> &, int);
template Sampled sample(const Subject<float> &, const Snapshot<float> &, const std::vector<Pair> &,
                        const std::vector<arma::vec> &, const Sampling &);
template void learn(const Subject<double> &, const std::vector<double> &, int, const std::function<bool(double)> &,
                    std::vector<Snapshot<double>> &);
template std::vector<arma::vec> gradient(const Subject<double> &, const network::Network<double> &,
                                         const std::vector<Pair> &, const std::vector<std::size_t> &, int);
template Sampled sample(const Subject<double> &, const Snapshot<double> &, const std::vector<Pair> &,
                        const std::vector<arma::vec> &, const Sampling &);

} // namespace engram::fidelity
