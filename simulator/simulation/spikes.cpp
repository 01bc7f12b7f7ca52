#include "simulation/spikes.hpp"

#include "numeric/parallel.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

namespace engram::simulation {

namespace {
// With fewer neurons (times trials), threads would spend more on waiting for each other than they save.
constexpr std::size_t worth_threads = 16384;

// Adds the time that it lives, in seconds.
class Stopwatch {
public:
  explicit Stopwatch(double &seconds) : seconds_(seconds) {}
  ~Stopwatch() { seconds_ += std::chrono::duration<double>(Clock::now() - start_).count(); }
  Stopwatch(const Stopwatch &) = delete;
  Stopwatch &operator=(const Stopwatch &) = delete;

private:
  using Clock = std::chrono::steady_clock;
  double &seconds_;
  Clock::time_point start_ = Clock::now();
};
} // namespace

template <class T>
Spikes<T>::Spikes(const model::Model &model, network::Network<T> &network, const dynamics::CircuitDynamics<T> &circuit,
                  int threads, ranks::Ranks *ranks)
    : model_(model), network_(network), circuit_(circuit), threads_(threads), history_(network.regions.size()) {
  short_term_.resize(network.sparse.size());
  pending_.resize(network.sparse.size());
  for (std::size_t k = 0; k < network.sparse.size(); ++k) {
    const auto &p = network.sparse[k];
    const std::size_t delay = p.synapses.connectivity->longest();
    history_.want(p.source, delay);
    std::size_t dendritic = 0;
    for (const auto &lag : p.synapses.connectivity->lags) dendritic = std::max<std::size_t>(dendritic, lag.dendritic);
    if (p.synapses.plastic) {
      history_.want(p.target, dendritic);
      if (dendritic > 0) pending_[k].resize(dendritic + 1);
    }
    short_term_[k] =
        ShortTerm<T>(model.projections[p.index].short_term, network.regions[p.source].size, delay, model.time.step);
  }
  for (std::size_t r = 0; r < network.regions.size(); ++r) {
    const auto &region = model.regions[r];
    const auto &entry = *circuit.entries[r];
    if (!entry.words.spikes) continue;
    Active a;
    a.region = r;
    a.own = {0, region.size};
    a.neurons = entry.make_spiking.template of<T>()(model, region, network.regions[r]);
    history_.want(r, 0);
    for (std::size_t k = 0; k < network.sparse.size(); ++k)
      if (network.sparse[k].target == r) a.incoming.push_back(k);
    a.soma = std::any_of(circuit.order.begin(), circuit.order.end(), [&](const auto &node) {
      return node.region == r && node.compartment == network::Compartment::soma;
    });
    const double tau = region.dynamics.number("trace_tau");
    a.trace_decay = static_cast<T>(std::exp(-model.time.step / tau));
    a.per_trace_ms = static_cast<T>(1000 / tau);
    const auto &wanted = circuit.wanted[r];
    a.traced = wanted[static_cast<std::size_t>(network::Signal::trace)] ||
               wanted[static_cast<std::size_t>(network::Signal::rate)];
    active_.push_back(std::move(a));
  }
  if (ranks && ranks->size() > 1) share_out(*ranks);
}

// A spike of step s acts in step s + d at the earliest, with d the shortest delay. It is told by then, if all that was
// made since the last exchange is told every d + 1 steps.
template <class T> void Spikes<T>::share_out(ranks::Ranks &ranks) {
  const network::Split split{static_cast<std::size_t>(ranks.rank()), static_cast<std::size_t>(ranks.size())};
  std::vector<std::size_t> divided;
  std::size_t reach = std::numeric_limits<std::uint32_t>::max();
  for (auto &a : active_) {
    if (circuit_.entries[a.region]->among_ranks != dynamics::AmongRanks::divided) continue;
    a.own = split.own(network_.regions[a.region].size);
    divided.push_back(a.region);
    if (circuit_.wanted[a.region].any()) reach = 1; // what is read of a step is read with all its spikes
  }
  for (const auto &p : network_.sparse) {
    const auto &connectivity = *p.synapses.connectivity;
    if (std::find(divided.begin(), divided.end(), p.source) == divided.end()) continue;
    if (p.synapses.plastic) reach = 1; // rules see a spike in the step in which it is made
    for (const auto &lag : connectivity.lags)
      if (connectivity.size() > 0) reach = std::min<std::size_t>(reach, lag.total() + 1);
  }
  exchange_ = std::make_unique<SpikeExchange>(ranks, std::move(divided), reach, times_);
  for (const auto &a : active_) history_.want(a.region, exchange_->interval());
}

template <class T>
void Spikes<T>::begin(const std::vector<std::uint64_t> &draws, const std::vector<std::size_t> &rows) {
  const std::size_t trials = draws.size();
  draws_ = draws;
  rows_.assign(rows.begin(), rows.end());
  now_ = used_ = 0;
  if (exchange_) exchange_->begin();
  history_.begin(trials);
  for (std::size_t k = 0; k < pending_.size(); ++k)
    for (auto &matrix : pending_[k]) matrix.zeros(network_.regions[network_.sparse[k].target].size, trials);
  for (auto &s : short_term_)
    if (!s.none()) s.begin(trials);
  for (auto &a : active_) {
    a.neurons->begin(trials, history_.at(a.region, 0));
    if (a.traced) a.trace.zeros(network_.regions[a.region].size, trials);
  }
}

template <class T> void Spikes<T>::show_states(const Active &a, network::RegionSignals<T> &s) const {
  std::vector<dynamics::NamedState<T>> states;
  a.neurons->states(states);
  for (std::size_t k = 0; k < s.states.size(); ++k) {
    auto &state = s.states[k];
    if (state.is_empty()) continue;
    if (k < states.size() && states[k].values)
      std::copy_n(states[k].values, state.n_elem, state.memptr());
    else
      state.zeros();
  }
}

template <class T> void Spikes<T>::show(network::Signals<T> &signals) const {
  using network::Signal;
  for (const auto &a : active_) {
    auto &s = signals[a.region];
    const auto &wanted = circuit_.wanted[a.region];
    const auto &spikes = history_.at(a.region, now_);
    s.spikes = &spikes;
    a.neurons->show(s, wanted);
    if (!s.states.empty()) show_states(a, s);
    if (wanted[static_cast<std::size_t>(Signal::spike)]) {
      auto &spike = s[Signal::spike];
      spike.zeros();
      for (std::size_t b = 0; b < spikes.size(); ++b)
        for (const auto n : spikes[b]) spike(n, b) += T(1);
    }
    if (wanted[static_cast<std::size_t>(Signal::trace)])
      std::copy_n(a.trace.memptr(), a.trace.n_elem, s[Signal::trace].memptr());
    if (wanted[static_cast<std::size_t>(Signal::rate)]) s[Signal::rate] = a.per_trace_ms * a.trace;
  }
}

// Each target sums what reaches it in the order of lags and spikes, however the work is shared.
template <class T>
void Spikes<T>::deliver(const network::SparseProjection<T> &p, std::size_t lag, const network::SpikeLists &spikes,
                        const ShortTerm<T> *use, std::uint64_t emitted, network::Range own, numeric::Matrix<T> &out,
                        std::vector<Row> &rows) const {
  std::size_t total = 0;
  for (const auto &list : spikes) total += list.size();
  if (total == 0) return;
  const auto &connectivity = *p.synapses.connectivity;
  const T *weight = p.synapses.weights->data();
  const auto row = [&](std::size_t b, std::size_t k) {
    const T share = use ? use->released(emitted, b, k) : T(1);
    const bool same = p.synapses.same; // half the memory to pass through
    return Row{connectivity.offset.data() + spikes[b][k] * connectivity.lags.size() + lag, connectivity.target.data(),
               same ? nullptr : weight, same ? share * weight[0] : share, out.colptr(b)};
  };
  const double reached = static_cast<double>(total) * static_cast<double>(connectivity.size()) /
                         static_cast<double>(std::max<std::size_t>(1, connectivity.pres * connectivity.lags.size()));
  if (threads_ < 2 || reached < static_cast<double>(worth_threads)) {
    for (std::size_t b = 0; b < spikes.size(); ++b)
      for (std::size_t k = 0; k < spikes[b].size(); ++k) {
        rows.push_back(row(b, k));
        __builtin_prefetch(rows.back().offset);
      }
    return;
  }
  pass(rows);
  const auto parts = static_cast<std::size_t>(threads_); // of the targets
  numeric::for_tiles(threads_, parts, [&](std::size_t part) {
    const auto low = static_cast<std::uint32_t>(own.first + part * (own.last - own.first) / parts);
    const auto high = static_cast<std::uint32_t>(own.first + (part + 1) * (own.last - own.first) / parts);
    for (std::size_t b = 0; b < spikes.size(); ++b)
      for (std::size_t k = 0; k < spikes[b].size(); ++k) {
        const Row all = row(b, k);
        const auto *begin = all.target + all.offset[0], *end = all.target + all.offset[1];
        const auto *from = std::lower_bound(begin, end, low), *to = std::lower_bound(from, end, high);
        all.pass(static_cast<std::size_t>(from - all.target), static_cast<std::size_t>(to - all.target));
      }
  });
}

template <class T> void Spikes<T>::Row::pass(std::size_t first, std::size_t last) const {
  if (!weight)
    for (std::size_t s = first; s < last; ++s) to[target[s]] += share;
  else
    for (std::size_t s = first; s < last; ++s) to[target[s]] += share * weight[s];
}

// Rows lie anywhere in memory: those that come later are asked for while one passes.
template <class T> void Spikes<T>::pass(std::vector<Row> &rows) {
  constexpr std::size_t ahead = 12;
  const auto ask = [](const Row &row) {
    const std::size_t first = row.offset[0], last = row.offset[1];
    if (first == last) return;
    __builtin_prefetch(row.target + first);
    __builtin_prefetch(row.target + last - 1);
    if (!row.weight) return;
    __builtin_prefetch(row.weight + first);
    __builtin_prefetch(row.weight + last - 1);
  };
  for (std::size_t k = 0; k < std::min(ahead, rows.size()); ++k) ask(rows[k]);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (k + ahead < rows.size()) ask(rows[k + ahead]);
    rows[k].pass(rows[k].offset[0], rows[k].offset[1]);
  }
  rows.clear();
}

// A spike passes a synapse that learns with the weight of that moment. Its effect is due later, after the dendrite.
template <class T>
numeric::Matrix<T> &Spikes<T>::destination(Active &target, std::size_t projection, std::size_t lag,
                                           std::uint64_t step) {
  const auto &p = network_.sparse[projection];
  auto &ring = pending_[projection];
  const auto dendritic = p.synapses.connectivity->lags[lag].dendritic;
  if (ring.empty() || dendritic == 0) return target.neurons->arriving(p.receptor);
  return ring[(step + dendritic) % ring.size()];
}

template <class T> void Spikes<T>::arrive(Active &target, std::uint64_t step) {
  for (const std::size_t k : target.incoming) {
    const auto &p = network_.sparse[k];
    const auto &connectivity = *p.synapses.connectivity;
    const auto *use = short_term_[k].none() ? nullptr : &short_term_[k];
    for (std::size_t l = 0; l < connectivity.lags.size(); ++l) {
      const auto &lag = connectivity.lags[l];
      const std::uint64_t delay = pending_[k].empty() ? lag.total() : lag.axonal;
      if (delay > step) continue;
      deliver(p, l, history_.at(p.source, step - delay), use, step - delay, target.own, destination(target, k, l, step),
              target.rows);
    }
    if (pending_[k].empty()) continue;
    pass(target.rows);
    auto &due = pending_[k][step % pending_[k].size()];
    target.neurons->arriving(p.receptor) += due;
    due.zeros();
  }
  pass(target.rows);
}

// Synapses that spikes are expected to pass in a step, of all regions; by how many neurons spiked in it.
template <class T> double Spikes<T>::reached(std::uint64_t step) const {
  double sum = 0;
  for (const auto &a : active_)
    for (const std::size_t k : a.incoming) {
      const auto &connectivity = *network_.sparse[k].synapses.connectivity;
      double spikes = 0;
      for (const auto &list : history_.at(network_.sparse[k].source, step)) spikes += static_cast<double>(list.size());
      sum += spikes * static_cast<double>(connectivity.size()) /
             static_cast<double>(std::max<std::size_t>(1, connectivity.pres));
    }
  return sum;
}

template <class T> void Spikes<T>::arrive(std::uint64_t step) {
  const Stopwatch watch(times_.delivery);
  for (; used_ <= told(step); ++used_)
    for (std::size_t k = 0; k < short_term_.size(); ++k)
      if (!short_term_[k].none()) short_term_[k].use(history_.at(network_.sparse[k].source, used_), used_);
  // Regions share nothing of what is written here.
  const bool share = active_.size() > 1 && threads_ > 1 && reached(step) >= static_cast<double>(worth_threads);
  numeric::for_tiles(share ? threads_ : 1, active_.size(), [&](std::size_t k) { arrive(active_[k], step); });
}

template <class T>
void Spikes<T>::move(std::uint64_t step, const network::Signals<T> &signals, bool slopes, bool times, bool last) {
  for (auto &a : active_) {
    const Stopwatch watch(times_.neurons);
    const std::size_t neurons = network_.regions[a.region].size;
    dynamics::StepInput<T> in;
    in.soma = a.soma ? &signals[a.region].soma : nullptr;
    const auto &apical = signals[a.region][network::Signal::apical];
    in.apical = apical.is_empty() ? nullptr : &apical;
    in.step = step;
    in.draws = &draws_;
    in.rows = &rows_;
    in.gain = slopes || circuit_.wanted[a.region][static_cast<std::size_t>(network::Signal::gain)];
    in.tape = slopes;
    in.events = times;
    in.drive = circuit_.wanted[a.region][static_cast<std::size_t>(network::Signal::drive)];
    in.own = a.own;
    in.threads = neurons * draws_.size() < worth_threads ? 1 : threads_;
    auto &made = history_.at(a.region, step + 1);
    try {
      a.neurons->step(in, made);
    } catch (const dynamics::StepFailure &failure) {
      throw Stuck({a.region, failure.place % neurons, failure.place / neurons % draws_.size(), "", 0}, failure.what());
    }
  }
  if (exchange_) exchange_->tell(history_, step + 1, last);
  for (auto &a : active_) {
    if (!a.traced) continue;
    const auto &made = history_.at(a.region, step + 1);
    a.trace *= a.trace_decay;
    for (std::size_t b = 0; b < made.size(); ++b)
      for (const auto n : made[b]) a.trace(n, b) += T(1);
  }
  now_ = step + 1;
}

template <class T> void Spikes<T>::point(network::Signals<T> &signals, std::uint64_t step) const {
  for (const auto &a : active_) signals[a.region].spikes = &history_.at(a.region, step);
}

template <class T> bool Spikes<T>::gathers() const {
  return std::any_of(active_.begin(), active_.end(), [&](const Active &a) {
    return circuit_.entries[a.region]->among_ranks == dynamics::AmongRanks::divided && circuit_.wanted[a.region].any();
  });
}

template <class T> void Spikes<T>::gather(network::Signals<T> &signals) {
  const auto each_part = [&](const network::Split &split, auto &&visit) {
    for (const auto &a : active_) {
      if (circuit_.entries[a.region]->among_ranks != dynamics::AmongRanks::divided) continue;
      const auto own = split.own(network_.regions[a.region].size);
      const auto part = [&](numeric::Matrix<T> &matrix) {
        for (std::size_t b = 0; b < matrix.n_cols; ++b) visit(matrix.colptr(b) + own.first, own.last - own.first);
      };
      for (std::size_t k = 0; k < network::signal_count; ++k)
        if (circuit_.wanted[a.region][k]) part(signals[a.region].of[k]);
      for (auto &state : signals[a.region].states) part(state);
    }
  };
  exchange_->meet(); // a rank that has failed would not come to what follows
  auto &ranks = exchange_->ranks();
  std::vector<T> sent;
  each_part(exchange_->split(), [&](T *from, std::size_t count) { sent.insert(sent.end(), from, from + count); });
  ranks::Gathered all;
  ranks.gather(std::as_bytes(std::span(sent)), all);
  for (int r = 1; ranks.is_first() && r < ranks.size(); ++r) {
    const auto *from = all.of(r).data();
    each_part({static_cast<std::size_t>(r), static_cast<std::size_t>(ranks.size())}, [&](T *to, std::size_t count) {
      if (count > 0) std::memcpy(to, from, count * sizeof(T));
      from += count * sizeof(T);
    });
  }
}

template <class T> std::optional<NonFinite> Spikes<T>::nonfinite() {
  for (const auto &a : active_) {
    const auto found = [&](const T *values, std::string_view what) {
      return nonfinite_in(values, network_.regions[a.region].size, draws_.size(), a.region, what);
    };
    states_.clear();
    a.neurons->states(states_);
    for (const auto &state : states_) {
      if (!state.values) continue;
      auto nonfinite = found(state.values, "state");
      if (!nonfinite) continue;
      nonfinite->what += " '" + std::string(state.name) + "'";
      return nonfinite;
    }
    const auto &receptors = model_.regions[a.region].receptors;
    for (std::size_t k = 0; k < receptors.size(); ++k)
      for (const auto *values : a.neurons->receptor_states(k)) {
        if (!values) continue;
        auto nonfinite = found(values, "receptor");
        if (!nonfinite) continue;
        nonfinite->what += " '" + receptors[k].name + "'";
        return nonfinite;
      }
    if (a.traced)
      if (auto nonfinite = found(a.trace.memptr(), "trace")) return nonfinite;
  }
  return std::nullopt;
}

// Regions whose spikes follow from nothing that could learn (poisson, spike_source) are kept too: they show the same
// signals on the way back.
template <class T>
void Spikes<T>::keep(std::size_t step, std::size_t steps, const network::Signals<T> &signals, bool times,
                     std::vector<dynamics::SpikeTape<T>> &tapes) const {
  tapes.resize(active_.size());
  for (std::size_t k = 0; k < active_.size(); ++k) {
    const auto &a = active_[k];
    if (step == 0)
      tapes[k].begin(steps, {static_cast<T>(model_.time.step), a.trace_decay, a.per_trace_ms, times}, *a.neurons);
    tapes[k].keep(step, signals[a.region], *a.neurons);
  }
}

template class Spikes<float>;
template class Spikes<double>;

} // namespace engram::simulation
