#include "simulation/spike_exchange.hpp"

#include "learning/rule_inputs.hpp"
#include "simulation/failure.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

namespace engram::simulation {
namespace {

// Longer ones would only delay a stop.
constexpr std::size_t longest_interval = 256;

std::size_t least_of_all(ranks::Ranks &ranks, std::size_t own) {
  const std::uint64_t value = own;
  ranks::Gathered all;
  ranks.all_gather(std::as_bytes(std::span(&value, 1)), all);
  std::uint64_t least = longest_interval;
  for (int r = 0; r < ranks.size(); ++r) {
    std::uint64_t other = 0;
    std::memcpy(&other, all.of(r).data(), sizeof other);
    least = std::min(least, other);
  }
  return static_cast<std::size_t>(std::max<std::uint64_t>(1, least));
}

} // namespace

SpikeExchange::SpikeExchange(ranks::Ranks &ranks, std::vector<std::size_t> divided, std::size_t reach,
                             SpikingTimes &times)
    : ranks_(ranks), times_(times), divided_(std::move(divided)), interval_(least_of_all(ranks, reach)) {}

void SpikeExchange::begin_message(const Failed *failure) {
  message_.assign(header_words, 0);
  message_[stop_word] = stop_ && stop_->load(std::memory_order_relaxed);
  if (failure == nullptr) return;
  const std::string what = failure->what();
  message_[failed_word] = dynamic_cast<const RunFailure *>(failure) ? 1 : 2;
  message_[length_word] = static_cast<std::uint32_t>(what.size());
  message_.resize(header_words + (what.size() + 3) / 4);
  std::memcpy(message_.data() + header_words, what.data(), what.size());
}

void SpikeExchange::exchange() {
  ranks_.all_gather(std::as_bytes(std::span(message_)), all_);
  ++times_.exchanges;
  stops_ = false;
  for (int r = 0; r < ranks_.size(); ++r) {
    std::uint32_t header[header_words];
    std::memcpy(header, all_.of(r).data(), sizeof header);
    stops_ = stops_ || header[stop_word] != 0;
    if (header[failed_word] == 0) continue;
    told_of_failure_ = true;
    const std::string what(reinterpret_cast<const char *>(all_.of(r).data()) + sizeof header, header[length_word]);
    if (header[failed_word] == 1) throw RunFailure(what);
    throw learning::RuleFailure(what);
  }
}

bool SpikeExchange::meet() {
  begin_message(nullptr);
  exchange();
  return stops_;
}

void SpikeExchange::fail(const Failed &failure) {
  if (told_of_failure_) throw;
  begin_message(&failure);
  exchange();
  throw Broken("a failure did not come back");
}

// A message is laid out as the words of its class say. Each rank's neurons ascend, and lie above those of lower ranks.
void SpikeExchange::tell(network::SpikeHistory &history, std::uint64_t step, bool last) {
  if (step <= told_ || (step % interval_ != 0 && !last)) return;
  const auto start = std::chrono::steady_clock::now();
  begin_message(nullptr);
  const auto each_list = [&](auto &&visit) {
    for (std::uint64_t k = told_ + 1; k <= step; ++k)
      for (const std::size_t region : divided_)
        for (auto &list : history.at(region, k)) visit(list);
  };
  each_list(
      [&](const std::vector<std::uint32_t> &list) { message_.push_back(static_cast<std::uint32_t>(list.size())); });
  const std::size_t lists = message_.size() - header_words;
  each_list([&](const std::vector<std::uint32_t> &list) { message_.insert(message_.end(), list.begin(), list.end()); });
  times_.sent += message_.size() - header_words - lists;
  exchange();
  const auto size = static_cast<std::size_t>(ranks_.size());
  words_.resize(size);
  for (std::size_t r = 0; r < size; ++r) {
    const auto bytes = all_.of(static_cast<int>(r));
    words_[r].resize(bytes.size() / sizeof(std::uint32_t));
    std::memcpy(words_[r].data(), bytes.data(), bytes.size());
  }
  std::vector<std::size_t> next(size, header_words + lists);
  std::size_t which = header_words;
  each_list([&](std::vector<std::uint32_t> &list) {
    merged_.clear();
    for (std::size_t r = 0; r < size; ++r) {
      const auto *from = words_[r].data() + next[r];
      merged_.insert(merged_.end(), from, from + words_[r][which]);
      next[r] += words_[r][which];
    }
    list.assign(merged_.begin(), merged_.end());
    ++which;
  });
  told_ = step;
  times_.exchange += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace engram::simulation
