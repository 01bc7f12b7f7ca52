#include "fidelity/rank_samples.hpp"

#include "fidelity/sampling.hpp"
#include "numeric/flush_denormals.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

namespace engram::fidelity {

namespace {

// Values one after another, as they lie in memory: ranks are processes of one build.
class Packer {
public:
  template <class V> void put(const V *values, std::size_t count) {
    const auto *bytes = reinterpret_cast<const std::byte *>(values);
    out.insert(out.end(), bytes, bytes + count * sizeof(V));
  }
  void put(std::size_t value) { put(&value, 1); }
  ranks::Bytes out;
};

class Unpacker {
public:
  explicit Unpacker(const ranks::Bytes &bytes) : bytes_(bytes) {}
  template <class V> void get(V *values, std::size_t count) {
    if (count > (bytes_.size() - at_) / sizeof(V)) throw std::logic_error("a rank has sent too little");
    if (count > 0) std::memcpy(values, bytes_.data() + at_, count * sizeof(V));
    at_ += count * sizeof(V);
  }
  std::size_t number() {
    std::size_t value = 0;
    get(&value, 1);
    return value;
  }

private:
  const ranks::Bytes &bytes_;
  std::size_t at_ = 0;
};

enum Told : std::size_t { goes_on = 0, is_asked_to_end = 1, has_failed = 2 };

template <class T> void put_sample(Packer &packer, const TakenSample<T> &taken) {
  const auto &sample = taken.sample;
  packer.put(sample.parts.size());
  for (const auto &part : sample.parts) {
    packer.put(part.n_rows);
    packer.put(part.n_cols);
    packer.put(part.memptr(), part.n_elem);
  }
  packer.put(sample.along.data(), sample.along.size());
  packer.put(sample.square.data(), sample.square.size());
  packer.put(&taken.own, 1);
}

template <class T> void get_sample(Unpacker &unpacker, TakenSample<T> &taken) {
  auto &sample = taken.sample;
  sample.parts.resize(unpacker.number());
  for (auto &part : sample.parts) {
    const std::size_t rows = unpacker.number(), columns = unpacker.number();
    part.set_size(rows, columns);
    unpacker.get(part.memptr(), part.n_elem);
  }
  sample.along.resize(sample.parts.size());
  sample.square.resize(sample.parts.size());
  unpacker.get(sample.along.data(), sample.along.size());
  unpacker.get(sample.square.data(), sample.square.size());
  unpacker.get(&taken.own, 1);
}

// Samples [first, last) of one rank, by its threads.
template <class T>
std::vector<TakenSample<T>> take_own(std::size_t first, std::size_t last, std::size_t workers,
                                     const std::function<TakenSample<T>(std::size_t, std::size_t)> &take) {
  std::vector<TakenSample<T>> out(last - first);
  std::vector<std::exception_ptr> failed(workers);
  const auto work = [&](std::size_t worker) {
    const numeric::FlushDenormals flush;
    try {
      for (std::size_t s = first + worker; s < last; s += workers) out[s - first] = take(worker, s);
    } catch (...) { // whatever it is, it is thrown again in the calling thread
      failed[worker] = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t k = 1; k < std::min(workers, last - first); ++k) threads.emplace_back(work, k);
  work(0);
  for (auto &thread : threads) thread.join();
  for (const auto &each : failed)
    if (each) std::rethrow_exception(each);
  return out;
}

} // namespace

template <class T>
void RankSamples<T>::take(const std::function<TakenSample<T>(std::size_t, std::size_t)> &take,
                          const std::function<bool(const TakenSample<T> &)> &add,
                          const std::function<bool()> &asked_to_end) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t most_bytes = std::size_t{64} << 20; // of a rank's samples of one round
  const auto size = static_cast<std::size_t>(ranks_.size()), own_rank = static_cast<std::size_t>(ranks_.rank());
  bool end_asked = false, enough = false;
  // How many samples each rank takes before they are exchanged: rank 0 says. The result does not hang on it.
  std::size_t each = 1;
  std::size_t done = 0;
  while (done < samples_) {
    const auto began = Clock::now();
    const std::size_t first = std::min(samples_, done + own_rank * each), last = std::min(samples_, first + each);
    Packer own;
    std::exception_ptr failure;
    try {
      const auto taken = take_own<T>(first, last, workers_, take);
      own.put(end_asked ? is_asked_to_end : goes_on);
      own.put(taken.size());
      for (const auto &one : taken) put_sample(own, one);
    } catch (const Interrupted &) {
      own.out.clear();
      own.put(is_asked_to_end);
    } catch (const Error &error) {
      failure = std::current_exception();
      const std::string words = error.what();
      own.out.clear();
      own.put(has_failed);
      own.put(words.size());
      own.put(words.data(), words.size());
    }
    for (std::size_t from = 0; from < size && !enough; ++from) {
      ranks::Bytes received;
      ranks::Bytes &bytes = from == own_rank ? own.out : received;
      ranks_.broadcast(bytes, static_cast<int>(from));
      Unpacker told(bytes);
      const auto what = told.number();
      if (what == is_asked_to_end) throw Interrupted();
      const auto count = told.number();
      if (what == has_failed) {
        if (failure) std::rethrow_exception(failure);
        std::string words(count, ' ');
        told.get(words.data(), count);
        throw Failed(words);
      }
      TakenSample<T> taken;
      for (std::size_t k = 0; k < count && !enough; ++k) {
        get_sample(told, taken);
        enough = add(taken);
        if (!enough && asked_to_end()) end_asked = true;
      }
    }
    if (enough) return;
    done += each * size;
    // Rounds of a tenth of a second.
    Packer next;
    const std::chrono::duration<double> took = Clock::now() - began;
    const std::size_t fits = std::max<std::size_t>(1, most_bytes * each / std::max<std::size_t>(1, own.out.size()));
    next.put(std::min({fits, took.count() < 0.1 ? 2 * each : each, std::size_t{1} << 16}));
    ranks_.broadcast(next.out, 0);
    each = Unpacker(next.out).number();
  }
  if (!all_go_on(&ranks_, !end_asked)) throw Interrupted();
}

bool all_go_on(ranks::Ranks *ranks, bool this_one) {
  if (!ranks) return this_one;
  const auto told = static_cast<std::byte>(this_one ? 1 : 0);
  ranks::Gathered all;
  ranks->all_gather({&told, 1}, all);
  return std::all_of(all.bytes.begin(), all.bytes.end(), [](std::byte one) { return one == std::byte{1}; });
}

void take_from_first(ranks::Ranks *ranks, std::vector<arma::vec> &parts) {
  if (!ranks) return;
  for (auto &part : parts) {
    Packer packer;
    packer.put(part.memptr(), part.n_elem);
    ranks->broadcast(packer.out, 0);
    Unpacker(packer.out).get(part.memptr(), part.n_elem);
  }
}

template class RankSamples<float>;
template class RankSamples<double>;

} // namespace engram::fidelity
