#include "dynamics/receptor_entry.hpp"
#include "dynamics/words.hpp"
#include "input/entries.hpp"
#include "network/network.hpp"
#include "numeric/parallel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

namespace engram::dynamics {

Poisson::Poisson(double mean) {
  if (!(mean > 0)) return;
  double sum = 0;
  for (int k = 0; sum < 1 - 0x1p-33; ++k) { // what is left no uniform number of 32 bits can tell
    const double p = std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0));
    if (k > mean && p < 1e-16) break;
    sum += p;
    cumulative_.push_back(static_cast<std::uint32_t>(std::min(sum * 0x1p32, 4294967295.0)));
  }
  std::uint32_t k = 0;
  for (std::uint32_t high = 0; high < guide_.size(); ++high) {
    while (k < cumulative_.size() && (high << 24) >= cumulative_[k]) ++k;
    guide_[high] = k;
  }
}

namespace {

constexpr double most_background = 1e4; // spikes in a step, whose probabilities stand in a table

} // namespace

model::Named receptor_words(std::string name, std::string help, std::vector<model::Parameter> own, bool holds) {
  own.push_back(events(at_least_zero("background_rate", "Hz", 0,
                                     "of spikes from outside the circuit (Poisson), independent for each neuron"),
                       most_background));
  own.push_back(number("background_weight", "", 0, "their weight"));
  if (holds) own.push_back(per_neuron(number("initial", "", 0, "current or conductance as a trial begins")));
  return {.name = std::move(name), .help = std::move(help), .reference = "", .parameters = std::move(own)};
}

model::Parameter receptor_tau() { return positive("tau", "ms", 5, "time constant"); }

model::Parameter receptor_reversal() { return number("reversal", "mV", 0, "potential at which no current flows"); }

template <class T> std::vector<Receptor<T>> receptors_of(const model::Region &region, std::uint64_t seed, double step) {
  std::vector<Receptor<T>> out;
  for (const auto &receptor : region.receptors) {
    Receptor<T> r;
    using Kind = typename Receptor<T>::Kind;
    const auto &entry = input::entry_named(receptor.kinetics.type, receptor_entries(), "receptor");
    r.kind = entry.kinetics;
    r.conductance = entry.words.conductance;
    if (r.conductance) r.reversal = static_cast<T>(receptor.kinetics.number("reversal"));
    if (r.kind != Kind::delta) {
      r.tau = receptor.kinetics.number("tau");
      r.decay = static_cast<T>(std::exp(-step / r.tau));
      const double z = step / r.tau;
      r.mean = static_cast<T>(-std::expm1(-z) / z);
      // (1 − (1 + z) e^{−z}) / z, by its series where z is small
      const double ramp = z < 1e-3 ? z * (0.5 - z / 3 + z * z / 8) : (1 - (1 + z) * std::exp(-z)) / z;
      r.mean_rise = static_cast<T>(std::numbers::e * ramp);
      r.rise = static_cast<T>(std::numbers::e * step / r.tau);
      r.initial = network::values_of<T>(receptor.kinetics.at("initial"), region.size, seed,
                                        numeric::name_key(region.name + "." + receptor.name + ".initial"));
      if (r.conductance) r.initial = arma::clamp(r.initial, T(0), arma::Datum<T>::inf);
    }
    const double mean = receptor.kinetics.number("background_rate") * step / 1000;
    r.background_weight = static_cast<T>(receptor.kinetics.number("background_weight"));
    if (mean > 0 && r.background_weight != T(0)) r.background = Poisson(mean);
    r.random = {seed, numeric::Purpose::spikes, numeric::name_key(region.name + "." + receptor.name)};
    out.push_back(std::move(r));
  }
  return out;
}

template <class T> void begin(std::vector<Receptor<T>> &receptors, std::size_t neurons, std::size_t trials) {
  using Kind = typename Receptor<T>::Kind;
  for (auto &r : receptors) {
    r.x.zeros(neurons, trials);
    if (r.kind == Kind::alpha) r.g.zeros(neurons, trials);
    if (r.kind == Kind::delta) continue;
    auto &g = r.kind == Kind::alpha ? r.g : r.x;
    for (std::size_t b = 0; b < trials; ++b) g.col(b) = r.initial;
  }
}

template <class T>
void add_background(Receptor<T> &r, const std::vector<std::uint64_t> &draws, std::uint64_t step, int threads,
                    network::Range own) {
  if (r.background.none()) return;
  constexpr std::size_t block = 4096;
  const std::size_t low = std::min<std::size_t>(own.first, r.x.n_rows),
                    high = std::min<std::size_t>(own.last, r.x.n_rows), blocks = (high - low + block - 1) / block;
  numeric::for_tiles(threads, blocks * r.x.n_cols, [&](std::size_t tile) {
    const std::size_t b = tile / blocks, first = low + tile % blocks * block, count = std::min(block, high - first);
    std::array<std::uint32_t, block> uniform; // NOLINT: filled below
    r.random.integers(uniform.data(), count, first, (draws[b] << 32) + step);
    T *x = r.x.colptr(b) + first;
    for (std::size_t i = 0; i < count; ++i) x[i] += r.background_weight * static_cast<T>(r.background(uniform[i]));
  });
}

#define INSTANTIATE(T)                                                                                                 \
  template std::vector<Receptor<T>> receptors_of(const model::Region &, std::uint64_t, double);                        \
  template void begin(std::vector<Receptor<T>> &, std::size_t, std::size_t);                                           \
  template void add_background(Receptor<T> &, const std::vector<std::uint64_t> &, std::uint64_t, int, network::Range);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace engram::dynamics
