// A SpikeExchange tells all ranks who spiked. It also brings them to one end: a stop that one was asked for, or a
// failure of one, reaches all at the same step.
#pragma once

#include "error/error.hpp"
#include "network/spike_history.hpp"
#include "network/split.hpp"
#include "ranks/ranks.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace engram::simulation {

/// Where the time of the spiking part went, in seconds.
struct SpikingTimes {
  double neurons = 0, delivery = 0, exchange = 0; ///< exchange: packing, waiting for other ranks, unpacking
  std::uint64_t exchanges = 0, sent = 0;          ///< sent: spikes of this rank's own neurons
};

class SpikeExchange {
public:
  /// `divided`: regions whose neurons are shared out. `reach`: steps within which no spike of this rank's synapses acts
  /// on another neuron; the least of all ranks counts. All ranks call it.
  SpikeExchange(ranks::Ranks &ranks, std::vector<std::size_t> divided, std::size_t reach, SpikingTimes &times);

  /// Steps from one exchange to the next.
  std::size_t interval() const { return interval_; }
  network::Split split() const {
    return {static_cast<std::size_t>(ranks_.rank()), static_cast<std::size_t>(ranks_.size())};
  }
  ranks::Ranks &ranks() { return ranks_; }
  void watch(const std::atomic<bool> *stop) { stop_ = stop; }

  /// A batch begins; all know who spikes at step 0.
  void begin() { told_ = 0; }
  /// The last step of which all spikes are known here.
  std::uint64_t told() const { return told_; }
  /// Were all asked to stop, at the last exchange?
  bool stops() const { return stops_; }

  /// Spikes of steps up to `step` have been made. At the end of an interval, and where `last` says that none will
  /// follow, all ranks learn of them. Errors: Failed where a rank has failed: the first that did, in its own words.
  void tell(network::SpikeHistory &history, std::uint64_t step, bool last);
  /// All ranks are here, or one has failed and all learn of it. Returns whether one was asked to stop.
  bool meet();
  /// This rank has failed. Unless it only heard of it, all learn of it. Throws.
  [[noreturn]] void fail(const Failed &failure);

private:
  enum Word : std::uint32_t { stop_word, failed_word, length_word, header_words };
  void begin_message(const Failed *failure);
  void exchange();

  ranks::Ranks &ranks_;
  SpikingTimes &times_;
  std::vector<std::size_t> divided_;
  std::size_t interval_ = 1;
  const std::atomic<bool> *stop_ = nullptr;
  std::uint64_t told_ = 0;
  bool stops_ = false, told_of_failure_ = false;
  std::vector<std::uint32_t> message_; // header, failure in words, counts by step, region and trial, neurons
  ranks::Gathered all_;
  std::vector<std::vector<std::uint32_t>> words_; // by rank: where its neurons go on
  std::vector<std::uint32_t> merged_;
};

} // namespace engram::simulation
